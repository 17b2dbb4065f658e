// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title A token that answers nothing
/// @notice Transfers and approvals work, or revert, but return no value, as some of the oldest tokens do.
contract NoReturnToken {
    /// @notice The name of the token.
    string public constant name = "No Return Token";

    /// @notice The symbol of the token.
    string public constant symbol = "NRT";

    /// @notice Six decimals: a base unit is a millionth.
    uint8 public constant decimals = 6;

    /// @notice All money there is.
    uint256 public totalSupply;

    /// @notice What an account holds.
    mapping(address account => uint256) public balanceOf;

    /// @notice What a spender may still take from a holder.
    mapping(address holder => mapping(address spender => uint256)) public allowance;

    /// @notice Money has moved.
    event Transfer(address indexed from, address indexed to, uint256 value);

    /// @notice A holder has set what a spender may take.
    event Approval(address indexed holder, address indexed spender, uint256 value);

    /// @notice The account holds less than is to move.
    error BalanceTooSmall(address account, uint256 balance, uint256 needed);

    /// @notice The spender may take less than is to move.
    error AllowanceTooSmall(address spender, uint256 allowed, uint256 needed);

    /// @notice Makes money for anybody.
    function mint(address to, uint256 amount) external {
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
    }

    /// @notice Sends the caller's money.
    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    /// @notice Sends another's money, within what it allowed.
    function transferFrom(address from, address to, uint256 amount) external {
        uint256 allowed = allowance[from][msg.sender];
        require(allowed >= amount, AllowanceTooSmall(msg.sender, allowed, amount));
        allowance[from][msg.sender] = allowed - amount;
        _move(from, to, amount);
    }

    /// @notice Sets what a spender may take.
    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
    }

    function _move(address from, address to, uint256 amount) private {
        uint256 balance = balanceOf[from];
        require(balance >= amount, BalanceTooSmall(from, balance, amount));
        balanceOf[from] = balance - amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
    }
}
