// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FundAwards} from "./FundAwards.sol";
import {Governed} from "./Governed.sol";
import {TransferBreaker} from "./TransferBreaker.sol";
import {ICrisisFund} from "./interfaces/ICrisisFund.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {IReceiveWithAuthorization} from "./interfaces/IReceiveWithAuthorization.sol";
import {ProRata} from "./libraries/ProRata.sol";
import {PPM} from "./libraries/Units.sol";

/// @title CrisisFund
contract CrisisFund is FundAwards {
    using ProRata for ProRata.Pool;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    bytes32 public constant LEDGER_ROLE = keccak256("LEDGER_ROLE");
    bytes32 public constant DISTRIBUTOR_ROLE = keccak256("DISTRIBUTOR_ROLE");

    IMemberRegistry public immutable registry;

    /// @inheritdoc ICrisisFund
    IERC20 public immutable token;

    constructor(
        address timelock_,
        IMemberRegistry registry_,
        IERC20 token_,
        address guardian_
    ) Governed(timelock_) TransferBreaker(guardian_) {
        require(address(token_).code.length > 0, FundNotAToken(address(token_)));
        registry = registry_;
        token = token_;
    }

    // Anyone

    /// @inheritdoc ICrisisFund
    function donate(uint128 amount, bytes32 memo) external nonReentrant {
        require(amount > 0, FundZeroAmount());
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        _bookDeposit(Kind.Donation, 0, msg.sender, amount, memo, before);
    }

    /// @inheritdoc ICrisisFund
    function sync() external nonReentrant returns (uint256 surplus) {
        Book memory book = _book;
        uint256 known = uint256(book.reserve) + book.pot + _totals.earmarked;
        surplus = Math.saturatingSub(token.balanceOf(address(this)), known);
        if (surplus == 0) return 0;
        _receive(book, surplus);
        _enter(book, Kind.Surplus, 0, address(0), surplus, 0);
    }

    /// @inheritdoc ICrisisFund
    function collect(bytes3 code) external nonReentrant whenNotStopped returns (uint256 amount) {
        address to = registry.treasuryToPay(code);
        amount = _claims[code].collectable + _settleMember(code);
        require(amount > 0, FundNothingToCollect(code));
        require(to != address(0), FundTransfersWait(code));

        Book memory book = _book;
        _claims[code].collectable = 0;
        book.pot -= amount.toUint104();
        _enter(book, Kind.Disbursement, code, to, amount, 0);
        require(token.trySafeTransfer(to, amount), FundTransferFailed(to, amount));
    }

    /// @inheritdoc ICrisisFund
    function collectEarmark(uint256 attackId) external nonReentrant returns (uint256 amount) {
        AttackAccount memory a = _attackAccount(attackId);
        Book memory book = _book;
        amount = _earmark(book, a, attackId, 0);
        _attacks[attackId] = a;
    }

    // Modules

    /// @inheritdoc ICrisisFund
    function depositContribution(
        bytes3 code,
        address payer,
        uint128 amount
    ) external onlyRole(LEDGER_ROLE) nonReentrant {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(payer, address(this), amount);
        _bookDeposit(Kind.Contribution, code, payer, amount, 0, before);
    }

    /// @inheritdoc ICrisisFund
    function depositWithPermit(
        bytes3 code,
        address payer,
        uint128 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external onlyRole(LEDGER_ROLE) nonReentrant {
        uint256 before = token.balanceOf(address(this));
        // A permit that fails may have been handed in by somebody else; what counts is the allowance.
        try IERC20Permit(address(token)).permit(payer, address(this), amount, deadline, v, r, s) {} catch {}
        token.safeTransferFrom(payer, address(this), amount);
        _bookDeposit(Kind.Contribution, code, payer, amount, 0, before);
    }

    /// @inheritdoc ICrisisFund
    function depositWithAuthorization(
        bytes3 code,
        address payer,
        uint128 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external onlyRole(LEDGER_ROLE) nonReentrant {
        uint256 before = token.balanceOf(address(this));
        IReceiveWithAuthorization authorizing = IReceiveWithAuthorization(address(token));
        if (signature.length == 65) {
            authorizing.receiveWithAuthorization(
                payer,
                address(this),
                amount,
                validAfter,
                validBefore,
                nonce,
                uint8(signature[64]),
                bytes32(signature[:32]),
                bytes32(signature[32:64])
            );
        } else {
            authorizing.receiveWithAuthorization(
                payer,
                address(this),
                amount,
                validAfter,
                validBefore,
                nonce,
                signature
            );
        }
        _bookDeposit(Kind.Contribution, code, payer, amount, nonce, before);
    }

    /// @inheritdoc ICrisisFund
    function commit(
        uint256 attackId,
        bytes3 member,
        uint24 compensationShare,
        uint128 amount
    ) external onlyRole(REGISTER_ROLE) {
        require(_attacks[attackId].member == 0, FundAttackCommitted(attackId));
        require(compensationShare <= PPM, FundShareTooHigh(compensationShare));

        _attacks[attackId] = AttackAccount(member, compensationShare, uint256(amount).toUint104(), 0);
        _committedBy[attackId] = msg.sender;
        _totals.committed += amount;
        emit Committed(attackId, member, amount, compensationShare);
    }

    /// @inheritdoc ICrisisFund
    function release(uint256 attackId) external onlyRole(REGISTER_ROLE) nonReentrant returns (uint256 amount) {
        return _release(attackId);
    }

    /// @inheritdoc ICrisisFund
    function award(
        uint256 attackId,
        uint128 amount
    ) external onlyRole(REGISTER_ROLE) nonReentrant returns (bool shortage) {
        AttackAccount memory a = _attackAccount(attackId);
        require(amount > 0, FundZeroAmount());
        require(amount <= a.commitment, FundBeyondCommitment(attackId, amount, a.commitment));
        Book memory book = _book;

        // Every division rounds down: dust stays in the fund.
        uint256 paid = _payableNow(amount, book.reserve);
        uint256 earmarkPart = Math.mulDiv(amount, a.compensationShare, PPM);
        uint256 earmarkPaid = Math.mulDiv(earmarkPart, paid, amount);
        uint256 treasuryPart = amount - earmarkPart;
        uint256 treasuryPaid = paid - earmarkPaid;

        a.commitment -= uint104(amount);
        _totals.committed -= amount;
        book.reserve -= paid.toUint104();
        _enter(book, Kind.Award, a.member, msg.sender, amount, bytes32(attackId));
        AwardRecord memory record = _recordAward(
            a.member,
            attackId,
            treasuryPart,
            earmarkPart,
            treasuryPaid,
            earmarkPaid
        );

        if (earmarkPart > 0) {
            // The part paid comes through the pot, like what is paid later.
            book.pot += earmarkPaid.toUint104();
            _earmark(book, a, attackId, earmarkPaid);
            _owe(book, _dueToEarmark[attackId], earmarkPart - earmarkPaid);
        }
        _attacks[attackId] = a;
        book.pot += treasuryPaid.toUint104();
        uint256 assigned = treasuryPaid + _settleMember(a.member);
        if (treasuryPaid < treasuryPart) _claims[a.member].obliged = true;
        _owe(book, _dueToMember[a.member], treasuryPart - treasuryPaid);
        _payFromExcess(book);
        shortage = book.shortage;
        _remember(record, a.member, _pay(book, a.member, assigned, bytes32(attackId)));
    }

    /// @inheritdoc ICrisisFund
    function compensate(
        uint256 attackId,
        address to,
        uint128 amount,
        bytes32 ref
    ) external onlyRole(DISTRIBUTOR_ROLE) nonReentrant whenNotStopped {
        Book memory book = _book;
        bytes3 member = _takeEarmark(book, attackId, amount);
        _enter(book, Kind.Compensation, member, to, amount, ref);
        require(token.trySafeTransfer(to, amount), FundTransferFailed(to, amount));
    }

    /// @inheritdoc ICrisisFund
    function returnEarmark(uint256 attackId, uint128 amount) external onlyRole(DISTRIBUTOR_ROLE) nonReentrant {
        Book memory book = _book;
        bytes3 member = _takeEarmark(book, attackId, amount);
        book.pot += uint256(amount).toUint104();
        _claims[member].assigned += amount;
        _enter(book, Kind.EarmarkReturn, member, address(0), amount, bytes32(attackId));
        uint256 assigned = amount + _settleMember(member);
        _pay(book, member, assigned, bytes32(attackId));
    }

    // Council

    /// @inheritdoc ICrisisFund
    function releaseOrphan(uint256 attackId) external onlyCouncil nonReentrant returns (uint256 amount) {
        address module = _committedBy[attackId];
        require(!hasRole(REGISTER_ROLE, module), FundModuleNotRevoked(module));
        return _release(attackId);
    }

    // Internal

    /// @dev Books what has just been taken from a payer, if it has arrived in full.
    function _bookDeposit(
        Kind kind,
        bytes3 member,
        address payer,
        uint256 amount,
        bytes32 ref,
        uint256 balanceBefore
    ) private {
        uint256 received = token.balanceOf(address(this)) - balanceBefore;
        require(received >= amount, FundDepositShort(received, amount));
        Book memory book = _book;
        _receive(book, amount);
        _enter(book, kind, member, payer, amount, ref);
    }

    /// @dev Makes one attempt to transfer what is assigned to a member. If it fails or has to wait, the amount stays
    /// collectable: nobody else's money depends on it.
    /// @return transferred Whether the transfer was made: then nothing is collectable
    function _pay(Book memory book, bytes3 member, uint256 assigned, bytes32 ref) private returns (bool transferred) {
        Claim storage claim = _claims[member];
        uint256 amount = claim.collectable + assigned;
        address to = registry.treasuryToPay(member);
        claim.collectable = 0;
        book.pot -= amount.toUint104();
        _store(book);
        if (amount == 0) return false;
        if (to != address(0) && !_isStopped() && token.trySafeTransfer(to, amount)) {
            _enter(book, Kind.Disbursement, member, to, amount, ref);
            return true;
        }
        claim.collectable = amount.toUint104();
        book.pot += amount.toUint104();
        _store(book);
        emit TransferDeferred(member, to, amount);
    }
}
