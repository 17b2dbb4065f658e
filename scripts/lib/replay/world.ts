import type { ReplayInput } from "./input.ts";
import type { Ledger } from "./ledger.ts";
import type { ReplayParameters } from "./parameters.ts";
import type { Roster } from "./roster.ts";
import type { Timeline } from "./timeline.ts";
import type { Treasuries } from "./treasuries.ts";

/** What all acts of a replay share. */
export interface World {
  input: ReplayInput;
  parameters: ReplayParameters;
  ledger: Ledger;
  timeline: Timeline;
  roster: Roster;
  treasuries: Treasuries;
}
