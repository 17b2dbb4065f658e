// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAttackRegister} from "../../contracts/interfaces/IAttackRegister.sol";
import {ICrisisFund} from "../../contracts/interfaces/ICrisisFund.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {vm} from "../support/Vm.sol";
import {Endings} from "./Endings.t.sol";
import {IIssuedToken} from "./Stage.t.sol";

/// @title The invariants of the money, numbered as in the design
abstract contract MoneyLaws {
    Endings internal campaign;

    /// @notice token balance ≥ reserve + pot + earmarked
    function _law_01_balanceCoversBooks() internal view {
        ICrisisFund fund = campaign.fund();
        uint256 books = fund.reserve() + fund.pot() + fund.earmarked();
        uint256 balance = campaign.token().balanceOf(address(fund));
        require(balance >= books, "1: the balance does not cover the books");
        // Besides the books there is only what was sent directly and not booked yet.
        require(balance == books + campaign.forced(), "1: tokens nobody sent");
    }

    /// @notice contributions + donations + surplus − disbursements − compensations = reserve + pot + earmarked
    function _law_02_whatCameInIsThere() internal view {
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
    function _law_03_awardsAndCommitments() internal view {
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

    /// @notice awards between which nothing but awards moves reserve or commitments are paid at one ratio; money that
    /// arrives for obligations reaches those of an epoch in proportion to what each is owed then, a closing epoch
    /// first; what an obligation has received is counted from its creation, whatever the order of collecting
    function _law_05_proRata() internal view {
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

    /// @notice a failed transfer changes nobody else's money
    function _law_09_claims() internal {
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

    /// @notice replaying the events alone rebuilds the journal head, the reserve and the commitments
    function _law_11_replay() internal view {
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
