// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @dev Every ratio in the project is in parts per million of this whole.
uint256 constant PPM = 1e6;

/// @dev Length of a contribution period, in seconds.
uint48 constant PERIOD = 90 days;

/// @dev Length of a year of cover and of the year in which trade is measured, in seconds.
uint48 constant YEAR = 365 days;
