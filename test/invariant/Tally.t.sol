// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Stage} from "./Stage.t.sol";

/// @title What the acts of a campaign have done
abstract contract Tally is Stage {
    /// @dev What one call may cost, by EIP-7825.
    uint256 private constant MOST_GAS = 1 << 24;

    mapping(uint256 number => uint256) internal breaches;
    mapping(string what => uint256) public done;
    /// @notice How many acts there were, and how many of them found something to do.
    uint256 public acts;
    uint256 public effective;
    mapping(bytes4 selector => uint256) public effectiveOf;
    bool private _idle;
    uint256 private _gasBefore;

    /// @dev An act of a campaign: what it did is written down when it is over. All its calls together stay below what
    /// one call may cost.
    modifier act() {
        _begin();
        _;
        if (_gasBefore - gasleft() > MOST_GAS) _breach(13, "an act cost too much");
        _end();
    }

    /// @dev An act of so many calls that together they cost more than one may.
    modifier longAct() {
        _begin();
        _;
        _end();
    }

    function _did(string memory what) internal {
        _idle = false;
        ++done[what];
    }

    /// @dev What was tried and had to fail: alone it does not make an act effective.
    function _tried(string memory what) internal {
        ++done[what];
    }

    function _breach(uint256 number, string memory what) internal {
        ++breaches[number];
        ++done[what];
    }

    function _writeDown() internal virtual;

    function _begin() private {
        _idle = true;
        _gasBefore = gasleft();
    }

    function _end() private {
        ++acts;
        if (!_idle) {
            ++effective;
            ++effectiveOf[msg.sig];
        }
        _writeDown();
    }
}
