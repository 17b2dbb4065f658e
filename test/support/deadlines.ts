import { expect } from "chai";

import type { Alliance } from "./alliance.ts";
import { at, moveTo } from "./chain.ts";

/** Whether an act works a second before a moment, at it, and a second after it. */
export const OPENS_AT = [false, true, true] as const;
export const OPENS_AFTER = [false, false, true] as const;
export const CLOSES_AFTER = [true, true, false] as const;
export const CLOSES_AT = [true, false, false] as const;

export interface Moment {
  second: bigint;
  act: () => Promise<unknown>;
  works: readonly [before: boolean, then: boolean, after: boolean];
  /** What refuses it when it does not work. */
  error: string;
}

/** Tries an act a second before a moment, at it and a second after it, each from the same beginning. */
export async function expectMoment(a: Alliance, { second, act, works, error }: Moment): Promise<void> {
  await moveTo(a, second - 100n);
  for (const [i, expected] of works.entries()) {
    const offset = i - 1;
    const before = await a.connection.networkHelpers.takeSnapshot();
    await at(a, second + BigInt(offset));
    let met = "";
    try {
      await act();
    } catch (reason) {
      met = String(reason);
    }
    if (expected) expect(met, `${offset}`).to.equal("");
    else expect(met, `${offset}`).to.include(`'${error}(`);
    await before.restore();
  }
}
