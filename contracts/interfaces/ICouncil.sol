// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title The council
/// @notice Decides by more than half of the seats that could vote when a proposal was made; silence never passes
/// anything. An OpenZeppelin Governor whose ballots are seats: `IGovernor` tells the rest.
/// @dev Two procedures. Ordinary: any voting seat proposes, 14 days, then the timelock. Urgent: the attack register
/// opens it for the recognition of one attack; 5 days, without the attacked member's seat, at least three For, carried
/// out by the deciding ballot.
interface ICouncil {
    /// @notice A signed ballot that anyone may hand in.
    /// @param voter The delegate that signed
    /// @param support 0 against, 1 for, 2 abstain
    /// @param signature Over the EIP-712 `Ballot` with the voter's present nonce
    struct Ballot {
        address voter;
        uint8 support;
        bytes signature;
    }

    /// @notice The proposal was decided by its last ballot.
    event Decided(uint256 indexed proposalId, bool passed);
    /// @notice The recognition failed when the deciding ballot tried it; anyone may try again with `execute`.
    event RecognitionFailed(uint256 indexed proposalId, uint256 indexed attackId, bytes reason);
    /// @notice The urgent vote on an attack was opened.
    event VoteCalled(uint256 indexed proposalId, uint256 indexed attackId);

    /// @notice Only the attack register may do this.
    error CouncilNotRegister(address caller);
    /// @notice The target of action `index` has no code.
    error CouncilTargetWithoutCode(uint256 index, address target);
    /// @notice No action may carry ether.
    error CouncilValueNotAllowed(uint256 index, uint256 value);
    /// @notice Recognition is decided by the urgent procedure only.
    error CouncilRecognitionNotProposable(uint256 index);
    /// @notice This function of the Governor is closed for good.
    error CouncilClosed(bytes4 selector);
    /// @notice A setting lies outside its bounds.
    error CouncilSettingOutOfBounds(bytes4 selector, uint256 value, uint256 least, uint256 most);
    /// @notice The account does not vote for a seat of this proposal's electorate.
    error CouncilNoSeat(uint256 proposalId, address account);
    /// @notice The deciding ballot of an urgent vote needs this much gas left to carry the recognition out.
    error CouncilTooLittleGas(uint256 left, uint256 needed);

    /// @notice Opens the urgent vote on recognising an attack. The attack register only.
    /// @param member The attacked member, whose seat is not in the electorate
    /// @return proposalId The vote
    function callVote(uint256 attackId, bytes3 member) external returns (uint256 proposalId);

    /// @notice Cancels a proposal: an urgent one by the attack register only, an ordinary one by its proposer before
    /// voting opens.
    function cancel(uint256 proposalId) external;

    /// @notice Casts many signed ballots. Skips those that are void or already cast, and stops at the decision.
    /// @return cast How many were cast
    function castVotesBySig(uint256 proposalId, Ballot[] calldata ballots) external returns (uint256 cast);

    /// @notice The attack that an urgent proposal is about; 0 for an ordinary one.
    /// @return attackId The attack
    function attackOf(uint256 proposalId) external view returns (uint256 attackId);

    /// @notice When a proposal was decided by its ballots; 0 if it was not.
    function decidedAt(uint256 proposalId) external view returns (uint48);

    /// @notice When a proposal failed: when it was decided, or its deadline once that is over; 0 if it has not failed.
    function failedAt(uint256 proposalId) external view returns (uint48);

    /// @notice Ballots so far.
    /// @return against Seats against
    /// @return inFavour Seats for
    /// @return abstain Seats that abstained
    function proposalVotes(
        uint256 proposalId
    ) external view returns (uint256 against, uint256 inFavour, uint256 abstain);

    /// @notice The seats that have not voted, and how many there were at opening.
    /// @return remaining The set of seats that have not voted
    /// @return seats How many seats the electorate has
    function ballotBox(uint256 proposalId) external view returns (uint208 remaining, uint256 seats);
}
