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
/// just before. Of each award one hash is stored; whoever voids it hands the whole record in.
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
        delete _awards[record.sequence];
        AttackAccount memory a = _attackAccount(record.attackId);
        Book memory book = _book;
        (uint256 owedOff, uint256 freed, uint256 spare) = _voidTreasuryPart(a.member, record);
        (uint256 earmarkOwedOff, uint256 earmarkFreed, uint256 earmarkSpare) = _voidEarmarkPart(book, a, record);
        voided = owedOff + freed + earmarkOwedOff + earmarkFreed;
        require(voided > 0, FundNothingToVoid(record.sequence));

        // What divisions had left over in the pot for a debt that is gone is free too.
        book.pot -= (freed + spare + earmarkSpare).toUint104();
        book.shortage = _pool.outstanding() > 0;
        _receive(book, freed + spare + earmarkFreed + earmarkSpare);
        _enter(book, Kind.Void, a.member, record.module, voided, bytes32(record.attackId));
        emit AwardVoided(record.attackId, record.sequence, owedOff, freed, earmarkOwedOff, earmarkFreed);
    }

    /// @dev Remembers an award that has just been entered into the journal.
    function _recordAward(
        bytes3 member,
        uint256 attackId,
        uint256 treasuryPart,
        uint256 earmarkPart,
        uint256 treasuryPaid,
        uint256 earmarkPaid
    ) internal {
        uint256 seq = _book.sequence;
        AwardRecord memory record = AwardRecord({
            sequence: seq,
            module: msg.sender,
            madeAt: Time.timestamp(),
            attackId: attackId,
            treasuryPart: treasuryPart,
            treasuryBefore: _claims[member].assigned,
            earmarkPart: earmarkPart,
            earmarkBefore: _assignedToEarmark[attackId]
        });
        _claims[member].assigned += treasuryPart.toUint128();
        if (earmarkPart > 0) _assignedToEarmark[attackId] += earmarkPart;
        _awards[seq] = _digest(record);
        emit AwardMade(attackId, record, treasuryPaid, earmarkPaid);
    }

    /// @dev Takes back what the member has not been transferred of the treasury's part: first what is still owed, then
    /// what lies ready.
    function _voidTreasuryPart(
        bytes3 member,
        AwardRecord calldata record
    ) private returns (uint256 owedOff, uint256 freed, uint256 spare) {
        ProRata.Obligation storage due = _dueToMember[member];
        Claim memory claim = _claims[member];
        uint256 ready = claim.collectable + _pool.settle(due);
        uint256 left = _pool.owedTo(due) + ready;
        uint256 part = _notTransferred(record.treasuryPart, record.treasuryBefore, claim.assigned - left);
        (owedOff, spare) = _pool.reduce(due, part);
        freed = part - owedOff;
        _claims[member].collectable = (ready - freed).toUint128();
    }

    /// @dev The same for the earmark's part.
    function _voidEarmarkPart(
        Book memory book,
        AttackAccount memory a,
        AwardRecord calldata record
    ) private returns (uint256 owedOff, uint256 freed, uint256 spare) {
        _earmark(book, a, record.attackId, 0);
        ProRata.Obligation storage due = _dueToEarmark[record.attackId];
        uint256 left = _pool.owedTo(due) + a.earmark;
        uint256 part = _notTransferred(
            record.earmarkPart,
            record.earmarkBefore,
            _assignedToEarmark[record.attackId] - left
        );
        (owedOff, spare) = _pool.reduce(due, part);
        freed = part - owedOff;
        a.earmark -= freed.toUint104();
        _totals.earmarked -= freed.toUint128();
        _attacks[record.attackId] = a;
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
