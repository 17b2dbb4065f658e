import { count } from "../format.ts";
import { AT_A_TIME, CAMPAIGNS, PORTIONS } from "./options.ts";

const minutes = (ms: number) => `${(ms / 60_000).toFixed(1)} minutes`;

/**
 * How far a run is. Portions need not end in the order of their numbers, so it tells apart with which to go on.
 * @param first The portions that it left out
 * @param held The numbers, from 1, of those that hold
 * @param spent In milliseconds
 */
export function reached(first: number, held: ReadonlySet<number>, spent: number): string {
  let next = first + 1;
  while (held.has(next)) ++next;
  const done = first + held.size;
  const told = `${count(done * AT_A_TIME)} of ${count(CAMPAIGNS)}`;
  const before = first === 0 ? "" : `, the first ${count(first * AT_A_TIME)} before this run`;
  const left = (spent / held.size) * (PORTIONS - done);
  const rest =
    done === PORTIONS ? "" : `, about ${minutes(left)} to go; --after ${(next - 1) * AT_A_TIME} goes on here`;
  return `${told}${before}: all hold after ${minutes(spent)}${rest}`;
}
