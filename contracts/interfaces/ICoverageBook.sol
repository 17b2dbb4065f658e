// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title What is covered
/// @notice Coverage terms by member, and the trade with each coercer that is registered for it. An attack uses what
/// was effective when it began. What was set before a member last joined counts no more.
/// @dev Amounts in base units of the settlement token, ratios in ppm, times in seconds since 1970.
interface ICoverageBook {
    /// @notice Terms of cover.
    /// @param ceding Share of the covered layer of a loss that the fund bears, 1 to 1,000,000 ppm
    /// @param attachment Where the layer begins, in ppm of the exposure, below `exhaustion`
    /// @param exhaustion Where the layer ends, in ppm of the exposure, at most 1,000,000
    /// @param yearlyLimit The most that attacks beginning in one year of cover may be awarded, in units
    struct Terms {
        uint24 ceding;
        uint24 attachment;
        uint24 exhaustion;
        uint104 yearlyLimit;
    }

    /// @notice A member's registered trade with a coercer.
    /// @param baseline Yearly trade, in units; 0 ends the cover
    /// @param dependence Share of the member's trade, in ppm
    /// @param source Hash of the document the figures come from
    struct Exposure {
        uint128 baseline;
        uint24 dependence;
        bytes32 source;
    }

    /// @notice An exposure to be set.
    struct ExposureEntry {
        bytes3 code;
        bytes3 coercer;
        Exposure exposure;
    }

    /// @notice These are the member's terms for attacks that begin from `effectiveAt` on.
    event TermsSet(bytes3 indexed code, Terms terms, uint48 effectiveAt);
    /// @notice This is the pair's exposure for attacks that begin from `effectiveAt` until `effectiveUntil`.
    event ExposureSet(
        bytes3 indexed code,
        bytes3 indexed coercer,
        Exposure exposure,
        uint48 effectiveAt,
        uint48 effectiveUntil
    );

    /// @notice The code is not that of an active or suspended member.
    error CoverageUnknownMember(bytes3 code);
    /// @notice The coercer is not a valid code, or is the member itself.
    error CoverageInvalidCoercer(bytes3 coercer);
    /// @notice Terms need 0 < ceding ≤ 1,000,000 and attachment < exhaustion ≤ 1,000,000.
    error CoverageInvalidTerms(Terms terms);
    /// @notice The dependence exceeds the whole, or a baseline lacks its source.
    error CoverageInvalidExposure(Exposure exposure);
    /// @notice At most `most` entries fit in one call.
    error CoverageTooManyEntries(uint256 count, uint256 most);

    /// @notice Sets the same terms for many members, at most 208, effective after 180 days. The council only.
    function setTerms(bytes3[] calldata codes, Terms calldata terms) external;

    /// @notice Registers exposures, at most 104, effective after 90 days and for three years from then. The council
    /// only.
    function setExposures(ExposureEntry[] calldata entries) external;

    /// @notice The terms effective at `timepoint`; all zero if there are none.
    function termsAt(bytes3 code, uint256 timepoint) external view returns (Terms memory);

    /// @notice The exposure effective at `timepoint`; all zero if there is none.
    function exposureAt(bytes3 code, bytes3 coercer, uint256 timepoint) external view returns (Exposure memory);

    /// @notice Terms and exposure effective at `timepoint`; all zero where there are none.
    /// @return terms The terms
    /// @return baseline The exposure's yearly trade, in units
    function coverAt(
        bytes3 code,
        bytes3 coercer,
        uint256 timepoint
    ) external view returns (Terms memory terms, uint128 baseline);
}
