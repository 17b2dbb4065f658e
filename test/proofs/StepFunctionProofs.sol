// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {StepFunction} from "../../contracts/libraries/StepFunction.sol";

/// @title What a look-up in a step function finds
/// @dev Up to three steps, so that the search ends within the rounds that the model checker unrolls.
contract StepFunctionProofs {
    using StepFunction for StepFunction.Steps;

    StepFunction.Steps private _steps;

    function findsTheGreatestUpToThePosition(uint256 position, uint256 other) external view {
        require(_steps.count <= 3 && other > 0 && other <= _steps.count);
        require(_steps.byPlace[0].from == 0 && _steps.byPlace[0].value == 0);
        require(_steps.count < 2 || _steps.byPlace[1].from < _steps.byPlace[2].from);
        require(_steps.count < 3 || _steps.byPlace[2].from < _steps.byPlace[3].from);
        StepFunction.Step memory found = _steps.at(position);
        if (_steps.byPlace[other].from > position) return;
        assert(found.from <= position);
        assert(found.from >= _steps.byPlace[other].from);
    }

    function findsNothingBeforeTheFirst(uint256 position) external view {
        require(_steps.count > 0 && _steps.count <= 3 && position < _steps.byPlace[1].from);
        require(_steps.byPlace[0].from == 0 && _steps.byPlace[0].value == 0);
        require(_steps.count < 2 || _steps.byPlace[1].from < _steps.byPlace[2].from);
        require(_steps.count < 3 || _steps.byPlace[2].from < _steps.byPlace[3].from);
        assert(_steps.at(position).value == 0);
    }

    function neverGoesBack(StepFunction.Step memory step) external {
        uint256 length = _steps.count;
        require(length < type(uint32).max && _steps.byPlace[0].from == 0);
        uint256 lastFrom = _steps.last().from;
        _steps.set(step);
        assert(length == 0 || step.from >= lastFrom);
    }
}
