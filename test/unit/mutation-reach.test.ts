import { expect } from "chai";

import type { Mutation } from "../../scripts/lib/mutation/mutators.ts";
import { joined, reaching } from "../../scripts/lib/mutation/reach.ts";

const FILE = "contracts/CrisisFund.sol";
const statements = [
  { file: FILE, start: 100, end: 200, tag: "loop" },
  { file: FILE, start: 120, end: 140, tag: "within" },
  { file: "contracts/Council.sol", start: 125, end: 135, tag: "elsewhere" },
];
const reach = { tests: [], took: [], direct: { loop: [1, 2, 3], within: [2] }, beginning: { within: [3, 4] } };

function mutationAt(start: number, end: number): Mutation {
  const edits = [{ start, end, text: "0", form: "expression" as const }];
  return { kind: "bound", file: FILE, line: 1, place: "C.f", before: "1", after: "0", edits };
}

describe("reaching", () => {
  it("names the tests that run the smallest statement around a mutation, and those that begin after it", () => {
    expect(reaching(mutationAt(125, 126), statements, reach)).to.deep.equal({ direct: [2], beginning: [3, 4] });
  });

  it("names none that only begin elsewhere", () => {
    expect(reaching(mutationAt(150, 151), statements, reach)).to.deep.equal({ direct: [1, 2, 3], beginning: [] });
  });

  it("knows of none for what stands in no statement", () => {
    expect(reaching(mutationAt(10, 12), statements, reach)).to.equal(undefined);
  });
});

describe("joined", () => {
  it("numbers tests through all files, and knows what their beginnings have run", () => {
    const one = { tags: ["a"], fixtures: ["1:fund"], built: { "1:fund": ["x"] }, took: 5 };
    const other = { tags: ["b"], fixtures: ["1:fund"], built: {}, took: 7 };
    const tests = (file: string) => ["one", "other"].map((title) => ({ file, title }));
    const parts = ["A.test.ts", "B.test.ts"].map((file) => ({ tests: tests(file), reached: [one, other] }));
    expect(joined(parts)).to.deep.equal({
      tests: [...tests("A.test.ts"), ...tests("B.test.ts")],
      took: [5, 7, 5, 7],
      direct: { a: [0, 2], b: [1, 3] },
      beginning: { x: [0, 1, 2, 3] },
    });
  });
});
