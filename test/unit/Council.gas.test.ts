import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";

import { Support } from "../support/alliance.ts";
import type { TestMember } from "../support/alliance.ts";
import { codesOf, openVote, signed, sittingCouncil } from "../support/council.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const SEATS = 208;
/** What every call stays under. */
const CALL = 16_700_000n;

/** All seats are given, and a vote is open. */
async function full() {
  const a = await sittingCouncil(connection, { states: codesOf(SEATS), partners: [] });
  const proposalId = await openVote(a);
  /** Hands these members' ballots in together; what it cost. */
  const bring = async (some: bigint, voters: TestMember[], support: number) => {
    const ballots = await Promise.all(voters.map(({ delegate }) => signed(a, delegate, some, support)));
    return await gasOf(a.council.connect(a.relayer).castVotesBySig(some, ballots));
  };
  return { a, proposalId, bring };
}

async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<bigint> {
  return (await (await sending).wait())!.gasUsed;
}

describe("Council: gas with 208 seats", () => {
  it("all ballots together fit in one call, also of voters that never signed before", async () => {
    const { a, proposalId, bring } = await loadFixture(full);
    expect(await bring(proposalId, a.states, Support.Abstain)).to.be.lessThan(CALL);
    expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 0n, 208n]);
    expect(await a.council.ballotBox(proposalId)).to.deep.equal([0n, 208n]);
  });

  it("counts to more than half of 208, and to half against", async () => {
    const { a, proposalId, bring } = await loadFixture(full);
    await bring(proposalId, a.states, Support.For);
    expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 105n, 0n]);
    const other = await openVote(a);
    await bring(other, a.states, Support.Against);
    expect(await a.council.proposalVotes(other)).to.deep.equal([104n, 0n, 0n]);
  });
});
