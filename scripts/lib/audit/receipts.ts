// Proving that no log is missing: receipts give a block's receipts root, and blocks give one another's hashes.
import { concat, encodeRlp, getBytes, keccak256, toBeHex } from "ethers";

import { CannotCheck } from "../deployment/chain.ts";
import { isFields } from "../deployment/input.ts";
import type { Fields } from "../deployment/input.ts";
import { hashOf, headerOf } from "../node/blocks.ts";
import type { Header } from "../node/blocks.ts";
import type { Finding } from "../rules/finding.ts";
import type { LogFile } from "./log-file.ts";
import { isAskedBy, parseLog, textOf } from "../node/logs.ts";
import type { Log, Query, TimedLog } from "../node/logs.ts";
import { Refusal, quantity } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { minimal, rootOf } from "./ordered-trie.ts";
import { provedTransactions } from "./transactions.ts";

export interface Completeness {
  /** How many headers were proved, and of how many blocks all receipts. */
  headers: number;
  receipts: number;
  /** Of how many of these the transactions are proved as well, and which could not be. */
  transactions: number;
  unproved: { block: number; type: number }[];
  /** The hash of the block before the first, which the first proves; undefined if nothing proves it. */
  before: string | undefined;
  findings: Finding[];
}

const RULE = "receipts";
const AT_ONCE = 20;

/**
 * Walks back from a block whose hash is trusted to the first, each header proving the hash of the one before. Where a
 * header's bloom filter allows a log of ours, the block's receipts are read, proved, and compared with the logs.
 */
export async function proveComplete(
  node: Node,
  queries: readonly Query[],
  file: LogFile,
  head: Header,
  reached: (block: number) => void,
): Promise<Completeness> {
  const result: Completeness = {
    headers: 0,
    receipts: 0,
    transactions: 0,
    unproved: [],
    before: undefined,
    findings: [],
  };
  const blooms = queries.flatMap(({ addresses }) => addresses.map((address) => bloomOf(address)));
  let expected = head.hash;
  for (const { from, to } of file.ranges.filter((range) => range.from <= head.number).toReversed()) {
    const last = Math.min(to, head.number);
    const logs = await logsByBlock(file, from, last);
    for (let block = last; block >= from; block -= AT_ONCE) {
      const numbers = Array.from({ length: Math.min(AT_ONCE, block - from + 1) }, (_, i) => block - i);
      const headers = await Promise.all(numbers.map((number) => headerOf(node, number)));
      for (const header of headers) {
        if (hashOf(header) !== expected) {
          const sentence = `block ${header.number} does not give the hash that the block after it names: nothing before it is proved`;
          result.findings.push({ rule: RULE, sentence, expected, found: hashOf(header) ?? header.hash });
          return result;
        }
        expected = header.parentHash;
        result.headers += 1;
        const told = logs.get(header.number) ?? [];
        if (told.length === 0 && !blooms.some((bloom) => includes(header.logsBloom, bloom))) continue;
        result.findings.push(...(await compareBlock(node, queries, header, told, result)));
        result.receipts += 1;
      }
      reached(block - numbers.length + 1);
    }
  }
  result.before = expected;
  return result;
}

async function logsByBlock(file: LogFile, from: number, to: number): Promise<Map<number, TimedLog[]>> {
  const byBlock = new Map<number, TimedLog[]>();
  for await (const batch of file.logs(to, from)) {
    for (const log of batch) byBlock.set(log.block, [...(byBlock.get(log.block) ?? []), log]);
  }
  return byBlock;
}

async function compareBlock(
  node: Node,
  queries: readonly Query[],
  header: Header,
  told: readonly TimedLog[],
  result: Completeness,
): Promise<Finding[]> {
  const { given: count, proved: hashes, unknown } = await provedTransactions(node, header);
  const transactions = hashes ?? header.transactions;
  const receipts = await receiptsOf(node, header.number, transactions);
  const root = await rootOf(receipts, encodedReceipt);
  if (root !== header.receiptsRoot) {
    const sentence = `the receipts of block ${header.number} do not give the root in its header`;
    return [{ rule: RULE, sentence, expected: header.receiptsRoot, found: root ?? "receipts that cannot be encoded" }];
  }
  const findings: Finding[] = [];
  const wrong = (sentence: string) => findings.push({ rule: RULE, sentence });
  const { number } = header;
  if (hashes !== undefined) result.transactions += 1;
  else if (count !== receipts.length) {
    wrong(`${node.name} withholds transactions of block ${number}: it gives ${count} of ${receipts.length}`);
  } else if (unknown !== undefined) result.unproved.push({ block: number, type: unknown });
  else wrong(`the transactions of block ${number} do not give the root in its header`);
  // Receipts prove which logs belong together, whatever their transaction is called; two must not be called the same.
  if (transactions.length !== receipts.length || new Set(transactions).size !== receipts.length) {
    wrong(`block ${number} names other than ${receipts.length} different transactions, of which it has receipts`);
    return findings;
  }
  const proved = receipts
    .flatMap(({ logs }, i) =>
      (Array.isArray(logs) ? logs : []).map((log): Log => ({
        ...parseLog(log, node.name),
        transaction: transactions[i] ?? "",
      })),
    )
    // Places and transactions are no part of a receipt; the order of all receipts proves them.
    .map((log, index): Log => ({ ...log, index, block: header.number }))
    .filter((log) => queries.some((query) => isAskedBy(query, log)));
  if (proved.some(({ address }) => !includes(header.logsBloom, bloomOf(address)))) {
    throw new CannotCheck(
      `block ${header.number} has logs that its bloom filter leaves out: on such a chain --receipts cannot tell which blocks have any`,
    );
  }
  const finding = (log: Log | TimedLog, sentence: string): Finding => {
    const { block, index, transaction } = log;
    return { rule: RULE, place: { block, index, transaction, time: header.time }, sentence };
  };
  const given = new Map(told.map((log) => [log.index, log]));
  for (const log of proved) {
    const twin = given.get(log.index);
    given.delete(log.index);
    if (twin === undefined) findings.push(finding(log, `the log at place ${log.index} was left out`));
    else if (textOf(twin) !== textOf(log)) findings.push(finding(log, `the log at place ${log.index} was altered`));
    else if (twin.time !== header.time) findings.push(finding(log, `the block's time was told as ${twin.time}`));
  }
  for (const log of given.values()) findings.push(finding(log, `the log at place ${log.index} was added`));
  return findings;
}

/** All receipts of a block, by one question or, where a node does not know it, one by one. */
async function receiptsOf(node: Node, number: number, transactions: readonly string[]): Promise<Fields[]> {
  let answer: unknown;
  try {
    answer = await node.ask("eth_getBlockReceipts", quantity(number));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    answer = await Promise.all(transactions.map((hash) => node.need("eth_getTransactionReceipt", hash)));
  }
  if (!Array.isArray(answer) || !answer.every(isFields)) {
    throw new CannotCheck(`${node.name} gives no receipts of block ${number}; without them --receipts proves nothing`);
  }
  return answer;
}

/** As its block has it (EIP-2718 for types). */
function encodedReceipt(receipt: Fields): string {
  const text = (name: string) => {
    const value = receipt[name];
    return typeof value === "string" ? value : "0x0";
  };
  const logs = Array.isArray(receipt["logs"]) ? receipt["logs"].filter(isFields) : [];
  const body = encodeRlp([
    // Before Byzantium a receipt had a root where its status is now.
    receipt["status"] === undefined ? text("root") : minimal(BigInt(text("status"))),
    minimal(BigInt(text("cumulativeGasUsed"))),
    text("logsBloom"),
    logs.map(({ address, topics, data }) => [String(address), (topics as unknown[]).map(String), String(data)]),
  ]);
  const type = BigInt(text("type"));
  return type === 0n ? body : concat([toBeHex(type), body]);
}

/** The three bits of a value in a bloom filter of 2048 (yellow paper, 4.3.1). */
function bloomOf(value: string): number[] {
  const hash = getBytes(keccak256(value));
  return [0, 2, 4].map((i) => (((hash[i] ?? 0) << 8) | (hash[i + 1] ?? 0)) & 2047);
}

function includes(filter: string, bits: readonly number[]): boolean {
  return bits.every((bit) => {
    const digit = Number.parseInt(filter[2 + 511 - Math.floor(bit / 4)] ?? "0", 16);
    return ((digit >> (bit % 4)) & 1) === 1;
  });
}
