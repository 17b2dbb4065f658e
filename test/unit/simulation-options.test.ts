import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import JSON5 from "json5";

import { InputError } from "../../scripts/lib/csv.ts";
import { readOptions } from "../../scripts/lib/simulation/options.ts";
import { DEFAULT_FILE, readSimulation } from "../../scripts/lib/simulation/parameters.ts";
import { pricesOf } from "../../scripts/lib/simulation/prices.ts";
import { emptyFolder } from "../support/folders.ts";

function problemsOf(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InputError) return error.sentences;
    throw error;
  }
  return [];
}

describe("readOptions of the simulation", () => {
  it("takes the size that was asked for, and else the whole alliance", () => {
    const { seed, members, years, attacks } = readOptions([]);
    expect({ seed, members, years, attacks }).to.deep.equal({ seed: 1, members: 208, years: 25, attacks: 2_000 });
    const asked = readOptions(["--seed", "9", "--members", "8", "--years", "3", "--attacks", "0"]);
    expect(asked).to.include({ seed: 9, members: 8, years: 3, attacks: 0 });
  });

  it("tells everything that is wrong at once, and what would be right", () => {
    const given = ["--members", "209", "--years", "0", "--attacks", "some", "--ether", "-1", "--out", ""];
    expect(problemsOf(() => readOptions(given.map((text) => (text === "-1" ? "1e3" : text))))).to.deep.equal([
      "--out: nothing is given; a folder would be right.",
      '--members: "209" is no whole number from 8 to 208.',
      '--years: "0" is no whole number from 1 to 100.',
      '--attacks: "some" is no whole number from 0 to 100,000.',
      '--ether: "1e3" is no price like 3000 or 0.5.',
    ]);
  });

  it("names an option that does not exist", () => {
    expect(problemsOf(() => readOptions(["--member", "8"]))[0]).to.match(/--member.*--help lists the options\.$/);
  });
});

describe("readSimulation", () => {
  type Parts = Record<"CrisisInsuranceFund" | "Prices" | "Simulation", Record<string, unknown>>;
  const folder = emptyFolder();

  /** What is wrong with the file once something in it is changed. */
  function problemsWith(change: (parts: Parts) => void): string[] {
    const parts = JSON5.parse<Parts>(readFileSync(DEFAULT_FILE, "utf8"));
    change(parts);
    const file = join(folder, "changed.json5");
    writeFileSync(file, JSON.stringify(parts));
    return problemsOf(() => readSimulation(file)).map((problem) => problem.replace(`${file}: `, ""));
  }

  it("takes the file that is shipped", () => {
    expect(problemsWith(() => undefined)).to.deep.equal([]);
    const { CrisisInsuranceFund, Simulation } = readSimulation(DEFAULT_FILE);
    expect(CrisisInsuranceFund).to.include({ firstBudget: 246_575_342_465_753n, loading: 0n });
    expect(Simulation).to.include({ assessors: 5, silent: 33_333 });
  });

  it("names the file that cannot be read, and one that can", () => {
    const right = "right would be a file like deploy/parameters/simulation.json5.";
    const nowhere = problemsOf(() => readSimulation("nowhere.json5"));
    expect(nowhere).to.deep.equal([`nowhere.json5: there is no such file; ${right}`]);
    expect(problemsOf(() => readSimulation("deploy"))).to.deep.equal([`deploy: it is a folder; ${right}`]);
  });

  it("names a part that is missing", () => {
    const [problem] = problemsOf(() => readSimulation("deploy/parameters/replay.json5"));
    expect(problem).to.match(/^deploy\/parameters\/replay\.json5: Simulation: missing; right would be what /);
  });

  it("names all fields that are misspelt, missing, of another kind or out of bounds, and what would be right", () => {
    const problems = problemsWith(({ CrisisInsuranceFund, Prices, Simulation }) => {
      CrisisInsuranceFund["votngPeriod"] = CrisisInsuranceFund["votingPeriod"];
      CrisisInsuranceFund["votingPeriod"] = 12_096_000_000;
      Simulation["silent"] = "many";
      Simulation["assessors"] = 0;
      delete Simulation["crisis"];
      Simulation["leastTrade"] = 51;
      Prices["ether"] = -5;
      Prices["rollups"] = [{ name: "", gas: "cheap", compressed: 1_000_001 }];
      Prices["sources"] = [7];
    });
    const names = "timelockDelay, votingPeriod, firstBudget, founderCoverDelay, loading, callCap, ceding, attachment";
    expect(problems).to.deep.equal([
      `CrisisInsuranceFund.votngPeriod: unknown; right would be one of ${names}, exhaustion, yearlyLimit.`,
      "votingPeriod: 12,096,000,000 is out of bounds; right would be an integer from 259,200 to 1,209,600 seconds.",
      "assessors: 0 is out of bounds; right would be an integer from 3 to 15 assessors.",
      "crisis: missing; right would be an integer from 0 to 1,000,000 ppm.",
      'silent: "many"; right would be an integer from 0 to 1,000,000 ppm.',
      "leastTrade: 51; right would be at most mostTrade, which is 50.",
      'rollups[0].name: ""; right would be text.',
      'rollups[0].gas: "cheap"; right would be a price like 3000 or 0.5.',
      "rollups[0].compressed: 1,000,001 is out of bounds; right would be an integer from 0 to 1,000,000 ppm.",
      "ether: -5; right would be a price like 3000 or 0.5.",
      "sources[0]: 7; right would be text.",
    ]);
  });
});

describe("pricesOf", () => {
  it("puts the prices of the command line in the place of the file's", () => {
    const file = readSimulation(DEFAULT_FILE).Prices;
    expect(pricesOf(file, readOptions([]))).to.deep.equal(file);
    const asked = pricesOf(file, readOptions(["--ether", "4000", "--gas-price", "20", "--blob-price", "0.5"]));
    expect(asked).to.deep.equal({ ...file, ether: 4_000, mainnet: 20, blobByte: 0.5 });
  });
});
