import { expect } from "chai";

import { lineCoverageOf, statement } from "../../scripts/lib/line-coverage.ts";

/** A report in which these lines of files ran so often. */
const reportOf = (files: Record<string, Record<number, number>>): string =>
  Object.entries(files)
    .flatMap(([file, lines]) => [
      `SF:${file}`,
      ...Object.entries(lines).map(([line, times]) => `DA:${line},${times}`),
      "end_of_record",
    ])
    .join("\n");

const stated = (files: Record<string, Record<number, number>>) =>
  statement(lineCoverageOf(reportOf(files), "contracts/"), "contracts/");

describe("line coverage", () => {
  describe("given a report in which every line ran", () => {
    it("is 100%", () => {
      expect(stated({ "contracts/A.sol": { 3: 1, 4: 7 }, "contracts/libraries/B.sol": { 1: 2 } })).to.deep.equal([
        "Line coverage of contracts/: 100% (3 of 3 lines in 2 files)",
      ]);
    });
  });

  describe("given a line that did not run", () => {
    it("names its file and number", () => {
      expect(stated({ "contracts/A.sol": { 3: 1, 14: 0 }, "contracts/B.sol": { 5: 0, 6: 1 } })).to.deep.equal([
        "Line coverage of contracts/: 50% (2 of 4 lines in 2 files)",
        "no test reaches",
        "  contracts/A.sol:14",
        "  contracts/B.sol:5",
      ]);
    });

    it("is below 100% however many others ran", () => {
      const lines = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [i + 1, i]));
      expect(stated({ "contracts/A.sol": lines })[0]).to.equal(
        "Line coverage of contracts/: 99.99% (99999 of 100000 lines in 1 files)",
      );
    });

    it("asks nothing of files elsewhere", () => {
      expect(stated({ "test/mocks/contracts/A.sol": { 1: 0 }, "contracts/A.sol": { 1: 1 } })).to.deep.equal([
        "Line coverage of contracts/: 100% (1 of 1 lines in 1 files)",
      ]);
    });
  });

  describe("given a report without a line of the folder", () => {
    it("is not known", () => {
      expect(stated({ "test/mocks/A.sol": { 1: 1 } })).to.deep.equal([
        "Line coverage of contracts/: unknown, the report names no line of it",
      ]);
    });
  });
});
