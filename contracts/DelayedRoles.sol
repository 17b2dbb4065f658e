// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {Governed} from "./Governed.sol";
import {ICrisisFund} from "./interfaces/ICrisisFund.sol";

/// @title DelayedRoles
/// @dev The part of the fund that lets the council replace a module in daylight: a role works 30 days after it is
/// granted (what the founder grants works at once) and ends at once when it is revoked.
abstract contract DelayedRoles is Governed, ICrisisFund {
    uint48 public constant ROLE_DELAY = 30 days;

    /// @inheritdoc ICrisisFund
    /// @dev Not zero exactly while the account has the role.
    mapping(bytes32 role => mapping(address account => uint48)) public worksFrom;

    /// @dev When a role was last revoked from an account.
    mapping(bytes32 role => mapping(address account => uint48)) internal _revokedAt;

    function _checkRole(bytes32 role, address account) internal view override {
        uint48 from = worksFrom[role][account];
        if (from == 0) revert AccessControlUnauthorizedAccount(account, role);
        require(block.timestamp >= from, FundRoleNotYetWorking(role, account, from));
    }

    function _grantRole(bytes32 role, address account) internal override returns (bool granted) {
        granted = super._grantRole(role, account);
        if (!granted) return false;
        uint48 nowAt = Time.timestamp();
        uint48 from = msg.sender == founder && isFounding() ? nowAt : nowAt + ROLE_DELAY;
        worksFrom[role][account] = from;
        emit RoleScheduled(role, account, from);
    }

    function _revokeRole(bytes32 role, address account) internal override returns (bool revoked) {
        revoked = super._revokeRole(role, account);
        if (!revoked) return false;
        delete worksFrom[role][account];
        _revokedAt[role][account] = Time.timestamp();
    }
}
