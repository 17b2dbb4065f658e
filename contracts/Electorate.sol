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

    mapping(bytes3 code => Member) internal _members;
    mapping(address account => Account) internal _accounts;

    /// @dev The member whose keys the council is recovering to an account.
    mapping(address account => bytes3) internal _reservedFor;

    Checkpoints.Trace208 private _electorate;

    modifier onlyAccounts(bytes3 code) {
        require(_accounts[msg.sender].code == code && code != 0, MemberUnauthorized(code, msg.sender));
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
        code = _accounts[account].code;
        status = _members[code].status;
    }

    /// @inheritdoc IMemberRegistry
    function accountOf(address account) external view returns (Account memory) {
        return _accounts[account];
    }

    /// @inheritdoc IMemberRegistry
    function seatCastBy(address account) external view returns (uint8 seat) {
        Account storage a = _accounts[account];
        return a.seated && a.role == Role.Delegate ? a.seat : SeatBitmap.NO_SEAT;
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

    function _requireFree(address account, bytes3 code) internal view {
        require(_isFree(account, code), MemberAccountTaken(account, _holderOf(account)));
    }

    /// @dev Whether the account serves nobody, and no recovery but the member's own has set it aside.
    function _isFree(address account, bytes3 code) internal view returns (bool) {
        bytes3 reserved = _reservedFor[account];
        return _accounts[account].role == Role.None && (reserved == 0 || reserved == code);
    }

    function _holderOf(address account) private view returns (bytes3) {
        return _accounts[account].role == Role.None ? _reservedFor[account] : _accounts[account].code;
    }

    function _requireMember(bytes3 code) internal view {
        require(isMember(code), MemberWrongStatus(code, _members[code].status));
    }

    function _votes(address account, uint208 seats) private view returns (uint256) {
        Account memory a = _accounts[account];
        return a.role == Role.Delegate && a.seated && seats.contains(a.seat) ? 1 : 0;
    }

    function _past(uint256 timepoint) private view returns (uint208) {
        require(timepoint < block.timestamp, MemberFutureLookup(timepoint, clock()));
        return electorateAt(timepoint);
    }
}
