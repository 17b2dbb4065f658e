// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IAttackRegister} from "../../contracts/interfaces/IAttackRegister.sol";
import {ILossPanel} from "../../contracts/interfaces/ILossPanel.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {bound, vm} from "../support/Vm.sol";
import {MemberActs} from "./MemberActs.t.sol";

/// @title The life of attacks, and time
abstract contract AttackActs is MemberActs {
    uint256 internal _evidence;

    /// @notice A member accuses a coercer, if it may.
    function fileAttack(uint256 seed, uint48 ago, uint24 share) external act {
        for (uint256 i = 0; i < _codes.length; ++i) {
            bytes3 code = _codes[((seed % _codes.length) + i) % _codes.length];
            bytes3 coercer = _coercers[(seed >> 8) % 2];
            if (registry.statusOf(code) != IMemberRegistry.Status.Active || !ledger.inGoodStanding(code)) continue;
            if (register.openAttack(code, coercer) != 0) continue;
            uint256 startedAt = _now() - bound(ago, 0, 40 days);
            if (startedAt < ledger.coverFrom(code) || startedAt <= ledger.account(code).clearedAt) continue;
            _tryFile(code, coercer, startedAt, bound(share, 0, 1_000_000));
            return;
        }
    }

    function revokeAttack(uint256 seed) external act {
        uint256 attackId = _attackIn(seed, IAttackRegister.Status.Voting);
        if (attackId == 0 || seed % 4 != 0) return;
        vm.prank(registry.member(register.attack(attackId).member).delegate);
        register.revoke(attackId);
        _did("revoke an attack");
    }

    /// @notice One assessor, or all who may, report about the same loss.
    function report(uint256 seed, uint128 loss) external act {
        if (!_registerWorks()) return;
        (uint256 attackId, uint256 round) = _openRound(seed);
        if (attackId == 0) return;
        uint256 about = seed % 4 == 0 ? 0 : bound(loss, 0, register.attack(attackId).cover.baseline);
        ILossPanel.Assessor[] memory assessors = panel.assessorsAt(register.round(attackId, round).endsAt);
        for (uint256 i = 0; i < assessors.length; ++i) {
            ILossPanel.Assessor memory assessor = assessors[((seed % assessors.length) + i) % assessors.length];
            if (!register.round(attackId, round).open) return;
            if (_reportOnce(attackId, round, assessor, about + ((seed >> (16 + i)) % 1000)) && (seed >> 8) % 3 == 0)
                return;
        }
    }

    function settleRound(uint256 seed) external act {
        uint256 count = register.attackCount();
        if (!_registerWorks()) return;
        for (uint256 i = 0; i < count; ++i) {
            uint256 attackId = (((seed % count) + i) % count) + 1;
            if (register.statusOf(attackId) != IAttackRegister.Status.Recognised) continue;
            uint256 last = register.lastRound(attackId);
            for (uint256 round = register.attack(attackId).lastSettled + 1; round <= last; ++round) {
                (bool ready, , , ) = panel.verdict(attackId, round);
                if (!ready) continue;
                vm.prank(stranger);
                panel.settle(attackId, round);
                return _did("settle a round");
            }
        }
    }

    function reviseLoss(uint256 seed, uint128 loss) external act {
        uint256 attackId = _attackIn(seed, IAttackRegister.Status.Recognised);
        if (attackId == 0 || !_registerWorks() || seed % 2 == 0) return;
        IAttackRegister.Attack memory a = register.attack(attackId);
        if (register.lastRound(attackId) == 0 || _now() < uint256(a.startedAt) + 30 days) return;
        vm.prank(timelock);
        register.reviseLoss(attackId, uint128(bound(loss, 0, a.cover.baseline)));
        _did("revise a loss");
    }

    function endAttack(uint256 seed) external act {
        uint256 attackId = _attackIn(seed, IAttackRegister.Status.Recognised);
        if (attackId == 0) return;
        IAttackRegister.Attack memory a = register.attack(attackId);
        if (a.endedAt != 0 || _now() > uint256(a.startedAt) + 360 days || _isBarred(a)) return;
        vm.prank(seed % 2 == 0 ? timelock : registry.member(a.member).treasury);
        register.end(attackId);
        _did("end an attack");
    }

    /// @notice Closes the first case that can be, by somebody who may.
    function closeAttack(uint256 seed) external act {
        uint256 count = register.attackCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 attackId = (((seed % count) + i) % count) + 1;
            IAttackRegister.Attack memory a = register.attack(attackId);
            IAttackRegister.Status status = register.statusOf(attackId);
            bool failed = status == IAttackRegister.Status.Rejected || status == IAttackRegister.Status.Fallen;
            if (failed && a.decision == IAttackRegister.Decision.Open) {
                register.close(attackId);
                return _did("drop a case");
            }
            if (status != IAttackRegister.Status.Recognised || !_registerWorks()) continue;
            uint256 last = register.lastRound(attackId);
            bool byAnyone = _isBarred(a) || _now() >= uint256(a.startedAt) + last * 30 days + 40 days;
            if (!byAnyone && a.lastSettled != last) continue;
            vm.prank(byAnyone ? stranger : registry.member(a.member).delegate);
            register.close(attackId);
            return _did("close a case");
        }
    }

    function issueCall() external act {
        if (ledger.issueCall() > 0) _did("issue a call");
    }

    /// @notice Time passes: seconds, days, or until a round is over.
    function wait_(uint256 seed, uint48 time) external act {
        uint256 mode = seed % 6;
        uint256 until =
            _now() +
                bound(
                    time,
                    1,
                    mode < 2
                        ? 1 hours
                        : mode < 4
                            ? 4 days
                            : 45 days
                );
        if (mode == 4) {
            uint256 attackId = _attackIn(seed >> 8, IAttackRegister.Status.Recognised);
            if (attackId != 0) {
                uint256 startedAt = register.attack(attackId).startedAt;
                until = startedAt + ((_now() - startedAt) / 30 days + 1) * 30 days;
            }
        }
        vm.warp(until);
        _did("wait");
    }

    function _tryFile(bytes3 code, bytes3 coercer, uint256 startedAt, uint256 share) internal {
        _read();
        vm.prank(registry.member(code).delegate);
        try
            register.file(
                code,
                coercer,
                IAttackRegister.Measure.ImportBan,
                uint48(startedAt),
                bytes32(++_evidence),
                "ipfs://evidence",
                "incident",
                uint24(share)
            )
        returns (uint256 attackId) {
            _did(register.attack(attackId).succession > 0 ? "file a successor" : "file an attack");
        } catch (bytes memory reason) {
            _forget();
            // Whether a case may follow another depends on much; only that may stand in the way here.
            bytes4 why = bytes4(reason);
            require(
                why == IAttackRegister.AttackTooSoon.selector ||
                    why == IAttackRegister.AttackBeforePredecessorEnded.selector ||
                    why == IAttackRegister.AttackTooManySuccessors.selector,
                "could not file"
            );
            _did("file too soon");
        }
    }

    function _reportOnce(
        uint256 attackId,
        uint256 round,
        ILossPanel.Assessor memory assessor,
        uint256 loss
    ) private returns (bool) {
        (bool reported, ) = panel.reportOf(attackId, round, assessor.account);
        if (reported || _isConflicted(attackId, assessor)) return false;
        vm.prank(assessor.account);
        panel.report(attackId, round, uint120(loss), "report");
        _did("report");
        if (_isStopped()) _did("report while stopped");
        return true;
    }

    function _openRound(uint256 seed) private view returns (uint256, uint256) {
        uint256 count = register.attackCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 attackId = (((seed % count) + i) % count) + 1;
            uint256 startedAt = register.attack(attackId).startedAt;
            uint256 round = (_now() - startedAt) / 30 days;
            if (round == 0) continue;
            IAttackRegister.Round memory r = register.round(attackId, round);
            if (r.open && _now() <= r.windowEnd) return (attackId, round);
        }
        return (0, 0);
    }

    function _isConflicted(uint256 attackId, ILossPanel.Assessor memory assessor) internal view returns (bool) {
        return register.openAttack(assessor.member, register.attack(attackId).coercer) != 0;
    }

    function _isBarred(IAttackRegister.Attack memory a) private view returns (bool) {
        uint256 barredAt = registry.member(a.member).barredAt;
        return barredAt != 0 && barredAt >= a.filedAt;
    }
}
