import { expect } from "chai";

import { PERIOD } from "./alliance.ts";
import type { Alliance } from "./alliance.ts";

/** Gives a stranger enough to pay whatever anybody is asked. */
export async function endowStranger(a: Alliance): Promise<void> {
  await a.token.connect(a.issuer).mint(a.stranger.address, 1n << 100n);
  await a.token.connect(a.stranger).approve(await a.fund.getAddress(), 2n ** 255n);
}

/** A stranger calls for what is owed and pays what every member is asked, period after period, until nothing is owed. */
export async function payOff(a: Alliance): Promise<void> {
  for (let period = 0; period < 12 && (await a.fund.owed()) > 0n; ++period) {
    await a.ledger.connect(a.stranger).issueCall();
    for (const m of a.members) {
      const asked = await a.ledger.askedOf(m.code);
      const { paid } = await a.ledger.account(m.code);
      if (asked > paid) await a.ledger.connect(a.stranger).contribute(m.code, asked - paid);
    }
    if ((await a.fund.owed()) > 0n) await a.time.increase(PERIOD);
  }
  expect(await a.fund.owed(), "12: still owed").to.equal(0n);
}

/** A stranger collects for every member, and for every earmark. */
export async function collectAll(a: Alliance, attacks: bigint[]): Promise<void> {
  for (const attackId of attacks) await a.fund.connect(a.stranger).collectEarmark(attackId);
  for (const m of a.members) {
    const [, collectable] = await a.fund.balanceOf(m.code);
    if (collectable > 0n) await a.fund.connect(a.stranger).collect(m.code);
  }
}
