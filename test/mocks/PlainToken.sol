// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title OpenZeppelin's token and nothing else
/// @dev What the fund costs on it is what the fund itself costs.
contract PlainToken is ERC20, ERC20Permit {
    constructor() ERC20("Plain Token", "PLAIN") ERC20Permit("Plain Token") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
