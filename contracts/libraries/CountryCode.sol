// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title ISO 3166-1 alpha-3 codes as `bytes3`
library CountryCode {
    /// @notice Tells whether a code is three capital letters A to Z.
    function isValid(bytes3 code) internal pure returns (bool) {
        for (uint256 i = 0; i < 3; ++i) {
            if (code[i] < "A" || code[i] > "Z") return false;
        }
        return true;
    }
}
