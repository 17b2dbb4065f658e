import { expect } from "chai";
import { ZeroHash, encodeBytes32String } from "ethers";
import { network } from "hardhat";

import { DAY, MILLION, PERIOD, PPM, UNIT, YEAR, asTimelock, foundAlliance, hash } from "../support/alliance.ts";
import type { Alliance, TestMember } from "../support/alliance.ts";
import { asContract, now } from "../support/chain.ts";
import {
  BUDGET,
  admitNew,
  begin,
  begunEight,
  commit,
  foundEight,
  owe,
  readmit,
  setExempt,
  setScale,
  share,
} from "../support/ledger.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** Founds an alliance of eight with 100,000 ppm each and moves to the first second of period 0. */
async function begun() {
  const a = await begunEight(connection);
  const ltu = a.member("LTU");
  const pay = (amount: bigint) => a.ledger.connect(ltu.treasury).contribute(ltu.code, amount);
  return { ...a, ltu, est: a.member("EST"), pay };
}

const expel = (a: Alliance, m: TestMember) => asTimelock(a, (timelock) => a.registry.connect(timelock).expel(m.code));

/** What is asked of a member besides its periods' assessments. */
async function besides(a: Alliance, m: TestMember): Promise<bigint> {
  return (await a.ledger.askedOf(m.code)) - (await a.ledger.through(m.code, await a.ledger.currentPeriod()));
}

describe("ContributionLedger: charges and exit", () => {
  describe("charge", () => {
    it("adds up; each is due 365 days after it was made", async () => {
      const a = await loadFixture(begun);
      // The four periods due by then.
      await a.pay(share(4n));
      const madeAt = [a.genesis + 100n, a.genesis + 100n + DAY] as const;
      await asContract(a, a.register, async (register) => {
        for (const [i, t] of madeAt.entries()) {
          await a.time.setNextBlockTimestamp(t);
          await a.ledger.connect(register).charge(a.ltu.code, BigInt(i + 1) * UNIT, hash(`case ${i}`));
        }
      });
      expect(await besides(a, a.ltu)).to.equal(3n * UNIT);
      for (const [t, debt] of [
        [madeAt[0] + YEAR, 0n],
        [madeAt[0] + YEAR + 1n, UNIT],
        [madeAt[1] + YEAR, UNIT],
        [madeAt[1] + YEAR + 1n, 3n * UNIT],
      ] as const) {
        await a.time.increaseTo(t);
        expect(await a.ledger.debtOf(a.ltu.code)).to.equal(debt);
      }
    });

    it("is made by the register alone", async () => {
      const a = await loadFixture(begun);
      await expect(a.ledger.connect(a.stranger).charge(a.ltu.code, 1n, ZeroHash))
        .to.be.revertedWithCustomError(a.ledger, "AccessControlUnauthorizedAccount")
        .withArgs(a.stranger.address, await a.ledger.REGISTER_ROLE());
    });
  });

  describe("exit", () => {
    it("is called by the registry alone", async () => {
      const a = await loadFixture(begun);
      await expect(a.ledger.connect(a.ltu.treasury).exit(a.ltu.code))
        .to.be.revertedWithCustomError(a.ledger, "LedgerNotRegistry")
        .withArgs(a.ltu.treasury.address);
    });

    it("charges the member's weight of what is owed and committed beyond the reserve", async () => {
      const a = await loadFixture(begun);
      await owe(a, a.est, 5n * MILLION);
      await commit(a, a.est, 3n * MILLION + 1n);
      await setScale(a, a.ltu.code, 70_000);
      await a.time.increaseTo(a.genesis + PERIOD);
      // 70,000 of 770,000 ppm of 8,000,000.000001 million, rounded up.
      const charge = ceilDiv(70_000n * (8n * MILLION + 1n), 770_000n);
      const leaving = expel(a, a.ltu);
      await expect(leaving)
        .to.emit(a.ledger, "Charged")
        .withArgs(a.ltu.code, charge, (t: bigint) => t > a.genesis + PERIOD + YEAR, encodeBytes32String("exit"));
      await expect(leaving).to.emit(a.ledger, "Exited").withArgs(a.ltu.code, 2n);
      const madeAt = await now(a);
      expect(await besides(a, a.ltu)).to.equal(charge);
      const periods = await a.ledger.through(a.ltu.code, 1);
      await a.time.increaseTo(madeAt + YEAR);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(periods);
      await a.time.increaseTo(madeAt + YEAR + 1n);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(periods + charge);
    });

    it("charges nothing while the reserve covers all", async () => {
      const a = await loadFixture(begun);
      await a.pay(3n * MILLION);
      await commit(a, a.est, 3n * MILLION);
      await expect(expel(a, a.ltu)).not.to.emit(a.ledger, "Charged");
      expect(await a.fund.reserve()).to.equal(3n * MILLION);
    });

    it("charges a unit for a unit missing", async () => {
      const a = await loadFixture(begun);
      await a.pay(3n * MILLION);
      await commit(a, a.est, 3n * MILLION + 1n);
      await expel(a, a.ltu);
      expect(await besides(a, a.ltu)).to.equal(1n);
    });

    it("weighs two that leave in one period alike", async () => {
      const a = await loadFixture(begun);
      await commit(a, a.member("POL"), 8n * MILLION);
      await expel(a, a.ltu);
      await expel(a, a.est);
      expect(await besides(a, a.ltu)).to.equal(MILLION);
      expect(await besides(a, a.est)).to.equal(MILLION);
    });

    it("ends assessments with the period now running, and leaves those that were", async () => {
      const a = await loadFixture(begun);
      await a.time.increaseTo(a.genesis + PERIOD);
      await expel(a, a.ltu);
      for (const period of [1n, 2n, 9n]) {
        expect(await a.ledger.through(a.ltu.code, period)).to.equal(share(2n));
      }
      expect(await a.ledger.totalWeight()).to.equal(800_000n);
      await a.time.increaseTo(a.genesis + 2n * PERIOD);
      expect(await a.ledger.totalWeight()).to.equal(700_000n);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(share(2n));
      await a.pay(share(2n));
      expect((await a.ledger.account(a.ltu.code)).paid).to.equal(share(2n));
    });

    it("ends calls at once, and leaves those that were", async () => {
      const a = await loadFixture(begun);
      await owe(a, a.est, 8n * MILLION);
      await a.ledger.issueCall();
      await expel(a, a.ltu);
      expect(await a.ledger.callWeight()).to.equal(700_000n);
      const before = await a.ledger.askedOf(a.ltu.code);
      await owe(a, a.est, 7n * MILLION);
      await a.ledger.issueCall();
      expect(await a.ledger.askedOf(a.ltu.code)).to.equal(before);
      expect(await besides(a, a.member("POL"))).to.equal(2n * MILLION);
    });

    it("undoes a weight that was to begin", async () => {
      const a = await loadFixture(begun);
      await setScale(a, a.ltu.code, 150_000);
      await expel(a, a.ltu);
      expect(await a.ledger.weightOf(a.ltu.code, 1)).to.equal(0n);
      await a.time.increaseTo(a.genesis + PERIOD);
      expect(await a.ledger.totalWeight()).to.equal(700_000n);
      expect(await a.ledger.callWeight()).to.equal(700_000n);
    });

    it("leaves a member that is exempt, and the end of its exemption, without weight", async () => {
      const a = await loadFixture(begun);
      await setExempt(a, a.ltu.code, true);
      await expel(a, a.ltu);
      expect(await a.ledger.callWeight()).to.equal(700_000n);
      await setExempt(a, a.ltu.code, false);
      expect(await a.ledger.callWeight()).to.equal(700_000n);
      await a.time.increaseTo(a.genesis + PERIOD);
      expect(await a.ledger.callWeight()).to.equal(700_000n);
      expect(await a.ledger.totalWeight()).to.equal(700_000n);
    });

    it("ends cover", async () => {
      const a = await loadFixture(begun);
      await expel(a, a.ltu);
      expect(await a.ledger.coverFrom(a.ltu.code)).to.equal(2n ** 48n - 1n);
      expect(await a.ledger.suspensionThreshold(a.ltu.code)).to.equal(0n);
    });

    it("leaves a founder that is expelled before genesis with nothing to pay", async () => {
      const a = await foundEight(connection);
      const ltu = a.member("LTU");
      await expect(expel(a, ltu)).to.emit(a.ledger, "Exited").withArgs(ltu.code, 0n);
      await a.time.increaseTo(a.genesis + PERIOD);
      expect(await a.ledger.askedOf(ltu.code)).to.equal(0n);
      expect(await a.ledger.totalWeight()).to.equal(700_000n);
      expect(await a.ledger.callWeight()).to.equal(700_000n);
    });

    describe("given a credit", () => {
      it("gives up what was paid beyond everything asked, due or not, with no journal entry", async () => {
        const a = await loadFixture(begun);
        await asContract(a, a.register, (register) =>
          a.ledger.connect(register).charge(a.ltu.code, UNIT, hash("case")),
        );
        await a.pay(share(3n));
        await owe(a, a.est, 8n * MILLION);
        await a.ledger.issueCall();
        // None of period 0, call and charge is due yet.
        const asked = share(1n) + MILLION + UNIT;
        expect(await a.ledger.askedOf(a.ltu.code)).to.equal(asked);
        const sequence = await a.fund.sequence();
        const owed = await a.fund.owed();
        // With that owed, the exit costs a charge as well.
        const charge = ceilDiv(owed * 100_000n, 800_000n);
        await expect(expel(a, a.ltu))
          .to.emit(a.ledger, "CreditForfeited")
          .withArgs(a.ltu.code, share(3n) - asked - charge);
        expect((await a.ledger.account(a.ltu.code)).paid).to.equal(asked + charge);
        expect(await a.fund.sequence()).to.equal(sequence);
        await a.time.increaseTo(a.genesis + 2n * YEAR);
        expect(await a.ledger.debtOf(a.ltu.code)).to.equal(0n);
      });

      it("gives up nothing where as much is asked as was paid", async () => {
        const a = await loadFixture(begun);
        await a.pay(share(1n));
        await expect(expel(a, a.ltu)).not.to.emit(a.ledger, "CreditForfeited");
      });

      it("gives it up also without a weight", async () => {
        const a = await loadFixture(begun);
        const fin = await admitNew(a, "FIN", 1);
        await a.ledger.connect(fin.treasury).contribute(fin.code, UNIT);
        const leaving = expel(a, fin);
        await expect(leaving).to.emit(a.ledger, "CreditForfeited").withArgs(fin.code, UNIT);
        await expect(leaving).not.to.emit(a.ledger, "Exited");
        expect((await a.ledger.account(fin.code)).paid).to.equal(0n);
      });
    });

    describe("given a weight that has not begun", () => {
      it("charges nothing", async () => {
        const a = await loadFixture(begun);
        const fin = await admitNew(a, "FIN", 1);
        await setScale(a, fin.code, 100_000);
        await commit(a, a.est, 8n * MILLION);
        await expect(expel(a, fin)).not.to.emit(a.ledger, "Charged");
        await a.time.increaseTo(a.genesis + PERIOD);
        expect(await a.ledger.totalWeight()).to.equal(800_000n);
        expect(await a.ledger.callWeight()).to.equal(800_000n);
      });
    });
  });

  describe("exit, given an alliance in which nobody is assessed any more", () => {
    it("lets a member go whose weight has not begun", async () => {
      const a = await foundAlliance(connection, { states: ["LTU", "EST"], partners: [], assessors: 0 });
      await begin(a, 0n);
      for (const m of a.members) await expel(a, m);
      await begin(a, 1n);
      expect(await a.ledger.totalWeight()).to.equal(0n);
      const fin = await admitNew(a, "FIN", 1);
      await setScale(a, fin.code, 100_000);
      const leaving = expel(a, fin);
      await expect(leaving).to.emit(a.ledger, "Exited").withArgs(fin.code, 2n);
      await expect(leaving).not.to.emit(a.ledger, "Charged");
    });
  });

  describe("leave", () => {
    it("closes the account like expulsion, a year after notice", async () => {
      const a = await loadFixture(begun);
      await a.registry.connect(a.ltu.treasury).giveNotice(a.ltu.code);
      await commit(a, a.est, 8n * MILLION);
      await a.time.increaseTo((await now(a)) + YEAR);
      const leaving = a.registry.connect(a.stranger).leave(a.ltu.code);
      await expect(leaving).to.emit(a.ledger, "Exited").withArgs(a.ltu.code, 5n);
      expect(await besides(a, a.ltu)).to.equal(MILLION);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(share(4n));
    });
  });

  describe("given a member that returns", () => {
    it("is asked again from the next period, covered 180 days after it begins, and keeps its old debt", async () => {
      const a = await loadFixture(begun);
      await expel(a, a.ltu);
      await a.time.increaseTo(a.genesis + 3n * PERIOD);
      await readmit(a, a.ltu);
      await setScale(a, a.ltu.code, 50_000);
      expect(await a.ledger.coverFrom(a.ltu.code)).to.equal(a.genesis + 4n * PERIOD + 180n * DAY);
      const { firstPeriod } = await a.ledger.account(a.ltu.code);
      expect(firstPeriod).to.equal(4n);
      expect(await a.ledger.through(a.ltu.code, 3)).to.equal(share(1n));
      expect(await a.ledger.through(a.ltu.code, 4)).to.equal(ceilDiv(BUDGET * 150_000n, PPM));
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(share(1n));
      await a.time.increaseTo(a.genesis + 4n * PERIOD);
      expect(await a.ledger.callWeight()).to.equal(750_000n);
      await owe(a, a.est, 75n * MILLION);
      await a.ledger.issueCall();
      expect(await besides(a, a.ltu)).to.equal(5n * MILLION);
    });

    it("has no vote suspended before it had eight due periods again", async () => {
      const a = await loadFixture(begun);
      await expel(a, a.ltu);
      await readmit(a, a.ltu);
      await setScale(a, a.ltu.code, 100_000);
      await a.time.increaseTo(a.genesis + 8n * PERIOD + 30n * DAY);
      await expect(a.ledger.suspendVote.staticCall(a.ltu.code))
        .to.be.revertedWithCustomError(a.ledger, "LedgerDebtTooSmall")
        .withArgs(a.ltu.code, share(8n), 0n);
      await a.ledger.suspendVote(a.ltu.code);
      expect((await a.ledger.account(a.ltu.code)).voteSuspended).to.equal(true);
    });

    it("is asked by calls of the period in which it left and returned", async () => {
      const a = await loadFixture(begun);
      const call = async () => {
        await owe(a, a.est, 14n * MILLION + 1n);
        await a.ledger.issueCall();
      };
      await expel(a, a.ltu);
      await call();
      expect(await besides(a, a.ltu)).to.equal(0n);
      await readmit(a, a.ltu);
      await setScale(a, a.ltu.code, 120_000);
      expect(await a.ledger.callWeight()).to.equal(800_000n);
      await call();
      const second = (await a.ledger.callAt(2)).budget - (await a.ledger.callAt(1)).budget;
      expect(await besides(a, a.ltu)).to.equal(ceilDiv(second * 100_000n, PPM));
      await a.time.increaseTo(a.genesis + PERIOD);
      expect(await a.ledger.callWeight()).to.equal(820_000n);
      await call();
      const third = (await a.ledger.callAt(3)).budget - (await a.ledger.callAt(2)).budget;
      expect(await besides(a, a.ltu)).to.equal(ceilDiv(second * 100_000n + third * 120_000n, PPM));
    });
  });
});
