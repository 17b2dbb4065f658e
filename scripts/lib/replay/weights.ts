export const PPM = 1_000_000n;
/** 0.001% and 22%, the floor and the ceiling of the UN scale, which the ledger keeps. */
export const FLOOR = 10n;
export const CEILING = 220_000n;

/**
 * Rebases shares to weights in ppm that add up to the whole, each between floor and ceiling: what a member at the ceiling
 * does not bear, and what members at the floor bear too much, is divided among the others in proportion to their shares.
 * Shares may be in any unit. Fractions of a ppm go to the largest remainders, then by code. With too few members for the
 * ceiling all stand at it, and the sum stays below the whole.
 */
export function rebase(
  shares: ReadonlyMap<string, bigint>,
  floor: bigint = FLOOR,
  ceiling: bigint = CEILING,
): Map<string, bigint> {
  const fixed = new Map<string, bigint>();
  for (;;) {
    const { free, room, sum } = openShares(shares, fixed);
    if (free.length === 0) return inOrder(shares, fixed);
    // A share's weight is share × room / sum; multiplied by sum, everything stays whole.
    const low = sum === 0n ? free : free.filter(([, share]) => share * room < floor * sum);
    const high = sum === 0n ? [] : free.filter(([, share]) => share * room > ceiling * sum);
    if (low.length + high.length === 0) {
      return inOrder(shares, new Map([...fixed, ...roundedDown(free, room, sum)]));
    }
    const lacking = low.reduce((total, [, share]) => total + floor * sum - share * room, 0n);
    const excess = high.reduce((total, [, share]) => total + share * room - ceiling * sum, 0n);
    // The larger violation is final; the other may vanish once that is shared out.
    if (lacking >= excess) for (const [code] of low) fixed.set(code, floor);
    if (excess >= lacking) for (const [code] of high) fixed.set(code, ceiling);
  }
}

function openShares(shares: ReadonlyMap<string, bigint>, fixed: ReadonlyMap<string, bigint>) {
  const free = [...shares].filter(([code]) => !fixed.has(code));
  const room = [...fixed.values()].reduce((left, weight) => left - weight, PPM);
  return { free, room, sum: free.reduce((total, [, share]) => total + share, 0n) };
}

function roundedDown(free: [string, bigint][], room: bigint, sum: bigint): Map<string, bigint> {
  const weights = new Map(free.map(([code, share]) => [code, (share * room) / sum]));
  let left = [...weights.values()].reduce((rest, weight) => rest - weight, room);
  const remainder = new Map(free.map(([code, share]) => [code, (share * room) % sum]));
  const byRemainder = [...remainder].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1));
  for (const [code] of byRemainder) {
    if (left === 0n) break;
    weights.set(code, (weights.get(code) ?? 0n) + 1n);
    left -= 1n;
  }
  return weights;
}

function inOrder(shares: ReadonlyMap<string, bigint>, weights: ReadonlyMap<string, bigint>): Map<string, bigint> {
  return new Map([...shares.keys()].map((code) => [code, weights.get(code) ?? 0n]));
}
