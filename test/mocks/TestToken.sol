// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC3009, IERC3009Cancel} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title The settlement token of local chains
/// @notice A six-decimal token with what a regulated stablecoin brings: permits (ERC-2612), authorizations by signature
/// (EIP-3009) of keys and of contract accounts (ERC-1271), and an issuer who can block an account or pause everything.
/// @dev OpenZeppelin's ERC-3009 reads some validity times as block numbers and publishes no type hashes; deployed
/// stablecoins do neither, so the authorizations are written here.
contract TestToken is ERC20, ERC20Permit, IERC3009, IERC3009Cancel, Ownable, Pausable {
    /// @notice The EIP-712 type of a transfer that anybody may bring.
    bytes32 public constant TRANSFER_WITH_AUTHORIZATION_TYPEHASH = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,"
        "uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    /// @notice The EIP-712 type of a transfer that only the payee may bring.
    bytes32 public constant RECEIVE_WITH_AUTHORIZATION_TYPEHASH = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,"
        "uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    /// @notice The EIP-712 type of a cancellation.
    bytes32 public constant CANCEL_AUTHORIZATION_TYPEHASH = keccak256(
        "CancelAuthorization(address authorizer,bytes32 nonce)"
    );

    /// @notice Whether the issuer has blocked an account. It can then neither send nor receive, neither approve nor be
    /// approved, nor call another's transfer.
    mapping(address account => bool) public isBlocked;

    /// @notice Whether an authorization was used or cancelled.
    mapping(address authorizer => mapping(bytes32 nonce => bool)) public authorizationState;

    /// @notice The issuer has blocked an account.
    event Blocked(address indexed account);

    /// @notice The issuer has released a blocked account.
    event Unblocked(address indexed account);

    /// @notice The account is blocked by the issuer.
    error AccountBlocked(address account);

    /// @notice The authorization works only after `validAfter`.
    error AuthorizationNotYetValid(uint256 validAfter, uint256 timestamp);

    /// @notice The authorization worked only before `validBefore`.
    error AuthorizationExpired(uint256 validBefore, uint256 timestamp);

    /// @notice The authorization was used or cancelled.
    error AuthorizationSpent(address authorizer, bytes32 nonce);

    /// @notice The signature is not the authorizer's.
    error AuthorizationNotSigned(address authorizer);

    /// @notice Only the payee may bring this authorization.
    error CallerNotPayee(address caller, address payee);

    constructor(address issuer) ERC20("Test Token", "TEST") ERC20Permit("Test Token") Ownable(issuer) {}

    // Anyone

    /// @notice Moves money by the payer's signature.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        transferWithAuthorization(from, to, value, validAfter, validBefore, nonce, abi.encodePacked(r, s, v));
    }

    /// @notice Moves money by the payer's signature; a contract account answers for its own.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes memory signature
    ) public {
        bytes32 typeHash = TRANSFER_WITH_AUTHORIZATION_TYPEHASH;
        _requireSigned(from, abi.encode(typeHash, from, to, value, validAfter, validBefore, nonce), signature);
        _useAuthorization(from, nonce, validAfter, validBefore);
        _transfer(from, to, value);
    }

    /// @notice The payee draws money by the payer's signature.
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
    ) external {
        receiveWithAuthorization(from, to, value, validAfter, validBefore, nonce, abi.encodePacked(r, s, v));
    }

    /// @notice The payee draws money by the payer's signature; a contract account answers for its own.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes memory signature
    ) public {
        require(to == _msgSender(), CallerNotPayee(_msgSender(), to));
        bytes32 typeHash = RECEIVE_WITH_AUTHORIZATION_TYPEHASH;
        _requireSigned(from, abi.encode(typeHash, from, to, value, validAfter, validBefore, nonce), signature);
        _useAuthorization(from, nonce, validAfter, validBefore);
        _transfer(from, to, value);
    }

    /// @notice Ends an authorization that was not used.
    function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external {
        cancelAuthorization(authorizer, nonce, abi.encodePacked(r, s, v));
    }

    /// @notice Ends an authorization that was not used; a contract account answers for its own signature.
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes memory signature) public whenNotPaused {
        _requireSigned(authorizer, abi.encode(CANCEL_AUTHORIZATION_TYPEHASH, authorizer, nonce), signature);
        _spendNonce(authorizer, nonce);
        emit AuthorizationCanceled(authorizer, nonce);
    }

    // Issuer

    /// @notice Makes new money.
    function mint(address to, uint256 amount) external onlyOwner {
        _mint(to, amount);
    }

    /// @notice Blocks an account.
    function blockAccount(address account) external onlyOwner {
        isBlocked[account] = true;
        emit Blocked(account);
    }

    /// @notice Releases a blocked account.
    function unblockAccount(address account) external onlyOwner {
        isBlocked[account] = false;
        emit Unblocked(account);
    }

    /// @notice Stops every transfer and approval.
    function pause() external onlyOwner {
        _pause();
    }

    /// @notice Ends the pause.
    function unpause() external onlyOwner {
        _unpause();
    }

    // Views

    /// @notice Six decimals: a base unit is a millionth.
    function decimals() public pure override returns (uint8) {
        return 6;
    }

    // Internal

    function _update(address from, address to, uint256 value) internal override whenNotPaused {
        _requireNotBlocked(_msgSender());
        _requireNotBlocked(from);
        _requireNotBlocked(to);
        super._update(from, to, value);
    }

    function _approve(address holder, address spender, uint256 value, bool emitEvent) internal override whenNotPaused {
        _requireNotBlocked(holder);
        _requireNotBlocked(spender);
        super._approve(holder, spender, value, emitEvent);
    }

    function _useAuthorization(address from, bytes32 nonce, uint256 validAfter, uint256 validBefore) private {
        require(block.timestamp > validAfter, AuthorizationNotYetValid(validAfter, block.timestamp));
        require(block.timestamp < validBefore, AuthorizationExpired(validBefore, block.timestamp));
        _spendNonce(from, nonce);
        emit AuthorizationUsed(from, nonce);
    }

    function _spendNonce(address authorizer, bytes32 nonce) private {
        require(!authorizationState[authorizer][nonce], AuthorizationSpent(authorizer, nonce));
        authorizationState[authorizer][nonce] = true;
    }

    function _requireSigned(address authorizer, bytes memory message, bytes memory signature) private view {
        bytes32 digest = _hashTypedDataV4(keccak256(message));
        require(
            SignatureChecker.isValidSignatureNow(authorizer, digest, signature),
            AuthorizationNotSigned(authorizer)
        );
    }

    function _requireNotBlocked(address account) private view {
        require(!isBlocked[account], AccountBlocked(account));
    }
}
