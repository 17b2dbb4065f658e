import type { AttackRecord } from "./record.ts";

/** In ppm. */
const WHOLE = 1_000_000;

/** Why a recognised attack brought its member's treasury nothing. */
export function whyUndisbursed({ recognised, rounds, earmark }: AttackRecord): string {
  const awarded = rounds.reduce((sum, { award }) => sum + award, recognised?.advance ?? 0n);
  if (awarded === 0n) return "nothing was payable";
  if (earmark?.share === WHOLE) return "all that was awarded is for industries and workers";
  return "all that was awarded is still owed";
}
