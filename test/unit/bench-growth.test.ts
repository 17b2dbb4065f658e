import { expect } from "chai";

import { allowanceFor, growthLines, growthOf, growthRecord, grown } from "../../scripts/lib/bench/growth.ts";
import type { Growth, GrowthRow } from "../../scripts/lib/bench/growth.ts";

const sizes = [4, 40, 400];
const row = (lookups: number, ...gas: bigint[]): GrowthRow => ({ operation: "to pay", lookups, gas });
const growth = (...rows: GrowthRow[]): Growth => ({ dimension: "periods", sizes, rows });

describe("growthOf", () => {
  describe("given what an operation costs at each size", () => {
    it("is the most above the first, wherever it is", () => {
      expect(growthOf(row(0, 100n, 130n, 120n))).to.equal(30n);
    });

    it("is nothing where it only becomes cheaper", () => {
      expect(growthOf(row(0, 100n, 90n, 80n))).to.equal(0n);
    });
  });
});

describe("allowanceFor", () => {
  describe("given an operation that searches nothing", () => {
    it("is 2% of the first", () => {
      expect(allowanceFor(row(0, 100_000n), sizes)).to.equal(2_000n);
    });
  });

  describe("given one that searches two histories which double seven times at most", () => {
    it("adds 2,600 for each of them and each doubling", () => {
      expect(allowanceFor(row(2, 100_000n), sizes)).to.equal(2_000n + 2n * 7n * 2_600n);
      expect(allowanceFor(row(2, 100_000n), [10, 40])).to.equal(2_000n + 2n * 2n * 2_600n);
    });
  });
});

describe("grown", () => {
  describe("given one that grows by its allowance and one that grows by a unit more", () => {
    it("names the second", () => {
      const [within, beyond] = [row(0, 100_000n, 102_000n, 0n), row(0, 100_000n, 0n, 102_001n)];
      expect(grown(growth(within, beyond))).to.deep.equal([beyond]);
      const [searching, more] = [row(1, 100_000n, 0n, 120_200n), row(1, 100_000n, 0n, 120_201n)];
      expect(grown(growth(searching, more))).to.deep.equal([more]);
    });
  });
});

describe("growthLines", () => {
  describe("given that nothing grows too much", () => {
    it("says so under the table, whose last columns are the growth, rounded up, and the searches", () => {
      expect(growthLines(growth(row(1, 100_000n, 110_000n, 120_110n)))).to.deep.equal([
        "",
        "| gas by periods |       4 |      40 |     400 | growth | searches |",
        "| -------------- | ------: | ------: | ------: | -----: | -------: |",
        "| to pay         | 100,000 | 110,000 | 120,110 |  20.2% |        1 |",
        "",
        "holds: nothing grows with periods by more than 2%, and 2,600 gas a search and doubling",
      ]);
    });
  });

  describe("given that nothing is searched", () => {
    it("leaves searches out", () => {
      const lines = growthLines(growth(row(0, 100_000n, 100_000n, 100_001n)));
      expect(lines.slice(1, 2)).to.deep.equal(["| gas by periods |       4 |      40 |     400 | growth |"]);
      expect(lines.slice(3, 4)).to.deep.equal(["| to pay         | 100,000 | 100,000 | 100,001 |   0.1% |"]);
      expect(lines.at(-1)).to.equal("holds: nothing grows with periods by more than 2%");
    });
  });

  describe("given that something does", () => {
    it("names it, and what would have been allowed", () => {
      expect(growthLines(growth(row(0, 100_000n, 100_000n, 110_000n))).at(-1)).to.equal(
        "BROKEN: to pay: grows by 10,000 gas with periods, at most 2,000 is allowed",
      );
    });
  });
});

describe("growthRecord", () => {
  describe("given a growth", () => {
    it("gives plain numbers and the verdict", () => {
      const expected = { operation: "to pay", searches: 0, gas: [100, 100, 103], growth: 3, allowance: 2 };
      expect(growthRecord(growth(row(0, 100n, 100n, 103n)))).to.deep.equal({
        dimension: "periods",
        sizes,
        rows: [expected],
        holds: false,
      });
    });
  });
});
