// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Many views, asked with one call
/// @dev Packed, since most of what an ABI would encode here is padding.
contract ManyViews {
    /// @dev Takes for each view the address (20 bytes), the length of the call (4 bytes) and the call. Gives for each a
    /// word with whether it answered (bit 32) and the length of the answer (below), then the answer or the error.
    fallback() external {
        // solhint-disable-next-line no-inline-assembly
        assembly {
            let asked := 0
            let answered := 0
            for {} lt(asked, calldatasize()) {} {
                let length := shr(224, calldataload(add(asked, 20)))
                calldatacopy(answered, add(asked, 24), length)
                let given := staticcall(gas(), shr(96, calldataload(asked)), answered, length, 0, 0)
                mstore(answered, or(shl(32, given), returndatasize()))
                returndatacopy(add(answered, 32), 0, returndatasize())
                answered := add(answered, add(32, returndatasize()))
                asked := add(asked, add(24, length))
            }
            return(0, answered)
        }
    }
}
