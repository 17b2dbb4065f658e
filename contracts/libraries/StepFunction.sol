// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Step functions with a running sum
/// @notice A value that holds from one position until the next step, and what had added up before it began to hold.
/// Steps are appended in order of position, so a look-up is a binary search and what lies before the last step never
/// changes.
library StepFunction {
    /// @param from First position (a period, or the number of a call) at which `value` holds
    /// @param value What holds from there
    /// @param before What had added up over all positions below `from`, in the unit of the caller's sum
    struct Step {
        uint32 from;
        uint96 value;
        uint128 before; // 32 + 96 + 128 = 256 bits: one slot
    }

    /// @notice A step would lie before the last one, whose sum is already relied upon.
    error StepOutOfOrder(uint256 from, uint256 last);

    /// @notice The step that holds at `position`; an empty step if none does.
    function at(Step[] storage steps, uint256 position) internal view returns (Step memory) {
        uint256 high = steps.length;
        if (high == 0) return Step(0, 0, 0);
        // Most look-ups are for the newest steps.
        Step memory newest = steps[high - 1];
        if (newest.from <= position) return newest;
        uint256 low = 0;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (steps[middle].from <= position) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? Step(0, 0, 0) : steps[low - 1];
    }

    /// @notice The last step, whether or not it holds yet; an empty step if there is none.
    function last(Step[] storage steps) internal view returns (Step memory) {
        return steps.length == 0 ? Step(0, 0, 0) : steps[steps.length - 1];
    }

    /// @notice Appends a step; one at the position of the last takes its place.
    function set(Step[] storage steps, Step memory step) internal {
        uint256 length = steps.length;
        if (length > 0) {
            uint256 lastFrom = steps[length - 1].from;
            require(step.from >= lastFrom, StepOutOfOrder(step.from, lastFrom));
            if (step.from == lastFrom) {
                steps[length - 1] = step;
                return;
            }
        }
        steps.push(step);
    }
}
