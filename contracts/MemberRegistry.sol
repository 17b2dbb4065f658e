// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {ChangeLimit} from "./ChangeLimit.sol";
import {Governed} from "./Governed.sol";
import {IContributionLedger} from "./interfaces/IContributionLedger.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {CountryCode} from "./libraries/CountryCode.sol";
import {SeatBitmap} from "./libraries/SeatBitmap.sol";

/// @title MemberRegistry
contract MemberRegistry is ChangeLimit {
    using Checkpoints for Checkpoints.Trace208;

    bytes32 public constant CASE_ROLE = keccak256("CASE_ROLE");

    uint48 public constant REPORT_INTERVAL = 365 days;
    uint48 public constant REPORT_GRACE = 90 days;
    uint48 public constant NOTICE = 365 days;
    uint48 public constant LEAVE_WINDOW = 30 days;

    uint256 public constant FOUNDERS_A_CALL = 32;

    /// @inheritdoc IMemberRegistry
    address public ledger;

    uint16 private _seatsGiven; // 20 + 2 bytes, with the 8 of ChangeLimit in one slot: all the counts of an admission

    /// @dev Every time a member was suspended or expelled: a later one must not move what an earlier one ended.
    mapping(bytes3 code => Checkpoints.Trace208) private _barrings;
    mapping(bytes32 applicationHash => Application) private _applications;

    constructor(address timelock_, uint48 genesis_) Governed(timelock_) ChangeLimit(genesis_) {}

    modifier onlyLedger() {
        require(msg.sender == ledger, MemberNotLedger(msg.sender));
        _;
    }

    // Anyone

    /// @inheritdoc IMemberRegistry
    function applyFor(
        bytes3 code,
        Kind kind,
        address delegate,
        Document[5] calldata dossier
    ) external returns (bytes32 applicationHash) {
        return _apply(code, kind, msg.sender, delegate, dossier);
    }

    /// @inheritdoc IMemberRegistry
    function leave(bytes3 code) external {
        _requireMember(code);
        Member storage m = _members[code];
        uint48 noticeAt = m.noticeAt;
        require(noticeAt != 0, MemberNoNotice(code));
        uint48 leaveFrom = noticeAt + NOTICE;
        require(
            block.timestamp >= leaveFrom && block.timestamp <= leaveFrom + LEAVE_WINDOW,
            MemberNotLeaving(code, leaveFrom, leaveFrom + LEAVE_WINDOW)
        );
        require(m.openCases == 0, MemberHasOpenCases(code, m.openCases));

        m.noticeAt = 0;
        m.status = Status.Withdrawn;
        _updateSeat(code);
        emit Left(code);
        IContributionLedger(ledger).exit(code);
    }

    // Members

    /// @inheritdoc IMemberRegistry
    function fileReport(bytes3 code, bytes32 hash, string calldata uri) external onlyAccounts(code) {
        _requireMember(code);
        require(hash != 0, MemberReportEmpty());

        _members[code].reportedAt = Time.timestamp();
        emit ReportFiled(code, hash, uri);
    }

    /// @inheritdoc IMemberRegistry
    function giveNotice(bytes3 code) external onlyTreasury(code) {
        _requireMember(code);
        Member storage m = _members[code];
        uint48 lapsesAt = m.noticeAt + NOTICE + LEAVE_WINDOW;
        require(m.noticeAt == 0 || block.timestamp > lapsesAt, MemberNoticeStands(code, lapsesAt));

        m.noticeAt = Time.timestamp();
        emit NoticeGiven(code, m.noticeAt + NOTICE, m.noticeAt + NOTICE + LEAVE_WINDOW);
    }

    /// @inheritdoc IMemberRegistry
    function withdrawNotice(bytes3 code) external onlyTreasury(code) {
        require(_members[code].noticeAt != 0, MemberNoNotice(code));

        _members[code].noticeAt = 0;
        emit NoticeWithdrawn(code);
    }

    // Founder and council

    /// @inheritdoc IMemberRegistry
    function admitFounders(Founder[] calldata founders) external onlyFounder {
        require(founders.length <= FOUNDERS_A_CALL, MemberTooManyFounders(founders.length, FOUNDERS_A_CALL));
        for (uint256 i = 0; i < founders.length; ++i) {
            Founder calldata f = founders[i];
            _admit(f.code, _apply(f.code, f.kind, f.treasury, f.delegate, f.dossier));
        }
    }

    /// @inheritdoc IMemberRegistry
    function admit(bytes3 code, bytes32 applicationHash) external onlyCouncil {
        if (_applications[applicationHash].kind == Kind.State) _countChange();
        _admit(code, applicationHash);
    }

    /// @inheritdoc IMemberRegistry
    function suspend(bytes3 code) external onlyCouncil {
        Member storage m = _members[code];
        require(m.status == Status.Active, MemberWrongStatus(code, m.status));
        if (m.kind == Kind.State) _countChange();

        m.status = Status.Suspended;
        _bar(code);
        _updateSeat(code);
        emit Suspended(code);
    }

    /// @inheritdoc IMemberRegistry
    function reinstate(bytes3 code) external onlyCouncil {
        Member storage m = _members[code];
        require(m.status == Status.Suspended, MemberWrongStatus(code, m.status));

        m.status = Status.Active;
        _updateSeat(code);
        emit Reinstated(code);
    }

    /// @inheritdoc IMemberRegistry
    function expel(bytes3 code) external onlyCouncil {
        _requireMember(code);
        Member storage m = _members[code];
        if (m.kind == Kind.State) _countChange();

        m.status = Status.Expelled;
        _bar(code);
        m.noticeAt = 0;
        _updateSeat(code);
        emit Expelled(code);
        IContributionLedger(ledger).exit(code);
    }

    /// @inheritdoc IMemberRegistry
    function appointLedger(address newLedger) external onlyCouncil {
        require(newLedger.code.length > 0, MemberNotLedger(newLedger));

        ledger = newLedger;
        emit LedgerAppointed(newLedger);
    }

    // Modules

    /// @inheritdoc IMemberRegistry
    function setVoteSuspended(bytes3 code, bool suspended) external onlyLedger {
        _members[code].voteSuspended = suspended;
        _updateSeat(code);
        if (suspended) emit VoteSuspended(code);
        else emit VoteRestored(code);
    }

    /// @inheritdoc IMemberRegistry
    function openCase(bytes3 code) external onlyRole(CASE_ROLE) {
        emit CaseOpened(code, ++_members[code].openCases);
    }

    /// @inheritdoc IMemberRegistry
    function closeCase(bytes3 code) external onlyRole(CASE_ROLE) {
        emit CaseClosed(code, --_members[code].openCases);
    }

    // Views

    /// @inheritdoc IMemberRegistry
    function application(bytes32 applicationHash) external view returns (Application memory) {
        return _applications[applicationHash];
    }

    /// @inheritdoc IMemberRegistry
    function barredSince(bytes3 code, uint48 timepoint) external view returns (uint48) {
        return uint48(_barrings[code].lowerLookup(timepoint));
    }

    /// @inheritdoc IMemberRegistry
    function reportDeadline(bytes3 code) external view returns (uint48) {
        return _members[code].reportedAt + REPORT_INTERVAL + REPORT_GRACE;
    }

    /// @inheritdoc IMemberRegistry
    function seatsGiven() external view returns (uint256) {
        return _seatsGiven;
    }

    // Internal

    function _apply(
        bytes3 code,
        Kind kind,
        address treasury,
        address delegate,
        Document[5] calldata dossier
    ) private returns (bytes32 applicationHash) {
        require(CountryCode.isValid(code), MemberInvalidCode(code));
        require(treasury != address(0) && delegate != address(0), MemberZeroAccount());
        require(treasury != delegate, MemberSameAccount(treasury));
        uint256 needed = kind == Kind.State ? dossier.length : 1;
        for (uint256 i = 0; i < needed; ++i) {
            require(dossier[i].hash != 0 && bytes(dossier[i].uri).length > 0, MemberEvidenceMissing(i));
        }
        applicationHash = keccak256(abi.encode(code, kind, treasury, delegate, dossier));
        require(_applications[applicationHash].treasury == address(0), MemberApplicationExists(applicationHash));

        _applications[applicationHash] = Application(treasury, code, kind, delegate);
        _name(treasury);
        _name(delegate);
        emit Applied(code, applicationHash, kind, treasury, delegate, dossier);
    }

    function _admit(bytes3 code, bytes32 applicationHash) private {
        Application memory a = _applications[applicationHash];
        require(a.code == code && a.treasury != address(0), MemberUnknownApplication(code, applicationHash));
        Member storage m = _members[code];
        require(!isMember(code), MemberWrongStatus(code, m.status));
        bool returns_ = m.status != Status.None;
        if (returns_) {
            require(
                a.treasury == m.treasury && a.delegate == m.delegate,
                MemberKeysDiffer(code, m.treasury, m.delegate)
            );
        } else {
            _requireFree(a.treasury, code);
            _requireFree(a.delegate, code);
        }

        delete _applications[applicationHash];
        if (a.kind == Kind.State && !m.seated) {
            require(_seatsGiven < SeatBitmap.SEATS, MemberNoSeatLeft());
            m.seated = true;
            m.seat = uint8(_seatsGiven++);
        }
        m.treasury = a.treasury;
        m.delegate = a.delegate;
        m.kind = a.kind;
        m.status = Status.Active;
        m.admittedAt = m.reportedAt = Time.timestamp();
        _serve(a.treasury, Account(code, Role.Treasury, m.seated, m.seat));
        _serve(a.delegate, Account(code, Role.Delegate, m.seated, m.seat));
        _updateSeat(code);
        emit Admitted(code, applicationHash, a.kind, a.treasury, a.delegate, m.seated, m.seat);
    }

    function _bar(bytes3 code) private {
        uint48 nowAt = clock();
        _members[code].barredAt = nowAt;
        _barrings[code].push(nowAt, nowAt);
    }
}
