// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {AttackFiles} from "./AttackFiles.sol";
import {IAttackRegister} from "./interfaces/IAttackRegister.sol";
import {IContributionLedger} from "./interfaces/IContributionLedger.sol";
import {ICouncil} from "./interfaces/ICouncil.sol";
import {ICoverageBook} from "./interfaces/ICoverageBook.sol";
import {ICrisisFund} from "./interfaces/ICrisisFund.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {CountryCode} from "./libraries/CountryCode.sol";
import {IndemnityMath} from "./libraries/IndemnityMath.sol";
import {PPM} from "./libraries/Units.sol";

/// @title AttackFiling
/// @dev The part of the register that takes in what members file, and knows who may file which case and when. What
/// holds on that day is written into the file.
abstract contract AttackFiling is AttackFiles {
    using SafeCast for uint256;

    uint48 public constant FILING_TIME = 180 days;
    uint48 public constant REFILING_DELAY = 30 days;
    uint48 public constant SUCCESSION_TIME = 360 days;
    uint256 public constant MOST_SUCCESSORS = 2;
    uint256 public constant CAP_SHARE = 250_000; // of capital, in ppm

    ICrisisFund public immutable fund;
    IContributionLedger public immutable ledger;
    ICoverageBook public immutable coverage;

    mapping(bytes3 code => mapping(bytes32 evidence => bool)) private _evidenceUsed;

    constructor(
        address timelock_,
        IMemberRegistry registry_,
        ICrisisFund fund_,
        IContributionLedger ledger_,
        ICoverageBook coverage_,
        uint256 attacksBefore
    ) AttackFiles(timelock_, registry_, attacksBefore) {
        fund = fund_;
        ledger = ledger_;
        coverage = coverage_;
    }

    /// @inheritdoc IAttackRegister
    function notifyThreat(bytes3 code, bytes3 coercer, bytes32 evidence, string calldata uri) external {
        _requireActiveFiler(code);
        _requireCoercer(coercer);
        require(evidence != 0 && bytes(uri).length > 0, AttackNoEvidence());

        emit ThreatNotified(code, coercer, evidence, uri);
    }

    /// @inheritdoc IAttackRegister
    function file(
        bytes3 code,
        bytes3 coercer,
        Measure measure,
        uint48 startedAt,
        bytes32 evidence,
        string calldata uri,
        bytes32 incident,
        uint24 compensationShare
    ) external returns (uint256 attackId) {
        _requireActiveFiler(code);
        _requireCoercer(coercer);
        _requireCovered(code, startedAt);
        require(compensationShare <= PPM, AttackShareTooHigh(compensationShare));
        _useEvidence(code, evidence, uri);

        attackId = ++attackCount;
        Attack memory a;
        a.member = code;
        a.coercer = coercer;
        a.compensationShare = compensationShare;
        a.councilNumber = _councils.length.toUint16();
        a.filedAt = Time.timestamp();
        a.startedAt = startedAt;
        a.succession = _succeed(code, coercer, startedAt);
        _copyTerms(a);
        _write(_attacks[attackId], a);
        _pairs[code][coercer].last = uint128(attackId);

        registry.openCase(code);
        a.proposalId = ICouncil(council()).callVote(attackId, code).toUint48();
        _attacks[attackId].proposalId = a.proposalId;
        emit Filed(attackId, code, coercer, measure, evidence, uri, incident, a.proposalId, a);
    }

    /// @inheritdoc IAttackRegister
    function addMeasure(uint256 attackId, Measure measure, bytes32 evidence, string calldata uri) external {
        bytes3 code = _attacks[attackId].member;
        _requireActiveFiler(code);
        Status status = statusOf(attackId);
        require(_isOpen(status), AttackWrongStatus(attackId, status));
        _useEvidence(code, evidence, uri);

        emit MeasureAdded(attackId, measure, evidence, uri);
    }

    // Internal

    /// @dev Puts a case that failed away.
    function _drop(uint256 attackId, Status status) internal {
        Attack storage a = _attacks[attackId];
        require(a.decision == Decision.Open, AttackWrongStatus(attackId, status));
        a.decision = Decision.Dropped;
        emit Dropped(attackId, status);
        registry.closeCase(a.member);
    }

    function _isAccountOf(bytes3 code, address account) internal view returns (bool) {
        return code != 0 && registry.accountOf(account).code == code;
    }

    /// @dev Checks a new case against the last ones of its pair.
    /// @return succession 0 for a first case, else its place after the first
    function _succeed(bytes3 code, bytes3 coercer, uint48 startedAt) private returns (uint8 succession) {
        Pair memory pair = _pairs[code][coercer];
        if (pair.last != 0) {
            Status status = statusOf(pair.last);
            require(!_isOpen(status), AttackPairOpen(pair.last));
            if (status == Status.Rejected) {
                Attack storage failed = _attacks[pair.last];
                address voted = _councils[failed.councilNumber - 1].council;
                uint48 from = ICouncil(voted).failedAt(failed.proposalId) + REFILING_DELAY;
                require(block.timestamp >= from, AttackTooSoon(pair.last, from));
            }
            if (_attacks[pair.last].decision == Decision.Open) _drop(pair.last, status);
        }
        if (pair.lastRecognised == 0) return 0;
        Attack storage before = _attacks[pair.lastRecognised];
        uint48 ended = _end(before);
        if (startedAt >= ended + SUCCESSION_TIME) return 0;
        require(startedAt >= ended, AttackBeforePredecessorEnded(startedAt, ended));
        require(before.succession < MOST_SUCCESSORS, AttackTooManySuccessors(pair.lastRecognised));
        return before.succession + 1;
    }

    /// @dev What holds when the vote opens and the attack began is written down: nothing that happens later rewrites
    /// the case.
    function _copyTerms(Attack memory a) private view {
        (ICoverageBook.Terms memory terms, uint128 baseline) = coverage.coverAt(a.member, a.coercer, a.startedAt);
        a.cover = IndemnityMath.Cover(baseline, terms.ceding, terms.attachment, terms.exhaustion);
        a.yearlyLimit = terms.yearlyLimit;
        uint256 capital = fund.reserve() + ledger.room();
        // Rounds down: the fund pays rounded down.
        a.cap = Math.mulDiv(capital, CAP_SHARE, PPM).toUint104();
    }

    /// @dev Writes a new case down. The slots of recognition and rounds are left alone: touching them would cost.
    function _write(Attack storage written, Attack memory a) private {
        written.member = a.member;
        written.coercer = a.coercer;
        written.succession = a.succession;
        written.compensationShare = a.compensationShare;
        written.councilNumber = a.councilNumber;
        written.filedAt = a.filedAt;
        written.startedAt = a.startedAt;
        written.cover = a.cover;
        written.cap = a.cap;
        written.yearlyLimit = a.yearlyLimit;
    }

    function _useEvidence(bytes3 code, bytes32 evidence, string calldata uri) private {
        require(evidence != 0 && bytes(uri).length > 0, AttackNoEvidence());
        require(!_evidenceUsed[code][evidence], AttackEvidenceUsed(code, evidence));
        _evidenceUsed[code][evidence] = true;
    }

    function _requireCovered(bytes3 code, uint48 startedAt) private view {
        uint48 nowAt = Time.timestamp();
        require(
            startedAt <= nowAt && nowAt <= startedAt + FILING_TIME,
            AttackBadStart(startedAt, nowAt - FILING_TIME, nowAt)
        );
        IContributionLedger.Standing memory standing = ledger.standingOf(code);
        require(standing.good, AttackNotInGoodStanding(code));
        require(startedAt >= standing.coverFrom, AttackNotCovered(startedAt, standing.coverFrom));
        require(startedAt > standing.clearedAt, AttackNotCovered(startedAt, standing.clearedAt));
    }

    function _requireCoercer(bytes3 coercer) private view {
        require(CountryCode.isValid(coercer) && !registry.isMember(coercer), AttackInvalidCoercer(coercer));
    }

    function _requireActiveFiler(bytes3 code) private view {
        (bytes3 own, IMemberRegistry.Status status) = registry.memberAndStatusOf(msg.sender);
        require(code != 0 && own == code, AttackUnauthorized(code, msg.sender));
        require(status == IMemberRegistry.Status.Active, IMemberRegistry.MemberWrongStatus(code, status));
    }
}
