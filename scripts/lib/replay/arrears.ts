import { DAY, PERIOD } from "./ledger.ts";
import type { World } from "./world.ts";

/** A contribution is due so long after its period begins, and claims rest once a debt is overdue for so much longer. */
const DUE = 30 * DAY;
const GRACE = 90 * DAY;

/** A debt from the day it was due to the payment that ended it, as the ledger said on the way. */
export interface Arrear {
  code: string;
  /** When what was missed first was due. */
  dueAt: number;
  /** The most that was overdue. */
  most: bigint;
  /** When the member was seen out of good standing, so that it could not file. */
  claimsRestedAt: number | undefined;
}

/** Asks the ledger about those who are made to stop paying whenever their debts can grow or age. */
export class Arrears {
  readonly list: Arrear[] = [];
  readonly #world: World;
  readonly #open = new Map<string, Arrear>();

  constructor(world: World) {
    this.#world = world;
  }

  enter(): void {
    const { input, ledger, timeline } = this.#world;
    for (const code of new Set(input.stops.map((stop) => stop.code))) {
      for (let start = ledger.genesis; start < input.until; start += PERIOD) {
        // What is due at a time is overdue a second later.
        for (const time of [start + DUE, start + DUE + GRACE]) timeline.at(time + 1, () => this.#look(code));
      }
    }
    for (const { code, to } of input.stops) timeline.at(Date.UTC(to + 1, 0, 1) / 1000 - 1, () => this.#look(code));
  }

  async #look(code: string): Promise<void> {
    const { ledger: contracts, roster } = this.#world;
    const { chain, ledger } = contracts;
    const actor = roster.members.find((member) => member.code === code);
    if (actor === undefined) return;
    const debt = await ledger.debtOf(actor.bytes3);
    if (debt === 0n) {
      this.#open.delete(code);
      return;
    }
    const arrear = this.#open.get(code) ?? { code, dueAt: chain.now - 1, most: 0n, claimsRestedAt: undefined };
    if (!this.#open.has(code)) this.list.push(arrear);
    this.#open.set(code, arrear);
    if (debt > arrear.most) arrear.most = debt;
    if (arrear.claimsRestedAt === undefined && !(await ledger.inGoodStanding(actor.bytes3))) {
      arrear.claimsRestedAt = chain.now;
    }
  }
}
