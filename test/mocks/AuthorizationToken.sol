// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @title OpenZeppelin's token with EIP-3009 as it is written
/// @dev It takes an authorization as v, r and s, and in no other form.
contract AuthorizationToken is ERC3009 {
    constructor() ERC20("Authorization Token", "AUTH") EIP712("Authorization Token", "1") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
