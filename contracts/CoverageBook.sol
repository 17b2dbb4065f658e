// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Governed} from "./Governed.sol";
import {ICoverageBook} from "./interfaces/ICoverageBook.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {CountryCode} from "./libraries/CountryCode.sol";
import {PPM} from "./libraries/Units.sol";

/// @title CoverageBook
contract CoverageBook is Governed, ICoverageBook {
    using Checkpoints for Checkpoints.Trace208;

    uint48 public constant TERMS_DELAY = 180 days;
    uint48 public constant EXPOSURE_DELAY = 90 days;
    uint48 public constant EXPOSURE_LIFE = 3 * 365 days;
    uint256 public constant TERMS_A_CALL = 208;
    uint256 public constant EXPOSURES_A_CALL = 128; // of 100,000 gas each

    IMemberRegistry public immutable registry;

    /// @dev By time of effect, the place of what was set in the lists below, counted from 1.
    mapping(bytes3 code => Checkpoints.Trace208) private _termsSince;
    mapping(bytes3 code => mapping(bytes3 coercer => Checkpoints.Trace208)) private _exposureSince;

    Terms[] private _termsSet;
    Exposure[] private _exposuresSet;

    constructor(address timelock_, IMemberRegistry registry_) Governed(timelock_) {
        registry = registry_;
    }

    /// @inheritdoc ICoverageBook
    function setTerms(bytes3[] calldata codes, Terms calldata terms) external onlyCouncil {
        require(codes.length <= TERMS_A_CALL, CoverageTooManyEntries(codes.length, TERMS_A_CALL));
        require(
            terms.ceding > 0 && terms.ceding <= PPM && terms.attachment < terms.exhaustion && terms.exhaustion <= PPM,
            CoverageInvalidTerms(terms)
        );

        uint48 effectiveAt = Time.timestamp() + TERMS_DELAY;
        _termsSet.push(terms);
        for (uint256 i = 0; i < codes.length; ++i) {
            _requireMember(codes[i]);
            _termsSince[codes[i]].push(effectiveAt, uint208(_termsSet.length));
            emit TermsSet(codes[i], terms, effectiveAt);
        }
    }

    /// @inheritdoc ICoverageBook
    function setExposures(ExposureEntry[] calldata entries) external onlyCouncil {
        require(entries.length <= EXPOSURES_A_CALL, CoverageTooManyEntries(entries.length, EXPOSURES_A_CALL));
        uint48 effectiveAt = Time.timestamp() + EXPOSURE_DELAY;
        for (uint256 i = 0; i < entries.length; ++i) {
            ExposureEntry calldata e = entries[i];
            _requireMember(e.code);
            require(CountryCode.isValid(e.coercer) && e.coercer != e.code, CoverageInvalidCoercer(e.coercer));
            require(
                e.exposure.dependence <= PPM && (e.exposure.baseline == 0 || e.exposure.source != 0),
                CoverageInvalidExposure(e.exposure)
            );

            _exposuresSet.push(e.exposure);
            _exposureSince[e.code][e.coercer].push(effectiveAt, uint208(_exposuresSet.length));
            emit ExposureSet(e.code, e.coercer, e.exposure, effectiveAt, effectiveAt + EXPOSURE_LIFE);
        }
    }

    /// @inheritdoc ICoverageBook
    function termsAt(bytes3 code, uint256 timepoint) external view returns (Terms memory terms) {
        uint256 place = _effective(_termsSince[code], code, timepoint, TERMS_DELAY);
        if (place > 0) terms = _termsSet[place - 1];
    }

    /// @inheritdoc ICoverageBook
    function exposureAt(
        bytes3 code,
        bytes3 coercer,
        uint256 timepoint
    ) external view returns (Exposure memory exposure) {
        Checkpoints.Trace208 storage since = _exposureSince[code][coercer];
        uint256 place = _effective(since, code, timepoint, EXPOSURE_DELAY);
        if (place == 0) return exposure;
        // What was effective three years ago already has lapsed.
        bool lapsed = timepoint > EXPOSURE_LIFE && since.upperLookup(uint48(timepoint - EXPOSURE_LIFE - 1)) == place;
        if (!lapsed) exposure = _exposuresSet[place - 1];
    }

    /// @dev The place of what is effective at `timepoint`; 0 if nothing is, or if it was set before the member last joined.
    function _effective(
        Checkpoints.Trace208 storage since,
        bytes3 code,
        uint256 timepoint,
        uint48 delay
    ) private view returns (uint256 place) {
        place = since.upperLookupRecent(SafeCast.toUint48(timepoint));
        if (place == 0 || !registry.isMember(code)) return 0;
        uint256 setBeforeJoining = since.upperLookup(registry.member(code).admittedAt + delay - 1);
        if (place <= setBeforeJoining) return 0;
    }

    function _requireMember(bytes3 code) private view {
        require(registry.isMember(code), CoverageUnknownMember(code));
    }
}
