// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {vm} from "../support/Vm.sol";
import {ClosedActs} from "./ClosedActs.t.sol";

/// @title Where the campaigns begin
abstract contract Beginnings is ClosedActs {
    /// @notice Everybody pays for the periods from `first` to `last`; the last founding State never if `defaulter`.
    function live(uint256 first, uint256 last, bool defaulter) public longAct {
        for (uint256 p = first; p <= last; ++p) {
            vm.warp(uint256(registry.genesis()) + p * 90 days);
            for (uint256 i = 0; i < FOUNDERS; ++i) {
                if (p % 4 == 3) _fileReport(_codes[i]);
                if (defaulter && i == STATES - 1) continue;
                _payAsked(_codes[i]);
            }
            _writeDown();
        }
    }

    /// @notice An old alliance in need: five attacks, more awarded than there is, a notice that has run, a State that
    /// has never paid, a blocked treasury, a case that is ended, a campaign that is nearly over.
    function prepareNeed() external {
        live(0, 5, true);
        vm.warp(_now() + 15 days);
        vm.prank(registry.member(_codes[0]).treasury);
        registry.giveNotice(_codes[0]);
        live(6, 8, true);
        vm.warp(_now() + 31 days);
        _attack(1, 0, 0);
        _attack(2, 0, 300_000);
        _attack(9, 0, 500_000);
        _attack(3, 1, 100_000);
        openCampaign(1, 2 * uint128(MILLION));
        _writeDown();
        vm.warp(_now() + 90 days);
        _reportAll(1, 150 * MILLION);
        _reportAll(2, 120 * MILLION);
        _attack(5, 1, 200_000);
        address blocked = registry.member(_codes[2]).treasury;
        vm.prank(issuer);
        token.blockAccount(blocked);
        _reportAll(3, 140 * MILLION);
        vm.prank(timelock);
        register.end(4);
        _writeDown();
    }

    function _attack(uint256 member, uint256 coercer, uint256 share) private {
        _tryFile(_codes[member], _coercers[coercer], _now(), share);
        uint256 proposalId = register.attack(register.attackCount()).proposalId;
        vm.warp(_now() + 2);
        _rush(proposalId);
        _writeDown();
    }

    function _reportAll(uint256 attackId, uint256 loss) private {
        uint256 round = (_now() - register.attack(attackId).startedAt) / 30 days;
        for (uint256 i = 0; i < _assessors.length; ++i) {
            if (!register.round(attackId, round).open) return;
            if (_isConflicted(attackId, _assessors[i])) continue;
            vm.prank(_assessors[i].account);
            panel.report(attackId, round, uint120(loss + i), "report");
        }
        _writeDown();
    }
}
