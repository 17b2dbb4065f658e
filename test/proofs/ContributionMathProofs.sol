// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ContributionMath} from "../../contracts/libraries/ContributionMath.sol";

/// @title What holds of assessments, whatever the figures
/// @dev Weights and ratios fit in 24 bits and amounts in 128, as in the ledger's storage.
contract ContributionMathProofs {
    function weightLiesWithinTheScale(uint24 capacity, uint24 dependence, uint24 loading) external pure {
        uint256 weight = ContributionMath.weight(capacity, dependence, loading);
        assert(weight >= ContributionMath.FLOOR);
        assert(weight <= ContributionMath.CEILING);
    }

    function unitsCoverTheMillionthsAndNoUnitMore(uint128 millionths) external pure {
        uint256 units = ContributionMath.toUnits(millionths);
        assert(units * 1e6 >= millionths);
        assert(units * 1e6 < uint256(millionths) + 1e6);
    }

    function exitChargesNothingWhileTheReserveCoversAll(
        uint24 weight,
        uint24 weights,
        uint128 owed,
        uint128 committed,
        uint128 reserve
    ) external pure {
        if (weights == 0 || uint256(owed) + committed > reserve) return;
        assert(ContributionMath.exitCharge(weight, weights, owed, committed, reserve) == 0);
    }

    function periodIsMissedTheSecondAfterItsDueDate(uint48 genesis, uint48 timestamp) external pure {
        uint256 missed = ContributionMath.periodsDue(genesis, timestamp);
        uint256 firstDue = uint256(genesis) + 30 days;
        if (missed > 0) assert(timestamp > firstDue + (missed - 1) * 90 days);
        assert(timestamp <= firstDue + missed * 90 days);
    }
}
