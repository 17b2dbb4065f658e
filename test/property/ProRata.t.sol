// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ProRata} from "../../contracts/libraries/ProRata.sol";

/// @title A pool with eight creditors, and what a book-keeper who adds everything up knows of it
abstract contract Creditors {
    using ProRata for ProRata.Pool;

    uint256 internal constant CREDITORS = 8;

    ProRata.Pool internal pool;
    mapping(uint256 creditor => ProRata.Obligation) internal obligations;
    mapping(uint256 creditor => uint256) internal collected;
    uint256 internal owedEver;
    uint256 internal arrived;
    uint256 internal takenBack;
    uint256 internal spared;

    function _owe(uint256 creditor, uint256 amount) internal {
        _collect(creditor);
        pool.add(obligations[creditor], amount);
        owedEver += amount;
    }

    function _collect(uint256 creditor) internal returns (uint256 received) {
        received = pool.settle(obligations[creditor]);
        collected[creditor] += received;
    }

    function _arrive(uint256 amount) internal returns (uint256 used) {
        used = pool.distribute(amount);
        arrived += used;
    }

    function _takeBack(uint256 creditor, uint256 amount) internal returns (uint256 taken) {
        _collect(creditor);
        uint256 spare;
        (taken, spare) = pool.reduce(obligations[creditor], amount);
        takenBack += taken;
        spared += spare;
    }

    /// @dev What a creditor has received since its first obligation, collected or not.
    function _received(uint256 creditor) internal view returns (uint256) {
        (, uint256 waiting) = pool.balanceOf(obligations[creditor]);
        return collected[creditor] + waiting;
    }

    function _owedTo(uint256 creditor) internal view returns (uint256 owed) {
        (owed, ) = pool.balanceOf(obligations[creditor]);
    }

    function _bound(uint256 value, uint256 least, uint256 most) internal pure returns (uint256) {
        return least + (value % (most - least + 1));
    }

    /// @dev An amount of any magnitude up to 2^`bits`, small ones as likely as great ones.
    function _anyAmount(uint256 random, uint256 bits) internal pure returns (uint256) {
        return 1 + (uint256(keccak256(abi.encode(random))) >> (256 - (random % bits) - 1));
    }

    function _random(uint256 seed, uint256 step, uint256 purpose) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, step, purpose)));
    }
}

/// @title Whatever happens to a pool, in any order
contract ProRataConservationTest is Creditors {
    using ProRata for ProRata.Pool;

    uint256 private constant STEPS = 40;

    /// @dev Amounts up to 2^96 units: with six decimals, 79 quintillion.
    function testFuzz_conservesEveryUnit(uint256 seed) external {
        for (uint256 step = 0; step < STEPS; ++step) {
            _act(seed, step, 96);
            _assertConserved();
        }
        _completeAll();
    }

    /// @dev Amounts that keep crossing the boundary between epochs.
    function testFuzz_conservesEveryUnitOfSmallSums(uint256 seed) external {
        for (uint256 step = 0; step < STEPS; ++step) {
            _act(seed, step, 12);
            _assertConserved();
        }
        _completeAll();
    }

    function _act(uint256 seed, uint256 step, uint256 bits) private {
        uint256 creditor = _random(seed, step, 1) % CREDITORS;
        uint256 amount = _anyAmount(_random(seed, step, 2), bits);
        uint256 action = _random(seed, step, 3) % 16;
        if (action < 6) _owe(creditor, amount);
        else if (action < 9) _arrive(amount);
        else if (action < 11) _arrive(pool.outstanding() - pool.outstanding() / (1 + amount));
        else if (action < 12) _arrive((pool.outstanding() * 9995) / 10000);
        else if (action < 14) _collect(creditor);
        else _takeBack(creditor, action == 14 ? amount : type(uint128).max);
    }

    function _assertConserved() private view {
        uint256 owed;
        uint256 received;
        uint256 waiting;
        for (uint256 i = 0; i < CREDITORS; ++i) {
            owed += _owedTo(i);
            received += collected[i];
            waiting += _received(i) - collected[i];
        }
        uint256 outstanding = pool.outstanding();
        require(owedEver - takenBack == arrived - spared + outstanding, "3: awards = paid and owed");
        require(arrived - spared >= received + waiting, "1: nothing received that did not arrive");
        require(arrived - spared - received - waiting == owed - outstanding, "1: what is left over is still owed");
    }

    function _completeAll() private {
        _arrive(type(uint256).max);
        require(pool.outstanding() == 0, "5: enough money completes all");
        for (uint256 i = 0; i < CREDITORS; ++i) {
            require(_owedTo(i) == 0, "5: in a closed epoch nobody is owed anything");
            _collect(i);
        }
        uint256 received;
        for (uint256 i = 0; i < CREDITORS; ++i) received += collected[i];
        require(received == arrived - spared, "1: nothing is left over in the end");
    }
}

/// @title Who gets how much
/// @dev Amounts up to 2^76 units: with six decimals, 75 quadrillion. A share is then never worth a unit of the index.
contract ProRataProportionTest is Creditors {
    using ProRata for ProRata.Pool;

    uint256 private constant BITS = 76;

    function testFuzz_dividesByWhatEachIsOwed(uint256 a, uint256 b, uint256 c, uint256 money) external {
        uint256[3] memory owed = [_anyAmount(a, BITS), _anyAmount(b, BITS), _anyAmount(c, BITS)];
        for (uint256 i = 0; i < 3; ++i) _owe(i, owed[i]);
        uint256 total = owed[0] + owed[1] + owed[2];
        money = _arrive(_bound(money, 0, total));

        for (uint256 i = 0; i < 3; ++i) {
            uint256 due = (owed[i] * money) / total;
            require(_received(i) == due || _received(i) + 1 == due, "5: in proportion, within one unit, rounded down");
        }
    }

    /// @dev The second arrival is divided by what each is owed then, the newcomer included.
    function testFuzz_dividesByWhatEachIsOwedThen(uint256 a, uint256 b, uint256 first, uint256 second) external {
        uint256 older = _bound(a, 1, 2 ** BITS);
        uint256 newer = _bound(b, 1, 2 ** BITS);
        _owe(0, older);
        // The epoch stays open: at least a thousandth is left.
        _arrive(_bound(first, 0, older - older / 1000 - 1));
        uint256 left = _owedTo(0);
        uint256 before = _received(0);
        _owe(1, newer);
        second = _arrive(_bound(second, 0, left + newer - 1));

        uint256 due = (newer * second) / (left + newer);
        _requireNear(_received(1), due, 2);
        _requireNear(_received(0) - before, second - due, 2);
    }

    function testFuzz_completesAClosingEpochFirst(uint256 a, uint256 b, uint256 money) external {
        uint256 older = _bound(a, 2000, 2 ** BITS);
        uint256 newer = _bound(b, 2, 2 ** BITS);
        _owe(0, older);
        _arrive(older - (older - 1) / 1000);
        uint256 left = pool.outstanding();
        _owe(1, newer);
        money = _bound(money, 1, left + newer - 1);
        _arrive(money);

        uint256 toNewer = money > left ? money - left : 0;
        if (money >= left) require(_received(0) == older, "5: a closing epoch first, to the unit");
        else require(_received(1) == 0, "5: a closing epoch first");
        _requireNear(_received(0), money >= left ? older : older - left + money, 1);
        _requireNear(_received(1), toNewer, 1);
    }

    function testFuzz_takesNewObligationsDownToAThousandth(uint256 a) external {
        uint256 thousandths = _bound(a, 2, 2 ** 66);
        _owe(0, 1000 * thousandths);
        _arrive(999 * thousandths);
        _owe(1, thousandths);
        require(pool.first == pool.last, "5: at a thousandth an epoch is open");
        _arrive(2 * thousandths - 1);
        _owe(2, 1);
        require(pool.last == pool.first + 1, "5: below a thousandth it is closing");
    }

    function testFuzz_paysExactlyWhatIsOwedInTheEnd(uint256 seed, uint256 instalments) external {
        instalments = _bound(instalments, 1, 30);
        uint256[CREDITORS] memory owed;
        uint256 total;
        for (uint256 i = 0; i < CREDITORS; ++i) {
            owed[i] = _anyAmount(_random(seed, i, 1), BITS);
            total += owed[i];
            _owe(i, owed[i]);
        }
        for (uint256 i = 0; i < instalments; ++i) {
            _arrive(total / instalments);
            _collect(_random(seed, i, 2) % CREDITORS);
        }
        _arrive(total);
        for (uint256 i = 0; i < CREDITORS; ++i) require(_received(i) == owed[i], "5: a closed epoch is exact");
    }

    /// @dev A newcomer's shares are rounded down, to the good of those who hold some already: with many small newcomers
    /// by more than a unit.
    function testFuzz_givesNobodyMoreThanItIsOwed(uint256 a, uint256 first, uint256 newcomers, uint256 rest) external {
        uint256 older = _bound(a, 2, 200);
        newcomers = _bound(newcomers, 1, 30);
        _owe(0, older);
        first = _arrive(_bound(first, 1, older / 2));
        for (uint256 i = 0; i < newcomers; ++i) _owe(1, 1);
        uint256 total = pool.outstanding();
        uint256 money = _arrive(total - _bound(rest, 1, total));

        uint256 received = _received(0);
        require(received + 1 >= first + ((older - first) * money) / total, "5: newcomers take nothing from the older");
        require(received <= older && _received(1) <= newcomers, "5: nobody receives more than it is owed");
    }

    function _requireNear(uint256 value, uint256 due, uint256 tolerance) private pure {
        require(value <= due + tolerance && due <= value + tolerance, "5: in proportion, within a unit per obligation");
    }
}

/// @title Collecting early or late
contract ProRataCollectingTest is Creditors {
    using ProRata for ProRata.Pool;

    ProRata.Pool private _twin;
    mapping(uint256 creditor => ProRata.Obligation) private _twins;

    function testFuzz_doesNotMatter(uint256 seed) external {
        _collectBothWays(seed, 40, 0);
    }

    /// @dev Every third arrival leaves less than a thousandth: debts lie in one epoch after the other.
    function testFuzz_doesNotMatterOverManyEpochs(uint256 seed) external {
        _collectBothWays(seed, 20, 3);
    }

    /// @dev One pool is collected from after every arrival, its twin only when the rules need it.
    /// @param closing One arrival in so many closes an epoch; 0 if none does on purpose
    function _collectBothWays(uint256 seed, uint256 bits, uint256 closing) private {
        uint256[CREDITORS] memory twinCollected;
        for (uint256 step = 0; step < 30; ++step) {
            uint256 creditor = _random(seed, step, 1) % CREDITORS;
            uint256 amount = _anyAmount(_random(seed, step, 2), bits);
            if (_random(seed, step, 3) % 3 == 0) {
                _owe(creditor, amount);
                twinCollected[creditor] += _twin.settle(_twins[creditor]);
                _twin.add(_twins[creditor], amount);
            } else {
                if (closing > 0 && _random(seed, step, 4) % closing == 0) amount = (pool.outstanding() * 9995) / 10000;
                _arrive(amount);
                _twin.distribute(amount);
                for (uint256 i = 0; i < CREDITORS; ++i) _collect(i);
            }
        }
        for (uint256 i = 0; i < CREDITORS; ++i) {
            (, uint256 waiting) = _twin.balanceOf(_twins[i]);
            require(_received(i) == twinCollected[i] + waiting, "5: counted from its creation, whatever the order");
            require(_twin.settle(_twins[i]) == waiting, "5: all that waits is collected, from both epochs");
            _collect(i);
            require(_received(i) == collected[i], "5: nothing waits for who has just collected");
        }
    }
}
