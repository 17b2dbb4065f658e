import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";

import { CaseStatus, MILLION, ProposalState, Support, fileAttack, liveUntil } from "../support/alliance.ts";
import type { TestMember } from "../support/alliance.ts";
import { expectConserved } from "../support/books.ts";
import { moveTo, now } from "../support/chain.ts";
import { URGENT_GAS, cast, inOneBlock, openVote, parts, settingPeriod, sittingCouncil } from "../support/council.ts";

const connection = await network.create();
const { loadFixture, takeSnapshot } = connection.networkHelpers;

const GAS = { gasLimit: 1_000_000 };

const sitting = () => sittingCouncil(connection);

/** LTU's new delegate can take over at any moment; a vote is open. */
async function rotating() {
  const a = await sittingCouncil(connection);
  const m = a.states[0]!;
  const fresh = a.spare(0);
  await a.registry.connect(m.treasury).proposeKeys(m.code, ZeroAddress, fresh.address);
  const { readyAt } = await a.registry.keyChange(m.code);
  const proposalId = await openVote(a);
  await moveTo(a, readyAt);
  return { a, m, fresh, proposalId };
}

/** Three attacks, each a ballot short of its recognition, that together ask for more than the fund has. */
async function threeOnTheBrink() {
  const a = await sittingCouncil(connection, { baseline: 2_000n * MILLION });
  await liveUntil(a, 200n);
  const filed = [];
  for (const m of a.states.slice(0, 3)) filed.push({ m, ...(await fileAttack(a, m, { startedAt: await now(a) })) });
  await a.time.increase(1n);
  for (const { m, proposalId } of filed) {
    const others = a.states.filter((other) => other !== m);
    await cast(a, proposalId, others.slice(0, 3), Support.For);
  }
  return { a, filed };
}

describe("In one block", () => {
  describe("the old and the new key of a seat", () => {
    it("cast one ballot between them, in whatever order they and the change are mined", async () => {
      const { a, m, fresh, proposalId } = await loadFixture(rotating);
      const acts = {
        old: () => a.council.connect(m.delegate).castVote(proposalId, Support.For, GAS),
        fresh: () => a.council.connect(fresh).castVote(proposalId, Support.Against, GAS),
        change: () => a.registry.connect(a.stranger).applyKeys(m.code, GAS),
      };
      // Who of old and new has voted in the end, by the order of the three.
      const orders: [(keyof typeof acts)[], against: bigint, inFavour: bigint][] = [
        [["old", "change", "fresh"], 0n, 1n],
        [["change", "old", "fresh"], 1n, 0n],
        [["change", "fresh", "old"], 1n, 0n],
        [["fresh", "change", "old"], 0n, 0n],
        [["old", "fresh", "change"], 0n, 1n],
      ];
      for (const [order, against, inFavour] of orders) {
        const before = await takeSnapshot();
        await inOneBlock(a, ...order.map((act) => acts[act]));
        expect(await a.council.proposalVotes(proposalId), `6: ${order.join(", ")}`).to.deep.equal([
          against,
          inFavour,
          0n,
        ]);
        const { remaining } = await a.council.ballotBox(proposalId);
        expect((remaining & 1n) === 0n, `6: ${order.join(", ")}`).to.equal(against + inFavour === 1n);
        await before.restore();
      }
    });
  });

  describe("a seat that proposes another's proposal in front of it and takes it back", () => {
    const text = "A budget for the next period";

    it("spoils the plain text for good, and not the one that names its proposer", async () => {
      const a = await loadFixture(sitting);
      const [honest, hostile] = [a.states[0]!.delegate, a.states[1]!.delegate];
      const { targets, values, calldatas } = await parts([settingPeriod(a)]);
      const named = `${text} #proposer=${honest.address}`;
      const receipts = await inOneBlock(
        a,
        () => a.council.connect(hostile).propose(targets, values, calldatas, text, GAS),
        () => a.council.connect(hostile)["cancel(uint256)"](1n, GAS),
        () => a.council.connect(honest).propose(targets, values, calldatas, text, GAS),
        () => a.council.connect(hostile).propose(targets, values, calldatas, named, GAS),
        () => a.council.connect(honest).propose(targets, values, calldatas, named, GAS),
      );
      expect(receipts.map((receipt) => receipt.status)).to.deep.equal([1, 1, 0, 0, 1]);
      expect(await a.council.state(1n)).to.equal(ProposalState.Canceled);
      await a.time.increase(1n);
      expect(await a.council.state(2n)).to.equal(ProposalState.Active);
      expect(await a.council.proposalProposer(2n)).to.equal(honest.address);
    });
  });

  describe("attacks whose votes are decided together", () => {
    type Filed = Awaited<ReturnType<typeof threeOnTheBrink>>["filed"][number];

    it("are all recognised, and each is awarded the same whoever comes first", async () => {
      const { a, filed } = await loadFixture(threeOnTheBrink);
      const decider = ({ m }: Filed): TestMember => a.states.filter((other) => other !== m)[3]!;
      const outcomes: bigint[][] = [];
      for (const order of [filed, [...filed].reverse()]) {
        const before = await takeSnapshot();
        const receipts = await inOneBlock(
          a,
          ...order.map((one) => async () => {
            const voter = decider(one).delegate;
            return await a.council.connect(voter).castVote(one.proposalId, Support.For, URGENT_GAS);
          }),
        );
        expect(receipts.map(({ status }) => status)).to.deep.equal([1, 1, 1]);
        const awarded: bigint[] = [];
        for (const { attackId } of filed) {
          const attack = await a.register.attack(attackId);
          expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Recognised);
          expect(attack.committed, "3").to.equal(attack.cap);
          awarded.push(attack.awarded);
        }
        outcomes.push(awarded);
        expect(await a.fund.committed()).to.be.greaterThan(await a.fund.reserve());
        await expectConserved(a.fund, a.token);
        await before.restore();
      }
      // What each is awarded does not depend on who came first.
      expect(outcomes[0]).to.deep.equal(outcomes[1]);
    });

    it("leave nobody first once the money has come: all that was awarded is paid", async () => {
      const { a, filed } = await loadFixture(threeOnTheBrink);
      const before = new Map<string, bigint>();
      for (const { m } of filed) before.set(m.name, await a.token.balanceOf(m.treasury.address));
      await inOneBlock(
        a,
        ...filed.map(({ m, proposalId }) => async () => {
          const voter = a.states.filter((other) => other !== m)[3]!.delegate;
          return await a.council.connect(voter).castVote(proposalId, Support.For, URGENT_GAS);
        }),
      );
      const payer = a.member("AUS").treasury;
      const owed = await a.fund.owed();
      expect(owed).to.be.greaterThan(0n);
      await a.fund.connect(payer).donate(owed, ZeroHash);
      for (const { m, attackId } of filed) {
        const [, collectable] = await a.fund.balanceOf(m.code);
        if (collectable > 0n) await a.fund.connect(a.stranger).collect(m.code);
        const { awarded } = await a.register.attack(attackId);
        expect((await a.token.balanceOf(m.treasury.address)) - before.get(m.name)!, "5").to.equal(awarded);
      }
      await expectConserved(a.fund, a.token);
    });
  });
});
