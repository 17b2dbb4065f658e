// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICrisisFund} from "../../contracts/interfaces/ICrisisFund.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {bound, vm} from "../support/Vm.sol";
import {Chronicle} from "./Chronicle.t.sol";

/// @title What moves money, or stops it
abstract contract MoneyActs is Chronicle {
    /// @notice Whether the council has voided a part of an attack's earmark, on which campaigns may count.
    mapping(uint256 attackId => bool) public shortened;

    /// @dev From when the register may use the fund again, after its role was revoked.
    uint256 internal _registerBack;

    function contribute(uint256 seed, uint256 amount) external act {
        bytes3 code = _member(seed);
        if (code == 0 || token.paused()) return;
        uint256 asked = ledger.askedOf(code);
        uint256 paid = ledger.account(code).paid;
        uint256 most = asked > paid ? asked - paid : 1;
        uint256 pays = (seed >> 8) % 3 == 0 ? bound(amount, 1, 2 * most) : most;
        vm.prank(donor);
        ledger.contribute(code, uint128(pays));
        _did("contribute");
        if (_isStopped()) _did("contribute while stopped");
    }

    /// @dev Now and then nearly all that is owed, so that an epoch is about to close.
    function donate(uint256 seed, uint256 amount) external act {
        if (token.paused()) return;
        uint256 owed = fund.owed();
        uint256 gives = bound(amount, 1, 20 * MILLION);
        if (owed > 10_000 && seed % 3 == 0) {
            gives = owed - bound(amount, 1, owed / 2000);
            _did("donate nearly all owed");
        } else if (owed > 0 && seed % 3 == 1) {
            gives = bound(amount, 1, owed);
        }
        vm.prank(donor);
        fund.donate(uint128(gives), bytes32(seed));
        _did("donate");
    }

    function forceTokens(uint256 amount) external act {
        if (token.paused()) return;
        uint256 sent = bound(amount, 1, MILLION);
        forced += sent;
        vm.prank(donor);
        token.transfer(address(fund), sent);
        _did("force tokens");
    }

    function sync() external act {
        if (forced == 0) return;
        uint256 due = forced;
        if (fund.sync() != due) _breach(2, "surplus booked otherwise");
        _did("sync");
    }

    function collect(uint256 seed) external act {
        for (uint256 i = 0; i < _codes.length; ++i) {
            bytes3 code = _codes[((seed % _codes.length) + i) % _codes.length];
            if (_collect(code)) return;
        }
    }

    function collectEarmark(uint256 seed) external act {
        uint256 count = register.attackCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 attackId = (((seed % count) + i) % count) + 1;
            (, uint256 held) = fund.earmarkOf(attackId);
            if (held == fund.attackAccount(attackId).earmark) continue;
            if (fund.collectEarmark(attackId) == 0) _breach(5, "earmark not collected");
            return _did("collect earmark");
        }
    }

    /// @dev Money comes in by the unit and everybody collects each time: what is owed must not be worn away by that.
    function dust(uint256 seed) external longAct {
        if (fund.owed() < 1000 || token.paused() || _isStopped()) return;
        for (uint256 i = 0; i < 60; ++i) {
            vm.prank(donor);
            fund.donate(uint128(1 + ((seed >> (i * 2)) % 13)), 0);
            for (uint256 j = 0; j < _codes.length; ++j) _collect(_codes[j]);
        }
        _did("dust");
    }

    function blockTreasury(uint256 seed) external act {
        bytes3 code = _member(seed);
        if (code == 0) return;
        address treasury = registry.member(code).treasury;
        bool isBlocked = token.isBlocked(treasury);
        vm.prank(issuer);
        if (isBlocked) token.unblockAccount(treasury);
        else token.blockAccount(treasury);
        _did(isBlocked ? "unblock a treasury" : "block a treasury");
    }

    function pauseToken(uint256 seed) external act {
        bool isPaused = token.paused();
        if (!isPaused && seed % 4 != 0) return;
        vm.prank(issuer);
        if (isPaused) token.unpause();
        else token.pause();
        _did(isPaused ? "unpause the token" : "pause the token");
    }

    function stopTransfers(uint256 seed) external act {
        if (!fund.armed() || seed % 2 != 0) return;
        vm.prank(guardian);
        fund.stopTransfers();
        _did("stop transfers");
    }

    /// @dev While transfers are stopped it cannot be armed.
    function armBreaker() external act {
        if (fund.armed()) return;
        if (_isStopped()) vm.warp(fund.stoppedUntil());
        vm.prank(timelock);
        fund.arm();
        _did("arm the breaker");
    }

    function resumeTransfers(uint256 seed) external act {
        if (!_isStopped()) {
            if (!fund.armed() || seed % 4 != 0) return;
            vm.prank(guardian);
            fund.stopTransfers();
        }
        vm.prank((seed >> 8) % 2 == 0 ? guardian : timelock);
        fund.resumeTransfers();
        _did("resume transfers");
    }

    /// @dev The council suspects the register: it takes its role, voids an award or two, and gives the role back, which
    /// works in 30 days.
    function revokeAndVoid(uint256 seed) external act {
        if (_awards.length == 0 || !_registerWorks() || seed % 4 != 0) return;
        _revokeRegister();
        for (uint256 i = 0; i < 2 && _awards.length > 0; ++i) {
            uint256 place = (seed >> (8 + 8 * i)) % _awards.length;
            // What the former module awarded stays, since its role is its own.
            if (_awards[place].module != address(register)) continue;
            if (_now() <= uint256(_awards[place].madeAt) + 28 days) _voidAward(place);
        }
        _grantRegister();
    }

    function _revokeRegister() internal {
        vm.startPrank(timelock);
        IAccessControl(address(fund)).revokeRole(FUND_REGISTER_ROLE, address(register));
        vm.stopPrank();
        _did("revoke the register");
    }

    function _grantRegister() internal {
        vm.startPrank(timelock);
        IAccessControl(address(fund)).grantRole(FUND_REGISTER_ROLE, address(register));
        vm.stopPrank();
        _registerBack = _now() + 30 days;
    }

    function _voidAward(uint256 place) private {
        ICrisisFund.AwardRecord memory record = _awards[place];
        _awards[place] = _awards[_awards.length - 1];
        _awards.pop();
        (uint256 treasuryPart, uint256 earmarkPart) = fund.voidable(record);
        if (treasuryPart + earmarkPart == 0) return;
        bytes3 code = fund.attackAccount(record.attackId).member;
        (uint256 owed, uint256 ready) = fund.balanceOf(code);
        (uint256 earmarkOwed, uint256 held) = fund.earmarkOf(record.attackId);
        // First what is still owed; what is freed then comes in like any money, as the announcements tell.
        _referenceForgive(creditorOf(code), Math.min(treasuryPart, owed));
        _referenceForgive(creditorOfEarmark(record.attackId), Math.min(earmarkPart, earmarkOwed));
        vm.prank(timelock);
        uint256 voided = fund.voidAward(record);
        (uint256 owedAfter, uint256 readyAfter) = fund.balanceOf(code);
        uint256 ofMember = owed + ready - owedAfter - readyAfter;
        (owedAfter, readyAfter) = fund.earmarkOf(record.attackId);
        uint256 ofEarmark = earmarkOwed + held - owedAfter - readyAfter;
        if (ofMember + ofEarmark != voided) _breach(3, "voided otherwise than taken");
        if (ofEarmark > 0) shortened[record.attackId] = true;
        claims[code] -= ofMember;
        earmarkClaims[record.attackId] -= ofEarmark;
        _writeDown();
        _recountReserve();
        _did("void an award");
        if (owed > 0) _did("void while owed");
    }

    function _collect(bytes3 code) private returns (bool) {
        (, uint256 ready) = fund.balanceOf(code);
        if (ready == 0 || _isStopped() || registry.treasuryToPay(code) == address(0)) return false;
        address to = registry.treasuryToPay(code);
        uint256 before = token.balanceOf(to);
        bool works = !token.paused() && !token.isBlocked(to);
        _read();
        vm.prank(stranger);
        try fund.collect(code) returns (uint256 amount) {
            if (!works || amount != ready || token.balanceOf(to) != before + ready) _breach(9, "collected otherwise");
            _did("collect");
        } catch {
            _forget();
            if (works) _breach(9, "not collected");
            _tried("collect in vain");
        }
        return true;
    }

    /// @dev A code that is or was a member's.
    function _member(uint256 seed) internal view returns (bytes3) {
        for (uint256 i = 0; i < _codes.length; ++i) {
            bytes3 code = _codes[((seed % _codes.length) + i) % _codes.length];
            if (registry.statusOf(code) != IMemberRegistry.Status.None) return code;
        }
        return 0;
    }

    function _isStopped() internal view returns (bool) {
        return _now() < fund.stoppedUntil();
    }

    function _registerWorks() internal view returns (bool) {
        return _now() >= _registerBack;
    }
}
