// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title A contract account that misbehaves when it is asked for a signature
contract HostileWallet {
    /// @notice What it does when asked.
    enum Manner {
        Agrees,
        Declines,
        Reverts,
        AnswersTooMuch,
        AnswersTooLittle,
        BurnsGas
    }

    /// @notice What it does now.
    Manner public manner;

    constructor(Manner manner_) {
        manner = manner_;
    }

    /// @notice Makes it do something else.
    function setManner(Manner newManner) external {
        manner = newManner;
    }

    /// @notice Answers for any signature as its manner says.
    function isValidSignature(bytes32, bytes calldata) external view returns (bytes memory) {
        Manner now_ = manner;
        require(now_ != Manner.Reverts, "no");
        bytes4 agreed = IERC1271.isValidSignature.selector;
        // Only so can an answer have the wrong size.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            switch now_
            // Agrees
            case 0 {
                mstore(0, agreed)
                return(0, 32)
            }
            // AnswersTooMuch: the right word, and 100,000 bytes after it
            case 3 {
                mstore(0, agreed)
                return(0, 100032)
            }
            // AnswersTooLittle: only the four bytes
            case 4 {
                mstore(0, agreed)
                return(0, 4)
            }
            case 5 {
                for {} 1 {} {}
            }
        }
        return "";
    }
}
