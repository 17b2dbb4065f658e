// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IndemnityMath} from "../../contracts/libraries/IndemnityMath.sol";

/// @dev Invariant 4, against the formula as it is written: payable(L) = ceding × (min(L, X) − A) if L > A, else 0,
/// with A and X shares of the exposure. Here all is kept in 1e12ths of a unit and never rounded, in plain checked
/// arithmetic: no value below exceeds 1e6 × 1e6 × 2^128.
contract IndemnityMathTest {
    using IndemnityMath for IndemnityMath.Cover;

    uint256 private constant WHOLE = 1_000_000;
    uint256 private constant YEAR = 31_536_000;

    function test_payable_isNothingUpToTheAttachment(
        uint128 baseline,
        uint24 c,
        uint24 a,
        uint24 x,
        uint128 any
    ) external pure {
        IndemnityMath.Cover memory cover = _cover(baseline, c, a, x);
        uint256 attachment = uint256(cover.attachment) * cover.baseline;
        uint256 loss = any % (attachment / WHOLE + 1);
        require(cover.payableFor(loss) == 0, "4");
    }

    function test_payable_isConstantFromTheExhaustion(
        uint128 baseline,
        uint24 c,
        uint24 a,
        uint24 x,
        uint128 any
    ) external pure {
        IndemnityMath.Cover memory cover = _cover(baseline, c, a, x);
        uint256 exhaustion = (uint256(cover.exhaustion) * cover.baseline + WHOLE - 1) / WHOLE;
        require(cover.payableFor(exhaustion + any) == cover.payableFor(exhaustion), "4");
        require(cover.payableFor(exhaustion) == cover.mostPayable(), "4");
    }

    function test_payable_isMonotone(
        uint128 baseline,
        uint24 c,
        uint24 a,
        uint24 x,
        uint128 any,
        uint128 more
    ) external pure {
        IndemnityMath.Cover memory cover = _cover(baseline, c, a, x);
        uint256 loss = any;
        require(cover.payableFor(loss) <= cover.payableFor(loss + more), "4");
        // Within the exposure too, where the layer lies.
        loss = any % (uint256(baseline) + 1);
        require(cover.payableFor(loss) <= cover.payableFor(loss + 1), "4");
    }

    function test_payable_neverExceedsTheCededLayer(
        uint128 baseline,
        uint24 c,
        uint24 a,
        uint24 x,
        uint128 any
    ) external pure {
        IndemnityMath.Cover memory cover = _cover(baseline, c, a, x);
        uint256 layer = uint256(cover.exhaustion - cover.attachment) * cover.baseline;
        require(cover.payableFor(any) * WHOLE * WHOLE <= cover.ceding * layer, "4");
    }

    /// @dev Rounded down, and by less than three units: one each for where the layer begins and
    /// ends, and one for the share.
    function test_payable_followsTheFormula(uint128 baseline, uint24 c, uint24 a, uint24 x, uint128 any) external pure {
        IndemnityMath.Cover memory cover = _cover(baseline, c, a, x);
        // Half of the losses lie within the exposure.
        uint256 loss = any % 2 == 0 ? any : any % (uint256(baseline) + 1);
        uint256 exact = _exact(cover, loss);
        uint256 paid = cover.payableFor(loss) * WHOLE * WHOLE;
        require(paid <= exact, "4");
        require(exact - paid < 3 * WHOLE * WHOLE, "4");
    }

    /// @dev An exposure of whole tokens of six decimals leaves only the last division to round.
    function test_payable_isExactForWholeTokens(
        uint96 tokens,
        uint24 c,
        uint24 a,
        uint24 x,
        uint128 any
    ) external pure {
        IndemnityMath.Cover memory cover = _cover(uint128(tokens) * 1_000_000, c, a, x);
        uint256 loss = any % (uint256(cover.baseline) + 1);
        require(cover.payableFor(loss) == _exact(cover, loss) / WHOLE / WHOLE, "4");
    }

    function test_netLoss_followsTheFormula(
        uint128 baseline,
        uint128 reported,
        uint128 bought,
        uint32 elapsed
    ) external pure {
        IndemnityMath.Cover memory cover = _cover(baseline, 1, 0, 1);
        uint256 loss = cover.netLoss(reported, bought, elapsed);
        uint256 possible = uint256(baseline) * elapsed;
        // min(reported, E × elapsed / 365 days), in YEARths of a unit.
        uint256 counted = uint256(reported) * YEAR < possible ? uint256(reported) * YEAR : possible;
        uint256 off = uint256(bought) * YEAR;
        uint256 exact = counted > off ? counted - off : 0;
        require(loss * YEAR <= exact && exact - loss * YEAR < YEAR, "4");
    }

    function _exact(IndemnityMath.Cover memory cover, uint256 loss) private pure returns (uint256) {
        uint256 begins = uint256(cover.attachment) * cover.baseline;
        uint256 ends = uint256(cover.exhaustion) * cover.baseline;
        uint256 reached = loss * WHOLE < ends ? loss * WHOLE : ends;
        return reached > begins ? cover.ceding * (reached - begins) : 0;
    }

    /// @dev Terms as the coverage book admits them.
    function _cover(
        uint128 baseline,
        uint24 ceding,
        uint24 attachment,
        uint24 exhaustion
    ) private pure returns (IndemnityMath.Cover memory) {
        uint24 whole = uint24(WHOLE);
        exhaustion = 1 + (exhaustion % whole);
        return IndemnityMath.Cover(baseline, 1 + (ceding % whole), attachment % exhaustion, exhaustion);
    }
}
