import { setTimeout } from "node:timers/promises";

import type { Speakers } from "../../scripts/lib/events/events.ts";
import type { Connection } from "../../scripts/lib/replay/chain.ts";
import type { Ledger } from "../../scripts/lib/replay/ledger.ts";

/** Of the reserve in its storage slot. */
const RESERVE = (1n << 104n) - 1n;

/** The contracts with one view that answers what `other` makes of its answer. */
export function tampered(
  contracts: Speakers,
  by: keyof Speakers,
  view: string,
  other: (answer: never) => unknown,
): Speakers {
  const altered = new Proxy(contracts[by], {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (name !== view) return found;
      return async (...args: unknown[]) => other(await (found as (...args: unknown[]) => Promise<never>)(...args));
    },
  });
  return { ...contracts, [by]: altered };
}

/** An answer of a view with another value of one name. */
export function withField(answer: object, field: string, value: unknown): object {
  return new Proxy(answer, { get: (target, name): unknown => (name === field ? value : Reflect.get(target, name)) });
}

/** Adds a unit to the reserve in the fund's storage. The chain may go on meanwhile. */
export async function enrich({ networkHelpers, provider }: Connection, { fund }: Ledger): Promise<void> {
  const address = await fund.getAddress();
  const wordAt = async (slot: number, block: string) => {
    const params = [address, `0x${slot.toString(16)}`, block];
    return BigInt((await provider.request({ method: "eth_getStorageAt", params })) as string);
  };
  const block = await networkHelpers.time.latestBlock();
  const reserve = await fund.reserve({ blockTag: block });
  for (let slot = 0; slot < 32; ++slot) {
    if (((await wordAt(slot, `0x${block.toString(16)}`)) & RESERVE) !== reserve) continue;
    await networkHelpers.setStorageAt(address, slot, (await wordAt(slot, "latest")) + 1n);
    return;
  }
  throw new Error("The reserve is in none of the first slots.");
}

/** Holds the first transactions up, so that the clock of the machine runs ahead of a second for each. */
export function slowDown({ provider }: Connection): void {
  const request = provider.request.bind(provider);
  let held = 2;
  provider.request = async (wanted): Promise<unknown> => {
    if (wanted.method === "eth_sendTransaction" && held-- > 0) await setTimeout(2_500);
    return await request(wanted);
  };
}
