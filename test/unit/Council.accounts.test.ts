import { expect } from "chai";
import { concat } from "ethers";
import { network } from "hardhat";

import { Support } from "../support/alliance.ts";
import type { Alliance } from "../support/alliance.ts";
import { ballotHash, openVote, rotate, signature, signed, sittingCouncil } from "../support/council.ts";
import { createSafe, inOrder } from "../support/safe.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const Manner = { Agrees: 0, Declines: 1, Reverts: 2, AnswersTooMuch: 3, AnswersTooLittle: 4, BurnsGas: 5 } as const;

/** The State of seat 1 votes by a contract account whose one key is `a.spare(0)`. */
async function withWallet() {
  const a = await sittingCouncil(connection);
  const wallet = await a.ethers.deployContract("Wallet1271", [a.spare(0).address]);
  await rotate(a, [a.states[1]!, await wallet.getAddress()]);
  return { a, wallet, key: a.spare(0), proposalId: await openVote(a) };
}

/** The State of seat 1 votes by a contract account that can misbehave. */
async function withHostile() {
  const a = await sittingCouncil(connection);
  const hostile = await a.ethers.deployContract("HostileWallet", [Manner.Agrees]);
  await rotate(a, [a.states[1]!, await hostile.getAddress()]);
  return { a, hostile, proposalId: await openVote(a) };
}

/** The State of seat 1 votes by a Safe of three officials, two of whom sign. */
async function withSafe() {
  const a = await sittingCouncil(connection);
  const owners = inOrder([0, 1, 2].map((i) => a.spare(i)));
  const safe = await (await createSafe(a, a.deployer, owners, 2, "SafeL2.sol/SafeL2.json")).getAddress();
  await rotate(a, [a.states[1]!, safe]);
  const proposalId = await openVote(a);
  /** The officials sign what the Safe is to answer for. */
  const signs = async (hash: string, ...officials: typeof owners) => {
    const { chainId } = await a.ethers.provider.getNetwork();
    const domain = { chainId, verifyingContract: safe };
    const types = { SafeMessage: [{ name: "message", type: "bytes" }] };
    return concat(await Promise.all(officials.map((one) => one.signTypedData(domain, types, { message: hash }))));
  };
  return { a, safe, owners, signs, proposalId };
}

async function nothingCast(a: Alliance, proposalId: bigint, voter: string, nonce = 0n): Promise<void> {
  expect(await a.council.hasVoted(proposalId, voter)).to.equal(false);
  expect(await a.council.nonces(voter)).to.equal(nonce);
}

describe("Council: contract accounts that vote", () => {
  describe("given a delegate that is a contract account", () => {
    it("votes by its own call", async () => {
      const { a, wallet, key, proposalId } = await loadFixture(withWallet);
      const data = a.council.interface.encodeFunctionData("castVote", [proposalId, Support.For]);
      await expect(wallet.connect(key).execute(await a.council.getAddress(), data))
        .to.emit(a.council, "VoteCast")
        .withArgs(await wallet.getAddress(), proposalId, Support.For, 1n, "");
    });

    it("votes by the signature it accepts, alone or among many", async () => {
      const { a, wallet, key, proposalId } = await loadFixture(withWallet);
      const voter = await wallet.getAddress();
      const wrong = await signature(a, a.stranger, proposalId, Support.For, { voter });
      await expect(a.council.castVoteBySig(proposalId, Support.For, voter, wrong))
        .to.be.revertedWithCustomError(a.council, "GovernorInvalidSignature")
        .withArgs(voter);
      const ballots = [
        { voter, support: Support.For, signature: wrong },
        await signed(a, a.states[0]!.delegate, proposalId, Support.For),
        await signed(a, key, proposalId, Support.Abstain, { voter }),
      ];
      await a.council.connect(a.relayer).castVotesBySig(proposalId, ballots);
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 1n, 1n]);
      expect(await a.council.nonces(voter)).to.equal(1n);
    });

    it("votes by castVoteBySig", async () => {
      const { a, wallet, key, proposalId } = await loadFixture(withWallet);
      const voter = await wallet.getAddress();
      const bySig = await signature(a, key, proposalId, Support.For, { voter });
      await a.council.castVoteBySig(proposalId, Support.For, voter, bySig);
      expect(await a.council.hasVoted(proposalId, voter)).to.equal(true);
    });
  });

  describe("given a delegate that is a Safe of two in three", () => {
    it("votes by two officials' signatures, and not by one's", async () => {
      const { a, safe, owners, signs, proposalId } = await loadFixture(withSafe);
      const hash = await ballotHash(a, safe, proposalId, Support.For);
      const [one, two, three] = owners;
      const ballotBy = async (...officials: typeof owners) => ({
        voter: safe,
        support: Support.For,
        signature: await signs(hash, ...officials),
      });
      const spoilt = [await ballotBy(one!), await ballotBy(three!, two!), await ballotBy(two!, two!)];
      expect(await a.council.castVotesBySig.staticCall(proposalId, spoilt)).to.equal(0n);
      await a.council.castVotesBySig(proposalId, [...spoilt, await ballotBy(one!, three!)]);
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 1n, 0n]);
      expect(await a.council.hasVoted(proposalId, safe)).to.equal(true);
      expect(await a.council.nonces(safe)).to.equal(1n);
    });

    it("votes by castVoteBySig", async () => {
      const { a, safe, owners, signs, proposalId } = await loadFixture(withSafe);
      const hash = await ballotHash(a, safe, proposalId, Support.Against);
      const bySig = await signs(hash, owners[1]!, owners[2]!);
      await expect(a.council.castVoteBySig(proposalId, Support.Against, safe, bySig))
        .to.emit(a.council, "VoteCast")
        .withArgs(safe, proposalId, Support.Against, 1n, "");
    });
  });

  describe("given a contract account that misbehaves when it is asked", () => {
    for (const manner of ["Declines", "Reverts", "AnswersTooLittle"] as const) {
      it(`skips its ballot if it ${manner}`, async () => {
        const { a, hostile, proposalId } = await loadFixture(withHostile);
        await hostile.setManner(Manner[manner]);
        const voter = await hostile.getAddress();
        await expect(a.council.castVoteBySig(proposalId, Support.For, voter, "0x"))
          .to.be.revertedWithCustomError(a.council, "GovernorInvalidSignature")
          .withArgs(voter);
        const ballots = [
          { voter, support: Support.For, signature: "0x" },
          await signed(a, a.states[0]!.delegate, proposalId, Support.For),
        ];
        await a.council.castVotesBySig(proposalId, ballots);
        expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 1n, 0n]);
        await nothingCast(a, proposalId, voter);
      });
    }

    it("copies no more than a word of its answer, however long", async () => {
      const { a, hostile, proposalId } = await loadFixture(withHostile);
      const voter = await hostile.getAddress();
      const ballot = { voter, support: Support.For, signature: "0x" };
      const brief = await a.council.castVotesBySig.estimateGas(proposalId, [ballot]);
      await hostile.setManner(Manner.AnswersTooMuch);
      const long = await a.council.castVotesBySig.estimateGas(proposalId, [ballot]);
      // The account pays for its own memory once: 100,032 bytes are 3,126 words. The council does not pay for it again.
      const memory = 3n * 3_126n + (3_126n * 3_126n) / 512n;
      expect(long - brief).to.be.lessThan((memory * 12n) / 10n);
      await a.council.castVotesBySig(proposalId, [ballot]);
      expect(await a.council.hasVoted(proposalId, voter)).to.equal(true);
    });

    it("loses no ballot of others to one that burns all gas: it holds a batch up only until it is left out", async () => {
      const { a, hostile, proposalId } = await loadFixture(withHostile);
      await hostile.setManner(Manner.BurnsGas);
      const ballots = [
        { voter: await hostile.getAddress(), support: Support.For, signature: "0x" },
        await signed(a, a.states[0]!.delegate, proposalId, Support.For),
      ];
      const gasLimit = 500_000;
      await expect(a.council.castVotesBySig(proposalId, ballots, { gasLimit })).to.revert(a.ethers);
      await nothingCast(a, proposalId, a.states[0]!.delegate.address);
      await a.council.castVotesBySig(proposalId, ballots.slice(1), { gasLimit });
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 1n, 0n]);
      // With enough left in the last 64th, even the batch with it goes through.
      const third = await signed(a, a.states[2]!.delegate, proposalId, Support.For);
      await a.council.castVotesBySig(proposalId, [ballots[0]!, third], { gasLimit: 12_000_000 });
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 2n, 0n]);
    });
  });
});
