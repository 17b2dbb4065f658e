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
const fund = (...args: string[]) => fundWith(process.env, ...args);

function fundWith(env: NodeJS.ProcessEnv, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(HARDHAT, ["fund", ...args], { cwd: ROOT, encoding: "utf8", env });
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
      "campaign 2 of attack 7: 1 payment, 1.5 units, every proof verified from its file",
      "  industry: 0 payments, 0 units",
      "  worker: 1 payment, 1.5 units",
    ]);
    expect(stdout.at(-1)).to.match(/^ {2}data: {2}0x[0-9a-f]+$/);
    expect(stderr).to.deep.equal(["campaign: writing proofs, 1 of 1", "campaign: proving again, 1 of 1"]);
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
    expect(stderr).to.deep.equal([
      "--attack: missing; a whole number from 1 on would be right.",
      "--out: missing.",
      "--distributor: missing; an address, 0x and 40 hexadecimal digits, would be right.",
      "--number: missing; a whole number from 1 to 4,294,967,295 would be right.",
    ]);
  });
});

describe("The task that hands in claims", () => {
  it("says that nothing is deployed, and exits 2", () => {
    const { status, stderr } = fund("claim", "--proof", "proofs", "--deployment-id", "nowhere");
    expect(status).to.equal(2);
    expect(stderr).to.deep.equal([
      "no deployment is recorded in deploy/deployments/nowhere; the network default is a chain inside this process, which " +
        "begins empty: --network localhost or sepolia would be right",
    ]);
  });
});

describe("A task that only reads", () => {
  it("refuses to print in two forms at once, with all else that is wrong, before it asks a chain, and exits 2", () => {
    const { status, stdout, stderr } = fund("dependence", "--json", "--csv", "--block", "last");
    expect(stderr).to.deep.equal([
      '--block: "last"; a whole number from 0 to 9,007,199,254,740,991 would be right.',
      "--json, --csv: one of them at most would be right.",
    ]);
    expect(stdout).to.deep.equal([""]);
    expect(status).to.equal(2);
  });

  it("tells of one thing at a time", () => {
    const { status, stderr } = fund("status", "--member", "Ltu", "--attack", "1");
    expect(stderr).to.deep.equal([
      '--member: "Ltu"; a code of three capital letters, like LTU, would be right.',
      "--member, --attack and --proposal: one of them at most would be right.",
    ]);
    expect(status).to.equal(2);
  });
});

describe("A task on a network that is not set up", () => {
  const KEY = `0x${"01".repeat(32)}`;
  const env = { ...process.env, SEPOLIA_RPC_URL: undefined, SEPOLIA_PRIVATE_KEY: undefined };

  for (const task of ["status", "dependence", "audit", "export", "verify-wiring"]) {
    it(`asks for no key if fund ${task} only reads, says how to name a node, and exits 2`, () => {
      const { status, stderr } = fundWith(env, task, "--network", "sepolia");
      expect(stderr).to.deep.equal([
        "the network sepolia lacks SEPOLIA_RPC_URL: set it in the environment, or keep it by " +
          "`npx hardhat keystore set SEPOLIA_RPC_URL`",
      ]);
      expect(status).to.equal(2);
    });
  }

  it("says which variables a task lacks that sends, and how to set them, and exits 2", () => {
    const { status, stderr } = fundWith(env, "collect", "--member", "LTU", "--network", "sepolia");
    expect(stderr).to.deep.equal([
      "the network sepolia lacks SEPOLIA_PRIVATE_KEY and SEPOLIA_RPC_URL: set them in the environment, or keep each by " +
        "`npx hardhat keystore set SEPOLIA_PRIVATE_KEY`",
    ]);
    expect(status).to.equal(2);
  });

  it("names the one that is missing, and then the node that does not answer", () => {
    const url = { ...env, SEPOLIA_RPC_URL: "http://127.0.0.1:1" };
    expect(fundWith(url, "collect", "--member", "LTU", "--network", "sepolia").stderr).to.deep.equal([
      "the network sepolia lacks SEPOLIA_PRIVATE_KEY: set it in the environment, or keep it by " +
        "`npx hardhat keystore set SEPOLIA_PRIVATE_KEY`",
    ]);
    const silent = ['the chain does not answer: Cannot connect to the network "sepolia".'];
    const keyed = fundWith({ ...url, SEPOLIA_PRIVATE_KEY: KEY }, "collect", "--member", "LTU", "--network", "sepolia");
    expect(keyed).to.deep.include({ status: 2, stderr: silent });
    expect(fundWith(url, "status", "--network", "sepolia")).to.deep.include({ status: 2, stderr: silent });
  });

  it("names the networks that there are", () => {
    const { status, stderr } = fund("status", "--network", "mars");
    expect(stderr).to.deep.equal([
      '--network: there is no network "mars"; one of default, node, localhost, sepolia would be right',
    ]);
    expect(status).to.equal(2);
  });
});
