import type { Loss } from "./data.ts";

/**
 * The net loss from `start` to `time`, in base units. Each row accrues evenly from the first second of its first day to the
 * last of its last; between rows nothing does. Rounds down.
 */
export function lossBetween(rows: readonly Loss[], start: number, time: number): bigint {
  return rows.reduce((sum, { from, until, net }) => {
    const elapsed = Math.min(time, until) - Math.max(start, from);
    return elapsed <= 0 ? sum : sum + (net * BigInt(elapsed)) / BigInt(until - from);
  }, 0n);
}
