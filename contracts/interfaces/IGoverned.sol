// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title A contract owned by the council's timelock
/// @notice What every contract of the fund has in common: the timelock decides, and the founder only until it hands
/// over.
interface IGoverned {
    /// @notice The timelock or the founder is the zero address.
    error GovernedZeroAddress();

    /// @notice Only the founder, before it has handed over, may do this.
    error GovernedFoundingIsOver(address caller);

    /// @notice The timelock through which the council acts.
    function timelock() external view returns (address);

    /// @notice The account that deployed the contract and founds the alliance; powerless once it has handed over.
    function founder() external view returns (address);

    /// @notice Tells whether the founder still holds power.
    function isFounding() external view returns (bool);
}
