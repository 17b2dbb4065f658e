import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import {
  DAY,
  MILLION,
  PERIOD,
  Support,
  YEAR,
  asTimelock,
  code,
  foundAlliance,
  hash,
  propose,
} from "../support/alliance.ts";
import type { Alliance, TestMember } from "../support/alliance.ts";
import { asContract, now } from "../support/chain.ts";
import { admitNew, foundEight, owe, readmit, setBudget, setScale, share } from "../support/ledger.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

/** Founds an alliance of eight with 100,000 ppm each and moves to the due date of its eighth period. */
async function eightDue() {
  const a = await foundEight(connection);
  const due = a.genesis + 7n * PERIOD + 30n * DAY;
  await a.time.increaseTo(due);
  const ltu = a.member("LTU");
  const pay = (amount: bigint) => a.ledger.connect(ltu.treasury).contribute(ltu.code, amount);
  return { ...a, ltu, pay, due };
}

/** The same with the vote of LTU suspended. */
async function suspended() {
  const a = await eightDue();
  await a.ledger.suspendVote(a.ltu.code);
  return a;
}

/** Whether a member's seat is in the electorate. */
async function votes(a: Alliance, m: TestMember): Promise<boolean> {
  const { seat } = await a.registry.member(m.code);
  return (((await a.registry.electorate()) >> seat) & 1n) === 1n;
}

const waive = (a: Alliance, m: TestMember, until: bigint) =>
  asTimelock(a, (timelock) => a.ledger.connect(timelock).waive(m.code, until));

describe("ContributionLedger: votes", () => {
  describe("suspensionThreshold", () => {
    it("is nothing with seven due periods, and with eight what they were assessed", async () => {
      const a = await loadFixture(eightDue);
      expect(await a.ledger.suspensionThreshold(a.ltu.code)).to.equal(0n);
      await a.time.increaseTo(a.due + 1n);
      expect(await a.ledger.suspensionThreshold(a.ltu.code)).to.equal(share(8n));
      await a.time.increaseTo(a.due + PERIOD + 1n);
      expect(await a.ledger.suspensionThreshold(a.ltu.code)).to.equal(share(9n) - share(1n));
    });

    it("counts from a member's first period", async () => {
      const a = await loadFixture(eightDue);
      const fin = await admitNew(a, "FIN", 1);
      await setScale(a, fin.code, 100_000);
      const eighth = a.due + 8n * PERIOD;
      await a.time.increaseTo(eighth);
      expect(await a.ledger.suspensionThreshold(fin.code)).to.equal(0n);
      await a.time.increaseTo(eighth + 1n);
      expect(await a.ledger.suspensionThreshold(fin.code)).to.equal(share(8n));
      expect(await a.ledger.debtOf(fin.code)).to.equal(share(8n));
    });
  });

  describe("suspendVote", () => {
    it("suspends the vote of a State whose debt is exactly that of eight periods; anyone may", async () => {
      const a = await loadFixture(eightDue);
      await a.time.setNextBlockTimestamp(a.due + 1n);
      const suspending = a.ledger.connect(a.stranger).suspendVote(a.ltu.code);
      await expect(suspending).to.emit(a.registry, "VoteSuspended").withArgs(a.ltu.code);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(share(8n));
      expect((await a.ledger.account(a.ltu.code)).voteSuspended).to.equal(true);
      expect(await votes(a, a.ltu)).to.equal(false);
      // The status of membership is another matter.
      expect((await a.registry.member(a.ltu.code)).status).to.equal(1n);
    });

    it("takes the seat out of new proposals and leaves it in those open (6)", async () => {
      const a = await loadFixture(eightDue);
      const action = { target: a.ledger, data: a.ledger.interface.encodeFunctionData("setBudget", [9, 1n]) };
      const before = await propose(a, [action], "before", a.member("EST").delegate);
      await a.ledger.suspendVote(a.ltu.code);
      const after = await propose(a, [action], "after", a.member("EST").delegate);
      const { seat } = await a.registry.member(a.ltu.code);
      await a.time.increase(2n);
      await a.council.connect(a.member("EST").delegate).castVote(before, Support.For);
      await a.council.connect(a.member("EST").delegate).castVote(after, Support.For);
      expect(((await a.council.ballotBox(before)).remaining >> seat) & 1n, "6").to.equal(1n);
      expect(((await a.council.ballotBox(after)).remaining >> seat) & 1n, "6").to.equal(0n);
    });

    it("suspends it also for a debt of one base unit, where eight periods were assessed that", async () => {
      const a = await foundAlliance(connection, { parameters: { firstBudget: 1n } });
      const ltu = a.member("LTU");
      await a.time.increaseTo(a.genesis + 7n * PERIOD + 30n * DAY + 1n);
      expect(await a.ledger.suspensionThreshold(ltu.code)).to.equal(1n);
      await expect(a.ledger.suspendVote(ltu.code)).to.emit(a.registry, "VoteSuspended").withArgs(ltu.code);
    });

    it("is refused with seven due periods", async () => {
      const a = await loadFixture(eightDue);
      expect(await now(a)).to.equal(a.due);
      await expect(a.ledger.suspendVote.staticCall(a.ltu.code))
        .to.be.revertedWithCustomError(a.ledger, "LedgerDebtTooSmall")
        .withArgs(a.ltu.code, share(7n), 0n);
    });

    it("is refused a unit below", async () => {
      const a = await loadFixture(eightDue);
      await a.pay(1n);
      await expect(a.ledger.suspendVote(a.ltu.code))
        .to.be.revertedWithCustomError(a.ledger, "LedgerDebtTooSmall")
        .withArgs(a.ltu.code, share(8n) - 1n, share(8n));
    });

    it("counts calls and charges that are due", async () => {
      const a = await loadFixture(eightDue);
      await a.pay(share(8n));
      await owe(a, a.ltu, 8n * MILLION);
      await a.ledger.issueCall();
      const issuedAt = await now(a);
      await asContract(a, a.register, (register) =>
        a.ledger.connect(register).charge(a.ltu.code, share(8n) - MILLION, hash("case")),
      );
      // All twelve periods due by then.
      await a.pay(share(12n) - share(8n));
      await a.time.setNextBlockTimestamp(issuedAt + YEAR + 2n);
      await a.ledger.suspendVote(a.ltu.code);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(share(8n));
    });

    it("is refused where nothing was assessed, whatever is owed", async () => {
      const a = await foundEight(connection);
      const ltu = a.member("LTU").code;
      await setBudget(a, 1, 0n);
      await a.time.increaseTo(a.genesis + 8n * PERIOD + 30n * DAY + 1n);
      await expect(a.ledger.suspendVote(ltu))
        .to.be.revertedWithCustomError(a.ledger, "LedgerDebtTooSmall")
        .withArgs(ltu, share(1n), 0n);
    });

    it("is refused for who has no vote, and where it rests already", async () => {
      const a = await loadFixture(suspended);
      const twn = a.member("TWN").code;
      for (const member of [twn, code("FRA"), a.ltu.code]) {
        await expect(a.ledger.suspendVote(member))
          .to.be.revertedWithCustomError(a.ledger, "LedgerNoVoteToSuspend")
          .withArgs(member);
      }
      const est = a.member("EST").code;
      await asTimelock(a, (timelock) => a.registry.connect(timelock).expel(est));
      await expect(a.ledger.suspendVote(est))
        .to.be.revertedWithCustomError(a.ledger, "LedgerNoVoteToSuspend")
        .withArgs(est);
    });

    it("also reaches a State that the council has suspended, so that reinstating does not bring the vote", async () => {
      const a = await loadFixture(eightDue);
      await asTimelock(a, (timelock) => a.registry.connect(timelock).suspend(a.ltu.code));
      await a.ledger.suspendVote(a.ltu.code);
      await asTimelock(a, (timelock) => a.registry.connect(timelock).reinstate(a.ltu.code));
      expect(await votes(a, a.ltu)).to.equal(false);
      await a.pay(1n);
      expect(await votes(a, a.ltu)).to.equal(true);
    });
  });

  describe("contribute, given a suspended vote", () => {
    it("lifts it in the transaction that brings the debt below", async () => {
      const a = await loadFixture(suspended);
      const paying = a.ledger.connect(a.member("EST").treasury).contribute(a.ltu.code, 1n);
      await expect(paying).to.emit(a.registry, "VoteRestored").withArgs(a.ltu.code);
      expect((await a.ledger.account(a.ltu.code)).voteSuspended).to.equal(false);
      expect(await votes(a, a.ltu)).to.equal(true);
      expect(await a.registry.getVotes(a.ltu.delegate.address)).to.equal(1n);
    });

    it("leaves it while the debt is not below", async () => {
      const a = await loadFixture(suspended);
      await a.time.increaseTo(a.due + PERIOD + 1n);
      // Nine periods are owed, and the last eight count.
      const most = share(9n) - share(1n);
      await expect(a.pay(share(9n) - most)).not.to.emit(a.registry, "VoteRestored");
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(most);
      expect(await votes(a, a.ltu)).to.equal(false);
      await expect(a.pay(1n)).to.emit(a.registry, "VoteRestored").withArgs(a.ltu.code);
    });

    it("works out the account although it was clear lately", async () => {
      const a = await loadFixture(eightDue);
      await a.pay(share(7n));
      const { clearUntil } = await a.ledger.account(a.ltu.code);
      await asContract(a, a.register, (register) =>
        a.ledger.connect(register).charge(a.ltu.code, share(8n), hash("case")),
      );
      await a.time.increaseTo(a.due + YEAR + 2n * DAY);
      await a.ledger.suspendVote(a.ltu.code);
      await a.pay(await a.ledger.debtOf(a.ltu.code));
      const { clearedAt, clearUntil: moved } = await a.ledger.account(a.ltu.code);
      expect(clearedAt).to.equal(await now(a));
      expect(moved)
        .to.equal(clearedAt + 90n * DAY)
        .and.to.be.greaterThan(clearUntil);
    });

    it("lifts it when nothing is owed, though nothing was assessed of late", async () => {
      const a = await loadFixture(suspended);
      await setBudget(a, 8, 0n);
      await a.time.increaseTo(a.due + 8n * PERIOD + 1n);
      expect(await a.ledger.suspensionThreshold(a.ltu.code)).to.equal(0n);
      await a.pay(share(8n) - 1n);
      expect(await votes(a, a.ltu)).to.equal(false);
      await expect(a.pay(1n)).to.emit(a.registry, "VoteRestored").withArgs(a.ltu.code);
      expect(await votes(a, a.ltu)).to.equal(true);
    });

    it("lifts it for a member that left with it, returned and owes nothing", async () => {
      const a = await loadFixture(suspended);
      await asTimelock(a, (timelock) => a.registry.connect(timelock).expel(a.ltu.code));
      await readmit(a, a.ltu);
      await setScale(a, a.ltu.code, 100_000);
      expect(await votes(a, a.ltu)).to.equal(false);
      await a.pay(await a.ledger.askedOf(a.ltu.code));
      expect(await votes(a, a.ltu)).to.equal(true);
    });
  });

  describe("contribute, given a vote that does not rest", () => {
    it("restores none, whatever is owed", async () => {
      const a = await loadFixture(eightDue);
      for (const amount of [1n, share(8n)]) await expect(a.pay(amount)).not.to.emit(a.registry, "VoteRestored");
    });
  });

  describe("waive", () => {
    it("lifts the suspension and counts as good standing until then; the debt stays", async () => {
      const a = await loadFixture(suspended);
      const until = (await now(a)) + 100n * DAY;
      expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(false);
      const waiving = waive(a, a.ltu, until);
      await expect(waiving).to.emit(a.ledger, "Waived").withArgs(a.ltu.code, until);
      await expect(waiving).to.emit(a.registry, "VoteRestored").withArgs(a.ltu.code);
      expect(await votes(a, a.ltu)).to.equal(true);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(share(8n));
      await a.time.increaseTo(until);
      expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(true);
      await a.time.increaseTo(until + 1n);
      expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(false);
    });

    it("keeps the vote until then, and no longer", async () => {
      const a = await loadFixture(suspended);
      const until = (await now(a)) + 100n * DAY;
      await waive(a, a.ltu, until);
      await a.time.setNextBlockTimestamp(until);
      await expect(a.ledger.suspendVote(a.ltu.code))
        .to.be.revertedWithCustomError(a.ledger, "LedgerWaived")
        .withArgs(a.ltu.code, until);
      await a.time.setNextBlockTimestamp(until + 1n);
      await a.ledger.suspendVote(a.ltu.code);
      expect(await votes(a, a.ltu)).to.equal(false);
    });

    it("covers a report that is overdue", async () => {
      const a = await loadFixture(eightDue);
      await a.pay(share(8n));
      expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(false);
      await waive(a, a.ltu, (await now(a)) + DAY);
      expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(true);
    });

    it("restores no vote that did not rest", async () => {
      const a = await loadFixture(eightDue);
      await expect(waive(a, a.ltu, (await now(a)) + DAY)).not.to.emit(a.registry, "VoteRestored");
    });

    it("ends in the future, at most 730 days ahead", async () => {
      const a = await loadFixture(eightDue);
      const t = a.due + 10n;
      const [earliest, latest] = [t + 1n, t + 730n * DAY];
      await a.time.setNextBlockTimestamp(t);
      await expect(waive(a, a.ltu, t))
        .to.be.revertedWithCustomError(a.ledger, "LedgerBadWaiver")
        .withArgs(t, earliest, latest);
      await a.time.setNextBlockTimestamp(t + 1n);
      await expect(waive(a, a.ltu, latest + 2n))
        .to.be.revertedWithCustomError(a.ledger, "LedgerBadWaiver")
        .withArgs(latest + 2n, earliest + 1n, latest + 1n);
      await a.time.setNextBlockTimestamp(t + 2n);
      await waive(a, a.ltu, t + 3n);
      await a.time.setNextBlockTimestamp(t + 3n);
      await waive(a, a.ltu, latest + 3n);
      expect((await a.ledger.account(a.ltu.code)).waivedUntil).to.equal(latest + 3n);
    });

    it("is for members only, and by the council only", async () => {
      const a = await loadFixture(eightDue);
      const until = (await now(a)) + DAY;
      await expect(asTimelock(a, (timelock) => a.ledger.connect(timelock).waive(code("FRA"), until)))
        .to.be.revertedWithCustomError(a.ledger, "LedgerUnknownMember")
        .withArgs(code("FRA"));
      await expect(a.ledger.connect(a.stranger).waive(a.ltu.code, until))
        .to.be.revertedWithCustomError(a.ledger, "AccessControlUnauthorizedAccount")
        .withArgs(a.stranger.address, ZeroHash);
    });
  });
});
