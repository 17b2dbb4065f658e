import { dollars } from "../format.ts";
import type { CaseRecord, ReplayRecord } from "../replay/record.ts";
import type { Draw } from "./figure.ts";
import { goodsPart, goodsWithoutAttack } from "./goods.ts";
import { html } from "./html.ts";
import type { Fragment, Html } from "./html.ts";
import { amounts, dates, table, words } from "./table.ts";
import { date, moment, named } from "./words.ts";

/** What became of every row of the cases' file; who was refused, and what was left out. */
export function caseSection(r: ReplayRecord, draw: Draw | undefined): Html {
  if (r.cases.length === 0) return html`<p>The file of cases holds no row.</p>`;
  return html`${refusals(r)} ${skipped(r)} ${allCases(r)} ${losses(r)}
  ${goodsWithoutAttack(r).map((one) => goodsPart(r, one, draw))}`;
}

function refusals(r: ReplayRecord): Html {
  const rows = r.cases.flatMap(({ row, refusals: own }) =>
    own.map(({ time, sentence, error }): Fragment[] => {
      return [
        row.id,
        moment(time),
        `${named(r, row.coercer)} against ${named(r, row.member)}`,
        sentence,
        html`<code>${error}</code>`,
      ];
    }),
  );
  if (rows.length === 0) return html`<p>The ledger refused no case.</p>`;
  return table({
    caption: "What the ledger refused",
    columns: [words("case"), dates("time (UTC)"), ...["parties", "why", "in the ledger's words"].map(words)],
    rows,
  });
}

function skipped(r: ReplayRecord): Html {
  const rows = r.cases
    .filter(({ outcome }) => outcome === "skipped")
    .map(({ row, reason }) => [row.id, row.title, reason ?? "it lies outside the years"]);
  if (rows.length === 0) return html`<p>No case was left out.</p>`;
  return table({ caption: "Cases left out", columns: ["case", "what", "why"].map(words), rows });
}

function allCases(r: ReplayRecord): Html {
  return table({
    caption: "Every row of the cases' file",
    columns: [
      ...["case", "what", "parties"].map(words),
      ...[dates("in effect"), dates("ended"), words("outcome")],
      ...["trade struck, a year", "loss outside the rounds"].map(amounts),
    ],
    rows: r.cases.map((one) => [
      ...[one.row.id, one.row.title, `${named(r, one.row.coercer)} against ${named(r, one.row.member)}`],
      ...[date(one.row.effective), one.row.ended === undefined ? "not yet" : date(one.row.ended), outcomeText(one)],
      ...[dollars(one.row.baseline), dollars(one.notClaimed)],
    ]),
    dense: true,
  });
}

function outcomeText({ outcome, attackIds }: CaseRecord): Fragment {
  if (attackIds.length === 0) return outcome;
  const links = attackIds.map((attackId, i) => {
    return html`${i === 0 ? " " : ", "}<a href="#attack-${attackId}">${attackId}</a>`;
  });
  return html`${outcome}, ${attackIds.length === 1 ? "attack" : "attacks"}${links}`;
}

function losses(r: ReplayRecord): Html {
  const rows = r.cases.flatMap(({ losses: own }) =>
    own.map((loss) => [
      ...[loss.case, date(loss.from), date(loss.until - 1), dollars(loss.net), loss.confidence, loss.derivation],
    ]),
  );
  if (rows.length === 0) return html`<p>The file of losses holds no row for them.</p>`;
  return table({
    caption:
      "Losses in the data, each with how sure it is (H high, M middle, L an upper bound) and where it comes from",
    columns: [
      ...[words("case"), dates("first day"), dates("last day"), amounts("net loss")],
      ...[words("confidence"), words("derivation")],
    ],
    rows,
    dense: true,
  });
}
