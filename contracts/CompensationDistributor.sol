// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IAttackRegister} from "./interfaces/IAttackRegister.sol";
import {ICompensationDistributor} from "./interfaces/ICompensationDistributor.sol";
import {ICrisisFund} from "./interfaces/ICrisisFund.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";

/// @title CompensationDistributor
contract CompensationDistributor is ICompensationDistributor {
    using BitMaps for BitMaps.BitMap;
    using SafeCast for uint256;

    uint48 public constant SHORTEST_CAMPAIGN = 90 days;
    uint48 public constant LONGEST_CAMPAIGN = 730 days;
    uint48 public constant RETURN_DELAY = 365 days;
    uint256 public constant MOST_CLAIMS = 50;
    uint256 public constant LONGEST_PROOF = 32;

    /// @dev How far the attack lies above the number in a campaign's id.
    uint256 private constant NUMBER_BITS = 32;

    IMemberRegistry public immutable registry;
    ICrisisFund public immutable fund;
    IAttackRegister public immutable register;

    /// @inheritdoc ICompensationDistributor
    mapping(uint256 attackId => uint256) public campaignCount;

    /// @inheritdoc ICompensationDistributor
    mapping(uint256 attackId => uint256) public reserved;

    mapping(uint256 campaignId => Campaign) private _campaigns;
    mapping(uint256 campaignId => BitMaps.BitMap) private _claimed;

    constructor(IMemberRegistry registry_, ICrisisFund fund_, IAttackRegister register_) {
        registry = registry_;
        fund = fund_;
        register = register_;
    }

    // Anyone

    /// @inheritdoc ICompensationDistributor
    function claim(Claim calldata c) external {
        Campaign storage of_ = _known(c.campaignId);
        uint256 deadline = _deadline(of_);
        require(block.timestamp <= deadline, CompensationTooLate(c.campaignId, deadline));
        require(!isClaimed(c.campaignId, c.index), CompensationAlreadyClaimed(c.campaignId, c.index));
        require(
            c.proof.length <= LONGEST_PROOF && MerkleProof.verifyCalldata(c.proof, of_.root, leafOf(c)),
            CompensationInvalidProof(c.campaignId, c.index)
        );
        uint256 left = of_.total - of_.claimed;
        require(c.amount <= left, CompensationBeyondTotal(c.campaignId, c.amount, left));

        uint256 attackId = _attackOf(c.campaignId);
        _claimed[c.campaignId].set(c.index);
        of_.claimed += c.amount;
        reserved[attackId] -= c.amount;
        emit Claimed(c.campaignId, c.index, c.account, c.amount, c.purpose);
        fund.compensate(attackId, c.account, c.amount, bytes32(attackId));
    }

    /// @inheritdoc ICompensationDistributor
    function claimMany(Claim[] calldata claims) external returns (uint256 paid) {
        require(claims.length <= MOST_CLAIMS, CompensationTooManyClaims(claims.length, MOST_CLAIMS));
        for (uint256 i = 0; i < claims.length; ++i) {
            Claim calldata c = claims[i];
            // A call of its own, so that one that fails leaves no trace.
            try this.claim(c) {
                ++paid;
            } catch (bytes memory reason) {
                emit ClaimSkipped(c.campaignId, c.index, c.account, reason);
            }
        }
    }

    /// @inheritdoc ICompensationDistributor
    function returnUnclaimed(uint256 campaignId) external returns (uint256 amount) {
        Campaign storage of_ = _known(campaignId);
        uint256 deadline = _deadline(of_);
        require(block.timestamp > deadline, CompensationNotOver(campaignId, deadline));
        uint256 attackId = _attackOf(campaignId);
        uint256 left = of_.returned ? 0 : of_.total - of_.claimed;
        // The earmark holds less only if the council has voided an award.
        amount = Math.min(left, _held(attackId));
        require(amount > 0, CompensationNothingToReturn(attackId));

        of_.returned = true;
        reserved[attackId] -= left;
        emit UnclaimedReturned(campaignId, attackId, amount);
        fund.returnEarmark(attackId, amount.toUint128());
    }

    /// @inheritdoc ICompensationDistributor
    function returnUnassigned(uint256 attackId) external returns (uint256 amount) {
        uint256 closedAt = register.closedAt(attackId);
        uint256 from = closedAt == 0 ? 0 : closedAt + RETURN_DELAY;
        require(from != 0 && block.timestamp >= from, CompensationTooEarly(attackId, from));
        amount = _free(attackId);
        require(amount > 0, CompensationNothingToReturn(attackId));

        emit UnassignedReturned(attackId, amount);
        fund.returnEarmark(attackId, amount.toUint128());
    }

    // Members

    /// @inheritdoc ICompensationDistributor
    function open(
        uint256 attackId,
        uint256 number,
        bytes32 root,
        uint128 total,
        uint48 deadline,
        string calldata uri
    ) external returns (uint256 campaignId) {
        bytes3 member = fund.attackAccount(attackId).member;
        // Who pays directs money: the treasury, unless the council is about to replace it.
        require(msg.sender == registry.treasuryToPay(member), CompensationUnauthorized(attackId, msg.sender));
        uint256 next = campaignCount[attackId] + 1;
        require(number == next, CompensationWrongNumber(attackId, number, next));
        require(root != 0 && total > 0, CompensationEmpty());
        uint256 earliest = block.timestamp + SHORTEST_CAMPAIGN;
        uint256 latest = block.timestamp + LONGEST_CAMPAIGN;
        require(deadline >= earliest && deadline <= latest, CompensationBadDeadline(deadline, earliest, latest));
        require(total <= _free(attackId), CompensationBeyondEarmark(attackId, total, _free(attackId)));

        campaignId = campaignIdOf(attackId, number);
        campaignCount[attackId] = number;
        reserved[attackId] += total;
        _campaigns[campaignId] = Campaign(root, total, 0, deadline, fund.stoppedTime().toUint48(), false);
        emit CampaignOpened(campaignId, attackId, member, root, total, deadline, uri);
    }

    // Views

    /// @inheritdoc ICompensationDistributor
    function campaignIdOf(uint256 attackId, uint256 number) public pure returns (uint256) {
        return (attackId << NUMBER_BITS) | number;
    }

    /// @inheritdoc ICompensationDistributor
    function campaign(uint256 campaignId) external view returns (Campaign memory) {
        return _campaigns[campaignId];
    }

    /// @inheritdoc ICompensationDistributor
    function deadlineOf(uint256 campaignId) external view returns (uint256) {
        return _deadline(_known(campaignId));
    }

    /// @inheritdoc ICompensationDistributor
    function isClaimed(uint256 campaignId, uint256 index) public view returns (bool) {
        return _claimed[campaignId].get(index);
    }

    /// @inheritdoc ICompensationDistributor
    function leafOf(Claim calldata c) public view returns (bytes32) {
        bytes memory leaf = abi.encode(
            block.chainid,
            address(this),
            c.campaignId,
            c.index,
            c.account,
            c.amount,
            c.purpose
        );
        // Hashed twice, so that no inner node of a tree can pass for a leaf.
        return keccak256(bytes.concat(keccak256(leaf)));
    }

    // Internal

    function _known(uint256 campaignId) private view returns (Campaign storage of_) {
        of_ = _campaigns[campaignId];
        require(of_.root != 0, CompensationUnknownCampaign(campaignId));
    }

    function _deadline(Campaign storage of_) private view returns (uint256) {
        return of_.deadline + fund.stoppedTime() - of_.stoppedBefore;
    }

    function _held(uint256 attackId) private view returns (uint256 held) {
        (, held) = fund.earmarkOf(attackId);
    }

    /// @dev What the earmark holds beyond what campaigns do; less only if the council has voided an award.
    function _free(uint256 attackId) private view returns (uint256) {
        return Math.saturatingSub(_held(attackId), reserved[attackId]);
    }

    function _attackOf(uint256 campaignId) private pure returns (uint256) {
        return campaignId >> NUMBER_BITS;
    }
}
