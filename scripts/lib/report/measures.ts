import { agreeing, count } from "../format.ts";
import type { JointMeasureRecord } from "../replay/record-solidarity.ts";
import type { ReplayRecord } from "../replay/record.ts";
import { html } from "./html.ts";
import type { Fragment, Html } from "./html.ts";
import { pairList } from "./pairs.ts";
import { dates, figures, table, words } from "./table.ts";
import { date, listed, moment, named, spaced } from "./words.ts";

/** What the council adopted about coercers, who filed when that it carries it out, and who has not. */
export function measureSection(r: ReplayRecord): Html {
  if (r.measures.length === 0) return html`<p>The council adopted no joint measure in these years.</p>`;
  return html`<p>
      By an ordinary vote the council adopts what members are to do together about a coercer. Each files that it carries
      it out; the register tells who has, and compels nobody.
    </p>
    ${overview(r)} ${r.measures.map((measure) => measurePart(r, measure))}`;
}

function overview(r: ReplayRecord): Html {
  return table({
    caption: "Joint measures, and how the members at the end stand with each",
    columns: [
      ...[figures("measure"), words("name"), words("against"), dates("adopted"), dates("last day in force")],
      ...[figures("filed"), figures("carry it out"), figures("awaited"), figures("missing")],
    ],
    rows: r.measures.map((measure) => [
      html`<a href="#${anchorOf(measure)}">${measure.measureId}</a>`,
      ...[measure.row.measure, named(r, measure.row.target), date(measure.adopted), date(measure.end)],
      ...[measure.implementations.length, measure.implemented, measure.awaited, measure.missing].map(count),
    ]),
    dense: true,
  });
}

function anchorOf({ measureId }: JointMeasureRecord): string {
  return `measure-${measureId}`;
}

function measurePart(r: ReplayRecord, measure: JointMeasureRecord): Html {
  const { row, proposalId, adopted, start, end } = measure;
  const how = proposalId === undefined ? "" : ` by vote ${proposalId}`;
  return html`<h3 id="${anchorOf(measure)}">Measure ${measure.measureId}: ${row.title} (${row.measure})</h3>
    ${pairList("facts", [
      ["Against", `${named(r, row.target)}, for ${row.case}`],
      ["Kind", spaced(row.kind)],
      ["Adopted", `${moment(adopted)}${how}; proposed on ${date(row.proposed)}`],
      ["In force", `${moment(start)} to ${moment(end)}`],
      ["Compliance", complianceText(measure)],
    ])}
    ${filings(r, measure)} ${acts(r, measure)}`;
}

function complianceText({ implemented, awaited, missing }: JointMeasureRecord): string {
  return `of the members at the end ${agreeing(implemented, "carries", "carry")} it out, ${agreeing(awaited, "is", "are")} awaited, ${agreeing(missing, "is", "are")} missing`;
}

function filings(r: ReplayRecord, { measureId, implementations }: JointMeasureRecord): Html {
  if (implementations.length === 0) return html`<p>No member filed that it carries it out.</p>`;
  const days = new Map<string, string[]>();
  for (const { code, time } of implementations) {
    days.set(date(time), [...(days.get(date(time)) ?? []), named(r, code)]);
  }
  return table({
    caption: `Who filed that it carries out measure ${measureId}`,
    columns: [dates("day"), figures("members"), words("who")],
    rows: [...days].map(([day, members]) => [day, count(members.length), listed(members)]),
  });
}

function acts(r: ReplayRecord, { measureId, row }: JointMeasureRecord): Fragment {
  if (row.acts.length === 0) return undefined;
  return table({
    caption: `What members did in reality, by the data, for measure ${measureId}`,
    columns: [dates("day"), figures("countries"), words("who"), words("derivation")],
    rows: row.acts.map(({ filed, by, derivation }) => [
      ...[date(filed), count(by.length), listed(by.map((code) => named(r, code))), derivation],
    ]),
  });
}

/** For the summary. */
export function measureLine({ measures }: ReplayRecord): string {
  const filed = measures.reduce((number, { implementations }) => number + implementations.length, 0);
  return `${count(measures.length)} adopted; filed by members as carried out: ${count(filed)}`;
}
