// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IndemnityMath} from "../../contracts/libraries/IndemnityMath.sol";

/// @title What holds of every cover and every loss (invariant 4)
/// @dev Losses fit in 128 bits, as in the register's storage.
contract IndemnityMathProofs {
    using IndemnityMath for IndemnityMath.Cover;

    function paysNothingUpToTheAttachmentPoint(IndemnityMath.Cover memory cover, uint128 loss) external pure {
        if (loss <= cover.attachmentPoint()) assert(cover.payableFor(loss) == 0);
    }

    function netLossIsNeverMoreThanReported(
        IndemnityMath.Cover memory cover,
        uint128 reported,
        uint128 bought,
        uint48 elapsed
    ) external pure {
        uint256 net = cover.netLoss(reported, bought, elapsed);
        assert(net <= reported);
        if (bought >= reported) assert(net == 0);
    }
}
