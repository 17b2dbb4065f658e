import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { emptyFolder } from "../support/folders.ts";
import { csvOf } from "../support/tools.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HARDHAT = join(ROOT, "node_modules/.bin/hardhat");
const ACCOUNT = "0xB1975CbF8a5Ae014fe7D1c4B703Eb4F0FE290725";
const DISTRIBUTOR = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const HEAD = "account,amount,purpose";

/** Runs a task in a process of its own. */
function fund(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(HARDHAT, ["fund", ...args], { cwd: ROOT, encoding: "utf8" });
  return { status, stdout: stdout.trimEnd().split("\n"), stderr: stderr.trimEnd().split("\n") };
}

const offline = (csv: string, out: string, ...more: string[]) =>
  fund(
    "campaign",
    "--csv",
    csv,
    "--attack",
    "7",
    "--out",
    out,
    "--chain-id",
    "1",
    "--distributor",
    DISTRIBUTOR,
    ...more,
  );

describe("The task that builds a campaign", () => {
  it("needs no chain, tells on standard error how far it is, and exits 0", () => {
    const out = join(emptyFolder(), "campaign");
    const { status, stdout, stderr } = offline(csvOf(HEAD, `${ACCOUNT},1.5,worker`), out, "--number", "2");
    expect(status).to.equal(0);
    expect(stdout.slice(0, 3)).to.deep.equal([
      "campaign 2 of attack 7: 1 payments, 1.5 units, every proof verified from its file",
      "  industry: 0 payments, 0 units",
      "  worker: 1 payments, 1.5 units",
    ]);
    expect(stdout.at(-1)).to.match(/^ {2}data: {2}0x[0-9a-f]+$/);
    expect(stderr).to.deep.equal(["writing proofs: 0%", "proving again: 0%"]);
    expect(existsSync(join(out, "proofs/b1", `${ACCOUNT.toLowerCase()}-worker.json`))).to.equal(true);
  });

  it("tells all bad rows at once, writes nothing, and exits 2", () => {
    const out = join(emptyFolder(), "campaign");
    const csv = csvOf(HEAD, `${ACCOUNT},0,worker`, `0x12,1,baker`);
    const { status, stdout, stderr } = offline(csv, out, "--number", "1");
    expect(status).to.equal(2);
    expect(stdout).to.deep.equal([""]);
    expect(stderr).to.deep.equal([
      `${csv}, line 2, column amount: nothing would be paid.`,
      `${csv}, line 3, column account: "0x12" is no address, which would be 0x and 40 hexadecimal digits.`,
      `${csv}, line 3, column purpose: "baker" is none of industry, worker.`,
    ]);
    expect(existsSync(out)).to.equal(false);
  });

  it("names the options that are missing, and exits 2", () => {
    const { status, stderr } = fund("campaign", "--csv", csvOf(HEAD), "--chain-id", "1");
    expect(status).to.equal(2);
    expect(stderr).to.deep.equal(["--attack: missing.", "--out: missing."]);
  });
});

describe("The task that hands in claims", () => {
  it("says that nothing is deployed, and exits 2", () => {
    const { status, stderr } = fund("claim", "--proof", "proofs", "--deployment-id", "nowhere");
    expect(status).to.equal(2);
    expect(stderr).to.deep.equal(["no deployment is recorded in deploy/deployments/nowhere"]);
  });
});
