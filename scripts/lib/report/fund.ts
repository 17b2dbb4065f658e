import { dollars } from "../format.ts";
import type { ReplayRecord } from "../replay/record.ts";
import { yearFigures } from "../replay/years.ts";
import { figure } from "./figure.ts";
import type { Draw, Figure } from "./figure.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { inMillions, linesOverTime } from "./option.ts";
import { amounts, dates, figures, table, words } from "./table.ts";
import { date, listed, moment, usd } from "./words.ts";

const COLUMNS = ["reserve", "committed", "owed", "pot", "earmarked"] as const;

/** Reserve and obligations over time. */
export function fundSection(r: ReplayRecord, draw: Draw | undefined): Html {
  return html`<p>
      The reserve is money that is not assigned to anybody yet. Committed is the most that recognised attacks may still
      be awarded; it is set against the reserve. Owed is what has been awarded and could not be paid yet. The pot is
      assigned to obligations and not collected yet; earmarked is kept for industries and workers.
    </p>
    ${r.series.length === 0 ? html`<p>No money moved.</p>` : figure(fundFigure(r), draw)} ${yearTable(r)}
    ${callTable(r)}`;
}

export function fundFigure(r: ReplayRecord): Figure {
  const line = (column: (typeof COLUMNS)[number], panel: number) => ({
    ...{ name: column, panel, holds: true },
    // What was reached last still holds when the replay ends.
    points: [...r.series, { ...(r.series.at(-1) ?? r.series[0]), time: r.until } as ReplayRecord["series"][number]].map(
      (state) => [state.time, inMillions(state[column])] as const,
    ),
  });
  const moves = (column: (typeof COLUMNS)[number]) => r.series.some((state) => state[column] > 0n);
  const still = COLUMNS.slice(1).filter((column) => !moves(column));
  // An empty panel would look like a mistake.
  const below = still.length === 4 ? COLUMNS.slice(1, 2) : COLUMNS.slice(1).filter(moves);
  return {
    name: "fund-over-time",
    title: "Reserve and obligations",
    about:
      "Above the reserve, below what is set against it or kept for it, in millions of US dollars." +
      (still.length === 0 ? "" : ` Always nothing, and not drawn: ${listed(still)}.`),
    ...linesOverTime(
      ["reserve, million USD", `${listed(below)}, million USD`],
      [line("reserve", 0), ...below.map((column) => line(column, 1))],
    ),
    table: {
      caption: "The fund's money after every change; contributions of one day in a row are one line",
      columns: [dates("time (UTC)"), ...COLUMNS.map(amounts)],
      rows: r.series.map((state) => [moment(state.time), ...COLUMNS.map((column) => dollars(state[column]))]),
    },
  };
}

function yearTable(r: ReplayRecord): Html {
  return table({
    caption: "The years",
    columns: [
      ...[words("year"), figures("voting States", "at end"), figures("suspended", "at end")],
      ...["paid in", "paid out", "reserve at end", "committed at end", "owed at end", "overdue at end"].map(amounts),
    ],
    rows: yearFigures(r).map((of) => [
      ...[of.year, of.states, of.suspended],
      ...[of.paidIn, of.paidOut, of.reserve, of.committed, of.owed, of.debt].map(dollars),
    ]),
  });
}

function callTable({ calls }: ReplayRecord): Html {
  if (calls.length === 0) return html`<p>No supplementary call was needed.</p>`;
  return html`<p>What the fund owed and could not pay, members were asked for by supplementary calls.</p>
    ${table({
      caption: "Supplementary calls",
      columns: [figures("call"), dates("issued"), dates("due"), amounts("asked of all")],
      rows: calls.map(({ number, time, dueAt, amount }) => [number, date(time), date(dueAt), dollars(amount)]),
    })}`;
}

/** For the summary. */
export function balanceLine(r: ReplayRecord): string {
  const last = r.series.at(-1);
  if (last === undefined) return "nothing";
  return `${usd(last.reserve)} in reserve, ${usd(last.committed)} of it committed; ${usd(last.owed)} owed`;
}
