import { expect } from "chai";
import { network } from "hardhat";

import { DAY, MILLION, PERIOD, YEAR, asTimelock, hash } from "../support/alliance.ts";
import { asContract, now } from "../support/chain.ts";
import { begunEight, owe, share } from "../support/ledger.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const GRACE = 30n * DAY;
const ARREARS = 90n * DAY;

/** Founds an alliance of eight with 100,000 ppm each and moves to the first second of period 0. */
async function begun() {
  const a = await begunEight(connection);
  const ltu = a.member("LTU");
  const pay = (amount: bigint) => a.ledger.connect(ltu.treasury).contribute(ltu.code, amount);
  return { ...a, ltu, pay, due: a.genesis + GRACE };
}

describe("ContributionLedger: standing", () => {
  describe("debtOf", () => {
    it("is nothing at the due date of a period, and the whole of it a second later", async () => {
      const a = await loadFixture(begun);
      await a.time.increaseTo(a.due);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(0n);
      await a.time.increaseTo(a.due + 1n);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(share(1n));
      await a.time.increaseTo(a.due + PERIOD);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(share(1n));
      await a.time.increaseTo(a.due + PERIOD + 1n);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(share(2n));
    });

    it("is met by a payment at the due date, and reduced by one after it", async () => {
      const a = await loadFixture(begun);
      await a.time.setNextBlockTimestamp(a.due);
      await a.pay(share(1n) - 1n);
      await a.time.setNextBlockTimestamp(a.due + 1n);
      await a.pay(1n);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(0n);
    });

    it("holds a call after thirty days", async () => {
      const a = await loadFixture(begun);
      await a.pay(share(1n));
      await owe(a, a.ltu, 8n * MILLION);
      await a.ledger.issueCall();
      const issuedAt = await now(a);
      await a.time.increaseTo(issuedAt + GRACE);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(0n);
      await a.time.increaseTo(issuedAt + GRACE + 1n);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(MILLION);
      expect(await a.ledger.askedOf(a.ltu.code)).to.equal(share(1n) + MILLION);
    });

    it("holds a charge after 365 days", async () => {
      const a = await loadFixture(begun);
      // The four periods due by then.
      await a.pay(share(4n));
      await asContract(a, a.register, async (register) => {
        await a.time.setNextBlockTimestamp(a.genesis + 100n);
        await expect(a.ledger.connect(register).charge(a.ltu.code, MILLION, hash("case 1")))
          .to.emit(a.ledger, "Charged")
          .withArgs(a.ltu.code, MILLION, a.genesis + 100n + YEAR, hash("case 1"));
      });
      const madeAt = await now(a);
      expect(await a.ledger.askedOf(a.ltu.code)).to.equal(share(1n) + MILLION);
      await a.time.increaseTo(madeAt + YEAR);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(0n);
      await a.time.increaseTo(madeAt + YEAR + 1n);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(MILLION);
      expect(await a.ledger.debtDueBefore(a.ltu.code, madeAt + YEAR)).to.equal(0n);
    });

    it("never falls without a payment (8)", async () => {
      const a = await loadFixture(begun);
      let before = 0n;
      for (let day = 0n; day < 400n; day += 29n) {
        await a.time.increaseTo(a.genesis + day * DAY + 1n);
        const debt = await a.ledger.debtOf(a.ltu.code);
        expect(debt >= before, "8").to.equal(true);
        before = debt;
      }
      expect(before).to.equal(share(4n));
    });
  });

  describe("standingOf", () => {
    it("tells good standing and cover together", async () => {
      const a = await loadFixture(begun);
      const { coverFrom } = await a.ledger.account(a.ltu.code);
      expect(await a.ledger.standingOf(a.ltu.code)).to.deep.equal([true, coverFrom, 0n]);
      await a.time.increaseTo(a.due + ARREARS + 1n);
      expect(await a.ledger.standingOf(a.ltu.code)).to.deep.equal([false, coverFrom, 0n]);
      await a.pay(share(1n));
      expect(await a.ledger.standingOf(a.ltu.code)).to.deep.equal([true, coverFrom, await now(a)]);
      expect((await a.ledger.standingOf("0x4a504e")).coverFrom).to.equal(2n ** 48n - 1n);
    });
  });

  describe("inGoodStanding", () => {
    it("lasts while no debt is more than ninety days overdue", async () => {
      const a = await loadFixture(begun);
      await a.pay(share(1n) - 1n);
      await a.time.increaseTo(a.due + ARREARS);
      expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(true);
      await a.time.increaseTo(a.due + ARREARS + 1n);
      expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(false);
      await a.pay(1n);
      expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(true);
    });

    it("asks for a call within ninety days of its due date", async () => {
      const a = await loadFixture(begun);
      await a.pay(share(4n));
      await owe(a, a.ltu, 8n * MILLION);
      await a.ledger.issueCall();
      const overdue = (await now(a)) + GRACE + ARREARS;
      // The credit for later periods pays the call as well: what is missing is missing for the youngest debt.
      expect(await a.ledger.debtDueBefore(a.ltu.code, overdue + 1n)).to.equal(0n);
      await a.time.increaseTo(a.due + 3n * PERIOD + ARREARS);
      expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(true);
      await a.time.increaseTo(a.due + 3n * PERIOD + ARREARS + 1n);
      expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(false);
      await a.pay(MILLION);
      expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(true);
    });

    it("ends when a report is overdue beyond its grace, and returns with it", async () => {
      const a = await loadFixture(begun);
      await a.pay(share(12n));
      const { reportedAt } = await a.registry.member(a.ltu.code);
      const deadline = reportedAt + YEAR + 90n * DAY;
      await a.time.increaseTo(deadline);
      expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(true);
      await a.time.increaseTo(deadline + 1n);
      expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(false);
      await a.registry.connect(a.ltu.treasury).fileReport(a.ltu.code, hash("report"), "ipfs://report");
      expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(true);
    });
  });

  describe("clearedAt", () => {
    it("is when a payment ends a debt more than ninety days overdue", async () => {
      const a = await loadFixture(begun);
      await a.time.setNextBlockTimestamp(a.due + ARREARS + 1n);
      await expect(a.pay(share(1n)))
        .to.emit(a.ledger, "ArrearsCleared")
        .withArgs(a.ltu.code);
      expect((await a.ledger.account(a.ltu.code)).clearedAt).to.equal(a.due + ARREARS + 1n);
    });

    it("stays as it was for a debt exactly ninety days overdue", async () => {
      const a = await loadFixture(begun);
      await a.time.setNextBlockTimestamp(a.due + ARREARS);
      await expect(a.pay(share(1n))).not.to.emit(a.ledger, "ArrearsCleared");
      expect((await a.ledger.account(a.ltu.code)).clearedAt).to.equal(0n);
    });

    it("stays as it was for a payment while waived, up to the last second", async () => {
      for (const late of [0n, 1n]) {
        const a = await loadFixture(begun);
        const until = a.genesis + 200n * DAY;
        await a.time.increaseTo(until - 10n);
        await asTimelock(a, (timelock) => a.ledger.connect(timelock).waive(a.ltu.code, until));
        await a.time.setNextBlockTimestamp(until + late);
        await a.pay(share(1n));
        expect((await a.ledger.account(a.ltu.code)).clearedAt).to.equal(late * (until + late));
      }
    });

    it("stays as it was for a payment that leaves some of that debt", async () => {
      const a = await loadFixture(begun);
      await a.time.increaseTo(a.due + ARREARS + 1n);
      await expect(a.pay(share(1n) - 1n)).not.to.emit(a.ledger, "ArrearsCleared");
      expect((await a.ledger.account(a.ltu.code)).clearedAt).to.equal(0n);
      await expect(a.pay(1n)).to.emit(a.ledger, "ArrearsCleared");
      expect((await a.ledger.account(a.ltu.code)).clearedAt).to.equal(await now(a));
    });

    it("needs only the debt more than ninety days overdue to end, not a younger one", async () => {
      const a = await loadFixture(begun);
      await a.time.increaseTo(a.due + PERIOD + 1n);
      await a.pay(share(1n));
      const { clearedAt, clearUntil } = await a.ledger.account(a.ltu.code);
      expect(clearedAt).to.equal(await now(a));
      expect(clearUntil).to.equal(0n);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(share(2n) - share(1n));
      expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(true);
      // The younger one, paid in time, leaves the moment as it was.
      await a.pay(share(2n));
      expect((await a.ledger.account(a.ltu.code)).clearedAt).to.equal(clearedAt);
    });

    it("is the same whoever pays", async () => {
      const a = await loadFixture(begun);
      await a.time.increaseTo(a.due + ARREARS + 1n);
      await a.ledger.connect(a.member("EST").treasury).contribute(a.ltu.code, share(1n));
      expect((await a.ledger.account(a.ltu.code)).clearedAt).to.equal(await now(a));
      expect((await a.ledger.account(a.member("EST").code)).clearedAt).to.equal(0n);
    });
  });

  describe("clearUntil", () => {
    it("is ninety days after a payment that leaves nothing due", async () => {
      const a = await loadFixture(begun);
      await a.pay(1n);
      expect((await a.ledger.account(a.ltu.code)).clearUntil).to.equal((await now(a)) + 90n * DAY);
    });

    it("is not set by a payment that leaves something due", async () => {
      const a = await loadFixture(begun);
      await a.time.increaseTo(a.due + 1n);
      await a.pay(share(1n) - 1n);
      expect((await a.ledger.account(a.ltu.code)).clearUntil).to.equal(0n);
      await a.pay(1n);
      expect((await a.ledger.account(a.ltu.code)).clearUntil).to.equal((await now(a)) + 90n * DAY);
    });

    it("stays for a payment before it, at it, and moves with one after it", async () => {
      const a = await loadFixture(begun);
      await a.pay(share(3n));
      const until = (await now(a)) + 90n * DAY;
      for (const [t, expected] of [
        [until - 1n, until],
        [until, until],
        [until + 1n, until + 1n + 90n * DAY],
      ] as const) {
        await a.time.setNextBlockTimestamp(t);
        await a.pay(1n);
        expect((await a.ledger.account(a.ltu.code)).clearUntil).to.equal(expected);
      }
    });

    it("promises no more than holds: paid at a due date, what was due then is ninety days overdue at it", async () => {
      const a = await loadFixture(begun);
      await a.time.setNextBlockTimestamp(a.due);
      await a.pay(1n);
      const { clearUntil } = await a.ledger.account(a.ltu.code);
      expect(clearUntil).to.equal(a.due + ARREARS);
      await a.time.increaseTo(clearUntil);
      expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(true);
      // A second later the account is worked out again.
      await expect(a.pay(share(1n))).to.emit(a.ledger, "ArrearsCleared");
      expect((await a.ledger.account(a.ltu.code)).clearedAt).to.equal(clearUntil + 1n);
    });
  });
});
