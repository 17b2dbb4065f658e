// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Compensation of industries and workers
/// @notice Part of every award is earmarked for those whom the attack has hit at home. The member publishes a list of
/// them as a Merkle tree and opens a campaign with its root; each is paid out of the earmark by a proof, which anyone
/// may hand in. What nobody claims goes to the member's treasury.
///
///   open ──▶ claims ──▶ deadline ──▶ returnUnclaimed
///
/// @dev Amounts in base units of the settlement token, times in seconds since 1970. A tree is one of OpenZeppelin's
/// standard Merkle trees with the leaf encoding uint256 chain id, address of this contract, uint256 campaignId, uint256
/// index, address account, uint256 amount, uint8 purpose. Nobody owns the distributor: it has no setting. Money lies in
/// the fund until it is paid.
interface ICompensationDistributor {
    /// @notice What a payment is for.
    enum Purpose {
        Industry,
        Worker
    }

    /// @notice A campaign.
    /// @param root Root of the tree
    /// @param total The most it pays
    /// @param claimed What it has paid
    /// @param deadline Last second at which claims are accepted, before what a stop of transfers adds
    /// @param stoppedBefore For how long in all transfers had been stopped when it was opened
    /// @param returned Whether what was left has been returned
    struct Campaign {
        bytes32 root;
        uint128 total;
        uint128 claimed; // slot 1: 16 + 16 = 32 bytes
        uint48 deadline;
        uint48 stoppedBefore;
        bool returned; // slot 2: 6 + 6 + 1 = 13 bytes
    }

    /// @notice A claim: a leaf of a campaign's tree and its proof.
    /// @param index Number of the leaf: each is paid once
    /// @param account Who is paid, whoever hands the claim in
    /// @param proof At most 32 hashes
    struct Claim {
        uint256 campaignId;
        uint256 index;
        address account;
        uint128 amount;
        Purpose purpose;
        bytes32[] proof;
    }

    /// @notice A campaign was opened. `uri` tells where those concerned find their proofs.
    event CampaignOpened(
        uint256 indexed campaignId,
        uint256 indexed attackId,
        bytes3 indexed member,
        bytes32 root,
        uint256 total,
        uint48 deadline,
        string uri
    );
    /// @notice A claim was paid.
    event Claimed(
        uint256 indexed campaignId,
        uint256 index,
        address indexed account,
        uint256 amount,
        Purpose indexed purpose
    );
    /// @notice A claim of several was not paid, for this error; it can be handed in again.
    event ClaimSkipped(uint256 indexed campaignId, uint256 index, address indexed account, bytes reason);
    /// @notice What a campaign did not pay went to the member.
    event UnclaimedReturned(uint256 indexed campaignId, uint256 indexed attackId, uint256 amount);
    /// @notice What no campaign held went to the member.
    event UnassignedReturned(uint256 indexed attackId, uint256 amount);

    /// @notice Only the treasury of the attacked member may do this, and not while the council recovers its keys.
    error CompensationUnauthorized(uint256 attackId, address caller);
    /// @notice The next campaign of the attack has another number, for which the tree must be made.
    error CompensationWrongNumber(uint256 attackId, uint256 number, uint256 next);
    /// @notice A campaign needs a root, and a total above zero.
    error CompensationEmpty();
    /// @notice A campaign lasts from 90 to 730 days.
    error CompensationBadDeadline(uint48 deadline, uint256 earliest, uint256 latest);
    /// @notice The campaign exceeds what the earmark holds beyond other campaigns.
    error CompensationBeyondEarmark(uint256 attackId, uint256 total, uint256 free);
    error CompensationUnknownCampaign(uint256 campaignId);
    /// @notice Claims were accepted until then.
    error CompensationTooLate(uint256 campaignId, uint256 deadline);
    /// @notice This leaf has been paid.
    error CompensationAlreadyClaimed(uint256 campaignId, uint256 index);
    /// @notice The leaf is not in the campaign's tree, or the proof is not its own.
    error CompensationInvalidProof(uint256 campaignId, uint256 index);
    /// @notice The tree holds more than the campaign's total.
    error CompensationBeyondTotal(uint256 campaignId, uint256 amount, uint256 left);
    /// @notice At most `most` claims fit in one call.
    error CompensationTooManyClaims(uint256 count, uint256 most);
    /// @notice Claims are accepted until then.
    error CompensationNotOver(uint256 campaignId, uint256 deadline);
    /// @notice The attack is not closed (`from` is 0), or was less than 365 days ago.
    error CompensationTooEarly(uint256 attackId, uint256 from);
    /// @notice Nothing is left, or the earmark does not hold it.
    error CompensationNothingToReturn(uint256 attackId);

    /// @notice Opens a campaign on an attack's earmark. Sent by the treasury of the attacked member.
    /// @param number The number that the campaign will have among the attack's: the tree binds it by the campaign's id
    /// @param root Root of the tree
    /// @param total The most it pays, within what the earmark holds beyond other campaigns; it is kept for it
    /// @param deadline Last second at which claims are accepted, 90 to 730 days from now
    /// @param uri Where those concerned find their proofs
    /// @return campaignId The id of the campaign
    function open(
        uint256 attackId,
        uint256 number,
        bytes32 root,
        uint128 total,
        uint48 deadline,
        string calldata uri
    ) external returns (uint256 campaignId);

    /// @notice Pays a claim to its account. Anyone may hand it in.
    function claim(Claim calldata c) external;

    /// @notice Pays many claims, at most 50, of whatever campaigns. One that cannot be paid is skipped, with its error
    /// in an event: nobody delays the others. Anyone may.
    /// @return paid How many were paid
    function claimMany(Claim[] calldata claims) external returns (uint256 paid);

    /// @notice Returns to the member what a campaign has not paid by its deadline. Anyone may.
    /// @return amount What was returned, in units
    function returnUnclaimed(uint256 campaignId) external returns (uint256 amount);

    /// @notice Returns to the member what no campaign holds of an earmark, from 365 days after the attack was closed.
    /// Anyone may, and again should more arrive.
    /// @return amount What was returned, in units
    function returnUnassigned(uint256 attackId) external returns (uint256 amount);

    /// @notice The id of an attack's campaign: its number in the low 32 bits, the attack above. It is known before the
    /// campaign is opened, and no other member's campaigns can change it.
    function campaignIdOf(uint256 attackId, uint256 number) external pure returns (uint256);

    /// @notice How many campaigns an attack has had; numbers count from 1.
    function campaignCount(uint256 attackId) external view returns (uint256);

    /// @notice A campaign; all zero for an unknown id.
    function campaign(uint256 campaignId) external view returns (Campaign memory);

    /// @notice Last second at which a campaign accepts claims: its deadline, later by as long as transfers have been
    /// stopped since it was opened.
    function deadlineOf(uint256 campaignId) external view returns (uint256);

    /// @notice What an attack's campaigns may still pay or have to return, in units.
    function reserved(uint256 attackId) external view returns (uint256);

    /// @notice Whether a leaf has been paid.
    function isClaimed(uint256 campaignId, uint256 index) external view returns (bool);

    /// @notice The leaf of a claim, as the tree must hold it.
    function leafOf(Claim calldata c) external view returns (bytes32);
}
