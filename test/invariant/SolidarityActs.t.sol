// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAttackRegister} from "../../contracts/interfaces/IAttackRegister.sol";
import {ICompensationDistributor} from "../../contracts/interfaces/ICompensationDistributor.sol";
import {ISolidarityMarket} from "../../contracts/interfaces/ISolidarityMarket.sol";
import {bound, vm} from "../support/Vm.sol";
import {AttackActs} from "./AttackActs.t.sol";

/// @title Compensation and purchases
/// @dev Every campaign has two leaves: a person's, and a treasury's, which may be blocked.
abstract contract SolidarityActs is AttackActs {
    /// @notice A campaign that was opened, and what its leaves are worth.
    struct Opened {
        uint256 campaignId;
        uint256 attackId;
        address[2] accounts;
        uint128[2] amounts;
    }

    /// @notice What was paid for lots of an attack.
    mapping(uint256 attackId => uint256) public bought;

    Opened[] private _opened;

    function openCampaign(uint256 seed, uint256 amount) public act {
        uint256 count = register.attackCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 attackId = (((seed % count) + i) % count) + 1;
            uint256 free = _free(attackId);
            address treasury = registry.treasuryToPay(fund.attackAccount(attackId).member);
            if (free < 2 || treasury == address(0)) continue;
            return _open(attackId, treasury, bound(amount, 2, free));
        }
    }

    /// @notice Somebody hands in a leaf, paid already or not, in time or not.
    function claim(uint256 seed) external act {
        if (_opened.length == 0) return;
        Opened memory o = _opened[seed % _opened.length];
        uint256 index = (seed >> 8) % 2;
        (, uint256 held) = fund.earmarkOf(o.attackId);
        bool works =
            !distributor.isClaimed(o.campaignId, index) &&
                _now() <= distributor.deadlineOf(o.campaignId) &&
                !_isStopped() &&
                !token.paused() &&
                !token.isBlocked(o.accounts[index]) &&
                o.amounts[index] <= held;
        _read();
        vm.prank(stranger);
        try distributor.claim(_claim(o, index)) {
            if (!works) _breach(9, "claim paid that could not be");
            _did("claim");
        } catch {
            _forget();
            if (works) _breach(9, "claim not paid");
            (, uint256 still) = fund.earmarkOf(o.attackId);
            if (still != held) _breach(9, "claim in vain moved money");
            _tried("claim in vain");
        }
    }

    function returnUnclaimed(uint256 seed) external act {
        for (uint256 i = 0; i < _opened.length; ++i) {
            Opened memory o = _opened[((seed % _opened.length) + i) % _opened.length];
            ICompensationDistributor.Campaign memory c = distributor.campaign(o.campaignId);
            (, uint256 held) = fund.earmarkOf(o.attackId);
            uint256 due = Math.min(c.total - c.claimed, held);
            if (c.returned || due == 0 || _now() <= distributor.deadlineOf(o.campaignId)) continue;
            vm.prank(stranger);
            if (distributor.returnUnclaimed(o.campaignId) != due) _breach(3, "unclaimed returned otherwise");
            return _did("return what was not claimed");
        }
    }

    /// @notice A case ends if none has, and a year passes if it has not.
    function returnUnassigned(uint256 seed) external longAct {
        uint256 attackId = _unassigned(seed, IAttackRegister.Status.Closed);
        if (attackId == 0) {
            attackId = seed % 2 == 0 ? _unassigned(seed, IAttackRegister.Status.Recognised) : 0;
            if (attackId == 0) return;
            _liveUntilClosed(attackId);
        }
        _liveUntil(register.closedAt(attackId) + 365 days);
        uint256 free = _free(attackId);
        vm.prank(stranger);
        if (distributor.returnUnassigned(attackId) != free) _breach(3, "unassigned returned otherwise");
        _did("return what no campaign holds");
    }

    function _unassigned(uint256 seed, IAttackRegister.Status status) private view returns (uint256) {
        uint256 count = register.attackCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 attackId = (((seed % count) + i) % count) + 1;
            if (register.statusOf(attackId) == status && _free(attackId) > 0) return attackId;
        }
        return 0;
    }

    function _liveUntilClosed(uint256 attackId) private {
        IAttackRegister.Attack memory a = register.attack(attackId);
        if (a.endedAt == 0 && _now() < uint256(a.startedAt) + 360 days && !_isBarred(a)) {
            vm.prank(timelock);
            register.end(attackId);
        }
        uint256 closable = uint256(a.startedAt) + register.lastRound(attackId) * 30 days + 40 days;
        _liveUntil(Math.max(closable, _registerBack));
        vm.prank(stranger);
        register.close(attackId);
    }

    /// @notice Both leaves of a campaign at once, and the first a second time: what cannot be paid is left out.
    function claimMany(uint256 seed) external act {
        if (_opened.length == 0) return;
        Opened memory o = _opened[seed % _opened.length];
        ICompensationDistributor.Claim[] memory claims = new ICompensationDistributor.Claim[](3);
        for (uint256 i = 0; i < 3; ++i) claims[i] = _claim(o, i % 2);
        (, uint256 before) = fund.earmarkOf(o.attackId);
        uint256 claimed = distributor.campaign(o.campaignId).claimed;
        vm.prank(stranger);
        uint256 paid = distributor.claimMany(claims);
        (, uint256 held) = fund.earmarkOf(o.attackId);
        if (before - held != distributor.campaign(o.campaignId).claimed - claimed)
            _breach(9, "claims moved other money");
        if (paid > 2 || (paid == 0) != (before == held)) _breach(9, "claimed twice");
        if (paid > 0) _did("claim many");
        else _tried("claim many in vain");
    }

    function offerLot(uint256 seed, uint256 quantity) external act {
        uint256 attackId = _attackIn(seed, IAttackRegister.Status.Recognised);
        if (attackId == 0 || !_lasts(attackId)) return;
        ISolidarityMarket.Offer memory offer = ISolidarityMarket.Offer(
            "goods",
            "ipfs://goods",
            30_617,
            "crate",
            uint64(bound(quantity, 1, 20_000)),
            uint104(bound(seed, 1, MILLION / 1000)),
            uint48(_now() + 60 days)
        );
        vm.prank(registry.member(register.attack(attackId).member).delegate);
        market.offer(attackId, offer);
        _did("offer a lot");
    }

    /// @notice A member pledges and pays at once, whether or not the seller can be paid.
    function buy(uint256 seed, uint256 quantity) external act {
        uint256 count = market.lotCount();
        if (count == 0 || token.paused()) return;
        uint256 lotId = (seed % count) + 1;
        ISolidarityMarket.Lot memory lot = market.lot(lotId);
        bytes3 buyer = _member(seed >> 8);
        address treasury = registry.member(buyer).treasury;
        if (buyer == lot.seller || !registry.isMember(buyer) || token.isBlocked(treasury)) return;
        if (lot.withdrawn || lot.sold == lot.quantity || _now() > lot.deadline || !_lasts(lot.attackId)) return;
        uint64 some = uint64(bound(quantity, 1, lot.quantity - lot.sold));
        (, uint256 settled, ) = market.pledgeOf(lotId, buyer);
        vm.prank(treasury);
        market.pledge(lotId, uint64(settled) + some);
        _pay(lotId, lot, treasury, some);
    }

    /// @notice The seller halves the price.
    function reprice(uint256 seed) external act {
        uint256 lotId = _standingLot(seed);
        if (lotId == 0 || market.lot(lotId).price < 2) return;
        ISolidarityMarket.Lot memory lot = market.lot(lotId);
        vm.prank(registry.member(lot.seller).delegate);
        market.reprice(lotId, lot.price / 2);
        _did("reprice a lot");
    }

    function withdrawLot(uint256 seed) external act {
        uint256 lotId = _standingLot(seed);
        if (lotId == 0 || seed % 2 != 0) return;
        vm.prank(registry.member(market.lot(lotId).seller).treasury);
        market.withdraw(lotId);
        _did("withdraw a lot");
    }

    function _standingLot(uint256 seed) private view returns (uint256) {
        uint256 count = market.lotCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 lotId = (((seed % count) + i) % count) + 1;
            ISolidarityMarket.Lot memory lot = market.lot(lotId);
            if (!lot.withdrawn && _now() <= lot.deadline) return lotId;
        }
        return 0;
    }

    function _pay(uint256 lotId, ISolidarityMarket.Lot memory lot, address treasury, uint64 some) private {
        uint256 amount = uint256(some) * lot.price;
        vm.prank(issuer);
        token.mint(treasury, amount);
        vm.prank(treasury);
        token.approve(address(market), amount);
        address seller = registry.treasuryToPay(lot.seller);
        bool works = seller != address(0) && !token.isBlocked(seller);
        uint256 before = token.balanceOf(seller);
        _read();
        vm.prank(treasury);
        try market.settle(lotId, some, lot.price) returns (uint256 paid) {
            if (!works || paid != amount || token.balanceOf(seller) != before + amount) _breach(9, "paid otherwise");
            bought[lot.attackId] += paid;
            _did("buy");
        } catch {
            _forget();
            if (works) _breach(9, "not bought");
            _tried("buy in vain");
        }
    }

    function _open(uint256 attackId, address treasury, uint256 total) internal {
        uint256 number = distributor.campaignCount(attackId) + 1;
        Opened memory o;
        o.campaignId = distributor.campaignIdOf(attackId, number);
        o.attackId = attackId;
        o.accounts = [_person("beneficiary"), treasury];
        o.amounts = [uint128(total / 2), uint128(total - total / 2)];
        bytes32 root = Hashes.commutativeKeccak256(_leaf(o, 0), _leaf(o, 1));
        vm.prank(treasury);
        distributor.open(attackId, number, root, uint128(total), uint48(_now() + 92 days), "ipfs://proofs");
        _opened.push(o);
        _did("open a campaign");
    }

    function _claim(Opened memory o, uint256 index) private view returns (ICompensationDistributor.Claim memory c) {
        c = _unproved(o, index);
        c.proof = new bytes32[](1);
        c.proof[0] = _leaf(o, 1 - index);
    }

    function _leaf(Opened memory o, uint256 index) private view returns (bytes32) {
        return distributor.leafOf(_unproved(o, index));
    }

    function _unproved(Opened memory o, uint256 index) private pure returns (ICompensationDistributor.Claim memory c) {
        c.campaignId = o.campaignId;
        c.index = index;
        c.account = o.accounts[index];
        c.amount = o.amounts[index];
        c.purpose = ICompensationDistributor.Purpose.Worker;
    }

    /// @dev What of an earmark no campaign holds.
    function _free(uint256 attackId) internal view returns (uint256) {
        (, uint256 held) = fund.earmarkOf(attackId);
        return Math.saturatingSub(held, distributor.reserved(attackId));
    }

    function _lasts(uint256 attackId) private view returns (bool) {
        if (register.statusOf(attackId) != IAttackRegister.Status.Recognised) return false;
        return _now() <= register.round(attackId, register.lastRound(attackId)).endsAt;
    }
}
