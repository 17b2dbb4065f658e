import { expect } from "chai";

import { castVotesBySig } from "../../scripts/lib/simulation/ballot-call.ts";
import type { SignedBallot } from "../../scripts/lib/simulation/ballot-call.ts";
import { Council__factory } from "../../typechain-types/index.ts";

const council = Council__factory.connect(`0x${"c0".repeat(20)}`);

/** Ballots whose signatures have some lengths in bytes. */
function ballotsOf(...lengths: number[]): SignedBallot[] {
  return lengths.map((length, i) => {
    const byte = (i + 17).toString(16);
    return { voter: `0x${byte.repeat(20)}`, support: i % 3, signature: `0x${byte.repeat(length)}` };
  });
}

describe("Simulation: ballots brought together", () => {
  for (const { title, ballots } of [
    { title: "no ballot", ballots: [] },
    { title: "one ballot", ballots: ballotsOf(65) },
    { title: "a hundred and one ballots", ballots: ballotsOf(...Array.from({ length: 101 }, () => 65)) },
    { title: "signatures of no byte, of one, of a word and of many", ballots: ballotsOf(0, 1, 32, 33, 64, 200) },
  ]) {
    it(`encodes ${title} as ethers does`, async () => {
      const proposalId = 2n ** 255n + 7n;
      const call = await castVotesBySig(council, proposalId, ballots);
      expect(call).to.deep.equal(await council.castVotesBySig.populateTransaction(proposalId, ballots));
    });
  }
});
