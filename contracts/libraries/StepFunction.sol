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

    /// @param count How many steps there are
    /// @param byPlace The steps in order, from place 1; at place 0 lies the empty one. A list would check its length at
    /// every look-up.
    struct Steps {
        uint256 count;
        mapping(uint256 place => Step) byPlace;
    }

    /// @notice A step would lie before the last one, whose sum is already relied upon.
    error StepOutOfOrder(uint256 from, uint256 last);

    /// @notice The step that holds at `position`; an empty step if none does.
    function at(Steps storage steps, uint256 position) internal view returns (Step storage) {
        uint256 high = steps.count;
        // Most look-ups are for the newest steps.
        if (steps.byPlace[high].from <= position) return steps.byPlace[high];
        uint256 low = 0;
        --high;
        while (low < high) {
            uint256 middle = (low + high + 1) / 2;
            if (steps.byPlace[middle].from <= position) low = middle;
            else high = middle - 1;
        }
        return steps.byPlace[low];
    }

    /// @notice The last step, whether or not it holds yet; an empty step if there is none.
    function last(Steps storage steps) internal view returns (Step storage) {
        return steps.byPlace[steps.count];
    }

    /// @notice Appends a step; one at the position of the last takes its place.
    function set(Steps storage steps, Step memory step) internal {
        uint256 place = steps.count;
        uint256 lastFrom = steps.byPlace[place].from;
        require(step.from >= lastFrom, StepOutOfOrder(step.from, lastFrom));
        if (place == 0 || step.from > lastFrom) steps.count = ++place;
        steps.byPlace[place] = step;
    }

    /// @notice Takes the last step away; there must be one.
    function removeLast(Steps storage steps) internal {
        delete steps.byPlace[steps.count--];
    }
}
