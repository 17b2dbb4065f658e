import { expect } from "chai";

import {
  Budgets,
  Dues,
  Weights,
  callBudget,
  exitCharge,
  periodsDue,
  toUnits,
  weightFor,
} from "../../scripts/lib/rules/arithmetic/assessment.ts";
import { mostPayable, netLoss, payableFor } from "../../scripts/lib/rules/arithmetic/indemnity.ts";
import { countSeats } from "../../scripts/lib/rules/arithmetic/numbers.ts";
import { Creditor, Pool } from "../../scripts/lib/rules/arithmetic/pro-rata.ts";

const DAY = 86_400n;

// Every figure here was worked out by hand from the design.
describe("The rules' arithmetic", () => {
  describe("weightFor", () => {
    it("raises a capacity by the dependence, rounding down", () => {
      // 100,001 × (1 + 0.5 × 0.3) = 115,001.15
      expect(weightFor(100_001n, 300_000n, 500_000n)).to.equal(115_001n);
    });

    it("never leaves the floor of 10 ppm and the ceiling of 220,000 ppm", () => {
      expect(weightFor(0n, 0n, 0n)).to.equal(10n);
      expect(weightFor(219_999n, 1_000_000n, 1_000_000n)).to.equal(220_000n);
    });
  });

  describe("Weights.through", () => {
    it("adds exact shares of every budget and rounds up once", () => {
      const budgets = new Budgets();
      const weights = new Weights();
      budgets.set(0n, 0n, 7n);
      weights.set(0n, 100_000n, budgets);
      // 0.7 a period: 0.7, 1.4, 2.1, 2.8
      const owed = [1n, 2n, 3n, 4n].map((periods) => toUnits(weights.through(periods, budgets)));
      expect(owed).to.deep.equal([1n, 2n, 3n, 3n]);
    });

    it("follows budgets and weights from the period in which each begins", () => {
      const budgets = new Budgets();
      const weights = new Weights();
      budgets.set(0n, 0n, 1_000n);
      weights.set(0n, 100_000n, budgets);
      budgets.set(0n, 2n, 2_000n);
      weights.set(3n, 50_000n, budgets);
      // 100 + 100 + 200, then 100 a period
      expect(weights.through(3n, budgets)).to.equal(400n * 1_000_000n);
      expect(weights.through(5n, budgets)).to.equal(600n * 1_000_000n);
    });
  });

  describe("Budgets.set", () => {
    it("lets a new step take the place of one that is pending", () => {
      const budgets = new Budgets();
      budgets.set(0n, 0n, 10n);
      budgets.set(0n, 3n, 20n);
      budgets.set(1n, 5n, 30n);
      expect([2n, 3n, 4n, 5n].map((period) => budgets.at(period))).to.deep.equal([10n, 10n, 10n, 30n]);
    });
  });

  describe("callBudget", () => {
    it("rounds up, so that a call brings at least what it is for", () => {
      expect(callBudget(10n, 300_000n)).to.equal(34n);
    });
  });

  describe("exitCharge", () => {
    it("is the member's share of what debts and commitments exceed the reserve by, rounded up", () => {
      // 100 of 700 of (50 + 60 − 100)
      expect(exitCharge(100n, 700n, { owed: 50n, committed: 60n, reserve: 100n })).to.equal(2n);
    });

    it("is nothing if the reserve is enough", () => {
      expect(exitCharge(100n, 700n, { owed: 0n, committed: 60n, reserve: 100n })).to.equal(0n);
    });
  });

  describe("periodsDue", () => {
    it("counts a due date as met at its second and missed at the next", () => {
      expect(periodsDue(1_000n, 1_000n + 30n * DAY)).to.equal(0n);
      expect(periodsDue(1_000n, 1_000n + 30n * DAY + 1n)).to.equal(1n);
      expect(periodsDue(1_000n, 1_000n + 120n * DAY)).to.equal(1n);
      expect(periodsDue(1_000n, 1_000n + 120n * DAY + 1n)).to.equal(2n);
    });
  });

  describe("Dues.before", () => {
    it("adds up what was due before a second", () => {
      const dues = new Dues();
      dues.add(10n, 3n);
      dues.add(20n, 4n);
      expect([10n, 11n, 20n, 21n].map((time) => dues.before(time))).to.deep.equal([0n, 3n, 3n, 7n]);
    });
  });

  describe("payableFor", () => {
    const cover = { baseline: 1_000n, ceding: 800_000n, attachment: 50_000n, exhaustion: 600_000n };

    it("pays the ceded share of the layer between attachment and exhaustion, rounded down", () => {
      // A = 50, X = 600
      const losses = [0n, 50n, 51n, 53n, 100n, 600n, 900n];
      expect(losses.map((loss) => payableFor(cover, loss))).to.deep.equal([0n, 0n, 0n, 2n, 40n, 440n, 440n]);
      expect(mostPayable(cover)).to.equal(440n);
    });
  });

  describe("netLoss", () => {
    const cover = { baseline: 365n, ceding: 0n, attachment: 0n, exhaustion: 0n };

    it("is bounded by the trade that could have taken place, and less by what allies bought", () => {
      expect(netLoss(cover, 100n, 5n, 30n * DAY)).to.equal(25n);
      expect(netLoss(cover, 20n, 5n, 30n * DAY)).to.equal(15n);
      expect(netLoss(cover, 20n, 25n, 30n * DAY)).to.equal(0n);
    });
  });

  describe("countSeats", () => {
    it("counts the highest seat too", () => {
      expect(countSeats(0n)).to.equal(0n);
      expect(countSeats((1n << 207n) | 5n)).to.equal(3n);
    });
  });

  describe("Pool", () => {
    it("divides what arrives in proportion to what each is owed at that moment", () => {
      const pool = new Pool();
      const [first, second] = [new Creditor(), new Creditor()];
      pool.add(first, 400n);
      expect(pool.distribute(200n)).to.equal(200n);
      pool.add(second, 200n);
      pool.distribute(100n);
      expect(pool.balanceOf(first)).to.deep.equal({ owed: 150n, received: 250n });
      expect(pool.balanceOf(second)).to.deep.equal({ owed: 150n, received: 50n });
      expect(pool.outstanding).to.equal(300n);
    });

    it("counts fractions from the creation of an obligation, however often it is settled", () => {
      const pool = new Pool();
      const [often, once, third] = [new Creditor(), new Creditor(), new Creditor()];
      for (const creditor of [often, once, third]) pool.add(creditor, 100n);
      let settled = 0n;
      for (let i = 0; i < 100; ++i) {
        pool.distribute(1n);
        settled += pool.settle(often);
      }
      expect(settled).to.equal(33n);
      expect(pool.balanceOf(once).received).to.equal(33n);
    });

    it("opens the next epoch below a thousandth of the shares, and completes the old one first", () => {
      const pool = new Pool();
      const [old, late] = [new Creditor(), new Creditor()];
      pool.add(old, 10_000n);
      pool.distribute(9_991n);
      pool.add(late, 50n);
      pool.distribute(10n);
      expect(pool.balanceOf(old)).to.deep.equal({ owed: 0n, received: 10_000n });
      expect(pool.balanceOf(late)).to.deep.equal({ owed: 49n, received: 1n });
    });

    it("takes off what is still owed, the newest first", () => {
      const pool = new Pool();
      const [voided, other] = [new Creditor(), new Creditor()];
      pool.add(voided, 100n);
      pool.add(other, 100n);
      expect(pool.reduce(voided, 150n)).to.deep.equal({ taken: 100n, spare: 0n });
      pool.distribute(50n);
      expect(pool.balanceOf(other)).to.deep.equal({ owed: 50n, received: 50n });
    });
  });
});
