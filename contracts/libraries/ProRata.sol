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
    /// @param shares Sum of all shares
    /// @param outstanding What is still owed, in units
    struct Epoch {
        uint256 index;
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
    struct Position {
        uint128 owed;
        uint128 shares; // slot 0: 16 + 16 = 32 bytes
        uint96 index;
        uint96 rest;
        uint48 epoch; // slot 1: 12 + 12 + 6 = 30 bytes
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
        (uint256 older, ) = _received(pool, obligation.older);
        (uint256 newer, ) = _received(pool, obligation.newer);
        received = older + newer;
        owed = uint256(obligation.older.owed) + obligation.newer.owed - received;
    }

    /// @notice Brings an obligation up to date.
    /// @return received What it has received since it was last settled, in units
    function settle(Pool storage pool, Obligation storage obligation) internal returns (uint256 received) {
        received = _settle(pool, obligation.older) + _settle(pool, obligation.newer);
    }

    /// @notice Makes the pool owe `amount` more to an obligation that has just been settled.
    function add(Pool storage pool, Obligation storage obligation, uint256 amount) internal {
        Epoch storage epoch = pool.epochs[pool.last];
        if (pool.first == pool.last && epoch.shares > epoch.outstanding * MOST_SHARES_PER_UNIT) {
            epoch = pool.epochs[++pool.last];
        }
        Position storage position = obligation.newer;
        if (position.epoch != pool.last) {
            // The position before the newer one lies in a completed epoch, so nothing is lost with it.
            if (position.owed > 0) obligation.older = position;
            delete obligation.newer;
            position.epoch = pool.last;
        }
        position.index = epoch.index.toUint96();
        uint256 shares = epoch.shares == 0 ? amount : amount.mulDiv(epoch.shares, epoch.outstanding);
        position.owed += amount.toUint128();
        position.shares += shares.toUint128();
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
        if (taken == amount) return (taken, spare);
        (uint256 takenBefore, uint256 spareBefore) = _reduce(pool, obligation.older, amount - taken);
        return (taken + takenBefore, spare + spareBefore);
    }

    function _distribute(Pool storage pool, uint256 amount) private returns (uint256 used) {
        Epoch storage epoch = pool.epochs[pool.first];
        uint256 owed = epoch.outstanding;
        if (owed == 0) return 0;
        if (amount < owed) {
            epoch.index += amount.mulDiv(SCALE, epoch.shares);
            epoch.outstanding = (owed - amount).toUint128();
            return amount;
        }
        epoch.outstanding = 0;
        _complete(pool);
        return owed;
    }

    /// @dev What a part of a position is owed counts in full against the outstanding total: what divisions left over
    /// already lies in the pot for the others.
    function _reduce(
        Pool storage pool,
        Position storage position,
        uint256 amount
    ) private returns (uint256 taken, uint256 spare) {
        uint256 owed = position.owed;
        taken = Math.min(amount, owed);
        if (taken == 0) return (0, 0);
        Epoch storage epoch = pool.epochs[position.epoch];
        uint256 shares = taken == owed ? position.shares : uint256(position.shares).mulDiv(taken, owed);
        position.owed -= taken.toUint128();
        position.shares -= shares.toUint128();
        epoch.shares -= shares.toUint128();
        spare = taken.saturatingSub(epoch.outstanding);
        epoch.outstanding -= (taken - spare).toUint128();
        if (epoch.outstanding == 0 && position.epoch == pool.first) _complete(pool);
    }

    function _complete(Pool storage pool) private {
        if (pool.first == pool.last) ++pool.last;
        ++pool.first;
    }

    function _settle(Pool storage pool, Position storage position) private returns (uint256 received) {
        if (position.owed == 0) return 0;
        uint256 rest;
        (received, rest) = _received(pool, position);
        position.rest = rest.toUint96();
        if (position.epoch < pool.first) {
            position.owed = 0;
            position.shares = 0;
        } else {
            position.owed -= received.toUint128();
            position.index = pool.epochs[position.epoch].index.toUint96();
        }
    }

    /// @dev Rounds down to whole units; the rest counts for the next time.
    function _received(
        Pool storage pool,
        Position storage position
    ) private view returns (uint256 received, uint256 rest) {
        uint256 owed = position.owed;
        if (owed == 0 || position.epoch < pool.first) return (owed, 0);
        uint256 growth = pool.epochs[position.epoch].index - position.index;
        received = growth.mulDiv(position.shares, SCALE);
        rest = mulmod(growth, position.shares, SCALE) + position.rest;
        if (rest >= SCALE) {
            rest -= SCALE;
            ++received;
        }
        if (received > owed) return (owed, 0);
    }
}
