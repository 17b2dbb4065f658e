import { WIDTH, day, dollars, exact, inColumns, percent, plural, table } from "../format.ts";
import type { Exported } from "../export/export.ts";
import type { ReplayInput } from "./input.ts";
import type { MembershipChange, ReplayRecord } from "./record.ts";
import type { Reconciliation } from "./reconcile.ts";
import { arrearLines } from "./report-arrears.ts";
import { caseLines } from "./report-cases.ts";
import { measureLines } from "./report-solidarity.ts";
import { bold, heading, indented, wrapped } from "./text.ts";
import { yearFigures } from "./years.ts";

/** What is replayed, and the founders with where their weights come from. */
export function openingLines({ from, to, files, cases, skipped, alliances }: ReplayInput): string[] {
  const { members, year, ratedIn, scaleFrom, scaleTo, partnerTrade } = alliances[0];
  const states = members.filter(({ kind }) => kind === "State");
  const whole = members.reduce((sum, { weight }) => sum + weight, 0n);
  const lines = [
    bold(`Crisis Insurance Fund: replay of ${from} to ${to}`),
    `${plural(cases.length, "case")} of ${files.cases}, ${skipped.size === 0 ? "none" : skipped.size} left out`,
    "amounts in US dollars, rounded down to the cent; replay.json has them in full",
    ...heading(`The alliance of ${year}`),
    ...wrapped(
      `${plural(states.length, "State")}: every country rated Free for ${ratedIn} (Freedom in the World) and on the UN ` +
        `scale of ${scaleFrom} to ${scaleTo}, which is rebased to the members between floor (0.001%) and ceiling (22%).`,
    ),
  ];
  for (const { code, year: of, share, source } of partnerTrade) {
    const weight = members.find((partner) => partner.code === code)?.weight ?? 0n;
    lines.push(
      ...wrapped(
        `Partner ${code}: outside the scale; its share of world merchandise trade in ${of}, ${percent(share / 100n)}, is ` +
          `read as its share of the scale: rebased, ${percent(weight)}. Source: ${source}.`,
      ),
    );
  }
  const byWeight = [...members].sort((a, b) => (a.weight === b.weight ? 0 : a.weight > b.weight ? -1 : 1));
  const cells = byWeight.map(({ code, weight }) => `${code} ${percent(weight).padStart(8)}`);
  return [...lines, ...indented(inColumns(cells, WIDTH - 2)), `  Together ${percent(whole)}.`];
}

/** All that follows. `detail` is the case that is printed in full. */
export function recordLines(r: ReplayRecord, detail: string | undefined): string[] {
  return [
    ...membershipLines(r),
    ...voteLines(r),
    ...yearLines(r),
    ...callLines(r),
    ...arrearLines(r),
    ...measureLines(r),
    ...caseLines(r, detail),
    "",
  ];
}

/** The case asked for, or the last of the file that was recognised. */
export function detailOf({ cases, attacks }: ReplayRecord, asked: string | undefined): string | undefined {
  const recognised = new Set(attacks.filter((attack) => attack.recognised).map(({ attackId }) => attackId));
  return (
    asked ?? cases.findLast((one) => one.outcome === "filed" && one.attackIds.some((id) => recognised.has(id)))?.row.id
  );
}

function membershipLines({ memberships, votes }: ReplayRecord): string[] {
  const later = memberships.filter(({ change }) => change !== "founded");
  if (later.length === 0) return [...heading("Members since"), "  None joined, and none was suspended."];
  const groups = new Map<string, MembershipChange[]>();
  for (const one of later) {
    const key = `${one.time} ${one.change}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const lines = [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const { time, change, proposalId } = first;
    const vote = votes.find((one) => one.proposalId === proposalId);
    const debt = change === "vote suspended" ? "its debt has reached its last eight assessments" : "by its payment";
    const how = vote === undefined ? debt : `vote ${vote.proposalId}, decided on ${day(vote.decided ?? 0)}`;
    return wrapped(`${day(time)}  ${change}: ${[first, ...others].map(({ code }) => code).join(", ")} (${how})`, 12);
  });
  return [
    ...heading("Members since"),
    ...lines,
    ...wrapped(
      "Who is Free in the year before joins; who no longer is, is put to the council, which here suspends it. All vote For, an " +
        "assumption: no country's real position is stated.",
    ),
  ];
}

function voteLines({ votes }: ReplayRecord): string[] {
  if (votes.length === 0) return [];
  const lines = votes.flatMap(({ proposalId, proposed, ballots, seats, executed, description }) => {
    const done = executed === undefined ? "not carried out yet" : `carried out on ${day(executed)}`;
    return wrapped(
      `${day(proposed)}  vote ${proposalId}: ${description} (${ballots} of ${plural(seats, "seat")}, ${done})`,
      12,
    );
  });
  return [...heading("Ordinary votes"), ...lines];
}

function yearLines(r: ReplayRecord): string[] {
  const years = yearFigures(r);
  const overdue = years.some(({ debt }) => debt > 0n);
  const rows = years.map((of) => [
    ...[of.year, of.states, of.suspended].map(String),
    ...[of.paidIn, of.paidOut, of.reserve, of.committed, of.owed, ...(overdue ? [of.debt] : [])].map(dollars),
  ]);
  const head = ["year", "States", "suspended", "paid in", "paid out", "reserve at end", "committed", "owed"];
  const { allowance, permit, authorization } = r.ways;
  const [quarter] = r.quarters;
  return [
    ...heading("The years"),
    ...indented(table(overdue ? [...head, "overdue"] : head, rows)),
    ...wrapped(
      `Members are asked USD ${dollars(quarter?.budget ?? 0n)} a quarter, a period of 90 days, by their weights. ` +
        `Treasuries that pay from an allowance: ${allowance}; with a permit (ERC-2612): ${permit}; by an authorization ` +
        `(EIP-3009) that a relayer brings: ${authorization}.`,
    ),
  ];
}

function callLines({ calls }: ReplayRecord): string[] {
  const lines = calls.map(({ number, time, amount, dueAt }) => {
    return `  ${day(time)}  call ${number} for USD ${dollars(amount)}, due on ${day(dueAt)}`;
  });
  return lines.length === 0 ? [] : [...heading("Calls"), ...lines];
}

/** The last line, or what does not agree. */
export function reconciliationLines(r: Reconciliation): string[] {
  if (r.mismatches.length === 0) {
    return [
      `reconciled: ${plural(r.entries, "journal entry", "journal entries")}, head ${r.head}, balance ${exact(r.balance)} USD`,
    ];
  }
  return [
    `not reconciled, ${plural(r.mismatches.length, "mismatch", "mismatches")}:`,
    ...r.mismatches.map((text) => `  ${text}`),
  ];
}

/** Whether the chain says otherwise than what was worked out of it: by the reconciliation, the export or the audit. */
export function differs({ reconciliation, audit }: ReplayRecord, exported?: Pick<Exported, "differences">): boolean {
  const differences = [reconciliation.mismatches, exported?.differences ?? [], audit?.findings ?? []];
  return differences.some(({ length }) => length > 0);
}
