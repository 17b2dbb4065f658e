// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {CountryCode} from "../../contracts/libraries/CountryCode.sol";

/// @title Which of all codes of three bytes are valid
contract CountryCodeProofs {
    function validIsExactlyThreeCapitals(bytes3 code) external pure {
        bool capitals = _isCapital(code[0]) && _isCapital(code[1]) && _isCapital(code[2]);
        assert(CountryCode.isValid(code) == capitals);
    }

    function _isCapital(bytes1 letter) private pure returns (bool) {
        return letter >= "A" && letter <= "Z";
    }
}
