// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {Governed} from "./Governed.sol";
import {IAttackRegister} from "./interfaces/IAttackRegister.sol";
import {ILossPanel} from "./interfaces/ILossPanel.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";

/// @title LossPanel
contract LossPanel is Governed, ILossPanel {
    using Checkpoints for Checkpoints.Trace208;

    struct Report {
        uint128 loss;
        bool made;
    }

    uint256 public constant MOST_ASSESSORS = 15;
    uint256 public constant LEAST_REPORTS = 3;

    IMemberRegistry public immutable registry;
    IAttackRegister public immutable register;

    /// @dev By time, the version of the panel named then; versions count from 1.
    Checkpoints.Trace208 private _versions;
    mapping(uint256 version => Assessor[]) private _assessors;
    mapping(uint256 version => mapping(address account => uint256)) private _places; // counted from 1
    mapping(uint256 attackId => mapping(uint256 round => mapping(address account => Report))) private _reports;

    constructor(address timelock_, IMemberRegistry registry_, IAttackRegister register_) Governed(timelock_) {
        registry = registry_;
        register = register_;
    }

    /// @inheritdoc ILossPanel
    function report(uint256 attackId, uint256 round, uint128 loss, bytes32 evidence) external {
        IAttackRegister.Round memory r = register.round(attackId, round);
        require(r.open, PanelRoundNotOpen(attackId, round));
        require(
            block.timestamp >= r.endsAt && block.timestamp <= r.windowEnd,
            PanelOutsideWindow(r.endsAt, r.windowEnd)
        );
        uint256 version = _versionAt(r.endsAt);
        uint256 place = _places[version][msg.sender];
        require(place > 0, PanelNotAssessor(msg.sender));
        bytes3 member = _assessors[version][place - 1].member;
        require(!_isConflicted(member, r.coercer), PanelConflicted(msg.sender, member));
        require(evidence != 0, PanelNoEvidence());
        Report storage own = _reports[attackId][round][msg.sender];
        require(!own.made, PanelAlreadyReported(msg.sender, attackId, round));

        own.loss = loss;
        own.made = true;
        emit Reported(attackId, round, msg.sender, loss, evidence);
        if (_isComplete(attackId, round, version, r.coercer)) _settleIfReady(attackId, round);
    }

    /// @inheritdoc ILossPanel
    function settle(uint256 attackId, uint256 round) external {
        require(register.round(attackId, round).open, PanelRoundNotOpen(attackId, round));
        (bool ready, uint128 median, uint256 reports, uint256 eligible) = verdict(attackId, round);
        require(ready, PanelNotReady(attackId, round, reports, _needed(eligible)));
        _settle(attackId, round, median, reports, eligible);
    }

    /// @inheritdoc ILossPanel
    function setAssessors(Assessor[] calldata assessors) external onlyCouncil {
        require(assessors.length <= MOST_ASSESSORS, PanelTooManyAssessors(assessors.length, MOST_ASSESSORS));
        uint256 version = _versions.latest() + 1;
        _versions.push(Time.timestamp(), uint208(version));
        for (uint256 i = 0; i < assessors.length; ++i) {
            Assessor calldata a = assessors[i];
            require(a.account != address(0) && registry.isMember(a.member), PanelInvalidAssessor(a.account, a.member));
            require(_places[version][a.account] == 0, PanelDuplicateAssessor(a.account));
            _assessors[version].push(a);
            _places[version][a.account] = i + 1;
        }
        emit AssessorsSet(version, assessors);
    }

    /// @inheritdoc ILossPanel
    function assessorsAt(uint256 timepoint) external view returns (Assessor[] memory) {
        return _assessors[_versionAt(timepoint)];
    }

    /// @inheritdoc ILossPanel
    function reportOf(
        uint256 attackId,
        uint256 round,
        address assessor
    ) external view returns (bool reported, uint128 loss) {
        Report storage own = _reports[attackId][round][assessor];
        return (own.made, own.loss);
    }

    /// @inheritdoc ILossPanel
    function verdict(
        uint256 attackId,
        uint256 round
    ) public view returns (bool ready, uint128 loss, uint256 reports, uint256 eligible) {
        IAttackRegister.Round memory r = register.round(attackId, round);
        Assessor[] memory assessors = _assessors[_versionAt(r.endsAt)];
        uint128[] memory losses = new uint128[](assessors.length);
        for (uint256 i = 0; i < assessors.length; ++i) {
            Report memory own = _reports[attackId][round][assessors[i].account];
            if (own.made) _insert(losses, reports++, own.loss);
            if (own.made || !_isConflicted(assessors[i].member, r.coercer)) ++eligible;
        }
        if (reports < LEAST_REPORTS) return (false, 0, reports, eligible);
        loss = losses[(reports - 1) / 2];
        bool windowOver = block.timestamp > r.windowEnd;
        ready = r.open && (reports == eligible || (windowOver && reports >= _needed(eligible)));
    }

    function _settleIfReady(uint256 attackId, uint256 round) private {
        (bool ready, uint128 median, uint256 reports, uint256 eligible) = verdict(attackId, round);
        if (ready) _settle(attackId, round, median, reports, eligible);
    }

    function _settle(uint256 attackId, uint256 round, uint128 loss, uint256 reports, uint256 eligible) private {
        emit Settled(attackId, round, loss, reports, eligible);
        register.settle(attackId, round, loss);
    }

    /// @dev Whether everybody who may report has. The first who has not ends the look-up.
    function _isComplete(uint256 attackId, uint256 round, uint256 version, bytes3 coercer) private view returns (bool) {
        Assessor[] storage assessors = _assessors[version];
        for (uint256 i = 0; i < assessors.length; ++i) {
            if (_reports[attackId][round][assessors[i].account].made) continue;
            if (!_isConflicted(assessors[i].member, coercer)) return false;
        }
        return true;
    }

    /// @dev A change applies to rounds that end after it.
    function _versionAt(uint256 endsAt) private view returns (uint256) {
        return endsAt == 0 ? 0 : _versions.upperLookupRecent(uint48(endsAt - 1));
    }

    /// @dev An assessor does not judge a coercer that the member that named it accuses too.
    function _isConflicted(bytes3 member, bytes3 coercer) private view returns (bool) {
        return register.openAttack(member, coercer) != 0;
    }

    /// @dev Half of those eligible, rounded up, and at least three.
    function _needed(uint256 eligible) private pure returns (uint256) {
        return Math.max(LEAST_REPORTS, Math.ceilDiv(eligible, 2));
    }

    /// @dev Inserts a loss into the first `length` entries, which are sorted.
    function _insert(uint128[] memory losses, uint256 length, uint128 loss) private pure {
        uint256 place = length;
        while (place > 0 && losses[place - 1] > loss) {
            losses[place] = losses[place - 1];
            --place;
        }
        losses[place] = loss;
    }
}
