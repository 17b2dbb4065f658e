// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ContributionMath} from "../../contracts/libraries/ContributionMath.sol";
import {CountryCode} from "../../contracts/libraries/CountryCode.sol";
import {IndemnityMath} from "../../contracts/libraries/IndemnityMath.sol";
import {ProRata} from "../../contracts/libraries/ProRata.sol";
import {SeatBitmap} from "../../contracts/libraries/SeatBitmap.sol";
import {StepFunction} from "../../contracts/libraries/StepFunction.sol";

/// @title The libraries, many inputs at a time
/// @dev Meant for calls that leave nothing behind: pools and steps begin empty.
contract ExposedLibraries {
    using IndemnityMath for IndemnityMath.Cover;
    using ProRata for ProRata.Pool;
    using SeatBitmap for uint208;
    using StepFunction for StepFunction.Steps;

    struct Assessment {
        uint256 capacity;
        uint256 dependence;
        uint256 loading;
        uint256 millionths;
        uint256 amount;
        uint256 weights;
        uint256 genesis;
        uint256 timestamp;
    }

    struct Exit {
        uint256 memberWeight;
        uint256 allWeights;
        uint256 owed;
        uint256 committed;
        uint256 reserve;
    }

    struct Loss {
        IndemnityMath.Cover cover;
        uint256 reported;
        uint256 bought;
        uint256 elapsed;
        uint256 loss;
    }

    struct Seats {
        uint208 seats;
        uint8 seat;
    }

    /// @param creditor Who is owed `amount`, or among whom it is divided if `arrives`
    struct Movement {
        bool arrives;
        uint256 creditor;
        uint256 amount;
    }

    uint256 private constant CREDITORS = 4;

    mapping(uint256 place => ProRata.Pool) private _pools;
    mapping(uint256 place => mapping(uint256 creditor => ProRata.Obligation)) private _obligations;
    mapping(uint256 place => StepFunction.Steps) private _steps;

    /// @notice For each pool what its creditors are owed and have received in the end, creditor by creditor, and then
    /// what the pool owes in all and how many epochs it has completed.
    function proRata(Movement[][] calldata pools) external returns (uint256[][] memory results) {
        results = new uint256[][](pools.length);
        for (uint256 i = 0; i < pools.length; ++i) results[i] = _run(i, pools[i]);
    }

    /// @notice The steps that hold at the positions of each series.
    function stepsAt(
        StepFunction.Step[][] calldata series,
        uint256[][] calldata positions
    ) external returns (StepFunction.Step[][] memory results) {
        results = new StepFunction.Step[][](series.length);
        for (uint256 i = 0; i < series.length; ++i) {
            for (uint256 j = 0; j < series[i].length; ++j) _steps[i].set(series[i][j]);
            results[i] = new StepFunction.Step[](positions[i].length);
            for (uint256 j = 0; j < positions[i].length; ++j) results[i][j] = _steps[i].at(positions[i][j]);
        }
    }

    /// @notice The steps of each series that are kept, the last first.
    function stepsKept(StepFunction.Step[][] calldata series) external returns (StepFunction.Step[][] memory results) {
        results = new StepFunction.Step[][](series.length);
        for (uint256 i = 0; i < series.length; ++i) {
            StepFunction.Steps storage steps = _steps[i];
            for (uint256 j = 0; j < series[i].length; ++j) steps.set(series[i][j]);
            results[i] = new StepFunction.Step[](steps.count);
            for (uint256 j = 0; j < results[i].length; ++j) {
                results[i][j] = steps.last();
                steps.removeLast();
            }
        }
    }

    /// @notice weight, toUnits, callBudget, periodsDue of each.
    function assessments(Assessment[] calldata given) external pure returns (uint256[4][] memory results) {
        results = new uint256[4][](given.length);
        for (uint256 i = 0; i < given.length; ++i) {
            Assessment calldata a = given[i];
            results[i] = [
                ContributionMath.weight(a.capacity, a.dependence, a.loading),
                ContributionMath.toUnits(a.millionths),
                ContributionMath.callBudget(a.amount, a.weights),
                ContributionMath.periodsDue(a.genesis, a.timestamp)
            ];
        }
    }

    function exitCharges(Exit[] calldata given) external pure returns (uint256[] memory results) {
        results = new uint256[](given.length);
        for (uint256 i = 0; i < given.length; ++i) {
            Exit calldata e = given[i];
            results[i] = ContributionMath.exitCharge(e.memberWeight, e.allWeights, e.owed, e.committed, e.reserve);
        }
    }

    /// @notice attachmentPoint, exhaustionPoint, netLoss, payableFor, mostPayable of each.
    function losses(Loss[] calldata given) external pure returns (uint256[5][] memory results) {
        results = new uint256[5][](given.length);
        for (uint256 i = 0; i < given.length; ++i) {
            Loss calldata given_ = given[i];
            IndemnityMath.Cover memory cover = given_.cover;
            results[i] = [
                cover.attachmentPoint(),
                cover.exhaustionPoint(),
                cover.netLoss(given_.reported, given_.bought, given_.elapsed),
                cover.payableFor(given_.loss),
                cover.mostPayable()
            ];
        }
    }

    /// @notice contains (as 0 or 1), add, remove, count of each.
    function sets(Seats[] calldata given) external pure returns (uint256[4][] memory results) {
        results = new uint256[4][](given.length);
        for (uint256 i = 0; i < given.length; ++i) {
            Seats calldata s = given[i];
            results[i] = [
                s.seats.contains(s.seat) ? 1 : 0,
                uint256(s.seats.add(s.seat)),
                s.seats.remove(s.seat),
                s.seats.count()
            ];
        }
    }

    function areValid(bytes3[] calldata codes) external pure returns (bool[] memory results) {
        results = new bool[](codes.length);
        for (uint256 i = 0; i < codes.length; ++i) results[i] = CountryCode.isValid(codes[i]);
    }

    function _run(uint256 place, Movement[] calldata movements) private returns (uint256[] memory result) {
        ProRata.Pool storage pool = _pools[place];
        result = new uint256[](2 * CREDITORS + 2);
        for (uint256 i = 0; i < movements.length; ++i) {
            Movement calldata m = movements[i];
            if (m.arrives) {
                pool.distribute(m.amount);
            } else {
                ProRata.Obligation storage obligation = _obligations[place][m.creditor];
                result[2 * m.creditor + 1] += pool.settle(obligation);
                pool.add(obligation, m.amount);
            }
        }
        for (uint256 i = 0; i < CREDITORS; ++i) {
            (uint256 owed, uint256 received) = pool.balanceOf(_obligations[place][i]);
            result[2 * i] = owed;
            result[2 * i + 1] += received;
        }
        result[2 * CREDITORS] = pool.outstanding();
        result[2 * CREDITORS + 1] = pool.first;
    }
}
