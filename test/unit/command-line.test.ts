import { expect } from "chai";

import { HELP, readArguments } from "../../scripts/lib/command-line.ts";
import { InputError } from "../../scripts/lib/csv.ts";
import { readOptions as benchOptions } from "../../scripts/lib/bench/options.ts";
import { readOptions as campaignOptions } from "../../scripts/lib/campaigns/options.ts";
import { readChoices } from "../../scripts/lib/deployment/program.ts";
import { readOptions as mutationOptions } from "../../scripts/lib/mutation/options.ts";
import { readOptions as replayOptions } from "../../scripts/lib/replay/options.ts";
import { readOptions as simulationOptions } from "../../scripts/lib/simulation/options.ts";

const OPTIONS = {
  ...HELP,
  year: { type: "string", right: "a year like 2015" },
  out: { type: "string", default: "out" },
  also: { type: "string", multiple: true },
  json: { type: "boolean", default: false },
} as const;

function read(...args: string[]) {
  const problems: string[] = [];
  return { values: readArguments(args, OPTIONS, problems), problems };
}

describe("readArguments", () => {
  it("takes what is given, and defaults for the rest", () => {
    expect(read("--year", "2015", "--json", "--also=a", "--also", "b")).to.deep.equal({
      values: { help: false, year: "2015", out: "out", also: ["a", "b"], json: true },
      problems: [],
    });
    expect(read("-h").values.help).to.be.true;
  });

  it("takes a number below zero as the value of the option before it", () => {
    expect(read("--year", "-5").values.year).to.equal("-5");
  });

  describe("given an option more than once", () => {
    it("names it once, and goes on with the first", () => {
      const { values, problems } = read("--year", "2012", "--json", "--year=2014", "--year", "2016", "--json");
      expect(values).to.include({ year: "2012", json: true });
      expect(problems).to.deep.equal([
        "--year: given more than once; once would be right.",
        "--json: given more than once; once would be right.",
      ]);
    });
  });

  describe("given nothing as a value", () => {
    it("says what would be right, and goes on with the default", () => {
      const { values, problems } = read("--year=", "--out", "");
      expect(values).to.include({ year: undefined, out: "out" });
      expect(problems).to.deep.equal([
        "--year: nothing is given; a year like 2015 would be right.",
        "--out: nothing is given.",
      ]);
    });

    it("says so in one sentence if the value is missing", () => {
      for (const args of [["--year"], ["--year", "--json"]]) {
        expect(() => read(...args)).to.throw(
          InputError,
          /^--year: nothing is given; a year like 2015 would be right\.$/,
        );
      }
    });
  });

  describe("given what is no option", () => {
    const refused: Record<string, string> = {
      "--yaer": "Unknown option '--yaer'; --help lists the options.",
      "2015": "Unexpected argument '2015'. This command does not take positional arguments; --help lists the options.",
      "--json=yes": "Option '--json' does not take an argument; --help lists the options.",
    };
    for (const [arg, sentence] of Object.entries(refused)) {
      it(`refuses ${arg}`, () => {
        expect(() => read(arg))
          .to.throw(InputError)
          .with.property("message", sentence);
      });
    }
  });

  it("is what every program reads its options by", () => {
    const twice = ["--out", "a", "--out", "b"];
    const sentence = "--out: given more than once; once would be right.";
    expect(replayOptions(twice).problems).to.deep.equal([sentence]);
    expect(() => benchOptions(twice)).to.throw(InputError, sentence);
    expect(() => mutationOptions(twice, [])).to.throw(InputError, sentence);
    expect(() => simulationOptions(twice)).to.throw(InputError, sentence);
    expect(() => campaignOptions(["--after", "50", "--after", "100"])).to.throw(
      InputError,
      "--after: given more than once; once would be right.",
    );
    expect(() => readChoices(["--network", "sepolia", "--network", "localhost"])).to.throw(
      InputError,
      "--network: given more than once; once would be right.",
    );
  });
});
