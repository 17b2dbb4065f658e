// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {ICouncil} from "../../contracts/interfaces/ICouncil.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {SeatBitmap} from "../../contracts/libraries/SeatBitmap.sol";
import {Vm} from "../support/Vm.sol";
import {Tally} from "./Tally.t.sol";

/// @title What was seen of votes
abstract contract BallotBook is Tally {
    using SeatBitmap for uint208;

    /// @notice What of a vote was seen.
    struct Vote {
        uint208 frozen;
        uint208 voted;
        uint8[3] cast;
        bool urgent;
    }

    mapping(uint256 proposalId => Vote) internal _votes;
    uint208 private _electorate;
    uint208 private _electorateBefore;
    uint256 private _electorateSince;

    constructor() {
        _electorate = registry.electorate();
        _electorateBefore = 0;
        _electorateSince = _now();
    }

    function _readCouncil(Vm.Log memory log) internal {
        bytes32 what = log.topics[0];
        if (what == IGovernor.ProposalCreated.selector) {
            (uint256 proposalId, , , , , , , , ) = abi.decode(
                log.data,
                (uint256, address, address[], uint256[], string[], bytes[], uint256, uint256, string)
            );
            _votes[proposalId].frozen = _electorateSince == _now() ? _electorateBefore : _electorate;
        } else if (what == ICouncil.VoteCalled.selector) {
            Vote storage urgent = _votes[uint256(log.topics[1])];
            IMemberRegistry.Member memory m = registry.member(register.attack(uint256(log.topics[2])).member);
            if (m.seated) urgent.frozen = urgent.frozen.remove(m.seat);
            urgent.urgent = true;
        } else if (what == IGovernor.VoteCast.selector) {
            (uint256 proposalId, uint8 support, , ) = abi.decode(log.data, (uint256, uint8, uint256, string));
            _readBallot(proposalId, support, address(uint160(uint256(log.topics[1]))));
        } else if (what == IGovernor.VoteCastWithParams.selector) {
            (uint256 proposalId, uint8 support, , , ) = abi.decode(log.data, (uint256, uint8, uint256, string, bytes));
            _readBallot(proposalId, support, address(uint160(uint256(log.topics[1]))));
        } else if (what == IGovernor.ProposalExecuted.selector || what == IGovernor.ProposalQueued.selector) {
            uint256 proposalId =
                what == IGovernor.ProposalExecuted.selector ? abi.decode(log.data, (uint256)) : _firstWord(log.data);
            if (!passed(proposalId)) _breach(6, "carried out without a majority");
        } else if (what == ICouncil.RecognitionFailed.selector) {
            _did("recognition failed");
        }
    }

    function _readBallot(uint256 proposalId, uint8 support, address voter) private {
        Vote storage v = _votes[proposalId];
        IMemberRegistry.Account memory a = registry.accountOf(voter);
        bool may = a.seated && a.role == IMemberRegistry.Role.Delegate && v.frozen.contains(a.seat);
        if (!may || v.voted.contains(a.seat)) _breach(6, "ballot of no seat, or a second one");
        v.voted = v.voted.add(a.seat);
        ++v.cast[support];
    }

    /// @dev Whether more than half of the frozen electorate was seen to vote For, and three for an attack.
    function passed(uint256 proposalId) internal view returns (bool) {
        Vote storage v = _votes[proposalId];
        uint256 inFavour = v.cast[1];
        return 2 * inFavour > v.frozen.count() && (!v.urgent || inFavour >= 3);
    }

    function _readElectorate(Vm.Log memory log) internal {
        if (_electorateSince != _now()) {
            _electorateBefore = _electorate;
            _electorateSince = _now();
        }
        _electorate = abi.decode(log.data, (uint208));
    }

    function _firstWord(bytes memory data) internal pure returns (uint256 word) {
        (word, ) = abi.decode(data, (uint256, uint256));
    }
}
