// A chain whose journal is as long as one likes: the founding is real, and contributions follow that are made up as they
// are read.
import { ZeroHash } from "ethers";

import { ENTRY } from "../node/logs.ts";
import { TRANSFER } from "../node/logs.ts";
import { quantity } from "../node/node.ts";
import type { Provider } from "../node/node.ts";
import { headAfter } from "../rules/arithmetic/journal.ts";

export interface Founded {
  provider: Provider;
  /** Number of the last block of the founding. */
  lastBlock: number;
  /** First second of period 0. */
  genesis: number;
  fund: string;
  token: string;
  /** Whoever contributes: the member and its treasury. */
  payers: readonly { code: string; treasury: string }[];
}

type Question = Parameters<Provider["request"]>[0];
type RpcLog = Record<string, string | string[]>;

const ENTRIES_A_BLOCK = 10;
/** A million entries fill a week, in which nothing falls due. */
const SECONDS_A_BLOCK = 6;

export class SyntheticChain implements Provider {
  readonly #founded: Founded;
  readonly #blocks: number;
  #seq = 0;
  #head: string = ZeroHash;
  /** The range that was made last: it is asked for once for each query. */
  #made: { from: number; to: number; logs: RpcLog[] } | undefined;

  constructor(founded: Founded, entries: number) {
    this.#founded = founded;
    this.#blocks = Math.ceil(entries / ENTRIES_A_BLOCK);
  }

  get lastBlock(): number {
    return this.#founded.lastBlock + this.#blocks;
  }

  get head(): string {
    return this.#head;
  }

  async request(question: Question): Promise<unknown> {
    const { lastBlock, provider } = this.#founded;
    if (question.method === "eth_getBlockByNumber") {
      const block = Number(question.params?.[0]);
      if (block > lastBlock) return this.#header(block);
    }
    if (question.method !== "eth_getLogs") return await provider.request(question);
    const filter = question.params?.[0] as { fromBlock: string; toBlock: string; address: string[]; topics?: string[] };
    const [from, to] = [Number(filter.fromBlock), Number(filter.toBlock)];
    if (to <= lastBlock) return await provider.request(question);
    const toBlock = quantity(lastBlock);
    const real = from > lastBlock ? [] : await provider.request({ ...question, params: [{ ...filter, toBlock }] });
    const made = this.#logs(Math.max(from, lastBlock + 1), to);
    return [...(real as RpcLog[]), ...made.filter((log) => isAsked(log, filter))];
  }

  /** Entries follow one another, so that blocks are made in order. */
  #logs(from: number, to: number): RpcLog[] {
    if (this.#made?.from === from && this.#made.to === to) return this.#made.logs;
    const logs: RpcLog[] = [];
    for (let block = from; block <= to; ++block) {
      for (let i = 0; i < ENTRIES_A_BLOCK; ++i) logs.push(...this.#contribution(block, i));
    }
    this.#made = { from, to, logs };
    return logs;
  }

  #contribution(block: number, place: number): RpcLog[] {
    const { payers, fund, token } = this.#founded;
    const seq = ++this.#seq;
    const { code, treasury } = payers[seq % payers.length] ?? { code: "0x000000", treasury: fund };
    const [amount, timestamp] = [BigInt(1_000_000 + (seq % 977)), BigInt(this.#time(block))];
    const args = { seq: BigInt(seq), kind: 0n, member: code, party: treasury, amount, ref: ZeroHash, timestamp };
    this.#head = headAfter(this.#head, args);
    const common = {
      blockNumber: quantity(block),
      blockHash: hashOf(block),
      blockTimestamp: quantity(this.#time(block)),
      transactionHash: word(BigInt(seq)),
    };
    const transfer = {
      address: token.toLowerCase(),
      topics: [TRANSFER, wordOf(treasury), wordOf(fund)],
      data: word(amount),
    };
    const entry = {
      address: fund.toLowerCase(),
      topics: [ENTRY, word(BigInt(seq)), ZeroHash, code.padEnd(66, "0")],
      data: `0x${[wordOf(treasury), word(amount), ZeroHash, word(timestamp), this.#head].map((one) => one.slice(2)).join("")}`,
    };
    return [transfer, entry].map((log, i) => ({ ...common, logIndex: quantity(2 * place + i), ...log }));
  }

  #time(block: number): number {
    return this.#founded.genesis + SECONDS_A_BLOCK * (block - this.#founded.lastBlock);
  }

  async #header(block: number): Promise<Record<string, unknown>> {
    const { lastBlock, provider } = this.#founded;
    const last = await provider.request({ method: "eth_getBlockByNumber", params: [quantity(lastBlock), false] });
    const parentHash = block === lastBlock + 1 ? (last as { hash: string }).hash : hashOf(block - 1);
    const time = quantity(this.#time(block));
    return { ...(last as object), number: quantity(block), hash: hashOf(block), parentHash, timestamp: time };
  }
}

function isAsked({ address, topics }: RpcLog, filter: { address: string[]; topics?: (string | null)[] }): boolean {
  const [own, asked] = [topics as string[], filter.topics ?? []];
  return filter.address.includes(String(address)) && asked.every((topic, i) => topic === null || topic === own[i]);
}

function hashOf(block: number): string {
  return `0xb10c${block.toString(16).padStart(60, "0")}`;
}

function word(value: bigint): string {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

function wordOf(address: string): string {
  return `0x${address.slice(2).toLowerCase().padStart(64, "0")}`;
}
