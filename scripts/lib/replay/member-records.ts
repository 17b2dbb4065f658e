import { eventsNamed } from "./events.ts";
import type { LedgerEvent } from "./events.ts";
import { PERIOD } from "./ledger.ts";
import type { Actor } from "./ledger.ts";
import { MEMBER_STATUSES } from "./record.ts";
import type { MemberRecord, MemberYear } from "./record.ts";
import type { Replay } from "./replay.ts";

/** Everyone who was ever admitted. */
export function memberRecords(run: Replay, events: readonly LedgerEvent[]): MemberRecord[] {
  const { genesis, actors } = run.ledger;
  const admissions = eventsNamed(events, "Admitted");
  const scales = eventsNamed(events, "ScaleSet");
  return actors.flatMap((actor) => {
    const admitted = admissions.find(({ code }) => code === actor.bytes3);
    if (admitted === undefined) return [];
    const weights = scales
      .filter(({ code }) => code === actor.bytes3)
      .map(({ fromPeriod, weight }) => {
        return { fromPeriod: Number(fromPeriod), from: genesis + Number(fromPeriod) * PERIOD, weight };
      });
    const { code, name, kind } = actor;
    const seat = admitted.seated ? Number(admitted.seat) : undefined;
    return [{ code, name, kind, seat, joined: admitted.time, weights, years: yearsOf(run, actor, events) }];
  });
}

/** What the chain said at the end of each year, less what it said a year before. */
function yearsOf({ yearEnds }: Replay, { code, bytes3 }: Actor, events: readonly LedgerEvent[]): MemberYear[] {
  const charges = eventsNamed(events, "Charged").filter((event) => event.code === bytes3);
  let before = { assessed: 0n, asked: 0n, paid: 0n };
  return yearEnds
    .filter((end) => end.code === code)
    .map((end) => {
      const { year, voteSuspended, goodStanding, weight, debt } = end;
      const charged = charges
        .filter(({ time }) => new Date(time * 1000).getUTCFullYear() === year)
        .reduce((sum, { amount }) => sum + amount, 0n);
      const [assessed, asked, paid] = [
        end.assessed - before.assessed,
        end.asked - before.asked,
        end.paid - before.paid,
      ];
      before = end;
      const status = MEMBER_STATUSES[Number(end.status)] ?? "None";
      const called = asked - assessed - charged;
      return { year, status, voteSuspended, goodStanding, weight, assessed, called, charged, paid, debt };
    });
}
