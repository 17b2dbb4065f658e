// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title What members owe and have paid
/// @notice Budgets, the scale, assessments, calls and charges, payments, standing and cover.
/// @dev Amounts in base units of the settlement token, weights and ratios in ppm, times in seconds since 1970. Members
/// owe rounded up. A due date is met at its second and missed at the next; what is owed is a debt once its due date is
/// missed. Payments are published by the fund, in its journal: all that a member has paid is what its entries of the
/// kind Contribution add up to, less what it gave up (`CreditForfeited`).
interface IContributionLedger {
    /// @notice What the council sets.
    /// @param loading How far full dependence raises a weight, 0 to 1,000,000 ppm
    /// @param callCap The most that calls may ask within four periods, in ppm of those periods' budgets, 0 to
    /// 2,000,000 ppm
    struct Terms {
        uint32 loading;
        uint32 callCap;
    }

    /// @notice A member's place on the scale.
    /// @param capacity Share of the alliance's capacity to pay, in ppm
    /// @param dependence Share of its trade that coercers can strike at, in ppm
    struct Scale {
        bytes3 code;
        uint32 capacity;
        uint32 dependence;
    }

    /// @notice A member's account.
    /// @param paid What it has ever paid, less what it gave up by leaving
    /// @param clearUntil No debt can be more than 90 days overdue until then
    /// @param clearedAt When it last paid off a debt more than 90 days overdue
    /// @param voteSuspended Whether its vote rests for a debt
    /// @param charged Whether it was ever charged: where it was not, there is no charge to look up
    /// @param waivedUntil The council counts it as in good standing until then
    /// @param coverFrom From when it is covered, if `weighted`
    /// @param firstPeriod Its first period with a weight since it last joined
    /// @param weightFrom The period from which its last weight holds, until its share of calls follows; 0 once it has
    /// @param commitments Its open attacks with a commitment: while there are any, no call asks it
    /// @param weighted Whether it has a weight and has not left
    struct Account {
        uint128 paid;
        uint48 clearUntil;
        uint48 clearedAt;
        bool voteSuspended;
        bool charged; // slot 0: 16 + 6 + 6 + 1 + 1 = 30 bytes, all that a payment touches
        uint48 waivedUntil;
        uint48 coverFrom;
        uint32 firstPeriod;
        uint32 weightFrom;
        uint16 commitments;
        bool weighted; // slot 1: 6 + 6 + 4 + 4 + 2 + 1 = 23 bytes
    }

    /// @notice A call for money beyond the budget.
    /// @param issuedAt When it was made; it is due 30 days later
    /// @param amount What all calls up to this one were to bring, in units
    /// @param budget What all calls up to this one ask of all weights together, in units: a member owes its weight of
    /// it
    struct Call {
        uint48 issuedAt;
        uint128 amount;
        uint128 budget;
    }

    /// @notice What decides whether a member may file an attack.
    /// @param good Whether it is in good standing
    /// @param coverFrom From when it is covered; the end of time without a weight
    /// @param clearedAt When it last paid off a debt more than 90 days overdue: cover holds for what began after it
    struct Standing {
        bool good;
        uint48 coverFrom;
        uint48 clearedAt;
    }

    /// @notice An EIP-3009 authorization by which a payer lets the fund take one contribution.
    /// @param payer The account that pays and signed
    /// @param amount What it pays, in units
    /// @param validAfter It can be used after this second
    /// @param validBefore It can be used before this second
    /// @param serial The low 64 bits of the nonce, chosen by the payer; `authorizationNonce` gives the whole
    /// @param signature 65 bytes of an ECDSA signature (r, s, v), or what the payer's ERC-1271 contract accepts
    struct Authorization {
        address payer;
        uint128 amount;
        uint256 validAfter;
        uint256 validBefore;
        uint64 serial;
        bytes signature;
    }

    /// @notice Loading and call cap were set.
    event TermsSet(Terms terms);
    /// @notice The alliance is asked `amount` a period from `fromPeriod` on.
    event BudgetSet(uint256 indexed fromPeriod, uint256 amount);
    /// @notice The member has this weight from `fromPeriod` on.
    event ScaleSet(
        bytes3 indexed code,
        uint256 capacity,
        uint256 dependence,
        uint256 weight,
        uint256 indexed fromPeriod
    );
    /// @notice The payment ended a debt more than 90 days overdue: cover holds for attacks that start after this
    /// moment.
    event ArrearsCleared(bytes3 indexed code);
    /// @notice A call for `amount` asks each member that takes part its weight of `budget`, due at `dueAt`.
    event CallIssued(uint256 indexed number, uint256 amount, uint256 weights, uint256 budget, uint48 dueAt);
    /// @notice The member owes `amount` back, due at `dueAt`. `ref` is the attack, or "exit".
    event Charged(bytes3 indexed code, uint256 amount, uint48 dueAt, bytes32 indexed ref);
    /// @notice The member has so many open attacks with a commitment; calls ask it only if there are none.
    event CallExemptionSet(bytes3 indexed code, uint256 commitments);
    /// @notice The member counts as in good standing until then.
    event Waived(bytes3 indexed code, uint48 until);
    /// @notice The member is assessed no more from `fromPeriod` on, and asked by no call from now on.
    event Exited(bytes3 indexed code, uint256 fromPeriod);
    /// @notice By leaving, the member gave up what it had paid beyond all it owed, due or not.
    event CreditForfeited(bytes3 indexed code, uint256 amount);

    error LedgerUnknownMember(bytes3 code);
    error LedgerZeroAmount();
    /// @notice A ratio exceeds what the code allows.
    error LedgerRatioTooHigh(uint256 ratio, uint256 most);
    /// @notice The budget of the first period must be above zero.
    error LedgerNoBudget();
    /// @notice A budget holds from a future period on.
    error LedgerPeriodNotAhead(uint256 fromPeriod, uint256 currentPeriod);
    /// @notice A budget is at most twice the highest of the four periods before, and always up to the first period's.
    error LedgerBudgetTooHigh(uint256 amount, uint256 most);
    /// @notice All weights together exceed the whole.
    error LedgerWeightsExceedWhole(uint256 weights);
    /// @notice At most `most` entries fit in one call.
    error LedgerTooManyEntries(uint256 count, uint256 most);
    /// @notice Only an active or suspended State whose vote does not rest yet can have it suspended.
    error LedgerNoVoteToSuspend(bytes3 code);
    /// @notice The debt is below that of the member's last eight due periods, or it has not had eight.
    error LedgerDebtTooSmall(bytes3 code, uint256 debt, uint256 threshold);
    /// @notice The council has waived the member's arrears until then.
    error LedgerWaived(bytes3 code, uint48 until);
    /// @notice A waiver ends in the future, at most 730 days from now.
    error LedgerBadWaiver(uint48 until, uint48 earliest, uint48 latest);
    error LedgerNotRegistry(address caller);

    /// @notice Pays `amount` for a member from the sender's balance. Anyone may pay for any member; the sender must
    /// have approved the fund, not the ledger.
    function contribute(bytes3 code, uint128 amount) external;

    /// @notice Like `contribute`, with an ERC-2612 permit of the sender for the fund, used if it is still needed: a
    /// permit that somebody else has handed in already does no harm.
    function contributeWithPermit(
        bytes3 code,
        uint128 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Pays for a member by the payer's signed EIP-3009 authorization to the fund, whoever hands it in. Its
    /// nonce binds the member, so that nobody can turn it to another's account.
    function contributeWithAuthorization(bytes3 code, Authorization calldata authorization) external;

    /// @notice Calls for what the fund owes beyond what earlier calls not yet due will bring, within the room for
    /// calls. Anyone may. Asks the weights of all members but those whose open attack has a commitment.
    /// @return amount What the call is for, in units; 0 if there is nothing to call for, no room, or nobody to ask
    function issueCall() external returns (uint256 amount);

    /// @notice Suspends the vote of a State whose debt has reached what it was assessed over its last eight due
    /// periods. Anyone may.
    function suspendVote(bytes3 code) external;

    /// @notice Sets what the alliance is asked for a period, from a future period on. Replaces a step that is pending.
    /// The council only.
    function setBudget(uint256 fromPeriod, uint128 amount) external;

    /// @notice Sets a member's weight from the next period on (before genesis: from period 0). The council only.
    function setScale(bytes3 code, uint32 capacity, uint32 dependence) external;

    /// @notice Sets many members' weights at once, at most 104; the whole is checked when all are set. The council
    /// only.
    function setScales(Scale[] calldata scales) external;

    /// @notice Sets loading and call cap. The loading counts for scales set from now on. The council only.
    function setTerms(Terms calldata terms_) external;

    /// @notice Restores the vote of a member in arrears and counts as good standing until `until`; the debt stays. The
    /// council only.
    function waive(bytes3 code, uint48 until) external;

    /// @notice Charges a member with what it owes back, due in 365 days. Holders of `REGISTER_ROLE` only.
    function charge(bytes3 code, uint128 amount, bytes32 ref) external;

    /// @notice Leaves a member with a commitment out of calls, or takes it in again. Holders of `REGISTER_ROLE` only.
    function setCallExemption(bytes3 code, bool exempt) external;

    /// @notice Closes the account of a member that leaves or is expelled: one exit charge, then no assessments and no
    /// calls. The registry only.
    function exit(bytes3 code) external;

    /// @notice Loading and call cap.
    function terms() external view returns (Terms memory);

    /// @notice The period now running; 0 before genesis.
    function currentPeriod() external view returns (uint256);

    /// @notice First second of a period.
    function periodStart(uint256 period) external view returns (uint256);

    /// @notice Last second at which a period's assessment is paid in time.
    function dueAt(uint256 period) external view returns (uint256);

    /// @notice What the alliance is asked for a period, in units; for a future period, as set so far.
    function budgetOf(uint256 period) external view returns (uint256);

    /// @notice A member's weight in a period, in ppm; for a future period, as set so far.
    function weightOf(bytes3 code, uint256 period) external view returns (uint256);

    /// @notice Sum of all weights in the period now running, in ppm.
    function totalWeight() external view returns (uint256);

    /// @notice Sum of the weights that a call made now would ask, in ppm.
    function callWeight() external view returns (uint256);

    /// @notice What a member was assessed for all periods up to `period`, in units, rounded up once.
    function through(bytes3 code, uint256 period) external view returns (uint256);

    /// @notice What a member was assessed for one period: `through(period) − through(period − 1)`.
    function assessed(bytes3 code, uint256 period) external view returns (uint256);

    /// @notice A member's account; all zero for an unknown code.
    function account(bytes3 code) external view returns (Account memory);

    /// @notice What a member owes and has missed to pay, in units.
    function debtOf(bytes3 code) external view returns (uint256);

    /// @notice What a member has been asked with a due date before `timestamp` and has not paid until now, in units.
    function debtDueBefore(bytes3 code, uint256 timestamp) external view returns (uint256);

    /// @notice All that a member has been assessed, called and charged up to now, due or not, in units.
    function askedOf(bytes3 code) external view returns (uint256);

    /// @notice The debt at which anyone may suspend the member's vote; 0 if it has not had eight due periods.
    function suspensionThreshold(bytes3 code) external view returns (uint256);

    /// @notice Tells whether no debt is more than 90 days overdue and no report beyond its grace, or the council has
    /// waived.
    function inGoodStanding(bytes3 code) external view returns (bool);

    /// @notice Good standing and cover in one look.
    function standingOf(bytes3 code) external view returns (Standing memory);

    /// @notice From when a member is covered; the end of time for one without a weight.
    function coverFrom(bytes3 code) external view returns (uint48);

    /// @notice How many calls were ever issued.
    function callCount() external view returns (uint256);

    /// @notice What all calls up to `number` add up to; number 0 is none.
    function callAt(uint256 number) external view returns (Call memory);

    /// @notice What may still be called for now, in units.
    function room() external view returns (uint256);

    /// @notice The EIP-3009 nonce of a contribution: 192 bits of keccak256(purpose, code), then the payer's serial.
    function authorizationNonce(bytes3 code, uint64 serial) external view returns (bytes32);
}
