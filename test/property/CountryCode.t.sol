// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {CountryCode} from "../../contracts/libraries/CountryCode.sol";

/// @title Codes are three capital letters, and nothing else
contract CountryCodeTest {
    bytes private constant LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    function testFuzz_isValidOnlyWithThreeLetters(bytes3 code) external pure {
        require(CountryCode.isValid(code) == (_isLetter(code[0]) && _isLetter(code[1]) && _isLetter(code[2])), "valid");
    }

    function testFuzz_acceptsAnyThreeLetters(uint8 a, uint8 b, uint8 c) external pure {
        require(CountryCode.isValid(_code(LETTERS[a % 26], LETTERS[b % 26], LETTERS[c % 26])), "refused");
    }

    function testFuzz_refusesOneOtherByte(uint8 a, uint8 b, bytes1 other, uint8 place) external pure {
        if (_isLetter(other)) return;
        bytes1 first = LETTERS[a % 26];
        bytes1 second = LETTERS[b % 26];
        bytes3 code =
            place % 3 == 0
                ? _code(other, first, second)
                : place % 3 == 1
                    ? _code(first, other, second)
                    : _code(first, second, other);
        require(!CountryCode.isValid(code), "accepted");
    }

    function test_refusesTheNeighboursOfTheLetters() external pure {
        bytes1[6] memory others = [bytes1("@"), "[", "`", "a", "z", 0x00];
        for (uint256 i = 0; i < others.length; ++i) {
            require(!CountryCode.isValid(_code(others[i], "T", "U")), "first");
            require(!CountryCode.isValid(_code("L", others[i], "U")), "second");
            require(!CountryCode.isValid(_code("L", "T", others[i])), "third");
        }
        require(CountryCode.isValid("AZA") && CountryCode.isValid("ZAZ"), "A and Z");
    }

    function _code(bytes1 a, bytes1 b, bytes1 c) private pure returns (bytes3) {
        return bytes3(abi.encodePacked(a, b, c));
    }

    function _isLetter(bytes1 letter) private pure returns (bool) {
        for (uint256 i = 0; i < LETTERS.length; ++i) {
            if (LETTERS[i] == letter) return true;
        }
        return false;
    }
}
