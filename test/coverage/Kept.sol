// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @notice Called where a law is kept, for forge to see it: what does nothing at all the compiler would leave out.
function kept() pure {
    // The zero slot holds zero already.
    // solhint-disable-next-line no-inline-assembly
    assembly ("memory-safe") {
        mstore(0x60, 0)
    }
}
