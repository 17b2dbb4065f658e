// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {PPM, YEAR} from "./Units.sol";

/// @title What a loss pays
/// @notice A layer of cover, as in reinsurance: nothing up to the attachment point, a fixed share of every unit of
/// loss above it, nothing more from the exhaustion point on.
library IndemnityMath {
    /// @param baseline Registered yearly trade with the coercer, in units
    /// @param ceding Share of the covered layer that the fund bears, in ppm
    /// @param attachment Where the layer begins, in ppm of the baseline
    /// @param exhaustion Where the layer ends, in ppm of the baseline
    struct Cover {
        uint128 baseline;
        uint24 ceding;
        uint24 attachment;
        uint24 exhaustion;
    }

    /// @notice The loss from which the fund pays, in units.
    /// @dev Rounds up: the fund pays from the first whole unit above it.
    function attachmentPoint(Cover memory cover) internal pure returns (uint256) {
        return Math.mulDiv(cover.attachment, cover.baseline, PPM, Math.Rounding.Ceil);
    }

    /// @notice The loss beyond which the fund pays no more, in units. Rounds down.
    function exhaustionPoint(Cover memory cover) internal pure returns (uint256) {
        return Math.mulDiv(cover.exhaustion, cover.baseline, PPM);
    }

    /// @notice The net loss that counts: never more than the trade that could have taken place, and without what
    /// allies bought.
    /// @param reported Cumulative net loss as reported, in units
    /// @param bought What allies bought on the SolidarityMarket by then, in units
    /// @param elapsed Time since the attack began, in seconds
    /// @dev The share of the baseline rounds down.
    function netLoss(
        Cover memory cover,
        uint256 reported,
        uint256 bought,
        uint256 elapsed
    ) internal pure returns (uint256) {
        uint256 possible = Math.mulDiv(cover.baseline, elapsed, YEAR);
        return Math.saturatingSub(Math.min(reported, possible), bought);
    }

    /// @notice What the fund pays for a cumulative net loss of `loss`, in units: ceding × (min(loss, X) − A) above A,
    /// else 0.
    /// @dev Rounds down: dust stays in the fund.
    function payableFor(Cover memory cover, uint256 loss) internal pure returns (uint256) {
        uint256 covered = Math.saturatingSub(Math.min(loss, exhaustionPoint(cover)), attachmentPoint(cover));
        return Math.mulDiv(cover.ceding, covered, PPM);
    }

    /// @notice The most the fund can ever pay under this cover, in units.
    function mostPayable(Cover memory cover) internal pure returns (uint256) {
        return payableFor(cover, exhaustionPoint(cover));
    }
}
