import { CONTRACTS } from "../../scripts/lib/deployment/contracts.ts";
import { SPEAKERS } from "../../scripts/lib/events/bindings.ts";
import { decode } from "../../scripts/lib/events/decode.ts";
import type { LedgerEvent, Speaker, Speakers } from "../../scripts/lib/events/events.ts";
import { readSetting } from "../../scripts/lib/rules/setting.ts";
import type { Setting } from "../../scripts/lib/rules/setting.ts";
import type { Alliance } from "./alliance.ts";

/** The contracts of an alliance as the scripts know them. */
export function speakersOf(a: Alliance): Speakers {
  return Object.fromEntries(SPEAKERS.map((by) => [by, a[by]])) as unknown as Speakers;
}

export async function settingOf(a: Alliance): Promise<Setting> {
  return await readSetting(speakersOf(a), "latest");
}

/** Every event of the fund's contracts in some blocks, in order; those of the token are left out. */
export async function eventsOf(a: Alliance, fromBlock = 0, toBlock?: number): Promise<LedgerEvent[]> {
  const { provider } = a.ethers;
  const by = new Map<string, Speaker>();
  for (const name of CONTRACTS) by.set(await a[name].getAddress(), name);
  const last = toBlock ?? (await provider.getBlockNumber());
  const logs = await provider.getLogs({ fromBlock, toBlock: last, address: [...by.keys()] });
  const times = new Map<number, number>();
  const events: LedgerEvent[] = [];
  for (const { address, topics, data, blockNumber, index, transactionHash } of logs) {
    if (!times.has(blockNumber)) times.set(blockNumber, (await provider.getBlock(blockNumber))!.timestamp);
    const place = { block: blockNumber, index, transaction: transactionHash, time: times.get(blockNumber)! };
    const event = decode(by.get(address)!, { topics, data }, place);
    if (event !== undefined) events.push(event);
  }
  return events;
}
