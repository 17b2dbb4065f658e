/** What people do, in words, and who pays for it. What the token's issuer does is no part of the fund. */
export const OPERATIONS = {
  allowance: { words: "allowance to the fund", payer: "treasuries" },
  contribution: { words: "contribution", payer: "treasuries" },
  humanRights: { words: "human-rights report", payer: "treasuries" },
  notice: { words: "notice of leaving", payer: "treasuries" },
  application: { words: "application", payer: "treasuries" },
  filing: { words: "attack filed, vote opened", payer: "delegates" },
  end: { words: "attack ended", payer: "delegates" },
  close: { words: "attack closed", payer: "delegates" },
  proposal: { words: "proposal", payer: "delegates" },
  report: { words: "loss report", payer: "assessors" },
  recognition: { words: "all ballots, signed, on an attack", payer: "anyone" },
  ballots: { words: "all ballots, signed, on a proposal", payer: "anyone" },
  queue: { words: "proposal queued", payer: "anyone" },
  execution: { words: "proposal executed", payer: "anyone" },
  settlement: { words: "round settled without all reports", payer: "anyone" },
  closing: { words: "attack closed for its member", payer: "anyone" },
  call: { words: "supplementary call", payer: "anyone" },
  collection: { words: "payment collected", payer: "anyone" },
  earmark: { words: "unused earmark returned", payer: "anyone" },
  rest: { words: "vote rested for a debt", payer: "anyone" },
  leaving: { words: "member let go", payer: "anyone" },
} as const;

export type Operation = keyof typeof OPERATIONS;
export type Payer = (typeof OPERATIONS)[Operation]["payer"];

/** What some transactions came to. */
export interface Tally {
  count: number;
  gas: number;
  /** The most gas of one of them. */
  most: number;
  /** Of call data. */
  bytes: number;
}

/** The gas of every year, by operation. */
export class GasBook {
  readonly years = new Map<number, Map<Operation, Tally>>();
  /** The transaction that took the most gas of all. */
  dearest: { operation: Operation; gas: number } | undefined;

  note(year: number, operation: Operation, gas: number, bytes: number): void {
    const ofYear = this.years.get(year) ?? new Map<Operation, Tally>();
    this.years.set(year, ofYear);
    const before = ofYear.get(operation);
    ofYear.set(operation, added(before, { count: 1, gas, most: gas, bytes }));
    if (gas > (this.dearest?.gas ?? 0)) this.dearest = { operation, gas };
  }

  /** Of all years together. */
  get all(): Map<Operation, Tally> {
    const sums = new Map<Operation, Tally>();
    for (const year of this.years.values()) {
      for (const [operation, tally] of year) sums.set(operation, added(sums.get(operation), tally));
    }
    return sums;
  }
}

export function added(a: Tally | undefined, b: Tally): Tally {
  if (a === undefined) return b;
  return { count: a.count + b.count, gas: a.gas + b.gas, most: Math.max(a.most, b.most), bytes: a.bytes + b.bytes };
}
