import { expect } from "chai";

import { InputError } from "../../scripts/lib/csv.ts";
import { readOptions } from "../../scripts/lib/simulation/options.ts";
import { DEFAULT_FILE, readSimulation } from "../../scripts/lib/simulation/parameters.ts";
import { pricesOf } from "../../scripts/lib/simulation/prices.ts";

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
  it("names the file that cannot be read, and one that can", () => {
    const [problem] = problemsOf(() => readSimulation("nowhere.json5"));
    expect(problem).to.match(/^nowhere\.json5: .*right would be a file like deploy\/parameters\/simulation\.json5\.$/);
  });

  it("names a file of another shape", () => {
    const [problem] = problemsOf(() => readSimulation("deploy/parameters/replay.json5"));
    expect(problem).to.match(/^deploy\/parameters\/replay\.json5: it lacks one of/);
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
