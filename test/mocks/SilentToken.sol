// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that takes every call
/// @notice What it does not know, permits and authorizations among it, it accepts and does nothing for, as some wrapped
/// coins do.
contract SilentToken is ERC20("Silent Token", "HUSH") {
    /// @notice Counts the calls that were taken without effect.
    uint256 public unheard;

    /// @notice Takes any call.
    fallback() external {
        ++unheard;
    }

    /// @notice Makes money for anybody.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Six decimals: a base unit is a millionth.
    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
