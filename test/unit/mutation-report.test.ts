import { expect } from "chai";

import { InputError } from "../../scripts/lib/csv.ts";
import type { Explanation } from "../../scripts/lib/mutation/explained.ts";
import { readOptions } from "../../scripts/lib/mutation/options.ts";
import { holds, statement, verdictOn } from "../../scripts/lib/mutation/report.ts";
import type { Result } from "../../scripts/lib/mutation/results.ts";
import type { Numbered } from "../../scripts/lib/mutation/switches.ts";

const FUND = "contracts/CrisisFund.sol";
const MEASURES = "contracts/MeasuresRegister.sol";
const killer = { file: "test/unit/CrisisFund.awards.test.ts", title: "CrisisFund award" };
const killed: Result = { status: "killed", killer, error: "expected 1 to equal 2", ran: 1 };
const survived: Result = { status: "survived", ran: 9 };

/** Twenty mutations of a file, of which the first few survive. */
function made(file: string, alive: number, first = 1): { mutations: Numbered[]; results: [number, Result][] } {
  const mutations = Array.from({ length: 20 }, (_, i): Numbered => ({
    ...{ kind: "operator", file, line: i + 1, place: "C.f", edits: [] },
    ...{ before: `a${i} + b`, after: `a${i} - b`, number: first + i },
  }));
  return { mutations, results: mutations.map(({ number }, i) => [number, i < alive ? survived : killed]) };
}

function judged(alive: number, explanations: Explanation[] = [], file = FUND) {
  const { mutations, results } = made(file, alive);
  return verdictOn(mutations, mutations, new Map(results), explanations);
}

const why = "Both are the same there.";
const explained = (i: number, place = "C.f"): Explanation => {
  return { file: FUND, place, before: `a${i} + b`, after: `a${i} - b`, why };
};

describe("verdictOn", () => {
  it("holds from 95% of a contract on", () => {
    expect(judged(1).scores).to.deep.equal([
      { file: FUND, bound: true, mutations: 20, killed: 19, explained: 0, alive: 1, score: 95 },
    ]);
    expect(holds(judged(1))).to.be.true;
    expect(holds(judged(2))).to.be.false;
  });

  it("asks it of every contract by itself", () => {
    const [bad, good] = [made(FUND, 2), made("contracts/Council.sol", 0, 101)];
    const all = [...bad.mutations, ...good.mutations];
    const verdict = verdictOn(all, all, new Map([...bad.results, ...good.results]), []);
    expect(verdict.scores.map(({ score }) => score)).to.deep.equal([90, 100]);
    expect(holds(verdict)).to.be.false;
  });

  it("asks nothing of what moves no money and counts no vote", () => {
    expect(holds(judged(9, [], MEASURES))).to.be.true;
    expect(statement(judged(9, [], MEASURES)).join("\n")).to.include("(moves no money, counts no vote)");
  });

  it("sets thousands in threes", () => {
    const parts = Array.from({ length: 62 }, (_, i) => made(FUND, 0, 1 + 20 * i));
    const mutations = parts.flatMap((part) => part.mutations);
    const lines = statement(verdictOn(mutations, mutations, new Map(parts.flatMap((part) => part.results)), []));
    expect(lines[1]).to.match(/^CrisisFund +1,240 +1,240 +0 +0 +100\.0%$/);
    expect(lines.at(-1)).to.match(/: 100% of 1,240 mutations killed, /);
  });

  it("names every survivor with its place", () => {
    expect(statement(judged(2))).to.include.members([
      "Alive (2):",
      `  ${FUND}:1 C.f: a0 + b → a0 - b`,
      `  ${FUND}:2 C.f: a1 + b → a1 - b`,
    ]);
  });

  describe("given explanations", () => {
    it("counts without what is explained, and tells why", () => {
      const verdict = judged(2, [explained(0), explained(1)]);
      expect(verdict.scores[0]).to.include({ killed: 18, explained: 2, alive: 0, score: 100 });
      expect(holds(verdict)).to.be.true;
      expect(statement(verdict).join("\n")).to.include(`a1 + b → a1 - b\n    ${why}`);
    });

    it("explains nothing in another function", () => {
      const verdict = judged(2, [explained(0, "C.g")]);
      expect(verdict.scores[0]).to.include({ explained: 0, alive: 2 });
      expect(verdict.idle).to.deep.equal([`${FUND}, C.g: a0 + b → a0 - b: there is no such mutation.`]);
    });

    it("refuses one of a mutation that the tests kill", () => {
      const verdict = judged(1, [explained(0), explained(5)]);
      expect(verdict.idle).to.deep.equal([`${FUND}, C.f: a5 + b → a5 - b: the tests kill it.`]);
      expect(holds(verdict)).to.be.false;
    });

    it("leaves one alone whose mutation was not tried", () => {
      const { mutations, results } = made(FUND, 1);
      const tried = mutations.slice(0, 5);
      const verdict = verdictOn(tried, mutations, new Map(results.slice(0, 5)), [explained(0), explained(9)]);
      expect(verdict.idle).to.deep.equal([]);
    });
  });
});

describe("readOptions", () => {
  const known = ["CrisisFund", "ProRata"];
  const refused = (...args: string[]): string[] => {
    try {
      readOptions(args, known);
    } catch (error) {
      if (error instanceof InputError) return error.sentences;
      throw error;
    }
    return [];
  };

  it("takes contracts, a sample and where to write", () => {
    expect(
      readOptions(["--contract", "ProRata, CrisisFund", "--sample", "9", "--seed", "4", "--jobs", "3"], known),
    ).to.deep.equal({
      ...{ help: false, contracts: ["ProRata", "CrisisFund"], sample: 9, seed: 4, jobs: 3, list: false, out: "out" },
    });
  });

  it("tries everything unless told otherwise", () => {
    expect(readOptions([], known)).to.deep.include({ contracts: [], sample: undefined, seed: 1, jobs: 2 });
  });

  it("says what cannot be used", () => {
    expect(refused("--contract", "Fund")).to.deep.equal([
      '--contract: there is no "Fund" in contracts/; there are CrisisFund, ProRata.',
    ]);
    expect(refused("--jobs", "0")).to.deep.equal(['--jobs: "0" is no whole number from 1.']);
    expect(refused("--sample", "many")).to.deep.equal(['--sample: "many" is no whole number from 1.']);
    expect(refused("--seed", "2")).to.deep.equal(["--seed: it says how --sample draws, which is not given."]);
    expect(refused("--out", "")).to.deep.equal(["--out: nothing is given; a folder would be right."]);
    expect(refused("--fast")[0]).to.include("--help lists the options.");
  });
});
