/** Every ratio is in parts per million of this whole. */
export const PPM = 1_000_000n;
export const DAY = 86_400n;
/** A contribution period. */
export const PERIOD = 90n * DAY;
/** A year of cover, and the year in which trade is measured. */
export const YEAR = 365n * DAY;
/** Stands for a time that never comes: the last that 48 bits hold. */
export const NEVER = 2n ** 48n - 1n;

export const least = (first: bigint, ...others: bigint[]): bigint => others.reduce((a, b) => (b < a ? b : a), first);
export const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
export const atLeastZero = (a: bigint): bigint => (a > 0n ? a : 0n);
export const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
export const sum = (values: Iterable<bigint>): bigint => {
  let total = 0n;
  for (const value of values) total += value;
  return total;
};

/** How many seats a set of bits holds. */
export function countSeats(seats: bigint): bigint {
  let count = 0n;
  for (let left = seats; left > 0n; left &= left - 1n) ++count;
  return count;
}

export const hasSeat = (seats: bigint, seat: bigint): boolean => ((seats >> seat) & 1n) === 1n;
