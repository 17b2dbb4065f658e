import { expect } from "chai";
import { network } from "hardhat";

import {
  DAY,
  MILLION,
  PERIOD,
  PPM,
  asTimelock,
  foundAlliance,
  liveUntil,
  recognisedAttack,
} from "../support/alliance.ts";
import type { Alliance } from "../support/alliance.ts";
import { asContract, now } from "../support/chain.ts";
import { BUDGET, commit, foundEight, owe, setBudget, setExempt, setScale } from "../support/ledger.ts";

// A second may hold two calls.
const connection = await network.create({ override: { allowBlocksWithSameTimestamp: true } });
const { loadFixture } = connection.networkHelpers;

const GRACE = 30n * DAY;

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
/** The budget of a call: what all weights would bring if those who take part bring `amount`. */
const callBudget = (amount: bigint, weights: bigint): bigint => ceilDiv(amount * PPM, weights);

/** Founds an alliance of eight with 100,000 ppm each; half a day into period 0. */
async function begun() {
  const a = await foundEight(connection);
  await a.time.increaseTo(a.genesis + DAY / 2n);
  return { ...a, ltu: a.member("LTU"), est: a.member("EST"), lva: a.member("LVA") };
}

/** What calls ask of a member: all that is asked less what the periods do. */
async function called(a: Alliance, member: string): Promise<bigint> {
  return (await a.ledger.askedOf(member)) - (await a.ledger.through(member, await a.ledger.currentPeriod()));
}

describe("ContributionLedger: calls", () => {
  describe("issueCall", () => {
    it("asks every weight for what the fund owes, due in thirty days; anyone may issue it", async () => {
      const a = await loadFixture(begun);
      const amount = 10n * MILLION + 1n;
      await owe(a, a.ltu, amount);
      await a.time.setNextBlockTimestamp(a.genesis + DAY);
      const budget = callBudget(amount, 800_000n);
      expect(await a.ledger.connect(a.stranger).issueCall.staticCall()).to.equal(amount);
      await expect(a.ledger.connect(a.stranger).issueCall())
        .to.emit(a.ledger, "CallIssued")
        .withArgs(1n, amount, 800_000n, budget, a.genesis + DAY + GRACE);
      expect(await a.ledger.callCount()).to.equal(1n);
      expect(await a.ledger.callAt(1)).to.deep.equal([a.genesis + DAY, amount, budget]);
      expect(await a.ledger.callAt(0)).to.deep.equal([0n, 0n, 0n]);
      let sum = 0n;
      for (const m of a.members) {
        expect(await called(a, m.code)).to.equal(ceilDiv(budget * 100_000n, PPM));
        sum += await called(a, m.code);
      }
      // Rounded up for each, never short of what it is for.
      expect(sum)
        .to.be.at.least(amount)
        .and.at.most(amount + 8n);
    });

    it("adds calls up exactly and rounds up once", async () => {
      const a = await loadFixture(begun);
      const amounts = [1n, 3n, 5n];
      let budgets = 0n;
      for (const amount of amounts) {
        await owe(a, a.ltu, amount);
        await a.ledger.issueCall();
        budgets += callBudget(amount, 800_000n);
      }
      // 2, 4 and 7 units of budget: 1.3 units of each member, and not one for each call.
      expect(budgets).to.equal(13n);
      expect(await called(a, a.est.code)).to.equal(2n);
    });

    it("leaves out what earlier calls that are not due yet will bring", async () => {
      const a = await loadFixture(begun);
      await owe(a, a.ltu, 10n * MILLION);
      await a.ledger.issueCall();
      await owe(a, a.ltu, 4n * MILLION);
      expect(await a.fund.owed()).to.equal(14n * MILLION);
      await expect(a.ledger.issueCall()).to.emit(a.ledger, "CallIssued");
      expect((await a.ledger.callAt(2)).amount).to.equal(14n * MILLION);
      await a.ledger.issueCall();
      expect(await a.ledger.callCount()).to.equal(2n);
    });

    it("asks all again, after the due date, for what a defaulter left unpaid", async () => {
      const a = await loadFixture(begun);
      await owe(a, a.ltu, 8n * MILLION);
      await a.ledger.issueCall();
      const dueAt = (await now(a)) + GRACE;
      for (const m of a.members) {
        if (m.name !== "EST") await a.ledger.connect(m.treasury).contribute(m.code, MILLION);
      }
      expect(await a.fund.owed()).to.equal(MILLION);
      await a.time.setNextBlockTimestamp(dueAt);
      await a.ledger.issueCall();
      expect(await a.ledger.callCount()).to.equal(1n);
      await a.time.setNextBlockTimestamp(dueAt + 1n);
      await expect(a.ledger.issueCall())
        .to.emit(a.ledger, "CallIssued")
        .withArgs(2n, MILLION, 800_000n, callBudget(MILLION, 800_000n), dueAt + 1n + GRACE);
      expect(await called(a, a.est.code)).to.equal(MILLION + MILLION / 8n);
      expect(await called(a, a.lva.code)).to.equal(MILLION + MILLION / 8n);
    });

    it("does nothing, and does not revert, when nothing is owed", async () => {
      const a = await loadFixture(begun);
      expect(await a.ledger.issueCall.staticCall()).to.equal(0n);
      await expect(a.ledger.issueCall()).not.to.emit(a.ledger, "CallIssued");
      expect(await a.ledger.callCount()).to.equal(0n);
    });

    it("does nothing when earlier calls bring more than is owed by now", async () => {
      const a = await loadFixture(begun);
      await owe(a, a.ltu, 8n * MILLION);
      await a.ledger.issueCall();
      await a.ledger.connect(a.est.treasury).contribute(a.est.code, 5n * MILLION);
      expect(await a.ledger.issueCall.staticCall()).to.equal(0n);
    });

    it("does nothing when no weight is left to ask", async () => {
      const a = await loadFixture(begun);
      await owe(a, a.ltu, 8n * MILLION);
      for (const m of a.members) await setExempt(a, m.code, true);
      expect(await a.ledger.callWeight()).to.equal(0n);
      await expect(a.ledger.issueCall()).not.to.emit(a.ledger, "CallIssued");
      await setExempt(a, a.est.code, false);
      await a.ledger.issueCall();
      expect(await called(a, a.est.code)).to.equal(8n * MILLION);
    });

    it("does nothing before genesis", async () => {
      const a = await foundEight(connection);
      await owe(a, a.member("LTU"), 8n * MILLION);
      await a.time.setNextBlockTimestamp(a.genesis - 1n);
      await expect(a.ledger.issueCall()).not.to.emit(a.ledger, "CallIssued");
      await a.time.setNextBlockTimestamp(a.genesis);
      await expect(a.ledger.issueCall()).to.emit(a.ledger, "CallIssued");
    });

    describe("given two calls in one second", () => {
      it("keeps them apart, and what happens between them", async () => {
        const a = await loadFixture(begun);
        await owe(a, a.ltu, 8n * MILLION);
        // Committed before, so that every step is one transaction, in the second set for it.
        const attackId = await commit(a, a.ltu, 7n * MILLION);
        const t = a.genesis + DAY;
        for (const step of [
          () => a.ledger.issueCall(),
          () => setExempt(a, a.est.code, true),
          () => asContract(a, a.register, (register) => a.fund.connect(register).award(attackId, 7n * MILLION)),
          () => a.ledger.issueCall(),
          () => setExempt(a, a.est.code, false),
        ]) {
          await a.time.setNextBlockTimestamp(t);
          await step();
        }
        expect((await a.ledger.callAt(1)).issuedAt).to.equal(t);
        expect((await a.ledger.callAt(2)).issuedAt).to.equal(t);
        expect(await called(a, a.est.code)).to.equal(MILLION);
        expect(await called(a, a.lva.code)).to.equal(2n * MILLION);
        await a.time.increaseTo(t + GRACE);
        const period = await a.ledger.through(a.lva.code, 0);
        expect(await a.ledger.debtOf(a.lva.code)).to.equal(period);
        await a.time.increaseTo(t + 1n + GRACE);
        expect(await a.ledger.debtOf(a.lva.code)).to.equal(period + 2n * MILLION);
      });
    });
  });

  describe("room", () => {
    it("is the budgets of the four periods ending now, less the calls in them", async () => {
      const a = await loadFixture(begun);
      expect(await a.ledger.room()).to.equal(BUDGET);
      await setBudget(a, 1, 2n * BUDGET);
      await owe(a, a.ltu, 30n * MILLION);
      await a.ledger.issueCall();
      expect(await a.ledger.room()).to.equal(BUDGET - 30n * MILLION);
      const at = (period: bigint, seconds: bigint) => a.time.increaseTo(a.genesis + period * PERIOD + seconds);
      await at(1n, 0n);
      expect(await a.ledger.room()).to.equal(3n * BUDGET - 30n * MILLION);
      await at(3n, 0n);
      expect(await a.ledger.room()).to.equal(7n * BUDGET - 30n * MILLION);
      await at(4n, -1n);
      expect(await a.ledger.room()).to.equal(7n * BUDGET - 30n * MILLION);
      await at(4n, 0n);
      expect(await a.ledger.room()).to.equal(8n * BUDGET);
    });

    it("counts a call of a period's first second in that period", async () => {
      const a = await loadFixture(begun);
      await owe(a, a.ltu, 30n * MILLION);
      await a.time.setNextBlockTimestamp(a.genesis + PERIOD);
      await a.ledger.issueCall();
      await a.time.increaseTo(a.genesis + 5n * PERIOD - 1n);
      expect(await a.ledger.room()).to.equal(4n * BUDGET - 30n * MILLION);
      await a.time.increaseTo(a.genesis + 5n * PERIOD);
      expect(await a.ledger.room()).to.equal(4n * BUDGET);
    });

    it("bounds a call, and more comes when there is more room", async () => {
      const a = await loadFixture(begun);
      await owe(a, a.ltu, 130n * MILLION);
      await a.ledger.issueCall();
      expect((await a.ledger.callAt(1)).amount).to.equal(BUDGET);
      expect(await a.ledger.room()).to.equal(0n);
      await a.ledger.issueCall();
      expect(await a.ledger.callCount()).to.equal(1n);
      await a.time.setNextBlockTimestamp(a.genesis + PERIOD);
      await a.ledger.issueCall();
      // A month and more has passed: all that is owed is asked again.
      expect((await a.ledger.callAt(2)).amount).to.equal(2n * BUDGET);
    });

    it("follows the cap, rounds down, and is nothing when calls exceed it", async () => {
      const a = await loadFixture(begun);
      const setCap = (callCap: number) =>
        asTimelock(a, (timelock) => a.ledger.connect(timelock).setTerms({ loading: 0, callCap }));
      await setCap(500_000);
      expect(await a.ledger.room()).to.equal(BUDGET / 2n);
      await owe(a, a.ltu, 100n * MILLION);
      await a.ledger.issueCall();
      await setCap(100_000);
      expect(await a.ledger.room()).to.equal(0n);
      await setCap(0);
      await a.time.increaseTo(a.genesis + 6n * PERIOD);
      expect(await a.ledger.room()).to.equal(0n);
    });
  });

  describe("given members with a commitment", () => {
    it("asks the others alone", async () => {
      const a = await loadFixture(begun);
      await asContract(a, a.register, async (register) => {
        await expect(a.ledger.connect(register).setCallExemption(a.ltu.code, true))
          .to.emit(a.ledger, "CallExemptionSet")
          .withArgs(a.ltu.code, 1n);
      });
      expect(await a.ledger.totalWeight()).to.equal(800_000n);
      expect(await a.ledger.callWeight()).to.equal(700_000n);
      await owe(a, a.ltu, 7n * MILLION);
      await a.ledger.issueCall();
      expect(await called(a, a.ltu.code)).to.equal(0n);
      expect(await called(a, a.est.code)).to.equal(MILLION);
    });

    it("asks a member again when the last of its commitments has ended, and still for calls before", async () => {
      const a = await loadFixture(begun);
      const call = async (amount: bigint) => {
        await owe(a, a.est, amount);
        await a.ledger.issueCall();
      };
      await call(8n * MILLION);
      await setExempt(a, a.ltu.code, true);
      await setExempt(a, a.ltu.code, true);
      await setExempt(a, a.ltu.code, false);
      await call(7n * MILLION);
      expect(await called(a, a.ltu.code)).to.equal(MILLION);
      await setExempt(a, a.ltu.code, false);
      await call(8n * MILLION);
      expect(await called(a, a.ltu.code)).to.equal(2n * MILLION);
      expect(await called(a, a.est.code)).to.equal(3n * MILLION);
    });

    it("is told by the register alone", async () => {
      const a = await loadFixture(begun);
      const role = await a.ledger.REGISTER_ROLE();
      await expect(a.ledger.connect(a.stranger).setCallExemption(a.ltu.code, true))
        .to.be.revertedWithCustomError(a.ledger, "AccessControlUnauthorizedAccount")
        .withArgs(a.stranger.address, role);
    });

    it("leaves out the member whose recognition calls, in the same transaction", async () => {
      const a = await foundAlliance(connection, { capacity: 125_000, parameters: { firstBudget: 10n * MILLION } });
      await liveUntil(a, 200n);
      const ltu = a.member("LTU");
      // An earlier obligation has emptied the reserve, so the advance is owed.
      await owe(a, a.member("EST"), 1n);
      const { attackId } = await recognisedAttack(a, ltu);
      const { awarded } = await a.register.attack(attackId);
      expect(awarded).to.be.greaterThan(0n);
      expect((await a.ledger.callAt(1)).amount).to.equal(await a.fund.owed());
      expect(await called(a, ltu.code)).to.equal(0n);
      const { budget } = await a.ledger.callAt(1);
      expect(budget).to.equal(callBudget(await a.fund.owed(), 875_000n));
      expect(await called(a, a.member("EST").code)).to.equal(ceilDiv(budget * 125_000n, PPM));
    });
  });

  describe("given weights that change", () => {
    it("asks by the weight of the period in which a call is made", async () => {
      const a = await loadFixture(begun);
      await setScale(a, a.ltu.code, 200_000);
      await owe(a, a.est, 8n * MILLION);
      await a.time.setNextBlockTimestamp(a.genesis + PERIOD - 1n);
      await a.ledger.issueCall();
      await owe(a, a.est, 9n * MILLION);
      // Nobody touches the member's account at the boundary.
      await a.time.setNextBlockTimestamp(a.genesis + PERIOD + 1n);
      await a.ledger.issueCall();
      expect(await called(a, a.ltu.code)).to.equal(MILLION + 2n * MILLION);
      expect(await called(a, a.est.code)).to.equal(2n * MILLION);
    });

    it("asks by the new weight in the first second of a period", async () => {
      const a = await loadFixture(begun);
      await setScale(a, a.ltu.code, 200_000);
      await owe(a, a.est, 9n * MILLION);
      await a.time.setNextBlockTimestamp(a.genesis + PERIOD);
      await a.ledger.issueCall();
      expect(await called(a, a.ltu.code)).to.equal(2n * MILLION);
    });

    it("keeps to what each call asked, though the next weight is set before anyone looks", async () => {
      const a = await loadFixture(begun);
      await setScale(a, a.ltu.code, 200_000);
      await owe(a, a.est, 8n * MILLION);
      await a.ledger.issueCall();
      await a.time.increaseTo(a.genesis + PERIOD);
      await owe(a, a.est, 9n * MILLION);
      await asContract(a, a.register, (register) =>
        a.ledger.connect(register).charge(a.est.code, 1n, "0x" + "11".repeat(32)),
      );
      const before = await a.fund.owed();
      await a.ledger.issueCall();
      await setScale(a, a.ltu.code, 50_000);
      await a.time.increaseTo(a.genesis + 2n * PERIOD);
      await a.ledger.issueCall();
      const third = await a.fund.owed();
      // The first is due by then: what is owed is asked anew, of 200,000 in 900,000, then of 50,000 in 750,000.
      const millionths =
        callBudget(8n * MILLION, 800_000n) * 100_000n +
        callBudget(before, 900_000n) * 200_000n +
        callBudget(third, 750_000n) * 50_000n;
      expect(await called(a, a.ltu.code)).to.equal(ceilDiv(millionths, PPM));
    });

    it("follows an exemption that ends after a new weight has begun to hold", async () => {
      const a = await loadFixture(begun);
      await setScale(a, a.ltu.code, 200_000);
      await setExempt(a, a.ltu.code, true);
      await a.time.increaseTo(a.genesis + PERIOD - 10n);
      expect(await a.ledger.callWeight()).to.equal(700_000n);
      await a.time.setNextBlockTimestamp(a.genesis + PERIOD);
      await owe(a, a.est, 7n * MILLION);
      await a.ledger.issueCall();
      expect(await called(a, a.ltu.code)).to.equal(0n);
      expect(await a.ledger.callWeight()).to.equal(700_000n);
      await setExempt(a, a.ltu.code, false);
      expect(await a.ledger.callWeight()).to.equal(900_000n);
      await owe(a, a.est, 9n * MILLION);
      await a.ledger.issueCall();
      expect(await called(a, a.ltu.code)).to.equal(2n * MILLION);
    });

    it("follows an exemption that ends before a new weight begins to hold", async () => {
      const a = await loadFixture(begun);
      await setExempt(a, a.ltu.code, true);
      await setScale(a, a.ltu.code, 200_000);
      await setExempt(a, a.ltu.code, false);
      await owe(a, a.est, 8n * MILLION);
      await a.ledger.issueCall();
      expect(await called(a, a.ltu.code)).to.equal(MILLION);
      await a.time.increaseTo(a.genesis + PERIOD);
      expect(await a.ledger.callWeight()).to.equal(900_000n);
      await owe(a, a.est, 1n * MILLION);
      const owed = await a.fund.owed();
      await a.ledger.issueCall();
      expect(await called(a, a.ltu.code)).to.equal(
        ceilDiv(callBudget(8n * MILLION, 800_000n) * 100_000n + callBudget(owed, 900_000n) * 200_000n, PPM),
      );
    });
  });
});
