// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {AttackFiles} from "./AttackFiles.sol";
import {IAttackRegister} from "./interfaces/IAttackRegister.sol";
import {IContributionLedger} from "./interfaces/IContributionLedger.sol";
import {ICouncil} from "./interfaces/ICouncil.sol";
import {ICoverageBook} from "./interfaces/ICoverageBook.sol";
import {ICrisisFund} from "./interfaces/ICrisisFund.sol";
import {ILossPanel} from "./interfaces/ILossPanel.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {CountryCode} from "./libraries/CountryCode.sol";
import {IndemnityMath} from "./libraries/IndemnityMath.sol";
import {PPM, YEAR} from "./libraries/Units.sol";

/// @title AttackRegister
contract AttackRegister is AttackFiles {
    using Checkpoints for Checkpoints.Trace208;
    using IndemnityMath for IndemnityMath.Cover;
    using SafeCast for uint256;

    /// @dev The role it needs in the fund.
    bytes32 private constant REGISTER_ROLE = keccak256("REGISTER_ROLE");

    bytes32 public constant MARKET_ROLE = keccak256("MARKET_ROLE");

    uint48 public constant FILING_TIME = 180 days;
    uint48 public constant REFILING_DELAY = 30 days;
    uint48 public constant CLOSING_DELAY = 30 days;
    uint48 public constant SUCCESSION_TIME = 360 days;
    uint256 public constant MOST_SUCCESSORS = 2;
    uint256 public constant CAP_SHARE = 250_000; // of capital, in ppm
    uint256 public constant ADVANCE_SHARE = 100_000; // of the commitment, in ppm

    ICrisisFund public immutable fund;
    IContributionLedger public immutable ledger;
    ICoverageBook public immutable coverage;

    /// @inheritdoc IAttackRegister
    address public panel;

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

    // Members

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
        require(ledger.inGoodStanding(code), AttackNotInGoodStanding(code));
        _requireCoercer(coercer);
        _requireStart(code, startedAt);
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
        _attacks[attackId] = a;
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

    /// @inheritdoc IAttackRegister
    function revoke(uint256 attackId) external {
        Attack storage a = _attacks[attackId];
        require(_isAccountOf(a.member, msg.sender), AttackUnauthorized(a.member, msg.sender));
        Status status = statusOf(attackId);
        require(status == Status.Voting, AttackWrongStatus(attackId, status));

        a.decision = Decision.Revoked;
        emit Revoked(attackId);
        registry.closeCase(a.member);
        ICouncil(council()).cancel(a.proposalId);
    }

    /// @inheritdoc IAttackRegister
    function end(uint256 attackId) external {
        Attack storage a = _attacks[attackId];
        _requireRecognised(attackId);
        _requireMemberOrCouncil(a.member);
        require(a.endedAt == 0 && block.timestamp < _end(a), AttackAlreadyEnded(attackId));

        a.endedAt = Time.timestamp();
        emit Ended(attackId, a.endedAt, _lastRound(a));
    }

    // Anyone, under conditions

    /// @inheritdoc IAttackRegister
    function close(uint256 attackId) external {
        Status status = statusOf(attackId);
        if (status == Status.Rejected || status == Status.Fallen) return _drop(attackId, status);
        require(status == Status.Recognised, AttackWrongStatus(attackId, status));
        Attack storage a = _attacks[attackId];
        uint256 last = _lastRound(a);
        _settleIfReady(attackId, last);

        if (_barredAt(a) == 0) {
            uint48 from = _roundEnd(a, last) + REPORT_WINDOW + CLOSING_DELAY;
            bool byParty = a.lastSettled == last && _isMemberOrCouncil(a.member);
            require(byParty || block.timestamp >= from, AttackNotClosable(attackId, last, from));
        }
        _close(attackId, a);
    }

    // Council

    /// @inheritdoc IAttackRegister
    function recognise(uint256 attackId) external {
        require(msg.sender == council(), AttackNotCouncil(msg.sender));
        Attack storage a = _attacks[attackId];
        require(a.member != 0, AttackUnknown(attackId));
        require(a.decision == Decision.Open && _fellAt(a) == 0, AttackWrongStatus(attackId, statusOf(attackId)));

        uint48 coverYear = _coverYear(a.member, a.startedAt);
        uint256 left = Math.saturatingSub(a.yearlyLimit, _used[a.member][coverYear]);
        uint256 commitment = Math.min(Math.min(a.cap, a.cover.mostPayable()), left);
        // Rounds down: the fund pays rounded down.
        uint256 advance = a.succession == 0 ? Math.mulDiv(commitment, ADVANCE_SHARE, PPM) : 0;

        a.decision = Decision.Recognised;
        a.recognisedAt = Time.timestamp();
        a.committed = commitment.toUint104();
        a.awarded = advance.toUint104();
        a.coverYear = coverYear;
        _used[a.member][coverYear] += commitment;
        _pairs[a.member][a.coercer].lastRecognised = uint128(attackId);
        emit Recognised(attackId, commitment, advance, coverYear);
        if (commitment == 0) return;
        ledger.setCallExemption(a.member, true);
        fund.commit(attackId, a.member, a.compensationShare, commitment.toUint128());
        _award(attackId, advance);
    }

    /// @inheritdoc IAttackRegister
    function reviseLoss(uint256 attackId, uint128 reported) external onlyCouncil {
        _requireRecognised(attackId);
        Attack storage a = _attacks[attackId];
        uint256 ended = (block.timestamp - a.startedAt) / ROUND;
        uint256 number = Math.min(ended, _lastRound(a));
        require(number > 0, AttackRoundNotOpen(attackId, number));

        emit LossRevised(attackId, number, reported);
        _settle(attackId, number, reported);
    }

    /// @inheritdoc IAttackRegister
    function appointCouncil(address newCouncil) external onlyCouncil {
        require(newCouncil.code.length > 0, AttackNotAContract(newCouncil));

        _councils.push(Appointment(newCouncil, Time.timestamp()));
        emit CouncilAppointed(newCouncil, _councils.length);
    }

    /// @inheritdoc IAttackRegister
    function appointPanel(address newPanel) external onlyCouncil {
        require(newPanel.code.length > 0, AttackNotAContract(newPanel));

        panel = newPanel;
        emit PanelAppointed(newPanel);
    }

    // Modules

    /// @inheritdoc IAttackRegister
    function settle(uint256 attackId, uint256 number, uint128 reported) external {
        require(msg.sender == panel, AttackNotPanel(msg.sender));
        Round memory r = round(attackId, number);
        require(r.open && block.timestamp >= r.endsAt, AttackRoundNotOpen(attackId, number));

        _settle(attackId, number, reported);
    }

    /// @inheritdoc IAttackRegister
    function recordPurchase(uint256 attackId, uint128 amount) external onlyRole(MARKET_ROLE) {
        _requireRecognised(attackId);
        uint256 bought = uint256(_bought[attackId].latest()) + amount;

        _bought[attackId].push(Time.timestamp(), bought.toUint208());
        emit PurchaseRecorded(attackId, amount, bought);
    }

    // Internal

    /// @dev Settles a round: awards what the loss makes payable beyond what was awarded.
    function _settle(uint256 attackId, uint256 number, uint256 reported) private {
        Attack storage a = _attacks[attackId];
        uint48 endsAt = _roundEnd(a, number);
        IndemnityMath.Cover memory cover = a.cover;
        uint256 loss = cover.netLoss(reported, boughtBy(attackId, endsAt), endsAt - a.startedAt);
        uint256 payableSoFar = Math.min(cover.payableFor(loss), a.committed);
        uint256 awarded = a.awarded;
        uint256 amount = Math.saturatingSub(payableSoFar, awarded);

        a.lastSettled = uint8(number);
        a.loss = loss.toUint128();
        a.payableSoFar = payableSoFar.toUint104();
        a.awarded = (awarded + amount).toUint104();
        emit RoundSettled(attackId, number, reported, loss, payableSoFar, amount);
        _award(attackId, amount);
    }

    /// @dev Awards, and calls for what the fund cannot pay.
    function _award(uint256 attackId, uint256 amount) private {
        if (amount == 0) return;
        fund.award(attackId, amount.toUint128());
        if (fund.owed() > 0) ledger.issueCall();
    }

    function _settleIfReady(uint256 attackId, uint256 number) private {
        Round memory r = round(attackId, number);
        if (number == 0 || !r.open || block.timestamp < r.endsAt || panel == address(0)) return;
        (bool ready, uint128 reported, , ) = ILossPanel(panel).verdict(attackId, number);
        if (ready) _settle(attackId, number, reported);
    }

    function _close(uint256 attackId, Attack storage a) private {
        uint256 charged = Math.saturatingSub(a.awarded, a.payableSoFar);
        uint256 unused = a.committed - a.awarded;

        a.decision = Decision.Closed;
        _used[a.member][a.coverYear] -= unused;
        emit Closed(attackId, a.awarded, a.payableSoFar, unused, charged);
        registry.closeCase(a.member);
        if (a.committed == 0) return;
        ledger.setCallExemption(a.member, false);
        if (charged > 0) ledger.charge(a.member, charged.toUint128(), bytes32(attackId));
        // A register that the council has cut off can still close its cases; the council releases what they held.
        if (IAccessControl(address(fund)).hasRole(REGISTER_ROLE, address(this))) fund.release(attackId);
    }

    /// @dev Puts a case that failed away.
    function _drop(uint256 attackId, Status status) private {
        Attack storage a = _attacks[attackId];
        require(a.decision == Decision.Open, AttackWrongStatus(attackId, status));
        a.decision = Decision.Dropped;
        emit Dropped(attackId, status);
        registry.closeCase(a.member);
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
        (ICoverageBook.Terms memory terms, ICoverageBook.Exposure memory exposure) = coverage.coverAt(
            a.member,
            a.coercer,
            a.startedAt
        );
        a.cover = IndemnityMath.Cover(exposure.baseline, terms.ceding, terms.attachment, terms.exhaustion);
        a.yearlyLimit = terms.yearlyLimit;
        uint256 capital = fund.reserve() + ledger.room();
        // Rounds down: the fund pays rounded down.
        a.cap = Math.mulDiv(capital, CAP_SHARE, PPM).toUint104();
    }

    function _useEvidence(bytes3 code, bytes32 evidence, string calldata uri) private {
        require(evidence != 0 && bytes(uri).length > 0, AttackNoEvidence());
        require(!_evidenceUsed[code][evidence], AttackEvidenceUsed(code, evidence));
        _evidenceUsed[code][evidence] = true;
    }

    function _requireStart(bytes3 code, uint48 startedAt) private view {
        uint48 nowAt = Time.timestamp();
        require(
            startedAt <= nowAt && nowAt <= startedAt + FILING_TIME,
            AttackBadStart(startedAt, nowAt - FILING_TIME, nowAt)
        );
        uint48 coverFrom = ledger.coverFrom(code);
        require(startedAt >= coverFrom, AttackNotCovered(startedAt, coverFrom));
        uint48 clearedAt = ledger.account(code).clearedAt;
        require(startedAt > clearedAt, AttackNotCovered(startedAt, clearedAt));
    }

    /// @dev First second of the member's year of cover that holds `startedAt`.
    function _coverYear(bytes3 code, uint48 startedAt) private view returns (uint48) {
        uint48 coverFrom = ledger.coverFrom(code);
        return startedAt - ((startedAt - coverFrom) % YEAR);
    }

    function _requireCoercer(bytes3 coercer) private view {
        require(CountryCode.isValid(coercer) && !registry.isMember(coercer), AttackInvalidCoercer(coercer));
    }

    function _requireActiveFiler(bytes3 code) private view {
        require(_isAccountOf(code, msg.sender), AttackUnauthorized(code, msg.sender));
        IMemberRegistry.Status status = registry.statusOf(code);
        require(status == IMemberRegistry.Status.Active, IMemberRegistry.MemberWrongStatus(code, status));
    }

    function _requireRecognised(uint256 attackId) private view {
        Status status = statusOf(attackId);
        require(status == Status.Recognised, AttackWrongStatus(attackId, status));
    }

    function _requireMemberOrCouncil(bytes3 code) private view {
        require(_isMemberOrCouncil(code), AttackUnauthorized(code, msg.sender));
    }

    function _isMemberOrCouncil(bytes3 code) private view returns (bool) {
        return _isAccountOf(code, msg.sender) || hasRole(DEFAULT_ADMIN_ROLE, msg.sender);
    }

    function _isAccountOf(bytes3 code, address account) private view returns (bool) {
        return code != 0 && registry.accountOf(account).code == code;
    }
}
