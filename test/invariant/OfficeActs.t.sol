// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IAttackRegister} from "../../contracts/interfaces/IAttackRegister.sol";
import {IContributionLedger} from "../../contracts/interfaces/IContributionLedger.sol";
import {ILossPanel} from "../../contracts/interfaces/ILossPanel.sol";
import {IMeasuresRegister} from "../../contracts/interfaces/IMeasuresRegister.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {bound, deploy, vm} from "../support/Vm.sol";
import {SignedActs} from "./SignedActs.t.sol";

/// @title Offices, documents and joint measures
abstract contract OfficeActs is SignedActs {
    /// @dev Far above the register's numbers.
    uint256 private constant ATTACKS_OF_FORMER_MODULE = 1 << 64;

    uint256 private _formerAttacks;
    uint256 private _formerModuleBack;

    function notifyThreat(uint256 seed) external act {
        bytes3 code = _find(seed, IMemberRegistry.Status.Active);
        if (code == 0) return;
        vm.prank(registry.member(code).treasury);
        register.notifyThreat(code, _coercers[seed % 2], bytes32(++_evidence), "ipfs://threat");
        _did("notify a threat");
    }

    function addMeasure(uint256 seed) external act {
        uint256 attackId = _attackIn(
            seed,
            seed % 3 == 0 ? IAttackRegister.Status.Voting : IAttackRegister.Status.Recognised
        );
        if (attackId == 0) return;
        bytes3 code = register.attack(attackId).member;
        if (registry.statusOf(code) != IMemberRegistry.Status.Active) return;
        vm.prank(registry.member(code).delegate);
        register.addMeasure(attackId, IAttackRegister.Measure.ImportBan, bytes32(++_evidence), "ipfs://measure");
        _did("add a measure");
    }

    function adoptMeasure(uint256 seed, uint256 start, uint256 length) external act {
        uint256 from = bound(start, _now() - 10 days, _now() + 30 days);
        uint256 until = _now() + 30 days + bound(length, 1, 300 days);
        vm.prank(timelock);
        measures.adopt(
            _coercers[seed % 2],
            IMeasuresRegister.Kind.Tariff,
            bytes32(seed | 1),
            "ipfs://instrument",
            uint48(from),
            uint48(until)
        );
        _did("adopt a measure");
    }

    function implementMeasure(uint256 seed) external act {
        uint256 measureId = _standingMeasure(seed);
        bytes3 code = _member(seed >> 8);
        if (measureId == 0 || !registry.isMember(code)) return;
        vm.prank(registry.member(code).delegate);
        measures.fileImplementation(measureId, "act", "ipfs://act");
        _did("implement a measure");
    }

    function endMeasure(uint256 seed) external act {
        uint256 measureId = _standingMeasure(seed);
        if (measureId == 0 || seed % 4 != 0) return;
        vm.prank(timelock);
        measures.endEarly(measureId);
        _did("end a measure");
    }

    /// @notice The scale of two members in one call.
    function setScales(uint256 seed, uint256 capacity) external act {
        bytes3 code = _member(seed);
        bytes3 other = _member(seed >> 8);
        if (code == other || !registry.isMember(code) || !registry.isMember(other)) return;
        // A loading of one whole doubles a weight.
        if (!_roomForWeight(120_020)) return;
        IContributionLedger.Scale[] memory scales = new IContributionLedger.Scale[](2);
        scales[0] = IContributionLedger.Scale(code, uint32(bound(capacity, 0, 30_000)), 1_000_000);
        scales[1] = IContributionLedger.Scale(other, 30_000, 0);
        vm.prank(timelock);
        ledger.setScales(scales);
        _did("set two scales");
    }

    /// @notice Other assessors, for the rounds that end from now on.
    function setAssessors(uint256 seed) external act {
        _chooseAssessors(seed);
        vm.prank(timelock);
        panel.setAssessors(_assessors);
        _did("set assessors");
    }

    /// @notice Another panel with other assessors: what was reported to the former one is lost.
    function replacePanel(uint256 seed) external act {
        if (seed % 4 != 0) return;
        _chooseAssessors(seed >> 8);
        panel = ILossPanel(deploy("LossPanel", abi.encode(timelock, registry, register)));
        IAccessControl(address(panel)).renounceRole(ADMIN, address(this));
        vm.startPrank(timelock);
        panel.setAssessors(_assessors);
        register.appointPanel(address(panel));
        vm.stopPrank();
        _did("replace the panel");
    }

    /// @notice The council and the ledger that there are, named once more: nothing open is lost by it.
    function appointAgain(uint256 seed) external act {
        if (seed % 4 != 0) return;
        vm.startPrank(timelock);
        register.appointCouncil(address(council));
        registry.appointLedger(address(ledger));
        vm.stopPrank();
        _did("appoint again");
    }

    function setGuardian(uint256 seed) external act {
        guardian = _account("GRD", "guardian", seed % 4);
        vm.prank(timelock);
        fund.setGuardian(guardian);
        _did("set a guardian");
    }

    /// @notice Another module with the register's role commits and awards, and loses the role: what it has committed is
    /// released by the council. Given back, the role works in 30 days.
    function replaceModule(uint256 seed, uint256 amount) external act {
        bytes3 code = _member(seed);
        if (code == 0 || _now() < _formerModuleBack || seed % 2 == 0) return;
        uint256 attackId = ATTACKS_OF_FORMER_MODULE + ++_formerAttacks;
        uint128 commitment = uint128(bound(amount, 2, MILLION));
        vm.startPrank(formerModule);
        fund.commit(attackId, code, 0, commitment);
        fund.award(attackId, commitment / 2);
        if (seed % 3 == 0) {
            fund.release(attackId);
            vm.stopPrank();
            return _did("release");
        }
        vm.stopPrank();
        vm.startPrank(timelock);
        IAccessControl(address(fund)).revokeRole(FUND_REGISTER_ROLE, formerModule);
        if (fund.releaseOrphan(attackId) != commitment - commitment / 2) _breach(3, "released otherwise");
        IAccessControl(address(fund)).grantRole(FUND_REGISTER_ROLE, formerModule);
        vm.stopPrank();
        _formerModuleBack = _now() + 30 days;
        _did("release an orphan");
    }

    /// @dev From three to five.
    function _chooseAssessors(uint256 seed) private {
        delete _assessors;
        for (uint256 i = 0; i < _codes.length && _assessors.length < 3 + (seed % 3); ++i) {
            bytes3 code = _codes[((seed % _codes.length) + i) % _codes.length];
            if (!registry.isMember(code)) continue;
            _assessors.push(ILossPanel.Assessor(_account(code, "assessor", seed % 2), code));
        }
    }

    function _standingMeasure(uint256 seed) private view returns (uint256) {
        uint256 count = measures.measureCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 measureId = (((seed % count) + i) % count) + 1;
            IMeasuresRegister.Status status = measures.statusOf(measureId);
            if (status == IMeasuresRegister.Status.Adopted || status == IMeasuresRegister.Status.InForce) {
                return measureId;
            }
        }
        return 0;
    }
}
