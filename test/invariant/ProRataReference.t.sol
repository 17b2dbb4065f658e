// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title What each creditor is owed, worked out one by one
/// @dev Every arrival of money visits every creditor, and what is owed is kept in millionths of a millionth of a unit.
abstract contract ProRataReference {
    struct Epoch {
        uint256 outstanding;
        uint256 shares;
    }

    struct Part {
        uint256 owed;
        uint256 shares;
    }

    uint256 internal constant FINE = 1e12;

    uint256 public obligationsMade;
    uint256 public epochsClosed;
    uint256 public epochsSplit;
    uint256 private _first;
    uint256 private _last;
    bytes32[] private _creditors;
    mapping(bytes32 creditor => bool) private _known;
    mapping(uint256 epoch => Epoch) private _epochs;
    mapping(uint256 epoch => mapping(bytes32 creditor => Part)) private _parts;

    /// @dev What a creditor is owed, in units, rounded down.
    function referenceOwed(bytes32 creditor) internal view returns (uint256 owed) {
        owed = _parts[_first][creditor].owed;
        if (_last != _first) owed += _parts[_last][creditor].owed;
        owed /= FINE;
    }

    /// @dev What all are owed, in units.
    function referenceOutstanding() internal view returns (uint256 total) {
        total = _epochs[_first].outstanding;
        if (_last != _first) total += _epochs[_last].outstanding;
    }

    function creditorOf(bytes3 code) internal pure returns (bytes32) {
        return bytes32(code);
    }

    function creditorOfEarmark(uint256 attackId) internal pure returns (bytes32) {
        return bytes32(attackId);
    }

    function _referenceOwe(bytes32 creditor, uint256 amount) internal {
        if (amount == 0) return;
        if (!_known[creditor]) {
            _known[creditor] = true;
            _creditors.push(creditor);
        }
        ++obligationsMade;
        Epoch storage epoch = _epochs[_last];
        if (_first == _last && epoch.shares > epoch.outstanding * 1000) {
            epoch = _epochs[++_last];
            ++epochsSplit;
        }
        uint256 shares = epoch.shares == 0 ? amount : Math.mulDiv(amount, epoch.shares, epoch.outstanding);
        Part storage part = _parts[_last][creditor];
        part.owed += amount * FINE;
        part.shares += shares;
        epoch.shares += shares;
        epoch.outstanding += amount;
    }

    function _referencePay(uint256 amount) internal {
        uint256 left = _payEpoch(amount);
        if (left > 0) _payEpoch(left);
    }

    /// @dev The newer part first.
    function _referenceForgive(bytes32 creditor, uint256 amount) internal {
        uint256 left = _forgive(_last, creditor, amount);
        if (left > 0 && _first != _last) _forgive(_first, creditor, left);
    }

    function _payEpoch(uint256 amount) private returns (uint256 left) {
        Epoch storage epoch = _epochs[_first];
        uint256 outstanding = epoch.outstanding;
        if (outstanding == 0) return amount;
        uint256 paid = Math.min(amount, outstanding);
        for (uint256 i = 0; i < _creditors.length; ++i) {
            Part storage part = _parts[_first][_creditors[i]];
            part.owed = Math.mulDiv(part.owed, outstanding - paid, outstanding);
        }
        epoch.outstanding = outstanding - paid;
        if (epoch.outstanding == 0) _completeFirst();
        return amount - paid;
    }

    function _forgive(uint256 number, bytes32 creditor, uint256 amount) private returns (uint256 left) {
        Part storage part = _parts[number][creditor];
        Epoch storage epoch = _epochs[number];
        uint256 taken = Math.min(amount, Math.ceilDiv(part.owed, FINE));
        if (taken == 0) return amount;
        uint256 shares = taken * FINE >= part.owed ? part.shares : Math.mulDiv(part.shares, taken * FINE, part.owed);
        part.owed = Math.saturatingSub(part.owed, taken * FINE);
        part.shares -= shares;
        epoch.shares -= shares;
        epoch.outstanding = Math.saturatingSub(epoch.outstanding, taken);
        if (epoch.outstanding == 0 && number == _first) _completeFirst();
        return amount - taken;
    }

    function _completeFirst() private {
        ++epochsClosed;
        if (_first == _last) ++_last;
        ++_first;
    }
}
