export type Dice = ReturnType<typeof seeded>;

/** Numbers that look random, the same at every run (mulberry32): a failure seen once is seen again. */
export function seeded(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    upTo: (most: bigint) => (most * BigInt(below(1_000_001))) / 1_000_000n,
    pick: <T>(list: readonly T[]): T => list[below(list.length)] as T,
    /** Whether something happens that does in `ppm` of a million cases. */
    chance: (ppm: number) => below(1_000_000) < ppm,
    /** A whole number from `least` to `most`. */
    between: (least: number, most: number) => least + below(most - least + 1),
  };
}
