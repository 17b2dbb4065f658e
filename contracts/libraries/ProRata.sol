// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Paying many debts in proportion, in constant time
/// @notice Money that arrives is divided among all obligations in proportion to what each is owed at that moment. Each
/// holds shares of the outstanding total; an index records what a share has received.
///
/// An epoch whose outstanding total falls below a thousandth of its shares takes no new obligation, since a share of
/// it has become too small a unit: new ones open the next epoch, and the next money completes the old one first. At
/// most two epochs are therefore open, and in a completed one each obligation has received exactly what it was owed.
library ProRata {
    using Math for uint256;
    using SafeCast for uint256;

    /// @dev What one share receives is counted in 1e-27 units.
    uint256 internal constant SCALE = 1e27;

    /// @dev An epoch with more than this many shares to each outstanding unit takes no new obligation.
    uint256 internal constant MOST_SHARES_PER_UNIT = 1000;

    /// @param index What one share has received, in 1e-27 units; at most 1e27 < 2^96, since no share receives more
    /// than a unit
    /// @param completed Whether all its obligations have received exactly what they were owed
    /// @param shares Sum of all shares
    /// @param outstanding What is still owed, in units: nothing reads it once the epoch is completed
    struct Epoch {
        uint96 index;
        bool completed; // slot 0: 12 + 1 = 13 bytes, all that settling a position looks up
        uint128 shares;
        uint128 outstanding; // slot 1: 16 + 16 = 32 bytes
    }

    /// @param first The oldest epoch that is not completed
    /// @param last The epoch that takes new obligations: `first` or the one after
    struct Pool {
        uint48 first;
        uint48 last;
        mapping(uint256 epoch => Epoch) epochs;
    }

    /// @param owed What was owed at `index`, in units
    /// @param shares Shares of the epoch's outstanding total
    /// @param index The epoch's index when the position was last brought up to date
    /// @param rest What it had received by then beyond whole units, in 1e-27 units: it does not matter how often it
    /// was
    /// @param follows Whether the position in the epoch before may hold anything: if not, it need not be looked up
    struct Position {
        uint128 owed;
        uint128 shares; // slot 0: 16 + 16 = 32 bytes
        uint96 index;
        uint96 rest;
        uint48 epoch;
        bool follows; // slot 1: 12 + 12 + 6 + 1 = 31 bytes
    }

    /// @dev A creditor's position in the epoch of its newest obligation and in the one before.
    struct Obligation {
        Position older;
        Position newer;
    }

    /// @notice What the pool owes in all, in units.
    function outstanding(Pool storage pool) internal view returns (uint256 total) {
        total = pool.epochs[pool.first].outstanding;
        if (pool.last != pool.first) total += pool.epochs[pool.last].outstanding;
    }

    /// @notice What an obligation is still owed, and what it has received since it was last settled, in units.
    function balanceOf(
        Pool storage pool,
        Obligation storage obligation
    ) internal view returns (uint256 owed, uint256 received) {
        Position memory older = obligation.older;
        Position memory newer = obligation.newer;
        (uint256 olderReceived, ) = _received(pool.epochs[older.epoch], older);
        (uint256 newerReceived, ) = _received(pool.epochs[newer.epoch], newer);
        received = olderReceived + newerReceived;
        owed = uint256(older.owed) + newer.owed - received;
    }

    /// @notice Brings an obligation up to date.
    /// @return received What it has received since it was last settled, in units
    function settle(Pool storage pool, Obligation storage obligation) internal returns (uint256 received) {
        Position memory newer = obligation.newer;
        received = _settle(pool, obligation.newer, newer);
        if (newer.follows) received += _settle(pool, obligation.older, obligation.older);
    }

    /// @notice Makes the pool owe `amount` more to an obligation that has just been settled.
    function add(Pool storage pool, Obligation storage obligation, uint256 amount) internal {
        Epoch storage epoch = pool.epochs[pool.last];
        if (pool.first == pool.last && epoch.shares > epoch.outstanding * MOST_SHARES_PER_UNIT) {
            epoch = pool.epochs[++pool.last];
        }
        Position memory position = obligation.newer;
        if (position.epoch != pool.last) {
            // The position before the newer one lies in a completed epoch, so nothing is lost with it.
            bool follows = position.owed > 0;
            if (follows) _write(obligation.older, position);
            position = Position(0, 0, 0, 0, pool.last, follows);
        }
        uint256 shares = epoch.shares == 0 ? amount : amount.mulDiv(epoch.shares, epoch.outstanding);
        position.index = epoch.index;
        position.owed += amount.toUint128();
        position.shares += shares.toUint128();
        _write(obligation.newer, position);
        epoch.shares += shares.toUint128();
        epoch.outstanding += amount.toUint128();
    }

    /// @notice Divides up to `amount` among all that is owed, an epoch about to close first.
    /// @return used What was divided, in units
    function distribute(Pool storage pool, uint256 amount) internal returns (uint256 used) {
        used = _distribute(pool, amount);
        if (used < amount) used += _distribute(pool, amount - used);
    }

    /// @notice Takes up to `amount` off what an obligation that has just been settled is owed, the newer part first.
    /// @return taken What was taken off, in units
    /// @return spare What of it had been divided already, in units: divisions left it over
    function reduce(
        Pool storage pool,
        Obligation storage obligation,
        uint256 amount
    ) internal returns (uint256 taken, uint256 spare) {
        (taken, spare) = _reduce(pool, obligation.newer, amount);
        (uint256 takenBefore, uint256 spareBefore) = _reduce(pool, obligation.older, amount - taken);
        return (taken + takenBefore, spare + spareBefore);
    }

    function _distribute(Pool storage pool, uint256 amount) private returns (uint256 used) {
        Epoch storage epoch = pool.epochs[pool.first];
        uint256 owed = epoch.outstanding;
        if (owed == 0) return 0;
        if (amount < owed) {
            epoch.index += amount.mulDiv(SCALE, epoch.shares).toUint96();
            epoch.outstanding = (owed - amount).toUint128();
            return amount;
        }
        _complete(pool);
        return owed;
    }

    /// @dev What a part of a position is owed counts in full against the outstanding total: what divisions left over
    /// already lies in the pot for the others.
    function _reduce(
        Pool storage pool,
        Position storage written,
        uint256 amount
    ) private returns (uint256 taken, uint256 spare) {
        Position memory position = written;
        uint256 owed = position.owed;
        taken = Math.min(amount, owed);
        if (taken == 0) return (0, 0);
        Epoch storage epoch = pool.epochs[position.epoch];
        uint256 shares = uint256(position.shares).mulDiv(taken, owed);
        position.owed -= taken.toUint128();
        position.shares -= shares.toUint128();
        _write(written, position);
        epoch.shares -= shares.toUint128();
        spare = taken.saturatingSub(epoch.outstanding);
        epoch.outstanding -= (taken - spare).toUint128();
        if (epoch.outstanding == 0 && position.epoch == pool.first) _complete(pool);
    }

    function _complete(Pool storage pool) private {
        pool.epochs[pool.first].completed = true;
        if (pool.first == pool.last) ++pool.last;
        ++pool.first;
    }

    function _settle(
        Pool storage pool,
        Position storage written,
        Position memory position
    ) private returns (uint256 received) {
        if (position.owed == 0) return 0;
        Epoch storage epoch = pool.epochs[position.epoch];
        uint256 rest;
        (received, rest) = _received(epoch, position);
        position.rest = rest.toUint96();
        if (epoch.completed) {
            position.owed = 0;
            position.shares = 0;
        } else {
            position.owed -= received.toUint128();
            position.index = epoch.index;
        }
        _write(written, position);
    }

    /// @dev Where positions are written in one place, the fields of a slot are written at once.
    function _write(Position storage written, Position memory position) private {
        written.owed = position.owed;
        written.shares = position.shares;
        written.index = position.index;
        written.rest = position.rest;
        written.epoch = position.epoch;
        written.follows = position.follows;
    }

    /// @dev Rounds down to whole units; the rest counts for the next time.
    function _received(
        Epoch storage epoch,
        Position memory position
    ) private view returns (uint256 received, uint256 rest) {
        uint256 owed = position.owed;
        if (owed == 0 || epoch.completed) return (owed, 0);
        uint256 growth = epoch.index - position.index;
        received = growth.mulDiv(position.shares, SCALE);
        rest = mulmod(growth, position.shares, SCALE) + position.rest;
        if (rest >= SCALE) {
            rest -= SCALE;
            ++received;
        }
        if (received > owed) return (owed, 0);
    }
}
