// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ICrisisFund} from "../../contracts/interfaces/ICrisisFund.sol";
import {Vm} from "../support/Vm.sol";
import {ProRataReference} from "./ProRataReference.t.sol";
import {Tally} from "./Tally.t.sol";

/// @title What was seen of money
abstract contract MoneyBook is Tally, ProRataReference {
    /// @dev An award as it was announced, kept for voiding it.
    ICrisisFund.AwardRecord[] internal _awards;

    mapping(uint256 kind => uint256) internal total;
    bytes32 internal head;
    uint256 internal entries;
    uint256 internal tokensIn;
    uint256 internal tokensOut;
    uint256 internal forced;

    uint256 internal reserve;
    uint256 internal committed;
    uint256 private _streakReserve;
    uint256 private _streakCommitted;
    uint256 private _streakAwards;
    uint256 private _nextReserve;
    uint256 private _nextCommitted;

    mapping(bytes3 code => uint256) internal claims; // awarded to the treasury or returned to it, less what was voided
    mapping(bytes3 code => uint256) internal disbursed;
    mapping(uint256 attackId => uint256) internal earmarkClaims; // earmarked or to be, less what was voided or went on
    mapping(bytes3 code => uint256) internal _paidNow;

    uint256 internal stops;
    uint256 internal armings = 1;
    uint256 internal stoppedSince;
    uint256 internal stoppedUntil;

    function _readFund(Vm.Log memory log) internal {
        bytes32 what = log.topics[0];
        if (what == ICrisisFund.Entry.selector) {
            _readEntry(log);
        } else if (what == ICrisisFund.AwardMade.selector) {
            _readAward(log.data);
        } else if (what == ICrisisFund.ObligationsPaid.selector) {
            (uint256 paid, ) = abi.decode(log.data, (uint256, uint256));
            _referencePay(paid);
            // What arrives is added to the reserve by its entry, which follows.
            unchecked {
                reserve -= paid;
            }
        } else if (what == ICrisisFund.Committed.selector) {
            (uint256 amount, ) = abi.decode(log.data, (uint256, uint256));
            committed += amount;
        } else if (what == ICrisisFund.Released.selector) {
            committed -= abi.decode(log.data, (uint256));
        } else if (what == ICrisisFund.TransfersStopped.selector) {
            ++stops;
            stoppedSince = _now();
            stoppedUntil = stoppedSince + 28 days;
        } else if (what == ICrisisFund.TransfersResumed.selector) {
            stoppedUntil = _now();
        } else if (what == ICrisisFund.BreakerArmed.selector) {
            ++armings;
        } else if (what == ICrisisFund.TransferDeferred.selector) {
            _did("transfer deferred");
        }
    }

    function _readEntry(Vm.Log memory log) private {
        (address party, uint256 amount, bytes32 ref, uint256 timestamp, bytes32 newHead) = abi.decode(
            log.data,
            (address, uint256, bytes32, uint256, bytes32)
        );
        uint256 seq = uint256(log.topics[1]);
        ICrisisFund.Kind kind = ICrisisFund.Kind(uint256(log.topics[2]));
        bytes3 member = bytes3(log.topics[3]);
        head = keccak256(abi.encode(head, seq, kind, member, party, amount, ref, timestamp));
        if (seq != ++entries || head != newHead || timestamp != _now()) _breach(11, "journal broken");

        total[uint256(kind)] += amount;
        if (
            kind == ICrisisFund.Kind.Contribution ||
            kind == ICrisisFund.Kind.Donation ||
            kind == ICrisisFund.Kind.Surplus
        ) {
            unchecked {
                reserve += amount;
            }
            if (kind == ICrisisFund.Kind.Contribution) _paidNow[member] += amount;
            if (kind == ICrisisFund.Kind.Surplus) forced -= amount;
        } else if (kind == ICrisisFund.Kind.Disbursement) {
            disbursed[member] += amount;
            if (_now() < stoppedUntil) _breach(10, "paid while stopped");
        } else if (kind == ICrisisFund.Kind.Compensation) {
            earmarkClaims[uint256(ref)] -= amount;
            if (_now() < stoppedUntil) _breach(10, "compensated while stopped");
        } else if (kind == ICrisisFund.Kind.EarmarkReturn) {
            earmarkClaims[uint256(ref)] -= amount;
            claims[member] += amount;
        }
    }

    /// @dev Between awards alone, each is paid at the ratio of the first, within one unit per award made before.
    function _readAward(bytes memory data) private {
        (ICrisisFund.AwardRecord memory record, uint256 treasuryPaid, uint256 earmarkPaid) = abi.decode(
            data,
            (ICrisisFund.AwardRecord, uint256, uint256)
        );
        uint256 amount = record.treasuryPart + record.earmarkPart;
        uint256 paid = treasuryPaid + earmarkPaid;
        if (reserve != _nextReserve || committed != _nextCommitted) {
            _streakReserve = reserve;
            _streakCommitted = committed;
            _streakAwards = 0;
        } else {
            _did("award in a streak");
        }
        uint256 expected = _streakReserve >= _streakCommitted ? amount : (amount * _streakReserve) / _streakCommitted;
        uint256 off = expected > paid ? expected - paid : paid - expected;
        if (off > _streakAwards) _breach(5, "award at another ratio");
        if (paid < amount) _did("award partly owed");
        ++_streakAwards;
        reserve -= paid;
        committed -= amount;
        _nextReserve = reserve;
        _nextCommitted = committed;

        bytes3 member = fund.attackAccount(record.attackId).member;
        claims[member] += record.treasuryPart;
        earmarkClaims[record.attackId] += record.earmarkPart;
        _referenceOwe(creditorOfEarmark(record.attackId), record.earmarkPart - earmarkPaid);
        _referenceOwe(creditorOf(member), record.treasuryPart - treasuryPaid);
        _awards.push(record);
        _did("award");
    }

    function _readToken(Vm.Log memory log) internal {
        if (log.topics[0] != IERC20.Transfer.selector) return;
        uint256 amount = abi.decode(log.data, (uint256));
        if (log.topics[2] == bytes32(uint256(uint160(address(fund))))) tokensIn += amount;
        if (log.topics[1] == bytes32(uint256(uint160(address(fund))))) tokensOut += amount;
    }

    /// @dev After a void, whose parts no event tells.
    function _recountReserve() internal {
        reserve = fund.reserve();
    }
}
