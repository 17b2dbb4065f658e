// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {StepFunction} from "../../contracts/libraries/StepFunction.sol";

/// @title What a look-up in a step function finds
/// @dev Up to three steps, so that the search ends within the rounds that the model checker unrolls.
contract StepFunctionProofs {
    using StepFunction for StepFunction.Step[];

    StepFunction.Step[] private _steps;

    function findsTheGreatestUpToThePosition(uint256 position, uint256 other) external view {
        require(_steps.length <= 3 && other < _steps.length);
        require(_steps.length < 2 || _steps[0].from < _steps[1].from);
        require(_steps.length < 3 || _steps[1].from < _steps[2].from);
        StepFunction.Step memory found = _steps.at(position);
        if (_steps[other].from > position) return;
        assert(found.from <= position);
        assert(found.from >= _steps[other].from);
    }

    function findsNothingBeforeTheFirst(uint256 position) external view {
        require(_steps.length > 0 && _steps.length <= 3 && position < _steps[0].from);
        require(_steps.length < 2 || _steps[0].from < _steps[1].from);
        require(_steps.length < 3 || _steps[1].from < _steps[2].from);
        assert(_steps.at(position).value == 0);
    }

    function neverGoesBack(StepFunction.Step memory step) external {
        uint256 length = _steps.length;
        uint256 lastFrom = _steps.last().from;
        _steps.set(step);
        assert(length == 0 || step.from >= lastFrom);
    }
}
