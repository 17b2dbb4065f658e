// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {IAttackRegister} from "../../contracts/interfaces/IAttackRegister.sol";
import {IContributionLedger} from "../../contracts/interfaces/IContributionLedger.sol";
import {ICouncil} from "../../contracts/interfaces/ICouncil.sol";
import {ICrisisFund} from "../../contracts/interfaces/ICrisisFund.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {bound} from "../support/Vm.sol";
import {OfficeActs} from "./OfficeActs.t.sol";

/// @title What only another contract may call, or nobody: whoever tries it is refused
abstract contract ClosedActs is OfficeActs {
    function tryClosedOfFund(uint256 seed, uint256 amount) external act {
        bytes3 code = _member(seed);
        uint64 some = uint64(bound(amount, 1, type(uint64).max));
        uint256 attackId = ((seed >> 8) % (register.attackCount() + 1)) + 1;
        address target = address(fund);
        address by = _meddler(seed);
        _refused(3, by, target, abi.encodeCall(ICrisisFund.depositContribution, (code, by, some)));
        _refused(3, by, target, abi.encodeCall(ICrisisFund.depositWithPermit, (code, by, some, _now(), 27, 0, 0)));
        _refused(
            3,
            by,
            target,
            abi.encodeCall(ICrisisFund.depositWithAuthorization, (code, by, some, 0, _now() + 1, 0, ""))
        );
        _refused(3, by, target, abi.encodeCall(ICrisisFund.commit, (seed, code, 0, some)));
        _refused(3, by, target, abi.encodeCall(ICrisisFund.award, (attackId, some)));
        _refused(3, by, target, abi.encodeCall(ICrisisFund.release, (attackId)));
        _refused(3, by, target, abi.encodeCall(ICrisisFund.compensate, (attackId, by, some, 0)));
        _refused(3, by, target, abi.encodeCall(ICrisisFund.returnEarmark, (attackId, some)));
        _refusedRoles(3, by, address(fund));
        _did("try what is closed of the fund");
    }

    function tryClosedOfMembership(uint256 seed, uint256 amount) external act {
        bytes3 code = _member(seed);
        uint64 some = uint64(bound(amount, 1, type(uint64).max));
        address by = _meddler(seed);
        IMemberRegistry.Founder[] memory founders = new IMemberRegistry.Founder[](0);
        _refused(8, by, address(registry), abi.encodeCall(IMemberRegistry.admitFounders, (founders)));
        _refused(6, by, address(registry), abi.encodeCall(IMemberRegistry.setVoteSuspended, (code, seed % 2 == 0)));
        _refused(8, by, address(registry), abi.encodeCall(IMemberRegistry.openCase, (code)));
        _refused(8, by, address(registry), abi.encodeCall(IMemberRegistry.closeCase, (code)));
        _refused(8, by, address(ledger), abi.encodeCall(IContributionLedger.charge, (code, some, 0)));
        _refused(8, by, address(ledger), abi.encodeCall(IContributionLedger.setCallExemption, (code, true)));
        _refused(8, by, address(ledger), abi.encodeCall(IContributionLedger.exit, (code)));
        _refusedRoles(6, by, address(registry));
        _refusedRoles(8, by, address(ledger));
        _refusedRoles(8, by, address(coverage));
        _refusedRoles(8, by, address(measures));
        _did("try what is closed of membership");
    }

    function tryClosedOfAttacks(uint256 seed, uint256 amount) external act {
        uint256 attackId = (seed >> 8) % (register.attackCount() + 1);
        uint64 some = uint64(bound(amount, 1, type(uint64).max));
        address by = _meddler(seed);
        _refused(4, by, address(register), abi.encodeCall(IAttackRegister.settle, (attackId, 1, some)));
        _refused(4, by, address(register), abi.encodeCall(IAttackRegister.recordPurchase, (attackId, some)));
        _refused(7, by, address(council), abi.encodeCall(ICouncil.callVote, (attackId, _member(seed))));
        _refusedRoles(7, by, address(register));
        _refusedRoles(4, by, address(panel));
        _did("try what is closed of attacks");
    }

    function tryClosedOfCouncil(uint256 seed) external act {
        address by = _meddler(seed);
        address target = address(council);
        bytes memory arming = abi.encodeCall(ICrisisFund.arm, ());
        _refused(6, by, target, abi.encodeCall(Governor.relay, (address(fund), 0, arming)));
        _refused(
            6,
            by,
            target,
            abi.encodeCall(GovernorTimelockControl.updateTimelock, (TimelockController(payable(by))))
        );
        _refused(6, by, target, abi.encodeCall(IERC721Receiver.onERC721Received, (by, by, seed, "")));
        _refused(6, by, target, abi.encodeCall(IERC1155Receiver.onERC1155Received, (by, by, seed, 1, "")));
        _refused(
            6,
            by,
            target,
            abi.encodeCall(IERC1155Receiver.onERC1155BatchReceived, (by, by, new uint256[](0), new uint256[](0), ""))
        );
        // Without data, its `receive`.
        _refused(6, by, target, "");
        _refused(6, by, target, abi.encodeWithSignature("setVotingPeriod(uint32)", uint32(4 days)));
        _did("try what is closed of the council");
    }

    function tryClosedOfTimelock(uint256 seed) external act {
        address by = _meddler(seed);
        bytes memory arming = abi.encodeCall(ICrisisFund.arm, ());
        address[] memory targets = new address[](1);
        bytes[] memory calls = new bytes[](1);
        (targets[0], calls[0]) = (address(fund), arming);
        uint256[] memory values = new uint256[](1);
        bytes32 salt = bytes32(seed);
        _refused(
            6,
            by,
            timelock,
            abi.encodeCall(TimelockController.schedule, (targets[0], 0, arming, 0, salt, 14 days))
        );
        _refused(6, by, timelock, abi.encodeCall(TimelockController.execute, (targets[0], 0, arming, 0, salt)));
        _refused(
            6,
            by,
            timelock,
            abi.encodeCall(TimelockController.scheduleBatch, (targets, values, calls, 0, salt, 14 days))
        );
        _refused(6, by, timelock, abi.encodeCall(TimelockController.executeBatch, (targets, values, calls, 0, salt)));
        _refused(6, by, timelock, abi.encodeCall(TimelockController.cancel, (salt)));
        _refused(6, by, timelock, abi.encodeCall(TimelockController.updateDelay, (0)));
        _refusedRoles(6, by, timelock);
        _did("try what is closed of the timelock");
    }

    /// @dev Nobody gives, takes, or gives up for another a role.
    function _refusedRoles(uint256 number, address by, address target) private {
        _refused(number, by, target, abi.encodeCall(IAccessControl.grantRole, (ADMIN, by)));
        _refused(number, by, target, abi.encodeCall(IAccessControl.revokeRole, (ADMIN, timelock)));
        _refused(number, by, target, abi.encodeCall(IAccessControl.renounceRole, (ADMIN, timelock)));
    }

    function _refused(uint256 number, address by, address target, bytes memory data) private {
        if (_tries(by, target, data)) _breach(number, "closed, and yet done");
    }
}
