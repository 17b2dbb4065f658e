// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {AttackFiling} from "./AttackFiling.sol";
import {IAttackRegister} from "./interfaces/IAttackRegister.sol";
import {IContributionLedger} from "./interfaces/IContributionLedger.sol";
import {ICouncil} from "./interfaces/ICouncil.sol";
import {ICoverageBook} from "./interfaces/ICoverageBook.sol";
import {ICrisisFund} from "./interfaces/ICrisisFund.sol";
import {ILossPanel} from "./interfaces/ILossPanel.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {IndemnityMath} from "./libraries/IndemnityMath.sol";
import {PPM, YEAR} from "./libraries/Units.sol";

/// @title AttackRegister
contract AttackRegister is AttackFiling {
    using Checkpoints for Checkpoints.Trace208;
    using IndemnityMath for IndemnityMath.Cover;
    using SafeCast for uint256;

    /// @dev The role it needs in the fund.
    bytes32 private constant REGISTER_ROLE = keccak256("REGISTER_ROLE");

    bytes32 public constant MARKET_ROLE = keccak256("MARKET_ROLE");

    uint48 public constant CLOSING_DELAY = 30 days;
    uint256 public constant ADVANCE_SHARE = 100_000; // of the commitment, in ppm

    /// @inheritdoc IAttackRegister
    address public panel;

    constructor(
        address timelock_,
        IMemberRegistry registry_,
        ICrisisFund fund_,
        IContributionLedger ledger_,
        ICoverageBook coverage_,
        uint256 attacksBefore
    ) AttackFiling(timelock_, registry_, fund_, ledger_, coverage_, attacksBefore) {}

    // Members

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
        uint256 payable_ = Math.min(cover.payableFor(loss), a.committed);
        uint256 awarded = a.awarded;
        uint256 amount = Math.saturatingSub(payable_, awarded);

        a.lastSettled = uint8(number);
        a.loss = loss.toUint128();
        a.awarded = (awarded + amount).toUint104();
        emit RoundSettled(attackId, number, reported, loss, payable_, amount);
        _award(attackId, amount);
    }

    /// @dev Awards, and calls for what the fund cannot pay.
    function _award(uint256 attackId, uint256 amount) private {
        if (amount == 0) return;
        if (fund.award(attackId, amount.toUint128())) ledger.issueCall();
    }

    function _settleIfReady(uint256 attackId, uint256 number) private {
        Round memory r = round(attackId, number);
        if (number == 0 || !r.open || block.timestamp < r.endsAt || panel == address(0)) return;
        (bool ready, uint128 reported, , ) = ILossPanel(panel).verdict(attackId, number);
        if (ready) _settle(attackId, number, reported);
    }

    function _close(uint256 attackId, Attack storage a) private {
        uint256 payable_ = payableSoFar(attackId);
        uint256 charged = Math.saturatingSub(a.awarded, payable_);
        uint256 unused = a.committed - a.awarded;

        a.decision = Decision.Closed;
        closedAt[attackId] = Time.timestamp();
        _used[a.member][a.coverYear] -= unused;
        emit Closed(attackId, a.awarded, payable_, unused, charged);
        registry.closeCase(a.member);
        if (a.committed == 0) return;
        ledger.setCallExemption(a.member, false);
        if (charged > 0) ledger.charge(a.member, charged.toUint128(), bytes32(attackId));
        // A register that the council has cut off can still close its cases; the council releases what they held.
        if (IAccessControl(address(fund)).hasRole(REGISTER_ROLE, address(this))) fund.release(attackId);
    }

    /// @dev First second of the member's year of cover that holds `startedAt`.
    function _coverYear(bytes3 code, uint48 startedAt) private view returns (uint48) {
        uint48 coverFrom = ledger.coverFrom(code);
        return startedAt - ((startedAt - coverFrom) % YEAR);
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
}
