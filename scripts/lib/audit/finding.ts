import type { Place } from "../events/events.ts";

/** Something that does not hold. */
export interface Finding {
  /** The rule that is broken, by a short name that groups findings. */
  rule: string;
  /** Where it shows; undefined if it is about the whole. */
  place?: Place;
  sentence: string;
  expected?: string;
  found?: string;
}
