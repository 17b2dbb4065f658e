// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title The money
/// @notice The only contract that holds the settlement token. It knows what is free, what is assigned to
/// obligations, what is earmarked for industries and workers, what is committed to attacks and what is owed, and keeps
/// a journal of every movement.
/// @dev Amounts in base units of the token; the fund pays rounded down. Times in seconds since 1970.
interface ICrisisFund {
    /// @notice What kind of movement a journal entry records.
    enum Kind {
        Contribution,
        Donation,
        Award,
        Disbursement,
        Earmark,
        Compensation,
        EarmarkReturn,
        Surplus,
        Void
    }

    /// @notice The money of one attack.
    /// @param member The attacked member
    /// @param compensationShare Which part of each award is earmarked, in ppm
    /// @param commitment What may still be awarded
    /// @param earmark What is earmarked and not yet paid on
    struct AttackAccount {
        bytes3 member;
        uint24 compensationShare;
        uint104 commitment;
        uint104 earmark; // 3 + 3 + 13 + 13 = 32 bytes: one slot
    }

    /// @notice An award as it was made; needed whole to void it.
    /// @param sequence Number of its journal entry
    /// @param module The module that made it
    /// @param madeAt When it was made
    /// @param treasuryPart What of it goes to the treasury, in units
    /// @param treasuryBefore What the member's treasury had ever been assigned before, in units
    /// @param earmarkPart What of it is earmarked, in units
    /// @param earmarkBefore What the attack's earmark had ever been assigned before, in units; 0 if nothing of it is
    /// earmarked
    struct AwardRecord {
        uint256 sequence;
        address module;
        uint48 madeAt;
        uint256 attackId;
        uint256 treasuryPart;
        uint256 treasuryBefore;
        uint256 earmarkPart;
        uint256 earmarkBefore;
    }

    /// @notice A movement of money. Whoever holds all entries and `head` can prove that nothing was left out or
    /// altered.
    /// @param seq Number of the entry, from 1
    /// @param member The member concerned; zero if none
    /// @param party The account that paid or received, or the module that awarded; zero if none
    /// @param ref The attack (as a number), the memo of a donation or what else the entry refers to
    /// @param head keccak256(abi.encode(head before, seq, kind, member, party, amount, ref, timestamp)); zero before
    /// entry 1
    event Entry(
        uint256 indexed seq,
        Kind indexed kind,
        bytes3 indexed member,
        address party,
        uint256 amount,
        bytes32 ref,
        uint256 timestamp,
        bytes32 head
    );
    /// @notice Money was set aside for a recognised attack.
    event Committed(uint256 indexed attackId, bytes3 indexed member, uint256 amount, uint256 compensationShare);
    /// @notice What was left of a commitment is free again.
    event Released(uint256 indexed attackId, bytes3 indexed member, uint256 amount);
    /// @notice An award was divided; `paid` of it was assigned at once, the rest is owed. `record` is what voiding
    /// needs.
    event AwardMade(uint256 indexed attackId, AwardRecord record, uint256 treasuryPaid, uint256 earmarkPaid);
    /// @notice An award was voided: the first amounts were still owed, the second lay ready, for treasury and earmark.
    event AwardVoided(
        uint256 indexed attackId,
        uint256 indexed sequence,
        uint256 owedOff,
        uint256 freed,
        uint256 earmarkOwedOff,
        uint256 earmarkFreed
    );
    /// @notice Money was assigned to what is owed, in proportion. `owed` is what is left.
    event ObligationsPaid(uint256 amount, uint256 owed);
    /// @notice A transfer to the member's treasury failed or had to wait; the amount stays collectable.
    event TransferDeferred(bytes3 indexed member, address indexed treasury, uint256 amount);
    /// @notice A module's role works from `worksFrom` on.
    event RoleScheduled(bytes32 indexed role, address indexed account, uint48 worksFrom);
    /// @notice This account may use the breaker from now on.
    event GuardianSet(address indexed guardian);
    /// @notice The breaker can be used once.
    event BreakerArmed();
    /// @notice The breaker was used: no money leaves before `until`.
    event TransfersStopped(address indexed guardian, uint48 until);
    /// @notice The stop ended early.
    event TransfersResumed(address indexed by);

    /// @notice The token is not a contract.
    error FundNotAToken(address token);
    error FundZeroAmount();
    /// @notice Less arrived than was paid.
    error FundDepositShort(uint256 received, uint256 expected);
    /// @notice The role was granted less than 30 days ago.
    error FundRoleNotYetWorking(bytes32 role, address account, uint48 worksFrom);
    /// @notice The attack has a commitment already.
    error FundAttackCommitted(uint256 attackId);
    /// @notice No commitment was made for the attack.
    error FundUnknownAttack(uint256 attackId);
    /// @notice An award exceeds what is left of the attack's commitment.
    error FundBeyondCommitment(uint256 attackId, uint256 amount, uint256 commitment);
    /// @notice A share exceeds the whole.
    error FundShareTooHigh(uint256 share);
    error FundNothingToCollect(bytes3 member);
    /// @notice The council is recovering the member's keys; transfers to it wait.
    error FundTransfersWait(bytes3 member);
    /// @notice The breaker stops outgoing transfers until then.
    error FundTransfersStopped(uint48 until);
    error FundTransferFailed(address to, uint256 amount);
    /// @notice The payment exceeds what is earmarked.
    error FundBeyondEarmark(uint256 attackId, uint256 amount, uint256 earmark);
    /// @notice There is no award with this record of which anything could be voided: none was made so, it is voided
    /// already, or it went out whole when it was made, nothing of it was earmarked, and the member had never been owed
    /// anything.
    error FundUnknownAward(uint256 sequence);
    /// @notice The module that made the award or the commitment still has its role.
    error FundModuleNotRevoked(address module);
    /// @notice The award was made more than 28 days before its module was revoked, or after.
    error FundAwardNotVoidable(uint256 sequence, uint48 madeAt, uint48 revokedAt);
    /// @notice All of the award has been transferred.
    error FundNothingToVoid(uint256 sequence);
    error FundNotGuardian(address caller);
    /// @notice The breaker has been used and not been armed again, or there is nothing to resume.
    error FundBreakerDisarmed();

    /// @notice Gives money to the fund. Anyone may, having approved it. `memo` becomes the entry's `ref`.
    function donate(uint128 amount, bytes32 memo) external;

    /// @notice Books tokens sent directly to the fund as Surplus, credited to nobody. Anyone may.
    /// @return surplus What was booked, in units; may be 0
    function sync() external returns (uint256 surplus);

    /// @notice Transfers to a member's treasury of today all that is assigned to it. Anyone may, at any time.
    /// @return amount What was transferred, in units
    function collect(bytes3 code) external returns (uint256 amount);

    /// @notice Moves what later money brought an attack's earmark from the pot into the earmark. Anyone may.
    /// @return amount What was moved, in units
    function collectEarmark(uint256 attackId) external returns (uint256 amount);

    /// @notice Takes a contribution from `payer`, who has approved the fund. Holders of `LEDGER_ROLE` only.
    /// @dev What most payments come to. Its selector is a low one, so that it is found early.
    function depositContribution(bytes3 code, address payer, uint128 amount) external;

    /// @notice Like `depositContribution`, after trying the payer's ERC-2612 permit. Holders of `LEDGER_ROLE` only.
    function depositWithPermit(
        bytes3 code,
        address payer,
        uint128 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Takes a contribution by the payer's EIP-3009 authorization. Holders of `LEDGER_ROLE` only.
    function depositWithAuthorization(
        bytes3 code,
        address payer,
        uint128 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Sets `amount` aside for a recognised attack. Holders of `REGISTER_ROLE` only.
    function commit(uint256 attackId, bytes3 member, uint24 compensationShare, uint128 amount) external;

    /// @notice Releases what is left of an attack's commitment. Holders of `REGISTER_ROLE` only.
    /// @return amount What was released, in units
    function release(uint256 attackId) external returns (uint256 amount);

    /// @notice Awards `amount` within the attack's commitment: paid at once as far as the reserve covers all
    /// commitments, owed for the rest. Holders of `REGISTER_ROLE` only.
    /// @return shortage Whether anything is owed, to whomever
    function award(uint256 attackId, uint128 amount) external returns (bool shortage);

    /// @notice Pays `amount` of an attack's earmark to an account. Holders of `DISTRIBUTOR_ROLE` only.
    /// @param ref What the journal entry refers to
    function compensate(uint256 attackId, address to, uint128 amount, bytes32 ref) external;

    /// @notice Returns `amount` of an attack's earmark to the member. Holders of `DISTRIBUTOR_ROLE` only.
    function returnEarmark(uint256 attackId, uint128 amount) external;

    /// @notice Voids what has not been transferred of an award made by a module whose role was revoked within 28 days.
    /// Of several awards of one member the oldest comes first. The council only.
    /// @return voided What was voided, in units
    function voidAward(AwardRecord calldata record) external returns (uint256 voided);

    /// @notice Releases what is left of the commitment of a module whose role was revoked. The council only.
    /// @return amount What was released, in units
    function releaseOrphan(uint256 attackId) external returns (uint256 amount);

    /// @notice Names the guardian of the breaker; zero for none. The council only.
    function setGuardian(address newGuardian) external;

    /// @notice Arms the breaker again. The council only.
    function arm() external;

    /// @notice Stops outgoing transfers for 28 days, once. The guardian only.
    function stopTransfers() external;

    /// @notice Ends a stop early. The guardian or the council.
    function resumeTransfers() external;

    /// @notice The settlement token, for good.
    function token() external view returns (IERC20);

    /// @notice Money that is free, in units.
    function reserve() external view returns (uint256);

    /// @notice Money assigned to obligations and not yet collected, in units.
    function pot() external view returns (uint256);

    /// @notice Money earmarked for industries and workers, in units.
    function earmarked() external view returns (uint256);

    /// @notice What recognised attacks may still be awarded, in units.
    function committed() external view returns (uint256);

    /// @notice What of all awards is not paid yet, in units.
    function owed() external view returns (uint256);

    /// @notice Number of the last journal entry.
    function sequence() external view returns (uint256);

    /// @notice Head of the journal's hash chain.
    function head() external view returns (bytes32);

    /// @notice What a member is still owed, and what it can collect now, in units.
    /// @return owedToIt What is not paid yet
    /// @return collectable What is assigned to it and not yet transferred
    function balanceOf(bytes3 code) external view returns (uint256 owedToIt, uint256 collectable);

    /// @notice What an attack's earmark is still owed, and what it holds, the uncollected included, in units.
    /// @return owedToIt What is not paid yet
    /// @return held What is there, the uncollected included
    function earmarkOf(uint256 attackId) external view returns (uint256 owedToIt, uint256 held);

    /// @notice The money of one attack; all zero if nothing was committed to it.
    function attackAccount(uint256 attackId) external view returns (AttackAccount memory);

    /// @notice The account that may use the breaker.
    function guardian() external view returns (address);

    /// @notice Whether the breaker can be used.
    function armed() external view returns (bool);

    /// @notice Until when outgoing transfers are stopped; a past time if they are not.
    function stoppedUntil() external view returns (uint48);

    /// @notice For how long in all outgoing transfers have been stopped so far, in seconds.
    function stoppedTime() external view returns (uint256);

    /// @notice From when a role works for an account; 0 if it was never granted.
    function worksFrom(bytes32 role, address account) external view returns (uint48);

    /// @notice What of an award nobody has been transferred yet, and so can be voided; awards count as transferred in
    /// the order in which they were made.
    /// @return treasuryPart What of the treasury's part
    /// @return earmarkPart What of the earmark's part
    function voidable(AwardRecord calldata record) external view returns (uint256 treasuryPart, uint256 earmarkPart);
}
