import { expect } from "chai";

import { aligned, asRecord, boundLines, holds, ratio, tableLines } from "../../scripts/lib/bench/figures.ts";
import type { Bound, Table } from "../../scripts/lib/bench/figures.ts";

const table: Table = {
  title: "Ballots",
  subjects: ["ours", "bare", "floor"],
  rows: [
    { operation: "a ballot", gas: { ours: 40_855n, bare: 65_864n, floor: 31_231n } },
    { operation: "by signature", gas: { ours: 55_417n, bare: 80_367n } },
  ],
};

const bound = (measured: bigint): Bound => ({ name: "a ballot", measured, peer: 65_864n, share: 630n });

describe("ratio", () => {
  describe("given two figures", () => {
    it("says ours as a share of the peer's, half up", () => {
      expect(ratio(63n, 100n)).to.equal("0.63");
      expect(ratio(125n, 1_000n)).to.equal("0.13");
      expect(ratio(1_249n, 10_000n)).to.equal("0.12");
      expect(ratio(735n, 100n)).to.equal("7.35");
      expect(ratio(5n, 1_000n)).to.equal("0.01");
    });
  });

  describe("given that one is missing", () => {
    it("says nothing", () => {
      expect(ratio(undefined, 100n)).to.equal(undefined);
      expect(ratio(100n, undefined)).to.equal(undefined);
      expect(ratio(100n, 0n)).to.equal(undefined);
    });
  });
});

describe("tableLines", () => {
  describe("given figures of which one is missing", () => {
    it("aligns them as Markdown, with the share behind each peer's", () => {
      expect(tableLines(table)).to.deep.equal([
        "",
        "Ballots",
        "",
        "| gas          |   ours | OpenZeppelin, bare |         floor |",
        "| ------------ | -----: | -----------------: | ------------: |",
        "| a ballot     | 40,855 |      65,864 (0.62) | 31,231 (1.31) |",
        "| by signature | 55,417 |      80,367 (0.69) |             – |",
      ]);
    });
  });
});

describe("aligned", () => {
  describe("given a head alone", () => {
    it("rules it off", () => {
      expect(aligned([["gas", "ours"]])).to.deep.equal(["| gas | ours |", "| --- | ---: |"]);
    });
  });
});

describe("holds", () => {
  describe("given a share of 0.63 of 65,864, which is 41,494.32", () => {
    it("holds up to the last unit below it, and not above", () => {
      expect(holds(bound(41_494n))).to.equal(true);
      expect(holds(bound(41_495n))).to.equal(false);
    });
  });
});

describe("boundLines", () => {
  describe("given a bound that holds and one that does not", () => {
    it("says which, with what was measured and allowed", () => {
      expect(boundLines([bound(40_855n), bound(41_495n)])).to.deep.equal([
        "holds: a ballot: 40,855 gas, at most 0.63 of 65,864 = 41,494",
        "BROKEN: a ballot: 41,495 gas, at most 0.63 of 65,864 = 41,494",
      ]);
    });
  });
});

describe("asRecord", () => {
  describe("given a table and a bound", () => {
    it("gives plain numbers, and no ratio to what is missing", () => {
      const record = asRecord([table], [bound(41_495n)]);
      expect(record.unit).to.equal("gas");
      expect(record.tables).to.deep.equal([
        {
          title: "Ballots",
          rows: [
            {
              operation: "a ballot",
              gas: { ours: 40_855, bare: 65_864, floor: 31_231 },
              ratios: { bare: 0.62, floor: 1.31 },
            },
            { operation: "by signature", gas: { ours: 55_417, bare: 80_367 }, ratios: { bare: 0.69 } },
          ],
        },
      ]);
      expect(record.bounds).to.deep.equal([{ name: "a ballot", measured: 41_495, limit: 41_494, holds: false }]);
    });
  });
});
