// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";

/// @title ProposalNumbers
/// @dev The part of the council that numbers proposals, from 1. As OpenZeppelin's GovernorSequentialProposalId, which
/// however stores the number of every proposal by the hash of its actions: an urgent one need not be found that way,
/// since its action names the attack and the attack's file names the vote.
abstract contract ProposalNumbers is Governor {
    /// @notice The number of the newest proposal; 0 if there is none.
    uint256 public latestProposalId;

    mapping(uint256 proposalHash => uint256 proposalId) private _numbers;

    /// @inheritdoc Governor
    function getProposalId(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) public view virtual override returns (uint256 proposalId) {
        proposalId = _numbers[hashProposal(targets, values, calldatas, descriptionHash)];
        require(proposalId != 0, GovernorNonexistentProposal(0));
    }

    /// @dev The same proposal a second time keeps its number, and is refused for that.
    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal virtual override returns (uint256) {
        uint256 proposalHash = hashProposal(targets, values, calldatas, keccak256(bytes(description)));
        if (_numbers[proposalHash] == 0) _numbers[proposalHash] = _nextNumber();
        return super._propose(targets, values, calldatas, description, proposer);
    }

    function _nextNumber() internal returns (uint256) {
        return ++latestProposalId;
    }
}
