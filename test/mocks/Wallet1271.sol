// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title The smallest contract account
/// @notice One key sends its calls and signs for it (ERC-1271).
contract Wallet1271 is IERC1271 {
    /// @notice The account of the key.
    address public immutable owner;

    /// @notice Only the owner may send the account's calls.
    error CallerNotOwner(address caller, address owner);

    constructor(address owner_) {
        owner = owner_;
    }

    /// @notice Lets the account receive ether.
    receive() external payable {}

    /// @notice The owner sends a call as this account; what the call answers, or why it reverts, comes back.
    function execute(address target, bytes calldata data) external payable returns (bytes memory result) {
        require(msg.sender == owner, CallerNotOwner(msg.sender, owner));
        return Address.functionCallWithValue(target, data, msg.value);
    }

    /// @notice Answers the ERC-1271 value if the owner's key signed this hash, else zeros.
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer, ECDSA.RecoverError problem, ) = ECDSA.tryRecover(hash, signature);
        bool signed = problem == ECDSA.RecoverError.NoError && signer == owner;
        return signed ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
