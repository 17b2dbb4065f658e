import { expect } from "chai";
import { network } from "hardhat";

import { DAY, ProposalState, Support, asTimelock, propose } from "../support/alliance.ts";
import type { Alliance, TestMember } from "../support/alliance.ts";
import { asContract, now } from "../support/chain.ts";
import {
  VOTING_PERIOD,
  admitState,
  cast,
  inOneBlock,
  openCouncil,
  openVote,
  parts,
  pass,
  rotate,
  settingPeriod,
  setVote,
  signature,
  signed,
  sittingCouncil,
} from "../support/council.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const sitting = () => sittingCouncil(connection);

const open = () => openCouncil(connection);

const ALL = 0b111_1111n;

async function noSeat(a: Alliance, proposalId: bigint, account: TestMember["delegate"]): Promise<void> {
  await expect(a.council.connect(account).castVote(proposalId, Support.For))
    .to.be.revertedWithCustomError(a.council, "CouncilNoSeat")
    .withArgs(proposalId, account.address);
}

async function votesOnce(a: Alliance, proposalId: bigint, account: TestMember["delegate"]): Promise<void> {
  const [, before] = await a.council.proposalVotes(proposalId);
  await a.council.connect(account).castVote(proposalId, Support.For);
  expect((await a.council.proposalVotes(proposalId))[1]).to.equal(before + 1n);
  await expect(a.council.connect(account).castVote(proposalId, Support.For))
    .to.be.revertedWithCustomError(a.council, "GovernorAlreadyCastVote")
    .withArgs(account.address);
}

describe("Council: the frozen electorate", () => {
  describe("given a State admitted after the proposal", () => {
    it("has no ballot in it, and does not raise the majority; it has one in the next", async () => {
      const { a, proposalId } = await loadFixture(open);
      const fin = await admitState(a, "FIN", a.spare(0), a.spare(1));
      await noSeat(a, proposalId, fin.delegate);
      expect(await a.council.hasVoted(proposalId, fin.delegate.address)).to.equal(false);
      expect(await a.council.ballotBox(proposalId)).to.deep.equal([ALL, 7n]);
      await a.time.increase(1n);
      const next = await openVote(a);
      expect(await a.council.ballotBox(next)).to.deep.equal([0b1111_1111n, 8n]);
      await votesOnce(a, next, fin.delegate);

      await cast(a, proposalId, a.states.slice(0, 4), Support.For);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Succeeded);
      await cast(a, next, a.states.slice(0, 3), Support.For);
      expect(await a.council.state(next)).to.equal(ProposalState.Active);
    });
  });

  describe("given a change in the second of the proposal itself", () => {
    it("counts as after it", async () => {
      const a = await loadFixture(sitting);
      const { targets, values, calldatas } = await parts([settingPeriod(a)]);
      const council = a.council.connect(a.states[0]!.delegate);
      await asContract(a, a.ledger, async (ledger) => {
        const [rested, proposed] = await inOneBlock(
          a,
          () => a.registry.connect(ledger).setVoteSuspended(a.states[3]!.code, true, { gasLimit: 500_000 }),
          () => council.propose(targets, values, calldatas, "The same second", { gasLimit: 1_000_000 }),
        );
        expect([rested!.status, proposed!.status]).to.deep.equal([1, 1]);
        expect(rested!.blockNumber).to.equal(proposed!.blockNumber);
      });
      expect(await a.council.ballotBox(1n)).to.deep.equal([ALL, 7n]);
      await a.time.increase(1n);
      await votesOnce(a, 1n, a.states[3]!.delegate);
    });
  });

  describe("given a seat that loses its vote after the proposal", () => {
    const losses: [string, (a: Alliance, m: TestMember) => Promise<unknown>][] = [
      ["suspension", (a, m) => asTimelock(a, (timelock) => a.registry.connect(timelock).suspend(m.code))],
      ["expulsion", (a, m) => asTimelock(a, (timelock) => a.registry.connect(timelock).expel(m.code))],
      ["a debt", (a, m) => setVote(a, m, true)],
    ];
    for (const [how, lose] of losses) {
      it(`by ${how}, still votes in it, once, and not in the next`, async () => {
        const { a, proposalId } = await loadFixture(open);
        const m = a.states[5]!;
        await lose(a, m);
        await a.time.increase(1n);
        expect(await a.council.ballotBox(proposalId)).to.deep.equal([ALL, 7n]);
        const next = await openVote(a);
        expect(await a.council.ballotBox(next)).to.deep.equal([0b101_1111n, 6n]);
        await votesOnce(a, proposalId, m.delegate);
        await noSeat(a, next, m.delegate);
      });

      it(`by ${how}, leaves its ballot where it has voted`, async () => {
        const { a, proposalId } = await loadFixture(open);
        const m = a.states[5]!;
        await cast(a, proposalId, [m], Support.For);
        await lose(a, m);
        expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 1n, 0n]);
        await cast(a, proposalId, a.states.slice(0, 3), Support.For);
        expect(await a.council.state(proposalId)).to.equal(ProposalState.Succeeded);
      });
    }

    it("votes with the delegate of the day, though suspended", async () => {
      const { a, proposalId } = await loadFixture(open);
      const m = a.states[5]!;
      await asTimelock(a, (timelock) => a.registry.connect(timelock).suspend(m.code));
      await rotate(a, [m, a.spare(0).address]);
      await noSeat(a, proposalId, m.delegate);
      await votesOnce(a, proposalId, a.spare(0));
    });
  });

  describe("given a seat that gains its vote after the proposal", () => {
    it("by a waiver, has no ballot in it, but in the next", async () => {
      const a = await loadFixture(sitting);
      const m = a.states[5]!;
      await setVote(a, m, true);
      // As suspendVote writes it down on the ledger's own side: eight periods unpaid.
      await a.time.increaseTo(a.genesis + 9n * 90n * DAY);
      await setVote(a, m, false);
      await a.ledger.suspendVote(m.code);
      await a.time.increase(1n);
      const proposalId = await openVote(a);
      expect(await a.council.ballotBox(proposalId)).to.deep.equal([0b101_1111n, 6n]);
      const until = (await now(a)) + 30n * DAY;
      await asTimelock(a, (timelock) => a.ledger.connect(timelock).waive(m.code, until));
      expect(await a.registry.electorate()).to.equal(ALL);
      await noSeat(a, proposalId, m.delegate);
      expect(await a.council.ballotBox(proposalId)).to.deep.equal([0b101_1111n, 6n]);
      await votesOnce(a, await openVote(a), m.delegate);
    });

    it("by reinstatement, has no ballot in it, but in the next", async () => {
      const a = await loadFixture(sitting);
      const m = a.states[5]!;
      await asTimelock(a, (timelock) => a.registry.connect(timelock).suspend(m.code));
      await a.time.increase(1n);
      const proposalId = await openVote(a);
      await asTimelock(a, (timelock) => a.registry.connect(timelock).reinstate(m.code));
      await noSeat(a, proposalId, m.delegate);
      await a.time.increase(1n);
      await votesOnce(a, await openVote(a), m.delegate);
    });
  });

  describe("given a delegate that changes while a vote is open", () => {
    it("the new one votes, the old one does not", async () => {
      const { a, proposalId } = await loadFixture(open);
      const m = a.states[2]!;
      await rotate(a, [m, a.spare(0).address]);
      await noSeat(a, proposalId, m.delegate);
      await votesOnce(a, proposalId, a.spare(0));
      expect(await a.council.ballotBox(proposalId)).to.deep.equal([0b111_1011n, 7n]);
    });

    it("and has voted: neither votes again", async () => {
      const { a, proposalId } = await loadFixture(open);
      const m = a.states[2]!;
      await cast(a, proposalId, [m], Support.Against);
      await rotate(a, [m, a.spare(0).address]);
      await noSeat(a, proposalId, m.delegate);
      await expect(a.council.connect(a.spare(0)).castVote(proposalId, Support.For))
        .to.be.revertedWithCustomError(a.council, "GovernorAlreadyCastVote")
        .withArgs(a.spare(0).address);
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([1n, 0n, 0n]);
    });

    it("voids the old one's signature that was not handed in", async () => {
      const { a, proposalId } = await loadFixture(open);
      const m = a.states[2]!;
      const bySig = await signature(a, m.delegate, proposalId, Support.Against);
      await rotate(a, [m, a.spare(0).address]);
      await expect(a.council.castVoteBySig(proposalId, Support.Against, m.delegate.address, bySig))
        .to.be.revertedWithCustomError(a.council, "CouncilNoSeat")
        .withArgs(proposalId, m.delegate.address);
      const ballot = { voter: m.delegate.address, support: Support.Against, signature: bySig };
      expect(await a.council.castVotesBySig.staticCall(proposalId, [ballot])).to.equal(0n);
      await a.council.castVotesBySig(proposalId, [ballot, await signed(a, a.spare(0), proposalId, Support.For)]);
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 1n, 0n]);
      expect(await a.council.nonces(m.delegate.address)).to.equal(0n);
    });

    it("and goes to another State: the account votes for the seat it now serves, each seat once", async () => {
      const { a, proposalId } = await loadFixture(open);
      const [from, to] = [a.states[2]!, a.states[3]!];
      await cast(a, proposalId, [from], Support.For);
      await rotate(a, [from, a.spare(0).address]);
      await rotate(a, [to, from.delegate.address]);
      expect(await a.council.hasVoted(proposalId, from.delegate.address)).to.equal(false);
      await votesOnce(a, proposalId, from.delegate);
      expect(await a.council.ballotBox(proposalId)).to.deep.equal([0b111_0011n, 7n]);
      await noSeat(a, proposalId, to.delegate);
    });

    it("can propose at once, for its seat", async () => {
      const a = await loadFixture(sitting);
      await rotate(a, [a.states[2]!, a.spare(0).address]);
      expect(await propose(a, [settingPeriod(a)], "New officials", a.spare(0))).to.equal(1n);
    });
  });

  describe("given a State that left and returns while a vote is open", () => {
    it("has its one old ballot", async () => {
      const { a, proposalId } = await loadFixture(open);
      const m = a.states[6]!;
      await cast(a, proposalId, [m], Support.For);
      await asTimelock(a, (timelock) => a.registry.connect(timelock).expel(m.code));
      await admitState(a, m.name, m.treasury, m.delegate);
      expect(await a.registry.electorate()).to.equal(ALL);
      await expect(a.council.connect(m.delegate).castVote(proposalId, Support.For))
        .to.be.revertedWithCustomError(a.council, "GovernorAlreadyCastVote")
        .withArgs(m.delegate.address);
    });
  });

  describe("given a voting period that changes", () => {
    it("leaves the deadline of open proposals alone, and holds for the next", async () => {
      const { a, proposalId } = await loadFixture(open);
      const setting = await openVote(a, [settingPeriod(a, 3n * DAY)]);
      await pass(a, setting);
      await a.council["queue(uint256)"](setting);
      await a.time.increaseTo(await a.council.proposalEta(setting));
      await a.council["execute(uint256)"](setting);
      const opening = await a.council.proposalSnapshot(proposalId);
      expect(await a.council.proposalDeadline(proposalId)).to.equal(opening + VOTING_PERIOD);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Active);
      const next = await openVote(a);
      expect(await a.council.proposalDeadline(next)).to.equal((await a.council.proposalSnapshot(next)) + 3n * DAY);
    });
  });
});
