import { PPM, YEAR, atLeastZero, ceilDiv, least } from "./numbers.ts";

/** What an attack is covered by, in units and ppm. */
export interface Cover {
  baseline: bigint;
  ceding: bigint;
  attachment: bigint;
  exhaustion: bigint;
}

/** A: the first whole loss that is not covered yet. */
export const attachmentPoint = ({ attachment, baseline }: Cover): bigint => ceilDiv(attachment * baseline, PPM);

/** X: the loss beyond which nothing more is paid. */
export const exhaustionPoint = ({ exhaustion, baseline }: Cover): bigint => (exhaustion * baseline) / PPM;

/** ceding × (min(L, X) − A) if L > A, else 0; rounded down. */
export function payableFor(cover: Cover, loss: bigint): bigint {
  return (cover.ceding * atLeastZero(least(loss, exhaustionPoint(cover)) - attachmentPoint(cover))) / PPM;
}

/** payable(X), which no loss exceeds. */
export const mostPayable = (cover: Cover): bigint => payableFor(cover, exhaustionPoint(cover));

/** L = max(0, min(reported, E × elapsed / 365 days) − bought); the share of the exposure rounds down. */
export function netLoss(cover: Cover, reported: bigint, bought: bigint, elapsed: bigint): bigint {
  return atLeastZero(least(reported, (cover.baseline * elapsed) / YEAR) - bought);
}

/** A quarter of the fund's capital, which is its reserve and the room for calls. */
export const capOf = (reserve: bigint, room: bigint): bigint => (reserve + room) / 4n;
