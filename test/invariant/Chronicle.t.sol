// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IAttackRegister} from "../../contracts/interfaces/IAttackRegister.sol";
import {ICompensationDistributor} from "../../contracts/interfaces/ICompensationDistributor.sol";
import {IContributionLedger} from "../../contracts/interfaces/IContributionLedger.sol";
import {ICouncil} from "../../contracts/interfaces/ICouncil.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {IndemnityMath} from "../../contracts/libraries/IndemnityMath.sol";
import {Vm, vm} from "../support/Vm.sol";
import {BallotBook} from "./BallotBook.t.sol";
import {MoneyBook} from "./MoneyBook.t.sol";

/// @title A second set of books
/// @dev Kept from what the contracts announce and from the token's own transfers, by other arithmetic than theirs.
abstract contract Chronicle is MoneyBook, BallotBook {
    using IndemnityMath for IndemnityMath.Cover;

    mapping(uint256 attackId => uint256) internal recognitions;

    /// @dev Of every period that has begun, a hash of what each was assessed through it.
    bytes32[] internal _assessedSeen;
    /// @dev Of every attack, a hash of its cover.
    bytes32[] internal _coversSeen;
    mapping(bytes3 code => uint256) private _debt;
    mapping(bytes3 code => uint256) private _asked;

    constructor() {
        vm.recordLogs();
    }

    function _writeDown() internal override {
        _read();
        _watchDebts();
        _seePeriods();
        _seeCovers();
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
            _readElectorate(log);
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
        while (_assessedSeen.length < current) _assessedSeen.push(_assessedThrough(_codes, _assessedSeen.length));
    }

    /// @dev In steps of a twelfth of the exposure payable never falls, nor comes above ceding × (X − A).
    function _seeCovers() private {
        uint256 count = register.attackCount();
        while (_coversSeen.length < count) {
            IndemnityMath.Cover memory cover = register.attack(_coversSeen.length + 1).cover;
            uint256 most = (cover.ceding * (uint256(cover.exhaustion) - cover.attachment) * cover.baseline) / 1e12;
            uint256 before = 0;
            for (uint256 step = 0; step <= 12; ++step) {
                uint256 is_ = cover.payableFor((cover.baseline * step) / 12);
                if (is_ < before || is_ > most) _breach(4, "payable falls as the loss grows");
                before = is_;
            }
            _coversSeen.push(_hashOf(cover));
        }
    }

    function _assessedThrough(bytes3[] memory codes, uint256 period) internal view returns (bytes32) {
        IContributionLedger asked = ledger;
        uint256[] memory through = new uint256[](codes.length);
        for (uint256 i = 0; i < codes.length; ++i) through[i] = asked.through(codes[i], period);
        return keccak256(abi.encodePacked(through));
    }

    function _hashOf(IndemnityMath.Cover memory cover) internal pure returns (bytes32) {
        return keccak256(abi.encode(cover));
    }
}
