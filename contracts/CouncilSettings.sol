// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {ICouncil} from "./interfaces/ICouncil.sol";

/// @title CouncilSettings
/// @dev The part of the council that bounds what it can decide about its own procedure, whatever the majority.
abstract contract CouncilSettings is GovernorSettings, ICouncil {
    uint32 public constant SHORTEST_PERIOD = 3 days;
    uint32 public constant LONGEST_PERIOD = 14 days;

    /// @dev The longest vote and the longest delay together last no longer than the fund's breaker: 28 days.
    uint256 public constant SHORTEST_DELAY = 2 days;
    uint256 public constant LONGEST_DELAY = 14 days;

    constructor(uint32 votingPeriod_) GovernorSettings(0, votingPeriod_, 1) {}

    function _setVotingDelay(uint48 newVotingDelay) internal override {
        require(newVotingDelay == 0, CouncilSettingOutOfBounds(this.setVotingDelay.selector, newVotingDelay, 0, 0));
        super._setVotingDelay(newVotingDelay);
    }

    function _setVotingPeriod(uint32 newVotingPeriod) internal override {
        require(
            newVotingPeriod >= SHORTEST_PERIOD && newVotingPeriod <= LONGEST_PERIOD,
            CouncilSettingOutOfBounds(this.setVotingPeriod.selector, newVotingPeriod, SHORTEST_PERIOD, LONGEST_PERIOD)
        );
        super._setVotingPeriod(newVotingPeriod);
    }

    function _setProposalThreshold(uint256 newThreshold) internal override {
        require(newThreshold == 1, CouncilSettingOutOfBounds(this.setProposalThreshold.selector, newThreshold, 1, 1));
        super._setProposalThreshold(newThreshold);
    }

    function _requireDelayWithinBounds(uint256 delay) internal pure {
        require(
            delay >= SHORTEST_DELAY && delay <= LONGEST_DELAY,
            CouncilSettingOutOfBounds(TimelockController.updateDelay.selector, delay, SHORTEST_DELAY, LONGEST_DELAY)
        );
    }
}
