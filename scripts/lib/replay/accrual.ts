import type { Loss } from "./data.ts";

/**
 * The cumulative net loss at `time`, in base units. Each row accrues evenly from the first second of its first day to the
 * last of its last; between rows nothing does. Rounds down.
 */
export function lossUntil(rows: readonly Loss[], time: number): bigint {
  return rows.reduce((sum, { from, until, net }) => {
    const elapsed = Math.min(Math.max(time - from, 0), until - from);
    return sum + (net * BigInt(elapsed)) / BigInt(until - from);
  }, 0n);
}
