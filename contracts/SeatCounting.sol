// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {ICouncil} from "./interfaces/ICouncil.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {SeatBitmap} from "./libraries/SeatBitmap.sol";

/// @title SeatCounting
/// @dev The part of the council that counts: one ballot a seat, cast by the seat's delegate of the day, never changed.
/// A proposal is decided the moment more than half of the seats are For, or half are Against.
abstract contract SeatCounting is Governor, ICouncil {
    using SeatBitmap for uint208;

    /// @param remaining Seats of the electorate that have not voted
    /// @param seats How many seats the electorate had at opening
    /// @param urgent Whether it is the vote on recognising an attack
    /// @param excluded The attacked member's seat, which the electorate leaves out; `SeatBitmap.NO_SEAT` if none
    struct BallotBox {
        uint208 remaining;
        uint8 against;
        uint8 inFavour;
        uint8 abstain;
        uint8 seats;
        bool urgent;
        uint8 excluded; // 26 + 1 + 1 + 1 + 1 + 1 + 1 = 32 bytes: a ballot touches one slot
    }

    /// @param attackId The attack that an urgent proposal is about; 0 for an ordinary one
    /// @param decidedAt When its ballots decided it; 0 if they have not
    struct Decision {
        uint208 attackId;
        uint48 decidedAt; // 26 + 6 = 32 bytes: to decide an urgent vote takes no fresh slot
    }

    enum Support {
        Against,
        For,
        Abstain
    }

    /// @notice An urgent vote needs this many seats For, however small the electorate.
    uint256 public constant LEAST_URGENT_FOR = 3;

    IMemberRegistry public immutable registry;

    mapping(uint256 proposalId => Decision) internal _decisions;
    mapping(uint256 proposalId => BallotBox) internal _boxes;

    constructor(IMemberRegistry registry_) {
        registry = registry_;
    }

    /// @inheritdoc ICouncil
    function castVotesBySig(uint256 proposalId, Ballot[] calldata ballots) external returns (uint256 cast) {
        _validateStateBitmap(proposalId, _encodeStateBitmap(ProposalState.Active));
        BallotBox storage box = _boxes[proposalId];
        for (uint256 i = 0; i < ballots.length && decidedAt(proposalId) == 0; ++i) {
            Ballot calldata b = ballots[i];
            uint8 seat = registry.seatCastBy(b.voter);
            if (!box.remaining.contains(seat) || !_isCastable(proposalId, b)) continue;
            _useNonce(b.voter);
            _countSeat(box, seat, b.support);
            emit VoteCast(b.voter, proposalId, b.support, 1, "");
            _conclude(proposalId);
            ++cast;
        }
    }

    /// @inheritdoc ICouncil
    function proposalVotes(
        uint256 proposalId
    ) external view returns (uint256 against, uint256 inFavour, uint256 abstain) {
        BallotBox storage box = _boxes[proposalId];
        return (box.against, box.inFavour, box.abstain);
    }

    /// @inheritdoc ICouncil
    function ballotBox(uint256 proposalId) external view returns (uint208 remaining, uint256 seats) {
        return (_boxes[proposalId].remaining, _boxes[proposalId].seats);
    }

    /// @inheritdoc ICouncil
    function attackOf(uint256 proposalId) public view returns (uint256 attackId) {
        return _decisions[proposalId].attackId;
    }

    /// @inheritdoc ICouncil
    function decidedAt(uint256 proposalId) public view returns (uint48) {
        return _decisions[proposalId].decidedAt;
    }

    /// @notice Whether the seat that the account votes for today has voted.
    function hasVoted(uint256 proposalId, address account) public view returns (bool) {
        uint8 seat = registry.seatCastBy(account);
        BallotBox memory box = _boxes[proposalId];
        uint208 electorate = registry.electorateAt(Math.saturatingSub(proposalSnapshot(proposalId), 1));
        return seat != box.excluded && electorate.contains(seat) && !box.remaining.contains(seat);
    }

    /// @notice More than half of the seats that could vote at `timepoint`.
    function quorum(uint256 timepoint) public view override returns (uint256) {
        return registry.electorateAt(timepoint).count() / 2 + 1;
    }

    /// @inheritdoc Governor
    function state(uint256 proposalId) public view virtual override returns (ProposalState current) {
        current = super.state(proposalId);
        if (current != ProposalState.Active) return current;
        (bool passed, bool rejected) = _verdict(_boxes[proposalId]);
        if (passed) return proposalEta(proposalId) == 0 ? ProposalState.Succeeded : ProposalState.Queued;
        if (rejected) return ProposalState.Defeated;
    }

    /// @notice The clock of all votes: seconds since 1970.
    function clock() public view override returns (uint48) {
        return Time.timestamp();
    }

    /// @notice `mode=timestamp`
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @notice Against, For, Abstain; only For counts towards the majority.
    // solhint-disable-next-line func-name-mixedcase
    function COUNTING_MODE() public pure returns (string memory) {
        return "support=bravo&quorum=bravo";
    }

    /// @dev Freezes the electorate of the second before, in which nothing changes any more, and opens the ballot box.
    function _openBox(uint256 proposalId, bool urgent, uint8 excluded) internal {
        uint208 electorate = registry.electorateAt(clock() - 1).remove(excluded);
        _boxes[proposalId] = BallotBox(electorate, 0, 0, 0, uint8(electorate.count()), urgent, excluded);
    }

    /// @dev As the Governor's, but the ballot's weight needs no look-up: a seat counts one.
    function _castVote(
        uint256 proposalId,
        address account,
        uint8 support,
        string memory reason,
        bytes memory params
    ) internal virtual override returns (uint256 weight) {
        _validateStateBitmap(proposalId, _encodeStateBitmap(ProposalState.Active));
        weight = _countVote(proposalId, account, support, 1, params);
        if (params.length == 0) emit VoteCast(account, proposalId, support, weight, reason);
        else emit VoteCastWithParams(account, proposalId, support, weight, reason, params);
        _conclude(proposalId);
    }

    function _countVote(
        uint256 proposalId,
        address account,
        uint8 support,
        uint256 weight,
        bytes memory
    ) internal override returns (uint256) {
        BallotBox storage box = _boxes[proposalId];
        uint8 seat = registry.seatCastBy(account);
        if (!box.remaining.contains(seat)) {
            require(!hasVoted(proposalId, account), GovernorAlreadyCastVote(account));
            revert CouncilNoSeat(proposalId, account);
        }
        _countSeat(box, seat, support);
        return weight;
    }

    /// @dev Counts the ballot of a seat that has one.
    function _countSeat(BallotBox storage box, uint8 seat, uint8 support) internal {
        box.remaining = box.remaining.remove(seat);
        if (support == uint8(Support.Against)) ++box.against;
        else if (support == uint8(Support.For)) ++box.inFavour;
        else if (support == uint8(Support.Abstain)) ++box.abstain;
        else revert GovernorInvalidVoteType();
    }

    /// @dev Writes the decision down if the last ballot has brought it.
    function _conclude(uint256 proposalId) internal {
        BallotBox storage box = _boxes[proposalId];
        (bool passed, bool rejected) = _verdict(box);
        if (!passed && !rejected) return;
        _decisions[proposalId].decidedAt = clock();
        emit Decided(proposalId, passed);
        if (passed && box.urgent) _carryOut(proposalId);
    }

    /// @dev Carries an urgent decision out.
    function _carryOut(uint256 proposalId) internal virtual;

    function _quorumReached(uint256 proposalId) internal view override returns (bool passed) {
        (passed, ) = _verdict(_boxes[proposalId]);
    }

    function _voteSucceeded(uint256 proposalId) internal view override returns (bool) {
        return _quorumReached(proposalId);
    }

    function _getVotes(address account, uint256 timepoint, bytes memory) internal view override returns (uint256) {
        return registry.getPastVotes(account, timepoint);
    }

    /// @dev What the ballots so far decide, if anything.
    function _verdict(BallotBox storage box) private view returns (bool passed, bool rejected) {
        (uint256 against, uint256 inFavour, uint256 seats, bool urgent) = (
            box.against,
            box.inFavour,
            box.seats,
            box.urgent
        );
        passed = 2 * inFavour > seats && (!urgent || inFavour >= LEAST_URGENT_FOR);
        rejected = 2 * against >= seats;
    }

    /// @dev A signed ballot of a seat that has not voted counts if its support is known and its signature is valid.
    function _isCastable(uint256 proposalId, Ballot calldata b) private view returns (bool) {
        if (b.support > uint8(Support.Abstain)) return false;
        bytes32 structHash = keccak256(abi.encode(BALLOT_TYPEHASH, proposalId, b.support, b.voter, nonces(b.voter)));
        return SignatureChecker.isValidSignatureNowCalldata(b.voter, _hashTypedDataV4(structHash), b.signature);
    }
}
