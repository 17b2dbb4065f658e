import { day, dollars, dollarsOrDust, table } from "../format.ts";
import type { ArrearRecord, ReplayRecord } from "./record.ts";
import { heading, indented, wrapped } from "./text.ts";

/** Who did not pay: what followed, as it happened, and what it came to. */
export function arrearLines({ arrears, members, to }: ReplayRecord): string[] {
  if (arrears.length === 0) return [];
  const acts = arrears.flatMap(actsOf).sort((a, b) => a.time - b.time);
  const rows = arrears.map(({ code, dueAt, most, claimsRestedAt, voteRestedAt, paid }) => [
    ...[code, day(dueAt), dollarsOrDust(most)],
    ...[claimsRestedAt, voteRestedAt].map((time) => (time === undefined ? "never" : day(time))),
    paid === undefined ? "not yet" : day(paid.time),
  ]);
  const head = ["member", "due since", "overdue at most", "claims rest from", "vote rests from", "paid up"];
  const debts = members.flatMap(({ code, years }) => {
    const last = years.at(-1);
    return last === undefined || last.debt === 0n ? [] : [`${code} USD ${dollarsOrDust(last.debt)}`];
  });
  return [
    ...heading("Arrears"),
    ...acts.flatMap(({ time, what }) => wrapped(`${day(time)}  ${what}`, 12)),
    ...indented(table(head, rows)),
    ...wrapped(`Overdue at the end of ${to}: ${debts.length === 0 ? "nothing" : debts.join(", ")}.`),
  ];
}

function actsOf({ code, dueAt, most, claimsRestedAt, voteRestedAt, paid }: ArrearRecord) {
  const acts = [{ time: dueAt, what: `${code} does not pay what is due on this day` }];
  const act = (time: number | undefined, what: string) => {
    if (time !== undefined) acts.push({ time, what });
  };
  act(claimsRestedAt, `${code} can file no attack: a debt is more than 90 days overdue`);
  act(voteRestedAt, `the vote of ${code} rests: its debt has reached its last eight assessments`);
  if (paid !== undefined) {
    const back = [
      ...(voteRestedAt === undefined ? [] : ["votes again"]),
      ...(claimsRestedAt === undefined ? [] : ["can file attacks that begin from now on"]),
    ];
    const then = back.length === 0 ? "" : `; it ${back.join(" and ")}`;
    act(
      paid.time,
      `${code} pays USD ${dollars(paid.amount)}, all that it was asked; up to USD ${dollarsOrDust(most)} was overdue${then}`,
    );
  }
  return acts;
}
