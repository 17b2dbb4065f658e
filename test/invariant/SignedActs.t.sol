// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IContributionLedger} from "../../contracts/interfaces/IContributionLedger.sol";
import {ICouncil} from "../../contracts/interfaces/ICouncil.sol";
import {bound, vm} from "../support/Vm.sol";
import {SolidarityActs} from "./SolidarityActs.t.sol";

/// @title What is paid and voted by signature, and ballots with reasons
abstract contract SignedActs is SolidarityActs {
    bytes32 private constant DOMAIN = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant PERMIT = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant RECEIVE = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,"
        "uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 private constant BALLOT = keccak256("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)");
    bytes32 private constant EXTENDED_BALLOT = keccak256(
        "ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)"
    );

    uint64 private _serials;

    /// @notice Somebody pays for a member by a permit, which somebody else may have used before.
    function contributeWithPermit(uint256 seed, uint256 amount) external act {
        bytes3 code = _member(seed);
        if (code == 0 || token.paused()) return;
        uint128 pays = uint128(bound(amount, 1, MILLION));
        uint256 deadline = _now() + 1;
        bytes32 structHash = keccak256(
            abi.encode(
                PERMIT,
                payer,
                address(fund),
                uint256(pays),
                IERC20Permit(address(token)).nonces(payer),
                deadline
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = _sign(payer, address(token), structHash);
        if (seed % 2 == 0) IERC20Permit(address(token)).permit(payer, address(fund), pays, deadline, v, r, s);
        vm.prank(payer);
        ledger.contributeWithPermit(code, pays, deadline, v, r, s);
        _did("contribute with a permit");
    }

    /// @notice Anybody hands in what a payer has signed.
    function contributeWithAuthorization(uint256 seed, uint256 amount) external act {
        bytes3 code = _member(seed);
        if (code == 0 || token.paused()) return;
        IContributionLedger.Authorization memory a;
        a.payer = payer;
        a.amount = uint128(bound(amount, 1, MILLION));
        a.validBefore = _now() + 1;
        a.serial = ++_serials;
        bytes32 nonce = ledger.authorizationNonce(code, a.serial);
        bytes32 structHash = keccak256(
            abi.encode(RECEIVE, payer, address(fund), uint256(a.amount), 0, a.validBefore, nonce)
        );
        a.signature = _signature(payer, address(token), structHash);
        vm.prank(stranger);
        ledger.contributeWithAuthorization(code, a);
        _did("contribute with an authorization");
        if (
            _tries(
                stranger,
                address(ledger),
                abi.encodeCall(IContributionLedger.contributeWithAuthorization, (code, a))
            )
        ) {
            _breach(2, "an authorization worked twice");
        }
    }

    /// @notice A ballot with a reason, or one of those by signature.
    function castOtherwise(uint256 seed) external act {
        uint256 proposalId = _someProposal(seed);
        if (proposalId == 0) return;
        address voter = _voter(proposalId, seed >> 8);
        if (voter == address(0)) return;
        uint8 support = uint8((seed >> 16) % 3);
        uint256 how = (seed >> 24) % 4;
        if (how == 0) {
            vm.prank(voter);
            IGovernor(address(council)).castVoteWithReason(proposalId, support, "why");
        } else if (how == 1) {
            vm.prank(voter);
            IGovernor(address(council)).castVoteWithReasonAndParams(proposalId, support, "why", hex"01");
        } else if (how == 2) {
            bytes memory signature = _ballot(proposalId, support, voter);
            vm.prank(stranger);
            IGovernor(address(council)).castVoteBySig(proposalId, support, voter, signature);
        } else {
            bytes memory signature = _extendedBallot(proposalId, support, voter);
            vm.prank(stranger);
            IGovernor(address(council)).castVoteWithReasonAndParamsBySig(
                proposalId,
                support,
                voter,
                "why",
                hex"01",
                signature
            );
        }
        _did("cast a ballot otherwise");
    }

    /// @notice Several signed ballots at once; the first is handed in again, and one is not signed by its voter.
    function castVotesBySignature(uint256 seed) external act {
        uint256 proposalId = _someProposal(seed);
        if (proposalId == 0) return;
        ICouncil.Ballot[] memory ballots = new ICouncil.Ballot[](5);
        uint256 voters = 0;
        for (uint256 i = 0; i < 3; ++i) {
            address voter = _voter(proposalId, (seed >> 8) + i);
            if (voter == address(0)) return;
            if (voters > 0 && ballots[voters - 1].voter == voter) continue;
            ballots[voters++] = ICouncil.Ballot(voter, FOR, _ballot(proposalId, FOR, voter));
        }
        for (uint256 i = voters; i < 5; ++i) ballots[i] = ballots[0];
        ballots[4] = ICouncil.Ballot(ballots[0].voter, 0, ballots[0].signature);
        (uint208 remaining, ) = council.ballotBox(proposalId);
        vm.prank(stranger);
        uint256 cast = council.castVotesBySig(proposalId, ballots);
        (uint208 left, ) = council.ballotBox(proposalId);
        if (cast > voters || left == remaining) _breach(6, "signed ballots counted otherwise");
        _did("cast signed ballots");
    }

    function _ballot(uint256 proposalId, uint8 support, address voter) private view returns (bytes memory) {
        uint256 nonce = IERC20Permit(address(council)).nonces(voter);
        return _signature(voter, address(council), keccak256(abi.encode(BALLOT, proposalId, support, voter, nonce)));
    }

    function _extendedBallot(uint256 proposalId, uint8 support, address voter) private view returns (bytes memory) {
        uint256 nonce = IERC20Permit(address(council)).nonces(voter);
        bytes32 why = keccak256("why");
        bytes32 params = keccak256(hex"01");
        bytes32 structHash = keccak256(abi.encode(EXTENDED_BALLOT, proposalId, support, voter, nonce, why, params));
        return _signature(voter, address(council), structHash);
    }

    function _signature(address signer, address verifier, bytes32 structHash) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = _sign(signer, verifier, structHash);
        return abi.encodePacked(r, s, v);
    }

    function _sign(
        address signer,
        address verifier,
        bytes32 structHash
    ) private view returns (uint8, bytes32, bytes32) {
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _domainOf(verifier), structHash));
        return vm.sign(_keyOf[signer], digest);
    }

    function _domainOf(address verifier) private view returns (bytes32) {
        (, string memory name, string memory version, uint256 chainId, , , ) = IERC5267(verifier).eip712Domain();
        return keccak256(abi.encode(DOMAIN, keccak256(bytes(name)), keccak256(bytes(version)), chainId, verifier));
    }
}
