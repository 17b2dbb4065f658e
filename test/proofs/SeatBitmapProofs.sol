// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SeatBitmap} from "../../contracts/libraries/SeatBitmap.sol";

/// @title What a set of seats holds once a seat has gone
contract SeatBitmapProofs {
    using SeatBitmap for uint208;

    function lacksWhatWasRemoved(uint208 seats, uint8 seat) external pure {
        assert(!seats.remove(seat).contains(seat));
    }

    function removingBringsNobodyIn(uint208 seats, uint8 seat) external pure {
        uint208 left = seats.remove(seat);
        assert(left & seats == left);
    }

    function holdsNoSeatAboveTheLast(uint208 seats, uint8 seat) external pure {
        require(seat >= SeatBitmap.SEATS);
        assert(!seats.contains(seat));
    }
}
