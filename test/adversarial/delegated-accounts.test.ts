import { expect } from "chai";
import { Wallet, ZeroAddress, concat, id } from "ethers";
import { network } from "hardhat";

import { DAY, ProposalState, Support } from "../support/alliance.ts";
import { URGENT_GAS, cast, openVote, rotate, signed, sittingCouncil } from "../support/council.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

/** What the code answers when it is asked for a signature. */
const Manner = { Agrees: 0, Declines: 1, BurnsGas: 5 } as const;

/** The State of seat 1 votes by a key that can have its account run a contract's code. */
async function withKey() {
  const a = await sittingCouncil(connection);
  const key = new Wallet(id("a key whose account runs a contract's code"), a.ethers.provider);
  await connection.networkHelpers.setBalance(key.address, 10n ** 20n);
  await rotate(a, [a.states[1]!, key.address]);
  const { chainId } = await a.ethers.provider.getNetwork();
  /** Sets the code of the key's account (EIP-7702); the zero address takes it off again. */
  const run = async (address: string) => {
    // The transaction itself uses the nonce before.
    const authorization = await key.authorize({ address, nonce: (await key.getNonce()) + 1, chainId });
    const transaction = { type: 4, to: a.stranger.address, authorizationList: [authorization] };
    await (await key.sendTransaction(transaction)).wait();
  };
  /** The same with a contract that answers for signatures in one manner. It has no storage of its own here. */
  const runManner = async (manner: number) => {
    const code = await a.ethers.deployContract("HostileWallet", [manner]);
    await run(await code.getAddress());
    await code.attach(key.address).getFunction("setManner")(manner);
  };
  return { a, key, run, runManner, proposalId: await openVote(a) };
}

describe("A delegate whose account runs a contract's code (EIP-7702)", () => {
  it("votes by its own transactions as before", async () => {
    const { a, key, runManner, proposalId } = await loadFixture(withKey);
    await runManner(Manner.Declines);
    const code = await a.ethers.provider.getCode(key.address);
    expect(code.slice(0, 8)).to.equal("0xef0100");
    await a.council.connect(key).castVote(proposalId, Support.For);
    expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 1n, 0n]);
  });

  it("signs as its code says: the key's own signature counts only if the code takes it", async () => {
    const { a, key, run, runManner, proposalId } = await loadFixture(withKey);
    const ballot = await signed(a, key, proposalId, Support.For);
    await runManner(Manner.Declines);
    expect(await a.council.castVotesBySig.staticCall(proposalId, [ballot])).to.equal(0n);
    await expect(a.council.castVoteBySig(proposalId, Support.For, ballot.voter, ballot.signature))
      .to.be.revertedWithCustomError(a.council, "GovernorInvalidSignature")
      .withArgs(key.address);
    await run(ZeroAddress);
    expect(await a.ethers.provider.getCode(key.address)).to.equal("0x");
    await a.council.castVotesBySig(proposalId, [ballot]);
    expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 1n, 0n]);
  });

  it("has one ballot, however it is cast", async () => {
    const { a, key, run, runManner, proposalId } = await loadFixture(withKey);
    await runManner(Manner.Agrees);
    await a.council.castVotesBySig(proposalId, [{ voter: key.address, support: Support.Against, signature: "0x" }]);
    await run(ZeroAddress);
    await expect(a.council.connect(key).castVote(proposalId, Support.For))
      .to.be.revertedWithCustomError(a.council, "GovernorAlreadyCastVote")
      .withArgs(key.address);
    const again = await signed(a, key, proposalId, Support.For);
    expect(await a.council.castVotesBySig.staticCall(proposalId, [again])).to.equal(0n);
    expect(await a.council.proposalVotes(proposalId)).to.deep.equal([1n, 0n, 0n]);
  });

  it("signs for nobody else: other seats' ballots need their own keys", async () => {
    const { a, key, runManner, proposalId } = await loadFixture(withKey);
    await runManner(Manner.Agrees);
    const other = a.states[2]!.delegate;
    const forged = await signed(a, key, proposalId, Support.For, { voter: other.address });
    expect(await a.council.castVotesBySig.staticCall(proposalId, [forged])).to.equal(0n);
    // Its code is asked about its own ballots alone.
    const own = { ...forged, voter: key.address, signature: concat([forged.signature, "0x00"]) };
    expect(await a.council.castVotesBySig.staticCall(proposalId, [forged, own])).to.equal(1n);
  });

  it("holds a batch up only until it is left out, if its code burns all gas", async () => {
    const { a, key, runManner, proposalId } = await loadFixture(withKey);
    await runManner(Manner.BurnsGas);
    const others = await Promise.all(
      a.states.slice(2, 6).map(({ delegate }) => signed(a, delegate, proposalId, Support.For)),
    );
    const burning = { voter: key.address, support: Support.For, signature: "0x" };
    await expect(a.council.castVotesBySig(proposalId, [burning, ...others], URGENT_GAS)).to.be.revert(a.ethers);
    await a.council.castVotesBySig(proposalId, others, URGENT_GAS);
    expect(await a.council.state(proposalId)).to.equal(ProposalState.Succeeded);
  });

  it("is replaced like any other account, and its signature is void from then on", async () => {
    const { a, key, runManner, proposalId } = await loadFixture(withKey);
    await runManner(Manner.Agrees);
    const fresh = a.spare(0);
    await rotate(a, [a.states[1]!, fresh.address]);
    const old = { voter: key.address, support: Support.For, signature: "0x" };
    expect(await a.council.castVotesBySig.staticCall(proposalId, [old])).to.equal(0n);
    await a.council.connect(fresh).castVote(proposalId, Support.Against);
    await a.time.increase(DAY);
    await cast(a, proposalId, a.states.slice(2, 3), Support.For);
    expect(await a.council.proposalVotes(proposalId)).to.deep.equal([1n, 1n, 0n]);
  });
});
