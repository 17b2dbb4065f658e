import { readTable } from "../csv.ts";
import type { Row } from "../csv.ts";
import type { Names } from "./names.ts";

const DAY = 86_400;
/** A vote and its timelock take three weeks, more if it has to wait for a voter. */
const SHORTEST = 60 * DAY;

/** In the order of the contracts' `Kind`. */
export const KINDS = [
  "tariff",
  "import_restriction",
  "export_control",
  "public_procurement",
  "services",
  "investment",
  "finance",
  "intellectual_property",
  "standards",
  "other",
] as const;

/** What members did together about a coercer. Times are first seconds of days. */
export interface MeasureRow {
  /** Its name, the same in all rows about it. */
  measure: string;
  case: string;
  title: string;
  target: string;
  kind: (typeof KINDS)[number];
  proposed: number;
  /** First second after the last day. */
  until: number;
  /** Who carried it out, and when. */
  acts: { by: string[]; filed: number; derivation: string }[];
}

/** Reads the file of joint measures: one row for each day on which members carried one out. */
export function readMeasures(file: string, cases: Names | undefined, problems: string[]): MeasureRow[] {
  const needed = ["measure", "case", "title", "target", "kind", "proposed", "end", "by", "filed", "derivation"];
  const { rows } = readTable(file, needed, problems, 0);
  const first = new Map<string, { row: Row; measure: MeasureRow }>();
  for (const row of rows) {
    const name = row.text("measure");
    const known = first.get(name);
    if (known === undefined) {
      const measure = { measure: name, ...factsOf(row), acts: [actOf(row)] };
      if (cases?.lacks(measure.case) === true) row.fault("case", `${cases.file} has no case "${measure.case}"`);
      if (measure.proposed > 0 && measure.until > DAY && measure.until < measure.proposed + SHORTEST) {
        row.fault(
          "end",
          "a vote and its timelock take weeks; an end 60 days after the proposal or later would be right",
        );
      }
      first.set(name, { row, measure });
      continue;
    }
    for (const column of ["case", "title", "target", "kind", "proposed", "end"]) {
      if (row.optional(column) === known.row.optional(column)) continue;
      row.fault(column, `line ${known.row.line} says "${known.row.optional(column)}" of the same measure`);
    }
    known.measure.acts.push(actOf(row));
  }
  return [...first.values()].map(({ measure }) => measure);
}

function factsOf(row: Row): Omit<MeasureRow, "acts" | "measure"> {
  return {
    case: row.text("case"),
    title: row.text("title"),
    target: row.code("target"),
    kind: row.choice("kind", KINDS),
    proposed: row.date("proposed"),
    until: row.date("end") + DAY,
  };
}

function actOf(row: Row): MeasureRow["acts"][number] {
  const by = row.text("by").split(" ");
  const wrong = by.find((code) => code !== "" && !/^[A-Z]{3}$/.test(code));
  if (wrong !== undefined) row.fault("by", `"${wrong}" is no country code of three capital letters`);
  return { by, filed: row.date("filed"), derivation: row.optional("derivation") };
}
