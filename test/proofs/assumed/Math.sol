// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title What the proofs assume of OpenZeppelin's Math
/// @notice The model checker knows nothing of inline assembly, with which OpenZeppelin's functions are written. In the
/// proofs, and nowhere else, these stand for them: they say what is documented of each. `AssumedMath.t.sol` compares
/// the two.
library Math {
    enum Rounding {
        Floor,
        Ceil,
        Trunc,
        Expand
    }

    function min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    function max(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a : b;
    }

    function saturatingSub(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a - b : 0;
    }

    function ceilDiv(uint256 a, uint256 b) internal pure returns (uint256) {
        return a == 0 ? a / b : (a - 1) / b + 1;
    }

    function mulDiv(uint256 x, uint256 y, uint256 denominator) internal pure returns (uint256) {
        return (x * y) / denominator;
    }

    function mulDiv(uint256 x, uint256 y, uint256 denominator, Rounding rounding) internal pure returns (uint256) {
        uint256 product = x * y;
        bool up = rounding == Rounding.Ceil || rounding == Rounding.Expand;
        return product / denominator + (up && product % denominator > 0 ? 1 : 0);
    }
}
