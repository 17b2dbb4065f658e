// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MemberKeys} from "./MemberKeys.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {SeatBitmap} from "./libraries/SeatBitmap.sol";
import {PERIOD} from "./libraries/Units.sol";

/// @title ChangeLimit
/// @dev The part of the registry that bounds how many States are admitted, suspended and expelled in a period, so that
/// no majority can pack or purge the council: a tenth of the electorate, or three.
abstract contract ChangeLimit is MemberKeys {
    using SeatBitmap for uint208;

    uint256 public constant CHANGES_SHARE = 10;
    uint256 public constant CHANGES_FLOOR = 3;

    /// @inheritdoc IMemberRegistry
    uint48 public immutable genesis;

    /// @dev The changes in the period that is running, or in the last that had any.
    uint48 private _changesSince;
    uint16 private _changesMade; // 6 + 2 = 8 bytes, and the registry's own in the same slot

    constructor(uint48 genesis_) {
        require(genesis_ > block.timestamp, MemberGenesisPassed(genesis_));
        genesis = genesis_;
    }

    /// @inheritdoc IMemberRegistry
    function changesLeft() external view returns (uint256) {
        uint48 windowStart = _windowStart();
        return Math.saturatingSub(_changeLimit(windowStart), _changesIn(windowStart));
    }

    function _countChange() internal {
        uint48 windowStart = _windowStart();
        uint256 made = _changesIn(windowStart);
        // The first few need no look at the electorate.
        uint256 limit = made < CHANGES_FLOOR ? CHANGES_FLOOR : _changeLimit(windowStart);
        require(made < limit, MemberTooManyChanges(limit));
        _changesSince = windowStart;
        _changesMade = uint16(made + 1);
    }

    function _changesIn(uint48 windowStart) private view returns (uint256) {
        return _changesSince == windowStart ? _changesMade : 0;
    }

    /// @dev Before genesis there is one window of its own.
    function _windowStart() private view returns (uint48) {
        uint48 nowAt = clock();
        return nowAt < genesis ? genesis - PERIOD : nowAt - ((nowAt - genesis) % PERIOD);
    }

    /// @dev The limit follows the electorate of the window's first second.
    function _changeLimit(uint48 windowStart) private view returns (uint256) {
        uint256 seats = windowStart <= clock() ? electorateAt(windowStart).count() : 0;
        return Math.max(CHANGES_FLOOR, seats / CHANGES_SHARE);
    }
}
