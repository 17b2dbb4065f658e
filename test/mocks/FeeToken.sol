// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that keeps a fee
/// @notice Of every transfer one percent, rounded up, is burnt on the way, so less arrives than was sent.
contract FeeToken is ERC20("Fee Token", "FEE") {
    /// @notice Makes money for anybody.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Six decimals: a base unit is a millionth.
    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (from == address(0) || to == address(0)) return super._update(from, to, value);
        uint256 fee = (value + 99) / 100;
        super._update(from, address(0), fee);
        super._update(from, to, value - fee);
    }
}
