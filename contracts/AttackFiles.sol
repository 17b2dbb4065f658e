// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Governed} from "./Governed.sol";
import {IAttackRegister} from "./interfaces/IAttackRegister.sol";
import {ICouncil} from "./interfaces/ICouncil.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {IndemnityMath} from "./libraries/IndemnityMath.sol";

/// @title AttackFiles
/// @dev The part of the register that keeps the case files and derives from them where a case stands and which rounds
/// it has.
abstract contract AttackFiles is Governed, IAttackRegister {
    using Checkpoints for Checkpoints.Trace208;

    /// @dev The last case of a pair, and the last that was recognised.
    struct Pair {
        uint128 last;
        uint128 lastRecognised;
    }

    /// @dev A council and when it was appointed.
    struct Appointment {
        address council;
        uint48 since; // 20 + 6 = 26 bytes
    }

    uint48 public constant ROUND = 30 days;
    uint256 public constant ROUNDS = 12;
    uint48 public constant REPORT_WINDOW = 10 days;

    IMemberRegistry public immutable registry;

    /// @inheritdoc IAttackRegister
    uint256 public attackCount;

    /// @inheritdoc IAttackRegister
    mapping(uint256 attackId => uint48) public closedAt;

    Appointment[] internal _councils;
    mapping(uint256 attackId => Attack) internal _attacks;
    mapping(bytes3 code => mapping(bytes3 coercer => Pair)) internal _pairs;
    mapping(uint256 attackId => Checkpoints.Trace208) internal _bought;
    mapping(bytes3 code => mapping(uint48 coverYear => uint256)) internal _used;

    /// @param attacksBefore How many attacks registers before this one have filed: the fund knows each by its number
    constructor(address timelock_, IMemberRegistry registry_, uint256 attacksBefore) Governed(timelock_) {
        registry = registry_;
        attackCount = attacksBefore;
    }

    /// @inheritdoc IAttackRegister
    function attack(uint256 attackId) external view returns (Attack memory) {
        return _attacks[attackId];
    }

    /// @inheritdoc IAttackRegister
    function payableSoFar(uint256 attackId) public view returns (uint256) {
        Attack storage a = _attacks[attackId];
        return Math.min(IndemnityMath.payableFor(a.cover, a.loss), a.committed);
    }

    /// @inheritdoc IAttackRegister
    function casesOf(bytes3 code, bytes3 coercer) external view returns (uint256 last, uint256 lastRecognised) {
        Pair storage pair = _pairs[code][coercer];
        return (pair.last, pair.lastRecognised);
    }

    /// @inheritdoc IAttackRegister
    function openAttack(bytes3 code, bytes3 coercer) external view returns (uint256 attackId) {
        attackId = _pairs[code][coercer].last;
        if (attackId != 0 && !_isOpen(statusOf(attackId))) attackId = 0;
    }

    /// @inheritdoc IAttackRegister
    function statusOf(uint256 attackId) public view returns (Status) {
        Attack storage a = _attacks[attackId];
        if (a.member == 0) return Status.None;
        Decision decision = a.decision;
        if (decision == Decision.Recognised) return Status.Recognised;
        if (decision == Decision.Closed) return Status.Closed;
        if (decision == Decision.Revoked) return Status.Revoked;
        uint48 fellAt = _fellAt(a);
        uint48 failedAt = ICouncil(_councils[a.councilNumber - 1].council).failedAt(a.proposalId);
        if (failedAt != 0 && (fellAt == 0 || failedAt < fellAt)) return Status.Rejected;
        if (fellAt != 0) return Status.Fallen;
        IGovernor.ProposalState vote = IGovernor(council()).state(a.proposalId);
        return vote == IGovernor.ProposalState.Succeeded ? Status.Approved : Status.Voting;
    }

    /// @inheritdoc IAttackRegister
    function lastRound(uint256 attackId) external view returns (uint256) {
        return _lastRound(_attacks[attackId]);
    }

    /// @inheritdoc IAttackRegister
    function round(uint256 attackId, uint256 number) public view returns (Round memory r) {
        Attack storage a = _attacks[attackId];
        r.endsAt = _roundEnd(a, number);
        r.windowEnd = r.endsAt + REPORT_WINDOW;
        r.coercer = a.coercer;
        r.open =
            a.decision == Decision.Recognised &&
            number > a.lastSettled &&
            number <= _lastRound(a) &&
            // Rounds whose window shut before recognition are skipped, the loss being cumulative.
            r.windowEnd >= a.recognisedAt;
    }

    /// @inheritdoc IAttackRegister
    function boughtBy(uint256 attackId, uint256 timepoint) public view returns (uint256) {
        return _bought[attackId].upperLookupRecent(uint48(timepoint));
    }

    /// @inheritdoc IAttackRegister
    function usedOf(bytes3 code, uint48 coverYear) external view returns (uint256) {
        return _used[code][coverYear];
    }

    /// @inheritdoc IAttackRegister
    function council() public view returns (address) {
        uint256 number = _councils.length;
        return number == 0 ? address(0) : _councils[number - 1].council;
    }

    function _roundEnd(Attack storage a, uint256 number) internal view returns (uint48) {
        return uint48(a.startedAt + number * ROUND);
    }

    /// @dev When the member was first suspended or expelled since it filed the case; 0 if it was not.
    function _barredAt(Attack storage a) internal view returns (uint48) {
        return registry.barredSince(a.member, a.filedAt);
    }

    /// @dev When an undecided case fell: the member was suspended or expelled, or the council replaced; 0 if it has
    /// not.
    function _fellAt(Attack storage a) internal view returns (uint48 fellAt) {
        fellAt = _barredAt(a);
        uint256 number = a.councilNumber;
        if (number == _councils.length) return fellAt;
        uint48 replacedAt = _councils[number].since;
        if (fellAt == 0 || replacedAt < fellAt) fellAt = replacedAt;
    }

    /// @dev The round running when the attack was ended is the last; no round that ends after the member was barred
    /// is.
    function _lastRound(Attack storage a) internal view returns (uint256 last) {
        last = ROUNDS;
        uint48 startedAt = a.startedAt;
        if (a.endedAt != 0) last = Math.min(last, (a.endedAt - startedAt) / ROUND + 1);
        uint48 barredAt = _barredAt(a);
        if (barredAt != 0) last = Math.min(last, (barredAt - startedAt) / ROUND);
    }

    /// @dev When the attack ends or has ended: with its last round, or when the member was barred.
    function _end(Attack storage a) internal view returns (uint48 ended) {
        ended = _roundEnd(a, a.endedAt == 0 ? ROUNDS : Math.min(ROUNDS, (a.endedAt - a.startedAt) / ROUND + 1));
        uint48 barredAt = _barredAt(a);
        if (barredAt != 0 && barredAt < ended) ended = barredAt;
    }

    function _isOpen(Status status) internal pure returns (bool) {
        return status == Status.Voting || status == Status.Approved || status == Status.Recognised;
    }
}
