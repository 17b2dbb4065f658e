// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAttackRegister} from "../../contracts/interfaces/IAttackRegister.sol";
import {ILossPanel} from "../../contracts/interfaces/ILossPanel.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {bound, vm} from "../support/Vm.sol";
import {MemberActs} from "./MemberActs.t.sol";

/// @title The life of attacks, and time
abstract contract AttackActs is MemberActs {
    uint256 internal _evidence;

    /// @notice A member accuses a coercer, if it may.
    function fileAttack(uint256 seed, uint256 ago, uint256 share) external act {
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
        if (attackId == 0 || seed % 2 != 0) return;
        vm.prank(registry.member(register.attack(attackId).member).delegate);
        register.revoke(attackId);
        _did("revoke an attack");
    }

    /// @notice One assessor, or all who may, report about the same loss.
    function report(uint256 seed, uint256 loss) external act {
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

    /// @notice Settles a round of which not all have reported, but enough, in time.
    function settleRound(uint256 seed) external act {
        if (!_registerWorks()) return;
        (uint256 attackId, uint256 round) = _readyRound(seed);
        if (attackId == 0) {
            (attackId, round) = _openRound(seed);
            if (attackId == 0) {
                _awaitRound(seed);
                (attackId, round) = _openRound(seed);
            }
            if (attackId == 0 || !_reportByEnough(attackId, round, seed)) return;
        }
        vm.prank(stranger);
        panel.settle(attackId, round);
        _did("settle a round");
    }

    function reviseLoss(uint256 seed, uint256 loss) external act {
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
        if (a.endedAt != 0 || _now() >= uint256(a.startedAt) + 360 days || _isBarred(a)) return;
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

    /// @notice What members leave unpaid is asked of all again when the call for it is due.
    function issueCall(uint256 seed) external act {
        if (fund.owed() == 0) return;
        bool issued = ledger.issueCall() > 0;
        if (!issued && seed % 2 == 0) {
            vm.warp(_now() + 31 days);
            issued = ledger.issueCall() > 0;
        }
        if (issued) _did("issue a call");
    }

    /// @notice Time passes: seconds, days, or until a round is over.
    function wait_(uint256 seed, uint256 time) external act {
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
        if (mode != 4 || !_awaitRound(seed >> 8)) vm.warp(until);
        _did("wait");
    }

    /// @dev Everybody pays and reports while time passes.
    function _liveUntil(uint256 until) internal {
        while (_now() < until) {
            vm.warp(Math.min(until, _now() + 60 days));
            for (uint256 i = 0; i < _codes.length; ++i) {
                if (!registry.isMember(_codes[i])) continue;
                _fileReport(_codes[i]);
                if (!token.paused()) _payAsked(_codes[i]);
            }
            _writeDown();
        }
    }

    function _payAsked(bytes3 code) internal {
        uint256 asked = ledger.askedOf(code);
        uint256 paid = ledger.account(code).paid;
        if (asked <= paid) return;
        vm.prank(donor);
        ledger.contribute(code, uint128(asked - paid));
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
            _tried("file too soon");
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

    /// @dev Until a round of an attack is over, if there is an attack.
    function _awaitRound(uint256 seed) private returns (bool) {
        uint256 attackId = _attackIn(seed, IAttackRegister.Status.Recognised);
        if (attackId == 0) return false;
        uint256 startedAt = register.attack(attackId).startedAt;
        vm.warp(startedAt + ((_now() - startedAt) / 30 days + 1) * 30 days);
        return true;
    }

    /// @dev Whether enough reported, though not all, until the time for it was over.
    function _reportByEnough(uint256 attackId, uint256 round, uint256 seed) private returns (bool ready) {
        IAttackRegister.Round memory r = register.round(attackId, round);
        ILossPanel.Assessor[] memory assessors = panel.assessorsAt(r.endsAt);
        (, , uint256 reports, uint256 eligible) = panel.verdict(attackId, round);
        uint256 enough = Math.max(3, Math.ceilDiv(eligible, 2));
        if (enough >= eligible) return false;
        uint256 loss = bound(seed >> 8, 0, register.attack(attackId).cover.baseline);
        for (uint256 i = 0; i < assessors.length && reports < enough; ++i) {
            if (_reportOnce(attackId, round, assessors[i], loss + i)) ++reports;
        }
        vm.warp(r.windowEnd + 1);
        (ready, , , ) = panel.verdict(attackId, round);
    }

    function _readyRound(uint256 seed) private view returns (uint256, uint256) {
        uint256 count = register.attackCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 attackId = (((seed % count) + i) % count) + 1;
            if (register.statusOf(attackId) != IAttackRegister.Status.Recognised) continue;
            uint256 last = register.lastRound(attackId);
            for (uint256 round = register.attack(attackId).lastSettled + 1; round <= last; ++round) {
                (bool ready, , , ) = panel.verdict(attackId, round);
                if (ready) return (attackId, round);
            }
        }
        return (0, 0);
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

    function _isBarred(IAttackRegister.Attack memory a) internal view returns (bool) {
        uint256 barredAt = registry.member(a.member).barredAt;
        return barredAt != 0 && barredAt >= a.filedAt;
    }
}
