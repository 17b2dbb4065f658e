import { count, dollars, percent } from "../format.ts";
import type { MemberRecord, ReplayRecord } from "../replay/record.ts";
import { figure } from "./figure.ts";
import type { Draw, Figure } from "./figure.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { bars, columns, inMillions } from "./option.ts";
import { amounts, dates, figures, table, words } from "./table.ts";
import { date, named, sum, usd } from "./words.ts";

/** As many as can be told apart by their shade; the others stand together. */
const APART = 6;
/** As many bars as fit on a page. */
const MOST_BARS = 30;
/** As many years as fit beside each other on a page turned sideways. */
const YEARS_ABREAST = 14;

/** Contributions by member and year. */
export function contributionSection(r: ReplayRecord, draw: Draw | undefined): Html {
  const total = sum(r.members.map(paidBy));
  const [quarter] = r.quarters;
  if (total === 0n || quarter === undefined) return html`<p>No contribution was paid.</p>`;
  const { allowance, permit, authorization } = r.ways;
  return html`<p>
      Members are asked ${usd(quarter.budget)} in every period of 90 days, each by its weight on the scale. In all they
      paid ${usd(total)}. Treasuries that pay from an allowance: ${count(allowance)}; with a permit (ERC-2612):
      ${count(permit)}; by an authorization (EIP-3009) that somebody else hands in: ${count(authorization)}. A calendar
      year in which five periods begin shows five payments.
    </p>
    ${figure(yearsFigure(r), draw)} ${figure(totalsFigure(r), draw)} ${yearTables(r)} ${quarterTable(r)}`;
}

export function paidBy({ years }: MemberRecord): bigint {
  return sum(years.map(({ paid }) => paid));
}

function byTotal(r: ReplayRecord): { member: MemberRecord; paid: bigint }[] {
  const all = r.members.map((member) => ({ member, paid: paidBy(member) }));
  return all.sort((a, b) => (a.paid === b.paid ? (a.member.code < b.member.code ? -1 : 1) : a.paid > b.paid ? -1 : 1));
}

function yearsOf({ from, to }: ReplayRecord): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function paidIn({ years }: MemberRecord, year: number): bigint {
  return years.find((one) => one.year === year)?.paid ?? 0n;
}

export function yearsFigure(r: ReplayRecord): Figure {
  const years = yearsOf(r);
  const members = byTotal(r).map(({ member }) => member);
  const others = members.slice(APART);
  const series = members.slice(0, APART).map((member) => ({
    name: named(r, member.code),
    paid: years.map((year) => paidIn(member, year)),
  }));
  if (others.length > 0) {
    const paid = years.map((year) => sum(others.map((member) => paidIn(member, year))));
    series.push({ name: othersText(others.length), paid });
  }
  const drawn = series.map(({ name, paid }) => ({ name, values: paid.map(inMillions) }));
  return {
    name: "contributions-by-year",
    title: "Contributions by year",
    about: "What the members paid in each calendar year, the largest payers apart, in millions of US dollars.",
    ...columns("year", "paid in, million USD", years.map(String), drawn),
    table: {
      caption: "Contributions by year, the largest payers apart",
      columns: [words("year"), ...series.map(({ name }) => amounts(name)), amounts("all")],
      rows: years.map((year, i) => {
        const paid = series.map((one) => one.paid[i] ?? 0n);
        return [year, ...[...paid, sum(paid)].map(dollars)];
      }),
      dense: true,
    },
  };
}

/** "the other", "the 93 others". */
function othersText(number: number): string {
  return number === 1 ? "the other" : `the ${count(number)} others`;
}

export function totalsFigure(r: ReplayRecord): Figure {
  const all = byTotal(r);
  const shown = all.length <= MOST_BARS ? all : all.slice(0, MOST_BARS - 1);
  const names = shown.map(({ member }) => named(r, member.code));
  const values = shown.map(({ paid }) => inMillions(paid));
  const rest = all.slice(shown.length);
  if (rest.length > 0) {
    names.push(othersText(rest.length));
    values.push(inMillions(sum(rest.map(({ paid }) => paid))));
  }
  const years = (member: MemberRecord) => member.years;
  const totals = (column: "assessed" | "called" | "charged" | "paid") => {
    return dollars(sum(r.members.flatMap((member) => years(member).map((year) => year[column]))));
  };
  const { from, to } = r;
  return {
    name: "contributions-by-member",
    title: "Contributions by member",
    about: `What each member paid from ${from} to ${to}, the largest first, in millions of US dollars.`,
    ...bars("member", "paid in, million USD", names, [{ name: "paid in", values }]),
    table: {
      caption: `Members and what was asked of each from ${from} to ${to}, by what it paid`,
      columns: [
        ...[words("member"), figures("seat"), dates("joined"), figures("weight", "at end")],
        ...["assessed", "called", "charged", "paid", "overdue at end"].map(amounts),
      ],
      rows: all.map(({ member, paid }) => {
        const last = member.years.at(-1);
        const own = (column: "assessed" | "called" | "charged") => dollars(sum(years(member).map((y) => y[column])));
        return [
          ...[named(r, member.code), member.seat ?? member.kind, date(member.joined)],
          ...[percent(last?.weight ?? 0n), own("assessed"), own("called"), own("charged")],
          ...[dollars(paid), dollars(last?.debt ?? 0n)],
        ];
      }),
      foot: [
        ...["all", "", "", "", totals("assessed"), totals("called"), totals("charged"), totals("paid")],
        dollars(sum(all.map(({ member }) => member.years.at(-1)?.debt ?? 0n))),
      ],
      dense: true,
    },
  };
}

function yearTables(r: ReplayRecord): Html {
  const years = yearsOf(r);
  const members = byTotal(r).map(({ member }) => member);
  const blocks = Array.from({ length: Math.ceil(years.length / YEARS_ABREAST) }, (_, i) => {
    return years.slice(i * YEARS_ABREAST, (i + 1) * YEARS_ABREAST);
  });
  const tables = blocks.map((block) =>
    table({
      caption: `Paid by each member from ${block[0] ?? ""} to ${block.at(-1) ?? ""}, whole US dollars, rounded down`,
      columns: [words("member"), ...block.map((year) => figures(String(year)))],
      rows: members.map((member) => [named(r, member.code), ...block.map((year) => whole(paidIn(member, year)))]),
      foot: ["all", ...block.map((year) => whole(sum(members.map((member) => paidIn(member, year)))))],
      wide: true,
    }),
  );
  return html`<details>
    <summary>Every member and year</summary>
    ${tables}
  </details>`;
}

/** Whole dollars, rounded down. */
function whole(units: bigint): string {
  return count(units / 1_000_000n);
}

function quarterTable({ quarters }: ReplayRecord): Html {
  return html`<details>
    <summary>Every period of 90 days</summary>
    ${table({
      caption: "Contributions by period",
      columns: [
        ...[figures("period"), dates("from"), figures("members that paid")],
        ...["budget", "paid", "paid since the founding"].map(amounts),
      ],
      rows: quarters.map(({ period, from, payers, budget, paid, total }) => [
        ...[period, date(from), payers],
        ...[budget, paid, total].map(dollars),
      ]),
      dense: true,
    })}
  </details>`;
}
