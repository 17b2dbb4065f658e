// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {PERIOD, PPM} from "./Units.sol";

/// @title Arithmetic of assessments
/// @notice What a member owes is added up exactly, in millionths of a unit, and rounded up once when it is looked at.
library ContributionMath {
    /// @dev Lowest and highest weight, in ppm: 0.001% and 22%, the floor and the ceiling of the scale of assessments
    /// of the United Nations (General Assembly resolution 76/238).
    uint256 internal constant FLOOR = 10;
    uint256 internal constant CEILING = 220_000;

    /// @dev A period's assessment is due this long after the period begins, in seconds.
    uint48 internal constant GRACE = 30 days;

    /// @notice A member's weight: its capacity to pay, raised by its dependence on coercers.
    /// @param capacity Share of the alliance's capacity to pay, in ppm
    /// @param dependence Share of its trade that coercers can strike at, in ppm
    /// @param loading How far full dependence raises a weight, in ppm
    /// @return Weight in ppm, between `FLOOR` and `CEILING`
    /// @dev Both divisions round down, so that a scale rebased to the whole stays within it.
    function weight(uint256 capacity, uint256 dependence, uint256 loading) internal pure returns (uint256) {
        uint256 factor = PPM + Math.mulDiv(loading, dependence, PPM);
        return Math.min(Math.max(Math.mulDiv(capacity, factor, PPM), FLOOR), CEILING);
    }

    /// @notice What millionths of a unit come to in units.
    /// @dev Rounds up: members owe the whole of a unit begun.
    function toUnits(uint256 millionths) internal pure returns (uint256) {
        return Math.ceilDiv(millionths, PPM);
    }

    /// @notice The budget that, asked of all weights, would bring `amount` from those who take part in a call.
    /// @param amount What the call is to bring, in units
    /// @param weights Sum of the weights that take part, in ppm; not zero
    /// @dev Rounds up: a call brings at least what it is for.
    function callBudget(uint256 amount, uint256 weights) internal pure returns (uint256) {
        return Math.mulDiv(amount, PPM, weights, Math.Rounding.Ceil);
    }

    /// @notice The charge on a member that leaves: its share of what commitments and debts exceed the reserve by.
    /// @param memberWeight Its weight, in ppm
    /// @param allWeights Sum of all weights, its own included, in ppm; not zero
    /// @dev Rounds up: members owe the whole of a unit begun.
    function exitCharge(
        uint256 memberWeight,
        uint256 allWeights,
        uint256 owed,
        uint256 committed,
        uint256 reserve
    ) internal pure returns (uint256) {
        uint256 shortfall = Math.saturatingSub(owed + committed, reserve);
        return Math.mulDiv(memberWeight, shortfall, allWeights, Math.Rounding.Ceil);
    }

    /// @notice How many periods' assessments have been missed at `timestamp` if nothing was paid: those with a due
    /// date before it. A due date is met at its second and missed at the next.
    function periodsDue(uint256 genesis, uint256 timestamp) internal pure returns (uint256) {
        uint256 firstMissed = genesis + GRACE + 1;
        return timestamp < firstMissed ? 0 : (timestamp - firstMissed) / PERIOD + 1;
    }
}
