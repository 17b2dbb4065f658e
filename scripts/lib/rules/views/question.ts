import type { Speakers } from "../../events/events.ts";
import type { Rulebook } from "../rulebook.ts";

/** A view of the chain, and what the rules expect it to answer. */
export interface Question {
  /** As `ledger.debtOf`. */
  view: string;
  /** What it is asked about; empty if nothing in particular. */
  of: string;
  ask: () => Promise<unknown>;
  /** A structure is compared field by field, as far as it is expected. */
  expected: unknown;
  /** More than expected is right too. */
  atLeast?: boolean;
}

/** What is asked, about which state, at which block and second. */
export interface Scope {
  rulebook: Rulebook;
  contracts: Speakers;
  at: { blockTag: number };
  now: bigint;
}

/** Gathers questions in the order in which they are written. */
export class Questions {
  readonly all: Question[] = [];

  ask(view: string, of: unknown, ask: () => Promise<unknown>, expected: unknown): void {
    this.all.push({ view, of: String(of), ask, expected });
  }

  atLeast(view: string, ask: () => Promise<unknown>, expected: bigint): void {
    this.all.push({ view, of: "", ask, expected, atLeast: true });
  }
}
