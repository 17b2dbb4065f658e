import type { Place } from "../events/events.ts";

/** Something that is not as the rules would have it. */
export interface Finding {
  /** The event or view that differs, as `ledger.CallIssued`; or `journal`, `authority`. */
  rule: string;
  /** The event by which it was found; none if the state was compared. */
  place?: Place;
  /** What is wrong, in one sentence. */
  sentence: string;
  expected?: string;
  found?: string;
}

/** A value as people read it. */
export function shown(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined) return "nothing";
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
}

/** Whether two values say the same: numbers of any kind by value, structures field by field as far as expected. */
export function agrees(expected: unknown, found: unknown): boolean {
  if (typeof expected === "bigint" || typeof expected === "number") {
    return (typeof found === "bigint" || typeof found === "number") && BigInt(expected) === BigInt(found);
  }
  if (Array.isArray(expected)) {
    return (
      Array.isArray(found) && expected.length === found.length && expected.every((one, i) => agrees(one, found[i]))
    );
  }
  if (typeof expected === "object" && expected !== null) {
    if (typeof found !== "object" || found === null) return false;
    const named = found as Record<string, unknown>;
    return Object.entries(expected).every(([name, value]) => agrees(value, named[name]));
  }
  return expected === found;
}
