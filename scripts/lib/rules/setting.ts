import type { Speakers } from "../events/events.ts";
import type { Speaker } from "../events/events.ts";

/** What was fixed when the contracts were made; all else is told by their events. */
export interface Setting {
  /** Where each contract is, as a checksummed address. */
  addresses: Record<Speaker, string>;
  /** First second of period 0. */
  genesis: bigint;
  /** How long after genesis the founders are covered, in seconds. */
  founderCoverDelay: bigint;
  /** How many attacks an earlier register had numbered. */
  attacksBefore: bigint;
}

/** Reads the setting from the chain. */
export async function readSetting(contracts: Speakers, blockTag: number | string): Promise<Setting> {
  const names = Object.keys(contracts) as Speaker[];
  const addresses = await Promise.all(names.map((name) => contracts[name].getAddress()));
  const [genesis, founderCoverDelay] = await Promise.all([
    contracts.registry.genesis({ blockTag }),
    contracts.ledger.founderCoverDelay({ blockTag }),
  ]);
  return {
    addresses: Object.fromEntries(names.map((name, i) => [name, addresses[i]])) as Record<Speaker, string>,
    genesis,
    founderCoverDelay,
    attacksBefore: 0n,
  };
}
