import type { Speakers } from "../events/events.ts";
import { codeOf } from "../replay/chain.ts";
import type { Laws } from "./invariants.ts";

interface Standing {
  paid: bigint;
  /** Due and unpaid. */
  debt: bigint;
  period: bigint;
  /** Assessed for all periods up to `period`. */
  through: bigint;
}

/** Remembers how each member stood at the year's end before, and compares. */
export class MemberLaws {
  readonly #before = new Map<string, Standing>();

  /** Invariant 8: what was assessed for periods that had begun is what it was, and a debt falls only by what is paid. */
  async check(c: Speakers, codes: readonly string[], laws: Laws): Promise<void> {
    const period = await c.ledger.currentPeriod();
    for (const code of codes) {
      const name = codeOf(code);
      const [{ paid }, debt, through] = await Promise.all([
        c.ledger.account(code),
        c.ledger.debtOf(code),
        c.ledger.through(code, period),
      ]);
      const before = this.#before.get(code);
      if (before !== undefined) {
        const again = await c.ledger.through(code, before.period);
        const was = `up to period ${before.period} ${name} was assessed ${before.through}`;
        laws.law(8, again === before.through, `${was}, and a year later ${again}`);
        const [fell, given] = [before.debt - debt, paid - before.paid];
        laws.law(8, fell <= 0n || given >= fell, `the debt of ${name} fell by ${fell}, but it paid ${given}`);
      }
      this.#before.set(code, { paid, debt, period, through });
    }
  }
}
