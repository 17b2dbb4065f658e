// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IAttackRegister} from "../../contracts/interfaces/IAttackRegister.sol";
import {ICouncil} from "../../contracts/interfaces/ICouncil.sol";
import {ICrisisFund} from "../../contracts/interfaces/ICrisisFund.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {SeatBitmap} from "../../contracts/libraries/SeatBitmap.sol";
import {bound, vm} from "../support/Vm.sol";
import {MoneyActs} from "./MoneyActs.t.sol";

/// @dev What the council has by number besides `IGovernor`.
interface IByNumber {
    function queue(uint256 proposalId) external;

    function execute(uint256 proposalId) external payable;

    function proposalCount() external view returns (uint256);

    function proposalDetails(
        uint256 proposalId
    ) external view returns (address[] memory, uint256[] memory, bytes[] memory, bytes32);
}

/// @title What the council decides, and what somebody tries past it
abstract contract CouncilActs is MoneyActs {
    using SeatBitmap for uint208;

    uint8 internal constant FOR = 1;

    /// @notice One to four ballots: For mostly.
    function castVotes(uint256 seed) external act {
        uint256 proposalId = _someProposal(seed);
        if (proposalId == 0) return;
        uint256 ballots = 1 + (seed % 4);
        for (uint256 i = 0; i < ballots; ++i) {
            uint256 choice = (seed >> (16 + 8 * i)) % 10;
            uint8 support =
                choice < 6
                    ? FOR
                    : choice < 8
                        ? 0
                        : 2;
            if (!_castOne(proposalId, seed >> (64 + 8 * i), support)) return;
        }
    }

    /// @notice For ballots until a vote is decided, one on an attack if there is any.
    function rushVote(uint256 seed) external act {
        uint256 attackId = _attackIn(seed, IAttackRegister.Status.Voting);
        uint256 proposalId = attackId == 0 ? _openProposal(seed) : register.attack(attackId).proposalId;
        if (proposalId == 0) return;
        _rush(proposalId);
        _did("rush a vote");
    }

    /// @notice A recognition fails if the register may not use the fund just then; anybody carries it out later.
    function retryRecognition(uint256 seed) external act {
        uint256 attackId = _attackIn(seed, IAttackRegister.Status.Approved);
        if (attackId == 0) {
            attackId = _attackIn(seed, IAttackRegister.Status.Voting);
            if (attackId == 0) return;
            if (_registerWorks()) {
                _revokeRegister();
                _grantRegister();
            }
            _rush(register.attack(attackId).proposalId);
        }
        if (register.statusOf(attackId) != IAttackRegister.Status.Approved) return;
        if (!_registerWorks()) vm.warp(_registerBack);
        vm.prank(stranger);
        IByNumber(address(council)).execute(register.attack(attackId).proposalId);
        _did("retry a recognition");
    }

    function propose(uint256 seed) external act {
        _propose(seed);
    }

    /// @notice A decision is carried out when it is due, or else one is made, and queued.
    function enact(uint256 seed) external act {
        uint256 proposalId = _ordinary(seed, IGovernor.ProposalState.Queued);
        if (proposalId != 0) {
            uint256 eta = IGovernor(address(council)).proposalEta(proposalId);
            if (_now() < eta) vm.warp(eta);
            _execute(proposalId, seed >> 8);
            guardian = fund.guardian();
            return _did("execute");
        }
        proposalId = _ordinary(seed, IGovernor.ProposalState.Succeeded);
        if (proposalId == 0) {
            proposalId = _ordinary(seed, IGovernor.ProposalState.Active);
            if (proposalId == 0) proposalId = _proposeAnew(seed);
            if (proposalId == 0) return;
            _rush(proposalId);
            if (IGovernor(address(council)).state(proposalId) != IGovernor.ProposalState.Succeeded) return;
        }
        _queue(proposalId, seed >> 8);
        _did("queue");
    }

    /// @notice What nobody may do: each attempt must fail.
    function meddle(uint256 seed) external act {
        uint256 count = IByNumber(address(council)).proposalCount();
        uint256 attacks = register.attackCount();
        address meddler = _meddler(seed);
        if (attacks > 0) {
            uint256 attackId = ((seed >> 32) % attacks) + 1;
            uint256 proposalId = register.attack(attackId).proposalId;
            bytes memory recognise = abi.encodeCall(IAttackRegister.recognise, (attackId));
            if (_tries(meddler, address(register), recognise)) _breach(7, "recognised by a meddler");
            if (_tries(timelock, address(register), recognise)) _breach(7, "recognised by the timelock");
            if (_tries(meddler, address(council), abi.encodeCall(ICouncil.cancel, (proposalId)))) {
                _breach(7, "a vote on an attack cancelled");
            }
            if (_tries(meddler, address(council), _proposal(address(register), recognise, seed))) {
                _breach(7, "recognition proposed");
            }
            if (_tries(meddler, address(council), abi.encodeCall(IByNumber.queue, (proposalId)))) {
                _breach(7, "a recognition queued");
            }
        }
        if (count > 0) {
            // Somebody who may not, or not any more: a ballot that counts twice shows in the chronicle.
            uint256 proposalId = ((seed >> 64) % count) + 1;
            bytes memory ballot = abi.encodeCall(IGovernor.castVote, (proposalId, FOR));
            if (_tries(meddler, address(council), ballot)) _did("a meddler could vote");
        }
        if (!fund.armed() && _tries(guardian, address(fund), abi.encodeCall(ICrisisFund.stopTransfers, ()))) {
            _breach(10, "stopped twice");
        }
        _did("meddle");
    }

    /// @dev By its number, or with all that it consists of.
    function _queue(uint256 proposalId, uint256 seed) private {
        if (seed % 2 == 0) return IByNumber(address(council)).queue(proposalId);
        (address[] memory targets, uint256[] memory values, bytes[] memory calls, bytes32 description) = IByNumber(
            address(council)
        ).proposalDetails(proposalId);
        IGovernor(address(council)).queue(targets, values, calls, description);
    }

    function _execute(uint256 proposalId, uint256 seed) private {
        if (seed % 2 == 0) return IByNumber(address(council)).execute(proposalId);
        (address[] memory targets, uint256[] memory values, bytes[] memory calls, bytes32 description) = IByNumber(
            address(council)
        ).proposalDetails(proposalId);
        IGovernor(address(council)).execute(targets, values, calls, description);
    }

    /// @dev What the council may set for itself, which only a decision can.
    function _setting(uint256 seed) private returns (address target, bytes memory data) {
        uint256 choice = seed % 5;
        if (choice == 0) {
            address next = _account("GRD", "guardian", seed);
            return (address(fund), abi.encodeCall(ICrisisFund.setGuardian, (next)));
        }
        if (choice == 1) {
            uint48 delay = uint48(bound(seed, 2 days, 14 days));
            return (timelock, abi.encodeCall(TimelockController.updateDelay, (delay)));
        }
        if (choice == 2) return (address(council), abi.encodeCall(GovernorSettings.setVotingDelay, (0)));
        if (choice == 3) return (address(council), abi.encodeCall(GovernorSettings.setProposalThreshold, (1)));
        uint32 period = uint32(bound(seed, 3 days, 14 days));
        return (address(council), abi.encodeCall(GovernorSettings.setVotingPeriod, (period)));
    }

    function _rush(uint256 proposalId) internal {
        if (IGovernor(address(council)).state(proposalId) == IGovernor.ProposalState.Pending) vm.warp(_now() + 2);
        while (_castOne(proposalId, 0, FOR)) continue;
    }

    function _castOne(uint256 proposalId, uint256 seed, uint8 support) private returns (bool) {
        if (IGovernor(address(council)).state(proposalId) != IGovernor.ProposalState.Active) return false;
        address voter = _voter(proposalId, seed);
        if (voter == address(0)) return false;
        vm.prank(voter);
        IGovernor(address(council)).castVote(proposalId, support);
        _did("cast a ballot");
        if (_isStopped()) _did("cast a ballot while stopped");
        return true;
    }

    /// @dev A delegate who may still vote; nobody if there is none.
    function _voter(uint256 proposalId, uint256 seed) internal view returns (address) {
        (uint208 remaining, ) = council.ballotBox(proposalId);
        for (uint256 i = 0; i < _codes.length; ++i) {
            IMemberRegistry.Member memory m = registry.member(_codes[((seed % _codes.length) + i) % _codes.length]);
            if (m.seated && remaining.contains(m.seat)) return m.delegate;
        }
        return address(0);
    }

    function _attackIn(uint256 seed, IAttackRegister.Status status) internal view returns (uint256) {
        uint256 count = register.attackCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 attackId = (((seed % count) + i) % count) + 1;
            if (register.statusOf(attackId) == status) return attackId;
        }
        return 0;
    }

    function _propose(uint256 seed) private {
        for (uint256 i = 0; i < _codes.length; ++i) {
            IMemberRegistry.Member memory m = registry.member(_codes[((seed % _codes.length) + i) % _codes.length]);
            if (registry.getPastVotes(m.delegate, _now() - 1) == 0) continue;
            (address target, bytes memory own) = _setting(seed >> 8);
            require(_tries(m.delegate, address(council), _proposal(target, own, seed)), "could not propose");
            _did("propose");
            if (seed % 5 != 0) return;
            uint256 proposalId = IByNumber(address(council)).proposalCount();
            vm.prank(m.delegate);
            council.cancel(proposalId);
            return _did("cancel");
        }
    }

    /// @dev One that is open, or a new one a second later, if anybody may vote.
    function _someProposal(uint256 seed) internal returns (uint256 proposalId) {
        proposalId = _openProposal(seed);
        return proposalId == 0 ? _proposeAnew(seed) : proposalId;
    }

    /// @dev Open a second later; none if nobody may propose.
    function _proposeAnew(uint256 seed) private returns (uint256) {
        // Not a multiple of five, which would be cancelled.
        _propose((seed >> 8) * 5 + 1);
        // Written down in the second in which it was made, by which its electorate counts.
        _read();
        vm.warp(_now() + 2);
        return _ordinary(seed, IGovernor.ProposalState.Active);
    }

    function _ordinary(uint256 seed, IGovernor.ProposalState state) private view returns (uint256) {
        uint256 count = IByNumber(address(council)).proposalCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 proposalId = (((seed % count) + i) % count) + 1;
            if (council.attackOf(proposalId) != 0) continue;
            if (IGovernor(address(council)).state(proposalId) == state) return proposalId;
        }
        return 0;
    }

    function _openProposal(uint256 seed) internal view returns (uint256) {
        uint256 count = IByNumber(address(council)).proposalCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 proposalId = (((seed % count) + i) % count) + 1;
            if (IGovernor(address(council)).state(proposalId) == IGovernor.ProposalState.Active) return proposalId;
        }
        return 0;
    }

    function _meddler(uint256 seed) internal view returns (address) {
        IMemberRegistry.Member memory m = registry.member(_codes[seed % _codes.length]);
        uint256 choice = (seed >> 8) % 6;
        if (choice == 0) return stranger;
        if (choice == 1) return guardian;
        if (choice == 2) return _assessors[seed % _assessors.length].account;
        if (choice == 3 && m.treasury != address(0)) return m.treasury;
        return m.delegate == address(0) ? stranger : m.delegate;
    }

    function _tries(address who, address target, bytes memory data) internal returns (bool succeeded) {
        _read();
        vm.prank(who);
        (succeeded, ) = target.call(data);
        if (!succeeded) _forget();
    }

    function _proposal(address target, bytes memory data, uint256 seed) private view returns (bytes memory) {
        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory calldatas = new bytes[](1);
        targets[0] = target;
        calldatas[0] = data;
        string memory description = string(abi.encode(seed, IByNumber(address(council)).proposalCount()));
        return abi.encodeCall(IGovernor.propose, (targets, values, calldatas, description));
    }
}
