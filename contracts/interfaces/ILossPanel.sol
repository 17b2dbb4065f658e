// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title The assessors
/// @notice Up to 15 assessors report the cumulative net loss of each round; the median counts.
/// @dev Amounts in base units of the settlement token, times in seconds since 1970.
interface ILossPanel {
    /// @notice An assessor and the member that named it.
    struct Assessor {
        address account;
        bytes3 member;
    }

    /// @notice These are the assessors for rounds that end after this moment.
    event AssessorsSet(uint256 indexed version, Assessor[] assessors);
    /// @notice A report was made. `loss` is cumulative and net of every mitigation, plus what was bought on the
    /// SolidarityMarket.
    event Reported(
        uint256 indexed attackId,
        uint256 indexed round,
        address indexed assessor,
        uint256 loss,
        bytes32 evidence
    );
    /// @notice A round was settled with the median `loss` of its reports.
    event Settled(uint256 indexed attackId, uint256 indexed round, uint256 loss, uint256 reports, uint256 eligible);

    error PanelTooManyAssessors(uint256 count, uint256 most);
    error PanelInvalidAssessor(address account, bytes3 member);
    error PanelDuplicateAssessor(address account);
    /// @notice The sender is no assessor of this round.
    error PanelNotAssessor(address account);
    /// @notice The member that named the assessor has an open attack by the same coercer.
    error PanelConflicted(address account, bytes3 member);
    error PanelAlreadyReported(address account, uint256 attackId, uint256 round);
    /// @notice The round is settled, superseded or beyond the last, or its attack is not recognised.
    error PanelRoundNotOpen(uint256 attackId, uint256 round);
    /// @notice Reports are accepted from the round's end for ten days.
    error PanelOutsideWindow(uint48 from, uint48 until);
    error PanelNoEvidence();
    /// @notice A loss is kept in 120 bits.
    error PanelLossTooHigh(uint128 loss, uint128 most);
    /// @notice The window still runs, or too few have reported.
    error PanelNotReady(uint256 attackId, uint256 round, uint256 reports, uint256 needed);

    /// @notice Reports the cumulative net loss of an attack at a round's end, with the hash of the evidence. Assessors
    /// of the round only, once. The report that completes the round settles it and pays in the same transaction.
    function report(uint256 attackId, uint256 round, uint128 loss, bytes32 evidence) external;

    /// @notice Settles a round whose window is over and for which enough have reported. Anyone may.
    function settle(uint256 attackId, uint256 round) external;

    /// @notice Names the assessors, at most 15, for rounds that end after now. The council only.
    function setAssessors(Assessor[] calldata assessors) external;

    /// @notice The assessors named for rounds that end at `timepoint`.
    function assessorsAt(uint256 timepoint) external view returns (Assessor[] memory);

    /// @notice Whether a round can be settled now, and the median of its reports.
    /// @return ready Whether all eligible and at least three have reported, or the window is over and enough have
    /// @return loss The median, the lower one of an even number
    /// @return reports How many have reported
    /// @return eligible How many have reported or still may
    function verdict(
        uint256 attackId,
        uint256 round
    ) external view returns (bool ready, uint128 loss, uint256 reports, uint256 eligible);

    /// @notice What an assessor has reported for a round.
    /// @return reported Whether it has reported
    /// @return loss What it reported, in units
    function reportOf(
        uint256 attackId,
        uint256 round,
        address assessor
    ) external view returns (bool reported, uint128 loss);
}
