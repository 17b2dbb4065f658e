// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Vm} from "../support/Vm.sol";

/// @title The cheat codes of forge that only the replay uses
interface ReplayVm is Vm {
    function readLine(string calldata path) external view returns (string memory line);

    function writeLine(string calldata path, string calldata line) external;

    function parseBytes(string calldata hexadecimal) external pure returns (bytes memory data);

    function toString(uint256 value) external pure returns (string memory decimal);

    function snapshotState() external returns (uint256 snapshot);

    function revertToState(uint256 snapshot) external returns (bool success);

    function roll(uint256 number) external;

    function coinbase(address account) external;

    function deal(address account, uint256 balance) external;

    function etch(address account, bytes calldata code) external;

    function store(address account, bytes32 slot, bytes32 value) external;

    function load(address account, bytes32 slot) external view returns (bytes32 value);

    function setNonceUnsafe(address account, uint64 nonce) external;

    function prank(address sender, address origin) external;
}

ReplayVm constant cheats = ReplayVm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

/// @dev The order is that of `KINDS` in scripts/lib/coverage/step.ts, which says what each means.
enum Kind {
    End,
    Chain,
    Call,
    Create,
    Snapshot,
    Revert,
    Balance,
    Code,
    Storage
}

struct Step {
    Kind kind;
    bool dry;
    uint64 number;
    uint64 timestamp;
    address coinbase;
    address from;
    uint64 nonce;
    address to;
    uint256 value;
    string artifact;
    bytes data;
    bool succeeded;
    bytes32[] outcomes;
}

/// @title Does again, with forge's build of the contracts, what the other tests did on chains of their own
/// @notice Every step must end as it did there, else the replay says nothing of the tests.
contract ReplayTest {
    /// @dev Enough for code that is not optimised, and little enough for those that burn all they get.
    uint256 private constant GAS = 200_000_000;
    uint256 private constant SNAPSHOTS = 1 << 16;

    /// @dev Carries the outcome of a step of which nothing stays.
    error Outcome(bool succeeded, bytes32 outcome);

    function test_replay0() external {
        _replay("0");
    }

    function test_replay1() external {
        _replay("1");
    }

    /// @dev What a step allocates goes with its frame, which a file of any length needs.
    function step(string calldata path) external returns (Kind kind, uint256 snapshot, bool faithful) {
        string memory line = cheats.readLine(path);
        if (bytes(line).length == 0) return (Kind.End, 0, true);
        Step memory s = abi.decode(cheats.parseBytes(line), (Step));
        (kind, snapshot, faithful) = (s.kind, s.value, true);
        if (kind == Kind.Call || kind == Kind.Create) faithful = _repeat(s);
        else if (kind == Kind.Balance) cheats.deal(s.to, s.value);
        else if (kind == Kind.Code) cheats.etch(s.to, s.data);
        else if (kind == Kind.Storage) cheats.store(s.to, bytes32(s.value), bytes32(s.data));
    }

    /// @dev A frame of its own, for the gas that is burnt in it.
    function act(Step calldata s) external returns (bool succeeded, bytes memory returned, address created) {
        if (s.kind == Kind.Create) (succeeded, returned, created) = _create(s);
        else (succeeded, returned) = _call(s);
        if (s.dry) revert Outcome(succeeded, keccak256(returned));
    }

    function _replay(string memory share) private {
        string memory path = string.concat(share, ".steps");
        string memory astray = string.concat(share, ".astray");
        uint256[] memory snapshots = new uint256[](SNAPSHOTS);
        uint256 start = cheats.snapshotState();
        uint256 failures;
        uint256 line = 0;
        while (true) {
            ++line;
            (Kind kind, uint256 snapshot, bool faithful) = this.step(path);
            if (kind == Kind.End) break;
            if (kind == Kind.Chain) cheats.revertToState(start);
            else if (kind == Kind.Snapshot) snapshots[snapshot] = cheats.snapshotState();
            else if (kind == Kind.Revert) cheats.revertToState(snapshots[snapshot]);
            if (faithful) continue;
            ++failures;
            cheats.writeLine(astray, cheats.toString(line));
        }
        require(failures == 0, string.concat(cheats.toString(failures), " steps ended otherwise, see ", astray));
    }

    function _repeat(Step memory s) private returns (bool faithful) {
        cheats.roll(s.number);
        cheats.warp(s.timestamp);
        cheats.coinbase(s.coinbase);
        if (s.from.balance < s.value) cheats.deal(s.from, s.value);
        if (!s.dry) return _send(s);
        bytes memory reason;
        try this.act{gas: GAS}(s) {} catch (bytes memory given) {
            reason = given;
        }
        (bool succeeded, bytes32 outcome) = _outcomeIn(reason);
        // What a constructor returns is code, which is another build's.
        bool untold = s.outcomes.length == 0 || (s.kind == Kind.Create && succeeded);
        return succeeded == s.succeeded && (untold || outcome == s.outcomes[0]);
    }

    function _send(Step memory s) private returns (bool faithful) {
        cheats.recordLogs();
        (bool succeeded, , address created) = this.act{gas: GAS}(s);
        if (succeeded != s.succeeded) return false;
        // A failed transaction logs nothing, and creates nothing.
        Vm.Log[] memory logs = succeeded ? cheats.getRecordedLogs() : new Vm.Log[](0);
        bool inPlace = s.kind != Kind.Create || !succeeded || created == s.to;
        return inPlace && _holds(logs, s.outcomes);
    }

    function _call(Step calldata s) private returns (bool succeeded, bytes memory returned) {
        cheats.prank(s.from, s.from);
        (succeeded, returned) = s.to.call{value: s.value}(s.data);
    }

    function _create(Step calldata s) private returns (bool succeeded, bytes memory returned, address created) {
        bytes memory code = bytes(s.artifact).length == 0 ? s.data : bytes.concat(cheats.getCode(s.artifact), s.data);
        uint256 value = s.value;
        if (!s.dry) cheats.setNonceUnsafe(s.from, s.nonce);
        cheats.prank(s.from, s.from);
        // There is no other way to create what is known only now.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            created := create(value, add(code, 32), mload(code))
            if iszero(created) {
                returned := mload(0x40)
                mstore(returned, returndatasize())
                returndatacopy(add(returned, 32), 0, returndatasize())
                mstore(0x40, add(add(returned, 32), returndatasize()))
            }
        }
        succeeded = created != address(0);
    }

    /// @dev Whether what was logged is as expected. Forge tells as well what calls logged that failed in the end, which
    /// no chain keeps; it is passed over.
    function _holds(Vm.Log[] memory logs, bytes32[] memory expected) private pure returns (bool) {
        uint256 met = 0;
        for (uint256 i = 0; i < logs.length && met < expected.length; ++i) {
            bytes memory log = abi.encode(logs[i].topics, logs[i].data, logs[i].emitter);
            if (keccak256(log) == expected[met]) ++met;
        }
        return met == expected.length;
    }

    function _outcomeIn(bytes memory reason) private pure returns (bool succeeded, bytes32 outcome) {
        if (bytes4(reason) != Outcome.selector || reason.length != 68) return (false, 0);
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            succeeded := mload(add(reason, 36))
            outcome := mload(add(reason, 68))
        }
    }
}
