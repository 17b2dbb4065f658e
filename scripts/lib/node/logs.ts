// What contracts have written, as a node tells it.
import { id, zeroPadValue } from "ethers";

import { CannotCheck } from "../deployment/chain.ts";
import { isFields } from "../deployment/input.ts";

export interface Log {
  block: number;
  /** Place in its block. */
  index: number;
  blockHash: string;
  transaction: string;
  /** In lower case. */
  address: string;
  /** When its block was made, in seconds since 1970; not every node says so. */
  time: number | undefined;
  data: string;
  topics: string[];
  /** Whether the node says itself that a reorganisation has taken it away. */
  removed?: boolean;
}

/** What `eth_getLogs` is asked for in a range of blocks. */
export interface Query {
  /** In lower case. */
  addresses: readonly string[];
  topics?: readonly (string | null)[];
}

/** A log with the time of its block. */
export type TimedLog = Omit<Log, "time" | "blockHash" | "removed"> & { time: number };

export const ENTRY = id("Entry(uint256,uint8,bytes3,address,uint256,bytes32,uint256,bytes32)");
export const TRANSFER = id("Transfer(address,address,uint256)");

/** The queries that find all that a fund's contracts say, and every transfer of the token from and to the fund. */
export function queriesFor(contracts: readonly string[], token: string, fund: string): Query[] {
  const ours = zeroPadValue(fund.toLowerCase(), 32);
  const addresses = [token.toLowerCase()];
  return [
    { addresses: contracts.map((address) => address.toLowerCase()) },
    { addresses, topics: [TRANSFER, ours] },
    { addresses, topics: [TRANSFER, null, ours] },
  ];
}

/** Whether a log is one that a query asks for. */
export function isAskedBy({ addresses, topics = [] }: Query, log: Pick<Log, "address" | "topics">): boolean {
  return (
    addresses.includes(log.address) &&
    topics.every((topic, i) => topic === null || log.topics[i]?.toLowerCase() === topic)
  );
}

/** Where a log stands, as text to know it by. */
export function keyOf({ block, index }: Pick<Log, "block" | "index">): string {
  return `${block}:${index}`;
}

export function inOrder(a: Pick<Log, "block" | "index">, b: Pick<Log, "block" | "index">): number {
  return a.block - b.block || a.index - b.index;
}

/** The same text for the same log, whatever node told it; the time is left out, since not every node does. */
export function textOf({
  block,
  index,
  transaction,
  address,
  data,
  topics,
}: Omit<Log, "blockHash" | "time" | "removed">): string {
  return JSON.stringify([block, index, transaction, address, data, ...topics]);
}

/** A node's answer as logs. */
export function parseLogs(answer: unknown, name: string): Log[] {
  if (!Array.isArray(answer)) throw new CannotCheck(`${name} answers eth_getLogs with what is no list`);
  return answer.map((given: unknown) => parseLog(given, name));
}

export function parseLog(given: unknown, name: string): Log {
  const log = isFields(given) ? given : {};
  const { blockNumber, logIndex, blockHash, transactionHash, address, data, topics, blockTimestamp, removed } = log;
  const [block, index] = [Number(blockNumber), Number(logIndex)];
  if (
    typeof blockNumber !== "string" ||
    typeof logIndex !== "string" ||
    !Number.isSafeInteger(block) ||
    !Number.isSafeInteger(index) ||
    typeof blockHash !== "string" ||
    typeof transactionHash !== "string" ||
    typeof address !== "string" ||
    typeof data !== "string" ||
    !Array.isArray(topics)
  ) {
    throw new CannotCheck(`${name} answers with a log that lacks its block, place, contract or data`);
  }
  return {
    block,
    index,
    blockHash,
    transaction: transactionHash,
    address: address.toLowerCase(),
    time: typeof blockTimestamp === "string" ? Number(blockTimestamp) : undefined,
    data,
    topics: topics.map(String),
    ...(removed === true ? { removed } : {}),
  };
}
