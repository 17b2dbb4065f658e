// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {Campaign} from "./Ledger.t.sol";

/// @title Every act of the campaigns does something, and what seldom happens does happen
/// @dev The runner tells nothing of what happened in all its campaigns together. These choose their acts as it does,
/// by numbers that are the same every time, and check no law.
contract DrillTest {
    uint256 private constant CAMPAIGNS = 64;
    uint256 private constant ACTS = 100;
    /// @dev How often in all, at least.
    uint256 private constant OFTEN = 3;

    string[] private _rare = [
        "arrears cleared",
        "award in a streak",
        "award partly owed",
        "call issued",
        "case dropped",
        "charge of an award",
        "credit forfeited",
        "execute",
        "exit charge",
        "keys changed",
        "queue",
        "recognition failed",
        "recognition while stopped",
        "release",
        "release an orphan",
        "report while stopped",
        "settlement while stopped",
        "stop a recovery",
        "transfer deferred",
        "void an award",
        "void while owed",
        "vote restored"
    ];

    function test_noActIsIdle() external {
        Campaign[] memory campaigns = new Campaign[](2 * CAMPAIGNS);
        for (uint256 i = 0; i < campaigns.length; ++i) campaigns[i] = _drive(i);
        bytes4[] memory choice = campaigns[0].choice();
        string memory missing = "";
        for (uint256 i = 0; i < choice.length; ++i) {
            uint256 times = 0;
            for (uint256 j = 0; j < campaigns.length; ++j) times += campaigns[j].effectiveOf(choice[i]);
            if (times < OFTEN) missing = string.concat(missing, " ", Strings.toHexString(uint32(choice[i]), 4));
        }
        for (uint256 i = 0; i < _rare.length; ++i) {
            uint256 times = 0;
            for (uint256 j = 0; j < campaigns.length; ++j) times += campaigns[j].done(_rare[i]);
            if (times < OFTEN) missing = string.concat(missing, ", ", _rare[i]);
        }
        require(bytes(missing).length == 0, string.concat("too seldom:", missing));
    }

    /// @dev Half of the campaigns begin with a young alliance, half with one in need.
    function _drive(uint256 number) private returns (Campaign campaign) {
        campaign = new Campaign();
        if (number % 2 == 0) campaign.live(0, 2, false);
        else campaign.prepareNeed();
        bytes4[] memory choice = campaign.choice();
        for (uint256 i = 0; i < ACTS; ++i) {
            bytes32 seed = keccak256(abi.encode(number, i));
            // No act takes more than three words.
            bytes memory words = abi.encode(seed, keccak256(abi.encode(seed, 1)), keccak256(abi.encode(seed, 2)));
            bytes4 selector = choice[uint256(keccak256(abi.encode(seed, 3))) % choice.length];
            (bool succeeded, bytes memory reason) = address(campaign).call(bytes.concat(selector, words));
            require(succeeded, string.concat("an act fails: ", Strings.toHexString(uint32(bytes4(reason)), 4)));
        }
    }
}
