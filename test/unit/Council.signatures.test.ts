import { expect } from "chai";
import { Signature, ZeroAddress, concat, getBytes, toBeHex } from "ethers";
import { network } from "hardhat";

import { CaseStatus, ProposalState, Support, fileAttack } from "../support/alliance.ts";
import type { Alliance, TestMember } from "../support/alliance.ts";
import {
  URGENT_GAS,
  ballotData,
  ballotHash,
  cast,
  only,
  openCouncil,
  openVote,
  signature,
  signed,
} from "../support/council.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const open = () => openCouncil(connection);

/** The same signature with the other s, which is as valid on the curve. */
function malleable(bySig: string): string {
  const { r, s, v } = Signature.from(bySig);
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  return concat([r, toBeHex(order - BigInt(s), 32), toBeHex(v === 27 ? 28 : 27, 1)]);
}

async function nothingCast(a: Alliance, proposalId: bigint, voter: string, nonce = 0n): Promise<void> {
  expect(await a.council.hasVoted(proposalId, voter)).to.equal(false);
  expect(await a.council.nonces(voter)).to.equal(nonce);
}

/** Signatures of a State's delegate that must not count as its ballot For. */
async function voidSignatures(a: Alliance, m: TestMember, proposalId: bigint): Promise<Record<string, string>> {
  const { delegate } = m;
  const good = await signature(a, delegate, proposalId, Support.For);
  const { domain, types, message } = await ballotData(a, delegate.address, proposalId, Support.For);
  return {
    "of another support": await signature(a, delegate, proposalId, Support.Against),
    "of another proposal": await signature(a, delegate, proposalId + 1n, Support.For),
    "of a later nonce": await signature(a, delegate, proposalId, Support.For, { nonce: 1n }),
    "for another chain": await signature(a, delegate, proposalId, Support.For, { chainId: 1n }),
    "for another contract": await signature(a, delegate, proposalId, Support.For, {
      verifyingContract: await a.registry.getAddress(),
    }),
    "for another name": await signature(a, delegate, proposalId, Support.For, { name: "Council" }),
    "by another key": await signature(a, a.stranger, proposalId, Support.For, { voter: delegate.address }),
    "by the treasury": await signature(a, m.treasury, proposalId, Support.For, { voter: delegate.address }),
    "of the extended form": await signature(a, delegate, proposalId, Support.For, {
      extended: { reason: "", params: "0x" },
    }),
    "without a domain": await delegate.signTypedData({}, types, message),
    "of the hash as a message": await delegate.signMessage(
      getBytes(await ballotHash(a, delegate.address, proposalId, Support.For)),
    ),
    "with the high s": malleable(good),
    "in 64 bytes (ERC-2098)": Signature.from(good).compactSerialized,
    "cut short": good.slice(0, -2),
    "with a byte more": good + "00",
    "with an unknown v": good.slice(0, -2) + "1d",
    "of zeros": "0x" + "00".repeat(65),
    "that is empty": "0x",
    "for the version after": await delegate.signTypedData({ ...domain, version: "2" }, types, message),
  };
}

describe("Council: ballots by signature", () => {
  describe("castVoteBySig", () => {
    it("casts the ballot of the delegate that signed it, handed in by anyone", async () => {
      const { a, proposalId } = await loadFixture(open);
      const { delegate } = a.states[1]!;
      const bySig = await signature(a, delegate, proposalId, Support.Against);
      const voter = delegate.address;
      await expect(a.council.connect(a.relayer).castVoteBySig(proposalId, Support.Against, voter, bySig))
        .to.emit(a.council, "VoteCast")
        .withArgs(voter, proposalId, Support.Against, 1n, "");
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([1n, 0n, 0n]);
      expect(await a.council.nonces(voter)).to.equal(1n);
    });

    it("casts one with a reason and parameters", async () => {
      const { a, proposalId } = await loadFixture(open);
      const voter = a.states[1]!.delegate.address;
      const extended = { reason: "in solidarity", params: "0xc0de" };
      const bySig = await signature(a, a.states[1]!.delegate, proposalId, Support.For, { extended });
      const council = a.council.connect(a.relayer);
      await expect(
        council.castVoteWithReasonAndParamsBySig(proposalId, Support.For, voter, "other words", "0xc0de", bySig),
      )
        .to.be.revertedWithCustomError(a.council, "GovernorInvalidSignature")
        .withArgs(voter);
      await expect(
        council.castVoteWithReasonAndParamsBySig(proposalId, Support.For, voter, "in solidarity", "0xc0de", bySig),
      )
        .to.emit(a.council, "VoteCastWithParams")
        .withArgs(voter, proposalId, Support.For, 1n, "in solidarity", "0xc0de");
      expect(await a.council.nonces(voter)).to.equal(1n);
    });

    it("refuses what the delegate did not sign for this ballot, and keeps its nonce", async () => {
      const { a, proposalId } = await loadFixture(open);
      await openVote(a);
      const m = a.states[1]!;
      const voter = m.delegate.address;
      for (const [which, bySig] of Object.entries(await voidSignatures(a, m, proposalId))) {
        await expect(a.council.castVoteBySig(proposalId, Support.For, voter, bySig), which)
          .to.be.revertedWithCustomError(a.council, "GovernorInvalidSignature")
          .withArgs(voter);
      }
      await nothingCast(a, proposalId, voter);
    });

    it("refuses the same signature twice, and a second ballot with a new one", async () => {
      const { a, proposalId } = await loadFixture(open);
      const { delegate } = a.states[1]!;
      const voter = delegate.address;
      const bySig = await signature(a, delegate, proposalId, Support.For);
      await a.council.castVoteBySig(proposalId, Support.For, voter, bySig);
      await expect(a.council.castVoteBySig(proposalId, Support.For, voter, bySig))
        .to.be.revertedWithCustomError(a.council, "GovernorInvalidSignature")
        .withArgs(voter);
      const another = await signature(a, delegate, proposalId, Support.Against);
      await expect(a.council.castVoteBySig(proposalId, Support.Against, voter, another))
        .to.be.revertedWithCustomError(a.council, "GovernorAlreadyCastVote")
        .withArgs(voter);
      expect(await a.council.nonces(voter)).to.equal(1n);
    });

    it("refuses a stranger's own signature, and one for nobody", async () => {
      const { a, proposalId } = await loadFixture(open);
      const bySig = await signature(a, a.stranger, proposalId, Support.For);
      await expect(a.council.castVoteBySig(proposalId, Support.For, a.stranger.address, bySig))
        .to.be.revertedWithCustomError(a.council, "CouncilNoSeat")
        .withArgs(proposalId, a.stranger.address);
      await expect(a.council.castVoteBySig(proposalId, Support.For, ZeroAddress, "0x" + "00".repeat(65)))
        .to.be.revertedWithCustomError(a.council, "GovernorInvalidSignature")
        .withArgs(ZeroAddress);
    });
  });

  describe("castVotesBySig", () => {
    it("casts many ballots in one transaction, each with its event", async () => {
      const { a, proposalId } = await loadFixture(open);
      const supports = [Support.For, Support.Against, Support.Abstain, Support.For];
      const ballots = await Promise.all(
        supports.map((support, i) => signed(a, a.states[i]!.delegate, proposalId, support)),
      );
      const council = a.council.connect(a.relayer);
      expect(await council.castVotesBySig.staticCall(proposalId, ballots)).to.equal(4n);
      const casting = council.castVotesBySig(proposalId, ballots);
      for (const [i, support] of supports.entries()) {
        const voter = a.states[i]!.delegate.address;
        await expect(casting).to.emit(a.council, "VoteCast").withArgs(voter, proposalId, support, 1n, "");
        expect(await a.council.nonces(voter)).to.equal(1n);
      }
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([1n, 2n, 1n]);
      expect(await a.council.ballotBox(proposalId)).to.deep.equal([0b111_0000n, 7n]);
    });

    it("skips void ballots, keeps their nonces, and casts the valid ones around them", async () => {
      const { a, proposalId } = await loadFixture(open);
      await openVote(a);
      const m = a.states[1]!;
      const voter = m.delegate.address;
      const before = await signed(a, a.states[0]!.delegate, proposalId, Support.For);
      const after = await signed(a, a.states[2]!.delegate, proposalId, Support.For);
      const spoilt = Object.values(await voidSignatures(a, m, proposalId)).map((bySig) => ({
        voter,
        support: Support.For,
        signature: bySig,
      }));
      await a.council.castVotesBySig(proposalId, [before, ...spoilt, after]);
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 2n, 0n]);
      await nothingCast(a, proposalId, voter);
      // Spoilt ballots have spoilt nothing: the good one still counts.
      await a.council.castVotesBySig(proposalId, [...spoilt, await signed(a, m.delegate, proposalId, Support.For)]);
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 3n, 0n]);
      expect(await a.council.nonces(voter)).to.equal(1n);
    });

    it("skips one that is already cast: twice in the list, or by the voter itself before", async () => {
      const { a, proposalId } = await loadFixture(open);
      const [one, other] = [a.states[0]!.delegate, a.states[1]!.delegate];
      const early = await signed(a, other, proposalId, Support.For);
      await a.council.connect(other).castVote(proposalId, Support.Against);
      const ballot = await signed(a, one, proposalId, Support.For);
      const next = await signed(a, one, proposalId, Support.Against, { nonce: 1n });
      expect(await a.council.castVotesBySig.staticCall(proposalId, [early, ballot, ballot, next])).to.equal(1n);
      await a.council.castVotesBySig(proposalId, [early, ballot, ballot, next]);
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([1n, 1n, 0n]);
      expect([await a.council.nonces(one.address), await a.council.nonces(other.address)]).to.deep.equal([1n, 0n]);
    });

    it("skips an unknown support, and voters without a seat of the electorate", async () => {
      const { a, proposalId } = await loadFixture(open);
      const ballots = await Promise.all([
        signed(a, a.states[0]!.delegate, proposalId, 3),
        signed(a, a.stranger, proposalId, Support.For),
        signed(a, a.states[0]!.treasury, proposalId, Support.For),
        signed(a, a.partners[0]!.delegate, proposalId, Support.For),
      ]);
      expect(await a.council.castVotesBySig.staticCall(proposalId, ballots)).to.equal(0n);
      const sent = await a.council.castVotesBySig(proposalId, ballots);
      await expect(sent).not.to.emit(a.council, "VoteCast");
      for (const { voter } of ballots) expect(await a.council.nonces(voter)).to.equal(0n);
      expect(await a.council.castVotesBySig.staticCall(proposalId, [])).to.equal(0n);
    });

    it("stops at the decision: what is left keeps its nonce", async () => {
      const { a, proposalId } = await loadFixture(open);
      const ballots = await Promise.all(a.states.map(({ delegate }) => signed(a, delegate, proposalId, Support.For)));
      expect(await a.council.castVotesBySig.staticCall(proposalId, ballots)).to.equal(4n);
      await expect(a.council.castVotesBySig(proposalId, ballots))
        .to.emit(a.council, "Decided")
        .withArgs(proposalId, true);
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 4n, 0n]);
      expect(await a.council.nonces(a.states[3]!.delegate.address)).to.equal(1n);
      expect(await a.council.nonces(a.states[4]!.delegate.address)).to.equal(0n);
      await expect(a.council.castVotesBySig(proposalId, ballots.slice(4)))
        .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
        .withArgs(proposalId, ProposalState.Succeeded, only(ProposalState.Active));
    });

    it("stops at a decision against too", async () => {
      const { a, proposalId } = await loadFixture(open);
      const ballots = await Promise.all(
        a.states.map(({ delegate }) => signed(a, delegate, proposalId, Support.Against)),
      );
      await a.council.castVotesBySig(proposalId, ballots);
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([4n, 0n, 0n]);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Defeated);
    });

    it("recognises an attack at the decision, with what a relayer brings", async () => {
      const { a } = await loadFixture(open);
      const { proposalId, attackId } = await fileAttack(a, a.states[0]!);
      await a.time.increase(1n);
      const ballots = await Promise.all(a.states.map(({ delegate }) => signed(a, delegate, proposalId, Support.For)));
      const casting = a.council.connect(a.relayer).castVotesBySig(proposalId, ballots, URGENT_GAS);
      await expect(casting).to.emit(a.council, "ProposalExecuted").withArgs(proposalId);
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 4n, 0n]);
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Recognised);
      // The attacked member's ballot came first and was skipped.
      expect(await a.council.nonces(a.states[0]!.delegate.address)).to.equal(0n);
    });

    it("is refused for a proposal that is not open", async () => {
      const { a, proposalId } = await loadFixture(open);
      await expect(a.council.castVotesBySig(9n, []))
        .to.be.revertedWithCustomError(a.council, "GovernorNonexistentProposal")
        .withArgs(9n);
      const deadline = await a.council.proposalDeadline(proposalId);
      const ballot = await signed(a, a.states[0]!.delegate, proposalId, Support.For);
      await a.time.setNextBlockTimestamp(deadline);
      await a.council.castVotesBySig(proposalId, [ballot]);
      const late = await signed(a, a.states[1]!.delegate, proposalId, Support.For);
      await a.time.setNextBlockTimestamp(deadline + 1n);
      await expect(a.council.castVotesBySig(proposalId, [late]))
        .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
        .withArgs(proposalId, ProposalState.Defeated, only(ProposalState.Active));
    });
  });

  it("two ballots signed with one nonce, for two proposals: the one handed in first counts", async () => {
    const { a, proposalId } = await loadFixture(open);
    const other = await openVote(a);
    const { delegate } = a.states[1]!;
    const [first, second] = [
      await signed(a, delegate, proposalId, Support.For),
      await signed(a, delegate, other, Support.For),
    ];
    await a.council.castVotesBySig(other, [second]);
    expect(await a.council.castVotesBySig.staticCall(proposalId, [first])).to.equal(0n);
    await cast(a, proposalId, [a.states[1]!], Support.For);
    expect(await a.council.hasVoted(proposalId, delegate.address)).to.equal(true);
  });
});
