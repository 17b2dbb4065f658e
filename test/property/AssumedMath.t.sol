// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Math as Assumed} from "../proofs/assumed/Math.sol";

/// @title What the proofs assume of OpenZeppelin's Math, against OpenZeppelin's Math
contract AssumedMathTest {
    function testFuzz_agreesOnTheLargerAndTheSmaller(uint256 a, uint256 b) external pure {
        require(Assumed.min(a, b) == Math.min(a, b), "min");
        require(Assumed.max(a, b) == Math.max(a, b), "max");
        require(Assumed.saturatingSub(a, b) == Math.saturatingSub(a, b), "saturatingSub");
        require(Assumed.min(a, a) == a && Assumed.max(a, a) == a && Assumed.saturatingSub(a, a) == 0, "equal");
    }

    function testFuzz_agreesOnQuotients(uint256 a, uint256 b) external pure {
        b = b == 0 ? 1 : b;
        require(Assumed.ceilDiv(a, b) == Math.ceilDiv(a, b), "ceilDiv");
        require(Assumed.ceilDiv(a, 1e6) == Math.ceilDiv(a, 1e6), "ceilDiv by a million");
        require(Assumed.ceilDiv(0, b) == Math.ceilDiv(0, b), "ceilDiv of nothing");
    }

    /// @dev Products that fit in a word: that those of the contracts do is among the proofs.
    function testFuzz_agreesOnProducts(uint128 x, uint128 y, uint128 denominator) external pure {
        uint256 d = denominator == 0 ? 1 : denominator;
        require(Assumed.mulDiv(x, y, d) == Math.mulDiv(x, y, d), "mulDiv");
        for (uint8 rounding = 0; rounding < 4; ++rounding) {
            require(
                Assumed.mulDiv(x, y, d, Assumed.Rounding(rounding)) == Math.mulDiv(x, y, d, Math.Rounding(rounding)),
                "mulDiv rounded"
            );
        }
        require(Assumed.mulDiv(x, d, d, Assumed.Rounding.Ceil) == Math.mulDiv(x, d, d, Math.Rounding.Ceil), "exact");
    }
}
