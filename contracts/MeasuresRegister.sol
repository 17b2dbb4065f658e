// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {Governed} from "./Governed.sol";
import {IMeasuresRegister} from "./interfaces/IMeasuresRegister.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {CountryCode} from "./libraries/CountryCode.sol";

/// @title MeasuresRegister
contract MeasuresRegister is Governed, IMeasuresRegister {
    IMemberRegistry public immutable registry;

    /// @inheritdoc IMeasuresRegister
    uint256 public measureCount;

    /// @inheritdoc IMeasuresRegister
    mapping(uint256 measureId => mapping(bytes3 code => uint48)) public implementedAt;

    mapping(uint256 measureId => JointMeasure) private _measures;

    constructor(address timelock_, IMemberRegistry registry_) Governed(timelock_) {
        registry = registry_;
    }

    // Members

    /// @inheritdoc IMeasuresRegister
    function fileImplementation(uint256 measureId, bytes32 hash, string calldata uri) external {
        bytes3 code = registry.accountOf(msg.sender).code;
        require(registry.isMember(code), MeasureNotMember(msg.sender));
        _requireStanding(measureId);
        require(hash != 0 && bytes(uri).length > 0, MeasureNoDocument());

        if (implementedAt[measureId][code] == 0) implementedAt[measureId][code] = Time.timestamp();
        emit ImplementationFiled(measureId, code, hash, uri);
    }

    // Council

    /// @inheritdoc IMeasuresRegister
    function adopt(
        bytes3 target,
        Kind kind,
        bytes32 instrument,
        string calldata uri,
        uint48 start,
        uint48 end
    ) external onlyCouncil returns (uint256 measureId) {
        require(CountryCode.isValid(target) && !registry.isMember(target), MeasureInvalidTarget(target));
        require(instrument != 0 && bytes(uri).length > 0, MeasureNoDocument());
        // A vote and its timelock take weeks: nobody is to be late from the first second.
        start = uint48(Math.max(start, Time.timestamp()));
        require(start < end, MeasureBadTimes(start, end));

        measureId = ++measureCount;
        _measures[measureId] = JointMeasure(target, kind, start, end, 0);
        emit MeasureAdopted(measureId, target, kind, instrument, uri, start, end);
    }

    /// @inheritdoc IMeasuresRegister
    function endEarly(uint256 measureId) external onlyCouncil {
        _requireStanding(measureId);

        _measures[measureId].endedAt = Time.timestamp();
        emit MeasureEnded(measureId, Time.timestamp());
    }

    // Views

    /// @inheritdoc IMeasuresRegister
    function measure(uint256 measureId) external view returns (JointMeasure memory) {
        return _measures[measureId];
    }

    /// @inheritdoc IMeasuresRegister
    function statusOf(uint256 measureId) public view returns (Status) {
        JointMeasure memory m = _measures[measureId];
        if (m.target == 0) return Status.None;
        if (m.endedAt != 0) return Status.Ended;
        if (block.timestamp > m.end) return Status.Expired;
        return block.timestamp < m.start ? Status.Adopted : Status.InForce;
    }

    /// @inheritdoc IMeasuresRegister
    function complianceOf(uint256 measureId, bytes3 code) external view returns (Compliance) {
        JointMeasure memory m = _measures[measureId];
        if (m.target == 0 || !registry.isMember(code)) return Compliance.NotAsked;
        if (implementedAt[measureId][code] != 0) return Compliance.Implemented;
        uint48 until = m.endedAt == 0 ? m.end : m.endedAt;
        if (until < m.start || registry.member(code).admittedAt > until) return Compliance.NotAsked;
        return block.timestamp <= m.start ? Compliance.Awaited : Compliance.Missing;
    }

    function _requireStanding(uint256 measureId) private view {
        Status status = statusOf(measureId);
        require(status == Status.Adopted || status == Status.InForce, MeasureWrongStatus(measureId, status));
    }
}
