// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {FuzzSelector} from "../support/Vm.sol";
import {Endings} from "./Endings.t.sol";
import {Laws} from "./Laws.t.sol";

/// @title All that a campaign may do
/// @dev Here, because the runner knows the contracts of the file it runs.
contract Campaign is Endings {}

/// @title Campaigns after each of whose acts all invariants are checked
/// @dev One function, since the runner makes all campaigns anew for every one. What it does itself the runner undoes.
abstract contract LedgerInvariants is Laws {
    Campaign private _campaign;

    function setUp() public virtual {
        _campaign = new Campaign();
        campaign = _campaign;
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(campaign);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[24] memory part0 = [
            _campaign.contribute.selector,
            _campaign.contribute.selector,
            _campaign.donate.selector,
            _campaign.forceTokens.selector,
            _campaign.sync.selector,
            _campaign.collect.selector,
            _campaign.collectEarmark.selector,
            _campaign.dust.selector,
            _campaign.openCampaign.selector,
            _campaign.claim.selector,
            _campaign.blockTreasury.selector,
            _campaign.pauseToken.selector,
            _campaign.stopTransfers.selector,
            _campaign.armBreaker.selector,
            _campaign.resumeTransfers.selector,
            _campaign.revokeAndVoid.selector,
            _campaign.castVotes.selector,
            _campaign.rushVote.selector,
            _campaign.retryRecognition.selector,
            _campaign.propose.selector,
            _campaign.enact.selector,
            _campaign.meddle.selector,
            _campaign.suspend.selector,
            _campaign.reinstate.selector
        ];
        bytes4[24] memory part1 = [
            _campaign.expel.selector,
            _campaign.admit.selector,
            _campaign.proposeKeys.selector,
            _campaign.recoverKeys.selector,
            _campaign.stopKeys.selector,
            _campaign.applyKeys.selector,
            _campaign.giveNotice.selector,
            _campaign.leave.selector,
            _campaign.suspendVote.selector,
            _campaign.waive.selector,
            _campaign.fileReport.selector,
            _campaign.setScale.selector,
            _campaign.setBudget.selector,
            _campaign.setTerms.selector,
            _campaign.setCover.selector,
            _campaign.fileAttack.selector,
            _campaign.fileAttack.selector,
            _campaign.report.selector,
            _campaign.report.selector,
            _campaign.revokeAttack.selector,
            _campaign.settleRound.selector,
            _campaign.reviseLoss.selector,
            _campaign.endAttack.selector,
            _campaign.closeAttack.selector
        ];
        bytes4[24] memory part2 = [
            _campaign.issueCall.selector,
            _campaign.wait_.selector,
            _campaign.wait_.selector,
            _campaign.wait_.selector,
            _campaign.rushVote.selector,
            _campaign.claim.selector,
            _campaign.returnUnclaimed.selector,
            _campaign.returnUnassigned.selector,
            _campaign.offerLot.selector,
            _campaign.buy.selector,
            _campaign.buy.selector,
            _campaign.contributeWithPermit.selector,
            _campaign.contributeWithAuthorization.selector,
            _campaign.castOtherwise.selector,
            _campaign.castOtherwise.selector,
            _campaign.castVotesBySignature.selector,
            _campaign.notifyThreat.selector,
            _campaign.addMeasure.selector,
            _campaign.adoptMeasure.selector,
            _campaign.implementMeasure.selector,
            _campaign.endMeasure.selector,
            _campaign.setScales.selector,
            _campaign.setAssessors.selector,
            _campaign.replacePanel.selector
        ];
        bytes4[12] memory part3 = [
            _campaign.appointAgain.selector,
            _campaign.setGuardian.selector,
            _campaign.replaceModule.selector,
            _campaign.tryClosedOfFund.selector,
            _campaign.tryClosedOfMembership.selector,
            _campaign.tryClosedOfAttacks.selector,
            _campaign.tryClosedOfCouncil.selector,
            _campaign.tryClosedOfTimelock.selector,
            _campaign.withdrawNotice.selector,
            _campaign.claimMany.selector,
            _campaign.reprice.selector,
            _campaign.withdrawLot.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0].addr = address(campaign);
        targets[0].selectors = new bytes4[](84);
        for (uint256 i = 0; i < part0.length; ++i) targets[0].selectors[i] = part0[i];
        for (uint256 i = 0; i < part1.length; ++i) targets[0].selectors[24 + i] = part1[i];
        for (uint256 i = 0; i < part2.length; ++i) targets[0].selectors[48 + i] = part2[i];
        for (uint256 i = 0; i < part3.length; ++i) targets[0].selectors[72 + i] = part3[i];
    }

    function invariant_01_to_13() external {
        // 9 collects and 10 contributes: at the end, so that the others see what the act has left.
        for (uint256 number = 1; number < 9; ++number) _check(number);
        _check(11);
        _check(13);
        _check(10);
        _check(9);
    }

    /// @dev At the end of a campaign, which has not been idle.
    function afterInvariant() external {
        require(campaign.acts() < 50 || 10 * campaign.effective() > 3 * campaign.acts(), "too many acts did nothing");
        _check(12);
    }
}

/// @notice From a young alliance that has just begun to cover its members.
contract YoungAllianceTest is LedgerInvariants {
    function setUp() public override {
        super.setUp();
        campaign.live(0, 2, false);
    }
}

/// @notice From an old alliance in need.
contract AllianceInNeedTest is LedgerInvariants {
    function setUp() public override {
        super.setUp();
        campaign.prepareNeed();
    }
}
