// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {FuzzSelector} from "../support/Vm.sol";
import {Laws} from "./Laws.t.sol";

/// @title All that a campaign may do
/// @dev Here, because the runner knows the contracts of the file it runs.
contract Campaign is Laws {
    /// @notice What an act is chosen from: what happens often stands here several times.
    function choice() external pure returns (bytes4[] memory selectors) {
        bytes4[24] memory part0 = [
            this.contribute.selector,
            this.contribute.selector,
            this.donate.selector,
            this.forceTokens.selector,
            this.sync.selector,
            this.collect.selector,
            this.collectEarmark.selector,
            this.dust.selector,
            this.openCampaign.selector,
            this.claim.selector,
            this.blockTreasury.selector,
            this.pauseToken.selector,
            this.stopTransfers.selector,
            this.armBreaker.selector,
            this.resumeTransfers.selector,
            this.revokeAndVoid.selector,
            this.castVotes.selector,
            this.rushVote.selector,
            this.retryRecognition.selector,
            this.propose.selector,
            this.enact.selector,
            this.meddle.selector,
            this.suspend.selector,
            this.reinstate.selector
        ];
        bytes4[24] memory part1 = [
            this.expel.selector,
            this.admit.selector,
            this.proposeKeys.selector,
            this.recoverKeys.selector,
            this.stopKeys.selector,
            this.applyKeys.selector,
            this.giveNotice.selector,
            this.leave.selector,
            this.suspendVote.selector,
            this.waive.selector,
            this.fileReport.selector,
            this.setScale.selector,
            this.setBudget.selector,
            this.setTerms.selector,
            this.setCover.selector,
            this.fileAttack.selector,
            this.fileAttack.selector,
            this.report.selector,
            this.report.selector,
            this.revokeAttack.selector,
            this.settleRound.selector,
            this.reviseLoss.selector,
            this.endAttack.selector,
            this.closeAttack.selector
        ];
        bytes4[24] memory part2 = [
            this.issueCall.selector,
            this.wait_.selector,
            this.wait_.selector,
            this.wait_.selector,
            this.rushVote.selector,
            this.claim.selector,
            this.returnUnclaimed.selector,
            this.returnUnassigned.selector,
            this.offerLot.selector,
            this.buy.selector,
            this.buy.selector,
            this.contributeWithPermit.selector,
            this.contributeWithAuthorization.selector,
            this.castOtherwise.selector,
            this.castOtherwise.selector,
            this.castVotesBySignature.selector,
            this.notifyThreat.selector,
            this.addMeasure.selector,
            this.adoptMeasure.selector,
            this.implementMeasure.selector,
            this.endMeasure.selector,
            this.setScales.selector,
            this.setAssessors.selector,
            this.replacePanel.selector
        ];
        bytes4[12] memory part3 = [
            this.appointAgain.selector,
            this.setGuardian.selector,
            this.replaceModule.selector,
            this.tryClosedOfFund.selector,
            this.tryClosedOfMembership.selector,
            this.tryClosedOfAttacks.selector,
            this.tryClosedOfCouncil.selector,
            this.tryClosedOfTimelock.selector,
            this.withdrawNotice.selector,
            this.claimMany.selector,
            this.reprice.selector,
            this.withdrawLot.selector
        ];
        selectors = new bytes4[](84);
        for (uint256 i = 0; i < part0.length; ++i) selectors[i] = part0[i];
        for (uint256 i = 0; i < part1.length; ++i) selectors[24 + i] = part1[i];
        for (uint256 i = 0; i < part2.length; ++i) selectors[48 + i] = part2[i];
        for (uint256 i = 0; i < part3.length; ++i) selectors[72 + i] = part3[i];
    }
}

/// @title Campaigns after each of whose acts all invariants are checked
/// @dev One function, since the runner makes all campaigns anew for every one. What it does itself the runner undoes.
abstract contract LedgerInvariants {
    Campaign internal campaign;

    function setUp() public virtual {
        campaign = new Campaign();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(campaign);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(campaign), campaign.choice());
    }

    function invariant_01_to_13() external {
        campaign.checkAll();
    }

    /// @dev At the end of a campaign, which has not been idle: of a hundred acts 36 or more do something, 50 on average
    /// with a deviation of six, so that chance does not lead below a fifth. `Drill.t.sol` asks it of every single act.
    function afterInvariant() external {
        require(campaign.acts() < 100 || 5 * campaign.effective() > campaign.acts(), "too many acts did nothing");
        campaign.check(12);
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
