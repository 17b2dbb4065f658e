// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IContributionLedger} from "../../contracts/interfaces/IContributionLedger.sol";
import {ICoverageBook} from "../../contracts/interfaces/ICoverageBook.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {bound, vm} from "../support/Vm.sol";
import {CouncilActs} from "./CouncilActs.t.sol";

/// @title What happens to members, and what the council sets for them
abstract contract MemberActs is CouncilActs {
    uint256 private _keysMade;

    function suspend(uint256 seed) external act {
        bytes3 code = _find(seed, IMemberRegistry.Status.Active);
        if (code == 0 || _activeStates() <= 6 || !_mayChange(code) || seed % 2 == 0) return;
        vm.prank(timelock);
        registry.suspend(code);
        _did("suspend");
    }

    function reinstate(uint256 seed) external act {
        bytes3 code = _find(seed, IMemberRegistry.Status.Suspended);
        if (code == 0) return;
        vm.prank(timelock);
        registry.reinstate(code);
        _did("reinstate");
    }

    function expel(uint256 seed) external act {
        bytes3 code = _member(seed);
        if (!registry.isMember(code) || _activeStates() <= 6 || !_mayChange(code) || seed % 3 != 0) return;
        vm.prank(timelock);
        registry.expel(code);
        _did("expel");
    }

    /// @notice Admits a new State, or one that was a member before, with a weight and terms of cover.
    function admit(uint256 seed) external act {
        for (uint256 i = 0; i < _codes.length; ++i) {
            bytes3 code = _codes[((seed % _codes.length) + i) % _codes.length];
            if (registry.isMember(code)) continue;
            if (registry.changesLeft() == 0) return;
            _admit(code);
            if (_roomForWeight(20_000)) {
                vm.prank(timelock);
                ledger.setScale(code, 20_000, 0);
            }
            return;
        }
    }

    function proposeKeys(uint256 seed) external act {
        bytes3 code = _member(seed);
        IMemberRegistry.KeyChange memory present = registry.keyChange(code);
        if (present.readyAt != 0 && present.recovery) return;
        (address newTreasury, address newDelegate) = _newKeys(code, seed);
        vm.prank(registry.member(code).treasury);
        registry.proposeKeys(code, newTreasury, newDelegate);
        if (newTreasury != address(0)) {
            vm.prank(newTreasury);
            registry.acceptKeys(code);
        }
        _did("propose keys");
    }

    function recoverKeys(uint256 seed) external act {
        bytes3 code = _member(seed);
        if (seed % 2 == 0) return;
        (address newTreasury, address newDelegate) = _newKeys(code, seed);
        vm.prank(timelock);
        registry.recoverKeys(code, newTreasury, newDelegate);
        _did("recover keys");
    }

    function stopKeys(uint256 seed) external act {
        bytes3 code = _underChange(seed);
        if (code == 0 || seed % 3 != 0) return;
        IMemberRegistry.KeyChange memory change = registry.keyChange(code);
        if (change.unstoppable) return;
        vm.prank(registry.member(code).delegate);
        if (change.recovery && change.delegate != address(0)) {
            // A key that is replaced may stop a recovery once: whether it has is not told.
            try registry.stopKeys(code) {
                _did("stop a recovery");
            } catch {
                _tried("stop a recovery in vain");
            }
        } else {
            registry.stopKeys(code);
            _did("stop keys");
        }
    }

    function applyKeys(uint256 seed) external act {
        for (uint256 i = 0; i < _codes.length; ++i) {
            bytes3 code = _codes[((seed % _codes.length) + i) % _codes.length];
            uint256 readyAt = registry.keyChange(code).readyAt;
            if (readyAt == 0 || _now() < readyAt) continue;
            vm.prank(stranger);
            registry.applyKeys(code);
            return _did("apply keys");
        }
    }

    function giveNotice(uint256 seed) external act {
        bytes3 code = _member(seed);
        IMemberRegistry.Member memory m = registry.member(code);
        if (!registry.isMember(code) || (m.noticeAt != 0 && _now() <= uint256(m.noticeAt) + 395 days)) return;
        vm.prank(m.treasury);
        registry.giveNotice(code);
        _did("give notice");
    }

    function withdrawNotice(uint256 seed) external act {
        for (uint256 i = 0; i < _codes.length; ++i) {
            bytes3 code = _codes[((seed % _codes.length) + i) % _codes.length];
            if (registry.member(code).noticeAt == 0 || seed % 3 != 0) continue;
            vm.prank(registry.member(code).treasury);
            registry.withdrawNotice(code);
            return _did("withdraw a notice");
        }
    }

    function leave(uint256 seed) external act {
        for (uint256 i = 0; i < _codes.length; ++i) {
            bytes3 code = _codes[((seed % _codes.length) + i) % _codes.length];
            IMemberRegistry.Member memory m = registry.member(code);
            uint256 from = uint256(m.noticeAt) + 365 days;
            if (m.noticeAt == 0 || _now() < from || _now() > from + 30 days) continue;
            if (!registry.isMember(code) || m.openCases > 0) continue;
            vm.prank(stranger);
            registry.leave(code);
            return _did("leave");
        }
    }

    function suspendVote(uint256 seed) external act {
        for (uint256 i = 0; i < _codes.length; ++i) {
            bytes3 code = _codes[((seed % _codes.length) + i) % _codes.length];
            if (!registry.isMember(code) || registry.member(code).kind != IMemberRegistry.Kind.State) continue;
            IContributionLedger.Account memory a = ledger.account(code);
            uint256 threshold = ledger.suspensionThreshold(code);
            if (a.voteSuspended || _now() <= a.waivedUntil) continue;
            if (threshold == 0 || ledger.debtOf(code) < threshold) continue;
            ledger.suspendVote(code);
            return _did("suspend a vote");
        }
    }

    function waive(uint256 seed, uint256 time) external act {
        bytes3 code = _member(seed);
        if (seed % 3 != 0) return;
        vm.prank(timelock);
        ledger.waive(code, uint48(_now() + bound(time, 1, 300 days)));
        _did("waive");
    }

    function fileReport(uint256 seed) external act {
        bytes3 code = _member(seed);
        if (!registry.isMember(code)) return;
        _fileReport(code);
        _did("file a report");
    }

    function setScale(uint256 seed, uint256 capacity, uint256 dependence) external act {
        bytes3 code = _member(seed);
        uint256 share = bound(capacity, 0, 150_000);
        uint256 relief = ledger.weightOf(code, ledger.currentPeriod() + 1);
        if (!registry.isMember(code) || !_roomForWeight(2 * share < relief ? 0 : 2 * share + 10 - relief)) return;
        vm.prank(timelock);
        ledger.setScale(code, uint32(share), uint32(bound(dependence, 0, 1_000_000)));
        _did("set a scale");
    }

    function setBudget(uint256 ahead, uint256 amount) external act {
        uint256 fromPeriod = ledger.currentPeriod() + bound(ahead, 1, 3);
        vm.prank(timelock);
        ledger.setBudget(fromPeriod, uint128(bound(amount, 0, 100 * MILLION)));
        _did("set a budget");
    }

    function setTerms(uint256 loading, uint256 callCap) external act {
        vm.prank(timelock);
        ledger.setTerms(
            IContributionLedger.Terms(uint32(bound(loading, 0, 1_000_000)), uint32(bound(callCap, 0, 2_000_000)))
        );
        _did("set terms");
    }

    function setCover(uint256 seed, uint256 ceding, uint256 baseline) external act {
        bytes3 code = _member(seed);
        if (!registry.isMember(code)) return;
        bytes3[] memory codes = new bytes3[](1);
        codes[0] = code;
        ICoverageBook.ExposureEntry[] memory entries = new ICoverageBook.ExposureEntry[](1);
        uint256 trade = bound(baseline, 1, 5000 * MILLION);
        entries[0] = ICoverageBook.ExposureEntry(code, _coercers[seed % 2], _exposure(trade));
        vm.startPrank(timelock);
        coverage.setTerms(
            codes,
            ICoverageBook.Terms(uint24(bound(ceding, 1, 1_000_000)), 50_000, 900_000, uint104(300 * MILLION))
        );
        coverage.setExposures(entries);
        vm.stopPrank();
        _did("set cover");
    }

    function _fileReport(bytes3 code) internal {
        vm.prank(registry.member(code).delegate);
        registry.fileReport(code, "report", "ipfs://report");
    }

    function _admit(bytes3 code) private {
        IMemberRegistry.Member memory m = registry.member(code);
        bool returns_ = m.status != IMemberRegistry.Status.None;
        address treasury = returns_ ? m.treasury : _account(code, "treasury", 0);
        address delegate = returns_ ? m.delegate : _account(code, "delegate", 0);
        vm.prank(treasury);
        bytes32 applicationHash = registry.applyFor(code, IMemberRegistry.Kind.State, delegate, _dossier());
        vm.prank(timelock);
        registry.admit(code, applicationHash);
        _did(returns_ ? "admit again" : "admit");
    }

    function _newKeys(bytes3 code, uint256 seed) private returns (address newTreasury, address newDelegate) {
        uint256 which = (seed >> 16) % 3;
        if (which != 0) newTreasury = _account(code, "treasury", ++_keysMade);
        if (which != 1) newDelegate = _account(code, "delegate", ++_keysMade);
    }

    function _underChange(uint256 seed) private view returns (bytes3) {
        for (uint256 i = 0; i < _codes.length; ++i) {
            bytes3 code = _codes[((seed % _codes.length) + i) % _codes.length];
            if (registry.keyChange(code).readyAt != 0) return code;
        }
        return 0;
    }

    function _find(uint256 seed, IMemberRegistry.Status status) internal view returns (bytes3) {
        for (uint256 i = 0; i < _codes.length; ++i) {
            bytes3 code = _codes[((seed % _codes.length) + i) % _codes.length];
            if (registry.statusOf(code) == status) return code;
        }
        return 0;
    }

    /// @dev Enough seats stay for the votes on attacks.
    function _activeStates() private view returns (uint256 count) {
        for (uint256 i = 0; i < _codes.length; ++i) {
            IMemberRegistry.Member memory m = registry.member(_codes[i]);
            if (m.status == IMemberRegistry.Status.Active && m.kind == IMemberRegistry.Kind.State) ++count;
        }
    }

    function _mayChange(bytes3 code) private view returns (bool) {
        return registry.member(code).kind == IMemberRegistry.Kind.Partner || registry.changesLeft() > 0;
    }

    function _roomForWeight(uint256 more) internal view returns (bool) {
        uint256 weights = more;
        uint256 next = ledger.currentPeriod() + 1;
        for (uint256 i = 0; i < _codes.length; ++i) weights += ledger.weightOf(_codes[i], next);
        return weights <= 1_000_000;
    }
}
