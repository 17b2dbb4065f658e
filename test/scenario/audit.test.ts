import { expect } from "chai";
import { network } from "hardhat";

import { auditChain } from "../../scripts/lib/audit/audit.ts";
import { headerOf, hashOf } from "../../scripts/lib/node/blocks.ts";
import { booksOf } from "../../scripts/lib/audit/books.ts";
import { Node } from "../../scripts/lib/node/node.ts";
import type { Provider } from "../../scripts/lib/node/node.ts";
import { prove } from "../../scripts/lib/audit/proof.ts";
import { askedThrough } from "../../scripts/lib/audit/target.ts";
import type { LedgerEvent } from "../../scripts/lib/events/events.ts";
import { eventfulHistory } from "../support/history.ts";
import { remembering, replacing } from "../support/tampering.ts";

const connection = await network.create();

type Answer = Record<string, unknown>;

/** A node that changes its answers to some questions. */
function lying(provider: Provider, lies: Record<string, (answer: never, params: unknown[]) => unknown>): Provider {
  return {
    request: async (question) => {
      const answer = await provider.request(question);
      const lie = lies[question.method];
      return lie === undefined ? answer : lie(structuredClone(answer) as never, question.params ?? []);
    },
  };
}

/** The same data with one byte of it changed: its first, middle or last. */
const PLACES = { first: () => 0, middle: (bytes: number) => bytes >> 1, last: (bytes: number) => bytes - 1 };
function flipped(data: string, place: keyof typeof PLACES): string {
  const at = 2 + 2 * PLACES[place]((data.length - 2) / 2);
  const byte = (Number.parseInt(data.slice(at, at + 2), 16) ^ 1).toString(16).padStart(2, "0");
  return data.slice(0, at) + byte + data.slice(at + 2);
}

async function setUp() {
  const a = await eventfulHistory(connection);
  const provider = remembering(connection.provider);
  const { council, market, measures, distributor } = a;
  const target = {
    council: await council.getAddress(),
    market: await market.getAddress(),
    measures: await measures.getAddress(),
    distributor: await distributor.getAddress(),
    firstBlock: 0,
  };
  const node = new Node(provider);
  const head = await headerOf(node, "latest");
  const fund = await a.fund.getAddress();
  const code = await connection.ethers.provider.getCode(fund);
  return { provider, target, node, head, fund, code };
}

describe("auditChain", () => {
  let ground: Awaited<ReturnType<typeof setUp>>;
  before(async function () {
    this.timeout(300_000);
    ground = await setUp();
  });

  describe("given an honest node", () => {
    it("finds that all holds, with every proof that there is", async () => {
      const { provider, target, head } = ground;
      const options = { proof: true, receipts: true, second: provider, blockHash: head.hash };
      const { findings, checked, block } = await auditChain(provider, target, options);
      expect(findings).to.deep.equal([]);
      expect(block).to.equal(head.number);
      const counts = Object.fromEntries(checked.map(({ what, count }) => [what, count]));
      expect(counts["blocks read"]).to.equal(head.number + 1);
      expect(counts["headers linked"]).to.equal(head.number + 1);
      expect(counts["facts proved of the fund"]).to.equal(6);
      expect(counts["of them with their transactions proved"]).to.equal(counts["blocks whose receipts are proved"]);
      // Of eleven contracts account and code, and of the register who is appointed.
      expect(counts["facts proved of the other contracts"]).to.equal(2 * 11 + 2);
      expect(counts["answers of the contracts"]).to.be.greaterThan(400);
    }).timeout(60_000);

    it("hands every event on, in order and once, and says when it is over", async () => {
      const events: LedgerEvent[] = [];
      let told = 0;
      const listeners = [(event: LedgerEvent) => events.push(event)];
      const { checked } = await auditChain(ground.provider, ground.target, {
        listeners,
        finish: () => {
          told = events.length;
        },
      });
      expect(told).to.equal(checked.find(({ what }) => what === "events")!.count);
      const places = events.map(({ block, index }) => block * 1_000 + index);
      expect(places).to.deep.equal([...new Set(places)].sort((a, b) => a - b));
    }).timeout(60_000);

    it("audits an earlier block as it was then", async () => {
      for (const block of [ground.head.number - 150, ground.head.number >> 1]) {
        const { findings } = await auditChain(connection.provider, ground.target, { block, proof: true });
        expect(findings, `block ${block}`).to.deep.equal([]);
      }
    }).timeout(60_000);
  });

  describe("given a node that forges a proof", () => {
    async function found(lies: Parameters<typeof lying>[1]): Promise<string[]> {
      const { fund, code, head, provider } = ground;
      const { findings } = await prove(new Node(lying(provider, lies)), fund, code, head);
      return findings.map(({ sentence }) => sentence);
    }

    for (const place of ["first", "middle", "last"] as const) {
      it(`finds the ${place} byte of each node of the account's proof changed`, async () => {
        const { accountProof } = (await ground.provider.request({
          method: "eth_getProof",
          params: [ground.fund, [], `0x${ground.head.number.toString(16)}`],
        })) as { accountProof: string[] };
        for (const i of accountProof.keys()) {
          const forge = (answer: { accountProof: string[] }) => {
            answer.accountProof[i] = flipped(answer.accountProof[i]!, place);
            return answer;
          };
          expect(await found({ eth_getProof: forge })).to.deep.equal([
            "the proof of the fund's account does not lead to its root",
          ]);
        }
      });

      it(`finds the ${place} byte of each node of a slot's proof changed`, async () => {
        for (const [slot, name] of ["slot 6 (book)", "slot 7 (head)", "slot 8 (totals)"].entries()) {
          const forge = (answer: { storageProof: { proof: string[] }[] }) => {
            const { proof } = answer.storageProof[slot]!;
            proof[proof.length - 1] = flipped(proof.at(-1)!, place);
            return answer;
          };
          expect(await found({ eth_getProof: forge })).to.deep.equal([
            `the proof of ${name} does not lead to its root`,
          ]);
        }
      });
    }

    it("finds a value that is told other than proved", async () => {
      const forge = (answer: { storageProof: Answer[] }) => {
        answer.storageProof[1]!["value"] = "0x01";
        return answer;
      };
      expect((await found({ eth_getProof: forge }))[0]).to.match(/^slot 7 \(head\) is told as 1, and proved as \d+$/);
    });

    it("finds a proof that is missing or empty", async () => {
      expect(await found({ eth_getProof: (answer: Answer) => ({ ...answer, accountProof: [] }) })).to.deep.equal([
        "the proof of the fund's account is empty",
      ]);
      expect(await found({ eth_getProof: (answer: Answer) => ({ ...answer, storageProof: [] }) })).to.deep.equal([
        "no proof of slot 6 (book) is given",
      ]);
    });

    it("finds that another code of the fund was looked at", async () => {
      const { node, fund, code, head } = ground;
      const { findings } = await prove(node, fund, flipped(code, "middle"), head);
      expect(findings[0]?.sentence).to.include("the fund's code is not the one that its account proves");
    });

    it("finds every field of the header changed", async () => {
      const { head, fund, code, node } = ground;
      const fields = Object.keys(head.fields).filter(
        (name) => !["hash", "totalDifficulty", "uncles", "transactions", "size", "withdrawals"].includes(name),
      );
      expect(fields.length).to.be.at.least(21);
      for (const name of fields) {
        const value = String(head.fields[name]);
        const other = value.length % 2 === 0 && value.length > 2 ? flipped(value, "last") : `${value}1`;
        const forged = { ...head, fields: { ...head.fields, [name]: other } };
        expect(hashOf(forged), name).to.not.equal(head.hash);
        const { findings } = await prove(node, fund, code, forged);
        expect(findings[0]?.sentence, name).to.match(/^the header does not give the block's hash/);
      }
    });

    it("finds another state root, with the header's hash forged to fit", async () => {
      const forged = { ...ground.head, fields: { ...ground.head.fields, stateRoot: ground.head.receiptsRoot } };
      const hash = hashOf(forged)!;
      const { findings } = await prove(ground.node, ground.fund, ground.code, {
        ...forged,
        hash,
        stateRoot: ground.head.receiptsRoot,
      });
      expect(findings.map(({ sentence }) => sentence)).to.deep.equal([
        "the proof of the fund's account does not lead to its root",
      ]);
    });
  });

  describe("prove", () => {
    it("proves what the contract answers, by the slots where it keeps it", async () => {
      const { provider, node, fund, code, head, target } = ground;
      const { state, findings, checked } = await prove(node, fund, code, head);
      expect(findings).to.deep.equal([]);
      expect(checked).to.equal(6);
      const { contracts, chainId } = await auditChain(provider, target);
      const { balance, ...books } = await booksOf(askedThrough(node, chainId, contracts), fund, head);
      expect(balance).to.equal(books.reserve + books.pot + books.earmarked);
      expect(state).to.deep.equal({ ...books, shortage: false });
    }).timeout(60_000);
  });

  describe("given a node that tells other books than it can prove", () => {
    it("says which, with --proof", async () => {
      const { provider, target, fund } = ground;
      const reserve = connection.ethers.id("reserve()").slice(0, 10);
      const lie = (answer: string, [call]: [{ to: string; data: string }]) =>
        call.to.toLowerCase() === fund.toLowerCase() && call.data === reserve ? flipped(answer, "last") : answer;
      const node = lying(provider, { eth_call: lie as never });
      const { findings } = await auditChain(node, target, { proof: true });
      expect(findings.map(({ sentence }) => sentence)).to.include(
        "the fund's reserve is proved to be another than the node tells",
      );
    }).timeout(60_000);
  });

  describe("given a second node that tells otherwise", () => {
    it("names the log", async () => {
      const { provider, target } = ground;
      const logs = (await provider.request({
        method: "eth_getLogs",
        params: [{ fromBlock: "0x0", toBlock: "latest", address: [ground.fund.toLowerCase()] }],
      })) as { blockNumber: string; logIndex: string }[];
      const { blockNumber, logIndex } = logs[logs.length >> 1]!;
      const [block, index] = [Number(blockNumber), Number(logIndex)];
      const second = replacing(provider, new Map([[`${block}:${index}`, []]]));
      const { findings } = await auditChain(provider, target, { second });
      expect(findings.map(({ rule, sentence }) => `${rule}: ${sentence}`)).to.deep.equal([
        `second node: the log at place ${index} of block ${block} is not there for the second node`,
      ]);
    }).timeout(60_000);
  });
});
