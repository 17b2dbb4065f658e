// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IAttackRegister} from "../../contracts/interfaces/IAttackRegister.sol";
import {SeatBitmap} from "../../contracts/libraries/SeatBitmap.sol";
import {IByNumber} from "./CouncilActs.t.sol";
import {MoneyLaws} from "./MoneyLaws.t.sol";

/// @title The invariants of the ledger, numbered as in the design
abstract contract Laws is MoneyLaws {
    using SeatBitmap for uint208;

    /// @notice Fails if the law with this number is broken.
    /// @dev Whatever a law does to check itself has to be undone by who asks.
    function check(uint256 number) external {
        _check(number, _attacks());
    }

    /// @notice Fails if any law is broken, but for the one about how a campaign ends.
    function checkAll() external {
        // None of the first ones changes a case.
        IAttackRegister.Attack[] memory attacks = _attacks();
        for (uint256 number = 1; number < 9; ++number) _check(number, attacks);
        _check(11, attacks);
        _check(13, attacks);
        // 9 collects and 10 contributes: at the end, so that the others see what the act has left.
        _check(10, attacks);
        _check(9, attacks);
    }

    /// @dev Asked once for all the laws that are about them.
    function _attacks() private view returns (IAttackRegister.Attack[] memory attacks) {
        attacks = new IAttackRegister.Attack[](register.attackCount());
        for (uint256 i = 0; i < attacks.length; ++i) attacks[i] = register.attack(i + 1);
    }

    function _check(uint256 number, IAttackRegister.Attack[] memory attacks) private {
        if (number == 1) _law_01_balanceCoversBooks();
        if (number == 2) _law_02_whatCameInIsThere();
        if (number == 3) _law_03_awardsAndCommitments(attacks);
        if (number == 4) _law_04_payable(attacks);
        if (number == 5) _law_05_proRata(attacks.length);
        if (number == 6) _law_06_ballots();
        if (number == 7) _law_07_recognition(attacks);
        if (number == 8) _law_08_assessments();
        if (number == 9) _law_09_claims(attacks.length);
        if (number == 10) _law_10_breaker();
        if (number == 11) _law_11_replay();
        if (number == 12) _law_12_collectable();
        if (number == 13) _law_13_gas();
    }

    /// @notice payable is 0 up to A, constant from X, monotone, never above ceding × (X − A)
    /// @dev Monotone is what a cover was found to be when it was first seen, and no cover ever changes.
    function _law_04_payable(IAttackRegister.Attack[] memory attacks) private view {
        require(breaches[4] == 0, "4: seen in the act");
        for (uint256 attackId = 1; attackId <= attacks.length; ++attackId) {
            IAttackRegister.Attack memory a = attacks[attackId - 1];
            require(_hashOf(a.cover) == _coversSeen[attackId - 1], "4: another cover than it had");
            uint256 scaledAttachment = uint256(a.cover.attachment) * a.cover.baseline; // in millionths of a unit
            uint256 scaledExhaustion = uint256(a.cover.exhaustion) * a.cover.baseline;
            uint256 most = (a.cover.ceding * (scaledExhaustion - scaledAttachment)) / 1e12;
            uint256 payableSoFar = register.payableSoFar(attackId);
            require(payableSoFar <= Math.min(most, a.committed), "4: payable above ceding x (X - A)");
            if (a.loss * 1e6 <= scaledAttachment) require(payableSoFar == 0, "4: payable up to A");
            if (a.lastSettled > 0) {
                uint256 elapsed = a.lastSettled * uint256(30 days);
                require(a.loss <= (a.cover.baseline * elapsed) / 365 days, "4: more lost than could be traded");
                uint256 covered = Math.saturatingSub(Math.min(a.loss * 1e6, scaledExhaustion), scaledAttachment);
                uint256 due = Math.min((a.cover.ceding * covered) / 1e12, a.committed);
                // A and X are whole units.
                require(payableSoFar <= due && due <= payableSoFar + 2, "4: payable otherwise than by the formula");
            }
        }
    }

    /// @notice a seat votes at most once per proposal, and only if it is in the frozen electorate; nothing that happens
    /// meanwhile changes an open proposal; nothing passes without more than half of it
    function _law_06_ballots() private view {
        require(breaches[6] == 0, "6: seen in the act");
        uint256 count = IByNumber(address(council)).proposalCount();
        for (uint256 proposalId = 1; proposalId <= count; ++proposalId) {
            Vote memory v = _votes[proposalId];
            (uint208 remaining, uint256 seats) = council.ballotBox(proposalId);
            (uint256 against, uint256 inFavour, uint256 abstain) = council.proposalVotes(proposalId);
            require(seats == v.frozen.count() && remaining == v.frozen & ~v.voted, "6: another electorate");
            require(against == v.cast[0] && inFavour == v.cast[1] && abstain == v.cast[2], "6: other ballots");
            IGovernor.ProposalState state = IGovernor(address(council)).state(proposalId);
            bool carried =
                state == IGovernor.ProposalState.Succeeded ||
                    state == IGovernor.ProposalState.Queued ||
                    state == IGovernor.ProposalState.Executed;
            if (carried) require(passed(proposalId), "6: passed without more than half");
        }
    }

    /// @notice an urgent proposal can only recognise its own attack, and nothing else can
    function _law_07_recognition(IAttackRegister.Attack[] memory attacks) private view {
        require(breaches[7] == 0, "7: seen in the act");
        for (uint256 attackId = 1; attackId <= attacks.length; ++attackId) {
            IAttackRegister.Attack memory a = attacks[attackId - 1];
            require(council.attackOf(a.proposalId) == attackId, "7: the vote is about another attack");
            require(recognitions[attackId] == (a.recognisedAt == 0 ? 0 : 1), "7: recognised unseen");
            if (a.recognisedAt != 0) require(passed(a.proposalId), "7: recognised without a majority");
            (address[] memory targets, , bytes[] memory calls, ) = IByNumber(address(council)).proposalDetails(
                a.proposalId
            );
            bytes memory own = abi.encodeCall(IAttackRegister.recognise, (attackId));
            require(
                targets.length == 1 && targets[0] == address(register) && keccak256(calls[0]) == keccak256(own),
                "7: the vote does something else"
            );
        }
    }

    /// @notice assessed by period depends on nothing that happened after the period began; debt never falls without a
    /// payment
    function _law_08_assessments() private view {
        require(breaches[8] == 0, "8: seen in the act");
        bytes3[] memory codes = _codes;
        uint256 periods = _assessedSeen.length;
        for (uint256 p = 0; p < periods; ++p) {
            require(_assessedThrough(codes, p) == _assessedSeen[p], "8: assessed otherwise");
        }
    }

    /// @notice the breaker is bounded and single-use; with it active, contributing, voting, reporting and awarding
    /// still work
    /// @dev The last: the campaign's acts do not ask whether it is active, and may not fail.
    function _law_10_breaker() private {
        require(breaches[10] == 0, "10: seen in the act");
        require(stops <= armings, "10: stopped oftener than armed");
        require(fund.armed() == (stops < armings), "10: armed or disarmed by itself");
        require(fund.stoppedUntil() <= stoppedSince + 28 days, "10: stopped beyond the bound");
        if (!_isStopped() || token.paused()) return;
        require(!fund.armed(), "10: armed while stopped");
        try this.contribute(0, 1) {} catch {
            revert("10: contributing fails while transfers are stopped");
        }
    }

    /// @notice from every reachable state money owed can be collected by someone without any privileged key
    function _law_12_collectable() private {
        require(breaches[12] == 0, "12: seen in the act");
        try this.windDown() {} catch Error(string memory reason) {
            revert(bytes2(bytes(reason)) == "12" ? reason : string.concat("12: ", reason));
        } catch (bytes memory reason) {
            revert(string.concat("12: winding down fails with ", Strings.toHexString(uint32(bytes4(reason)), 4)));
        }
    }

    /// @notice every call stays below 16.7 million gas
    /// @dev Here of thirteen members; `test/scenario/bounds.test.ts` fills 208 seats.
    function _law_13_gas() private view {
        require(breaches[13] == 0, "13: an act cost more than a call may");
    }
}
