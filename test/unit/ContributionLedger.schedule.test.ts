import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import { DAY, MILLION, PERIOD, PPM, asTimelock, foundAlliance } from "../support/alliance.ts";
import {
  BUDGET,
  admitNew,
  begin,
  begunEight,
  foundEight,
  referenceFor,
  setBudget,
  setScale,
} from "../support/ledger.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const founded = () => foundEight(connection);
const begun = () => begunEight(connection);

/** In the first second of period 2; the budget was twice as high in period 1, and is what it was before. */
async function doubledForOnePeriod() {
  const a = await begunEight(connection);
  await setBudget(a, 1, 2n * BUDGET);
  await begin(a, 1n);
  await setBudget(a, 2, BUDGET);
  await begin(a, 2n);
  return a;
}

describe("ContributionLedger: schedule", () => {
  describe("constructor", () => {
    it("takes the first budget and the terms", async () => {
      const a = await loadFixture(founded);
      expect(await a.ledger.budgetOf(0)).to.equal(BUDGET);
      expect(await a.ledger.terms()).to.deep.equal([0n, PPM]);
      expect(await a.ledger.genesis()).to.equal(a.genesis);
      const [set, ...others] = await a.ledger.queryFilter(a.ledger.filters.BudgetSet());
      expect(set?.args).to.deep.equal([0n, BUDGET]);
      expect(others).to.have.lengthOf(0);
    });

    it("refuses a first budget of zero, and no other", async () => {
      const a = await loadFixture(founded);
      const [timelock, registry, fund] = [await a.timelock.getAddress(), await a.registry.getAddress(), a.fund];
      const terms = { loading: 0, callCap: PPM };
      const given = [timelock, registry, await fund.getAddress(), terms, 0] as const;
      await expect(a.ethers.deployContract("ContributionLedger", [...given, 0])).to.be.revertedWithCustomError(
        a.ledger,
        "LedgerNoBudget",
      );
      expect(await (await a.ethers.deployContract("ContributionLedger", [...given, 1])).budgetOf(0)).to.equal(1n);
    });
  });

  describe("currentPeriod", () => {
    it("is 0 before genesis and changes at the first second of a period", async () => {
      const a = await loadFixture(founded);
      expect(await a.ledger.currentPeriod()).to.equal(0n);
      await a.time.increaseTo(a.genesis + PERIOD - 1n);
      expect(await a.ledger.currentPeriod()).to.equal(0n);
      await a.time.increaseTo(a.genesis + PERIOD);
      expect(await a.ledger.currentPeriod()).to.equal(1n);
      expect(await a.ledger.periodStart(1)).to.equal(a.genesis + PERIOD);
      expect(await a.ledger.dueAt(1)).to.equal(a.genesis + PERIOD + 30n * DAY);
    });
  });

  describe("setBudget", () => {
    it("holds from the period it names and says so", async () => {
      const a = await loadFixture(begun);
      await asTimelock(a, async (timelock) => {
        await expect(a.ledger.connect(timelock).setBudget(2, 3n * MILLION))
          .to.emit(a.ledger, "BudgetSet")
          .withArgs(2n, 3n * MILLION);
      });
      expect(await a.ledger.budgetOf(1)).to.equal(BUDGET);
      expect(await a.ledger.budgetOf(2)).to.equal(3n * MILLION);
      expect(await a.ledger.budgetOf(2n ** 32n)).to.equal(3n * MILLION);
    });

    it("leaves what is owed for the current and past periods as it was (8)", async () => {
      const a = await loadFixture(begun);
      const ltu = a.member("LTU").code;
      await begin(a, 2n);
      const before = await Promise.all([0, 1, 2].map((period) => a.ledger.assessed(ltu, period)));
      await setBudget(a, 3, 1n);
      expect(await Promise.all([0, 1, 2].map((period) => a.ledger.assessed(ltu, period))), "8").to.deep.equal(before);
      expect(await a.ledger.through(ltu, 3)).to.equal((3n * BUDGET * 100_000n + 100_000n + PPM - 1n) / PPM);
    });

    describe("given a period that is not ahead", () => {
      it("is refused for the period now running and for those before", async () => {
        const a = await loadFixture(begun);
        await begin(a, 3n);
        for (const period of [3n, 2n, 0n]) {
          await expect(setBudget(a, period, 1n))
            .to.be.revertedWithCustomError(a.ledger, "LedgerPeriodNotAhead")
            .withArgs(period, 3n);
        }
      });

      it("is refused for period 0 before genesis: the deployment has set it", async () => {
        const a = await loadFixture(founded);
        await expect(setBudget(a, 0, 1n))
          .to.be.revertedWithCustomError(a.ledger, "LedgerPeriodNotAhead")
          .withArgs(0n, 0n);
        await setBudget(a, 1, 1n);
        expect(await a.ledger.budgetOf(0)).to.equal(BUDGET);
      });

      it("is allowed in the last second before the period", async () => {
        const a = await loadFixture(begun);
        await a.time.setNextBlockTimestamp(a.genesis + PERIOD - 1n);
        await setBudget(a, 1, 5n);
        expect(await a.ledger.budgetOf(1)).to.equal(5n);
      });

      it("is refused in the first second of the period", async () => {
        const a = await loadFixture(begun);
        await a.time.setNextBlockTimestamp(a.genesis + PERIOD);
        await expect(setBudget(a, 1, 5n))
          .to.be.revertedWithCustomError(a.ledger, "LedgerPeriodNotAhead")
          .withArgs(1n, 1n);
      });
    });

    describe("given an amount at the limit", () => {
      it("allows twice the budget before, and not a unit more", async () => {
        const a = await loadFixture(begun);
        await expect(setBudget(a, 1, 2n * BUDGET + 1n))
          .to.be.revertedWithCustomError(a.ledger, "LedgerBudgetTooHigh")
          .withArgs(2n * BUDGET + 1n, 2n * BUDGET);
        await setBudget(a, 1, 2n * BUDGET);
        expect(await a.ledger.budgetOf(1)).to.equal(2n * BUDGET);
      });

      it("counts the last but one", async () => {
        const a = await loadFixture(doubledForOnePeriod);
        await setBudget(a, 3, 4n * BUDGET);
        expect(await a.ledger.budgetOf(3)).to.equal(4n * BUDGET);
      });

      it("counts period 0 while it is one of the four before", async () => {
        const a = await loadFixture(begun);
        await setBudget(a, 1, 1n);
        await begin(a, 1n);
        await expect(setBudget(a, 5, BUDGET + 1n))
          .to.be.revertedWithCustomError(a.ledger, "LedgerBudgetTooHigh")
          .withArgs(BUDGET + 1n, BUDGET);
        await setBudget(a, 4, 2n * BUDGET);
        expect(await a.ledger.budgetOf(4)).to.equal(2n * BUDGET);
        await setBudget(a, 2, 2n * BUDGET);
        expect(await a.ledger.budgetOf(2)).to.equal(2n * BUDGET);
      });

      it("counts the highest of the four periods before, and no fifth", async () => {
        const a = await loadFixture(doubledForOnePeriod);
        // Periods 1 to 4 come before 5, periods 2 to 5 before 6.
        await expect(setBudget(a, 6, 2n * BUDGET + 1n))
          .to.be.revertedWithCustomError(a.ledger, "LedgerBudgetTooHigh")
          .withArgs(2n * BUDGET + 1n, 2n * BUDGET);
        await expect(setBudget(a, 5, 4n * BUDGET + 1n))
          .to.be.revertedWithCustomError(a.ledger, "LedgerBudgetTooHigh")
          .withArgs(4n * BUDGET + 1n, 4n * BUDGET);
        await setBudget(a, 5, 4n * BUDGET);
        expect(await a.ledger.budgetOf(5)).to.equal(4n * BUDGET);
      });

      it("always allows the budget of period 0, and then not a unit more", async () => {
        const a = await loadFixture(begun);
        await setBudget(a, 1, 0n);
        await begin(a, 5n);
        await expect(setBudget(a, 6, BUDGET + 1n))
          .to.be.revertedWithCustomError(a.ledger, "LedgerBudgetTooHigh")
          .withArgs(BUDGET + 1n, BUDGET);
        await setBudget(a, 6, BUDGET);
        expect(await a.ledger.budgetOf(5)).to.equal(0n);
        expect(await a.ledger.budgetOf(6)).to.equal(BUDGET);
      });
    });

    describe("given a step that is pending", () => {
      it("replaces it, also by one for an earlier period", async () => {
        const a = await loadFixture(begun);
        await setBudget(a, 3, 3n);
        await setBudget(a, 2, 2n);
        expect(await Promise.all([1, 2, 3, 4].map((period) => a.ledger.budgetOf(period)))).to.deep.equal([
          BUDGET,
          2n,
          2n,
          2n,
        ]);
        await setBudget(a, 4, 4n);
        expect(await Promise.all([2, 3, 4].map((period) => a.ledger.budgetOf(period)))).to.deep.equal([
          BUDGET,
          BUDGET,
          4n,
        ]);
      });

      it("does not double upon it: what it replaces does not count", async () => {
        const a = await loadFixture(begun);
        await setBudget(a, 1, 2n * BUDGET);
        await expect(setBudget(a, 2, 4n * BUDGET))
          .to.be.revertedWithCustomError(a.ledger, "LedgerBudgetTooHigh")
          .withArgs(4n * BUDGET, 2n * BUDGET);
      });

      it("leaves a step that has begun to hold", async () => {
        const a = await loadFixture(begun);
        await setBudget(a, 1, 1n);
        await begin(a, 1n);
        await setBudget(a, 2, 2n);
        expect(await Promise.all([0, 1, 2].map((period) => a.ledger.budgetOf(period)))).to.deep.equal([BUDGET, 1n, 2n]);
      });
    });

    it("is for the council only", async () => {
      const a = await loadFixture(begun);
      await expect(a.ledger.connect(a.stranger).setBudget(1, 1n))
        .to.be.revertedWithCustomError(a.ledger, "AccessControlUnauthorizedAccount")
        .withArgs(a.stranger.address, ZeroHash);
    });
  });

  describe("assessments", () => {
    it("add up exactly and are rounded up once", async () => {
      const a = await loadFixture(founded);
      const ltu = a.member("LTU").code;
      const reference = await referenceFor(a);
      // 10,000,000.7 units a period: ten periods come to a whole number, and not to ten roundings.
      for (let period = 0n; period < 12n; ++period) {
        const through = (BUDGET * 100_000n * (period + 1n) + PPM - 1n) / PPM;
        expect(await a.ledger.through(ltu, period))
          .to.equal(through)
          .and.to.equal(reference.through(ltu, period));
        expect(await a.ledger.assessed(ltu, period)).to.equal(reference.assessed(ltu, period));
      }
      expect(await a.ledger.through(ltu, 9)).to.equal(BUDGET);
      expect(await a.ledger.assessed(ltu, 0)).to.equal(BUDGET / 10n + 1n);
      expect(await a.ledger.assessed(ltu, 1)).to.equal(BUDGET / 10n + 1n);
      expect(await a.ledger.assessed(ltu, 3)).to.equal(BUDGET / 10n);
    });

    it("follow every budget and weight, whoever was looked at in between", async () => {
      const a = await loadFixture(begun);
      const reference = await referenceFor(a);
      const [ltu, est] = [a.member("LTU"), a.member("EST")];
      for (let period = 0n; period < 10n; ++period) {
        const t = a.genesis + period * PERIOD + 1n;
        await a.time.increaseTo(t);
        const amount = (BUDGET * (period + 3n)) / 13n;
        await setBudget(a, period + 1n, amount);
        reference.setBudget(t, period + 1n, amount);
        const capacity = 90_001 + 1_237 * Number(period);
        await setScale(a, ltu.code, capacity);
        reference.setScale(t, ltu.code, BigInt(capacity), 0n);
        // Only Estonia's account is ever touched.
        await a.ledger.connect(est.treasury).contribute(est.code, 1n);
      }
      for (const m of a.members) {
        for (let period = 0n; period < 11n; ++period) {
          expect(await a.ledger.through(m.code, period)).to.equal(reference.through(m.code, period));
          expect(await a.ledger.weightOf(m.code, period)).to.equal(reference.weightOf(m.code, period));
        }
      }
    });
  });

  describe("setTerms", () => {
    it("sets both at once, up to what the code allows", async () => {
      const a = await loadFixture(begun);
      await asTimelock(a, async (timelock) => {
        await expect(a.ledger.connect(timelock).setTerms({ loading: 1_000_000, callCap: 2_000_000 }))
          .to.emit(a.ledger, "TermsSet")
          .withArgs([1_000_000n, 2_000_000n]);
      });
      expect(await a.ledger.room()).to.equal(2n * BUDGET);
    });

    it("refuses a loading or a cap above that", async () => {
      const a = await loadFixture(begun);
      await asTimelock(a, async (timelock) => {
        await expect(a.ledger.connect(timelock).setTerms({ loading: 1_000_001, callCap: 0 }))
          .to.be.revertedWithCustomError(a.ledger, "LedgerRatioTooHigh")
          .withArgs(1_000_001n, 1_000_000n);
        await expect(a.ledger.connect(timelock).setTerms({ loading: 0, callCap: 2_000_001 }))
          .to.be.revertedWithCustomError(a.ledger, "LedgerRatioTooHigh")
          .withArgs(2_000_001n, 2_000_000n);
      });
    });

    it("is for the council only", async () => {
      const a = await loadFixture(begun);
      await expect(a.ledger.connect(a.stranger).setTerms({ loading: 0, callCap: 0 }))
        .to.be.revertedWithCustomError(a.ledger, "AccessControlUnauthorizedAccount")
        .withArgs(a.stranger.address, ZeroHash);
    });
  });

  describe("coverFrom", () => {
    it("is a parameter for founders", async () => {
      const a = await foundAlliance(connection, { capacity: 100_000, parameters: { founderCoverDelay: 40n * DAY } });
      expect(await a.ledger.coverFrom(a.member("LTU").code)).to.equal(a.genesis + 40n * DAY);
    });

    it("is 180 days after the first period with a weight for others, and a new weight does not move it", async () => {
      const a = await loadFixture(begun);
      await begin(a, 1n);
      const fin = await admitNew(a, "FIN", 1);
      expect(await a.ledger.coverFrom(fin.code)).to.equal(2n ** 48n - 1n);
      await setScale(a, fin.code, 100_000);
      const coverFrom = a.genesis + 2n * PERIOD + 180n * DAY;
      expect(await a.ledger.coverFrom(fin.code)).to.equal(coverFrom);
      await begin(a, 3n);
      await setScale(a, fin.code, 120_000);
      await setScale(a, a.member("LTU").code, 90_000);
      expect(await a.ledger.coverFrom(fin.code)).to.equal(coverFrom);
      expect(await a.ledger.coverFrom(a.member("LTU").code)).to.equal(a.genesis + 180n * DAY);
      expect(await a.ledger.assessed(fin.code, 1)).to.equal(0n);
      expect(await a.ledger.assessed(fin.code, 2)).to.equal((BUDGET * 100_000n + PPM - 1n) / PPM);
    });
  });
});
