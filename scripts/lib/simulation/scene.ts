import type { ContractTransaction } from "ethers";

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
  /** Whether it has given notice. */
  leaving: boolean;
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

/** Sends what people do, one transaction a block, and writes its gas down. */
export class Office {
  readonly gas = new GasBook();
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  async send(
    operation: Operation,
    from: { address: string },
    call: Promise<ContractTransaction>,
    limit?: number,
  ): Promise<void> {
    const { chain } = this.#ledger;
    const transaction = await call;
    const gas = await chain.charged(from, transaction, limit);
    this.gas.note(this.year, operation, gas, (transaction.data.length - 2) / 2);
  }

  /** The year now running, from 1; what comes before genesis belongs to the first. */
  get year(): number {
    const { chain, genesis } = this.#ledger;
    return Math.max(1, Math.floor((chain.now - genesis) / YEAR) + 1);
  }
}
