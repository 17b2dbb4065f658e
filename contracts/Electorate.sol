// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {Governed} from "./Governed.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {SeatBitmap} from "./libraries/SeatBitmap.sol";

/// @title Electorate
/// @dev The part of the registry that says who the members are, whose an account is, and which seats may vote.
abstract contract Electorate is Governed, IMemberRegistry {
    using Checkpoints for Checkpoints.Trace208;
    using SeatBitmap for uint208;

    /// @dev An account, the member whose keys the council is recovering to it, and whether an application named it:
    /// the applicant pays for the slot that the admission then rewrites, and no rule looks at it.
    struct Holder {
        bytes3 code;
        Role role;
        bool seated;
        uint8 seat;
        bytes3 reservedFor;
        bool named; // 3 + 1 + 1 + 1 + 3 + 1 = 10 bytes: whether an account is free is one storage read
    }

    mapping(bytes3 code => Member) internal _members;
    mapping(address account => Holder) private _holders;

    Checkpoints.Trace208 private _electorate;

    modifier onlyAccounts(bytes3 code) {
        require(_holders[msg.sender].code == code && code != 0, MemberUnauthorized(code, msg.sender));
        _;
    }

    modifier onlyTreasury(bytes3 code) {
        require(msg.sender == _members[code].treasury, MemberUnauthorized(code, msg.sender));
        _;
    }

    /// @inheritdoc IMemberRegistry
    function member(bytes3 code) external view returns (Member memory) {
        return _members[code];
    }

    /// @inheritdoc IMemberRegistry
    function statusOf(bytes3 code) external view returns (Status) {
        return _members[code].status;
    }

    /// @inheritdoc IMemberRegistry
    function isMember(bytes3 code) public view returns (bool) {
        Status status = _members[code].status;
        return status == Status.Active || status == Status.Suspended;
    }

    /// @inheritdoc IMemberRegistry
    function joinedAt(bytes3 code) external view returns (uint48) {
        return isMember(code) ? _members[code].admittedAt : 0;
    }

    /// @inheritdoc IMemberRegistry
    function seatOf(bytes3 code) external view returns (uint8) {
        Member storage m = _members[code];
        return m.seated ? m.seat : SeatBitmap.NO_SEAT;
    }

    /// @inheritdoc IMemberRegistry
    function memberAndStatusOf(address account) external view returns (bytes3 code, Status status) {
        code = _holders[account].code;
        status = _members[code].status;
    }

    /// @inheritdoc IMemberRegistry
    function accountOf(address account) public view returns (Account memory) {
        Holder storage h = _holders[account];
        return Account(h.code, h.role, h.seated, h.seat);
    }

    /// @inheritdoc IMemberRegistry
    function seatCastBy(address account) external view returns (uint8 seat) {
        Holder storage h = _holders[account];
        return h.seated && h.role == Role.Delegate ? h.seat : SeatBitmap.NO_SEAT;
    }

    /// @inheritdoc IMemberRegistry
    function electorate() public view returns (uint208) {
        return _electorate.latest();
    }

    /// @inheritdoc IMemberRegistry
    function electorateAt(uint256 timepoint) public view returns (uint208) {
        require(timepoint <= block.timestamp, MemberFutureLookup(timepoint, clock()));
        return _electorate.upperLookupRecent(uint48(timepoint));
    }

    /// @inheritdoc IMemberRegistry
    function getVotes(address account) external view returns (uint256) {
        return _votes(account, electorate());
    }

    /// @inheritdoc IMemberRegistry
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        return _votes(account, _past(timepoint));
    }

    /// @inheritdoc IMemberRegistry
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256) {
        return _past(timepoint).count();
    }

    /// @notice The clock of all votes: seconds since 1970.
    function clock() public view returns (uint48) {
        return Time.timestamp();
    }

    /// @notice `mode=timestamp`
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    /// @dev Puts the member's seat into the electorate or takes it out, as its status now says.
    function _updateSeat(bytes3 code) internal {
        Member storage m = _members[code];
        if (!m.seated) return;
        bool votes = m.status == Status.Active && m.kind == Kind.State && !m.voteSuspended;
        uint208 before = electorate();
        uint208 seats = votes ? before.add(m.seat) : before.remove(m.seat);
        if (seats == before) return;
        _electorate.push(clock(), seats);
        emit ElectorateChanged(seats);
    }

    /// @dev Has an account serve a member; what serves nobody is no account.
    function _serve(address account, Account memory a) internal {
        Holder storage h = _holders[account];
        h.code = a.code;
        h.role = a.role;
        h.seated = a.seated;
        h.seat = a.seat;
    }

    /// @dev Opens the slot of an account that would serve a member if it were admitted.
    function _name(address account) internal {
        _holders[account].named = true;
    }

    /// @dev Sets an account aside for a member whose keys are being recovered, or for nobody.
    function _reserve(address account, bytes3 code) internal {
        if (account != address(0)) _holders[account].reservedFor = code;
    }

    /// @dev An account is free if it serves nobody, and no recovery but the member's own has set it aside.
    function _requireFree(address account, bytes3 code) internal view {
        bytes3 holder = _holderOf(account, code);
        require(holder == 0, MemberAccountTaken(account, holder));
    }

    /// @dev Whom an account serves, or for whom it is set aside if that is not `code`; 0 if it is free for that member.
    function _holderOf(address account, bytes3 code) internal view returns (bytes3) {
        Holder storage h = _holders[account];
        if (h.role != Role.None) return h.code;
        return h.reservedFor == code ? bytes3(0) : h.reservedFor;
    }

    function _requireMember(bytes3 code) internal view {
        require(isMember(code), MemberWrongStatus(code, _members[code].status));
    }

    function _votes(address account, uint208 seats) private view returns (uint256) {
        Account memory a = accountOf(account);
        return a.role == Role.Delegate && a.seated && seats.contains(a.seat) ? 1 : 0;
    }

    function _past(uint256 timepoint) private view returns (uint208) {
        require(timepoint < block.timestamp, MemberFutureLookup(timepoint, clock()));
        return electorateAt(timepoint);
    }
}
