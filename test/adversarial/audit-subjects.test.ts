import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { concat, zeroPadValue } from "ethers";
import hre, { network } from "hardhat";

import { auditChain } from "../../scripts/lib/audit/audit.ts";
import type { AuditOptions } from "../../scripts/lib/audit/audit.ts";
import { hashOf, headerOf } from "../../scripts/lib/node/blocks.ts";
import { LogFile } from "../../scripts/lib/audit/log-file.ts";
import { ENTRY } from "../../scripts/lib/node/logs.ts";
import type { TimedLog } from "../../scripts/lib/node/logs.ts";
import { Node } from "../../scripts/lib/node/node.ts";
import type { Provider } from "../../scripts/lib/node/node.ts";
import { proveContracts } from "../../scripts/lib/audit/proof.ts";
import { exitCodeOf, resultLines } from "../../scripts/lib/audit/report.ts";
import type { Target } from "../../scripts/lib/audit/target.ts";
import { readBuilds } from "../../scripts/lib/deployment/bytecode.ts";
import { CannotCheck } from "../../scripts/lib/deployment/chain.ts";
import { isFields } from "../../scripts/lib/deployment/input.ts";
import { CONTRACTS } from "../../scripts/lib/deployment/contracts.ts";
import type { Speaker } from "../../scripts/lib/events/events.ts";
import { MILLION, decide, foundAlliance, hash } from "../support/alliance.ts";
import { moveTo } from "../support/chain.ts";
import { emptyFolder } from "../support/folders.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;
const builds = await readBuilds(hre.artifacts);

type Question = Parameters<Provider["request"]>[0];

/** A node that answers some questions otherwise; undefined leaves an answer as it is. */
function lying(lie: (question: Question, answer: unknown) => unknown): Provider {
  return {
    request: async (question) => {
      const answer: unknown = await connection.provider.request(question);
      return lie(question, structuredClone(answer)) ?? answer;
    },
  };
}

const isAsked = ({ method, params = [] }: Question, name: string, of: string): boolean => {
  const to = method === "eth_call" ? (params[0] as { to: string }).to : String(params[0]);
  return method === name && to.toLowerCase() === of.toLowerCase();
};

/** Two members have paid, and before all of it an account has made contracts of its own. */
async function founded() {
  const { ethers } = connection;
  const [, , , , , , , thief] = await ethers.getSigners();
  const older = await ethers.deployContract("MeasuresRegister", [thief!.address, thief!.address], thief);
  await connection.networkHelpers.mine(3);
  const a = await foundAlliance(connection, { partners: [] });
  const rogue = await ethers.deployContract("MemberRegistry", [thief!.address, a.genesis], thief);
  await moveTo(a, a.genesis + 20n * 86_400n);
  const [one, other] = a.members;
  await a.ledger.connect(one!.treasury).contribute(one!.code, 5n * MILLION);
  const last = await a.ledger.connect(other!.treasury).contribute(other!.code, 6n * MILLION);
  const pairs = CONTRACTS.map(async (name) => [name, await a[name].getAddress()] as const);
  const addresses = Object.fromEntries(await Promise.all(pairs)) as Record<(typeof CONTRACTS)[number], string>;
  const target: Target = { council: addresses.council, measures: addresses.measures };
  return { a, thief: thief!, older, rogue, last, addresses, target };
}

/** Audits with every proof; the block's hash is known from elsewhere. */
async function audited(provider: Provider, target: Target, options: AuditOptions = {}) {
  const { hash: blockHash } = await headerOf(new Node(connection.provider), "latest");
  return await auditChain(provider, target, { proof: true, receipts: true, blockHash, builds, ...options });
}

async function refused(act: Promise<unknown>): Promise<string> {
  const error: unknown = await act.catch((reason: unknown) => reason);
  expect(error).to.be.instanceOf(CannotCheck);
  return (error as Error).message;
}

describe("auditChain", function () {
  this.timeout(60_000);

  it("finds nothing in an honest fund, and prints which contracts it is", async () => {
    const { addresses, target } = await loadFixture(founded);
    const result = await audited(connection.provider, target);
    expect(result.findings).to.deep.equal([]);
    const text = resultLines(result, {}).join("\n");
    for (const address of Object.values(addresses)) expect(text).to.include(address);
    const counts = Object.fromEntries(result.checked.map(({ what, count }) => [what, count]));
    expect(counts["contracts proved not to be there before"]).to.equal(CONTRACTS.length);
    expect(counts["of them with their transactions proved"]).to.equal(counts["blocks whose receipts are proved"]);
  });

  describe("given contracts of the same code that belong to something else", () => {
    it("refuses a distributor that takes others for the members", async () => {
      const { a, thief, rogue, addresses, target } = await loadFixture(founded);
      const registry = await rogue.getAddress();
      const args = [registry, addresses.fund, addresses.register];
      const distributor = await (await a.ethers.deployContract("CompensationDistributor", args, thief)).getAddress();
      expect(await refused(audited(connection.provider, { ...target, distributor }))).to.equal(
        `${distributor} is no CompensationDistributor of this fund: its code has ${registry} as registry ` +
          `instead of ${addresses.registry}`,
      );
    });

    it("refuses measures of another founder", async () => {
      const { a, thief, addresses, target } = await loadFixture(founded);
      const args = [addresses.timelock, addresses.registry];
      const measures = await (await a.ethers.deployContract("MeasuresRegister", args, thief)).getAddress();
      expect(await refused(audited(connection.provider, { ...target, measures }))).to.equal(
        `${measures} is no MeasuresRegister of this fund: its code has ${thief.address} as founder ` +
          `instead of ${a.deployer.address}`,
      );
    });
  });

  describe("given a node that leads to a decoy", () => {
    it("goes by the code and not by what the council is said to answer", async () => {
      const { thief, addresses, target } = await loadFixture(founded);
      const forRegister = hash("register()").slice(0, 10);
      const provider = lying((question) => {
        const { data } = (question.params?.[0] ?? {}) as { data?: string };
        return isAsked(question, "eth_call", addresses.council) && data === forRegister
          ? zeroPadValue(thief.address, 32)
          : undefined;
      });
      expect((await audited(provider, target)).contracts).to.deep.include(addresses);
    });

    it("proves which panel is in office", async () => {
      const { a, addresses, target } = await loadFixture(founded);
      const args = [addresses.timelock, addresses.registry, addresses.register];
      const decoy = await (await a.ethers.deployContract("LossPanel", args, a.deployer)).getAddress();
      const forPanel = hash("panel()").slice(0, 10);
      const provider = lying((question) => {
        const { data } = (question.params?.[0] ?? {}) as { data?: string };
        return isAsked(question, "eth_call", addresses.register) && data === forPanel
          ? zeroPadValue(decoy, 32)
          : undefined;
      });
      const { findings } = await audited(provider, target);
      expect(findings.map(({ sentence }) => sentence)).to.include(
        `the panel in office is proved to be ${addresses.panel}, not ${decoy}`,
      );
    });

    it("proves the code that was compared, and not another that the node tells", async () => {
      const { a, addresses, target } = await loadFixture(founded);
      const genuine = await a.ethers.provider.getCode(addresses.fund);
      const other = genuine.slice(0, -2) + (genuine.endsWith("00") ? "01" : "00");
      await connection.networkHelpers.setCode(addresses.fund, other);
      await connection.networkHelpers.mine();
      expect(await refused(audited(connection.provider, target))).to.match(/ of this version of the fund; its code: /);
      const concealing = lying((question, answer) =>
        isAsked(question, "eth_getCode", addresses.fund) && answer === other ? genuine : undefined,
      );
      const { findings } = await audited(concealing, target, { receipts: false });
      expect(findings).to.have.lengthOf(1);
      expect(findings[0]?.sentence).to.include("the fund's code is not the one that its account proves");
    });

    it("proves the code of every contract", async () => {
      const { a } = await loadFixture(founded);
      const names = [...CONTRACTS, "token"] as const;
      const entries = names.map(async (name) => [name, await a[name].getAddress()] as const);
      const all = Object.fromEntries(await Promise.all(entries)) as Record<Speaker, string>;
      const read = names.map(async (name) => [name, await a.ethers.provider.getCode(all[name])] as const);
      const codes = Object.fromEntries(await Promise.all(read)) as Record<Speaker, string>;
      const node = new Node(connection.provider);
      const head = await headerOf(node, "latest");
      expect((await proveContracts(node, all, codes, head)).findings).to.deep.equal([]);
      // The fund's is proved with its books.
      for (const name of names.filter((one) => one !== "fund")) {
        const { findings } = await proveContracts(node, all, { ...codes, [name]: `${codes[name]}00` }, head);
        expect(findings[0]?.sentence, name).to.include(`the ${name}'s code is not the one that its account proves`);
      }
    });
  });

  describe("given a first block", () => {
    it("searches for the oldest contract of all", async () => {
      const { older, target } = await loadFixture(founded);
      const made = await older.deploymentTransaction()!.wait();
      const measures = await older.getAddress();
      const { firstBlock } = await auditChain(connection.provider, { ...target, measures });
      expect(firstBlock).to.equal(made!.blockNumber);
    });

    it("refuses one that a contract is older than, or that is still to come", async () => {
      const { target } = await loadFixture(founded);
      const { firstBlock, block } = await auditChain(connection.provider, target);
      expect((await audited(connection.provider, { ...target, firstBlock })).findings).to.deep.equal([]);
      expect(await refused(audited(connection.provider, { ...target, firstBlock: firstBlock + 1 }))).to.match(
        new RegExp(`^--from: block ${firstBlock + 1} is too late, since the \\w+ 0x\\w+ was there before; `),
      );
      expect(await refused(audited(connection.provider, { ...target, firstBlock: block + 1 }))).to.equal(
        `--from: block ${block + 1} is beyond block ${block}, which is audited; name an earlier one`,
      );
    });

    it("proves that nothing was there before", async () => {
      const { addresses, target } = await loadFixture(founded);
      const { firstBlock } = await auditChain(connection.provider, target);
      const late = firstBlock + 20;
      const provider = lying(({ method, params = [] }) =>
        method === "eth_getCode" && Number(params[1]) < late ? "0x" : undefined,
      );
      const { findings } = await audited(provider, { ...addresses, firstBlock: late });
      expect(findings.map(({ sentence }) => sentence)).to.include(
        `the timelock is proved to have been there in block ${late - 1} already`,
      );
    });

    it("says so if the node does not know the past", async () => {
      const { target } = await loadFixture(founded);
      const { firstBlock, block } = await auditChain(connection.provider, target);
      const forgetful: Provider = {
        request: async (question) => {
          const { method, params = [] } = question;
          if (method === "eth_getCode" && Number(params[1]) < block) throw new Error("missing trie node");
          return (await connection.provider.request(question)) as unknown;
        },
      };
      const { unchecked } = await auditChain(forgetful, { ...target, firstBlock });
      expect(unchecked).to.deep.equal([`whether a contract is older: the node does not know block ${firstBlock - 1}`]);
    });
  });

  describe("given a log that is told of another transaction", () => {
    it("names it with --receipts, though every answer tells the same", async () => {
      const { last, target } = await loadFixture(founded);
      const other = hash("no such transaction");
      const methods = ["eth_getLogs", "eth_getBlockReceipts", "eth_getTransactionReceipt"];
      const provider = lying(({ method }, answer) =>
        methods.includes(method)
          ? (JSON.parse(JSON.stringify(answer).replaceAll(last.hash, other)) as unknown)
          : undefined,
      );
      const { findings } = await audited(provider, target);
      expect(findings[0]?.sentence).to.equal("the log at place 0 was altered");
    });

    it("names it though the block names the other transaction as well", async () => {
      const { last, target } = await loadFixture(founded);
      const other = hash("no such transaction");
      const provider = lying((_question, answer) => {
        const text = JSON.stringify(answer);
        return text.includes(last.hash) ? (JSON.parse(text.replaceAll(last.hash, other)) as unknown) : undefined;
      });
      const { findings } = await audited(provider, target);
      expect(findings[0]?.sentence).to.equal("the log at place 0 was altered");
    });
  });

  describe("given a block whose transactions the node does not give as they are", () => {
    /** What the node tells of the whole transactions of the block in which the last payment is. */
    async function telling(change: (transactions: Record<string, unknown>[]) => unknown) {
      const { last, target } = await loadFixture(founded);
      const provider = lying(({ method, params = [] }, answer) => {
        if (method === "eth_getRawTransactionByHash") throw new Error("the method does not exist");
        if (method !== "eth_getBlockByNumber" || params[1] !== true) return undefined;
        const block = answer as { hash: string; transactions: Record<string, unknown>[] };
        return block.hash === last.blockHash ? { ...block, transactions: change(block.transactions) } : undefined;
      });
      return { result: await audited(provider, target), block: last.blockNumber! };
    }

    it("finds that it withholds some, or all", async () => {
      for (const transactions of [[], undefined]) {
        const { result, block } = await telling(() => transactions);
        expect(result.findings.map(({ sentence }) => sentence)).to.deep.equal([
          `the node withholds transactions of block ${block}: it gives 0 of 1`,
        ]);
        expect(exitCodeOf(result)).to.equal(1);
      }
    });

    it("finds that they do not lead to the header's root", async () => {
      const { result, block } = await telling(([one]) => [{ ...one, input: "0x" }]);
      expect(result.findings.map(({ sentence }) => sentence)).to.deep.equal([
        `the transactions of block ${block} do not give the root in its header`,
      ]);
    });

    it("says what is not checked if they are of no type that it knows", async () => {
      const { result, block } = await telling(([one]) => [{ ...one, type: "0x7e" }]);
      const { findings, unchecked } = result;
      expect(findings).to.deep.equal([]);
      expect(unchecked).to.deep.equal([
        `how the transactions of 1 block are called, block ${block} the first: type 126 is none of Ethereum's, and the node ` +
          "does not give their bytes",
      ]);
      expect(resultLines(result, {}).join("\n")).to.include(`\nNot checked\n  ${unchecked[0]!}\n`);
      expect(exitCodeOf(result)).to.equal(0);
    });
  });

  describe("given a chain whose headers have no bloom filters", () => {
    it("says that --receipts cannot tell which blocks have logs", async () => {
      const { last, target } = await loadFixture(founded);
      const header = await headerOf(new Node(connection.provider), last.blockNumber!);
      const logsBloom = `0x${"00".repeat(256)}`;
      const bare = hashOf({ ...header, fields: { ...header.fields, logsBloom } })!;
      const provider = lying((_question, answer) => {
        const told: unknown = JSON.parse(JSON.stringify(answer).replaceAll(header.hash, bare));
        return isFields(told) && told["hash"] === bare && "parentHash" in told ? { ...told, logsBloom } : told;
      });
      expect(await refused(auditChain(provider, target, { receipts: true }))).to.equal(
        `block ${header.number} has logs that its bloom filter leaves out: on such a chain --receipts cannot tell which blocks ` +
          "have any",
      );
    });
  });

  describe("given a node that does not answer what contracts are asked", () => {
    /** Does something instead of answering what the ledger is asked of a member's debt. */
    async function declining(act: () => void): Promise<{ provider: Provider; target: Target }> {
      const { a, addresses, target } = await loadFixture(founded);
      const asked = a.ledger.interface.getFunction("debtOf").selector;
      const provider = lying((question) => {
        const { data } = (question.params?.[0] ?? {}) as { data?: string };
        if (isAsked(question, "eth_call", addresses.ledger) && data?.startsWith(asked) === true) act();
        return undefined;
      });
      return { provider, target };
    }

    it("could not check, in the node's words, where the node has lost the past", async () => {
      const { provider, target } = await declining(() => {
        throw new Error("missing trie node");
      });
      expect(await refused(auditChain(provider, target))).to.equal(
        "the contracts could not be asked all that follows from the events: missing trie node",
      );
    });

    it("asks again where the node finds it too much at once", async () => {
      let times = 0;
      const { provider, target } = await declining(() => {
        if (++times <= 2) throw new Error("429 Too Many Requests");
      });
      const result = await auditChain(provider, target);
      expect(times).to.be.greaterThan(2);
      expect(result.findings).to.deep.equal([]);
    });

    it("finds that a contract answers by an error", async () => {
      const data = concat([hash("Panic(uint256)").slice(0, 10), zeroPadValue("0x11", 32)]);
      const { provider, target } = await declining(() => {
        throw Object.assign(new Error("execution reverted"), { code: 3, data });
      });
      const { findings } = await auditChain(provider, target);
      expect(new Set(findings.map(({ rule }) => rule))).to.deep.equal(new Set(["ledger.debtOf"]));
      expect(findings[0]?.found).to.match(/^an error: execution reverted: panic due to/i);
    });
  });

  describe("given a module that the council replaces", () => {
    /** Another panel is appointed by a vote. */
    async function replaced() {
      const f = await founded();
      const { a, addresses } = f;
      const args = [addresses.timelock, addresses.registry, addresses.register];
      const panel = await (await a.ethers.deployContract("LossPanel", args, a.deployer)).getAddress();
      const data = a.register.interface.encodeFunctionData("appointPanel", [panel]);
      await decide(a, { target: a.register, data });
      const block = await a.ethers.provider.getBlockNumber();
      const [appointed] = await a.register.queryFilter(a.register.filters.PanelAppointed(panel), block);
      return { ...f, panel, block, transaction: appointed!.transactionHash };
    }

    it("says so, exits 2, and checks the journal nonetheless", async () => {
      const { addresses, panel, block, transaction, target } = await loadFixture(replaced);
      const result = await audited(connection.provider, target);
      expect(result.findings).to.deep.equal([]);
      expect(result.entries).to.equal(2);
      expect(result.unchecked).to.deep.equal([
        `what the rules say: ${addresses.panel} was replaced as the register's panel by ${panel} in block ${block} ` +
          `by transaction ${transaction}, and from there on they are not followed; journal, transfers, roles, appointments ` +
          `and proofs are checked to the end; --block ${block - 1} with the council of then checks all before`,
      ]);
      expect(resultLines(result, {}).at(-1)).to.match(
        /^not all could be checked; the journal holds: 2 journal entries, head 0x/,
      );
      expect(exitCodeOf(result)).to.equal(2);
    });

    it("checks all before it", async () => {
      const { block, target } = await loadFixture(replaced);
      const result = await auditChain(connection.provider, target, { block: block - 1, proof: true, builds });
      expect(result.unchecked).to.deep.equal([]);
      expect(exitCodeOf(result)).to.equal(0);
    });

    it("exits 1 if the journal does not hold", async () => {
      const { target } = await loadFixture(replaced);
      const provider = lying(({ method }, answer) =>
        method === "eth_getLogs"
          ? (answer as { topics: string[] }[]).filter(({ topics }) => topics[0] !== ENTRY)
          : undefined,
      );
      expect(exitCodeOf(await auditChain(provider, target))).to.equal(1);
    });
  });

  describe("given a resume file", () => {
    const pathOf = () => join(emptyFolder(), "logs.jsonl");

    it("refuses a second audit while one is at work", async () => {
      const { target } = await loadFixture(founded);
      const cache = pathOf();
      const told = await Promise.allSettled([1, 2].map(() => auditChain(connection.provider, target, { cache })));
      const reasons = told.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
      expect(reasons).to.have.lengthOf(1);
      expect(reasons[0]).to.be.instanceOf(CannotCheck);
      expect(reasons[0]?.message).to.match(/^the resume file .* is in use by another audit \(.*\); wait for it, or /);
      expect((await auditChain(connection.provider, target, { cache })).findings).to.deep.equal([]);
    });

    it("refuses a log that was put in, though every digest is right", async () => {
      const subject = { chainId: "1", contracts: {}, firstBlock: 1 };
      const range = { from: 1, to: 9, hash: "0x01", largest: 3, entry: { seq: 0, block: 1 }, faults: [] };
      const at = (block: number, index: number): TimedLog => {
        return { block, index, transaction: "0x02", address: "0x03", time: 4, data: "0x", topics: ["0x05"] };
      };
      const cases: [logs: TimedLog[], what: string][] = [
        [[at(2, 0), at(2, 1), at(2, 1)], "in line 4 (its place is not after the one before)"],
        [[at(2, 0), at(3, 1), at(2, 5)], "in line 4 (its place is not after the one before)"],
        [[at(0, 0), at(2, 0)], "in line 4 (a log before is of none of its blocks)"],
        [[at(2, 0), at(10, 0)], "in line 4 (a log before is of none of its blocks)"],
        [[{ ...at(2, 0), time: "soon" as unknown as number }], "in line 2 (no log)"],
      ];
      for (const [logs, what] of cases) {
        const path = pathOf();
        const file = await LogFile.open(path, subject);
        await file.append({ ...range, count: logs.length }, logs);
        await file.close();
        expect(await refused(LogFile.open(path, subject))).to.equal(
          `the resume file ${path} is damaged ${what}; remove it to read all anew`,
        );
      }
    });

    it("goes on after an audit that was killed", async () => {
      const { target } = await loadFixture(founded);
      const cache = pathOf();
      let lock = "";
      const finish = async () => {
        lock = await readFile(`${cache}.lock`, "utf8");
      };
      await auditChain(connection.provider, target, { cache, finish });
      // No process has so high an id.
      await writeFile(`${cache}.lock`, lock.replace(/\d+$/, String(2 ** 31 - 1)));
      expect((await auditChain(connection.provider, target, { cache })).findings).to.deep.equal([]);
    });
  });
});
