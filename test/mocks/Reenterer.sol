// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ITransferHook} from "./HookToken.sol";

/// @title What tries to re-enter
/// @notice An account that may hold roles and tokens. Aimed at a call, it makes it once, from within the next transfer
/// that calls its hook, and remembers the answer.
contract Reenterer is ITransferHook {
    /// @notice Whether the call was made.
    bool public tried;

    /// @notice Whether it succeeded.
    bool public succeeded;

    /// @notice What it answered, or why it reverted.
    bytes public answer;

    /// @notice Whether the transfer that calls the hook is refused.
    bool public refuses;

    /// @notice The account does not take the money.
    error MoneyRefused();

    address private _target;
    bytes private _data;

    /// @notice Names the call to make from within the next transfer.
    function aim(address target, bytes calldata data) external {
        _target = target;
        _data = data;
        tried = false;
        succeeded = false;
        answer = "";
    }

    /// @notice Tells the account to refuse transfers, or to take them again.
    function setRefuses(bool refuses_) external {
        refuses = refuses_;
    }

    /// @notice Makes a call as this account.
    function execute(address target, bytes calldata data) external returns (bytes memory) {
        return Address.functionCall(target, data);
    }

    /// @inheritdoc ITransferHook
    function onTransfer(address, address, uint256) external {
        require(!refuses, MoneyRefused());
        if (_target == address(0) || tried) return;
        tried = true;
        (succeeded, answer) = _target.call(_data);
    }
}
