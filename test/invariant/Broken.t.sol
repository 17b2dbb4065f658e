// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IAttackRegister} from "../../contracts/interfaces/IAttackRegister.sol";
import {IContributionLedger} from "../../contracts/interfaces/IContributionLedger.sol";
import {ICouncil} from "../../contracts/interfaces/ICouncil.sol";
import {ICrisisFund} from "../../contracts/interfaces/ICrisisFund.sol";
import {vm} from "../support/Vm.sol";
import {Laws} from "./Laws.t.sol";

/// @title A campaign whose acts may break a law
contract SpoiledCampaign is Laws {
    /// @notice Only writes down what has happened.
    function observe() external act {}

    function waste() external act {
        uint256 start = gasleft();
        while (start - gasleft() < 17_000_000) continue;
    }
}

/// @title Each invariant notices a ledger in which it is broken
/// @dev Broken by what a contract does without right, or by what it answers.
contract BrokenLedgerTest {
    uint256 private constant LAWS = 13;

    SpoiledCampaign private campaign;

    function setUp() external {
        campaign = new SpoiledCampaign();
        campaign.prepareNeed();
    }

    /// @dev Undone, whatever it says.
    function verdict(uint256 number) external {
        campaign.check(number);
        revert("holds");
    }

    function test_allHoldAsLongAsNothingIsBroken() external {
        // The last moves on in time.
        for (uint256 number = 1; number <= LAWS; ++number) if (number != 12) _requireHolds(number);
        _requireHolds(12);
    }

    function test_01_aTokenIsGone() external {
        vm.startPrank(address(campaign.fund()));
        campaign.token().transfer(address(1), 1);
        vm.stopPrank();
        _requireBroken(1);
    }

    function test_02_moneyLeavesWithoutAnEntry() external {
        vm.startPrank(address(campaign.fund()));
        campaign.token().transfer(address(1), 1);
        vm.stopPrank();
        campaign.observe();
        _requireBroken(2);
    }

    function test_03_theFundAwardsWhatTheRegisterDoesNotKnow() external {
        vm.startPrank(address(campaign.register()));
        campaign.fund().award(5, 1);
        vm.stopPrank();
        campaign.observe();
        _requireBroken(3);
    }

    function test_04_aUnitMoreIsPayable() external {
        address register = address(campaign.register());
        bytes memory asked = abi.encodeCall(campaign.register().payableSoFar, (1));
        vm.mockCall(register, asked, abi.encode(campaign.register().payableSoFar(1) + 1));
        _requireBroken(4);
    }

    function test_04_aCoverIsRewritten() external {
        IAttackRegister.Attack memory a = campaign.register().attack(1);
        ++a.cover.exhaustion;
        bytes memory asked = abi.encodeCall(IAttackRegister.attack, (1));
        vm.mockCall(address(campaign.register()), asked, abi.encode(a));
        _requireBroken(4);
    }

    function test_05_oneIsOwedMoreThanItsPart() external {
        bytes3 code = campaign.codeAt(1);
        (uint256 owed, uint256 ready) = campaign.fund().balanceOf(code);
        uint256 more = owed + campaign.obligationsMade() + 2;
        vm.mockCall(address(campaign.fund()), abi.encodeCall(ICrisisFund.balanceOf, (code)), abi.encode(more, ready));
        _requireBroken(5);
    }

    function test_06_aBallotIsCountedTwice() external {
        (uint256 against, uint256 inFavour, uint256 abstain) = campaign.council().proposalVotes(1);
        vm.mockCall(
            address(campaign.council()),
            abi.encodeCall(ICouncil.proposalVotes, (1)),
            abi.encode(against, inFavour + 1, abstain)
        );
        _requireBroken(6);
    }

    function test_07_anAttackIsRecognisedWithoutAMajority() external {
        campaign.fileAttack(1, 1, 96);
        uint256 attackId = campaign.register().attackCount();
        require(attackId == 6, "not filed");
        vm.startPrank(address(campaign.council()));
        campaign.register().recognise(attackId);
        vm.stopPrank();
        campaign.observe();
        _requireBroken(7);
    }

    function test_08_thePastIsAssessedAnew() external {
        bytes3 code = campaign.codeAt(0);
        uint256 through = campaign.ledger().through(code, 3);
        bytes memory asked = abi.encodeCall(IContributionLedger.through, (code, 3));
        vm.mockCall(address(campaign.ledger()), asked, abi.encode(through + 1));
        _requireBroken(8);
    }

    function test_08_aDebtFallsWithoutAPayment() external {
        bytes3 code = campaign.codeAt(8);
        uint256 debt = campaign.ledger().debtOf(code);
        require(debt > 0, "no debt");
        vm.mockCall(
            address(campaign.ledger()),
            abi.encodeCall(IContributionLedger.debtOf, (code)),
            abi.encode(debt - 1)
        );
        campaign.observe();
        _requireBroken(8);
    }

    function test_09_anotherClaimShrinks() external {
        bytes3 code = campaign.codeAt(2);
        (uint256 owed, uint256 ready) = campaign.fund().balanceOf(code);
        vm.mockCall(
            address(campaign.fund()),
            abi.encodeCall(ICrisisFund.balanceOf, (code)),
            abi.encode(owed - 1, ready)
        );
        _requireBroken(9);
    }

    function test_09_oneFailingAccountDelaysAnother() external {
        campaign.donate(1, type(uint128).max);
        vm.mockCallRevert(address(campaign.fund()), abi.encodeWithSelector(ICrisisFund.collect.selector), "");
        _requireBroken(9);
    }

    function test_10_transfersStopForTooLong() external {
        uint256 tooLong = vm.getBlockTimestamp() + 29 days;
        vm.mockCall(address(campaign.fund()), abi.encodeCall(ICrisisFund.stoppedUntil, ()), abi.encode(tooLong));
        _requireBroken(10);
    }

    function test_10_theBreakerIsArmedByItself() external {
        campaign.stopTransfers(0);
        vm.warp(vm.getBlockTimestamp() + 29 days);
        _requireHolds(10);
        vm.mockCall(address(campaign.fund()), abi.encodeCall(ICrisisFund.armed, ()), abi.encode(true));
        _requireBroken(10);
    }

    function test_10_nobodyCanContributeWhileTransfersAreStopped() external {
        campaign.stopTransfers(0);
        _requireHolds(10);
        bytes memory any = abi.encodeWithSelector(IContributionLedger.contribute.selector);
        vm.mockCallRevert(address(campaign.ledger()), any, "");
        _requireBroken(10);
    }

    function test_11_anEntryIsMissing() external {
        bytes memory asked = abi.encodeCall(ICrisisFund.head, ());
        vm.mockCall(address(campaign.fund()), asked, abi.encode(bytes32(uint256(1))));
        _requireBroken(11);
    }

    function test_12_nobodyCanCollect() external {
        vm.mockCallRevert(address(campaign.fund()), abi.encodeWithSelector(ICrisisFund.collect.selector), "");
        _requireBroken(12);
    }

    function test_13_aCallCostsTooMuch() external {
        campaign.waste();
        _requireBroken(13);
    }

    function _requireHolds(uint256 number) private {
        string memory found = _verdict(number);
        require(keccak256(bytes(found)) == keccak256("holds"), found);
    }

    function _requireBroken(uint256 number) private {
        string memory found = _verdict(number);
        bytes memory expected = bytes(string.concat(Strings.toString(number), ": "));
        for (uint256 i = 0; i < expected.length; ++i) require(bytes(found)[i] == expected[i], found);
    }

    function _verdict(uint256 number) private returns (string memory) {
        try this.verdict(number) {
            revert("no verdict");
        } catch Error(string memory reason) {
            return reason;
        }
    }
}
