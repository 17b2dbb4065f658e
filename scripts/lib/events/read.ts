import { CONTRACTS } from "../deployment/contracts.ts";
import type { Addresses, ContractKey } from "../deployment/contracts.ts";
import { decode } from "./decode.ts";
import type { LedgerEvent, Speaker } from "./events.ts";

/** What is asked of a node. */
export interface Node {
  send(method: string, params: unknown[]): Promise<unknown>;
}

interface Log {
  address: string;
  topics: string[];
  data: string;
  blockNumber: string;
  blockTimestamp?: string;
  logIndex: string;
  transactionHash: string;
}

/** Public nodes answer no wider range at once. */
const BLOCKS_A_QUESTION = 5_000;

/** Where those of the contracts are that there are; the token, whose events are of all its holders, is left out. */
export async function addressesOf(
  contracts: Partial<Record<ContractKey, { getAddress(): Promise<string> }>>,
): Promise<Partial<Addresses>> {
  const pairs = CONTRACTS.map(async (key) => [key, await contracts[key]?.getAddress()] as const);
  return Object.fromEntries((await Promise.all(pairs)).filter(([, address]) => address !== undefined));
}

/** What the contracts have said from one block to another, both included, in the order of the chain. */
export async function* readEvents(
  node: Node,
  addresses: Partial<Record<Speaker, string>>,
  from: number,
  to: number,
): AsyncGenerator<LedgerEvent> {
  const entries = Object.entries(addresses) as [Speaker, string][];
  const speakers = new Map(entries.map(([speaker, address]) => [address.toLowerCase(), speaker]));
  const timeOf = clock(node);
  for (let first = from; first <= to; first += BLOCKS_A_QUESTION) {
    const last = Math.min(to, first + BLOCKS_A_QUESTION - 1);
    const range = { fromBlock: quantity(first), toBlock: quantity(last) };
    const logs = (await node.send("eth_getLogs", [{ address: [...speakers.keys()], ...range }])) as Log[];
    for (const log of logs) {
      const by = speakers.get(log.address.toLowerCase());
      if (by === undefined) continue;
      const [block, index] = [Number(log.blockNumber), Number(log.logIndex)];
      const event = decode(by, log, { block, index, transaction: log.transactionHash, time: await timeOf(log) });
      if (event !== undefined) yield event;
    }
  }
}

/** The time of a log's block. Many nodes tell it with the log; the others are asked once a block. */
function clock(node: Node): (log: Log) => Promise<number> {
  let known = { block: "", time: 0 };
  return async ({ blockNumber, blockTimestamp }) => {
    if (blockTimestamp !== undefined) return Number(blockTimestamp);
    if (known.block !== blockNumber) {
      const block = (await node.send("eth_getBlockByNumber", [blockNumber, false])) as { timestamp: string };
      known = { block: blockNumber, time: Number(block.timestamp) };
    }
    return known.time;
  };
}

function quantity(number: number): string {
  return `0x${number.toString(16)}`;
}
