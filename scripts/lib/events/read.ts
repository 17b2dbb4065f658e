import { CONTRACTS } from "../deployment/contracts.ts";
import type { Addresses, ContractKey } from "../deployment/contracts.ts";
import { Node } from "../node/node.ts";
import { readLogs } from "../node/read-logs.ts";
import { withTimes } from "../node/times.ts";
import { eventOf } from "./entries.ts";
import type { LedgerEvent, Speaker } from "./events.ts";

/** What asks a node. */
export interface Sender {
  send(method: string, params: unknown[]): Promise<unknown>;
}

export function nodeBehind(sender: Sender): Node {
  return new Node({ request: ({ method, params = [] }) => sender.send(method, params) });
}

/** Where those of the contracts are that there are; the token, whose events are of all its holders, is left out. */
export async function addressesOf(
  contracts: Partial<Record<ContractKey, { getAddress(): Promise<string> }>>,
): Promise<Partial<Addresses>> {
  const pairs = CONTRACTS.map(async (key) => [key, await contracts[key]?.getAddress()] as const);
  return Object.fromEntries((await Promise.all(pairs)).filter(([, address]) => address !== undefined));
}

/**
 * What the contracts have said from one block to another, both included, in the order of the chain.
 * @throws {CannotCheck} if the node cannot be asked for it
 */
export async function* readEvents(
  sender: Sender,
  addresses: Partial<Record<Speaker, string>>,
  from: number,
  to: number,
): AsyncGenerator<LedgerEvent, void> {
  const node = nodeBehind(sender);
  const entries = Object.entries(addresses) as [Speaker, string][];
  const speakers = new Map(entries.map(([speaker, address]) => [address.toLowerCase(), speaker]));
  for await (const logs of readLogs(node, [{ addresses: [...speakers.keys()] }], from, to)) {
    for (const log of await withTimes(node, logs)) {
      const by = speakers.get(log.address);
      const event = by && eventOf(by, log);
      if (event !== undefined) yield event;
    }
  }
}
