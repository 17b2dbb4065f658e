// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title The cheat codes of the runner that these tests use
interface Vm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function warp(uint256 timestamp) external;

    function prank(address sender) external;

    function startPrank(address sender) external;

    function stopPrank() external;

    function recordLogs() external;

    function getRecordedLogs() external returns (Log[] memory logs);

    /// @dev `block.timestamp` may be kept from before a `warp` by the optimiser; this is not.
    function getBlockTimestamp() external view returns (uint256 timestamp);

    function addr(uint256 key) external view returns (address account);

    function sign(uint256 key, bytes32 digest) external view returns (uint8 v, bytes32 r, bytes32 s);

    function mockCall(address callee, bytes calldata data, bytes calldata answer) external;

    function mockCallRevert(address callee, bytes calldata data, bytes calldata reason) external;

    function getCode(string calldata artifact) external view returns (bytes memory creationCode);

    function expectRevert(bytes calldata revertData) external;
}

Vm constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

/// @dev Which functions of which contract a campaign calls, as the runner expects it.
struct FuzzSelector {
    address addr;
    bytes4[] selectors;
}

/// @notice Deploys by artifact, so that a test need not compile what it deploys.
function deploy(string memory artifact, bytes memory arguments) returns (address deployed) {
    bytes memory code = bytes.concat(vm.getCode(artifact), arguments);
    // The runner has no cheat code for it.
    // solhint-disable-next-line no-inline-assembly
    assembly ("memory-safe") {
        deployed := create(0, add(code, 32), mload(code))
    }
    require(deployed != address(0), artifact);
}

/// @notice A value of `least` to `most`, even if `x` is any.
function bound(uint256 x, uint256 least, uint256 most) pure returns (uint256) {
    if (x >= least && x <= most) return x;
    uint256 size = most - least + 1;
    return size == 0 ? x : least + (x % size);
}
