// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title What a hook contract of {HookToken} answers to
interface ITransferHook {
    /// @notice Money of an account that registered this hook has moved.
    function onTransfer(address from, address to, uint256 value) external;
}

/// @title A token that calls back
/// @notice After every transfer it calls the hooks that the sender and the receiver registered, so that a test can
/// re-enter what made the transfer.
contract HookToken is ERC20("Hook Token", "HOOK") {
    /// @notice The hook that is called for an account, if any.
    mapping(address account => ITransferHook) public hookOf;

    /// @notice Makes money for anybody.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Registers the hook of any account; the zero address removes it.
    function setHook(address account, ITransferHook hook) external {
        hookOf[account] = hook;
    }

    /// @notice Six decimals: a base unit is a millionth.
    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        _call(hookOf[from], from, to, value);
        _call(hookOf[to], from, to, value);
    }

    function _call(ITransferHook hook, address from, address to, uint256 value) private {
        if (address(hook) != address(0)) hook.onTransfer(from, to, value);
    }
}
