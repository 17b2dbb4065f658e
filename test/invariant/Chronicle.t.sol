// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAttackRegister} from "../../contracts/interfaces/IAttackRegister.sol";
import {ICompensationDistributor} from "../../contracts/interfaces/ICompensationDistributor.sol";
import {IContributionLedger} from "../../contracts/interfaces/IContributionLedger.sol";
import {ICouncil} from "../../contracts/interfaces/ICouncil.sol";
import {ICrisisFund} from "../../contracts/interfaces/ICrisisFund.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {SeatBitmap} from "../../contracts/libraries/SeatBitmap.sol";
import {Vm, vm} from "../support/Vm.sol";
import {ProRataReference} from "./ProRataReference.t.sol";
import {Stage} from "./Stage.t.sol";

/// @title A second set of books
/// @dev Kept from what the contracts announce and from the token's own transfers, by other arithmetic than theirs.
abstract contract Chronicle is Stage, ProRataReference {
    using SeatBitmap for uint208;

    /// @notice What of a vote was seen.
    struct Vote {
        uint208 frozen;
        uint208 voted;
        uint8[3] cast;
        bool urgent;
    }

    /// @dev An award as it was announced, kept for voiding it.
    ICrisisFund.AwardRecord[] internal _awards;

    /// @dev What one call may cost, by EIP-7825.
    uint256 private constant MOST_GAS = 1 << 24;

    mapping(uint256 number => uint256) public breaches;
    mapping(string what => uint256) public done;
    /// @notice How many acts there were, and how many of them found something to do.
    uint256 public acts;
    uint256 public effective;
    bool private _idle;
    uint256 private _gasBefore;

    mapping(uint256 kind => uint256) public total;
    bytes32 public head;
    uint256 public entries;
    uint256 public tokensIn;
    uint256 public tokensOut;
    uint256 public forced;

    uint256 public reserve;
    uint256 public committed;
    uint256 private _streakReserve;
    uint256 private _streakCommitted;
    uint256 private _streakAwards;
    uint256 private _nextReserve;
    uint256 private _nextCommitted;

    mapping(bytes3 code => uint256) public claims; // awarded to the treasury or returned to it, less what was voided
    mapping(bytes3 code => uint256) public disbursed;
    mapping(uint256 attackId => uint256) public earmarkClaims; // earmarked or to be, less what was voided or went on
    mapping(uint256 attackId => uint256) public recognitions;

    mapping(uint256 proposalId => Vote) internal _votes;
    uint208 private _electorate;
    uint208 private _electorateBefore;
    uint256 private _electorateSince;

    uint256 public stops;
    uint256 public armings = 1;
    uint256 public stoppedSince;
    uint256 public stoppedUntil;

    uint256 public periodsSeen;
    mapping(bytes3 code => mapping(uint256 period => uint256)) public throughSeen;
    mapping(bytes3 code => uint256) private _debt;
    mapping(bytes3 code => uint256) private _asked;
    mapping(bytes3 code => uint256) private _paidNow;

    constructor() {
        _electorate = registry.electorate();
        _electorateBefore = 0;
        _electorateSince = _now();
        vm.recordLogs();
    }

    /// @dev An act of a campaign: what it did is written down when it is over. All its calls together stay below what
    /// one call may cost.
    modifier act() {
        _begin();
        _;
        if (_gasBefore - gasleft() > MOST_GAS) _breach(13, "an act cost too much");
        _end();
    }

    /// @dev An act of so many calls that together they cost more than one may.
    modifier longAct() {
        _begin();
        _;
        _end();
    }

    function vote(uint256 proposalId) external view returns (Vote memory) {
        return _votes[proposalId];
    }

    function _did(string memory what) internal {
        _idle = false;
        ++done[what];
    }

    function _breach(uint256 number, string memory what) internal {
        ++breaches[number];
        ++done[what];
    }

    function _begin() private {
        _idle = true;
        _gasBefore = gasleft();
    }

    function _end() private {
        ++acts;
        if (!_idle) ++effective;
        _writeDown();
    }

    function _writeDown() internal {
        _read();
        _watchDebts();
        _seePeriods();
    }

    /// @dev What a call that failed announced is recorded too: read what went before it, and afterwards forget.
    function _read() internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        _strikeOut(logs);
        for (uint256 i = 0; i < logs.length; ++i) {
            address emitter = logs[i].emitter;
            if (emitter == address(fund)) _readFund(logs[i]);
            else if (emitter == address(token)) _readToken(logs[i]);
            else if (emitter == address(council)) _readCouncil(logs[i]);
            else if (emitter == address(ledger)) _readLedger(logs[i]);
            else if (emitter == address(register)) _readRegister(logs[i]);
            else if (emitter == address(registry)) _readRegistry(logs[i]);
        }
    }

    function _forget() internal {
        vm.getRecordedLogs();
    }

    /// @dev A recognition that the deciding ballot tried and that failed has announced what was undone, and so has a
    /// claim that was left out.
    function _strikeOut(Vm.Log[] memory logs) private view {
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes32 what = logs[i].topics[0];
            if (logs[i].emitter == address(council) && what == ICouncil.RecognitionFailed.selector) {
                for (uint256 j = i; logs[j - 1].topics[0] != ICouncil.Decided.selector; --j)
                    logs[j - 1].emitter = address(0);
            }
            if (logs[i].emitter == address(distributor) && what == ICompensationDistributor.ClaimSkipped.selector) {
                uint256 begins = _beginningOf(logs, i);
                for (uint256 j = begins; j < i; ++j) logs[j].emitter = address(0);
            }
        }
    }

    /// @dev Where the claim that was left out at `end` began, if it announced anything. No claim is handed in twice in
    /// a row, so that the same one before it is the one that failed.
    function _beginningOf(Vm.Log[] memory logs, uint256 end) private view returns (uint256) {
        for (uint256 i = end; i > 0; --i) {
            Vm.Log memory log = logs[i - 1];
            if (log.emitter != address(distributor)) continue;
            if (log.topics[0] == ICompensationDistributor.ClaimSkipped.selector) return end;
            if (log.topics[0] != ICompensationDistributor.Claimed.selector) continue;
            bool same = log.topics[1] == logs[end].topics[1] && _firstWord(log.data) == _firstWord(logs[end].data);
            return same ? i - 1 : end;
        }
        return end;
    }

    function _readFund(Vm.Log memory log) private {
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

    function _readToken(Vm.Log memory log) private {
        if (log.topics[0] != IERC20.Transfer.selector) return;
        uint256 amount = abi.decode(log.data, (uint256));
        if (log.topics[2] == bytes32(uint256(uint160(address(fund))))) tokensIn += amount;
        if (log.topics[1] == bytes32(uint256(uint160(address(fund))))) tokensOut += amount;
    }

    function _readCouncil(Vm.Log memory log) private {
        bytes32 what = log.topics[0];
        if (what == IGovernor.ProposalCreated.selector) {
            (uint256 proposalId, , , , , , , , ) = abi.decode(
                log.data,
                (uint256, address, address[], uint256[], string[], bytes[], uint256, uint256, string)
            );
            _votes[proposalId].frozen = _electorateSince == _now() ? _electorateBefore : _electorate;
        } else if (what == ICouncil.VoteCalled.selector) {
            Vote storage urgent = _votes[uint256(log.topics[1])];
            IMemberRegistry.Member memory m = registry.member(register.attack(uint256(log.topics[2])).member);
            if (m.seated) urgent.frozen = urgent.frozen.remove(m.seat);
            urgent.urgent = true;
        } else if (what == IGovernor.VoteCast.selector) {
            (uint256 proposalId, uint8 support, , ) = abi.decode(log.data, (uint256, uint8, uint256, string));
            _readBallot(proposalId, support, address(uint160(uint256(log.topics[1]))));
        } else if (what == IGovernor.VoteCastWithParams.selector) {
            (uint256 proposalId, uint8 support, , , ) = abi.decode(log.data, (uint256, uint8, uint256, string, bytes));
            _readBallot(proposalId, support, address(uint160(uint256(log.topics[1]))));
        } else if (what == IGovernor.ProposalExecuted.selector || what == IGovernor.ProposalQueued.selector) {
            uint256 proposalId =
                what == IGovernor.ProposalExecuted.selector ? abi.decode(log.data, (uint256)) : _firstWord(log.data);
            if (!passed(proposalId)) _breach(6, "carried out without a majority");
        } else if (what == ICouncil.RecognitionFailed.selector) {
            _did("recognition failed");
        }
    }

    function _readBallot(uint256 proposalId, uint8 support, address voter) private {
        Vote storage v = _votes[proposalId];
        IMemberRegistry.Account memory a = registry.accountOf(voter);
        bool may = a.seated && a.role == IMemberRegistry.Role.Delegate && v.frozen.contains(a.seat);
        if (!may || v.voted.contains(a.seat)) _breach(6, "ballot of no seat, or a second one");
        v.voted = v.voted.add(a.seat);
        ++v.cast[support];
    }

    /// @notice Whether more than half of the frozen electorate was seen to vote For, and three for an attack.
    function passed(uint256 proposalId) public view returns (bool) {
        Vote storage v = _votes[proposalId];
        uint256 inFavour = v.cast[1];
        return 2 * inFavour > v.frozen.count() && (!v.urgent || inFavour >= 3);
    }

    function _readLedger(Vm.Log memory log) private {
        if (log.topics[0] == IContributionLedger.CallIssued.selector) {
            _did("call issued");
        } else if (log.topics[0] == IContributionLedger.Charged.selector) {
            _did(log.topics[2] == "exit" ? "exit charge" : "charge of an award");
        } else if (log.topics[0] == IContributionLedger.ArrearsCleared.selector) {
            _did("arrears cleared");
        } else if (log.topics[0] == IContributionLedger.CreditForfeited.selector) {
            _did("credit forfeited");
        }
    }

    function _readRegister(Vm.Log memory log) private {
        if (log.topics[0] == IAttackRegister.Recognised.selector) {
            uint256 attackId = uint256(log.topics[1]);
            uint256 proposalId = register.attack(attackId).proposalId;
            bool own = _votes[proposalId].urgent && council.attackOf(proposalId) == attackId;
            if (!own || !passed(proposalId) || ++recognitions[attackId] > 1) _breach(7, "recognised otherwise");
            _did("recognition");
            if (_now() < stoppedUntil) _did("recognition while stopped");
        } else if (log.topics[0] == IAttackRegister.RoundSettled.selector) {
            _did("round settled");
            if (_now() < stoppedUntil) _did("settlement while stopped");
        } else if (log.topics[0] == IAttackRegister.Closed.selector) {
            _did("case closed");
        } else if (log.topics[0] == IAttackRegister.Dropped.selector) {
            _did("case dropped");
        }
    }

    function _readRegistry(Vm.Log memory log) private {
        if (log.topics[0] == IMemberRegistry.ElectorateChanged.selector) {
            if (_electorateSince != _now()) {
                _electorateBefore = _electorate;
                _electorateSince = _now();
            }
            _electorate = abi.decode(log.data, (uint208));
        } else if (log.topics[0] == IMemberRegistry.VoteRestored.selector) {
            _did("vote restored");
        } else if (log.topics[0] == IMemberRegistry.KeysChanged.selector) {
            _did("keys changed");
        }
    }

    /// @dev Debts fall by payments alone, and nothing asked is ever asked less.
    function _watchDebts() private {
        for (uint256 i = 0; i < _codes.length; ++i) {
            bytes3 code = _codes[i];
            uint256 debt = ledger.debtOf(code);
            uint256 asked = ledger.askedOf(code);
            if (debt + _paidNow[code] < _debt[code]) _breach(8, "debt fell without a payment");
            if (asked < _asked[code]) _breach(8, "asked less than before");
            _debt[code] = debt;
            _asked[code] = asked;
            delete _paidNow[code];
        }
    }

    function _seePeriods() private {
        uint256 current = _now() < registry.genesis() ? 0 : ledger.currentPeriod() + 1;
        for (; periodsSeen < current; ++periodsSeen) {
            for (uint256 i = 0; i < _codes.length; ++i) {
                throughSeen[_codes[i]][periodsSeen] = ledger.through(_codes[i], periodsSeen);
            }
        }
    }

    /// @dev After a void, whose parts no event tells.
    function _recountReserve() internal {
        reserve = fund.reserve();
    }

    function _firstWord(bytes memory data) private pure returns (uint256 word) {
        (word, ) = abi.decode(data, (uint256, uint256));
    }
}
