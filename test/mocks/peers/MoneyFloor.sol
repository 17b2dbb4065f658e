// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title The least that money in and out, member by member, can cost
/// @dev It leaves out what is asked and owed, standing, the journal, the breaker, tokens that answer nothing, and who
/// may award: anyone credits, anyone collects.
contract MoneyFloor {
    IERC20 private immutable _token;

    mapping(bytes3 code => uint256) private _paid;
    mapping(address payee => uint256) private _owed;

    event Paid(bytes3 indexed code, uint256 amount);
    event Collected(address indexed payee, uint256 amount);

    error TransferFailed();

    constructor(IERC20 token_) {
        _token = token_;
    }

    function pay(bytes3 code, uint256 amount) external {
        _paid[code] += amount;
        emit Paid(code, amount);
        require(_token.transferFrom(msg.sender, address(this), amount), TransferFailed());
    }

    function owe(address payee, uint256 amount) external {
        _owed[payee] += amount;
    }

    function collect(address payee, uint256 amount) external {
        _owed[payee] -= amount;
        emit Collected(payee, amount);
        require(_token.transfer(payee, amount), TransferFailed());
    }
}
