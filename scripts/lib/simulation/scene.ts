import type { ContractTransaction } from "ethers";

import type { Sending } from "../replay/chain.ts";
import type { Dice } from "../random.ts";
import { YEAR } from "../replay/ledger.ts";
import type { Actor, Ledger } from "../replay/ledger.ts";
import type { Timeline } from "../replay/timeline.ts";
import { GasBook } from "./gas.ts";
import type { Operation } from "./gas.ts";
import type { Behaviour } from "./parameters.ts";

/** A member State, and what is to become of it. */
export interface State {
  actor: Actor;
  /** In ppm. */
  weight: bigint;
  /** Yearly trade with those coercers with which it is registered, in base units, by their code. */
  trade: ReadonlyMap<string, bigint>;
  /** In seconds since 1970: until then it pays nothing. */
  paysFrom: number;
  /** Whether the token's issuer has blocked its treasury. */
  blocked: boolean;
  /** In seconds since 1970: from then on it may leave, if it has given notice. */
  leavesFrom: number | undefined;
  /** Whether it has left. */
  away: boolean;
}

/** Counts by name. */
export class Counter {
  readonly counts = new Map<string, number>();

  note(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}

/** What all who act in a simulation share. */
export interface Scene {
  behaviour: Behaviour;
  ledger: Ledger;
  timeline: Timeline;
  dice: Dice;
  office: Office;
  states: State[];
  happened: Counter;
}

/** Sends what people do, and writes its gas down. */
export class Office {
  readonly gas = new GasBook();
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** In a block of its own. A revert is thrown, with its `data`. */
  async send(
    operation: Operation,
    from: { address: string },
    call: Promise<ContractTransaction>,
    limit?: number,
  ): Promise<void> {
    const { gas, bytes } = await this.#ledger.chain.charged(from, await call, limit);
    this.gas.note(this.year, operation, gas, bytes);
  }

  /** In their order, in as few blocks as the chain makes of them. */
  async sendAll(operation: Operation, sendings: readonly Sending[]): Promise<void> {
    for (const { gas, bytes } of await this.#ledger.chain.sendAll(sendings)) {
      this.gas.note(this.year, operation, gas, bytes);
    }
  }

  /** The year now running, from 1; what comes before genesis belongs to the first. */
  get year(): number {
    const { chain, genesis } = this.#ledger;
    return Math.max(1, Math.floor((chain.now - genesis) / YEAR) + 1);
  }
}
