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
    uint256 public constant EXPOSURES_A_CALL = 104; // 208 would need more gas than a transaction may have

    IMemberRegistry public immutable registry;

    /// @dev By time of effect, the place of what was set in the collections below, counted from 1.
    mapping(bytes3 code => Checkpoints.Trace208) private _termsSince;
    mapping(bytes3 code => mapping(bytes3 coercer => Checkpoints.Trace208)) private _exposureSince;

    /// @dev By place. A list would check its length at every look-up.
    mapping(uint256 place => Terms) private _termsSet;
    mapping(uint256 place => Exposure) private _exposuresSet;
    uint256 private _termsCount;
    uint256 private _exposuresCount;

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
        uint256 place = ++_termsCount;
        _termsSet[place] = terms;
        for (uint256 i = 0; i < codes.length; ++i) {
            _requireMember(codes[i]);
            _termsSince[codes[i]].push(effectiveAt, uint208(place));
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

            uint256 place = ++_exposuresCount;
            _exposuresSet[place] = e.exposure;
            _exposureSince[e.code][e.coercer].push(effectiveAt, uint208(place));
            emit ExposureSet(e.code, e.coercer, e.exposure, effectiveAt, effectiveAt + EXPOSURE_LIFE);
        }
    }

    /// @inheritdoc ICoverageBook
    function termsAt(bytes3 code, uint256 timepoint) external view returns (Terms memory) {
        return _termsSet[_termsPlace(code, timepoint, registry.joinedAt(code))];
    }

    /// @inheritdoc ICoverageBook
    function exposureAt(bytes3 code, bytes3 coercer, uint256 timepoint) external view returns (Exposure memory) {
        return _exposuresSet[_exposurePlace(code, coercer, timepoint, registry.joinedAt(code))];
    }

    /// @inheritdoc ICoverageBook
    function coverAt(
        bytes3 code,
        bytes3 coercer,
        uint256 timepoint
    ) external view returns (Terms memory terms, uint128 baseline) {
        uint48 joinedAt = registry.joinedAt(code);
        terms = _termsSet[_termsPlace(code, timepoint, joinedAt)];
        baseline = _exposuresSet[_exposurePlace(code, coercer, timepoint, joinedAt)].baseline;
    }

    function _termsPlace(bytes3 code, uint256 timepoint, uint48 joinedAt) private view returns (uint256) {
        return _effective(_termsSince[code], timepoint, joinedAt, TERMS_DELAY);
    }

    function _exposurePlace(
        bytes3 code,
        bytes3 coercer,
        uint256 timepoint,
        uint48 joinedAt
    ) private view returns (uint256 place) {
        Checkpoints.Trace208 storage since = _exposureSince[code][coercer];
        place = _effective(since, timepoint, joinedAt, EXPOSURE_DELAY);
        // What was effective three years ago already has lapsed.
        if (timepoint > EXPOSURE_LIFE && since.upperLookup(uint48(timepoint - EXPOSURE_LIFE - 1)) == place) return 0;
    }

    /// @dev The place of what is effective at `timepoint`; 0 if nothing is, or it was set before the member joined.
    function _effective(
        Checkpoints.Trace208 storage since,
        uint256 timepoint,
        uint48 joinedAt,
        uint48 delay
    ) private view returns (uint256 place) {
        place = joinedAt == 0 ? 0 : since.upperLookupRecent(SafeCast.toUint48(timepoint));
        if (place <= since.upperLookup(joinedAt + delay - 1)) return 0;
    }

    function _requireMember(bytes3 code) private view {
        require(registry.isMember(code), CoverageUnknownMember(code));
    }
}
