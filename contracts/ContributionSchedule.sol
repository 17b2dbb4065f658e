// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {Assessments} from "./Assessments.sol";
import {IContributionLedger} from "./interfaces/IContributionLedger.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {ContributionMath} from "./libraries/ContributionMath.sol";
import {StepFunction} from "./libraries/StepFunction.sol";
import {PPM} from "./libraries/Units.sol";

/// @title ContributionSchedule
/// @dev The part of the ledger that knows what members are asked by call and by charge, and in all. Sums are kept in
/// millionths of a unit and are exact; nothing depends on who brought them up to date when.
abstract contract ContributionSchedule is Assessments {
    using Checkpoints for Checkpoints.Trace208;
    using SafeCast for uint256;
    using StepFunction for StepFunction.Steps;

    uint48 public constant CALL_GRACE = 30 days;
    uint48 public constant CHARGE_GRACE = 365 days;
    uint48 public constant COVER_DELAY = 180 days;

    /// @notice How long after genesis founders are covered, in seconds.
    uint48 public immutable founderCoverDelay;

    mapping(bytes3 code => Account) internal _accounts;
    Terms internal _terms;
    Call[] private _calls;
    WeightSum private _sparedWeights; // of members with a commitment or that left: no call asks them
    mapping(bytes3 code => StepFunction.Steps) private _callShares; // by number of calls before; sums in millionths
    mapping(bytes3 code => Checkpoints.Trace208) private _charges; // by time made, in units

    constructor(
        address timelock_,
        IMemberRegistry registry_,
        uint48 founderCoverDelay_,
        uint128 firstBudget
    ) Assessments(timelock_, registry_, firstBudget) {
        founderCoverDelay = founderCoverDelay_;
        _calls.push();
    }

    // Views

    /// @inheritdoc IContributionLedger
    function callWeight() public view returns (uint256) {
        return totalWeight() - _current(_sparedWeights);
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
        uint256 called = _broughtBy(callCount()) - _broughtBy(_callsBefore(periodStart(first)));
        // Rounds down: members are asked no more than the cap allows.
        return Math.saturatingSub(Math.mulDiv(budgets, _terms.callCap, PPM), called);
    }

    // Internal

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
        uint32 next = _lastWeightOf(code);
        WeightSum memory spared = _rolled(_sparedWeights);
        spared.current = participates ? spared.current - current : spared.current + current;
        spared.next = participates ? spared.next - next : spared.next + next;
        _sparedWeights = spared;
        _setCallShare(code, callCount(), participates ? current : 0);
    }

    function _charge(bytes3 code, uint256 amount, bytes32 ref) internal {
        uint48 nowAt = Time.timestamp();
        _accounts[code].charged = true;
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
        return _broughtBy(callCount()) - _broughtBy(_callsBefore(block.timestamp - CALL_GRACE));
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

    /// @dev What the first `number` calls were to bring, in units.
    function _broughtBy(uint256 number) private view returns (uint256) {
        return number == 0 ? 0 : _calls[number].amount;
    }

    function _setWeight(bytes3 code, uint256 fromPeriod, uint256 weight) private {
        _followWeight(code);
        Account storage a = _accounts[code];
        uint32 old = _assess(code, fromPeriod, weight);
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
            (_accounts[code].charged ? _charges[code].upperLookupRecent(uint48(chargedUntil)) : 0);
    }

    /// @dev What the first `number` calls ask of a member, in millionths of a unit. A weight that holds by now but was
    /// not written down for calls yet counts all the same.
    function _calledBefore(bytes3 code, uint256 number) private view returns (uint256) {
        if (number == 0) return 0;
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
        StepFunction.Step storage step = _callShares[code].at(number);
        return step.before + step.value * (_calls[number].budget - _calls[step.from].budget);
    }

    /// @dev How many calls were issued before `timestamp`.
    function _callsBefore(uint256 timestamp) private view returns (uint256 low) {
        uint256 high = callCount();
        // Most look-ups are for times after the newest call.
        if (high > 0 && _calls[high].issuedAt < timestamp) return high;
        while (low < high) {
            uint256 middle = Math.ceilDiv(low + high, 2);
            if (_calls[middle].issuedAt < timestamp) low = middle;
            else high = middle - 1;
        }
    }

    function _participates(Account storage a) private view returns (bool) {
        return a.weighted && a.commitments == 0;
    }
}
