import { dollars, plural } from "../format.ts";
import type { ReplayRecord, Vote } from "../replay/record.ts";
import { figure } from "./figure.ts";
import type { Draw, Figure } from "./figure.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { columns, inMillions } from "./option.ts";
import { amounts, dates, figures, table, words } from "./table.ts";
import { date, listed, moment, named, sum, usd } from "./words.ts";

/** As many as can be told apart by their shade; the others stand together. */
const APART = 6;

/** Debts, votes that rest for them, and what the council decided. */
export function arrearsSection(r: ReplayRecord, draw: Draw | undefined): Html {
  return html`${stopsText(r)} ${debtors(r).length === 0 ? noDebt : figure(debtFigure(r), draw)} ${arrearTable(r)}
    ${restingVotes(r)}
    <h3 id="proposals">What the council voted on</h3>
    ${voteTable(r)}`;
}

const noDebt = html`<p>At no year's end was a contribution overdue.</p>`;

function stopsText(r: ReplayRecord): Html {
  if (r.stops.length === 0) return html`<p>No member was made to stop paying in this replay.</p>`;
  const stops = r.stops.map(({ code, from, to }) => `${named(r, code)} from ${from} to ${to}`);
  return html`<p>This replay assumes that some stop paying: ${listed(stops)}.</p>`;
}

/** Who was in debt at any year's end, the largest debt first. */
function debtors({ members }: ReplayRecord) {
  return members
    .map((member) => ({ member, peak: member.years.reduce((most, { debt }) => (debt > most ? debt : most), 0n) }))
    .filter(({ peak }) => peak > 0n)
    .sort((a, b) => (a.peak === b.peak ? 0 : a.peak > b.peak ? -1 : 1))
    .map(({ member }) => member);
}

export function debtFigure(r: ReplayRecord): Figure {
  const years = Array.from({ length: r.to - r.from + 1 }, (_, i) => r.from + i);
  const all = debtors(r);
  const debts = (members: typeof all) =>
    years.map((year) => sum(members.map((one) => one.years.find((own) => own.year === year)?.debt ?? 0n)));
  const series = all.slice(0, APART).map((member) => ({ name: named(r, member.code), owed: debts([member]) }));
  if (all.length > APART) {
    series.push({ name: plural(all.length - APART, "other"), owed: debts(all.slice(APART)) });
  }
  const drawn = series.map(({ name, owed }) => ({ name, values: owed.map(inMillions) }));
  return {
    name: "debts-by-year",
    title: "Overdue contributions",
    about: "What was due and unpaid at the end of each year, by member, in millions of US dollars.",
    ...columns("year", "overdue at end, million USD", years.map(String), drawn),
    table: {
      caption: "Overdue at the end of each year",
      columns: [words("year"), ...series.map(({ name }) => amounts(name)), amounts("all")],
      rows: years.map((year, i) => {
        const owed = series.map((one) => one.owed[i] ?? 0n);
        return [year, ...[...owed, sum(owed)].map(dollars)];
      }),
      dense: true,
    },
  };
}

function arrearTable(r: ReplayRecord): Html | undefined {
  if (r.arrears.length === 0) return undefined;
  const when = (time: number | undefined) => (time === undefined ? "never" : date(time));
  return table({
    caption: "Who did not pay what was due, what followed, and when all was paid",
    columns: [
      ...[words("member"), dates("due since"), amounts("overdue at most"), dates("no filing from")],
      ...[dates("vote rests from"), dates("paid up"), amounts("paid then")],
    ],
    rows: r.arrears.map(({ code, dueAt, most, claimsRestedAt, voteRestedAt, paid }) => [
      ...[named(r, code), date(dueAt), dollars(most), when(claimsRestedAt), when(voteRestedAt)],
      ...[paid === undefined ? "not yet" : date(paid.time), dollars(paid?.amount ?? 0n)],
    ]),
    dense: true,
  });
}

function restingVotes(r: ReplayRecord): Html {
  const rows = r.memberships
    .filter(({ change }) => change === "vote suspended" || change === "vote restored")
    .map(({ time, code, change }) => [
      ...[moment(time), named(r, code), change],
      change === "vote suspended" ? "its debt has reached its last eight assessments" : "by its payment",
    ]);
  if (rows.length === 0) return html`<p>No vote was suspended for a debt.</p>`;
  return table({
    caption: "Votes suspended for a debt",
    columns: [dates("time (UTC)"), words("member"), words("what happened"), words("why")],
    rows,
  });
}

function voteTable(r: ReplayRecord): Html {
  const urgent = r.attacks.map(({ attackId, filed, vote, recognised }) => ({
    ...{ proposalId: vote.proposalId, what: `Recognise attack ${attackId}`, proposed: filed },
    ...{ ballots: vote.ballots.length, seats: vote.seats, majority: vote.majority },
    outcome: recognised === undefined ? "not recognised" : `recognised on ${date(recognised.time)}`,
  }));
  const ordinary = r.votes.map((vote) => ({ ...vote, what: vote.description, outcome: outcomeOf(vote) }));
  const all = [...urgent, ...ordinary].sort((a, b) => a.proposed - b.proposed || Number(a.proposalId - b.proposalId));
  if (all.length === 0) return html`<p>Nothing was put to a vote.</p>`;
  return table({
    caption: "Every vote of the council; all ballots cast are For, until the majority",
    columns: [
      ...[figures("vote"), dates("proposed"), words("what")],
      ...[figures("For"), figures("needed"), figures("seats"), words("outcome")],
    ],
    rows: all.map(({ proposalId, proposed, what, ballots, majority, seats, outcome }) => [
      ...[proposalId, date(proposed), what, ballots, majority, seats, outcome],
    ]),
  });
}

function outcomeOf({ passed, decided, executed }: Vote): string {
  if (executed !== undefined) return `carried out on ${date(executed)}`;
  if (decided === undefined) return "not decided yet";
  return `${passed === true ? "passed" : "rejected"} on ${date(decided)}`;
}

/** For the summary. */
export function debtLine({ members }: ReplayRecord): string {
  return usd(sum(members.map(({ years }) => years.at(-1)?.debt ?? 0n)));
}
