// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {TransferBreaker} from "./TransferBreaker.sol";
import {ICrisisFund} from "./interfaces/ICrisisFund.sol";
import {ProRata} from "./libraries/ProRata.sol";

/// @title FundBooks
/// @dev The part of the fund that keeps its books: counters, obligations, earmarks and the journal. It moves no token.
/// A function that changes the book loads it once, works on the copy, and stores it before any transfer.
abstract contract FundBooks is TransferBreaker, ReentrancyGuardTransient {
    using ProRata for ProRata.Pool;
    using SafeCast for uint256;

    /// @param reserve Free money, in units
    /// @param pot Money assigned to obligations and not yet collected, in units
    /// @param sequence Number of the last journal entry
    /// @param shortage Whether anything is owed
    struct Book {
        uint104 reserve;
        uint104 pot;
        uint40 sequence;
        bool shortage; // 13 + 13 + 5 + 1 = 32 bytes: all that a payment touches is one slot
    }

    struct Totals {
        uint128 earmarked;
        uint128 committed;
    }

    /// @param collectable What lies ready for a member's treasury, besides what later money brought its obligations
    /// @param assigned All that was ever awarded or returned to its treasury
    /// @param obliged Whether it was ever owed anything: where it was not, there is no obligation to look up
    struct Claim {
        uint104 collectable;
        uint128 assigned;
        bool obliged; // 13 + 16 + 1 = 30 bytes
    }

    Book internal _book;

    /// @inheritdoc ICrisisFund
    bytes32 public head;

    Totals internal _totals;
    ProRata.Pool internal _pool;
    mapping(bytes3 code => ProRata.Obligation) internal _dueToMember;
    mapping(uint256 attackId => ProRata.Obligation) internal _dueToEarmark;
    mapping(bytes3 code => Claim) internal _claims;
    mapping(uint256 attackId => AttackAccount) internal _attacks;
    mapping(uint256 attackId => address) internal _committedBy;

    // Views

    /// @inheritdoc ICrisisFund
    function reserve() external view returns (uint256) {
        return _book.reserve;
    }

    /// @inheritdoc ICrisisFund
    function pot() external view returns (uint256) {
        return _book.pot;
    }

    /// @inheritdoc ICrisisFund
    function sequence() external view returns (uint256) {
        return _book.sequence;
    }

    /// @inheritdoc ICrisisFund
    function earmarked() external view returns (uint256) {
        return _totals.earmarked;
    }

    /// @inheritdoc ICrisisFund
    function committed() external view returns (uint256) {
        return _totals.committed;
    }

    /// @inheritdoc ICrisisFund
    function owed() external view returns (uint256) {
        return _pool.outstanding();
    }

    /// @inheritdoc ICrisisFund
    function balanceOf(bytes3 code) external view returns (uint256 owedToIt, uint256 collectable) {
        (owedToIt, collectable) = _pool.balanceOf(_dueToMember[code]);
        collectable += _claims[code].collectable;
    }

    /// @inheritdoc ICrisisFund
    function earmarkOf(uint256 attackId) external view returns (uint256 owedToIt, uint256 held) {
        (owedToIt, held) = _pool.balanceOf(_dueToEarmark[attackId]);
        held += _attacks[attackId].earmark;
    }

    /// @inheritdoc ICrisisFund
    function attackAccount(uint256 attackId) external view returns (AttackAccount memory) {
        return _attacks[attackId];
    }

    // Internal

    /// @dev Extends the journal and stores the book.
    function _enter(Book memory book, Kind kind, bytes3 member, address party, uint256 amount, bytes32 ref) internal {
        uint256 seq = ++book.sequence;
        _store(book);
        bytes32 newHead = keccak256(abi.encode(head, seq, kind, member, party, amount, ref, block.timestamp));
        head = newHead;
        emit Entry(seq, kind, member, party, amount, ref, block.timestamp, newHead);
    }

    /// @dev Where the book is stored in one place, its fields are written at once.
    function _store(Book memory book) internal {
        _book = book;
    }

    /// @dev Money that arrives goes to what is owed first, the rest to the reserve.
    function _receive(Book memory book, uint256 amount) internal {
        uint256 used = book.shortage ? _distribute(book, amount) : 0;
        book.reserve += (amount - used).toUint104();
        // Commitments may have grown since, or shrunk: the reserve above them is for what is owed.
        _payFromExcess(book);
    }

    /// @dev Frees what is left of an attack's commitment; the reserve it covered is then for what is owed.
    function _release(uint256 attackId) internal returns (uint256 amount) {
        AttackAccount memory a = _attackAccount(attackId);
        amount = a.commitment;
        _attacks[attackId].commitment = 0;
        _totals.committed -= amount.toUint128();
        emit Released(attackId, a.member, amount);

        Book memory book = _book;
        _payFromExcess(book);
        _store(book);
    }

    /// @dev What the reserve exceeds all commitments by goes to what is owed.
    function _payFromExcess(Book memory book) internal {
        if (!book.shortage || book.reserve <= _totals.committed) return;
        book.reserve -= _distribute(book, book.reserve - _totals.committed).toUint104();
    }

    /// @dev How much of an award is paid at once: as much of it as the reserve covers of all commitments. Rounds down.
    function _payableNow(uint256 amount, uint256 reserve_) internal view returns (uint256) {
        uint256 committed_ = _totals.committed;
        return reserve_ >= committed_ ? amount : Math.mulDiv(amount, reserve_, committed_);
    }

    /// @dev Brings a member's obligation up to date, if it has one.
    /// @return received What it has received since it was last settled, in units
    function _settleMember(bytes3 member) internal returns (uint256 received) {
        if (_claims[member].obliged) received = _pool.settle(_dueToMember[member]);
    }

    /// @dev Owes `amount` more to an obligation that has just been settled.
    function _owe(Book memory book, ProRata.Obligation storage obligation, uint256 amount) internal {
        if (amount == 0) return;
        _pool.add(obligation, amount);
        book.shortage = true;
    }

    /// @dev Moves `paid` and what later money brought from the pot into an attack's earmark.
    function _earmark(
        Book memory book,
        AttackAccount memory a,
        uint256 attackId,
        uint256 paid
    ) internal returns (uint256 moved) {
        moved = paid + _pool.settle(_dueToEarmark[attackId]);
        if (moved == 0) return 0;
        book.pot -= moved.toUint104();
        a.earmark += moved.toUint104();
        _totals.earmarked += moved.toUint128();
        _enter(book, Kind.Earmark, a.member, address(0), moved, bytes32(attackId));
    }

    /// @dev Takes `amount` out of an attack's earmark.
    function _takeEarmark(Book memory book, uint256 attackId, uint256 amount) internal returns (bytes3 member) {
        AttackAccount memory a = _attackAccount(attackId);
        require(amount > 0, FundZeroAmount());
        _earmark(book, a, attackId, 0);
        require(amount <= a.earmark, FundBeyondEarmark(attackId, amount, a.earmark));
        a.earmark -= amount.toUint104();
        _totals.earmarked -= amount.toUint128();
        _attacks[attackId] = a;
        return a.member;
    }

    function _attackAccount(uint256 attackId) internal view returns (AttackAccount memory a) {
        a = _attacks[attackId];
        require(a.member != 0, FundUnknownAttack(attackId));
    }

    function _distribute(Book memory book, uint256 amount) private returns (uint256 used) {
        used = _pool.distribute(amount);
        book.pot += used.toUint104();
        uint256 left = _pool.outstanding();
        book.shortage = left > 0;
        emit ObligationsPaid(used, left);
    }
}
