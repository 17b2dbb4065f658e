import { atLeastZero, DAY, least } from "../arithmetic/numbers.ts";
import type { Cover } from "../arithmetic/indemnity.ts";

export const ROUND = 30n * DAY;
export const WINDOW = 10n * DAY;
export const MOST_ROUNDS = 12n;

export const CaseStatus = {
  None: 0n,
  Voting: 1n,
  Approved: 2n,
  Rejected: 3n,
  Revoked: 4n,
  Fallen: 5n,
  Recognised: 6n,
  Closed: 7n,
} as const;

export const Decision = { Open: 0n, Recognised: 1n, Closed: 2n, Revoked: 3n, Dropped: 4n } as const;

/** An attack as the register has it written down. */
export interface CaseFile {
  member: string;
  coercer: string;
  decision: bigint;
  succession: bigint;
  lastSettled: bigint;
  compensationShare: bigint;
  councilNumber: bigint;
  filedAt: bigint;
  startedAt: bigint;
  cover: Cover;
  cap: bigint;
  yearlyLimit: bigint;
  proposalId: bigint;
  committed: bigint;
  awarded: bigint;
  coverYear: bigint;
  payableSoFar: bigint;
  recognisedAt: bigint;
  endedAt: bigint;
  loss: bigint;
}

/** One attack, and what is known of it besides. */
export interface Attack extends CaseFile {
  attackId: bigint;
  closedAt: bigint;
  /** What allies had bought after each purchase. */
  purchases: { at: bigint; total: bigint }[];
}

/** When a round is over. */
export const roundEnd = ({ startedAt }: Attack, round: bigint): bigint => startedAt + round * ROUND;

/** Last second at which a round is reported on. */
export const windowEnd = (attack: Attack, round: bigint): bigint => roundEnd(attack, round) + WINDOW;

/** The last round: twelve, or the one running when it was ended; of a barred member none that was not over by then. */
export function lastRound({ startedAt, endedAt }: Attack, barredAt: bigint): bigint {
  const ended = endedAt === 0n ? MOST_ROUNDS : (endedAt - startedAt) / ROUND + 1n;
  const barred = barredAt === 0n ? MOST_ROUNDS : atLeastZero(barredAt - startedAt) / ROUND;
  return least(MOST_ROUNDS, ended, barred);
}

/** What allies had bought by a time. */
export function boughtBy({ purchases }: Attack, time: bigint): bigint {
  return purchases.findLast(({ at }) => at <= time)?.total ?? 0n;
}
