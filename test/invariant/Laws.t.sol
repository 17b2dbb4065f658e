// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IAttackRegister} from "../../contracts/interfaces/IAttackRegister.sol";
import {ICrisisFund} from "../../contracts/interfaces/ICrisisFund.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {IndemnityMath} from "../../contracts/libraries/IndemnityMath.sol";
import {SeatBitmap} from "../../contracts/libraries/SeatBitmap.sol";
import {vm} from "../support/Vm.sol";
import {Chronicle} from "./Chronicle.t.sol";
import {IByNumber} from "./CouncilActs.t.sol";
import {Endings} from "./Endings.t.sol";
import {IIssuedToken} from "./Stage.t.sol";

/// @title The invariants of the ledger, numbered as in the design
abstract contract Laws {
    using IndemnityMath for IndemnityMath.Cover;
    using SeatBitmap for uint208;

    uint256 internal constant LAWS = 13;

    Endings internal campaign;

    /// @dev Whatever a law does to check itself has to be undone by who asks.
    function _check(uint256 number) internal {
        if (number == 1) _law_01_balanceCoversBooks();
        if (number == 2) _law_02_whatCameInIsThere();
        if (number == 3) _law_03_awardsAndCommitments();
        if (number == 4) _law_04_payable();
        if (number == 5) _law_05_proRata();
        if (number == 6) _law_06_ballots();
        if (number == 7) _law_07_recognition();
        if (number == 8) _law_08_assessments();
        if (number == 9) _law_09_claims();
        if (number == 10) _law_10_breaker();
        if (number == 11) _law_11_replay();
        if (number == 12) _law_12_collectable();
        if (number == 13) _law_13_gas();
    }

    /// @notice token balance ≥ reserve + pot + earmarked
    function _law_01_balanceCoversBooks() private view {
        ICrisisFund fund = campaign.fund();
        uint256 books = fund.reserve() + fund.pot() + fund.earmarked();
        uint256 balance = campaign.token().balanceOf(address(fund));
        require(balance >= books, "1: the balance does not cover the books");
        // Besides the books there is only what was sent directly and not booked yet.
        require(balance == books + campaign.forced(), "1: tokens nobody sent");
    }

    /// @notice contributions + donations + surplus − disbursements − compensations = reserve + pot + earmarked
    function _law_02_whatCameInIsThere() private view {
        ICrisisFund fund = campaign.fund();
        uint256 came =
            _total(ICrisisFund.Kind.Contribution) +
                _total(ICrisisFund.Kind.Donation) +
                _total(ICrisisFund.Kind.Surplus);
        uint256 went = _total(ICrisisFund.Kind.Disbursement) + _total(ICrisisFund.Kind.Compensation);
        require(came - went == fund.reserve() + fund.pot() + fund.earmarked(), "2: books and journal differ");
        require(came + campaign.forced() == campaign.tokensIn(), "2: journal and tokens received differ");
        require(went == campaign.tokensOut(), "2: journal and tokens sent differ");
        require(campaign.breaches(2) == 0, "2: seen in the act");
        IIssuedToken token = campaign.token();
        require(token.balanceOf(address(campaign.market())) == 0, "2: the market holds money");
        require(token.balanceOf(address(campaign.distributor())) == 0, "2: the distributor holds money");
    }

    /// @notice awards − voided = disbursed + compensated + pot + earmarked + still owed; per attack awarded +
    /// commitment = committed at recognition ≤ cap until closing; commitments of a year of cover ≤ its limit
    function _law_03_awardsAndCommitments() private view {
        ICrisisFund fund = campaign.fund();
        require(
            _total(ICrisisFund.Kind.Award) - _total(ICrisisFund.Kind.Void) ==
                _total(ICrisisFund.Kind.Disbursement) +
                    _total(ICrisisFund.Kind.Compensation) +
                    fund.pot() +
                    fund.earmarked() +
                    fund.owed(),
            "3: awards and what became of them differ"
        );
        require(campaign.breaches(3) == 0, "3: seen in the act");
        IAttackRegister register = campaign.register();
        uint256 commitments = 0;
        for (uint256 attackId = 1; attackId <= register.attackCount(); ++attackId) {
            IAttackRegister.Attack memory a = register.attack(attackId);
            uint256 commitment = fund.attackAccount(attackId).commitment;
            commitments += commitment;
            require(a.committed <= a.cap, "3: committed above the cap");
            if (a.decision == IAttackRegister.Decision.Recognised) {
                require(a.awarded + commitment == a.committed, "3: awarded and commitment differ from committed");
            } else {
                require(commitment == 0, "3: commitment of a case that is not open");
            }
            if (a.recognisedAt != 0) _checkYear(a);
            _checkCampaigns(attackId);
        }
        require(commitments == fund.committed(), "3: commitments do not add up");
    }

    /// @notice payable is 0 up to A, constant from X, monotone, never above ceding × (X − A)
    function _law_04_payable() private view {
        IAttackRegister register = campaign.register();
        for (uint256 attackId = 1; attackId <= register.attackCount(); ++attackId) {
            IAttackRegister.Attack memory a = register.attack(attackId);
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
            uint256 before = 0;
            for (uint256 step = 0; step <= 12; ++step) {
                uint256 is_ = a.cover.payableFor((a.cover.baseline * step) / 12);
                require(is_ >= before && is_ <= most, "4: payable falls as the loss grows");
                before = is_;
            }
        }
    }

    /// @notice awards between which nothing but awards moves reserve or commitments are paid at one ratio; money that
    /// arrives for obligations reaches those of an epoch in proportion to what each is owed then, a closing epoch
    /// first; what an obligation has received is counted from its creation, whatever the order of collecting
    function _law_05_proRata() private view {
        ICrisisFund fund = campaign.fund();
        require(campaign.breaches(5) == 0, "5: seen in the act");
        uint256 tolerance = campaign.obligationsMade() + 1;
        _requireNear(fund.owed(), campaign.referenceOutstanding(), tolerance);
        for (uint256 i = 0; i < campaign.codeCount(); ++i) {
            bytes3 code = campaign.codeAt(i);
            (uint256 owed, ) = fund.balanceOf(code);
            _requireNear(owed, campaign.referenceOwed(campaign.creditorOf(code)), tolerance);
        }
        for (uint256 attackId = 1; attackId <= campaign.register().attackCount(); ++attackId) {
            (uint256 owed, ) = fund.earmarkOf(attackId);
            _requireNear(owed, campaign.referenceOwed(campaign.creditorOfEarmark(attackId)), tolerance);
        }
    }

    /// @notice a seat votes at most once per proposal, and only if it is in the frozen electorate; nothing that happens
    /// meanwhile changes an open proposal; nothing passes without more than half of it
    function _law_06_ballots() private view {
        address council = address(campaign.council());
        require(campaign.breaches(6) == 0, "6: seen in the act");
        uint256 count = IByNumber(council).proposalCount();
        for (uint256 proposalId = 1; proposalId <= count; ++proposalId) {
            Chronicle.Vote memory v = campaign.vote(proposalId);
            (uint208 remaining, uint256 seats) = campaign.council().ballotBox(proposalId);
            (uint256 against, uint256 inFavour, uint256 abstain) = campaign.council().proposalVotes(proposalId);
            require(seats == v.frozen.count() && remaining == v.frozen & ~v.voted, "6: another electorate");
            require(against == v.cast[0] && inFavour == v.cast[1] && abstain == v.cast[2], "6: other ballots");
            IGovernor.ProposalState state = IGovernor(council).state(proposalId);
            bool carried =
                state == IGovernor.ProposalState.Succeeded ||
                    state == IGovernor.ProposalState.Queued ||
                    state == IGovernor.ProposalState.Executed;
            if (carried) require(campaign.passed(proposalId), "6: passed without more than half");
        }
    }

    /// @notice an urgent proposal can only recognise its own attack, and nothing else can
    function _law_07_recognition() private view {
        IAttackRegister register = campaign.register();
        require(campaign.breaches(7) == 0, "7: seen in the act");
        for (uint256 attackId = 1; attackId <= register.attackCount(); ++attackId) {
            IAttackRegister.Attack memory a = register.attack(attackId);
            require(campaign.council().attackOf(a.proposalId) == attackId, "7: the vote is about another attack");
            require(campaign.recognitions(attackId) == (a.recognisedAt == 0 ? 0 : 1), "7: recognised unseen");
            if (a.recognisedAt != 0) require(campaign.passed(a.proposalId), "7: recognised without a majority");
            (address[] memory targets, , bytes[] memory calls, ) = IByNumber(address(campaign.council()))
                .proposalDetails(a.proposalId);
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
        require(campaign.breaches(8) == 0, "8: seen in the act");
        uint256 periods = campaign.periodsSeen();
        for (uint256 i = 0; i < campaign.codeCount(); ++i) {
            bytes3 code = campaign.codeAt(i);
            for (uint256 p = 0; p < periods; ++p) {
                require(campaign.ledger().through(code, p) == campaign.throughSeen(code, p), "8: assessed otherwise");
            }
        }
    }

    /// @notice a failed transfer changes nobody else's money
    function _law_09_claims() private {
        ICrisisFund fund = campaign.fund();
        require(campaign.breaches(9) == 0, "9: seen in the act");
        for (uint256 i = 0; i < campaign.codeCount(); ++i) {
            bytes3 code = campaign.codeAt(i);
            (uint256 owed, uint256 ready) = fund.balanceOf(code);
            require(campaign.claims(code) == campaign.disbursed(code) + owed + ready, "9: a member's claim changed");
        }
        for (uint256 attackId = 1; attackId <= campaign.register().attackCount(); ++attackId) {
            (uint256 owed, uint256 held) = fund.earmarkOf(attackId);
            require(campaign.earmarkClaims(attackId) == owed + held, "9: an earmark's claim changed");
        }
        if (vm.getBlockTimestamp() < fund.stoppedUntil() || campaign.token().paused()) return;
        // Whoever cannot be paid, all others can.
        for (uint256 i = 0; i < campaign.codeCount(); ++i) _collect(campaign.codeAt(i));
    }

    /// @notice the breaker is bounded and single-use; with it active, contributing, voting, reporting and awarding
    /// still work
    /// @dev The last: the campaign's acts do not ask whether it is active, and may not fail.
    function _law_10_breaker() private {
        ICrisisFund fund = campaign.fund();
        require(campaign.breaches(10) == 0, "10: seen in the act");
        require(campaign.stops() <= campaign.armings(), "10: stopped oftener than armed");
        require(fund.armed() == (campaign.stops() < campaign.armings()) || fund.armed(), "10: armed by itself");
        require(fund.stoppedUntil() <= campaign.stoppedSince() + 28 days, "10: stopped beyond the bound");
        if (vm.getBlockTimestamp() >= fund.stoppedUntil() || campaign.token().paused()) return;
        require(!fund.armed(), "10: armed while stopped");
        try campaign.contribute(0, 1) {} catch {
            revert("10: contributing fails while transfers are stopped");
        }
    }

    /// @notice from every reachable state money owed can be collected by someone without any privileged key
    function _law_12_collectable() private {
        require(campaign.breaches(12) == 0, "12: seen in the act");
        try campaign.windDown() {} catch Error(string memory reason) {
            revert(bytes2(bytes(reason)) == "12" ? reason : string.concat("12: ", reason));
        } catch (bytes memory reason) {
            revert(string.concat("12: winding down fails with ", Strings.toHexString(uint32(bytes4(reason)), 4)));
        }
    }

    /// @notice every call stays below 16.7 million gas
    /// @dev Here of thirteen members; `test/scenario/bounds.test.ts` fills 208 seats.
    function _law_13_gas() private view {
        require(campaign.breaches(13) == 0, "13: an act cost more than a call may");
    }

    /// @notice replaying the events alone rebuilds the journal head, the reserve and the commitments
    function _law_11_replay() private view {
        ICrisisFund fund = campaign.fund();
        require(campaign.breaches(11) == 0, "11: the journal is broken");
        require(campaign.head() == fund.head() && campaign.entries() == fund.sequence(), "11: the head differs");
        require(campaign.reserve() == fund.reserve(), "11: the reserve differs");
        require(campaign.committed() == fund.committed(), "11: the commitments differ");
    }

    function _checkYear(IAttackRegister.Attack memory a) private view {
        IAttackRegister register = campaign.register();
        uint256 used = 0;
        uint256 limit = 0;
        for (uint256 other = 1; other <= register.attackCount(); ++other) {
            IAttackRegister.Attack memory b = register.attack(other);
            if (b.recognisedAt == 0 || b.member != a.member || b.coverYear != a.coverYear) continue;
            used += b.decision == IAttackRegister.Decision.Closed ? b.awarded : b.committed;
            limit = Math.max(limit, b.yearlyLimit);
        }
        require(used <= limit, "3: a year of cover beyond its limit");
        require(used == register.usedOf(a.member, a.coverYear), "3: what a year of cover has used");
    }

    /// @dev Campaigns hold no more than there is, unless the council has voided an award; what was bought is recorded.
    function _checkCampaigns(uint256 attackId) private view {
        (, uint256 held) = campaign.fund().earmarkOf(attackId);
        uint256 reserved = campaign.distributor().reserved(attackId);
        require(reserved <= held || campaign.shortened(attackId), "3: campaigns hold more than the earmark");
        uint256 recorded = campaign.register().boughtBy(attackId, type(uint48).max);
        require(recorded == campaign.bought(attackId), "3: purchases recorded otherwise");
    }

    function _collect(bytes3 code) private {
        ICrisisFund fund = campaign.fund();
        IIssuedToken token = campaign.token();
        IMemberRegistry registry = campaign.registry();
        (, uint256 ready) = fund.balanceOf(code);
        address to = registry.treasuryToPay(code);
        if (ready == 0 || to == address(0)) return;
        uint256 before = token.balanceOf(to);
        uint256 reserve = fund.reserve();
        uint256 owed = fund.owed();
        try fund.collect(code) returns (uint256 amount) {
            require(!token.isBlocked(to) && amount == ready, "9: collected otherwise");
            require(token.balanceOf(to) == before + ready, "9: not received");
        } catch {
            require(token.isBlocked(to), "9: a failing account delays another");
            (, uint256 still) = fund.balanceOf(code);
            require(still == ready, "9: a failed transfer changed a claim");
        }
        require(fund.reserve() == reserve && fund.owed() == owed, "9: collecting moved other money");
    }

    function _requireNear(uint256 a, uint256 b, uint256 tolerance) private pure {
        require(a <= b + tolerance && b <= a + tolerance, "5: owed out of proportion");
    }

    function _total(ICrisisFund.Kind kind) private view returns (uint256) {
        return campaign.total(uint256(kind));
    }
}
