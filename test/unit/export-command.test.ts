import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import hre, { network } from "hardhat";

import { CannotCheck } from "../../scripts/lib/deployment/chain.ts";
import { exportFund } from "../../scripts/lib/export/command.ts";
import type { ExportChoices } from "../../scripts/lib/export/command.ts";
import { plural } from "../../scripts/lib/format.ts";
import { exportLines } from "../../scripts/lib/export/export.ts";
import { eventfulYear, told, written } from "../support/export.ts";
import { emptyFolder } from "../support/folders.ts";

const connection = await network.create();

describe("exportFund", () => {
  let a: Awaited<ReturnType<typeof eventfulYear>>;
  let council: string;
  before(async () => {
    a = await eventfulYear(connection);
    council = await a.council.getAddress();
  });

  const folder = emptyFolder;
  const asked = (choices: ExportChoices) => exportFund(hre, connection, { out: folder(), council, ...choices });

  /** The sentence by which it says why it cannot. */
  async function refusal(choices: ExportChoices): Promise<string> {
    try {
      await asked(choices);
    } catch (error) {
      if (error instanceof CannotCheck) return error.message;
      throw error;
    }
    throw new Error("nothing was refused");
  }

  it("finds the contracts by the council and writes all formats, and nothing else", async () => {
    const out = folder();
    const exported = await asked({ out });
    expect(exported.differences).to.deep.equal([]);
    expect(exported.entries).to.equal(await a.fund.sequence());
    expect(readdirSync(out).sort()).to.deep.equal([
      "fund-awards.csv",
      "fund-ballots.csv",
      "fund-contributions.csv",
      "fund-disbursements.csv",
      "fund-entries.csv",
      "fund.beancount",
      "fund.hledger",
      "fund.json",
    ]);
    expect(exportLines(exported).at(-1)).to.equal(
      `${plural(exported.events, "event")}, ${exported.entries} journal entries: every balance is what the fund says`,
    );
  });

  it("writes what the fund was at an earlier block", async () => {
    const [last] = (await a.fund.queryFilter(a.fund.filters.AwardMade())).slice(-1);
    const exported = await asked({ format: "hledger", block: String(last!.blockNumber - 1) });
    expect(exported.differences).to.deep.equal([]);
    expect(exported.entries).to.equal(last!.args.record.sequence - 1n);
  });

  it("tells where the fund does not bear the events out", async () => {
    const history = await told(a);
    const exported = written(["csv"], { ...history, state: { ...history.state, reserve: 5n, balance: 1n } });
    const { reserve, pot, earmarked } = history.state;
    expect(exported.differences).to.deep.equal([
      `Assets:Fund:Reserve: ${reserve} by the events, 5 by the fund`,
      `token balance: 1, less than ${5n + pot + earmarked}, as the fund says`,
    ]);
    expect(exportLines(exported)).to.include(
      `${plural(exported.events, "event")}, ${exported.entries} journal entries: 2 balances are not what the fund says`,
    );
    expect(exportLines({ files: [], events: 1_234, entries: 1_000n, differences: ["it differs"] })).to.deep.equal([
      "1,234 events, 1,000 journal entries: 1 balance is not what the fund says",
      "it differs",
    ]);
  });

  describe("given what cannot be done", () => {
    const refused: Record<string, [ExportChoices, RegExp]> = {
      "an unknown format": [
        { format: "csv,xls" },
        /^--format: "xls" is no format; some of csv,json,hledger,beancount would be right\.$/,
      ],
      "no folder": [{ out: "" }, /^--out: nothing is given; a folder would be right\.$/],
      "no format": [
        { format: "" },
        /^--format: nothing is given; some of csv,json,hledger,beancount would be right\.$/,
      ],
      "a block that is no number": [{ from: "first" }, /^--from: "first" is no block; right would be its number$/],
      "a block that does not exist": [
        { block: "999999" },
        /^--block: the chain has no block 999999; its latest is \d+$/,
      ],
      "a first block after the last": [{ from: "9", block: "8" }, /^--from: block 9 lies after block 8$/],
      "blocks before the fund spoke": [
        { from: "0", block: "2" },
        /^the fund 0x[0-9a-fA-F]{40} has said nothing in blocks 0 to 2; right would be all/,
      ],
      "blocks that begin within the journal": [
        { from: "65" },
        /^journal entry 1 is missing, entry \d+ follows in block \d+; right would be all events since/,
      ],
      "an address that is none": [{ council: "0x12" }, /^--council: "0x12" is no address; right would be 0x and 40/],
      "the address of something else": [
        { council: `0x${"12".repeat(20)}` },
        /^--council: 0x1212.* is no council of a crisis insurance fund on chain 31337; right would be/,
      ],
      "two ways to find the fund": [{ deploymentId: "mine" }, /^--council and --deployment-id: right would be one/],
      "a deployment that is not recorded": [
        { council: undefined, deploymentId: "test-none" },
        /^no deployment is recorded in .*test-none; right would be --council with an address$/,
      ],
    };
    for (const [what, [choices, sentence]] of Object.entries(refused)) {
      it(`refuses ${what} in one sentence and leaves nothing behind`, async () => {
        const out = folder();
        expect(await refusal({ out, ...choices })).to.match(sentence);
        expect(readdirSync(out)).to.deep.equal([]);
      });
    }

    it("refuses a folder that is a file", async () => {
      const out = join(folder(), "file");
      writeFileSync(out, "");
      expect(await refusal({ out })).to.include(`--out: cannot write into ${out}: it is not a folder`);
    });

    it("refuses a folder below a file", async () => {
      const file = join(folder(), "file");
      writeFileSync(file, "");
      const out = join(file, "here");
      expect(await refusal({ out })).to.include(`--out: cannot write into ${out}: ${file} is not a folder`);
    });
  });
});
