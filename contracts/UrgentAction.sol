// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IAttackRegister} from "./interfaces/IAttackRegister.sol";

/// @title UrgentAction
/// @dev The part of the council that knows what an urgent proposal does: the recognition of one attack, and nothing
/// else. All of it follows from the attack, so none of it is stored.
abstract contract UrgentAction {
    IAttackRegister public immutable register;

    /// @dev " #proposer=" and the register's address, 11 + 42 characters: more than one immutable holds. The ending
    /// reserves the proposal for the register, else any seat could take the identical one first.
    bytes32 private immutable _endingStart;
    bytes21 private immutable _endingRest;

    constructor(IAttackRegister register_) {
        register = register_;
        bytes memory ending = bytes(string.concat(" #proposer=", Strings.toHexString(address(register_))));
        _endingStart = bytes32(ending);
        _endingRest = bytes21(Bytes.slice(ending, 32));
    }

    function _recognition(
        uint256 attackId
    )
        internal
        view
        returns (address[] memory targets, uint256[] memory values, bytes[] memory calldatas, string memory description)
    {
        targets = new address[](1);
        values = new uint256[](1);
        calldatas = new bytes[](1);
        targets[0] = address(register);
        calldatas[0] = abi.encodeCall(IAttackRegister.recognise, (attackId));
        description = string(
            bytes.concat("Recognise attack ", bytes(Strings.toString(attackId)), _endingStart, _endingRest)
        );
    }

    function _isRecognition(address target, bytes memory data) internal view returns (bool) {
        return target == address(register) && bytes4(data) == IAttackRegister.recognise.selector;
    }

    /// @dev The attack that such an action would recognise.
    function _attackIn(bytes memory data) internal pure returns (uint256 attackId) {
        return uint256(bytes32(Bytes.slice(data, 4)));
    }
}
