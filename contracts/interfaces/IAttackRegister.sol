// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IndemnityMath} from "../libraries/IndemnityMath.sol";

/// @title The attacks
/// @notice One case file per attack: filing, recognition, rounds, awards, closing.
/// @dev Amounts in base units of the settlement token, ratios in ppm, times in seconds since 1970. An attack is the
/// case of one coercer against one member; it lives for at most twelve rounds of 30 days from its start. Rounds count
/// from 1.
interface IAttackRegister {
    /// @notice What was done to the member.
    enum Measure {
        ImportBan,
        ImportLicensing,
        Tariff,
        CustomsDelisting,
        ExportCutoff,
        OrderCancellation,
        ServiceBan,
        SecondaryPressure,
        MonetarySabotage,
        DiplomaticFreeze,
        Other
    }

    /// @notice Where a case stands. Decisions are stored; this is derived from them.
    ///
    ///                        ┌──▶ Revoked    the member takes it back
    ///   file ──▶ Voting ─────┼──▶ Rejected   the vote fails
    ///              │         └──▶ Fallen     the member is suspended or expelled, or the council replaced
    ///              ▼                ▲
    ///           Approved ───────────┘        the majority is reached, the recognition not carried out yet
    ///              │
    ///              ▼ recognise
    ///          Recognised ──▶ Closed         rounds are reported, settled and paid
    enum Status {
        None,
        Voting,
        Approved,
        Rejected,
        Revoked,
        Fallen,
        Recognised,
        Closed
    }

    /// @notice What was decided about a case so far.
    enum Decision {
        Open,
        Recognised,
        Closed,
        Revoked,
        Dropped
    }

    /// @notice A case file.
    /// @param member The attacked member
    /// @param coercer The attacker
    /// @param decision What was decided so far
    /// @param succession 0 for a first case, 1 or 2 for a successor of a recognised one
    /// @param compensationShare Which part of each award is earmarked for industries and workers, in ppm
    /// @param councilNumber Which council votes on it, counted from 1
    /// @param filedAt When it was filed and the vote opened
    /// @param startedAt When the attack began
    /// @param cover The cover effective when the attack began
    /// @param cap A quarter of the fund's capital when the vote opened, in units
    /// @param yearlyLimit The limit of the year of cover in which it began, in units
    /// @param proposalId The vote on it
    /// @param committed What was committed at recognition, in units
    /// @param recognisedAt When it was recognised; 0 if it was not
    /// @param coverYear First second of the year of cover in which the attack began
    /// @param endedAt When it was ended early; 0 if it was not
    /// @param awarded What was awarded so far, in units
    /// @param loss The last settled net loss, in units
    /// @param lastSettled The last round settled; 0 if none
    struct Attack {
        bytes3 member;
        bytes3 coercer;
        Decision decision;
        uint8 succession;
        uint24 compensationShare;
        uint16 councilNumber;
        uint48 filedAt;
        uint48 startedAt; // slot 0: 3 + 3 + 1 + 1 + 3 + 2 + 6 + 6 = 25 bytes
        IndemnityMath.Cover cover; // slot 1: 16 + 3 + 3 + 3 = 25 bytes
        uint104 cap;
        uint104 yearlyLimit;
        uint48 proposalId; // slot 2: 13 + 13 + 6 = 32 bytes
        uint104 committed;
        uint48 recognisedAt;
        uint48 coverYear;
        uint48 endedAt; // slot 3: 13 + 6 + 6 + 6 = 31 bytes, written at recognition
        uint104 awarded;
        uint128 loss;
        uint8 lastSettled; // slot 4: 13 + 16 + 1 = 30 bytes, all that a settlement writes
    }

    /// @notice A round of an attack as it stands.
    /// @param endsAt When the round is over and reports are accepted
    /// @param windowEnd Last second at which reports are accepted
    /// @param coercer The attacker
    /// @param open Whether the attack is recognised and the round can still be settled
    struct Round {
        uint48 endsAt;
        uint48 windowEnd;
        bytes3 coercer;
        bool open;
    }

    /// @notice The member warns of a threat.
    event ThreatNotified(bytes3 indexed code, bytes3 indexed coercer, bytes32 evidence, string uri);
    /// @notice An attack was filed and the vote on it opened. `attack_` is the case as written down for good.
    event Filed(
        uint256 indexed attackId,
        bytes3 indexed code,
        bytes3 indexed coercer,
        Measure measure,
        bytes32 evidence,
        string uri,
        bytes32 incident,
        uint256 proposalId,
        Attack attack_
    );
    /// @notice A further measure belongs to the case.
    event MeasureAdded(uint256 indexed attackId, Measure measure, bytes32 indexed evidence, string uri);
    /// @notice The member took the case back.
    event Revoked(uint256 indexed attackId);
    /// @notice A case that was rejected or fell was put away.
    event Dropped(uint256 indexed attackId, Status status);
    /// @notice The attack was recognised: `committed` is the most it may be awarded, `advance` what was awarded now.
    event Recognised(uint256 indexed attackId, uint256 committed, uint256 advance, uint48 coverYear);
    /// @notice A round was settled: `award` is what was awarded for it.
    event RoundSettled(
        uint256 indexed attackId,
        uint256 indexed round,
        uint256 reported,
        uint256 loss,
        uint256 payableSoFar,
        uint256 award
    );
    /// @notice The council set the loss of the latest ended round.
    event LossRevised(uint256 indexed attackId, uint256 indexed round, uint256 reported);
    /// @notice The attack ends with `lastRound`.
    event Ended(uint256 indexed attackId, uint48 endedAt, uint256 lastRound);
    /// @notice The case was closed: `released` was not needed, `charged` the member owes back.
    event Closed(uint256 indexed attackId, uint256 awarded, uint256 payableSoFar, uint256 released, uint256 charged);
    /// @notice An ally bought goods for `amount`; `bought` is all that was bought for the attack.
    event PurchaseRecorded(uint256 indexed attackId, uint256 amount, uint256 bought);
    /// @notice This council votes on cases filed from now on.
    event CouncilAppointed(address indexed council, uint256 number);
    /// @notice This panel settles rounds from now on.
    event PanelAppointed(address indexed panel);

    error AttackUnknown(uint256 attackId);
    /// @notice The caller may not do this for the member.
    error AttackUnauthorized(bytes3 code, address caller);
    /// @notice The member is not active, or not in good standing.
    error AttackNotInGoodStanding(bytes3 code);
    /// @notice The attack began before the member is covered, or before it last cleared its arrears.
    error AttackNotCovered(uint48 startedAt, uint48 coveredFrom);
    /// @notice A coercer is a valid code and no member.
    error AttackInvalidCoercer(bytes3 coercer);
    /// @notice An attack is filed after it began and within 180 days.
    error AttackBadStart(uint48 startedAt, uint48 earliest, uint48 latest);
    /// @notice Evidence needs a hash and a URI.
    error AttackNoEvidence();
    /// @notice The member has filed this evidence before.
    error AttackEvidenceUsed(bytes3 code, bytes32 evidence);
    error AttackShareTooHigh(uint256 share);
    /// @notice There is an open attack of the pair; a further measure joins it.
    error AttackPairOpen(uint256 attackId);
    /// @notice A case whose vote failed can be filed again from then.
    error AttackTooSoon(uint256 attackId, uint48 from);
    /// @notice A successor begins when the case before it has ended.
    error AttackBeforePredecessorEnded(uint48 startedAt, uint48 ended);
    /// @notice At most two cases in a row succeed one.
    error AttackTooManySuccessors(uint256 attackId);
    /// @notice The case's status does not allow this.
    error AttackWrongStatus(uint256 attackId, Status status);
    /// @notice Only the council that votes on the case may do this.
    error AttackNotCouncil(address caller);
    /// @notice Only the loss panel may do this.
    error AttackNotPanel(address caller);
    /// @notice The attack was ended already, or its rounds are over.
    error AttackAlreadyEnded(uint256 attackId);
    /// @notice The round is settled, superseded, not over yet, beyond the last, or its window shut before recognition.
    error AttackRoundNotOpen(uint256 attackId, uint256 round);
    /// @notice The case can be closed from `from`, or by the council or the member once round `lastRound` is settled.
    error AttackNotClosable(uint256 attackId, uint256 lastRound, uint48 from);
    /// @notice The appointed account is not a contract.
    error AttackNotAContract(address account);

    /// @notice Warns of a threat. Sent by the member's treasury or delegate.
    function notifyThreat(bytes3 code, bytes3 coercer, bytes32 evidence, string calldata uri) external;

    /// @notice Files an attack and opens the vote on it. Sent by the treasury or delegate of an active member in good
    /// standing.
    /// @param startedAt When the attack began, at most 180 days ago
    /// @param evidence Hash of the evidence, new for the member
    /// @param incident A label that ties cases of one event together
    /// @param compensationShare Which part of each award is earmarked for industries and workers, in ppm
    /// @return attackId The number of the case
    function file(
        bytes3 code,
        bytes3 coercer,
        Measure measure,
        uint48 startedAt,
        bytes32 evidence,
        string calldata uri,
        bytes32 incident,
        uint24 compensationShare
    ) external returns (uint256 attackId);

    /// @notice Adds a measure to an open attack, with no new vote. Sent by the treasury or delegate of an active
    /// member.
    function addMeasure(uint256 attackId, Measure measure, bytes32 evidence, string calldata uri) external;

    /// @notice Takes a case back before it is decided. Sent by the member's treasury or delegate.
    function revoke(uint256 attackId) external;

    /// @notice Ends a recognised attack early: the round now running is its last. The council, or the member's
    /// treasury or delegate.
    function end(uint256 attackId) external;

    /// @notice Closes a case: settles the last round if it can, releases the commitment, charges what was awarded
    /// above the final payable amount. The council or the member once the last round is settled; anyone 30 days after
    /// its window, or at once if the member was suspended or expelled. A case that was rejected or fell anyone may
    /// close at once.
    function close(uint256 attackId) external;

    /// @notice Recognises an attack: commits and pays the advance. The council that votes on it only.
    function recognise(uint256 attackId) external;

    /// @notice Settles a round with the cumulative net loss reported for it. The loss panel only.
    function settle(uint256 attackId, uint256 round, uint128 reported) external;

    /// @notice Sets the cumulative net loss by a vote, within the same caps; counts as settling the latest ended
    /// round. The council only.
    function reviseLoss(uint256 attackId, uint128 reported) external;

    /// @notice Records what an ally bought on the SolidarityMarket. Holders of `MARKET_ROLE` only.
    function recordPurchase(uint256 attackId, uint128 amount) external;

    /// @notice Names the council that votes on cases filed from now on. Undecided cases of the one before fall. The
    /// council only.
    function appointCouncil(address newCouncil) external;

    /// @notice Names the loss panel. The council only.
    function appointPanel(address newPanel) external;

    /// @notice How many attacks were ever filed; ids count from 1.
    function attackCount() external view returns (uint256);

    /// @notice A case file; all zero for an unknown id.
    function attack(uint256 attackId) external view returns (Attack memory);

    /// @notice What the last settled loss makes payable, within what was committed, in units.
    function payableSoFar(uint256 attackId) external view returns (uint256);

    /// @notice Where a case stands.
    function statusOf(uint256 attackId) external view returns (Status);

    /// @notice When a recognised attack was closed; 0 if it was not.
    function closedAt(uint256 attackId) external view returns (uint48);

    /// @notice The last case filed by a member against a coercer, and the last one recognised; 0 if none.
    /// @return last The last case filed
    /// @return lastRecognised The last case recognised
    function casesOf(bytes3 code, bytes3 coercer) external view returns (uint256 last, uint256 lastRecognised);

    /// @notice The undecided or recognised case of a pair; 0 if there is none.
    /// @return attackId The open case
    function openAttack(bytes3 code, bytes3 coercer) external view returns (uint256 attackId);

    /// @notice The last round of an attack as it stands: twelve, or fewer if it was ended early; 0 if it ended before
    /// a round did.
    function lastRound(uint256 attackId) external view returns (uint256);

    /// @notice A round of an attack as it stands.
    function round(uint256 attackId, uint256 number) external view returns (Round memory);

    /// @notice What allies had bought by `timepoint`, in units.
    function boughtBy(uint256 attackId, uint256 timepoint) external view returns (uint256);

    /// @notice What of the limit of a year of cover is committed or awarded, in units.
    function usedOf(bytes3 code, uint48 coverYear) external view returns (uint256);

    /// @notice The council that votes on new cases.
    function council() external view returns (address);

    /// @notice The loss panel.
    function panel() external view returns (address);
}
