// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {Governed} from "./Governed.sol";
import {IContributionLedger} from "./interfaces/IContributionLedger.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {ContributionMath} from "./libraries/ContributionMath.sol";
import {StepFunction} from "./libraries/StepFunction.sol";
import {PERIOD, PPM} from "./libraries/Units.sol";

/// @title ContributionSchedule
/// @dev The part of the ledger that knows what members are asked: by assessment, by call and by charge. Sums are kept
/// in millionths of a unit and are exact; nothing depends on who brought them up to date when.
abstract contract ContributionSchedule is Governed, IContributionLedger {
    using Checkpoints for Checkpoints.Trace208;
    using SafeCast for uint256;
    using StepFunction for StepFunction.Step[];

    /// @dev A sum of weights in `period` and from the period after it on.
    struct WeightSum {
        uint32 period;
        uint32 current;
        uint32 next;
    }

    uint48 public constant CALL_GRACE = 30 days;
    uint48 public constant CHARGE_GRACE = 365 days;
    uint48 public constant COVER_DELAY = 180 days;

    IMemberRegistry public immutable registry;
    uint48 public immutable genesis;

    /// @notice How long after genesis founders are covered, in seconds.
    uint48 public immutable founderCoverDelay;

    mapping(bytes3 code => Account) internal _accounts;
    Terms internal _terms;
    Call[] private _calls;
    WeightSum private _allWeights;
    WeightSum private _sparedWeights; // of members with a commitment or that left: no call asks them
    StepFunction.Step[] private _budgets; // by period, in units
    mapping(bytes3 code => StepFunction.Step[]) private _weights; // by period; sums in millionths of a unit
    mapping(bytes3 code => StepFunction.Step[]) private _callShares; // by number of calls before; sums in millionths
    mapping(bytes3 code => Checkpoints.Trace208) private _charges; // by time made, in units

    constructor(
        address timelock_,
        IMemberRegistry registry_,
        uint48 founderCoverDelay_,
        uint128 firstBudget
    ) Governed(timelock_) {
        require(firstBudget > 0, LedgerNoBudget());
        registry = registry_;
        genesis = registry_.genesis();
        founderCoverDelay = founderCoverDelay_;
        _calls.push();
        _budgets.set(StepFunction.Step(0, uint256(firstBudget).toUint96(), 0));
        emit BudgetSet(0, firstBudget);
    }

    // Views

    /// @inheritdoc IContributionLedger
    function currentPeriod() public view returns (uint256) {
        return block.timestamp < genesis ? 0 : (block.timestamp - genesis) / PERIOD;
    }

    /// @inheritdoc IContributionLedger
    function periodStart(uint256 period) public view returns (uint256) {
        return genesis + period * PERIOD;
    }

    /// @inheritdoc IContributionLedger
    function dueAt(uint256 period) external view returns (uint256) {
        return periodStart(period) + ContributionMath.GRACE;
    }

    /// @inheritdoc IContributionLedger
    function budgetOf(uint256 period) public view returns (uint256) {
        return _budgets.at(period).value;
    }

    /// @inheritdoc IContributionLedger
    function weightOf(bytes3 code, uint256 period) public view returns (uint256) {
        return _weights[code].at(period).value;
    }

    /// @inheritdoc IContributionLedger
    function totalWeight() public view returns (uint256) {
        return _current(_allWeights);
    }

    /// @inheritdoc IContributionLedger
    function callWeight() public view returns (uint256) {
        return totalWeight() - _current(_sparedWeights);
    }

    /// @inheritdoc IContributionLedger
    function through(bytes3 code, uint256 period) public view returns (uint256) {
        return ContributionMath.toUnits(_assessedBefore(code, period + 1));
    }

    /// @inheritdoc IContributionLedger
    function assessed(bytes3 code, uint256 period) external view returns (uint256) {
        return through(code, period) - (period == 0 ? 0 : through(code, period - 1));
    }

    /// @inheritdoc IContributionLedger
    function askedOf(bytes3 code) public view returns (uint256) {
        return _asked(code, currentPeriod() + 1, callCount(), block.timestamp);
    }

    /// @inheritdoc IContributionLedger
    function callCount() public view returns (uint256) {
        return _calls.length - 1;
    }

    /// @inheritdoc IContributionLedger
    function callAt(uint256 number) external view returns (Call memory) {
        return _calls[number];
    }

    /// @inheritdoc IContributionLedger
    function room() public view returns (uint256) {
        uint256 period = currentPeriod();
        uint256 first = Math.saturatingSub(period, 3);
        uint256 budgets = _budgetBefore(period + 1) - _budgetBefore(first);
        uint256 called = _calls[callCount()].amount - _calls[_callsBefore(periodStart(first))].amount;
        // Rounds down: members are asked no more than the cap allows.
        return Math.saturatingSub(Math.mulDiv(budgets, _terms.callCap, PPM), called);
    }

    // Internal

    /// @dev Sets the budget from `fromPeriod` on; a step that is pending goes.
    function _setBudget(uint256 fromPeriod, uint128 amount) internal {
        uint256 current = currentPeriod();
        require(fromPeriod > current, LedgerPeriodNotAhead(fromPeriod, current));
        if (_budgets.last().from > current) _budgets.pop();
        uint256 highest = budgetOf(fromPeriod - 1);
        for (uint256 back = 2; back <= 4 && back <= fromPeriod; ++back) {
            highest = Math.max(highest, budgetOf(fromPeriod - back));
        }
        uint256 most = Math.max(2 * highest, budgetOf(0));
        require(amount <= most, LedgerBudgetTooHigh(amount, most));

        _budgets.set(
            StepFunction.Step(fromPeriod.toUint32(), uint256(amount).toUint96(), _budgetBefore(fromPeriod).toUint128())
        );
        emit BudgetSet(fromPeriod, amount);
    }

    /// @dev Sets a member's weight from the next period on, or from period 0 before genesis.
    function _setScale(Scale memory scale) internal {
        bytes3 code = scale.code;
        require(registry.isMember(code), LedgerUnknownMember(code));
        require(scale.capacity <= PPM, LedgerRatioTooHigh(scale.capacity, PPM));
        require(scale.dependence <= PPM, LedgerRatioTooHigh(scale.dependence, PPM));
        uint256 weight = ContributionMath.weight(scale.capacity, scale.dependence, _terms.loading);
        uint256 fromPeriod = _nextPeriod();

        Account storage a = _accounts[code];
        if (!a.weighted) {
            bool founding = block.timestamp < genesis;
            a.firstPeriod = uint32(fromPeriod);
            a.coverFrom = uint48(founding ? genesis + founderCoverDelay : periodStart(fromPeriod) + COVER_DELAY);
            _setParticipation(code, true, a.commitments);
        }
        _setWeight(code, fromPeriod, weight);
        emit ScaleSet(code, scale.capacity, scale.dependence, weight, fromPeriod);
    }

    function _requireWhole() internal view {
        require(_allWeights.next <= PPM, LedgerWeightsExceedWhole(_allWeights.next));
    }

    /// @dev Ends assessments with the current period and calls at once.
    function _endWeight(bytes3 code) internal {
        uint256 fromPeriod = _nextPeriod();
        _setWeight(code, fromPeriod, 0);
        _setParticipation(code, false, _accounts[code].commitments);
        emit Exited(code, fromPeriod);
    }

    /// @dev Calls ask a member that has a weight, has not left and has no commitment.
    function _setParticipation(bytes3 code, bool weighted, uint16 commitments) internal {
        Account storage a = _accounts[code];
        _followWeight(code);
        bool before = _participates(a);
        a.weighted = weighted;
        a.commitments = commitments;
        bool participates = _participates(a);
        if (participates == before) return;

        uint32 current = uint32(weightOf(code, currentPeriod()));
        uint32 next = uint32(_weights[code].last().value);
        WeightSum memory spared = _rolled(_sparedWeights);
        spared.current = participates ? spared.current - current : spared.current + current;
        spared.next = participates ? spared.next - next : spared.next + next;
        _sparedWeights = spared;
        _setCallShare(code, callCount(), participates ? current : 0);
    }

    function _charge(bytes3 code, uint256 amount, bytes32 ref) internal {
        uint48 nowAt = Time.timestamp();
        _charges[code].push(nowAt, (_charges[code].latest() + amount).toUint208());
        emit Charged(code, amount, nowAt + CHARGE_GRACE, ref);
    }

    /// @dev Issues a call of `amount`, above zero, over weights above zero.
    function _call(uint256 amount, uint256 weights) internal {
        Call memory before = _calls[callCount()];
        uint256 budget = ContributionMath.callBudget(amount, weights);
        uint48 nowAt = Time.timestamp();
        _calls.push(Call(nowAt, (before.amount + amount).toUint128(), (before.budget + budget).toUint128()));
        emit CallIssued(callCount(), amount, weights, budget, nowAt + CALL_GRACE);
    }

    /// @dev What earlier calls that are not yet due are for.
    function _callsNotDue() internal view returns (uint256) {
        return _calls[callCount()].amount - _calls[_callsBefore(block.timestamp - CALL_GRACE)].amount;
    }

    /// @dev What a member was asked with a due date before `timestamp`.
    function _askedBefore(bytes3 code, uint256 timestamp) internal view returns (uint256) {
        return
            _asked(
                code,
                ContributionMath.periodsDue(genesis, timestamp),
                _callsBefore(Math.saturatingSub(timestamp, CALL_GRACE)),
                Math.saturatingSub(timestamp, CHARGE_GRACE + 1)
            );
    }

    function _setWeight(bytes3 code, uint256 fromPeriod, uint256 weight) private {
        _followWeight(code);
        Account storage a = _accounts[code];
        uint32 old = uint32(_weights[code].last().value);
        uint128 before = _assessedBefore(code, fromPeriod).toUint128();
        _weights[code].set(StepFunction.Step(uint32(fromPeriod), uint96(weight), before));

        _allWeights = _shifted(_allWeights, fromPeriod, old, uint32(weight));
        if (!_participates(a)) _sparedWeights = _shifted(_sparedWeights, fromPeriod, old, uint32(weight));
        if (fromPeriod > currentPeriod()) a.weightFrom = uint32(fromPeriod);
        else _setCallShare(code, 0, _participates(a) ? weight : 0);
    }

    /// @dev Once a new weight holds, calls ask by it: writes down from which call on.
    function _followWeight(bytes3 code) private {
        Account storage a = _accounts[code];
        uint256 fromPeriod = a.weightFrom;
        if (fromPeriod == 0 || currentPeriod() < fromPeriod) return;
        a.weightFrom = 0;
        if (_participates(a)) _setCallShare(code, _callsBefore(periodStart(fromPeriod)), weightOf(code, fromPeriod));
    }

    function _setCallShare(bytes3 code, uint256 number, uint256 weight) private {
        uint128 before = _calledBefore(code, number).toUint128();
        _callShares[code].set(StepFunction.Step(number.toUint32(), uint96(weight), before));
    }

    function _asked(bytes3 code, uint256 periods, uint256 calls, uint256 chargedUntil) private view returns (uint256) {
        return
            ContributionMath.toUnits(_assessedBefore(code, periods)) +
            ContributionMath.toUnits(_calledBefore(code, calls)) +
            _charges[code].upperLookupRecent(uint48(chargedUntil));
    }

    /// @dev Sum of the budgets of the first `periods` periods, in units.
    function _budgetBefore(uint256 periods) private view returns (uint256) {
        if (periods == 0) return 0;
        StepFunction.Step memory step = _budgets.at(periods - 1);
        return step.before + step.value * (periods - step.from);
    }

    /// @dev A member's assessments of the first `periods` periods, in millionths of a unit.
    function _assessedBefore(bytes3 code, uint256 periods) private view returns (uint256) {
        if (periods == 0) return 0;
        StepFunction.Step memory step = _weights[code].at(periods - 1);
        if (step.value == 0) return step.before;
        return step.before + step.value * (_budgetBefore(periods) - _budgetBefore(step.from));
    }

    /// @dev What the first `number` calls ask of a member, in millionths of a unit. A weight that holds by now but was
    /// not written down for calls yet counts all the same.
    function _calledBefore(bytes3 code, uint256 number) private view returns (uint256) {
        Account storage a = _accounts[code];
        uint256 fromPeriod = a.weightFrom;
        if (fromPeriod != 0 && currentPeriod() >= fromPeriod && _participates(a)) {
            uint256 since = _callsBefore(periodStart(fromPeriod));
            if (since < number) {
                uint256 later = _calls[number].budget - _calls[since].budget;
                return _shareBefore(code, since) + weightOf(code, fromPeriod) * later;
            }
        }
        return _shareBefore(code, number);
    }

    function _shareBefore(bytes3 code, uint256 number) private view returns (uint256) {
        StepFunction.Step memory step = _callShares[code].at(number);
        return step.before + step.value * (_calls[number].budget - _calls[step.from].budget);
    }

    /// @dev How many calls were issued before `timestamp`.
    function _callsBefore(uint256 timestamp) private view returns (uint256 low) {
        uint256 high = callCount();
        while (low < high) {
            uint256 middle = Math.ceilDiv(low + high, 2);
            if (_calls[middle].issuedAt < timestamp) low = middle;
            else high = middle - 1;
        }
    }

    function _nextPeriod() private view returns (uint256) {
        return block.timestamp < genesis ? 0 : currentPeriod() + 1;
    }

    function _participates(Account storage a) private view returns (bool) {
        return a.weighted && a.commitments == 0;
    }

    function _rolled(WeightSum memory sum) private view returns (WeightSum memory) {
        uint32 period = uint32(currentPeriod());
        if (sum.period == period) return sum;
        return WeightSum(period, sum.next, sum.next);
    }

    function _shifted(
        WeightSum memory sum,
        uint256 fromPeriod,
        uint32 old,
        uint32 weight
    ) private view returns (WeightSum memory shifted) {
        shifted = _rolled(sum);
        shifted.next = shifted.next + weight - old;
        if (fromPeriod == shifted.period) shifted.current = shifted.next;
    }

    function _current(WeightSum memory sum) private view returns (uint256) {
        return _rolled(sum).current;
    }
}
