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

    /// @dev The reports of two neighbouring places share a slot.
    struct Pair {
        uint120 evenLoss;
        uint120 oddLoss;
        bool evenMade;
        bool oddMade; // 15 + 15 + 1 + 1 = 32 bytes
    }

    /// @dev What the reports of a round come to; the median counts from `LEAST_REPORTS` on.
    struct Tally {
        uint256 reports;
        uint256 eligible;
        uint128 median;
    }

    uint256 public constant MOST_ASSESSORS = 15;
    uint256 public constant LEAST_REPORTS = 3;
    uint128 public constant MOST_LOSS = type(uint120).max; // no trade of any state comes near it

    IMemberRegistry public immutable registry;
    IAttackRegister public immutable register;

    /// @dev By time, the version of the panel named then; versions count from 1.
    Checkpoints.Trace208 private _versions;
    mapping(uint256 version => Assessor[]) private _assessors;
    mapping(uint256 version => mapping(address account => uint256)) private _places; // counted from 1
    mapping(uint256 attackId => mapping(uint256 round => mapping(uint256 halfPlace => Pair))) private _reports;

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
        uint256 place = _placeOf(msg.sender, version, r.coercer);
        require(evidence != 0, PanelNoEvidence());
        require(loss <= MOST_LOSS, PanelLossTooHigh(loss, MOST_LOSS));
        mapping(uint256 halfPlace => Pair) storage reports = _reports[attackId][round];
        (bool made, ) = _reportAt(reports, place);
        require(!made, PanelAlreadyReported(msg.sender, attackId, round));

        _write(reports[place / 2], place, uint120(loss));
        emit Reported(attackId, round, msg.sender, loss, evidence);
        Tally memory tally = _tally(_assessors[version], reports, r.coercer, false);
        if (_isComplete(tally)) _settle(attackId, round, tally);
    }

    /// @inheritdoc ILossPanel
    function settle(uint256 attackId, uint256 round) external {
        IAttackRegister.Round memory r = register.round(attackId, round);
        require(r.open, PanelRoundNotOpen(attackId, round));
        Tally memory tally = _tallyOf(attackId, round, r);
        require(_isReady(tally, r), PanelNotReady(attackId, round, tally.reports, _needed(tally.eligible)));
        _settle(attackId, round, tally);
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
        uint256 version = _versionAt(register.round(attackId, round).endsAt);
        return _reportAt(_reports[attackId][round], _places[version][assessor]);
    }

    /// @inheritdoc ILossPanel
    function verdict(
        uint256 attackId,
        uint256 round
    ) external view returns (bool ready, uint128 loss, uint256 reports, uint256 eligible) {
        IAttackRegister.Round memory r = register.round(attackId, round);
        Tally memory tally = _tallyOf(attackId, round, r);
        return (r.open && _isReady(tally, r), tally.median, tally.reports, tally.eligible);
    }

    function _settle(uint256 attackId, uint256 round, Tally memory tally) private {
        emit Settled(attackId, round, tally.median, tally.reports, tally.eligible);
        register.settle(attackId, round, tally.median);
    }

    function _tallyOf(
        uint256 attackId,
        uint256 round,
        IAttackRegister.Round memory r
    ) private view returns (Tally memory) {
        return _tally(_assessors[_versionAt(r.endsAt)], _reports[attackId][round], r.coercer, true);
    }

    /// @dev Counts the reports of a round; unless `whole`, only until an assessor is met who can still report.
    function _tally(
        Assessor[] storage assessors,
        mapping(uint256 halfPlace => Pair) storage reports,
        bytes3 coercer,
        bool whole
    ) private view returns (Tally memory tally) {
        uint256 count = assessors.length;
        uint128[] memory losses = new uint128[](count);
        for (uint256 i = 0; i < count; ++i) {
            (bool made, uint128 loss) = _reportAt(reports, i + 1);
            if (made) _insert(losses, tally.reports++, loss);
            else if (_isConflicted(assessors[i].member, coercer)) continue;
            ++tally.eligible;
            if (!made && !whole) break;
        }
        if (tally.reports >= LEAST_REPORTS) tally.median = losses[(tally.reports - 1) / 2];
    }

    /// @dev The place of an assessor who may judge this coercer.
    function _placeOf(address account, uint256 version, bytes3 coercer) private view returns (uint256 place) {
        place = _places[version][account];
        require(place > 0, PanelNotAssessor(account));
        bytes3 member = _assessors[version][place - 1].member;
        require(!_isConflicted(member, coercer), PanelConflicted(account, member));
    }

    function _write(Pair storage pair, uint256 place, uint120 loss) private {
        if (place % 2 == 0) (pair.evenLoss, pair.evenMade) = (loss, true);
        else (pair.oddLoss, pair.oddMade) = (loss, true);
    }

    /// @dev What the assessor at a place has reported; nothing at place 0, which is nobody's.
    function _reportAt(
        mapping(uint256 halfPlace => Pair) storage reports,
        uint256 place
    ) private view returns (bool made, uint128 loss) {
        Pair storage pair = reports[place / 2];
        return place % 2 == 0 ? (pair.evenMade, pair.evenLoss) : (pair.oddMade, pair.oddLoss);
    }

    /// @dev A change applies to rounds that end after it.
    function _versionAt(uint256 endsAt) private view returns (uint256) {
        return endsAt == 0 ? 0 : _versions.upperLookupRecent(uint48(endsAt - 1));
    }

    /// @dev An assessor does not judge a coercer that the member that named it accuses too.
    function _isConflicted(bytes3 member, bytes3 coercer) private view returns (bool) {
        return register.openAttack(member, coercer) != 0;
    }

    /// @dev Whether all who may report have, and enough.
    function _isComplete(Tally memory tally) private pure returns (bool) {
        return tally.reports >= LEAST_REPORTS && tally.reports == tally.eligible;
    }

    function _isReady(Tally memory tally, IAttackRegister.Round memory r) private view returns (bool) {
        return _isComplete(tally) || (block.timestamp > r.windowEnd && tally.reports >= _needed(tally.eligible));
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
