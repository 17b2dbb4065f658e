import { id, toBeHex, zeroPadValue } from "ethers";

import type { Provider } from "../../scripts/lib/node/node.ts";
import { ENTRY } from "../../scripts/lib/node/logs.ts";

export interface NodeLog {
  block: number;
  index: number;
  address: string;
  topics: string[];
}

export interface NodeOptions {
  logs: NodeLog[];
  /** Number of the last block. */
  last?: number;
  /** Refuses what has more logs, with this many as the limit. */
  mostLogs?: number;
  /** Refuses more blocks at once. */
  mostBlocks?: number;
  /** Leaves the rest out without a word. */
  silentLimit?: number;
  /** Changes an answer of logs before it is given. */
  tamper?: (logs: Record<string, unknown>[]) => Record<string, unknown>[];
  /** Says when a block was made with each log. */
  times?: boolean;
}

/** When a block was made. */
export const timeOf = (block: number) => 1_700_000_000 + 12 * block;
const hashOf = (block: number, branch = "") => id(`block ${block}${branch}`);

/** A node of a chain that has nothing but logs, with the limits that real nodes have. */
export class StubNode implements Provider {
  readonly options: NodeOptions;
  /** Every range of blocks that was asked for logs. */
  readonly ranges: [number, number][] = [];
  /** From this block on, the chain is another. */
  branchedAt = Infinity;

  constructor(options: NodeOptions) {
    this.options = options;
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async request({ method, params = [] }: { method: string; params?: unknown[] }): Promise<unknown> {
    return this.#answer(method, params);
  }

  get last(): number {
    return this.options.last ?? Math.max(...this.options.logs.map(({ block }) => block));
  }

  hash(block: number): string {
    return hashOf(block, block >= this.branchedAt ? "'" : "");
  }

  #answer(method: string, params: unknown[]): unknown {
    if (method === "eth_chainId") return "0x1";
    if (method === "eth_getBlockByNumber") {
      const block = params[0] === "latest" ? this.last : Number(params[0]);
      return block > this.last ? null : this.#block(block);
    }
    if (method === "eth_getLogs") return this.#logs(params[0] as Record<string, string | string[]>);
    throw new Error(`${method} is not supported`);
  }

  #block(block: number) {
    const root = id("root");
    return {
      number: toBeHex(block),
      hash: this.hash(block),
      parentHash: this.hash(block - 1),
      stateRoot: root,
      receiptsRoot: root,
      logsBloom: `0x${"00".repeat(256)}`,
      timestamp: toBeHex(timeOf(block)),
      transactions: [],
    };
  }

  #logs({ fromBlock, toBlock, address }: Record<string, string | string[]>) {
    const { logs, mostLogs = Infinity, mostBlocks = Infinity, silentLimit = Infinity, tamper, times } = this.options;
    const [from, to] = [Number(fromBlock), Number(toBlock)];
    this.ranges.push([from, to]);
    if (to - from + 1 > mostBlocks) throw new Error(`block range is too wide, at most ${mostBlocks}`);
    const asked = logs.filter((log) => log.block >= from && log.block <= to && address?.includes(log.address));
    if (asked.length > mostLogs) throw new Error(`query returned more than ${mostLogs} results`);
    const answer = asked.slice(0, silentLimit).map(({ block, index, ...log }) => ({
      ...log,
      blockNumber: toBeHex(block),
      blockHash: this.hash(block),
      logIndex: toBeHex(index),
      transactionHash: id(`transaction ${block}`),
      data: "0x",
      ...(times === true ? { blockTimestamp: toBeHex(timeOf(block)) } : {}),
    }));
    return tamper === undefined ? answer : tamper(answer);
  }
}

export const FUND = zeroPadValue("0xf0", 20);
export const OTHER = zeroPadValue("0x0e", 20);

/** An entry of the fund with this number, in this block. */
export function entryLog(seq: number, block: number, index = 0): NodeLog {
  const word = (value: number) => zeroPadValue(toBeHex(value), 32);
  return { block, index, address: FUND, topics: [ENTRY, word(seq), word(0), word(0)] };
}

/** Something else that another contract says. */
export function otherLog(block: number, index: number): NodeLog {
  return { block, index, address: OTHER, topics: [id("Said()")] };
}
