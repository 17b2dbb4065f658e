import { expect } from "chai";

import type { Program } from "../../scripts/lib/mutation/program.ts";
import { Schedule } from "../../scripts/lib/mutation/schedule.ts";
import type { Numbered } from "../../scripts/lib/mutation/switches.ts";

const FILE = "contracts/FundBooks.sol";

const program: Program = {
  ...{ mutations: [], invalid: [], mutated: {}, tagged: {} },
  statements: [{ file: FILE, start: 0, end: 100, tag: "books" }],
  contracts: { [FILE]: ["CrisisFund"] },
};
const test = (file: string, title: string) => ({ file: `test/unit/${file}.test.ts`, title });
const tests = [
  test("CrisisFund.awards", "awards"),
  test("CrisisFund.deposits", "takes"),
  test("CrisisFund.roles", "begins where it has run"),
  ...Array.from({ length: 100 }, (_, i) => test("LossPanel", `settles ${i}`)),
];
const foreign = Array.from({ length: 100 }, (_, i) => 3 + i);
const took = tests.map(() => 50);
const reach = { tests, took, direct: { books: [0, 1, ...foreign] }, beginning: { books: [2, ...foreign] } };

const mutation: Numbered = {
  number: 1,
  ...{ kind: "bound", file: FILE, line: 1, place: "FundBooks._receive", before: "1", after: "0" },
  edits: [{ start: 10, end: 11, text: "0", form: "expression" }],
};

describe("Schedule", () => {
  it("tries the contract's own tests, some of the others, and then those of its own that begin where it has run", () => {
    const [acting, beginning] = new Schedule(program, reach).roundsFor(mutation);
    expect(acting?.fromTheBeginning).to.equal(false);
    expect(acting?.tests.slice(0, 2)).to.deep.equal([0, 1]);
    const others = acting?.tests.slice(2) ?? [];
    expect(others).to.have.lengthOf(24);
    expect(others[0]! + 90).to.be.below(others.at(-1)!);
    expect(beginning).to.deep.equal({ tests: [2], fromTheBeginning: true });
  });

  it("counts properties, and the tests of a part that several contracts share, among their own", () => {
    const books = test("FundBooks", "keeps books");
    const property = { file: "test/property/CrisisFund.test.ts", title: "never loses a unit" };
    const [acting] = new Schedule(program, {
      ...reach,
      tests: [...tests, books, property],
      direct: { books: [0, ...foreign, tests.length, tests.length + 1] },
    }).roundsFor(mutation);
    expect(acting?.tests.slice(0, 3)).to.have.members([0, tests.length, tests.length + 1]);
  });

  it("leaves out what is not given", () => {
    const schedule = new Schedule(program, reach);
    const [acting, beginning] = schedule.roundsFor(mutation, [tests[1]!, tests[2]!]);
    expect([acting?.tests, beginning?.tests]).to.deep.equal([[1], [2]]);
    expect(schedule.roundsFor(mutation, []).map((round) => round.tests)).to.deep.equal([[], []]);
  });

  it("tries first what killed this mutation before, then what killed others of the same function", () => {
    const schedule = new Schedule(program, reach);
    schedule.killed({ ...mutation, number: 2 }, 1);
    expect(schedule.roundsFor(mutation)[0]?.tests.slice(0, 2)).to.deep.equal([1, 0]);
    const last = schedule.roundsFor(mutation)[0]?.tests.at(-1) ?? 0;
    schedule.suspect(mutation, tests[last]);
    expect(schedule.roundsFor(mutation)[0]?.tests.slice(0, 3)).to.deep.equal([last, 1, 0]);
    expect(schedule.roundsFor({ ...mutation, number: 2 })[0]?.tests.slice(0, 2)).to.deep.equal([1, 0]);
  });

  it("prefers what takes less time, and what kills more in it", () => {
    const slow = { ...reach, took: took.with(0, 30_000) };
    const schedule = new Schedule(program, slow);
    expect(schedule.roundsFor(mutation)[0]?.tests.at(-1)).to.equal(0);
    for (const [test, kills] of [
      [0, 3],
      [1, 1],
    ] as const) {
      for (let i = 0; i < kills; ++i) schedule.killed(mutation, test);
    }
    expect(schedule.roundsFor(mutation)[0]?.tests.slice(0, 2)).to.deep.equal([1, 0]);
  });

  it("knows nothing to try first if the test that killed it is gone", () => {
    const schedule = new Schedule(program, reach);
    schedule.suspect(mutation, test("CrisisFund.awards", "is gone"));
    expect(schedule.roundsFor(mutation)[0]?.tests.slice(0, 2)).to.deep.equal([0, 1]);
  });

  it("names all that would try it, whatever was left out meanwhile", () => {
    const schedule = new Schedule(program, reach);
    schedule.leaveOut(1);
    expect(schedule.roundsFor(mutation)[0]?.tests).to.not.include(1);
    expect(schedule.testsFor(mutation).slice(0, 3)).to.deep.equal(tests.slice(0, 3));
    expect(schedule.testsFor(mutation)).to.have.lengthOf(27);
  });
});
