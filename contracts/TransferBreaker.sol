// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {DelayedRoles} from "./DelayedRoles.sol";
import {ICrisisFund} from "./interfaces/ICrisisFund.sol";

/// @title TransferBreaker
/// @dev The part of the fund that lets a guardian stop outgoing transfers once, for 28 days: long enough for a vote
/// and its timelock, which take 21. It ends by itself and stays disarmed until the council arms it again.
abstract contract TransferBreaker is DelayedRoles {
    uint48 public constant STOP = 28 days;

    /// @inheritdoc ICrisisFund
    address public guardian;

    /// @inheritdoc ICrisisFund
    bool public armed;

    /// @inheritdoc ICrisisFund
    uint48 public stoppedUntil;

    uint48 private _stoppedFrom;
    uint48 private _stoppedBefore;

    constructor(address guardian_) {
        _setGuardian(guardian_);
        _arm();
    }

    modifier whenNotStopped() {
        uint48 until = stoppedUntil;
        require(block.timestamp >= until, FundTransfersStopped(until));
        _;
    }

    /// @inheritdoc ICrisisFund
    function setGuardian(address newGuardian) external onlyCouncil {
        _setGuardian(newGuardian);
    }

    /// @inheritdoc ICrisisFund
    function arm() external onlyCouncil whenNotStopped {
        _arm();
    }

    /// @inheritdoc ICrisisFund
    function stopTransfers() external {
        require(msg.sender == guardian, FundNotGuardian(msg.sender));
        require(armed, FundBreakerDisarmed());

        _stoppedBefore = uint48(stoppedTime());
        armed = false;
        _stoppedFrom = Time.timestamp();
        stoppedUntil = Time.timestamp() + STOP;
        emit TransfersStopped(msg.sender, stoppedUntil);
    }

    /// @inheritdoc ICrisisFund
    function resumeTransfers() external {
        if (msg.sender != guardian) _checkRole(DEFAULT_ADMIN_ROLE, msg.sender);
        require(_isStopped(), FundBreakerDisarmed());

        stoppedUntil = Time.timestamp();
        emit TransfersResumed(msg.sender);
    }

    /// @inheritdoc ICrisisFund
    function stoppedTime() public view returns (uint256) {
        return _stoppedBefore + Math.min(block.timestamp, stoppedUntil) - _stoppedFrom;
    }

    function _isStopped() internal view returns (bool) {
        return block.timestamp < stoppedUntil;
    }

    function _setGuardian(address newGuardian) private {
        guardian = newGuardian;
        emit GuardianSet(newGuardian);
    }

    function _arm() private {
        armed = true;
        emit BreakerArmed();
    }
}
