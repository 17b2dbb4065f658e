// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";

/// @title Governed
/// @dev The admin of all roles is the timelock, and the founder until it renounces `DEFAULT_ADMIN_ROLE`. Founding then
/// is over for good: a role that the council might grant the founder later brings nothing of it back.
abstract contract Governed is AccessControl, IGoverned {
    /// @inheritdoc IGoverned
    address public immutable timelock;

    /// @inheritdoc IGoverned
    address public immutable founder;

    bool private _foundingOver;

    constructor(address timelock_) {
        require(timelock_ != address(0), GovernedZeroAddress());
        timelock = timelock_;
        founder = msg.sender;
        _grantRole(DEFAULT_ADMIN_ROLE, timelock_);
        _grantRole(DEFAULT_ADMIN_ROLE, msg.sender);
    }

    /// @dev Decisions of the council, and of the founder until it hands over.
    modifier onlyCouncil() {
        _checkRole(DEFAULT_ADMIN_ROLE, msg.sender);
        _;
    }

    /// @dev Acts of founding.
    modifier onlyFounder() {
        require(msg.sender == founder && isFounding(), GovernedFoundingIsOver(msg.sender));
        _;
    }

    /// @inheritdoc IGoverned
    function isFounding() public view returns (bool) {
        return !_foundingOver;
    }

    function _revokeRole(bytes32 role, address account) internal virtual override returns (bool) {
        if (role == DEFAULT_ADMIN_ROLE && account == founder) _foundingOver = true;
        return super._revokeRole(role, account);
    }
}
