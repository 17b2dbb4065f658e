// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ContributionMath} from "../../contracts/libraries/ContributionMath.sol";
import {bound} from "../support/Vm.sol";

/// @title The arithmetic of assessments against the formulas written out
contract ContributionMathTest {
    uint256 private constant WHOLE = 1_000_000;

    /// @dev clamp(capacity × (1e6 + loading × dependence / 1e6) / 1e6, 10, 220,000)
    function testFuzz_weighsByCapacityAndDependence(
        uint256 capacity,
        uint256 dependence,
        uint256 loading
    ) external pure {
        capacity = bound(capacity, 0, WHOLE);
        dependence = bound(dependence, 0, WHOLE);
        loading = bound(loading, 0, WHOLE);
        uint256 weight = (capacity * (WHOLE + (loading * dependence) / WHOLE)) / WHOLE;
        if (weight < 10) weight = 10;
        if (weight > 220_000) weight = 220_000;
        require(ContributionMath.weight(capacity, dependence, loading) == weight, "weight");
    }

    function testFuzz_weighsNoLessForMore(uint256 capacity, uint256 dependence, uint256 loading) external pure {
        capacity = bound(capacity, 0, WHOLE - 1);
        dependence = bound(dependence, 0, WHOLE - 1);
        loading = bound(loading, 0, WHOLE - 1);
        uint256 weight = ContributionMath.weight(capacity, dependence, loading);
        require(ContributionMath.weight(capacity + 1, dependence, loading) >= weight, "capacity");
        require(ContributionMath.weight(capacity, dependence + 1, loading) >= weight, "dependence");
        require(ContributionMath.weight(capacity, dependence, loading + 1) >= weight, "loading");
    }

    function testFuzz_roundsAUnitBegunUp(uint256 millionths) external pure {
        millionths = bound(millionths, 0, type(uint256).max - WHOLE);
        uint256 units = ContributionMath.toUnits(millionths);
        require(units * WHOLE >= millionths, "too little");
        require(units == 0 ? millionths == 0 : (units - 1) * WHOLE < millionths, "too much");
    }

    /// @dev The least budget that brings the amount from those who take part.
    function testFuzz_callsForNoLessThanTheAmount(uint128 amount, uint256 weights) external pure {
        weights = bound(weights, 1, WHOLE);
        uint256 budget = ContributionMath.callBudget(amount, weights);
        require(budget * weights >= uint256(amount) * WHOLE, "too little");
        require(budget == 0 || (budget - 1) * weights < uint256(amount) * WHOLE, "too much");
    }

    function testFuzz_chargesALeaverItsShareOfTheShortfall(
        uint256 member,
        uint256 all,
        uint104 owed,
        uint104 committed,
        uint104 reserve
    ) external pure {
        all = bound(all, 10, WHOLE);
        member = bound(member, 1, all);
        uint256 charge = ContributionMath.exitCharge(member, all, owed, committed, reserve);
        uint256 needed = uint256(owed) + committed;
        if (needed <= reserve) return require(charge == 0, "no shortfall");
        uint256 share = member * (needed - reserve);
        require(charge * all >= share && (charge - 1) * all < share, "share");
    }

    /// @dev Counted one by one: period p is missed from the second after genesis + p × 90 days + 30 days.
    function testFuzz_countsPeriodsMissed(uint48 genesis, uint256 elapsed) external pure {
        uint256 timestamp = uint256(genesis) + bound(elapsed, 0, 40 * 90 days);
        uint256 missed = 0;
        while (timestamp > uint256(genesis) + missed * 90 days + 30 days) ++missed;
        require(ContributionMath.periodsDue(genesis, timestamp) == missed, "missed");
    }

    function testFuzz_missesAPeriodTheSecondAfterItIsDue(uint48 genesis, uint8 period) external pure {
        uint256 dueAt = uint256(genesis) + uint256(period) * 90 days + 30 days;
        require(ContributionMath.periodsDue(genesis, dueAt) == period, "at");
        require(ContributionMath.periodsDue(genesis, dueAt + 1) == uint256(period) + 1, "after");
        require(ContributionMath.periodsDue(genesis, dueAt - 1) == period, "before");
    }

    function testFuzz_missesNothingBeforeGenesis(uint48 genesis, uint48 timestamp) external pure {
        if (timestamp > genesis) return;
        require(ContributionMath.periodsDue(genesis, timestamp) == 0, "missed");
    }
}
