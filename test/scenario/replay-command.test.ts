import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { emptyFolder } from "../support/folders.ts";
import { SIX, argumentsOf, fileOf } from "../support/replay.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const GIVEN = {
  members: SIX,
  cases: ["A AAA CHN 2019-09-01", "Z ZZZ CHN 2019-09-01"],
  losses: ["A 2019-09-01 2019-12-31 3"],
  to: 2019,
};

/** Without a terminal, a line at the beginning, one now and then on a slow machine, and one at the end. */
const YEARS = "replay: living through the years,";
const PROGRESS = new RegExp(
  `^${YEARS} 2019-01-01, 0 of 1 year over\\n(${YEARS} .*\\n)*${YEARS} 2019-12-31, 1 of 1 year over\\n`,
);

/** What is said last of each stage. */
function lastOfStages(stderr: string): Map<string, string> {
  const lines = stderr
    .trimEnd()
    .split("\n")
    .map((line) => line.split(", "));
  return new Map(lines.map(([stage = "", ...rest]) => [stage, rest.join(", ")]));
}

/** What of the record's parts is compared. */
interface Result {
  head: string;
  entries: number;
  findings: unknown[];
  checked: { what: string; count: number }[];
}

/** Runs the command in a process of its own, into a folder of its own. */
const command = (...args: string[]) => commandAfter([], ...args);

/** The same with options of Node's own before it. */
function commandAfter(options: string[], ...args: string[]) {
  const out = emptyFolder();
  const given = [...options, "scripts/start.ts", "--out", out, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, given, { cwd: ROOT, encoding: "utf8" });
  const written = (name = "replay.json") => readFileSync(join(out, name), "utf8");
  return { status, stdout, stderr, out, written, tables: () => readdirSync(join(out, "csv")).sort() };
}

describe("The command that replays", () => {
  it("prints a report that ends with the reconciliation, and writes record, page and tables", () => {
    const { status, stdout, stderr, written, tables } = command(...argumentsOf(GIVEN));
    expect(status).to.equal(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).to.equal("Crisis Insurance Fund: replay of 2019 to 2019");
    const last = lines.at(-1)!;
    expect(last).to.match(/^reconciled: \d+ journal entries, head 0x[0-9a-f]{64}, balance [0-9,.]+ USD$/);
    expect(stderr).to.match(PROGRESS);
    const record = JSON.parse(written()) as { reconciliation: { head: string; mismatches: string[] } };
    expect(last).to.include(record.reconciliation.head);
    expect(record.reconciliation.mismatches).to.deep.equal([]);
    expect(written("report.html")).to.include(record.reconciliation.head).and.include("<svg");
    expect(tables()).to.deep.equal(
      [
        ...[
          "arrears",
          "attacks",
          "ballots",
          "buyers",
          "calls",
          "campaigns",
          "cases",
          "claims",
          "columns",
          "comparisons",
        ],
        ...["contributions", "disbursements", "earmarks", "fund", "goods", "implementations", "lots", "market-losses"],
        ...["measures", "members-by-year", "memberships", "periods", "purchases-elsewhere", "purchases", "rounds"],
        "votes",
      ].map((name) => `${name}.csv`),
    );
  });

  it("writes everything though nobody reads on what it prints", () => {
    const out = emptyFolder();
    const given = [process.execPath, "scripts/start.ts", "--out", out, ...argumentsOf(GIVEN), "--no-charts"];
    const script = '{ "$@"; echo "exit $?" >&2; } | head -1';
    const { stdout, stderr } = spawnSync("sh", ["-c", script, "sh", ...given], { cwd: ROOT, encoding: "utf8" });
    expect(stdout).to.equal("Crisis Insurance Fund: replay of 2019 to 2019\n");
    expect(stderr)
      .to.match(PROGRESS)
      .and.match(/\nexit 0\n$/);
    expect(readdirSync(out).sort()).to.deep.equal(["csv", "replay.json", "report.html"]);
  });

  it("prints nothing but the record with --json, and draws nothing with --no-charts", () => {
    const { status, stdout, stderr, written } = command(...argumentsOf(GIVEN), "--json", "--no-charts");
    expect(status).to.equal(0);
    expect(JSON.parse(stdout)).to.have.property("attacks").with.lengthOf(1);
    expect(stdout).to.equal(written());
    expect(written("report.html")).to.include("<table>").and.not.include("<svg");
    expect(stderr).to.match(PROGRESS);
  });

  it("writes the fund's journal in the formats asked for, which agrees with the fund", () => {
    const { status, stdout, out } = command(...argumentsOf(GIVEN), "--export", "hledger,beancount,csv,json");
    expect(status).to.equal(0);
    expect(stdout).to.match(/\n[\d,]+ events, [\d,]+ journal entries: every balance is what the fund says\n/);
    expect(stdout.trimEnd().split("\n").at(-1)).to.match(/^reconciled: /);
    const files = ["entries", "contributions", "awards", "disbursements", "ballots"].map((name) => `fund-${name}.csv`);
    const written = [...files, "fund.beancount", "fund.hledger", "fund.json", "replay.json", "report.html", "csv"];
    expect(readdirSync(out).sort()).to.deep.equal(written.sort());
  });

  it("audits the replay's chain with --audit, says that all holds, and keeps the result in the record", () => {
    const { status, stdout, stderr, written } = command(...argumentsOf(GIVEN), "--audit", "--no-charts");
    expect(stderr).to.match(PROGRESS);
    const stages = lastOfStages(stderr);
    for (const stage of ["reading blocks", "checking events", "proving receipts"]) {
      const [done, all] = stages.get(`audit: ${stage}`)?.split(" of ") ?? [];
      expect(done, stage).to.equal(all);
    }
    const { audit, reconciliation } = JSON.parse(written()) as Record<"audit" | "reconciliation", Result>;
    expect(stdout).to.include("\nWhat differs\n  nothing\n");
    expect(stdout.trimEnd().split("\n").at(-1)).to.equal(
      `all holds: ${audit.entries} journal entries, head ${reconciliation.head}`,
    );
    expect(audit.findings).to.deep.equal([]);
    expect(audit.head).to.equal(reconciliation.head);
    expect(audit.checked.map(({ what }) => what)).to.include.members([
      ...["facts proved of the fund", "facts proved of the other contracts", "contracts proved not to be there before"],
      ...["headers linked", "blocks whose receipts are proved", "of them with their transactions proved"],
    ]);
    expect(status).to.equal(0);
  });

  it("names what an audit finds, and exits 1", () => {
    // Nothing but the audit asks for proofs: the chain now tells a slot otherwise than it proves it.
    const lie = `
      import hre from ${JSON.stringify(import.meta.resolve("hardhat"))};
      hre.hooks.registerHandlers("network", {
        onRequest: async (context, connection, request, next) => {
          const response = await next(context, connection, request);
          if (request.method === "eth_getProof") for (const slot of response.result.storageProof) slot.value = "0x7";
          return response;
        },
      });
    `;
    const lying = ["--import", `data:text/javascript,${encodeURIComponent(lie)}`];
    const { status, stdout, written } = commandAfter(lying, ...argumentsOf(GIVEN), "--audit", "--no-charts");
    const { audit, reconciliation } = JSON.parse(written()) as Record<"audit", Result> & {
      reconciliation: { mismatches: string[] };
    };
    expect(reconciliation.mismatches).to.deep.equal([]);
    expect(audit.findings).to.have.lengthOf(2);
    expect(stdout).to.match(/\nWhat differs\n {2}proof\n {4}slot 6 \(book\) is told as 7, and proved as \d+\n/);
    expect(stdout.trimEnd().split("\n").at(-1)).to.equal("2 findings: something differs");
    expect(status).to.equal(1);
  });

  it("refuses a format that there is not, and none", () => {
    const refused = { "csv,xls": '"xls" is no format', "": "nothing is given" };
    for (const [formats, reason] of Object.entries(refused)) {
      const { status, stderr } = command(`--export=${formats}`);
      expect(status).to.equal(2);
      expect(stderr).to.equal(`--export: ${reason}; some of csv,json,hledger,beancount would be right.\n`);
    }
    expect(command("--export").stderr).to.match(/^--export: nothing is given; some of csv,json/);
  });

  it("tells all that is wrong at once, before anything runs, and exits 2", () => {
    const losses = fileOf("case,from,to,net_loss_usd_m,confidence,derivation", "A,2019-09-01,2019-12-31,much,H,");
    const cases = fileOf("");
    const { status, stdout, stderr, written } = command("--cases", cases, "--losses", losses);
    expect(status).to.equal(2);
    expect(stdout).to.equal("");
    expect(stderr.trimEnd().split("\n")).to.deep.equal([
      `${cases}, line 1, column 1: the file is empty; its first line would name its columns.`,
      `${losses}, line 2, column net_loss_usd_m: "much" is no number from 0 up with at most 12 decimals.`,
    ]);
    expect(written).to.throw("ENOENT");
  });
});
