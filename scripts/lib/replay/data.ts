import { readTable } from "../csv.ts";
import type { Row } from "../csv.ts";
import { Names } from "./names.ts";
import { readMeasures } from "./measures-data.ts";
import type { MeasureRow } from "./measures-data.ts";
import { readSolidarity } from "./solidarity-data.ts";
import type { SolidarityData, SolidarityFiles } from "./solidarity-data.ts";

/** A million dollars has this many decimals down to a base unit of the settlement token: six and six. */
const MILLIONS = 12;
/** Shares are read in millionths of a per cent. */
const PER_CENT = 6;
const WHOLE = 100n * 10n ** BigInt(PER_CENT);
const DAY = 86_400;

/** In the order of the contracts' `Measure`. */
export const MEASURES = [
  "import_ban",
  "import_licensing",
  "tariff",
  "customs_delisting",
  "export_cutoff",
  "order_cancellation",
  "service_ban",
  "secondary_pressure",
  "monetary_sabotage",
  "diplomatic_freeze",
  "other",
] as const;

const STATUSES = ["F", "PF", "NF", ""] as const;

export interface ScalePeriod {
  column: string;
  first: number;
  last: number;
}

export interface Country {
  code: string;
  name: string;
  /** By column: the country's share on the UN scale, in millionths of a per cent; none outside the scale. */
  scale: ReadonlyMap<string, bigint>;
  /** The years under review for which it was rated Free. */
  free: ReadonlySet<number>;
}

export interface Members {
  countries: Country[];
  /** In order of time. */
  periods: ScalePeriod[];
  /** The years under review, in order. */
  years: number[];
}

/** Times are first seconds of days, amounts base units of the settlement token. */
export interface Case {
  id: string;
  member: string;
  coercer: string;
  title: string;
  trigger: string;
  measure: (typeof MEASURES)[number];
  announced: number;
  effective: number;
  ended: number | undefined;
  /** Yearly trade. */
  baseline: bigint;
  note: string;
}

export interface Loss {
  case: string;
  from: number;
  /** First second after the last day. */
  until: number;
  net: bigint;
  confidence: string;
  derivation: string;
}

export interface Trade {
  code: string;
  year: number;
  /** Exports and imports over those of the world, in millionths of a per cent. */
  share: bigint;
  source: string;
}

export interface Comparison {
  case: string;
  date: number;
  amount: bigint;
  what: string;
  source: string;
}

export interface DataFiles extends SolidarityFiles {
  members: string;
  cases: string;
  losses: string;
  trade: string;
  comparisons: string;
  measures: string | undefined;
  /** Whether cases and losses belong together, so that a loss of an unknown case is a slip. */
  matched: boolean;
}

export interface Data extends SolidarityData {
  /** Whether all that decides who belongs, members and trade, is without fault. */
  belonging: boolean;
  /** The ids of all cases; undefined if none could be read. */
  caseIds: Names | undefined;
  members: Members;
  cases: Case[];
  losses: Loss[];
  trade: Trade[];
  comparisons: Comparison[];
  measures: MeasureRow[];
}

/** Reads all files. What is wrong with them is added to `problems`, every bad row at once. */
export function readData(files: DataFiles, problems: string[]): Data {
  const ofMembers: string[] = [];
  const members = readMembers(files.members, ofMembers);
  problems.push(...ofMembers);
  const { cases, caseIds } = readCases(files.cases, problems);
  const losses = readLosses(files.losses, files.matched ? caseIds : undefined, problems);
  const ofTrade: string[] = [];
  const trade = readTrade(files.trade, ofTrade);
  problems.push(...ofTrade);
  return {
    belonging: ofMembers.length + ofTrade.length === 0,
    caseIds,
    members,
    cases,
    losses,
    trade,
    comparisons: readComparisons(files.comparisons, problems),
    measures: files.measures === undefined ? [] : readMeasures(files.measures, caseIds, problems),
    ...readSolidarity(files, caseIds, problems),
  };
}

function readMembers(file: string, problems: string[]): Members {
  const { columns, rows } = readTable(file, ["iso3", "name"], problems);
  const periods = columns.flatMap((column) => {
    const match = /^un_scale_(\d{4})_(\d{4})$/.exec(column);
    return match === null ? [] : [{ column, first: Number(match[1]), last: Number(match[2]) }];
  });
  const years = columns.flatMap((column) => {
    const match = /^fh_(\d{4})$/.exec(column);
    return match === null ? [] : [Number(match[1])];
  });
  for (const [i, { column, first, last }] of periods.entries()) {
    const other = periods.slice(0, i).find((one) => one.first <= last && first <= one.last);
    if (last < first) problems.push(`${file}, line 1, column ${column}: the period ends before it begins.`);
    else if (other !== undefined) {
      problems.push(`${file}, line 1, column ${column}: the years overlap with those of ${other.column}.`);
    }
  }
  if (columns.length > 0 && periods.length === 0) {
    problems.push(`${file}, line 1, column un_scale_2019_2021: the file has no such column, nor of another period.`);
  }
  if (columns.length > 0 && years.length === 0) {
    problems.push(`${file}, line 1, column fh_2018: the file has no such column, nor of another year.`);
  }
  const first = new Map<string, Row>();
  const sums = new Map<string, bigint>();
  const countries = rows.map((row) => {
    const code = row.code("iso3");
    noteFirst(row, "iso3", code, first);
    // What stands there twice is to be mended, and is no reason to blame the sum.
    const counted = first.get(code) === row || code === "" ? sums : new Map<string, bigint>();
    const scale = new Map<string, bigint>();
    for (const { column } of periods) {
      if (row.optional(column) !== "") scale.set(column, scaleShareOf(row, column, counted));
    }
    const free = new Set(years.filter((year) => row.choice(`fh_${year}`, STATUSES) === "F"));
    return { code, name: row.text("name"), scale, free };
  });
  return { countries, periods: periods.sort((a, b) => a.first - b.first), years: years.sort((a, b) => a - b) };
}

/** A country's share, which with those before it is at most the whole. */
function scaleShareOf(row: Row, column: string, sums: Map<string, bigint>): bigint {
  const share = row.decimal(column, PER_CENT);
  if (share > WHOLE) {
    row.fault(column, `"${row.optional(column)}" is more than 100 per cent`);
    return share;
  }
  const before = sums.get(column) ?? 0n;
  sums.set(column, before + share);
  if (before <= WHOLE && before + share > WHOLE) {
    row.fault(column, "with those in the lines before, the shares of this period come to more than 100 per cent");
  }
  return share;
}

function readCases(file: string, problems: string[]): Pick<Data, "cases" | "caseIds"> {
  const needed = ["id", "member", "coercer", "title", "trigger", "measure", "announced", "effective", "ended"];
  const { rows, unread } = readTable(file, [...needed, "baseline_usd_m_per_year", "note"], problems, 0);
  const first = new Map<string, Row>();
  const cases = rows.map((row) => {
    const id = row.text("id");
    noteFirst(row, "id", id, first);
    const [member, coercer] = [row.code("member"), row.code("coercer")];
    if (member === coercer) row.fault("coercer", `${coercer} cannot coerce itself`);
    const effective = row.date("effective");
    const ended = row.optional("ended") === "" ? undefined : row.date("ended");
    if (ended !== undefined && ended > 0 && ended < effective) row.fault("ended", "the attack ends before it begins");
    return {
      id,
      member,
      coercer,
      title: row.text("title"),
      trigger: row.text("trigger"),
      measure: row.choice("measure", MEASURES),
      announced: row.date("announced"),
      effective,
      ended,
      baseline: row.decimal("baseline_usd_m_per_year", MILLIONS),
      note: row.optional("note"),
    };
  });
  const ids = cases.map(({ id }) => [id === "" ? undefined : id]);
  return { cases, caseIds: unread && new Names(file, ids, unread) };
}

function readLosses(file: string, known: Names | undefined, problems: string[]): Loss[] {
  const needed = ["case", "from", "to", "net_loss_usd_m", "confidence", "derivation"];
  const { rows } = readTable(file, needed, problems, 0);
  const before: { loss: Loss; line: number }[] = [];
  for (const row of rows) {
    const id = row.text("case");
    if (known?.lacks(id) === true) row.fault("case", `${known.file} has no case "${id}"`);
    const loss = {
      case: id,
      from: row.date("from"),
      until: row.date("to") + DAY,
      net: row.decimal("net_loss_usd_m", MILLIONS),
      confidence: row.choice("confidence", ["H", "M", "L"] as const),
      derivation: row.optional("derivation"),
    };
    if (loss.from > 0 && loss.until > DAY) {
      if (loss.until <= loss.from) row.fault("to", "the last day lies before the first");
      const other = before.find(
        (one) => one.loss.case === id && one.loss.from < loss.until && loss.from < one.loss.until,
      );
      if (other !== undefined) row.fault("from", `the days overlap with those of line ${other.line}`);
    }
    before.push({ loss, line: row.line });
  }
  return before.map(({ loss }) => loss);
}

function readTrade(file: string, problems: string[]): Trade[] {
  const amounts = ["exports_usd_bn", "imports_usd_bn", "world_exports_usd_bn", "world_imports_usd_bn"] as const;
  const { rows } = readTable(file, ["iso3", "year", ...amounts, "source"], problems);
  return rows.map((row) => {
    const [exports, imports, worldExports, worldImports] = amounts.map((column) => row.decimal(column, 3));
    const world = (worldExports ?? 0n) + (worldImports ?? 0n);
    const own = (exports ?? 0n) + (imports ?? 0n);
    if (world < own || world === 0n) row.fault("world_exports_usd_bn", "the world trades less than the country");
    const share = world === 0n ? 0n : (own * WHOLE) / world;
    return { code: row.code("iso3"), year: row.year("year"), share, source: row.text("source") };
  });
}

function readComparisons(file: string, problems: string[]): Comparison[] {
  const { rows } = readTable(file, ["case", "date", "amount_usd_m", "what", "source"], problems);
  return rows.map((row) => ({
    case: row.text("case"),
    date: row.date("date"),
    amount: row.decimal("amount_usd_m", MILLIONS),
    what: row.text("what"),
    source: row.text("source"),
  }));
}

function noteFirst(row: Row, column: string, key: string, first: Map<string, Row>): void {
  if (key === "") return;
  const other = first.get(key);
  if (other !== undefined) row.fault(column, `"${key}" stands in line ${other.line} already`);
  else first.set(key, row);
}
