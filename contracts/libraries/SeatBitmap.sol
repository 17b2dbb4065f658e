// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Sets of seats
/// @notice A set of seats 0 to 207, bit `n` standing for seat `n`. 208 bits leave 48 for a timestamp in the same slot.
library SeatBitmap {
    /// @dev How many seats there are, and so the most a set can hold.
    uint256 internal constant SEATS = 208;

    /// @dev Stands for no seat: no set holds it.
    uint8 internal constant NO_SEAT = type(uint8).max;

    /// @notice Tells whether `seat` is in the set. Seats of 208 and above never are.
    function contains(uint208 seats, uint8 seat) internal pure returns (bool) {
        return seats & _bit(seat) != 0;
    }

    /// @notice The set with `seat` in it. A seat of 208 or above changes nothing.
    function add(uint208 seats, uint8 seat) internal pure returns (uint208) {
        return seats | _bit(seat);
    }

    /// @notice The set without `seat`.
    function remove(uint208 seats, uint8 seat) internal pure returns (uint208) {
        return seats & ~_bit(seat);
    }

    /// @notice How many seats the set holds, 0 to 208.
    /// @dev Sums neighbouring fields of 1, 2, 4 … 128 bits: eight steps whatever the set holds.
    function count(uint208 seats) internal pure returns (uint256 total) {
        total = seats;
        total = (total & (type(uint256).max / 0x3)) + ((total >> 1) & (type(uint256).max / 0x3));
        total = (total & (type(uint256).max / 0x5)) + ((total >> 2) & (type(uint256).max / 0x5));
        total = (total & (type(uint256).max / 0x11)) + ((total >> 4) & (type(uint256).max / 0x11));
        total = (total & (type(uint256).max / 0x101)) + ((total >> 8) & (type(uint256).max / 0x101));
        total = (total & (type(uint256).max / 0x10001)) + ((total >> 16) & (type(uint256).max / 0x10001));
        total = (total & (type(uint256).max / 0x100000001)) + ((total >> 32) & (type(uint256).max / 0x100000001));
        total =
            (total & (type(uint256).max / ((1 << 64) + 1))) + ((total >> 64) & (type(uint256).max / ((1 << 64) + 1)));
        total = (total & type(uint128).max) + (total >> 128);
    }

    function _bit(uint8 seat) private pure returns (uint208) {
        return seat < SEATS ? uint208(1) << seat : 0;
    }
}
