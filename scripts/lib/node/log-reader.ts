// Reading logs in ranges that a node can answer, and noticing when it answers less than there is.
import { CannotCheck } from "../deployment/chain.ts";
import { inOrder, isAskedBy, keyOf, parseLogs, textOf } from "./logs.ts";
import type { Log, Query } from "./logs.ts";
import { Refusal, quantity } from "./node.ts";
import type { Node } from "./node.ts";

export interface Answer {
  /** In order, each once. */
  logs: Log[];
  /** How many logs the fullest single answer held. */
  largest: number;
  /** The node refused a range of this many blocks as too much; undefined if it took all. */
  refused: number | undefined;
  /** What was wrong with the answers, in sentences. */
  faults: string[];
}

/** Limits of answers that nodes are known to have are round. */
const LEAST_LIMIT = 1_000;

export class LogReader {
  readonly #node: Node;
  readonly #queries: readonly Query[];
  /** At so many logs the node has been seen to leave the rest out, without a word. */
  silentLimit = Infinity;

  constructor(node: Node, queries: readonly Query[]) {
    this.#node = node;
    this.#queries = queries;
  }

  /** All logs of a range of blocks, the last included, as far as the node gives them. */
  async read(from: number, to: number): Promise<Answer> {
    const answer: Answer = { logs: [], largest: 0, refused: undefined, faults: [] };
    const found: Log[][] = [];
    for (const query of this.#queries) found.push(await this.#read(query, from, to, answer));
    // A transfer of the fund to itself is found twice.
    answer.logs = union(found.flat());
    return answer;
  }

  /** Asks in ever smaller ranges until a log that `wanted` knows turns up, or there is nothing left to divide. */
  async find(from: number, to: number, wanted: (log: Log) => boolean): Promise<Log | undefined> {
    for (const query of this.#queries) {
      const found = await this.#find(query, from, to, wanted);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #find(query: Query, from: number, to: number, wanted: (log: Log) => boolean): Promise<Log | undefined> {
    const logs = await this.#ask(query, from, to);
    const found = logs?.find(wanted);
    if (found !== undefined || (logs !== undefined && logs.length <= 1)) return found;
    for (const [part, first, last] of parts(query, from, to)) {
      const inPart = await this.#find(part, first, last, wanted);
      if (inPart !== undefined) return inPart;
    }
    return undefined;
  }

  async #read(query: Query, from: number, to: number, answer: Answer): Promise<Log[]> {
    const whole = await this.#ask(query, from, to, answer);
    if (whole === undefined) {
      answer.refused = Math.min(answer.refused ?? Infinity, to - from + 1);
      return await this.#readParts(query, from, to, answer);
    }
    answer.largest = Math.max(answer.largest, whole.length);
    if (!this.#mayBeCut(whole.length)) return whole;
    const divided = parts(query, from, to);
    if (divided.length === 0) {
      // Beyond doubt only where the limit has been seen; a round number alone may be chance.
      if (whole.length >= this.silentLimit) {
        answer.faults.push(
          `truncated: ${this.#node.name} leaves out logs beyond ${this.silentLimit} an answer, and block ${from} alone has as many ` +
            `of ${query.addresses.join(", ")}`,
        );
      }
      return whole;
    }
    const inParts = await this.#readParts(query, from, to, answer);
    const all = union([...whole, ...inParts]);
    if (all.length > whole.length) this.silentLimit = Math.min(this.silentLimit, whole.length);
    return all;
  }

  async #readParts(query: Query, from: number, to: number, answer: Answer): Promise<Log[]> {
    const logs: Log[][] = [];
    for (const [part, first, last] of parts(query, from, to)) logs.push(await this.#read(part, first, last, answer));
    return logs.flat();
  }

  #mayBeCut(length: number): boolean {
    if (length >= this.silentLimit) return true;
    return length >= LEAST_LIMIT && (length % LEAST_LIMIT === 0 || Number.isInteger(Math.log2(length)));
  }

  /** One question; undefined if the node finds it too much. What is wrong with the answer is noted, and mended. */
  async #ask(query: Query, from: number, to: number, answer?: Answer): Promise<Log[] | undefined> {
    const { addresses, topics } = query;
    const range = { fromBlock: quantity(from), toBlock: quantity(to) };
    let logs: Log[];
    try {
      const asked = { address: [...addresses], ...(topics === undefined ? {} : { topics }), ...range };
      logs = parseLogs(await this.#node.ask("eth_getLogs", asked), this.#node.name);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (parts(query, from, to).length > 0) return undefined;
      throw new CannotCheck(`${this.#node.name} declines eth_getLogs even for block ${from} alone: ${error.message}`);
    }
    const where = from === to ? `block ${from}` : `blocks ${from} to ${to}`;
    const fault = (sentence: string) => answer?.faults.push(`${this.#node.name}, asked for ${where}: ${sentence}`);
    const standing = logs.filter(({ removed }) => removed !== true);
    if (standing.length < logs.length) fault(`${logs.length - standing.length} logs of its answer are told as removed`);
    const asked = standing.filter((log) => log.block >= from && log.block <= to && isAskedBy(query, log));
    if (asked.length < standing.length)
      fault(`${standing.length - asked.length} logs of its answer were not asked for`);
    const kept = new Map<string, Log>();
    let [before, disordered] = [asked[0], false];
    for (const log of asked) {
      const twin = kept.get(keyOf(log));
      if (twin === undefined) kept.set(keyOf(log), log);
      else if (textOf(twin) === textOf(log)) fault(`log ${log.index} of block ${log.block} is repeated`);
      else fault(`log ${log.index} of block ${log.block} is given twice, and differently`);
      if (before !== undefined && inOrder(before, log) > 0 && !disordered) {
        disordered = true;
        fault(`log ${log.index} of block ${log.block} stands after log ${before.index} of block ${before.block}`);
      }
      before = log;
    }
    return [...kept.values()].sort(inOrder);
  }
}

/** A question in two: half the blocks, else half the contracts. Empty if it cannot be divided. */
function parts(query: Query, from: number, to: number): [Query, number, number][] {
  if (from < to) {
    const middle = Math.floor((from + to) / 2);
    return [
      [query, from, middle],
      [query, middle + 1, to],
    ];
  }
  const { addresses } = query;
  if (addresses.length === 1) return [];
  const half = Math.ceil(addresses.length / 2);
  return [addresses.slice(0, half), addresses.slice(half)].map((some) => [{ ...query, addresses: some }, from, to]);
}

/** In order, each once. */
function union(logs: readonly Log[]): Log[] {
  const byKey = new Map(logs.map((log) => [keyOf(log), log]));
  return [...byKey.values()].sort(inOrder);
}
