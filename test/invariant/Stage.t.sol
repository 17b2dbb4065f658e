// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAttackRegister} from "../../contracts/interfaces/IAttackRegister.sol";
import {ICompensationDistributor} from "../../contracts/interfaces/ICompensationDistributor.sol";
import {IContributionLedger} from "../../contracts/interfaces/IContributionLedger.sol";
import {ICouncil} from "../../contracts/interfaces/ICouncil.sol";
import {ICoverageBook} from "../../contracts/interfaces/ICoverageBook.sol";
import {ICrisisFund} from "../../contracts/interfaces/ICrisisFund.sol";
import {ILossPanel} from "../../contracts/interfaces/ILossPanel.sol";
import {IMeasuresRegister} from "../../contracts/interfaces/IMeasuresRegister.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {ISolidarityMarket} from "../../contracts/interfaces/ISolidarityMarket.sol";
import {deploy, vm} from "../support/Vm.sol";

/// @dev What the tests need of the settlement token.
interface IIssuedToken is IERC20 {
    function mint(address to, uint256 amount) external;

    function blockAccount(address account) external;

    function unblockAccount(address account) external;

    function isBlocked(address account) external view returns (bool);

    function pause() external;

    function unpause() external;

    function paused() external view returns (bool);
}

/// @title The ledger, deployed and founded as `deploy/modules/CrisisInsuranceFund.ts` does it
abstract contract Stage {
    uint256 internal constant MILLION = 1e12;
    uint48 internal constant START = 1_800_000_000;
    bytes32 internal constant ADMIN = 0;
    bytes32 internal constant FUND_REGISTER_ROLE = keccak256("REGISTER_ROLE");

    IIssuedToken public token;
    address public timelock;
    IMemberRegistry public registry;
    ICrisisFund public fund;
    IContributionLedger public ledger;
    ICoverageBook public coverage;
    IAttackRegister public register;
    ILossPanel public panel;
    ICouncil public council;
    ISolidarityMarket public market;
    IMeasuresRegister public measures;
    ICompensationDistributor public distributor;

    /// @dev Every account of a person can sign.
    mapping(address account => uint256 key) internal _keyOf;

    address internal issuer = _person("issuer");
    address internal donor = _person("donor");
    address internal payer = _person("payer");
    address internal guardian = _person("guardian");
    address internal formerModule = _person("former module");
    address internal stranger = _person("stranger");

    /// @dev Nine States, two Partners, then two States that may join later.
    bytes3[] internal _codes = [
        bytes3("LTU"),
        "EST",
        "LVA",
        "POL",
        "CZE",
        "NOR",
        "AUS",
        "CAN",
        "NLD",
        "TWN",
        "XKX",
        "JPN",
        "KOR"
    ];
    bytes3[2] internal _coercers = [bytes3("CHN"), "RUS"];
    ILossPanel.Assessor[] internal _assessors;
    uint256 internal constant STATES = 9;
    uint256 internal constant FOUNDERS = 11;

    constructor() {
        vm.warp(START);
        token = IIssuedToken(deploy("TestToken.sol:TestToken", abi.encode(issuer)));
        address[] memory nobody = new address[](0);
        timelock = deploy("TimelockController", abi.encode(uint256(7 days), nobody, nobody, address(this)));
        registry = IMemberRegistry(deploy("MemberRegistry", abi.encode(timelock, START + 10 days)));
        fund = ICrisisFund(deploy("CrisisFund", abi.encode(timelock, registry, token, guardian)));
        ledger = IContributionLedger(
            deploy(
                "ContributionLedger",
                abi.encode(
                    timelock,
                    registry,
                    fund,
                    IContributionLedger.Terms({loading: 200_000, callCap: 1_000_000}),
                    uint48(180 days),
                    uint128(100 * MILLION)
                )
            )
        );
        coverage = ICoverageBook(deploy("CoverageBook", abi.encode(timelock, registry)));
        register = IAttackRegister(deploy("AttackRegister", abi.encode(timelock, registry, fund, ledger, coverage, 0)));
        panel = ILossPanel(deploy("LossPanel", abi.encode(timelock, registry, register)));
        council = ICouncil(deploy("Council", abi.encode(timelock, registry, register, uint32(14 days))));
        market = ISolidarityMarket(deploy("SolidarityMarket", abi.encode(registry, fund, register)));
        measures = IMeasuresRegister(deploy("MeasuresRegister", abi.encode(timelock, registry)));
        distributor = ICompensationDistributor(deploy("CompensationDistributor", abi.encode(registry, fund, register)));
        _wire();
        _found();
        _handOver();

        vm.startPrank(issuer);
        token.mint(donor, 1e6 * MILLION);
        token.mint(payer, 1e6 * MILLION);
        vm.stopPrank();
        vm.prank(donor);
        token.approve(address(fund), type(uint256).max);
    }

    function codeAt(uint256 index) external view returns (bytes3) {
        return _codes[index];
    }

    function _wire() private {
        registry.appointLedger(address(ledger));
        register.appointPanel(address(panel));
        register.appointCouncil(address(council));
        _grant(address(registry), keccak256("CASE_ROLE"), address(register));
        _grant(address(fund), keccak256("LEDGER_ROLE"), address(ledger));
        _grant(address(fund), FUND_REGISTER_ROLE, address(register));
        _grant(address(fund), FUND_REGISTER_ROLE, formerModule);
        _grant(address(fund), keccak256("DISTRIBUTOR_ROLE"), address(distributor));
        _grant(address(ledger), keccak256("REGISTER_ROLE"), address(register));
        _grant(address(register), keccak256("MARKET_ROLE"), address(market));
        _grant(timelock, keccak256("PROPOSER_ROLE"), address(council));
        _grant(timelock, keccak256("CANCELLER_ROLE"), address(council));
        _grant(timelock, keccak256("EXECUTOR_ROLE"), address(council));
    }

    function _found() private {
        IMemberRegistry.Founder[] memory founders = new IMemberRegistry.Founder[](FOUNDERS);
        IContributionLedger.Scale[] memory scales = new IContributionLedger.Scale[](FOUNDERS);
        ICoverageBook.ExposureEntry[] memory exposures = new ICoverageBook.ExposureEntry[](2 * FOUNDERS);
        bytes3[] memory covered = new bytes3[](FOUNDERS);
        for (uint256 i = 0; i < FOUNDERS; ++i) {
            bytes3 code = _codes[i];
            covered[i] = code;
            founders[i] = IMemberRegistry.Founder(
                code,
                i < STATES ? IMemberRegistry.Kind.State : IMemberRegistry.Kind.Partner,
                _account(code, "treasury", 0),
                _account(code, "delegate", 0),
                _dossier()
            );
            scales[i] = IContributionLedger.Scale(code, uint32(40_000 + 7_000 * i), uint32(30_000 * i));
            for (uint256 j = 0; j < 2; ++j) {
                exposures[2 * i + j] = ICoverageBook.ExposureEntry(code, _coercers[j], _exposure(1000 * MILLION));
            }
        }
        registry.admitFounders(founders);
        ledger.setScales(scales);
        coverage.setTerms(covered, ICoverageBook.Terms(800_000, 50_000, 600_000, uint104(250 * MILLION)));
        coverage.setExposures(exposures);
        for (uint256 i = 4; i < FOUNDERS - 2; ++i) {
            _assessors.push(ILossPanel.Assessor(_account(_codes[i], "assessor", 0), _codes[i]));
        }
        panel.setAssessors(_assessors);
    }

    function _handOver() private {
        address[8] memory owned = [
            timelock,
            address(registry),
            address(fund),
            address(ledger),
            address(coverage),
            address(register),
            address(panel),
            address(measures)
        ];
        for (uint256 i = 0; i < owned.length; ++i) IAccessControl(owned[i]).renounceRole(ADMIN, address(this));
    }

    function _grant(address on, bytes32 role, address account) private {
        IAccessControl(on).grantRole(role, account);
    }

    function _dossier() internal pure returns (IMemberRegistry.Document[5] memory dossier) {
        for (uint256 i = 0; i < 5; ++i) dossier[i] = IMemberRegistry.Document(bytes32(i + 1), "ipfs://dossier");
    }

    function _exposure(uint256 baseline) internal pure returns (ICoverageBook.Exposure memory) {
        return ICoverageBook.Exposure(uint128(baseline), 100_000, "trade");
    }

    function _person(string memory name) internal returns (address) {
        return _withKey(keccak256(bytes(name)));
    }

    function _account(bytes3 code, string memory role, uint256 number) internal returns (address) {
        return _withKey(keccak256(abi.encode(code, role, number)));
    }

    function _withKey(bytes32 key) private returns (address account) {
        account = vm.addr(uint256(key));
        _keyOf[account] = uint256(key);
    }

    function _now() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }
}
