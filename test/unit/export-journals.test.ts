import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import { network } from "hardhat";

import { ENTRY_KINDS } from "../../scripts/lib/replay/events.ts";
import { eventfulYear, program, told, written } from "../support/export.ts";
import type { Told } from "../support/export.ts";
import { emptyFolder } from "../support/folders.ts";

const connection = await network.create();

/** What checks a journal, strictly: undeclared accounts and commodities are errors too. */
const CHECKS = {
  hledger: { file: "fund.hledger", args: (path: string) => ["-f", path, "check", "--strict"], version: "hledger" },
  beancount: { file: "fund.beancount", args: (path: string) => [path], version: "bean-check" },
} as const;

function check(format: keyof typeof CHECKS, text: string) {
  const path = join(emptyFolder(), CHECKS[format].file);
  writeFileSync(path, text);
  return program(CHECKS[format].version, ...CHECKS[format].args(path));
}

describe("Exports for accountants", () => {
  // Nothing here changes the chain.
  let history: Told;
  before(async () => {
    history = await told(await eventfulYear(connection));
  });

  it("are of a history with every kind of entry", () => {
    const { events } = history;
    const entries = events.filter((event) => event.by === "fund" && event.name === "Entry");
    const kinds = new Set(entries.map(({ args }) => ENTRY_KINDS[Number(args.kind)]));
    expect([...kinds].sort()).to.deep.equal([...ENTRY_KINDS].sort());
  });

  it("agree with every view of the fund", () => {
    const { differences, entries } = written(["hledger"], history);
    expect(differences).to.deep.equal([]);
    expect(entries).to.equal(history.state.sequence);
  });

  for (const format of ["hledger", "beancount"] as const) {
    describe(format, () => {
      before(function () {
        const { missing } = program(CHECKS[format].version, "--version");
        if (!missing) return;
        const sentence = `${CHECKS[format].version} is not installed; on Debian: apt-get install ${format}`;
        if (process.env["CI"] !== undefined) throw new Error(sentence);
        console.log(`      left out: ${sentence}`);
        this.skip();
      });

      it("accepts the journal", () => {
        const { read } = written([format], history);
        expect(check(format, read(CHECKS[format].file))).to.include({ status: 0, output: "" });
      });

      it("refuses the journal if any amount, or any balance asserted, is off by one base unit", () => {
        const { read } = written([format], history);
        const text = read(CHECKS[format].file);
        const amounts = [...text.matchAll(/(?<=\s)-?\d+\.\d{6}(?= )/g)].filter(({ index }) => {
          return !text.slice(text.lastIndexOf("\n", index), index).includes("format");
        });
        expect(amounts).to.have.length.above(100);
        // One in eleven: each program run takes a while.
        for (const { index, 0: amount } of amounts.filter((_, i) => i % 11 === 0)) {
          const digit = Number(amount.at(-1));
          const altered = amount.slice(0, -1) + String(digit === 9 ? 8 : digit + 1);
          const changed = text.slice(0, index) + altered + text.slice(index + amount.length);
          const { status, output } = check(format, changed);
          const line = text.slice(0, index).split("\n").length;
          expect(status, `line ${line}: ${amount} as ${altered}\n${output}`).to.not.equal(0);
        }
      }).timeout(600_000);

      it("names where it first deviates, if an entry is altered so that it still balances", () => {
        const { read } = written([format], history);
        const text = read(CHECKS[format].file);
        const [, day, entry = ""] = /(\S+) \* "?(Contribution of EST[^]*?)\n\n/.exec(text)!;
        const altered = entry.replace("7.000001", "7.000002").replace("-7.000001", "-7.000002");
        const { status, output } = check(format, text.replace(entry, altered));
        expect(status).to.not.equal(0);
        const next = new Date(Date.parse(day!) + 86_400_000).toISOString().slice(0, 10);
        const found = {
          hledger: `${day} * Contribution of EST`,
          beancount: `\n   ${next} balance Assets:Fund:Reserve`,
        };
        expect(output).to.include(found[format]);
      });

      it("refuses a journal that the fund does not bear out", () => {
        const { read, differences } = written([format], {
          ...history,
          state: { ...history.state, owed: history.state.owed + 1n },
        });
        expect(differences).to.have.lengthOf(2);
        expect(check(format, read(CHECKS[format].file)).status).to.not.equal(0);
      });

      it("names the transaction and number of each entry", () => {
        const { read } = written([format], history);
        const lines = read(CHECKS[format].file).split("\n");
        const of = {
          hledger: /entry:(\d+), tx:(0x[0-9a-f]{64})/,
          beancount: /^ {2}(?:entry: (\d+)|tx: "(0x[0-9a-f]{64})")/,
        };
        const found = lines.flatMap((line) => of[format].exec(line)?.slice(1) ?? []).filter(Boolean);
        const entries = history.events.filter((event) => event.by === "fund" && event.name === "Entry");
        for (const { args, transaction } of entries) {
          expect(found[found.indexOf(String(args.seq)) + 1]).to.equal(transaction);
        }
      });
    });
  }
});
