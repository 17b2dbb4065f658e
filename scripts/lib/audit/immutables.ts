// Whether contracts of the right code belong to one fund, by what their code has fixed.
import { dataSlice, getAddress } from "ethers";

import { domainValues, endingValues, immutablesOf, word } from "../deployment/bytecode.ts";
import type { Builds } from "../deployment/bytecode.ts";
import { CannotCheck } from "../deployment/chain.ts";
import { ARTIFACTS, CONTRACTS } from "../deployment/contracts.ts";
import type { Speaker } from "../events/events.ts";
import type { Setting } from "../rules/setting.ts";

/** What the setting has that code fixes. */
export type Fixed = Pick<Setting, "genesis" | "founderCoverDelay">;

/**
 * Every immutable of every contract must name the contracts that were found; there is one founder and one genesis.
 * @throws {CannotCheck} if one names another
 */
export function requireOneFund(
  addresses: Record<Speaker, string>,
  codes: Record<Speaker, string>,
  builds: Builds,
  chainId: bigint,
): Fixed {
  const ofCouncil = { ...domainValues(addresses.council, chainId), ...endingValues(addresses.register) };
  const expected = new Map<string, string>([
    ...Object.entries(addresses).map(([name, address]): [string, string] => [name, word(address)]),
    ...Object.entries(ofCouncil),
  ]);
  for (const key of CONTRACTS) {
    for (const { name, value } of immutablesOf(builds[key], codes[key])) {
      // What no address gives, the first contract that has it says for all.
      const should = expected.get(name) ?? value;
      expected.set(name, should);
      if (value === should) continue;
      const [found, right] = [value, should].map(shown);
      throw new CannotCheck(
        `${addresses[key]} is no ${ARTIFACTS[key]} of this fund: its code has ${found} as ${name} instead of ${right}`,
      );
    }
  }
  const numberOf = (name: keyof Fixed) => BigInt(expected.get(name) ?? 0n);
  return { genesis: numberOf("genesis"), founderCoverDelay: numberOf("founderCoverDelay") };
}

/** A word that may be an address, as one. */
function shown(value: string): string {
  return /^0x0{24}[0-9a-f]*[1-9a-f][0-9a-f]{30}$/.test(value) ? getAddress(dataSlice(value, 12)) : value;
}
