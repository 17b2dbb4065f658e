// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {Electorate} from "./Electorate.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";

/// @title MemberKeys
/// @dev The part of the registry that changes a member's two accounts: by the member itself, or by the council when a
/// member has lost them.
abstract contract MemberKeys is Electorate {
    uint48 public constant KEY_DELAY = 3 days;
    uint48 public constant RECOVERY_DELAY = 30 days;
    uint48 public constant RECOVERY_REPEAT = 365 days;

    mapping(bytes3 code => KeyChange) private _keyChanges;
    mapping(bytes3 code => uint48) private _recoveredAt;
    mapping(bytes3 code => mapping(address account => bool)) private _stopUsed;

    /// @inheritdoc IMemberRegistry
    function applyKeys(bytes3 code) external {
        KeyChange memory change = _keyChanges[code];
        require(change.readyAt != 0, MemberNoKeyChange(code));
        require(block.timestamp >= change.readyAt, MemberKeysNotReady(code, change.readyAt));
        require(
            change.accepted || change.recovery || change.treasury == address(0),
            MemberKeysNotAccepted(code, change.treasury)
        );

        _dropKeyChange(code);
        if (_holderOf(change.treasury, code) != 0 || _holderOf(change.delegate, code) != 0) {
            emit KeysStopped(code, msg.sender);
            return;
        }
        Member storage m = _members[code];
        if (change.treasury != address(0)) m.treasury = _replaceAccount(m.treasury, change.treasury);
        if (change.delegate != address(0)) m.delegate = _replaceAccount(m.delegate, change.delegate);
        emit KeysChanged(code, m.treasury, m.delegate);
    }

    /// @inheritdoc IMemberRegistry
    function acceptKeys(bytes3 code) external {
        KeyChange storage change = _keyChanges[code];
        require(change.readyAt != 0 && !change.recovery, MemberNoKeyChange(code));
        require(msg.sender == change.treasury, MemberUnauthorized(code, msg.sender));

        change.accepted = true;
        emit KeysAccepted(code, msg.sender);
    }

    /// @inheritdoc IMemberRegistry
    function proposeKeys(bytes3 code, address newTreasury, address newDelegate) external onlyTreasury(code) {
        KeyChange memory present = _keyChanges[code];
        require(present.readyAt == 0 || !present.recovery, MemberRecoveryPending(code));
        uint48 readyAt = Time.timestamp() + KEY_DELAY;
        _setKeyChange(code, KeyChange(newTreasury, readyAt, false, false, false, newDelegate));
        emit KeysProposed(code, newTreasury, newDelegate, readyAt);
    }

    /// @inheritdoc IMemberRegistry
    function stopKeys(bytes3 code) external onlyAccounts(code) {
        KeyChange memory change = _keyChanges[code];
        require(change.readyAt != 0, MemberNoKeyChange(code));
        require(!change.unstoppable, MemberRecoveryUnstoppable(code));
        bool stays = (msg.sender == _members[code].treasury ? change.treasury : change.delegate) == address(0);
        if (change.recovery && !stays) {
            require(!_stopUsed[code][msg.sender], MemberStopUsed(code, msg.sender));
            _stopUsed[code][msg.sender] = true;
        }

        _dropKeyChange(code);
        emit KeysStopped(code, msg.sender);
    }

    /// @inheritdoc IMemberRegistry
    function recoverKeys(bytes3 code, address newTreasury, address newDelegate) external onlyCouncil {
        uint48 nowAt = Time.timestamp();
        uint48 before = _recoveredAt[code];
        KeyChange memory present = _keyChanges[code];
        // A decision that replaces one under way repeats it: else two made together could not be stopped at all.
        bool unstoppable = present.recovery ? present.unstoppable : before != 0 && nowAt <= before + RECOVERY_REPEAT;
        _recoveredAt[code] = nowAt;
        uint48 readyAt = nowAt + RECOVERY_DELAY;
        _setKeyChange(code, KeyChange(newTreasury, readyAt, true, unstoppable, false, newDelegate));
        emit RecoveryDecided(code, newTreasury, newDelegate, readyAt, unstoppable);
    }

    /// @inheritdoc IMemberRegistry
    function treasuryToPay(bytes3 code) external view returns (address) {
        Member storage m = _members[code];
        return m.transfersWait ? address(0) : m.treasury;
    }

    /// @inheritdoc IMemberRegistry
    function keyChange(bytes3 code) external view returns (KeyChange memory) {
        return _keyChanges[code];
    }

    function _setKeyChange(bytes3 code, KeyChange memory change) private {
        Member storage m = _members[code];
        require(m.status != Status.None, MemberWrongStatus(code, m.status));
        require(change.treasury != address(0) || change.delegate != address(0), MemberNothingChanges(code));
        require(change.treasury != change.delegate, MemberSameAccount(change.treasury));
        _requireFree(change.treasury, code);
        _requireFree(change.delegate, code);
        _dropKeyChange(code);
        _keyChanges[code] = change;
        if (!change.recovery) return;
        m.transfersWait = true;
        // Else another member could take the account meanwhile, and the recovery would fail.
        _reserve(change.treasury, code);
        _reserve(change.delegate, code);
    }

    function _dropKeyChange(bytes3 code) private {
        KeyChange memory change = _keyChanges[code];
        delete _keyChanges[code];
        if (!change.recovery) return;
        _reserve(change.treasury, 0);
        _reserve(change.delegate, 0);
        _members[code].transfersWait = false;
    }

    function _replaceAccount(address from, address to) private returns (address) {
        _serve(to, accountOf(from));
        _serve(from, Account(0, Role.None, false, 0));
        return to;
    }
}
