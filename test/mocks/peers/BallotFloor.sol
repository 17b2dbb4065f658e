// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title The least that a decision by ballots of seats can cost
/// @dev One storage slot counts everything. It leaves out who may propose, deadlines, abstentions, keys that change,
/// signatures, a timelock and every view: one word says whose seat an account casts, and the majority acts at once.
contract BallotFloor {
    /// @dev 208 bits of seats that have not voted, then 8 each of the ballots in favour, those against and the seats.
    mapping(uint256 proposalId => uint256) private _boxes;
    mapping(address account => uint256) private _bitOf;
    mapping(uint256 proposalId => bytes32) private _acts;
    uint256 private _electorate;

    event Opened(uint256 indexed proposalId, address target, bytes data);
    event Cast(address indexed voter, uint256 proposalId, bool inFavour);

    error NoSeat(address account);
    error NotDecided(uint256 proposalId);
    error NotTheAct(uint256 proposalId);

    constructor(address[] memory seats) {
        for (uint256 i = 0; i < seats.length; ++i) _bitOf[seats[i]] = 1 << i;
        _electorate = (1 << seats.length) - 1 + (seats.length << 224);
    }

    function open(uint256 proposalId, address target, bytes calldata data) external {
        _boxes[proposalId] = _electorate;
        _acts[proposalId] = keccak256(abi.encode(target, data));
        emit Opened(proposalId, target, data);
    }

    function cast(uint256 proposalId, bool inFavour) external {
        uint256 box = _boxes[proposalId];
        uint256 bit = _bitOf[msg.sender];
        require(box & bit != 0, NoSeat(msg.sender));
        _boxes[proposalId] = box - bit + (inFavour ? 1 << 208 : 1 << 216);
        emit Cast(msg.sender, proposalId, inFavour);
    }

    function carryOut(uint256 proposalId, address target, bytes calldata data) external {
        uint256 box = _boxes[proposalId];
        require(2 * uint256(uint8(box >> 208)) > box >> 224, NotDecided(proposalId));
        require(_acts[proposalId] == keccak256(abi.encode(target, data)), NotTheAct(proposalId));
        delete _acts[proposalId];
        (bool done, ) = target.call(data);
        require(done, NotTheAct(proposalId));
    }
}
