import { day, plural } from "../format.ts";
import type { Hearing } from "../progress.ts";

/** How far a replay from one second up to another is at a time, in words that `Progress` takes. */
export function lifeUpTo(time: number, from: number, until: number): Parameters<Hearing> {
  const reached = Math.min(Math.max(time, from), until);
  const over = yearOf(reached) - yearOf(from);
  const all = yearOf(until - 1) - yearOf(from) + 1;
  const date = day(Math.min(reached, until - 1));
  return ["living through the years", reached - from, until - from, `${date}, ${over} of ${plural(all, "year")} over`];
}

function yearOf(time: number): number {
  return new Date(time * 1000).getUTCFullYear();
}
