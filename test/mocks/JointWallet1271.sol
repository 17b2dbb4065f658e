// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title A contract account of two keys
/// @notice Both sign for it (ERC-1271): its signature is one after the other, 130 bytes, as a multisig's is.
contract JointWallet1271 is IERC1271 {
    /// @notice The account of the key that signs first.
    address public immutable first;

    /// @notice The account of the key that signs second.
    address public immutable second;

    constructor(address first_, address second_) {
        first = first_;
        second = second_;
    }

    /// @notice Answers the ERC-1271 value if both keys signed this hash, else zeros.
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        bool signed =
            signature.length == 130 && _signed(first, hash, signature[:65]) && _signed(second, hash, signature[65:]);
        return signed ? IERC1271.isValidSignature.selector : bytes4(0);
    }

    function _signed(address key, bytes32 hash, bytes calldata signature) private pure returns (bool) {
        (address signer, ECDSA.RecoverError problem, ) = ECDSA.tryRecover(hash, signature);
        return problem == ECDSA.RecoverError.NoError && signer == key;
    }
}
