/**
 * What an attack pays, worked out a second time from the rules alone, with exact fractions where the rules have them: the
 * contracts are tested against this, never against themselves.
 */

const PPM = 1_000_000n;
const DAY = 86_400n;
const YEAR = 365n * DAY;
const ROUND = 30n * DAY;

export interface ReferenceCover {
  /** E: registered yearly trade with the coercer. */
  baseline: bigint;
  /** In ppm, like the two below. */
  ceding: bigint;
  attachment: bigint;
  exhaustion: bigint;
}

const least = (first: bigint, ...others: bigint[]): bigint => others.reduce((a, b) => (b < a ? b : a), first);
const floored = (amount: bigint): bigint => (amount > 0n ? amount : 0n);

/** ceding × (min(L, X) − A) if L > A, else 0; rounded down once. */
export function payable(cover: ReferenceCover, loss: bigint): bigint {
  const attachment = cover.attachment * cover.baseline;
  const exhaustion = cover.exhaustion * cover.baseline;
  if (loss * PPM <= attachment) return 0n;
  return (cover.ceding * floored(least(loss * PPM, exhaustion) - attachment)) / (PPM * PPM);
}

/** payable(X), which no loss exceeds. */
export function mostPayable(cover: ReferenceCover): bigint {
  return (cover.ceding * (cover.exhaustion - cover.attachment) * cover.baseline) / (PPM * PPM);
}

/** L = max(0, min(reported, E × elapsed / 365 days) − bought), in whole units. */
export function netLoss(cover: ReferenceCover, reported: bigint, bought: bigint, elapsed: bigint): bigint {
  return floored(least(reported, (cover.baseline * elapsed) / YEAR) - bought);
}

/** A quarter of reserve and room for calls. */
export function capOf(reserve: bigint, room: bigint): bigint {
  return (reserve + room) / 4n;
}

/** One recognised attack: what is committed, awarded, and charged in the end. */
export class ReferenceCase {
  readonly cover: ReferenceCover;
  readonly committed: bigint;
  readonly advance: bigint;
  awarded: bigint;
  payable = 0n;
  lastSettled = 0;

  constructor(cover: ReferenceCover, cap: bigint, limitLeft: bigint, succession = 0) {
    this.cover = cover;
    this.committed = least(cap, mostPayable(cover), floored(limitLeft));
    this.advance = succession === 0 ? this.committed / 10n : 0n;
    this.awarded = this.advance;
  }

  /** Settles a round, and gives what it awards. */
  settle(round: number, reported: bigint, bought = 0n): bigint {
    const loss = netLoss(this.cover, reported, bought, BigInt(round) * ROUND);
    this.payable = least(payable(this.cover, loss), this.committed);
    this.lastSettled = round;
    const award = floored(this.payable - this.awarded);
    this.awarded += award;
    return award;
  }

  /** What closing takes back. */
  get charge(): bigint {
    return floored(this.awarded - this.payable);
  }

  /** What closing releases, of the commitment and of the year's limit. */
  get unused(): bigint {
    return this.committed - this.awarded;
  }
}
