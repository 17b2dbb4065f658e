import { MOST_GAS } from "../replay/chain.ts";
import type { Heard } from "./auditor.ts";
import type { Drills } from "./drills.ts";
import { Laws } from "./invariants.ts";
import type { Office, Scene } from "./scene.ts";

/** All that is checked at a year's end. */
export interface Audit extends Heard {
  year: number;
}

/** As `Auditor.audit` does. */
export type Ask = (block: number, all: boolean) => Promise<Heard>;

/** The audits of one year after the other: the chain is asked about a year's end while the next year is lived. */
export class Audits {
  readonly #scene: Scene;
  readonly #drills: Drills;
  readonly #ask: Ask;
  readonly #report: (audit: Audit) => Promise<void> | void;
  readonly #ended: Audit[] = [];
  #last: Promise<void> = Promise.resolve();
  /** Proposals made up to the year's end before. */
  #proposals = 0n;

  constructor(scene: Scene, drills: Drills, ask: Ask, report: (audit: Audit) => Promise<void> | void) {
    this.#scene = scene;
    this.#drills = drills;
    this.#ask = ask;
    this.#report = report;
  }

  /**
   * Waits for the audit of the year before; unless it found an invariant broken, drills, for which life stands still, and
   * begins the next. Tells whether it did.
   */
  async next(year: number, all: boolean): Promise<boolean> {
    const before = await this.finish();
    if (before.some(({ broken }) => broken.length > 0)) return false;
    const { ledger, office } = this.#scene;
    const laws = new Laws();
    const block = await ledger.connection.ethers.provider.getBlockNumber();
    lawOfGas(office, year, laws);
    await this.#drills.run(year, await this.#newProposals(), laws);
    this.#last = this.#end(year, laws, this.#ask(block, all));
    // What it throws is thrown to who waits for it.
    this.#last.catch(() => undefined);
    return true;
  }

  /** All audits, once the last has ended. */
  async finish(): Promise<readonly Audit[]> {
    await this.#last;
    return this.#ended;
  }

  async #end(year: number, laws: Laws, heard: Promise<Heard>): Promise<void> {
    const { events, money, ...found } = await heard;
    laws.add(found);
    const audit = { year, events, checked: laws.checked, broken: laws.broken, money };
    this.#ended.push(audit);
    await this.#report(audit);
  }

  /** Those made since it was last asked; the vote on an older one has ended long ago. */
  async #newProposals(): Promise<bigint[]> {
    const from = this.#proposals + 1n;
    this.#proposals = await this.#scene.ledger.council.latestProposalId();
    return Array.from({ length: Number(this.#proposals - from) + 1 }, (_, i) => from + BigInt(i));
  }
}

/** Invariant 13 of what people sent in a year. */
export function lawOfGas({ gas }: Office, year: number, laws: Laws): void {
  for (const [operation, { most }] of gas.years.get(year) ?? []) {
    laws.law(13, most <= MOST_GAS, `${operation} took ${most} gas, above the ${MOST_GAS} of a transaction`);
  }
}
