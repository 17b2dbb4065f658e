// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAttackRegister} from "../../contracts/interfaces/IAttackRegister.sol";
import {ICompensationDistributor} from "../../contracts/interfaces/ICompensationDistributor.sol";
import {vm} from "../support/Vm.sol";
import {Beginnings} from "./Beginnings.t.sol";
import {IByNumber} from "./CouncilActs.t.sol";

/// @title Where a campaign ends: everything is collected by strangers
/// @dev No key of the council, the guardian, a member or an assessor is used; the token's issuer only stops freezing.
abstract contract Endings is Beginnings {
    function windDown() external {
        _unfreeze();
        // Longer than the breaker stops, a recovery waits, a role takes to work, and any vote lasts.
        vm.warp(_now() + 61 days);
        for (uint256 i = 0; i < _codes.length; ++i) {
            if (registry.keyChange(_codes[i]).recovery) registry.applyKeys(_codes[i]);
        }
        _unfreeze();
        _closeAll();
        vm.warp(_now() + 400 days);
        _closeAll();
        // Longer than any campaign lasts, and than an earmark is kept.
        vm.warp(_now() + 800 days);
        fund.sync();
        if (fund.owed() > 0) {
            uint128 missing = uint128(fund.owed());
            vm.prank(donor);
            fund.donate(missing, "the last debts");
        }
        _returnEarmarks();
        for (uint256 i = 0; i < _codes.length; ++i) _collectFor(_codes[i]);
        require(fund.owed() == 0, "12: still owed");
        require(fund.pot() == 0, "12: not collected");
        require(fund.earmarked() == 0, "12: an earmark is stuck");
    }

    function _unfreeze() private {
        vm.startPrank(issuer);
        if (token.paused()) token.unpause();
        for (uint256 i = 0; i < _codes.length; ++i) {
            address treasury = registry.member(_codes[i]).treasury;
            if (token.isBlocked(treasury)) token.unblockAccount(treasury);
        }
        vm.stopPrank();
    }

    function _closeAll() private {
        for (uint256 attackId = 1; attackId <= register.attackCount(); ++attackId) {
            if (register.statusOf(attackId) == IAttackRegister.Status.Approved) {
                IByNumber(address(council)).execute(register.attack(attackId).proposalId);
            }
            IAttackRegister.Attack memory a = register.attack(attackId);
            bool isOpen = a.decision == IAttackRegister.Decision.Open;
            bool recognised = a.decision == IAttackRegister.Decision.Recognised;
            if (recognised && _now() < uint256(a.startedAt) + register.lastRound(attackId) * 30 days + 70 days)
                continue;
            if (isOpen || recognised) register.close(attackId);
        }
    }

    function _returnEarmarks() private {
        for (uint256 attackId = 1; attackId <= register.attackCount(); ++attackId) {
            // Where nothing was left of the year's limit, nothing was committed.
            if (fund.attackAccount(attackId).member == 0) continue;
            fund.collectEarmark(attackId);
            for (uint256 number = 1; number <= distributor.campaignCount(attackId); ++number) {
                uint256 campaignId = distributor.campaignIdOf(attackId, number);
                ICompensationDistributor.Campaign memory c = distributor.campaign(campaignId);
                (, uint256 held) = fund.earmarkOf(attackId);
                if (c.returned || Math.min(c.total - c.claimed, held) == 0) continue;
                distributor.returnUnclaimed(campaignId);
            }
            if (_free(attackId) > 0) distributor.returnUnassigned(attackId);
        }
    }

    function _collectFor(bytes3 code) private {
        (, uint256 ready) = fund.balanceOf(code);
        if (ready == 0) return;
        address to = registry.treasuryToPay(code);
        require(to != address(0), "12: nobody to pay");
        uint256 before = token.balanceOf(to);
        vm.prank(stranger);
        require(fund.collect(code) == ready && token.balanceOf(to) == before + ready, "12: collected otherwise");
    }
}
