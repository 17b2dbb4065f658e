// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that fails without reverting
/// @notice Told to refuse, it moves nothing and answers `false`.
contract FalseReturnToken is ERC20("False Return Token", "FRT") {
    /// @notice Whether transfers are refused.
    bool public refuses;

    /// @notice Makes money for anybody.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Tells the token to refuse transfers, or to make them again.
    function setRefuses(bool refuses_) external {
        refuses = refuses_;
    }

    /// @notice Sends the caller's money, or answers `false`.
    function transfer(address to, uint256 amount) public override returns (bool) {
        return refuses ? false : super.transfer(to, amount);
    }

    /// @notice Sends another's money, or answers `false`.
    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return refuses ? false : super.transferFrom(from, to, amount);
    }

    /// @notice Six decimals: a base unit is a millionth.
    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
