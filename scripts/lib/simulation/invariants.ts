import type { Speakers } from "../events/events.ts";
import type { Finding } from "../rules/finding.ts";

/** An invariant of the design that does not hold. */
export interface Broken {
  /** Its number there. */
  invariant: number;
  sentence: string;
}

/** The contracts, and the block as of which their views are asked. */
export interface Views {
  contracts: Speakers;
  at: { blockTag: number };
}

/** What is checked of each invariant at every year's end, of what happened in the year or in a drill that is taken back. */
export const INVARIANTS: Readonly<Record<number, string>> = {
  1: "the token's balance covers what the fund accounts for",
  2: "the journal's sums give what the fund accounts for",
  3: "awards are paid, kept for payment or owed; each attack of the year is within commitment, cap and yearly limit",
  4: "every loss settled pays by the formula: 0 up to A, constant from X, monotone, within ceding × (X − A) and the commitment",
  5: "every award, and all money that reached obligations, is split as the rules split it",
  6: "each seat of the year's votes has voted at most once, and nothing passed without more than half",
  7: "each attack has a vote of its own, and nothing else was recognised",
  8: "what was assessed for periods begun stands, and no debt fell without a payment",
  9: "drill: an award to a blocked treasury waits, and all others hold what they hold without the block",
  10: "drill: with the breaker on all but transfers works; it ends after 28 days and cannot be pulled again",
  11: "all views that the year's events touched, and at the end all, answer what the events alone give",
  12: "drill: a stranger pays what is asked and collects all that is owed; every open vote ends",
  13: "no operation of the year took more gas than a transaction may have",
};

/** Which invariant it is when an event says another thing than the rules give, by the beginning of the rule's name. */
const BY_RULE: [start: RegExp, invariant: number][] = [
  [/^token\./, 1],
  [/^register\.(RoundSettled|Recognised)/, 4],
  [/^fund\.(AwardMade|ObligationsPaid)/, 5],
  [/^council\.(ProposalExecuted|VoteCalled)/, 7],
  [/^(council|timelock)\.[A-Z]/, 6],
  [/^ledger\.[A-Z]/, 8],
];

/** The invariant that an event or view, as `fund.AwardMade`, speaks of; what speaks of no other is that events tell all. */
export function invariantOf(rule: string): number {
  return BY_RULE.find(([start]) => start.test(rule))?.[1] ?? 11;
}

/** What the rulebook has found, as the invariant that it breaks. */
export function brokenBy({ rule, sentence, expected, found }: Finding): Broken {
  const values = expected === undefined ? "" : `; expected ${expected}, found ${found ?? "nothing"}`;
  return { invariant: invariantOf(rule), sentence: `${rule}: ${sentence}${values}` };
}

/** Collects what does not hold, and counts what was checked. */
export class Laws {
  readonly broken: Broken[] = [];
  /** By invariant; one that nothing was about is there with 0. */
  readonly checked: Record<number, number> = Object.fromEntries(Object.keys(INVARIANTS).map((one) => [one, 0]));

  law(invariant: number, holds: boolean, sentence: string): void {
    this.held(invariant);
    if (!holds) this.broken.push({ invariant, sentence });
  }

  /** So much was checked elsewhere, where it tells itself what is broken. */
  held(invariant: number, times = 1): void {
    this.checked[invariant] = (this.checked[invariant] ?? 0) + times;
  }

  /** What was found elsewhere. */
  add({ broken, checked }: Pick<Laws, "broken" | "checked">): void {
    this.broken.push(...broken);
    for (const [invariant, times] of Object.entries(checked)) this.held(Number(invariant), times);
  }
}
