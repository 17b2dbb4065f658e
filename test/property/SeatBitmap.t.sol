// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SeatBitmap} from "../../contracts/libraries/SeatBitmap.sol";

/// @title Sets of seats against a list of yes and no
contract SeatBitmapTest {
    using SeatBitmap for uint208;

    function testFuzz_countsEverySeatOnce(uint208 seats) external pure {
        uint256 counted = 0;
        for (uint256 seat = 0; seat < 208; ++seat) {
            if ((seats >> seat) & 1 == 1) ++counted;
        }
        require(seats.count() == counted, "count");
    }

    function testFuzz_containsExactlyItsSeats(uint208 seats, uint8 seat) external pure {
        bool expected = seat < 208 && (uint256(seats) / 2 ** seat) % 2 == 1;
        require(seats.contains(seat) == expected, "contains");
    }

    function testFuzz_addsThatSeatAndNoOther(uint208 seats, uint8 seat, uint8 other) external pure {
        uint208 added = seats.add(seat);
        require(added.contains(seat) == (seat < 208), "not added");
        if (other != seat) require(added.contains(other) == seats.contains(other), "another changed");
        bool isNew = seat < 208 && !seats.contains(seat);
        require(added.count() == seats.count() + (isNew ? 1 : 0), "count");
    }

    function testFuzz_removesThatSeatAndNoOther(uint208 seats, uint8 seat, uint8 other) external pure {
        uint208 removed = seats.remove(seat);
        require(!removed.contains(seat), "not removed");
        if (other != seat) require(removed.contains(other) == seats.contains(other), "another changed");
        require(removed.count() == seats.count() - (seats.contains(seat) ? 1 : 0), "count");
    }

    function test_countsNoneAndAll() external pure {
        require(uint208(0).count() == 0, "none");
        require(type(uint208).max.count() == 208, "all");
    }

    function test_knowsNoSeatBeyondTheLast() external pure {
        require(type(uint208).max.contains(207), "207");
        for (uint256 seat = 208; seat < 256; ++seat) {
            require(!type(uint208).max.contains(uint8(seat)), "contains");
            require(uint208(0).add(uint8(seat)) == 0, "add");
            require(type(uint208).max.remove(uint8(seat)) == type(uint208).max, "remove");
        }
    }
}
