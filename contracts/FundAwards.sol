// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {FundBooks} from "./FundBooks.sol";
import {ICrisisFund} from "./interfaces/ICrisisFund.sol";
import {ProRata} from "./libraries/ProRata.sol";

/// @title FundAwards
/// @dev The part of the fund that remembers awards, so that the council can void what a module it has cut off awarded
/// just before. Of each award that leaves something to void one hash is stored; whoever voids it hands the whole record
/// in.
abstract contract FundAwards is FundBooks {
    using ProRata for ProRata.Pool;
    using SafeCast for uint256;

    bytes32 public constant REGISTER_ROLE = keccak256("REGISTER_ROLE");

    /// @dev Awards of a module can be voided if they were made this long before its role was revoked.
    uint48 public constant VOID_WINDOW = 28 days;

    /// @dev All that was ever awarded to an attack's earmark, in units.
    mapping(uint256 attackId => uint256) private _assignedToEarmark;

    mapping(uint256 sequence => bytes32) private _awards;

    /// @inheritdoc ICrisisFund
    function voidAward(AwardRecord calldata record) external onlyCouncil nonReentrant returns (uint256 voided) {
        _requireVoidable(record);
        (uint256 treasuryPart, uint256 earmarkPart) = voidable(record);
        voided = treasuryPart + earmarkPart;
        require(voided > 0, FundNothingToVoid(record.sequence));

        delete _awards[record.sequence];
        AttackAccount memory a = _attackAccount(record.attackId);
        Book memory book = _book;
        (uint256 owedOff, uint256 spare) = _voidTreasuryPart(a.member, treasuryPart);
        (uint256 earmarkOwedOff, uint256 earmarkSpare) = _voidEarmarkPart(book, a, record.attackId, earmarkPart);
        // What divisions had left over in the pot for a debt that is gone is free too.
        uint256 fromPot = treasuryPart - owedOff + spare + earmarkSpare;
        book.pot -= fromPot.toUint104();
        book.shortage = _pool.outstanding() > 0;
        _receive(book, fromPot + earmarkPart - earmarkOwedOff);
        _enter(book, Kind.Void, a.member, record.module, voided, bytes32(record.attackId));
        emit AwardVoided(
            record.attackId,
            record.sequence,
            owedOff,
            treasuryPart - owedOff,
            earmarkOwedOff,
            earmarkPart - earmarkOwedOff
        );
    }

    /// @inheritdoc ICrisisFund
    function voidable(AwardRecord calldata record) public view returns (uint256 treasuryPart, uint256 earmarkPart) {
        AttackAccount memory a = _attackAccount(record.attackId);
        Claim memory claim = _claims[a.member];
        (uint256 owed_, uint256 ready) = _pool.balanceOf(_dueToMember[a.member]);
        uint256 gone = claim.assigned - owed_ - ready - claim.collectable;
        treasuryPart = _notTransferred(record.treasuryPart, record.treasuryBefore, gone);

        (owed_, ready) = _pool.balanceOf(_dueToEarmark[record.attackId]);
        gone = _assignedToEarmark[record.attackId] - owed_ - ready - a.earmark;
        earmarkPart = _notTransferred(record.earmarkPart, record.earmarkBefore, gone);
    }

    /// @dev Assigns an award that has just been entered into the journal.
    function _recordAward(
        bytes3 member,
        uint256 attackId,
        uint256 treasuryPart,
        uint256 earmarkPart,
        uint256 treasuryPaid,
        uint256 earmarkPaid
    ) internal returns (AwardRecord memory record) {
        record = AwardRecord({
            sequence: _book.sequence,
            module: msg.sender,
            madeAt: Time.timestamp(),
            attackId: attackId,
            treasuryPart: treasuryPart,
            treasuryBefore: _claims[member].assigned,
            earmarkPart: earmarkPart,
            earmarkBefore: earmarkPart > 0 ? _assignedToEarmark[attackId] : 0
        });
        _claims[member].assigned += treasuryPart.toUint128();
        if (earmarkPart > 0) _assignedToEarmark[attackId] += earmarkPart;
        emit AwardMade(attackId, record, treasuryPaid, earmarkPaid);
    }

    /// @dev Remembers an award, unless nothing of it can ever be voided: it has no earmark, and all that the member was
    /// ever awarded has left the fund. What has left it never counts as less later.
    function _remember(AwardRecord memory record, bytes3 member, bool transferred) internal {
        if (transferred && record.earmarkPart == 0 && !_claims[member].obliged) return;
        _awards[record.sequence] = _digest(record);
    }

    /// @dev Takes `part` back from what the member has not been transferred: first what is still owed, then what lies
    /// ready.
    function _voidTreasuryPart(bytes3 member, uint256 part) private returns (uint256 owedOff, uint256 spare) {
        ProRata.Obligation storage due = _dueToMember[member];
        uint256 ready = _claims[member].collectable + _settleMember(member);
        (owedOff, spare) = _pool.reduce(due, part);
        _claims[member].collectable = (ready + owedOff - part).toUint104();
    }

    /// @dev The same from an attack's earmark.
    function _voidEarmarkPart(
        Book memory book,
        AttackAccount memory a,
        uint256 attackId,
        uint256 part
    ) private returns (uint256 owedOff, uint256 spare) {
        _earmark(book, a, attackId, 0);
        (owedOff, spare) = _pool.reduce(_dueToEarmark[attackId], part);
        uint256 freed = part - owedOff;
        a.earmark -= freed.toUint104();
        _totals.earmarked -= freed.toUint128();
        _attacks[attackId] = a;
    }

    function _requireVoidable(AwardRecord calldata record) private view {
        require(_awards[record.sequence] == _digest(record), FundUnknownAward(record.sequence));
        require(!hasRole(REGISTER_ROLE, record.module), FundModuleNotRevoked(record.module));
        uint48 revokedAt = _revokedAt[REGISTER_ROLE][record.module];
        require(
            record.madeAt <= revokedAt && revokedAt <= record.madeAt + VOID_WINDOW,
            FundAwardNotVoidable(record.sequence, record.madeAt, revokedAt)
        );
    }

    /// @dev How much of an award's part nobody has been paid yet, awards being paid in the order in which they were
    /// made.
    /// @param before What had been assigned before the award
    /// @param gone What of all that was ever assigned has been transferred or voided
    function _notTransferred(uint256 part, uint256 before, uint256 gone) private pure returns (uint256) {
        return Math.min(part, Math.saturatingSub(before + part, gone));
    }

    function _digest(AwardRecord memory record) private pure returns (bytes32) {
        return keccak256(abi.encode(record));
    }
}
