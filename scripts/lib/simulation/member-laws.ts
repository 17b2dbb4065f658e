import { codeOf } from "../replay/chain.ts";
import type { Laws, Views } from "./invariants.ts";

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
  async check(views: Views, codes: readonly string[], laws: Laws): Promise<void> {
    const period = await views.contracts.ledger.currentPeriod(views.at);
    await Promise.all(codes.map((code) => this.#checkMember(views, code, period, laws)));
  }

  async #checkMember({ contracts, at }: Views, code: string, period: bigint, laws: Laws): Promise<void> {
    const { ledger } = contracts;
    const before = this.#before.get(code);
    const [{ paid }, debt, through, again] = await Promise.all([
      ledger.account(code, at),
      ledger.debtOf(code, at),
      ledger.through(code, period, at),
      before && ledger.through(code, before.period, at),
    ]);
    this.#before.set(code, { paid, debt, period, through });
    if (before === undefined) return;
    const name = codeOf(code);
    const was = `up to period ${before.period} ${name} was assessed ${before.through}`;
    laws.law(8, again === before.through, `${was}, and a year later ${again}`);
    const [fell, given] = [before.debt - debt, paid - before.paid];
    laws.law(8, fell <= 0n || given >= fell, `the debt of ${name} fell by ${fell}, but it paid ${given}`);
  }
}
