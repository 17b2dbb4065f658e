import type { Finding } from "../rules/finding.ts";

/** An invariant of the design that does not hold. */
export interface Broken {
  /** Its number there. */
  invariant: number;
  sentence: string;
}

/** Those that are checked at every year's end. The others are about what no alliance lives through: see test/. */
export const CHECKED = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13] as const;

/** Which invariant it is when an event says another thing than the rules give, by the beginning of the rule's name. */
const BY_RULE: [start: RegExp, invariant: number][] = [
  [/^token\./, 1],
  [/^register\.(RoundSettled|Recognised)/, 4],
  [/^fund\.(AwardMade|ObligationsPaid|PaymentDeferred)/, 5],
  [/^council\.(ProposalExecuted|VoteCalled)/, 7],
  [/^(council|timelock)\.[A-Z]/, 6],
  [/^ledger\.[A-Z]/, 8],
];

/** What the rulebook has found, as the invariant that it breaks; what is none of the others is that events tell all. */
export function brokenBy({ rule, sentence, expected, found }: Finding): Broken {
  const invariant = BY_RULE.find(([start]) => start.test(rule))?.[1] ?? 11;
  const values = expected === undefined ? "" : `; expected ${expected}, found ${found ?? "nothing"}`;
  return { invariant, sentence: `${rule}: ${sentence}${values}` };
}

/** Collects what does not hold. */
export class Laws {
  readonly broken: Broken[] = [];
  checked = 0;

  law(invariant: number, holds: boolean, sentence: string): void {
    this.checked += 1;
    if (!holds) this.broken.push({ invariant, sentence });
  }
}
