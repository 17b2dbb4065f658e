// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorStorage} from "@openzeppelin/contracts/governance/extensions/GovernorStorage.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {CouncilSettings} from "./CouncilSettings.sol";
import {ProposalNumbers} from "./ProposalNumbers.sol";
import {SeatCounting} from "./SeatCounting.sol";
import {UrgentAction} from "./UrgentAction.sol";
import {IAttackRegister} from "./interfaces/IAttackRegister.sol";
import {ICouncil} from "./interfaces/ICouncil.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {SeatBitmap} from "./libraries/SeatBitmap.sol";

/// @title Council
contract Council is
    Governor,
    CouncilSettings,
    SeatCounting,
    UrgentAction,
    ProposalNumbers,
    GovernorStorage,
    GovernorTimelockControl
{
    using SafeCast for uint256;

    uint32 public constant URGENT_PERIOD = 5 days;
    uint48 public constant QUEUE_WINDOW = 14 days;
    uint48 public constant EXECUTION_WINDOW = 30 days;

    /// @notice Gas that must be left when a deciding urgent ballot carries the recognition out. Send every urgent
    /// ballot with at least this much and 100,000 more.
    uint256 public constant RECOGNITION_GAS = 1_500_000;

    constructor(
        TimelockController timelock_,
        IMemberRegistry registry_,
        IAttackRegister register_,
        uint32 votingPeriod_
    )
        Governor("Crisis Insurance Council")
        CouncilSettings(votingPeriod_)
        SeatCounting(registry_)
        UrgentAction(register_)
        GovernorTimelockControl(timelock_)
    {
        _requireDelayWithinBounds(timelock_.getMinDelay());
    }

    // Anyone

    /// @inheritdoc Governor
    function execute(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) public payable override returns (uint256) {
        require(msg.value == 0, CouncilValueNotAllowed(0, msg.value));
        return super.execute(targets, values, calldatas, descriptionHash);
    }

    /// @inheritdoc GovernorStorage
    function execute(uint256 proposalId) public payable override {
        (address[] memory t, uint256[] memory v, bytes[] memory c, bytes32 d) = proposalDetails(proposalId);
        execute(t, v, c, d);
    }

    /// @inheritdoc GovernorStorage
    function queue(uint256 proposalId) public override {
        (address[] memory t, uint256[] memory v, bytes[] memory c, bytes32 d) = proposalDetails(proposalId);
        queue(t, v, c, d);
    }

    /// @inheritdoc ICouncil
    function cancel(uint256 proposalId) public override(ICouncil, GovernorStorage) {
        (address[] memory t, uint256[] memory v, bytes[] memory c, bytes32 d) = proposalDetails(proposalId);
        cancel(t, v, c, d);
    }

    // Modules

    /// @inheritdoc ICouncil
    function callVote(uint256 attackId, bytes3 member) external returns (uint256 proposalId) {
        require(msg.sender == address(register), CouncilNotRegister(msg.sender));
        proposalId = _nextNumber();
        _decisions[proposalId].attackId = attackId.toUint208();
        (address[] memory t, uint256[] memory v, bytes[] memory c, string memory text) = _recognition(attackId);
        // Past GovernorStorage and ProposalNumbers: all of it follows from the attack and need not be stored.
        Governor._propose(t, v, c, text, msg.sender);
        _openBox(proposalId, true, registry.seatOf(member));
        emit VoteCalled(proposalId, attackId);
    }

    // Views

    /// @inheritdoc ICouncil
    function failedAt(uint256 proposalId) external view returns (uint48) {
        if (state(proposalId) != ProposalState.Defeated) return 0;
        uint48 decided = decidedAt(proposalId);
        if (decided != 0) return decided;
        // Where nobody could vote, it had failed when it was opened.
        if (_boxes[proposalId].seats == 0) return uint48(proposalSnapshot(proposalId));
        return uint48(proposalDeadline(proposalId));
    }

    /// @inheritdoc Governor
    function state(
        uint256 proposalId
    ) public view override(Governor, SeatCounting, GovernorTimelockControl) returns (ProposalState current) {
        current = super.state(proposalId);
        if (current == ProposalState.Succeeded && !_boxes[proposalId].urgent) {
            if (clock() > decidedAt(proposalId) + QUEUE_WINDOW) return ProposalState.Expired;
        } else if (current == ProposalState.Queued) {
            if (clock() > proposalEta(proposalId) + EXECUTION_WINDOW) return ProposalState.Expired;
        }
    }

    /// @inheritdoc GovernorStorage
    function proposalDetails(
        uint256 proposalId
    ) public view override returns (address[] memory, uint256[] memory, bytes[] memory, bytes32) {
        uint256 attackId = attackOf(proposalId);
        if (attackId == 0) return super.proposalDetails(proposalId);
        (address[] memory t, uint256[] memory v, bytes[] memory c, string memory text) = _recognition(attackId);
        return (t, v, c, keccak256(bytes(text)));
    }

    /// @notice How many proposals there are, urgent ones included: their ids count from 1.
    function proposalCount() public view override returns (uint256) {
        return latestProposalId;
    }

    /// @notice The proposal at `index`, from 0: the one with the id after it.
    function proposalDetailsAt(
        uint256 index
    )
        public
        view
        override
        returns (uint256 proposalId, address[] memory t, uint256[] memory v, bytes[] memory c, bytes32 d)
    {
        proposalId = index + 1;
        (t, v, c, d) = proposalDetails(proposalId);
    }

    /// @inheritdoc GovernorTimelockControl
    function proposalNeedsQueuing(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (bool) {
        return !_boxes[proposalId].urgent;
    }

    /// @notice How long a vote lasts, in seconds: for the attack register, which opens urgent votes, five days.
    function votingPeriod() public view override(Governor, GovernorSettings) returns (uint256) {
        return msg.sender == address(register) ? URGENT_PERIOD : super.votingPeriod();
    }

    /// @notice Voting opens the second after a proposal is made.
    function votingDelay() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.votingDelay();
    }

    /// @notice Any one voting seat can propose.
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    /// @inheritdoc Governor
    function getProposalId(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) public view override(Governor, ProposalNumbers) returns (uint256) {
        if (targets.length == 1 && calldatas.length == 1 && _isRecognition(targets[0], calldatas[0])) {
            uint256 vote = _voteOn(_attackIn(calldatas[0]));
            uint256 proposalHash = hashProposal(targets, values, calldatas, descriptionHash);
            if (vote != 0 && proposalHash == _hashOf(vote)) return vote;
        }
        return super.getProposalId(targets, values, calldatas, descriptionHash);
    }

    // Closed

    /// @notice Closed: the council acts through the timelock alone.
    function relay(address, uint256, bytes calldata) public payable override {
        revert CouncilClosed(msg.sig);
    }

    /// @notice Closed: the timelock is for good.
    function updateTimelock(TimelockController) public pure override {
        revert CouncilClosed(msg.sig);
    }

    // Internal

    /// @dev Ordinary procedure: every action is checked, then the ballot box opens.
    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override(Governor, ProposalNumbers, GovernorStorage) returns (uint256 proposalId) {
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        for (uint256 i = 0; i < targets.length; ++i) _requireAllowed(i, targets[i], values[i], calldatas[i]);
        _openBox(proposalId, false, SeatBitmap.NO_SEAT);
    }

    /// @dev The ballot that decides an urgent vote carries the recognition out. What fails can be tried again by
    /// anyone.
    function _carryOut(uint256 proposalId) internal override {
        uint256 left = gasleft();
        require(left >= RECOGNITION_GAS, CouncilTooLittleGas(left, RECOGNITION_GAS));
        try this.execute(proposalId) {} catch (bytes memory reason) {
            emit RecognitionFailed(proposalId, attackOf(proposalId), reason);
        }
    }

    function _castVote(
        uint256 proposalId,
        address account,
        uint8 support,
        string memory reason,
        bytes memory params
    ) internal override(Governor, SeatCounting) returns (uint256) {
        return super._castVote(proposalId, account, support, reason, params);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        uint256 attackId = attackOf(proposalId);
        if (attackId == 0) super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
        else register.recognise(attackId);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _validateCancel(uint256 proposalId, address caller) internal view override returns (bool) {
        if (_boxes[proposalId].urgent) return caller == address(register);
        return super._validateCancel(proposalId, caller);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }

    /// @dev What no ordinary proposal may do, whatever the majority.
    function _requireAllowed(uint256 index, address target, uint256 value, bytes memory data) private view {
        require(target.code.length > 0, CouncilTargetWithoutCode(index, target));
        require(value == 0, CouncilValueNotAllowed(index, value));
        require(!_isRecognition(target, data), CouncilRecognitionNotProposable(index));
        if (target == timelock() && bytes4(data) == TimelockController.updateDelay.selector) {
            _requireDelayWithinBounds(uint256(bytes32(Bytes.slice(data, 4))));
        }
    }

    /// @dev The vote on an attack, 0 if there is none: while it is being opened the newest, then the one in the
    /// attack's file, unless another council held that.
    function _voteOn(uint256 attackId) private view returns (uint256 proposalId) {
        proposalId = latestProposalId;
        if (attackOf(proposalId) != attackId) proposalId = register.attack(attackId).proposalId;
        if (attackId == 0 || attackOf(proposalId) != attackId) proposalId = 0;
    }

    function _hashOf(uint256 proposalId) private view returns (uint256) {
        (address[] memory t, uint256[] memory v, bytes[] memory c, bytes32 d) = proposalDetails(proposalId);
        return hashProposal(t, v, c, d);
    }
}
