// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";

/// @title The members of the alliance
/// @notice Who is a member, with which seat, accounts, evidence and status, and which seats may vote at any time.
/// @dev A member is known by its ISO 3166-1 alpha-3 code as `bytes3`, never by an address. Times are seconds since
/// 1970.
interface IMemberRegistry is IERC6372 {
    /// @notice A State has a seat, votes and is covered; a Partner contributes and is covered.
    enum Kind {
        State,
        Partner
    }

    /// @notice Where a member stands.
    ///
    ///              suspend
    ///   None ──▶ Active ◀──▶ Suspended
    ///     admit    │ reinstate   │
    ///              ├─────────────┤
    ///        leave ▼             ▼ expel
    ///          Withdrawn      Expelled      (both may be admitted again)
    enum Status {
        None,
        Active,
        Suspended,
        Withdrawn,
        Expelled
    }

    /// @notice What an account does for its member.
    enum Role {
        None,
        Treasury,
        Delegate
    }

    /// @notice One piece of evidence: the hash of a document and where to read it.
    struct Document {
        bytes32 hash;
        string uri;
    }

    /// @notice A member as it stands now.
    /// @param treasury The account that pays and receives
    /// @param status Where it stands
    /// @param kind State or Partner
    /// @param seated Whether it was ever given a seat
    /// @param seat Its seat, 0 to 207, if `seated`
    /// @param voteSuspended Whether its vote rests for a debt
    /// @param openCases Attacks on it that are not closed
    /// @param transfersWait Whether the council is recovering its keys
    /// @param delegate The account that votes and files
    /// @param admittedAt When it was last admitted
    /// @param reportedAt When it last reported on human rights, or was admitted
    /// @param barredAt When it was last suspended or expelled; 0 if never
    /// @param noticeAt When it gave notice to leave; 0 if it has not
    struct Member {
        address treasury;
        Status status;
        Kind kind;
        bool seated;
        uint8 seat;
        bool voteSuspended;
        uint16 openCases;
        bool transfersWait; // slot 0: 20 + 1 + 1 + 1 + 1 + 1 + 2 + 1 = 28 bytes: whom to pay is one storage read
        address delegate;
        uint48 admittedAt;
        uint48 reportedAt; // slot 1: 20 + 6 + 6 = 32 bytes, all written at admission
        uint48 barredAt;
        uint48 noticeAt; // slot 2: 6 + 6 = 12 bytes
    }

    /// @notice An account of a member, as it stands now: whose it is, what it does, and the seat it votes for.
    struct Account {
        bytes3 code;
        Role role;
        bool seated;
        uint8 seat; // 3 + 1 + 1 + 1 = 6 bytes: who votes for which seat is one storage read
    }

    /// @notice An application for membership, kept until it is admitted.
    struct Application {
        address treasury;
        bytes3 code;
        Kind kind; // slot 0: 20 + 3 + 1 = 24 bytes
        address delegate;
    }

    /// @notice A founder of the alliance, admitted in the deployment. The dossier is that of `applyFor`.
    struct Founder {
        bytes3 code;
        Kind kind;
        address treasury;
        address delegate;
        Document[5] dossier;
    }

    /// @notice A change of a member's accounts that is under way. A zero address stands for an account that stays.
    /// @param readyAt From when it can be applied; 0 if none is under way
    /// @param recovery Whether the council decided it
    /// @param unstoppable Whether it is the council's second decision within 365 days
    /// @param accepted Whether the new treasury has accepted
    struct KeyChange {
        address treasury;
        uint48 readyAt;
        bool recovery;
        bool unstoppable;
        bool accepted; // slot 0: 20 + 6 + 1 + 1 + 1 = 29 bytes
        address delegate;
    }

    /// @notice A State or a Partner has applied.
    /// @param applicationHash keccak256 of the ABI encoding of code, kind, treasury, delegate and dossier
    event Applied(
        bytes3 indexed code,
        bytes32 indexed applicationHash,
        Kind kind,
        address indexed treasury,
        address delegate,
        Document[5] dossier
    );
    /// @notice A member was admitted. `seat` is meaningless for a Partner that never had one.
    event Admitted(
        bytes3 indexed code,
        bytes32 indexed applicationHash,
        Kind kind,
        address treasury,
        address delegate,
        bool seated,
        uint8 seat
    );
    /// @notice The member owes, but neither votes nor files, until it is reinstated; its open attacks end now.
    event Suspended(bytes3 indexed code);
    /// @notice The suspended member is active again.
    event Reinstated(bytes3 indexed code);
    /// @notice The member was expelled; its open attacks end now.
    event Expelled(bytes3 indexed code);
    /// @notice The member can leave from `leaveFrom` until `leaveUntil`.
    event NoticeGiven(bytes3 indexed code, uint48 leaveFrom, uint48 leaveUntil);
    /// @notice The member stays.
    event NoticeWithdrawn(bytes3 indexed code);
    /// @notice The member left.
    event Left(bytes3 indexed code);
    /// @notice The treasury proposed new accounts, zero for one that stays.
    event KeysProposed(bytes3 indexed code, address treasury, address delegate, uint48 readyAt);
    /// @notice The new treasury accepted.
    event KeysAccepted(bytes3 indexed code, address indexed treasury);
    /// @notice The change of accounts that was under way is off.
    event KeysStopped(bytes3 indexed code, address indexed by);
    /// @notice These are the member's accounts from now on.
    event KeysChanged(bytes3 indexed code, address indexed treasury, address indexed delegate);
    /// @notice The council decided new accounts, zero for one that stays; transfers to the member wait.
    event RecoveryDecided(bytes3 indexed code, address treasury, address delegate, uint48 readyAt, bool unstoppable);
    /// @notice The yearly human-rights report was filed.
    event ReportFiled(bytes3 indexed code, bytes32 indexed hash, string uri);
    /// @notice The member's vote rests for a debt.
    event VoteSuspended(bytes3 indexed code);
    /// @notice The member's vote no longer rests.
    event VoteRestored(bytes3 indexed code);
    /// @notice An attack on the member was filed.
    event CaseOpened(bytes3 indexed code, uint16 openCases);
    /// @notice An attack on the member was closed, in whatever way.
    event CaseClosed(bytes3 indexed code, uint16 openCases);
    /// @notice The seats that may vote are from now on those in `seats`, bit n for seat n.
    event ElectorateChanged(uint208 seats);
    /// @notice This is the contribution ledger from now on.
    event LedgerAppointed(address indexed ledger);

    /// @notice A code is three capital letters.
    error MemberInvalidCode(bytes3 code);
    /// @notice An account must not be the zero address.
    error MemberZeroAccount();
    /// @notice Treasury and delegate must be two accounts.
    error MemberSameAccount(address account);
    /// @notice The account serves a member already, or the council is recovering a member's keys to it.
    error MemberAccountTaken(address account, bytes3 code);
    /// @notice Criterion `index` lacks its document hash or URI: 0 elected government, 1 UDHR, 2 ICCPR, 3 national
    /// laws, 4 Human Rights Act. A State needs all five, a Partner the first.
    error MemberEvidenceMissing(uint256 index);
    /// @notice This very application stands already.
    error MemberApplicationExists(bytes32 applicationHash);
    /// @notice There is no such application for this code.
    error MemberUnknownApplication(bytes3 code, bytes32 applicationHash);
    /// @notice The member's status does not allow this.
    error MemberWrongStatus(bytes3 code, Status status);
    /// @notice A returning member applies from its present accounts; keys change by their own rules.
    error MemberKeysDiffer(bytes3 code, address treasury, address delegate);
    /// @notice All 208 seats are given.
    error MemberNoSeatLeft();
    /// @notice In this period as many States were admitted, suspended and expelled as may be.
    error MemberTooManyChanges(uint256 limit);
    /// @notice The caller is not the account that may do this.
    error MemberUnauthorized(bytes3 code, address caller);
    /// @notice At least one account must change, and to another account.
    error MemberNothingChanges(bytes3 code);
    /// @notice No change of keys is under way.
    error MemberNoKeyChange(bytes3 code);
    /// @notice A recovery by the council is under way; it must end first.
    error MemberRecoveryPending(bytes3 code);
    /// @notice The new keys work from `readyAt`.
    error MemberKeysNotReady(bytes3 code, uint48 readyAt);
    /// @notice The new treasury has not accepted yet.
    error MemberKeysNotAccepted(bytes3 code, address treasury);
    /// @notice The council's second decision within 365 days cannot be stopped.
    error MemberRecoveryUnstoppable(bytes3 code);
    /// @notice A key that is being replaced can stop a recovery once.
    error MemberStopUsed(bytes3 code, address account);
    /// @notice A report needs a hash.
    error MemberReportEmpty();
    /// @notice The member has given notice and may still leave by it.
    error MemberNoticeStands(bytes3 code, uint48 leaveUntil);
    /// @notice The member has given no notice.
    error MemberNoNotice(bytes3 code);
    /// @notice The member can leave from `leaveFrom` until `leaveUntil`.
    error MemberNotLeaving(bytes3 code, uint48 leaveFrom, uint48 leaveUntil);
    /// @notice The member has attacks that are not closed.
    error MemberHasOpenCases(bytes3 code, uint16 openCases);
    /// @notice Only the contribution ledger may do this.
    error MemberNotLedger(address caller);
    /// @notice Genesis must lie in the future.
    error MemberGenesisPassed(uint48 genesis);
    /// @notice At most `most` founders can be admitted in one call.
    error MemberTooManyFounders(uint256 count, uint256 most);
    /// @notice The time asked about lies ahead.
    error MemberFutureLookup(uint256 timepoint, uint48 clock);

    /// @notice Applies for membership; the sender will be the treasury. Anyone may; applications may coexist.
    /// @param kind A returning member applies from its present treasury and names its present delegate
    /// @param dossier Evidence of: elected government, UDHR, ICCPR, the national laws that enact them, Human Rights
    /// Act. A State needs all five, a Partner the first
    /// @return applicationHash The key of the application
    function applyFor(
        bytes3 code,
        Kind kind,
        address delegate,
        Document[5] calldata dossier
    ) external returns (bytes32 applicationHash);

    /// @notice Applies new accounts once they are ready: three days after they were proposed and with the new
    /// treasury's consent, or 30 days after the council decided a recovery. Anyone may. A change to an account that
    /// has come to serve a member meanwhile lapses.
    function applyKeys(bytes3 code) external;

    /// @notice Ends the membership of a member that gave notice 365 to 395 days ago and has no open attack. Anyone
    /// may.
    function leave(bytes3 code) external;

    /// @notice Accepts to become the member's treasury. Sent by the new treasury.
    function acceptKeys(bytes3 code) external;

    /// @notice Proposes new accounts, a zero address for one that stays. Sent by the treasury; replaces an earlier
    /// proposal.
    function proposeKeys(bytes3 code, address newTreasury, address newDelegate) external;

    /// @notice Stops new accounts. A change proposed by the treasury is stopped by the present delegate or the
    /// treasury; a recovery by an account that stays, or once by an account that is being replaced.
    function stopKeys(bytes3 code) external;

    /// @notice Files the yearly human-rights report to parliament. Sent by the treasury or the delegate.
    function fileReport(bytes3 code, bytes32 hash, string calldata uri) external;

    /// @notice Gives notice to leave. Sent by the treasury.
    function giveNotice(bytes3 code) external;

    /// @notice Withdraws the notice. Sent by the treasury.
    function withdrawNotice(bytes3 code) external;

    /// @notice Admits founders, at most 32 in a call. The founder only, until it has handed over.
    function admitFounders(Founder[] calldata founders) external;

    /// @notice Admits the applicant. The council only.
    function admit(bytes3 code, bytes32 applicationHash) external;

    /// @notice Suspends an active member: it owes, but neither votes nor files, and its attacks end. The council only.
    function suspend(bytes3 code) external;

    /// @notice Makes a suspended member active again. The council only.
    function reinstate(bytes3 code) external;

    /// @notice Expels a member. The council only.
    function expel(bytes3 code) external;

    /// @notice Decides new accounts for a member that has lost its own, a zero address for one that stays. They work
    /// after 30 days, in which transfers to the member wait. The council only.
    function recoverKeys(bytes3 code, address newTreasury, address newDelegate) external;

    /// @notice Names the contribution ledger. The council only.
    function appointLedger(address newLedger) external;

    /// @notice Rests or restores a member's vote for a debt. The ledger only.
    function setVoteSuspended(bytes3 code, bool suspended) external;

    /// @notice Counts an attack as open. Holders of `CASE_ROLE` only.
    function openCase(bytes3 code) external;

    /// @notice Counts an attack as closed. Holders of `CASE_ROLE` only.
    function closeCase(bytes3 code) external;

    /// @notice First second of period 0.
    function genesis() external view returns (uint48);

    /// @notice The contribution ledger.
    function ledger() external view returns (address);

    /// @notice A member as it stands now; all zero for an unknown code.
    function member(bytes3 code) external view returns (Member memory);

    /// @notice Where a member stands.
    function statusOf(bytes3 code) external view returns (Status);

    /// @notice When a member was first suspended or expelled at or after `timepoint`; 0 if it was not.
    function barredSince(bytes3 code, uint48 timepoint) external view returns (uint48);

    /// @notice Tells whether the code is that of an active or suspended member.
    function isMember(bytes3 code) external view returns (bool);

    /// @notice When an active or suspended member last joined; 0 for any other code.
    function joinedAt(bytes3 code) external view returns (uint48);

    /// @notice The seat a member has; 255 if it has none.
    function seatOf(bytes3 code) external view returns (uint8);

    /// @notice The member an account serves and where that member stands; all zero if none.
    /// @return code The member
    /// @return status Where it stands
    function memberAndStatusOf(address account) external view returns (bytes3 code, Status status);

    /// @notice The member an account serves, its role and the seat it may vote for; all zero if none.
    function accountOf(address account) external view returns (Account memory);

    /// @notice The seat whose ballots the account casts as its delegate.
    /// @dev What every ballot asks. Its selector is a low one, so that it is found early.
    /// @return seat The seat; 255 if the account is no delegate of a seat
    function seatCastBy(address account) external view returns (uint8 seat);

    /// @notice The treasury to which money may be transferred now; zero while the council recovers the member's keys.
    /// @dev What every payment asks. Its selector is a low one, so that it is found early.
    function treasuryToPay(bytes3 code) external view returns (address);

    /// @notice An application that has not been admitted; all zero if there is none.
    function application(bytes32 applicationHash) external view returns (Application memory);

    /// @notice The change of accounts that is under way for a member.
    function keyChange(bytes3 code) external view returns (KeyChange memory);

    /// @notice Until when the member's next human-rights report is in time, the grace of 90 days included.
    function reportDeadline(bytes3 code) external view returns (uint48);

    /// @notice The seats that may vote now.
    function electorate() external view returns (uint208);

    /// @notice The seats that could vote at `timepoint`, as the last change in that second left them.
    function electorateAt(uint256 timepoint) external view returns (uint208);

    /// @notice 1 if the account is the delegate of a seat that may vote now, else 0.
    function getVotes(address account) external view returns (uint256);

    /// @notice 1 if the account is today the delegate of a seat that could vote at `timepoint`, else 0.
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256);

    /// @notice How many seats could vote at `timepoint`.
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256);

    /// @notice How many seats have ever been given.
    function seatsGiven() external view returns (uint256);

    /// @notice How many more States can be admitted, suspended and expelled together in the period now running.
    function changesLeft() external view returns (uint256);
}
