// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Governed} from "./Governed.sol";
import {IContributionLedger} from "./interfaces/IContributionLedger.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {ContributionMath} from "./libraries/ContributionMath.sol";
import {StepFunction} from "./libraries/StepFunction.sol";
import {PERIOD, PPM} from "./libraries/Units.sol";

/// @title Assessments
/// @dev The part of the ledger that knows budgets and weights by period, and what each member is assessed by them.
abstract contract Assessments is Governed, IContributionLedger {
    using SafeCast for uint256;
    using StepFunction for StepFunction.Steps;

    /// @dev A sum of weights in `period` and from the period after it on.
    struct WeightSum {
        uint32 period;
        uint32 current;
        uint32 next;
    }

    IMemberRegistry public immutable registry;
    uint48 public immutable genesis;

    WeightSum private _allWeights;
    StepFunction.Steps private _budgets; // by period, in units
    mapping(bytes3 code => StepFunction.Steps) private _weights; // by period; sums in millionths of a unit

    constructor(address timelock_, IMemberRegistry registry_, uint128 firstBudget) Governed(timelock_) {
        require(firstBudget > 0, LedgerNoBudget());
        registry = registry_;
        genesis = registry_.genesis();
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
    function through(bytes3 code, uint256 period) public view returns (uint256) {
        return ContributionMath.toUnits(_assessedBefore(code, period + 1));
    }

    /// @inheritdoc IContributionLedger
    function assessed(bytes3 code, uint256 period) external view returns (uint256) {
        return through(code, period) - (period == 0 ? 0 : through(code, period - 1));
    }

    // Internal

    /// @dev Sets the budget from `fromPeriod` on; a step that is pending goes.
    function _setBudget(uint256 fromPeriod, uint128 amount) internal {
        uint256 current = currentPeriod();
        require(fromPeriod > current, LedgerPeriodNotAhead(fromPeriod, current));
        if (_budgets.last().from > current) _budgets.removeLast();
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

    /// @dev Assesses a member by `weight` from `fromPeriod` on.
    /// @return old The weight it would have had
    function _assess(bytes3 code, uint256 fromPeriod, uint256 weight) internal returns (uint32 old) {
        StepFunction.Steps storage steps = _weights[code];
        old = uint32(steps.last().value);
        uint128 before = _assessedBefore(code, fromPeriod).toUint128();
        steps.set(StepFunction.Step(uint32(fromPeriod), uint96(weight), before));
        _allWeights = _shifted(_allWeights, fromPeriod, old, uint32(weight));
    }

    /// @dev The weight that holds in the end, once a change that is pending has taken effect.
    function _lastWeightOf(bytes3 code) internal view returns (uint32) {
        return uint32(_weights[code].last().value);
    }

    function _requireWhole() internal view {
        require(_allWeights.next <= PPM, LedgerWeightsExceedWhole(_allWeights.next));
    }

    /// @dev Sum of the budgets of the first `periods` periods, in units.
    function _budgetBefore(uint256 periods) internal view returns (uint256) {
        if (periods == 0) return 0;
        StepFunction.Step storage step = _budgets.at(periods - 1);
        return step.before + step.value * (periods - step.from);
    }

    /// @dev A member's assessments of the first `periods` periods, in millionths of a unit.
    function _assessedBefore(bytes3 code, uint256 periods) internal view returns (uint256) {
        if (periods == 0) return 0;
        StepFunction.Step storage step = _weights[code].at(periods - 1);
        if (step.value == 0) return step.before;
        return step.before + step.value * (_budgetBefore(periods) - _budgetBefore(step.from));
    }

    function _nextPeriod() internal view returns (uint256) {
        return block.timestamp < genesis ? 0 : currentPeriod() + 1;
    }

    function _rolled(WeightSum memory sum) internal view returns (WeightSum memory) {
        uint32 period = uint32(currentPeriod());
        if (sum.period == period) return sum;
        return WeightSum(period, sum.next, sum.next);
    }

    function _shifted(
        WeightSum memory sum,
        uint256 fromPeriod,
        uint32 old,
        uint32 weight
    ) internal view returns (WeightSum memory shifted) {
        shifted = _rolled(sum);
        shifted.next = shifted.next + weight - old;
        if (fromPeriod == shifted.period) shifted.current = shifted.next;
    }

    function _current(WeightSum memory sum) internal view returns (uint256) {
        return _rolled(sum).current;
    }
}
