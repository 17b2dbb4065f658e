import { readFileSync, readdirSync, writeFileSync } from "node:fs";

import { expect } from "chai";

import { Results } from "../../scripts/lib/mutation/results.ts";
import type { Result } from "../../scripts/lib/mutation/results.ts";
import type { Numbered } from "../../scripts/lib/mutation/switches.ts";
import { emptyFolder } from "../support/folders.ts";

const FILE = "contracts/CrisisFund.sol";

const mutation: Numbered = {
  number: 1,
  ...{ kind: "bound", file: FILE, line: 1, place: "CrisisFund.award", before: "1", after: "0" },
  edits: [{ start: 10, end: 11, text: "0", form: "expression" }],
};
const paying = { file: "paying.test.ts", title: "pays" };
const voting = { file: "voting.test.ts", title: "votes" };
const texts = { "paying.test.ts": "expect(paid)", "voting.test.ts": "expect(cast)" };
const killed: Result = { status: "killed", killer: paying, error: "not paid", ran: 1 };
const survived: Result = { status: "survived", ran: 2 };

describe("Results", () => {
  const opened = (folder: string, changed: Partial<typeof texts> = {}, contracts = "present", shared = "support") =>
    new Results(folder, contracts, new Map(Object.entries({ ...texts, ...changed })), [shared]);

  function entered(result: Result): string {
    const folder = emptyFolder();
    opened(folder).enter(mutation, result, [paying, voting]);
    return folder;
  }

  it("loses nothing but the line that was broken off when a run ended", () => {
    const folder = entered(killed);
    const [file = ""] = readdirSync(folder);
    const line = readFileSync(`${folder}/${file}`, "utf8");
    for (const broken of [line.slice(0, -9), line.slice(0, line.indexOf("}") + 1)]) {
      writeFileSync(`${folder}/${file}`, line + broken);
      const other = { ...mutation, edits: [{ start: 20, end: 21, text: "1", form: "expression" as const }] };
      opened(folder).enter(other, survived, [voting]);
      const later = opened(folder);
      expect(later.of(mutation, [paying])).to.deep.equal(killed);
      expect(later.of(other, [voting])).to.deep.equal(survived);
    }
  });

  describe("given a mutation that was killed", () => {
    it("still knows it while the test that did so is as it was", () => {
      const folder = entered(killed);
      expect(opened(folder).of(mutation, [paying, voting])).to.deep.equal(killed);
      expect(opened(folder, { "voting.test.ts": "" }).of(mutation, [paying])).to.deep.equal(killed);
    });

    it("does not know it any more once that test has changed, but which test it was", () => {
      const later = opened(entered(killed), { "paying.test.ts": "" });
      expect(later.of(mutation, [paying, voting])).to.equal(undefined);
      expect(later.killerOf(mutation)).to.deep.equal(paying);
      expect(later.untried(mutation, [paying, voting])).to.deep.equal([paying, voting]);
    });
  });

  describe("given a mutation that survived", () => {
    it("still knows it while the tests that tried it are as they were", () => {
      const folder = entered(survived);
      const later = opened(folder, { "other.test.ts": "" } as object);
      expect(later.of(mutation, [paying, voting])).to.deep.equal(survived);
      expect(later.killerOf(mutation)).to.equal(undefined);
      expect(later.untried(mutation, [paying, voting])).to.deep.equal([]);
    });

    it("has it tried again by those alone that have changed or are new, and then knows it", () => {
      const folder = entered(survived);
      const later = opened(folder, { "voting.test.ts": "" });
      const twice = { ...paying, title: "pays twice" };
      expect(later.untried(mutation, [paying, twice, voting])).to.deep.equal([twice, voting]);
      later.enter(mutation, survived, [paying, twice, voting]);
      expect(later.untried(mutation, [paying, twice, voting])).to.deep.equal([]);
      expect(opened(folder, { "voting.test.ts": "" }).of(mutation, [paying, twice, voting])).to.deep.equal(survived);
      expect(opened(folder, {}, "present", "").untried(mutation, [paying, voting])).to.deep.equal([paying, voting]);
    });

    it("does not know it any more once one of them has changed, another is to try it, or what they share has changed", () => {
      const folder = entered(survived);
      expect(opened(folder, { "voting.test.ts": "" }).of(mutation, [paying, voting])).to.equal(undefined);
      expect(opened(folder).of(mutation, [paying, voting, { ...voting, title: "votes twice" }])).to.equal(undefined);
      expect(opened(folder, {}, "present", "").of(mutation, [paying, voting])).to.equal(undefined);
    });
  });

  it("knows nothing of other contracts, or of another change of the same code", () => {
    const folder = entered(killed);
    expect(opened(folder, {}, "former").of(mutation, [paying])).to.equal(undefined);
    const edits = [{ start: 10, end: 11, text: "2", form: "expression" as const }];
    expect(opened(folder).of({ ...mutation, edits }, [paying])).to.equal(undefined);
  });
});
