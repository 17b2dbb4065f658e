import { execFile } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import hre, { network } from "hardhat";

import { folderOf } from "../../scripts/lib/deployment/deployments.ts";
import { exportFund } from "../../scripts/lib/export/command.ts";
import { foundAlliance, payAll } from "../support/alliance.ts";
import { emptyFolder } from "../support/folders.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HARDHAT = fileURLToPath(import.meta.resolve("hardhat/package.json")).replace("package.json", "dist/src/cli.js");
/** Its folder is the only thing that Ignition keeps, and no other run may find it. */
const deploymentId = `test-audit-${process.pid}`;
const NOBODY = `0x${"00".repeat(19)}aa`;

// A node of its own, which the command reaches from another process.
const server = await network.createServer({ network: "node" }, "127.0.0.1", 0);
const { address, port } = await server.listen();
const url = `http://${address}:${port}`;
const connection = await network.create({ network: "localhost", override: { url } });

const folder = emptyFolder;

const flippedCase = (letter: string) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase());

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command in a process of its own, by a network whose node the environment names. */
function command(args: string[], rpc = url, network = "sepolia"): Promise<Outcome> {
  const SEPOLIA_PRIVATE_KEY = `0x${"11".repeat(32)}`;
  const env = { ...process.env, SEPOLIA_RPC_URL: rpc, LOCALHOST_RPC_URL: rpc, SEPOLIA_PRIVATE_KEY };
  const given = [HARDHAT, "fund", "audit", "--network", network, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, given, { cwd: ROOT, env, encoding: "utf8" }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

async function setUp() {
  const a = await foundAlliance(connection, { deploymentId });
  await a.time.increaseTo(a.genesis);
  await payAll(a);
  const [council, measures] = [await a.council.getAddress(), await a.measures.getAddress()];
  const cache = () => ["--cache", join(folder(), "logs.jsonl")];
  const named = ["--council", council, "--measures", measures];
  return { a, council, measures, named, cache };
}

describe("The command that audits", function () {
  this.timeout(120_000);
  let s: Awaited<ReturnType<typeof setUp>>;
  before(async () => {
    s = await setUp();
  });
  after(async () => {
    await rm(folderOf(hre, deploymentId), { recursive: true, force: true });
    await connection.close();
    await server.close();
  });

  it("says what it has checked, that all holds, and exits 0", async () => {
    const { code, stdout } = await command([...s.named, ...s.cache(), "--proof", "--receipts", "--second-rpc", url]);
    expect(stdout).to.include(`audit of ${s.council}`);
    expect(stdout.trimEnd().split("\n").at(-1)).to.match(/^all holds: 8 journal entries, head 0x[0-9a-f]{64}$/);
    expect(code).to.equal(0);
  });

  it("audits by the network localhost what listens where the environment says", async () => {
    const { code, stdout } = await command([...s.named, ...s.cache()], url, "localhost");
    expect(stdout).to.include(`audit of ${s.council}`);
    expect(code).to.equal(0);
  });

  it("goes on in its file, and prints JSON", async () => {
    const cache = s.cache();
    expect((await command([...s.named, ...cache])).code).to.equal(0);
    const before = readFileSync(cache[1]!, "utf8");
    const { code, stdout } = await command([...s.named, ...cache, "--json"]);
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.include({ entries: 8, findings: [], chainId: "31337" });
    expect(readFileSync(cache[1]!, "utf8")).to.equal(before);
  });

  it("writes down what it has audited, as the export does", async () => {
    const [out, other] = [folder(), folder()];
    const { code, stdout } = await command([...s.named, ...s.cache(), "--export", "json,hledger", "--out", out]);
    expect(code).to.equal(0);
    expect(stdout.split("\n")[2]).to.match(/^[\d,]+ events, 8 journal entries: every balance is what the fund says$/);
    const given = { format: "json,hledger", out: other, deploymentId };
    await exportFund(hre, connection, given);
    for (const file of ["fund.json", "fund.hledger"]) {
      expect(readFileSync(join(out, file), "utf8")).to.equal(readFileSync(join(other, file), "utf8"));
    }
    expect(readdirSync(out).sort()).to.deep.equal(["fund.hledger", "fund.json"]);
  });

  describe("given what it cannot use", () => {
    const cases: [what: string, args: () => string[], sentence: RegExp, rpc?: string][] = [
      ["no address", () => ["--council", "0x12"], /^--council: "0x12" is no address; right would be 0x and 40 hex/],
      [
        "an address with a digit in the wrong case",
        () => ["--council", s.council.replace(/[a-f]/i, flippedCase)],
        /^--council: 0x\w{40} has a wrong checksum; right would be 0x\w{40}$/,
      ],
      ["an address without code", () => ["--council", NOBODY], /^0x0+aa, the council, is no contract at block \d+: /i],
      [
        "a contract that is not ours",
        () => ["--council", s.measures],
        /is no Council of this version of the fund; its code: /,
      ],
      [
        "no register of measures",
        () => ["--council", s.council],
        /^no contract names the MeasuresRegister of this fund; /,
      ],
      [
        "another contract for one of ours",
        () => ["--council", s.council, "--measures", s.council],
        /is no MeasuresReg/,
      ],
      ["a first block too late", () => [...s.named, "--from", "40"], /^--from: block 40 is too late, since the \w+ 0x/],
      ["a first block to come", () => [...s.named, "--from", "99999"], /^--from: block 99999 is beyond block \d+, /],
      [
        "a block that does not exist",
        () => [...s.named, "--block", "999999"],
        /knows no block 999999; its last is \d+$/,
      ],
      [
        "a hash of no block",
        () => [...s.named, "--block-hash", `0x${"12".repeat(32)}`],
        /knows no block with the hash/,
      ],
      ["no hash", () => [...s.named, "--block-hash", "0x12"], /^--block-hash: "0x12" is no hash; /],
      ["no number", () => [...s.named, "--from", "soon"], /^--from: "soon" is no block number; /],
      [
        "no format",
        () => [...s.named, "--export", "csv,xls"],
        /^--export: "xls" is no format; some of csv,json,hledger,beancount would be right\.$/,
      ],
      ["no format", () => ["--export", ""], /^--export: nothing is given; some of csv,json,hledger,beancount would be/],
      ["no URL", () => [...s.named, "--second-rpc", "node"], /^--second-rpc: "node" is no address of a node; /],
      [
        "a second node that is silent",
        () => [...s.named, "--second-rpc", "http://127.0.0.1:9"],
        /^the second node does not/,
      ],
      ["a node that is silent", () => s.named, /does not answer: /, "http://127.0.0.1:9"],
      [
        "a deployment that is not recorded",
        () => ["--deployment-id", "none"],
        /^no deployment none is recorded here; /,
      ],
    ];
    for (const [what, args, sentence, rpc] of cases) {
      it(`says so in one sentence and exits 2: ${what}`, async () => {
        const { code, stdout, stderr } = await command([...args(), ...s.cache()], rpc);
        const said = stderr
          .trimEnd()
          .split("\n")
          .filter((line) => !line.startsWith("audit: "));
        expect(said).to.have.lengthOf(1);
        expect(said[0]).to.match(sentence);
        expect(stdout).to.equal("");
        expect(code).to.equal(2);
      });
    }

    it("asks the second node which chain it is of before it reads anything", async () => {
      const { stderr } = await command([...s.named, ...s.cache(), "--second-rpc", "http://127.0.0.1:9"]);
      expect(stderr).to.match(/^the second node does not answer: [^\n]*\n$/);
    });

    it("says so of a damaged resume file", async () => {
      const cache = s.cache();
      await command([...s.named, ...cache]);
      const [head, first, ...rest] = readFileSync(cache[1]!, "utf8").split("\n");
      writeFileSync(cache[1]!, [head, first!.replace("[", "[1"), ...rest].join("\n"));
      const { code, stderr } = await command([...s.named, ...cache]);
      expect(stderr).to.match(/^the resume file .* is damaged in line \d+ \(.*\); remove it to read all anew\n$/);
      expect(code).to.equal(2);
    });
  });
});
