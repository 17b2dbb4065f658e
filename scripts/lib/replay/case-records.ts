import { lossBetween } from "./accrual.ts";
import { eventsNamed } from "./events.ts";
import type { LedgerEvent } from "./events.ts";
import type { Case, Loss } from "./data.ts";
import type { AttackRecord, CaseRecord } from "./record.ts";
import type { Replay } from "./replay.ts";
import { goodsOf } from "./solidarity-records.ts";

const DAY = 86_400;

/** What became of every row of the cases' file. */
export function caseRecords(
  run: Replay,
  events: readonly LedgerEvent[],
  attacks: readonly AttackRecord[],
): CaseRecord[] {
  const { input, refusals, evidence } = run;
  const threats = eventsNamed(events, "ThreatNotified");
  return input.cases.map((row) => {
    const own = attacks.filter(({ cases }) => cases.includes(row.id));
    const losses = input.losses.filter((loss) => loss.case === row.id);
    const opened = own.some(({ cases }) => cases[0] === row.id);
    const reason = input.skipped.get(row.id);
    return {
      row,
      losses,
      outcome: reason !== undefined ? "skipped" : opened ? "filed" : own.length > 0 ? "joined" : "refused",
      attackIds: own.map(({ attackId }) => attackId),
      threat: threats.find((threat) => evidence.get(threat.evidence) === row.id)?.time,
      refusals: refusals
        .filter((refusal) => refusal.case === row.id)
        .map(({ time, error, sentence }) => ({ time, error, sentence })),
      reason,
      notClaimed: notClaimedOf(losses, own),
      goods: goodsOf(run, row, losses, attacks),
      comparisons: comparisonsOf(row, input.comparisons),
    };
  });
}

/** The net loss of the rows, less what accrued within the settled rounds of their attacks. */
function notClaimedOf(losses: readonly Loss[], attacks: readonly AttackRecord[]): bigint {
  const whole = losses.reduce((sum, { net }) => sum + net, 0n);
  return attacks.reduce((left, { startedAt, rounds }) => {
    return left - lossBetween(losses, startedAt, rounds.at(-1)?.endsAt ?? startedAt);
  }, whole);
}

function comparisonsOf(row: Case, comparisons: Replay["input"]["comparisons"]): CaseRecord["comparisons"] {
  return comparisons
    .filter((comparison) => comparison.case === row.id)
    .map(({ date, amount, what, source }) => {
      return { date, amount, what, source, days: Math.round((date - row.effective) / DAY) };
    });
}
