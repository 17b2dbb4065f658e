import { expect } from "chai";

import { BRANCHES, coverageOf, explained, LINES, percentOf, statement } from "../../scripts/lib/coverage/report.ts";

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
  statement(coverageOf(reportOf(files), "contracts/", LINES), "contracts/", LINES);

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

/** A report of forge with these ways of decisions: line, decision, way, times. */
const forgeReportOf = (...ways: string[]): string =>
  ["TN:", "SF:contracts/A.sol", "DA:3,1", ...ways.map((way) => `BRDA:${way}`), "BRF:9", "end_of_record"].join("\n");

describe("branch coverage", () => {
  describe("given a report in which every decision went every way", () => {
    it("is 100%, and counts no lines", () => {
      const coverage = coverageOf(forgeReportOf("3,0,0,1", "3,0,1,2"), "contracts/", BRANCHES);
      expect(coverage).to.deep.equal({ files: 1, total: 2, missed: [] });
      expect(statement(coverage, "contracts/", BRANCHES)).to.deep.equal([
        "Branch coverage of contracts/: 100% (2 of 2 branches in 1 files)",
      ]);
    });
  });

  describe("given a decision that went one way only, and one that was never reached", () => {
    it("names each way that is missing", () => {
      const coverage = coverageOf(forgeReportOf("3,0,0,0", "3,0,1,12", "9,1,0,-", "9,1,1,-"), "contracts/", BRANCHES);
      expect(percentOf(coverage)).to.equal(25);
      expect(statement(coverage, "contracts/", BRANCHES)).to.deep.equal([
        "Branch coverage of contracts/: 25% (1 of 4 branches in 1 files)",
        "no test takes",
        "  contracts/A.sol:3 (way 0)",
        "  contracts/A.sol:9 (way 0)",
        "  contracts/A.sol:9 (way 1)",
      ]);
    });
  });

  describe("given explanations of what is missed", () => {
    const source = "contract A {\n\n  if (a) b();\n  c();\n  if (d) e();\n  c();\n}";
    const coverage = coverageOf(forgeReportOf("3,0,0,0", "5,0,0,0", "5,0,1,1"), "contracts/", BRANCHES);
    const explanation = (code: string, way = 0) => ({ file: "contracts/A.sol", code, way, reason: "nobody can" });
    const explainedBy = (...explanations: ReturnType<typeof explanation>[]) =>
      explained(coverage, explanations, () => source);

    it("gives the reason with it, and counts it as missed all the same", () => {
      expect(explainedBy(explanation("if (a) b()"))).to.deep.equal({
        coverage: { ...coverage, missed: ["contracts/A.sol:3 (way 0): nobody can", "contracts/A.sol:5 (way 0)"] },
        idle: [],
      });
    });

    it("tells of those of what is taken, not there, or there twice", () => {
      expect(explainedBy(explanation("if (d)", 1), explanation("if (z)"), explanation("c();"))).to.deep.equal({
        coverage,
        idle: ["contracts/A.sol: if (d) (way 1)", "contracts/A.sol: if (z) (way 0)", "contracts/A.sol: c(); (way 0)"],
      });
    });
  });

  describe("given a report without a branch of the folder", () => {
    it("is not known, and far from enough", () => {
      const coverage = coverageOf("", "contracts/", BRANCHES);
      expect(percentOf(coverage)).to.equal(0);
      expect(statement(coverage, "contracts/", BRANCHES)).to.deep.equal([
        "Branch coverage of contracts/: unknown, the report names no branch of it",
      ]);
    });
  });
});
