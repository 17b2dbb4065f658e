// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {StepFunction} from "../../contracts/libraries/StepFunction.sol";

/// @title Steps against a table with a value for every position
contract StepFunctionTest {
    using StepFunction for StepFunction.Steps;

    uint256 private constant POSITIONS = 40;

    StepFunction.Steps private _steps;

    function testFuzz_holdsWhatWasSetLast(uint256 seed, uint8 howMany) external {
        uint96[POSITIONS] memory values;
        uint128[POSITIONS] memory befores;
        uint32[POSITIONS] memory froms;
        uint256 from = seed % 3;
        for (uint256 i = 0; i < howMany % 12; ++i) {
            from += uint256(keccak256(abi.encode(seed, i))) % 4;
            if (from >= POSITIONS) break;
            StepFunction.Step memory step = StepFunction.Step(
                uint32(from),
                uint96(uint256(keccak256(abi.encode(seed, i, "value")))),
                uint128(uint256(keccak256(abi.encode(seed, i, "before"))))
            );
            _steps.set(step);
            for (uint256 p = from; p < POSITIONS; ++p) {
                values[p] = step.value;
                befores[p] = step.before;
                froms[p] = step.from;
            }
            _requireSame(_steps.last(), step);
        }
        for (uint256 p = 0; p < POSITIONS; ++p) {
            _requireSame(_steps.at(p), StepFunction.Step(froms[p], values[p], befores[p]));
        }
    }

    /// @dev The sum up to any position, from the step that holds there, is that of all values before it.
    function testFuzz_carriesTheSumFromStepToStep(uint256 seed, uint8 howMany) external {
        uint256[POSITIONS] memory values;
        uint256 from = 0;
        for (uint256 i = 0; i < howMany % 12; ++i) {
            uint96 value = uint96(uint256(keccak256(abi.encode(seed, i))) % 1e30);
            _steps.set(StepFunction.Step(uint32(from), value, uint128(_sum(values, from))));
            for (uint256 p = from; p < POSITIONS; ++p) values[p] = value;
            from += (seed >> (2 * i)) % 4;
            if (from >= POSITIONS) break;
        }
        for (uint256 p = 0; p < POSITIONS; ++p) {
            StepFunction.Step memory step = _steps.at(p);
            require(step.before + step.value * (p - step.from) == _sum(values, p), "sum");
        }
    }

    function testFuzz_neverGoesBack(uint32 first, uint32 second) external {
        _steps.set(StepFunction.Step(first, 1, 2));
        try this.set(StepFunction.Step(second, 3, 4)) {
            require(second >= first, "went back");
            require(_steps.count == (second == first ? 1 : 2), "one step a position");
        } catch (bytes memory reason) {
            require(second < first, "refused");
            bytes memory expected = abi.encodeWithSelector(StepFunction.StepOutOfOrder.selector, second, first);
            require(keccak256(reason) == keccak256(expected), "another error");
        }
    }

    /// @dev What held before the last step holds again, also where the next step begins earlier than that one did.
    function testFuzz_takesTheLastStepAway(uint32 from, uint32 gap, uint32 nextGap, uint32 position) external {
        StepFunction.Step memory kept = StepFunction.Step(from >> 2, 7, 9);
        uint32 lastFrom = kept.from + (gap >> 2) + 1;
        _steps.set(kept);
        _steps.set(StepFunction.Step(lastFrom, 11, 13));
        _steps.removeLast();
        _requireSame(_steps.last(), kept);
        _requireSame(_steps.at(uint256(lastFrom) + position), kept);

        StepFunction.Step memory next = StepFunction.Step(kept.from + (nextGap % (lastFrom - kept.from)), 17, 19);
        _steps.set(next);
        _requireSame(_steps.at(next.from), next);
        _requireSame(_steps.at(uint256(lastFrom) + position), next);
        if (next.from > kept.from) _requireSame(_steps.at(next.from - 1), kept);
        _steps.removeLast();
        if (next.from > kept.from) _steps.removeLast();
        _requireSame(_steps.last(), StepFunction.Step(0, 0, 0));
        _requireSame(_steps.at(uint256(lastFrom) + position), StepFunction.Step(0, 0, 0));
    }

    function test_isEmptyBeforeTheFirstStep() external {
        _requireSame(_steps.at(0), StepFunction.Step(0, 0, 0));
        _requireSame(_steps.last(), StepFunction.Step(0, 0, 0));
        _steps.set(StepFunction.Step(5, 7, 9));
        _requireSame(_steps.at(4), StepFunction.Step(0, 0, 0));
        _requireSame(_steps.at(5), StepFunction.Step(5, 7, 9));
    }

    /// @dev From outside, so that it can fail.
    function set(StepFunction.Step calldata step) external {
        _steps.set(step);
    }

    function _sum(uint256[POSITIONS] memory values, uint256 end) private pure returns (uint256 sum) {
        for (uint256 p = 0; p < end; ++p) sum += values[p];
    }

    function _requireSame(StepFunction.Step memory a, StepFunction.Step memory b) private pure {
        require(a.from == b.from && a.value == b.value && a.before == b.before, "another step");
    }
}
