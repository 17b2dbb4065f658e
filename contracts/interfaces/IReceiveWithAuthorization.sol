// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title EIP-3009: receiving by the payer's signed authorization
/// @notice Both forms in use: the one of the EIP for ECDSA signatures, and the one for any signature that an ERC-1271
/// account accepts, as USDC has it since version 2.2.
interface IReceiveWithAuthorization {
    /// @notice Moves `value` from the account that signed to the sender, who must be `to`.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Moves `value` from the account that signed to the sender, who must be `to`.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes memory signature
    ) external;
}
