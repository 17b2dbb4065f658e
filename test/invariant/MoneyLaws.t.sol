// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAttackRegister} from "../../contracts/interfaces/IAttackRegister.sol";
import {ICrisisFund} from "../../contracts/interfaces/ICrisisFund.sol";
import {vm} from "../support/Vm.sol";
import {Endings} from "./Endings.t.sol";

/// @title The invariants of the money, numbered as in the design
/// @dev Part of the campaign, so that only what the contracts say has to be asked by a call, not what the books do.
abstract contract MoneyLaws is Endings {
    /// @notice token balance ≥ reserve + pot + earmarked
    function _law_01_balanceCoversBooks() internal view {
        uint256 books = fund.reserve() + fund.pot() + fund.earmarked();
        uint256 balance = token.balanceOf(address(fund));
        require(balance >= books, "1: the balance does not cover the books");
        // Besides the books there is only what was sent directly and not booked yet.
        require(balance == books + forced, "1: tokens nobody sent");
    }

    /// @notice contributions + donations + surplus − disbursements − compensations = reserve + pot + earmarked
    function _law_02_whatCameInIsThere() internal view {
        uint256 came =
            _total(ICrisisFund.Kind.Contribution) +
                _total(ICrisisFund.Kind.Donation) +
                _total(ICrisisFund.Kind.Surplus);
        uint256 went = _total(ICrisisFund.Kind.Disbursement) + _total(ICrisisFund.Kind.Compensation);
        require(came - went == fund.reserve() + fund.pot() + fund.earmarked(), "2: books and journal differ");
        require(came + forced == tokensIn, "2: journal and tokens received differ");
        require(went == tokensOut, "2: journal and tokens sent differ");
        require(breaches[2] == 0, "2: seen in the act");
        require(token.balanceOf(address(market)) == 0, "2: the market holds money");
        require(token.balanceOf(address(distributor)) == 0, "2: the distributor holds money");
    }

    /// @notice awards − voided = disbursed + compensated + pot + earmarked + still owed; per attack awarded +
    /// commitment = committed at recognition ≤ cap until closing; commitments of a year of cover ≤ its limit
    function _law_03_awardsAndCommitments(IAttackRegister.Attack[] memory attacks) internal view {
        require(
            _total(ICrisisFund.Kind.Award) - _total(ICrisisFund.Kind.Void) ==
                _total(ICrisisFund.Kind.Disbursement) +
                    _total(ICrisisFund.Kind.Compensation) +
                    fund.pot() +
                    fund.earmarked() +
                    fund.owed(),
            "3: awards and what became of them differ"
        );
        require(breaches[3] == 0, "3: seen in the act");
        uint256 commitments = 0;
        for (uint256 attackId = 1; attackId <= attacks.length; ++attackId) {
            IAttackRegister.Attack memory a = attacks[attackId - 1];
            uint256 commitment = fund.attackAccount(attackId).commitment;
            commitments += commitment;
            require(a.committed <= a.cap, "3: committed above the cap");
            if (a.decision == IAttackRegister.Decision.Recognised) {
                require(a.awarded + commitment == a.committed, "3: awarded and commitment differ from committed");
            } else {
                require(commitment == 0, "3: commitment of a case that is not open");
            }
            if (a.recognisedAt != 0) _checkYear(a, attacks);
            _checkCampaigns(attackId);
        }
        require(commitments == fund.committed(), "3: commitments do not add up");
    }

    /// @notice awards between which nothing but awards moves reserve or commitments are paid at one ratio; money that
    /// arrives for obligations reaches those of an epoch in proportion to what each is owed then, a closing epoch
    /// first; what an obligation has received is counted from its creation, whatever the order of collecting
    function _law_05_proRata(uint256 attackCount) internal view {
        require(breaches[5] == 0, "5: seen in the act");
        uint256 tolerance = obligationsMade + 1;
        _requireNear(fund.owed(), referenceOutstanding(), tolerance);
        for (uint256 i = 0; i < _codes.length; ++i) {
            bytes3 code = _codes[i];
            (uint256 owed, ) = fund.balanceOf(code);
            _requireNear(owed, referenceOwed(creditorOf(code)), tolerance);
        }
        for (uint256 attackId = 1; attackId <= attackCount; ++attackId) {
            (uint256 owed, ) = fund.earmarkOf(attackId);
            _requireNear(owed, referenceOwed(creditorOfEarmark(attackId)), tolerance);
        }
    }

    /// @notice a failed transfer changes nobody else's money
    function _law_09_claims(uint256 attackCount) internal {
        require(breaches[9] == 0, "9: seen in the act");
        for (uint256 i = 0; i < _codes.length; ++i) {
            bytes3 code = _codes[i];
            (uint256 owed, uint256 ready) = fund.balanceOf(code);
            require(claims[code] == disbursed[code] + owed + ready, "9: a member's claim changed");
        }
        for (uint256 attackId = 1; attackId <= attackCount; ++attackId) {
            (uint256 owed, uint256 held) = fund.earmarkOf(attackId);
            require(earmarkClaims[attackId] == owed + held, "9: an earmark's claim changed");
        }
        if (_isStopped() || token.paused()) return;
        // Whoever cannot be paid, all others can.
        for (uint256 i = 0; i < _codes.length; ++i) _checkCollecting(_codes[i]);
    }

    /// @notice replaying the events alone rebuilds the journal head, the reserve and the commitments
    function _law_11_replay() internal view {
        require(breaches[11] == 0, "11: the journal is broken");
        require(head == fund.head() && entries == fund.sequence(), "11: the head differs");
        require(reserve == fund.reserve(), "11: the reserve differs");
        require(committed == fund.committed(), "11: the commitments differ");
    }

    function _checkYear(IAttackRegister.Attack memory a, IAttackRegister.Attack[] memory attacks) private view {
        uint256 used = 0;
        uint256 limit = 0;
        for (uint256 i = 0; i < attacks.length; ++i) {
            IAttackRegister.Attack memory b = attacks[i];
            if (b.recognisedAt == 0 || b.member != a.member || b.coverYear != a.coverYear) continue;
            used += b.decision == IAttackRegister.Decision.Closed ? b.awarded : b.committed;
            limit = Math.max(limit, b.yearlyLimit);
        }
        require(used <= limit, "3: a year of cover beyond its limit");
        require(used == register.usedOf(a.member, a.coverYear), "3: what a year of cover has used");
    }

    /// @dev Campaigns hold no more than there is, unless the council has voided an award; what was bought is recorded.
    function _checkCampaigns(uint256 attackId) private view {
        (, uint256 held) = fund.earmarkOf(attackId);
        uint256 reserved = distributor.reserved(attackId);
        require(reserved <= held || shortened[attackId], "3: campaigns hold more than the earmark");
        uint256 recorded = register.boughtBy(attackId, type(uint48).max);
        require(recorded == bought[attackId], "3: purchases recorded otherwise");
    }

    function _checkCollecting(bytes3 code) private {
        (, uint256 ready) = fund.balanceOf(code);
        if (ready == 0) return;
        address to = registry.treasuryToPay(code);
        if (to == address(0)) return;
        uint256 before = token.balanceOf(to);
        uint256 reserveBefore = fund.reserve();
        uint256 owedBefore = fund.owed();
        vm.prank(stranger);
        try fund.collect(code) returns (uint256 amount) {
            require(!token.isBlocked(to) && amount == ready, "9: collected otherwise");
            require(token.balanceOf(to) == before + ready, "9: not received");
        } catch {
            require(token.isBlocked(to), "9: a failing account delays another");
            (, uint256 still) = fund.balanceOf(code);
            require(still == ready, "9: a failed transfer changed a claim");
        }
        require(fund.reserve() == reserveBefore && fund.owed() == owedBefore, "9: collecting moved other money");
    }

    function _requireNear(uint256 a, uint256 b, uint256 tolerance) private pure {
        require(a <= b + tolerance && b <= a + tolerance, "5: owed out of proportion");
    }

    function _total(ICrisisFund.Kind kind) private view returns (uint256) {
        return total[uint256(kind)];
    }
}
