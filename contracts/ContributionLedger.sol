// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {ContributionSchedule} from "./ContributionSchedule.sol";
import {IContributionLedger} from "./interfaces/IContributionLedger.sol";
import {ICrisisFund} from "./interfaces/ICrisisFund.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {ContributionMath} from "./libraries/ContributionMath.sol";
import {PPM} from "./libraries/Units.sol";

/// @title ContributionLedger
contract ContributionLedger is ContributionSchedule {
    using SafeCast for uint256;

    bytes32 public constant REGISTER_ROLE = keccak256("REGISTER_ROLE");

    /// @notice What the nonce of an authorization says it is for, besides the member.
    bytes32 public constant CONTRIBUTION_PURPOSE = keccak256("CrisisInsuranceFund.contribution");

    uint48 public constant ARREARS_GRACE = 90 days;
    uint48 public constant LONGEST_WAIVER = 730 days;
    uint256 public constant SUSPENSION_PERIODS = 8;
    uint256 public constant SCALES_A_CALL = 104;
    uint32 public constant HIGHEST_CALL_CAP = 2_000_000;

    ICrisisFund public immutable fund;

    constructor(
        address timelock_,
        IMemberRegistry registry_,
        ICrisisFund fund_,
        Terms memory terms_,
        uint48 founderCoverDelay_,
        uint128 firstBudget
    ) ContributionSchedule(timelock_, registry_, founderCoverDelay_, firstBudget) {
        fund = fund_;
        _setTerms(terms_);
    }

    // Anyone

    /// @inheritdoc IContributionLedger
    function contribute(bytes3 code, uint128 amount) external {
        _book(code, amount);
        fund.depositContribution(code, msg.sender, amount);
    }

    /// @inheritdoc IContributionLedger
    function contributeWithPermit(
        bytes3 code,
        uint128 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        _book(code, amount);
        fund.depositWithPermit(code, msg.sender, amount, deadline, v, r, s);
    }

    /// @inheritdoc IContributionLedger
    function contributeWithAuthorization(bytes3 code, Authorization calldata authorization) external {
        _book(code, authorization.amount);
        fund.depositWithAuthorization(
            code,
            authorization.payer,
            authorization.amount,
            authorization.validAfter,
            authorization.validBefore,
            authorizationNonce(code, authorization.serial),
            authorization.signature
        );
    }

    /// @inheritdoc IContributionLedger
    function issueCall() external returns (uint256 amount) {
        uint256 weights = callWeight();
        amount = Math.min(Math.saturatingSub(fund.owed(), _callsNotDue()), room());
        if (amount == 0 || weights == 0 || block.timestamp < genesis) return 0;
        _call(amount, weights);
    }

    /// @inheritdoc IContributionLedger
    function suspendVote(bytes3 code) external {
        Account storage a = _accounts[code];
        require(block.timestamp > a.waivedUntil, LedgerWaived(code, a.waivedUntil));
        require(
            registry.isMember(code) && registry.member(code).kind == IMemberRegistry.Kind.State && !a.voteSuspended,
            LedgerNoVoteToSuspend(code)
        );
        uint256 debt = debtOf(code);
        uint256 threshold = suspensionThreshold(code);
        require(threshold > 0 && debt >= threshold, LedgerDebtTooSmall(code, debt, threshold));

        a.voteSuspended = true;
        registry.setVoteSuspended(code, true);
    }

    // Council

    /// @inheritdoc IContributionLedger
    function setBudget(uint256 fromPeriod, uint128 amount) external onlyCouncil {
        _setBudget(fromPeriod, amount);
    }

    /// @inheritdoc IContributionLedger
    function setScale(bytes3 code, uint32 capacity, uint32 dependence) external onlyCouncil {
        _setScale(Scale(code, capacity, dependence));
        _requireWhole();
    }

    /// @inheritdoc IContributionLedger
    function setScales(Scale[] calldata scales) external onlyCouncil {
        require(scales.length <= SCALES_A_CALL, LedgerTooManyEntries(scales.length, SCALES_A_CALL));
        for (uint256 i = 0; i < scales.length; ++i) _setScale(scales[i]);
        _requireWhole();
    }

    /// @inheritdoc IContributionLedger
    function setTerms(Terms calldata terms_) external onlyCouncil {
        _setTerms(terms_);
    }

    /// @inheritdoc IContributionLedger
    function waive(bytes3 code, uint48 until) external onlyCouncil {
        _requireKnown(code);
        uint48 nowAt = Time.timestamp();
        require(
            until > nowAt && until <= nowAt + LONGEST_WAIVER,
            LedgerBadWaiver(until, nowAt + 1, nowAt + LONGEST_WAIVER)
        );

        Account storage a = _accounts[code];
        a.waivedUntil = until;
        emit Waived(code, until);
        if (a.voteSuspended) _restoreVote(code, a);
    }

    // Modules

    /// @inheritdoc IContributionLedger
    function charge(bytes3 code, uint128 amount, bytes32 ref) external onlyRole(REGISTER_ROLE) {
        _charge(code, amount, ref);
    }

    /// @inheritdoc IContributionLedger
    function setCallExemption(bytes3 code, bool exempt) external onlyRole(REGISTER_ROLE) {
        Account storage a = _accounts[code];
        uint16 commitments = exempt ? a.commitments + 1 : a.commitments - 1;
        _setParticipation(code, a.weighted, commitments);
        emit CallExemptionSet(code, commitments);
    }

    /// @inheritdoc IContributionLedger
    function exit(bytes3 code) external {
        require(msg.sender == address(registry), LedgerNotRegistry(msg.sender));
        Account storage a = _accounts[code];
        if (a.weighted) {
            uint256 amount = _exitCharge(code);
            if (amount > 0) _charge(code, amount, "exit");
            _endWeight(code);
        }
        uint256 credit = Math.saturatingSub(a.paid, askedOf(code));
        if (credit == 0) return;
        a.paid -= credit.toUint128();
        emit CreditForfeited(code, credit);
    }

    // Views

    /// @inheritdoc IContributionLedger
    function terms() external view returns (Terms memory) {
        return _terms;
    }

    /// @inheritdoc IContributionLedger
    function account(bytes3 code) external view returns (Account memory) {
        return _accounts[code];
    }

    /// @inheritdoc IContributionLedger
    function debtOf(bytes3 code) public view returns (uint256) {
        return debtDueBefore(code, block.timestamp);
    }

    /// @inheritdoc IContributionLedger
    function debtDueBefore(bytes3 code, uint256 timestamp) public view returns (uint256) {
        return Math.saturatingSub(_askedBefore(code, timestamp), _accounts[code].paid);
    }

    /// @inheritdoc IContributionLedger
    function suspensionThreshold(bytes3 code) public view returns (uint256) {
        uint256 due = ContributionMath.periodsDue(genesis, block.timestamp);
        if (!_accounts[code].weighted || due < _accounts[code].firstPeriod + SUSPENSION_PERIODS) return 0;
        uint256 before = due - SUSPENSION_PERIODS;
        return through(code, due - 1) - (before == 0 ? 0 : through(code, before - 1));
    }

    /// @inheritdoc IContributionLedger
    function inGoodStanding(bytes3 code) public view returns (bool) {
        Account storage a = _accounts[code];
        if (block.timestamp <= a.waivedUntil) return true;
        if (block.timestamp > registry.reportDeadline(code)) return false;
        return block.timestamp <= a.clearUntil || debtDueBefore(code, block.timestamp - ARREARS_GRACE) == 0;
    }

    /// @inheritdoc IContributionLedger
    function coverFrom(bytes3 code) public view returns (uint48) {
        return _accounts[code].weighted ? _accounts[code].coverFrom : type(uint48).max;
    }

    /// @inheritdoc IContributionLedger
    function standingOf(bytes3 code) external view returns (Standing memory) {
        return Standing(inGoodStanding(code), coverFrom(code), _accounts[code].clearedAt);
    }

    /// @inheritdoc IContributionLedger
    function authorizationNonce(bytes3 code, uint64 serial) public pure returns (bytes32) {
        uint256 bound = uint256(keccak256(abi.encode(CONTRIBUTION_PURPOSE, code)));
        return bytes32((bound << 64) | serial);
    }

    // Internal

    /// @dev Books a payment that the fund is about to take in full. While the account is known to be clear, no debt
    /// has to be worked out.
    function _book(bytes3 code, uint128 amount) private {
        require(amount > 0, LedgerZeroAmount());
        Account storage a = _accounts[code];
        uint128 before = a.paid;
        if (before == 0) _requireKnown(code); // who has paid before is known
        uint128 paid = before + amount;
        bool suspended = a.voteSuspended;
        if (suspended || block.timestamp > a.clearUntil) _workOut(code, a, before, paid);
        a.paid = paid;
        if (!suspended) return;
        uint256 debt = debtOf(code);
        // Who owes nothing votes again, also where nothing was assessed of late.
        if (debt == 0 || debt < suspensionThreshold(code)) _restoreVote(code, a);
    }

    /// @dev Writes down what a payment that brings the total from `before` to `paid` does to the member's standing.
    function _workOut(bytes3 code, Account storage a, uint128 before, uint128 paid) private {
        uint48 nowAt = Time.timestamp();
        uint256 due = _askedBefore(code, nowAt);
        if (due <= paid) a.clearUntil = nowAt + ARREARS_GRACE;
        if (due <= before) return; // nor is anything overdue
        uint256 late = _askedBefore(code, nowAt - ARREARS_GRACE);
        // While waived, arrears keep nobody from filing, so paying them must not cost the cover of what began before.
        if (late > before && late <= paid && nowAt > a.waivedUntil) {
            a.clearedAt = nowAt;
            emit ArrearsCleared(code);
        }
    }

    function _restoreVote(bytes3 code, Account storage a) private {
        a.voteSuspended = false;
        registry.setVoteSuspended(code, false);
    }

    function _exitCharge(bytes3 code) private view returns (uint256) {
        uint256 weight = weightOf(code, currentPeriod());
        if (weight == 0) return 0;
        return ContributionMath.exitCharge(weight, totalWeight(), fund.owed(), fund.committed(), fund.reserve());
    }

    function _setTerms(Terms memory terms_) private {
        require(terms_.loading <= PPM, LedgerRatioTooHigh(terms_.loading, PPM));
        require(terms_.callCap <= HIGHEST_CALL_CAP, LedgerRatioTooHigh(terms_.callCap, HIGHEST_CALL_CAP));
        _terms = terms_;
        emit TermsSet(terms_);
    }

    function _requireKnown(bytes3 code) private view {
        require(registry.statusOf(code) != IMemberRegistry.Status.None, LedgerUnknownMember(code));
    }
}
