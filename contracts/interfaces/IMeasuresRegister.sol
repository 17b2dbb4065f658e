// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Joint measures
/// @notice What the alliance has decided to do about a state that coerces its members, and which member has carried it
/// out. The register compels nobody: it makes public who keeps what was agreed.
/// @dev Times in seconds since 1970. A measure is in force from its first second to its last, both included.
interface IMeasuresRegister {
    /// @notice What members are to do.
    enum Kind {
        Tariff,
        ImportRestriction,
        ExportControl,
        PublicProcurement,
        Services,
        Investment,
        Finance,
        IntellectualProperty,
        Standards,
        Other
    }

    /// @notice Where a measure stands, derived from its times.
    ///
    ///   adopt ──▶ Adopted ──▶ InForce ──▶ Expired
    ///                │           │
    ///                └─────┬─────┘
    ///                      ▼ endEarly
    ///                    Ended
    enum Status {
        None,
        Adopted,
        InForce,
        Ended,
        Expired
    }

    /// @notice How a member stands with a measure.
    ///   NotAsked     no such measure, no member, one that joined after the measure's end, or the measure was ended
    ///                before it came into force and the member had not carried it out
    ///   Awaited      not carried out yet, which is due by the measure's first second
    ///   Implemented  carried out; since when, `implementedAt` tells
    ///   Missing      not carried out, though the measure has come into force
    enum Compliance {
        NotAsked,
        Awaited,
        Implemented,
        Missing
    }

    /// @notice A measure; its instrument is told by its event.
    /// @param target The state it is directed at
    /// @param kind What members are to do
    /// @param start Its first second
    /// @param end Its last second, as adopted
    /// @param endedAt When the council ended it early; 0 if it did not
    struct JointMeasure {
        bytes3 target;
        Kind kind;
        uint48 start;
        uint48 end;
        uint48 endedAt; // 3 + 1 + 6 + 6 + 6 = 22 bytes
    }

    /// @notice The council adopted a measure.
    /// @param instrument Hash of the legal text that members carry out
    /// @param uri Where that text is
    event MeasureAdopted(
        uint256 indexed measureId,
        bytes3 indexed target,
        Kind kind,
        bytes32 instrument,
        string uri,
        uint48 start,
        uint48 end
    );
    /// @notice The council ended a measure before its time.
    event MeasureEnded(uint256 indexed measureId, uint48 endedAt);
    /// @notice A member has carried a measure out, or improved on how it does. `hash` is that of the national act.
    event ImplementationFiled(uint256 indexed measureId, bytes3 indexed code, bytes32 hash, string uri);

    /// @notice The target is a valid code and no member.
    error MeasureInvalidTarget(bytes3 target);
    /// @notice An instrument or an implementation needs a hash and a URI.
    error MeasureNoDocument();
    /// @notice A measure ends after it starts.
    error MeasureBadTimes(uint48 start, uint48 end);
    /// @notice The measure's status does not allow this.
    error MeasureWrongStatus(uint256 measureId, Status status);
    /// @notice Only an account of a member may do this.
    error MeasureNotMember(address caller);

    /// @notice Adopts a measure. The council only.
    /// @param instrument Hash of the legal text that members carry out
    /// @param start Its first second; one that has passed when the vote is carried out becomes that moment
    /// @param end Its last second
    /// @return measureId The number of the measure
    function adopt(
        bytes3 target,
        Kind kind,
        bytes32 instrument,
        string calldata uri,
        uint48 start,
        uint48 end
    ) external returns (uint256 measureId);

    /// @notice Ends a measure now, whether or not it is in force yet. The council only.
    function endEarly(uint256 measureId) external;

    /// @notice Files how a member carries a measure out, before or while it is in force; filing again adds to it. Sent
    /// by the member's treasury or delegate.
    function fileImplementation(uint256 measureId, bytes32 hash, string calldata uri) external;

    /// @notice How many measures were ever adopted; ids count from 1.
    function measureCount() external view returns (uint256);

    /// @notice A measure; all zero for an unknown id.
    function measure(uint256 measureId) external view returns (JointMeasure memory);

    /// @notice Where a measure stands.
    function statusOf(uint256 measureId) external view returns (Status);

    /// @notice When a member first filed how it carries a measure out; 0 if it has not.
    function implementedAt(uint256 measureId, bytes3 code) external view returns (uint48);

    /// @notice How a member stands with a measure.
    function complianceOf(uint256 measureId, bytes3 code) external view returns (Compliance);
}
