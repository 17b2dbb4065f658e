import { readTable } from "../csv.ts";
import type { Row } from "../csv.ts";
import { count } from "../format.ts";
import { Names } from "./names.ts";

/** A dollar has six decimals down to a base unit of the settlement token. */
const UNITS = 6;
const PPM = 1_000_000n;
/** In the order of the contracts' `Purpose`. */
export const PURPOSES = ["industry", "worker"] as const;

/** What could no longer be sold to the coercer. One of a case and code. */
export interface LotRow {
  case: string;
  /** Six digits of the Harmonized System. */
  hsCode: string;
  goods: string;
  unit: string;
  /** Whole units. */
  quantity: bigint;
  /** What one costs, in base units of the settlement token. */
  price: bigint;
  derivation: string;
}

/** What somebody pledged to buy of a lot's goods, bought, or both. Times are first seconds of days. */
export interface PurchaseRow {
  case: string;
  hsCode: string;
  buyers: string;
  /** Where they are; "" if it is not known or several. */
  country: string;
  quantity: bigint;
  /** How much of it they bought in the year before as well: no relief. */
  usual: bigint;
  pledged: number | undefined;
  /** By when it was bought; undefined if that is not known. */
  bought: number | undefined;
  derivation: string;
}

/** What of every award is for those whom the attack has hit at home. */
export interface CompensationRow {
  case: string;
  recipients: string;
  purpose: (typeof PURPOSES)[number];
  /** In ppm of each award. */
  part: bigint;
  /** Whether they claim it. */
  claims: boolean;
  basis: string;
}

export interface SolidarityFiles {
  lots: string | undefined;
  purchases: string | undefined;
  compensation: string | undefined;
}

export interface SolidarityData {
  lots: LotRow[];
  purchases: PurchaseRow[];
  compensation: CompensationRow[];
}

/**
 * Reads the files that are given; of one that is not, nothing.
 * @param cases The ids of all cases; undefined if none could be read
 */
export function readSolidarity(files: SolidarityFiles, cases: Names | undefined, problems: string[]): SolidarityData {
  const checked = (row: Row) => {
    const id = row.text("case");
    if (cases?.lacks(id) === true) row.fault("case", `${cases.file} has no case "${id}"`);
    return id;
  };
  const { lots, names } = files.lots === undefined ? NO_LOTS : readLots(files.lots, checked, problems);
  return {
    lots,
    purchases: files.purchases === undefined ? [] : readPurchases(files.purchases, checked, names, problems),
    compensation: files.compensation === undefined ? [] : readCompensation(files.compensation, checked, problems),
  };
}

interface Lots {
  lots: LotRow[];
  /** By case and code. */
  names: Names | undefined;
}

const NO_LOTS: Lots = { lots: [], names: undefined };

/** What of every award of a case is for those whom the attack has hit, in ppm. */
export function shareOf(compensation: readonly CompensationRow[], id: string): bigint {
  return compensation.filter((row) => row.case === id).reduce((sum, { part }) => sum + part, 0n);
}

function readLots(file: string, caseOf: (row: Row) => string, problems: string[]): Lots {
  const needed = ["case", "hs_code", "goods", "unit", "quantity", "usd_per_unit", "confidence", "derivation"];
  const { rows, unread } = readTable(file, needed, problems, 0);
  const first = new Map<string, number>();
  const lots = rows.map((row) => {
    const lot = {
      case: caseOf(row),
      hsCode: hsCodeOf(row),
      goods: row.text("goods"),
      unit: row.text("unit"),
      quantity: row.decimal("quantity", 0),
      price: row.decimal("usd_per_unit", UNITS),
      derivation: row.optional("derivation"),
    };
    row.choice("confidence", ["H", "M", "L"] as const);
    if (lot.quantity === 0n) row.fault("quantity", "a lot of nothing");
    if (lot.price === 0n) row.fault("usd_per_unit", "what is given away is no sale; a price above 0 would be right");
    const line = first.get(`${lot.case} ${lot.hsCode}`);
    if (line !== undefined) row.fault("hs_code", `line ${line} has these goods of "${lot.case}" already`);
    else first.set(`${lot.case} ${lot.hsCode}`, row.line);
    return lot;
  });
  const known = lots.map((lot) => [
    lot.case === "" ? undefined : lot.case,
    isHsCode(lot.hsCode) ? lot.hsCode : undefined,
  ]);
  return { lots, names: unread && new Names(file, known, unread) };
}

function readPurchases(
  file: string,
  caseOf: (row: Row) => string,
  lots: Names | undefined,
  problems: string[],
): PurchaseRow[] {
  const needed = ["case", "hs_code", "buyers", "country", "quantity", "usual", "pledged", "bought"];
  const { rows } = readTable(file, [...needed, "confidence", "derivation"], problems, 0);
  return rows.map((row) => {
    const dateOf = (column: string) => (row.optional(column) === "" ? undefined : row.date(column));
    const purchase = {
      case: caseOf(row),
      hsCode: hsCodeOf(row),
      buyers: row.text("buyers"),
      country: row.optional("country") === "" ? "" : row.code("country"),
      quantity: row.decimal("quantity", 0),
      usual: row.decimal("usual", 0),
      pledged: dateOf("pledged"),
      bought: dateOf("bought"),
      derivation: row.optional("derivation"),
    };
    row.choice("confidence", ["H", "M", "L"] as const);
    const { quantity, usual, pledged, bought } = purchase;
    if (quantity === 0n) row.fault("quantity", "a purchase of nothing");
    if (usual > quantity) row.fault("usual", `${count(usual)} is more than the ${count(quantity)} that were bought`);
    if (row.optional("pledged") === "" && row.optional("bought") === "") {
      row.fault("pledged", "neither pledged nor bought; a date in one of the two columns would be right");
    }
    if (pledged !== undefined && bought !== undefined && bought > 0 && bought < pledged) {
      row.fault("bought", "bought before it was pledged");
    }
    if (isHsCode(purchase.hsCode) && lots?.lacks(purchase.case, purchase.hsCode) === true) {
      row.fault("hs_code", `${lots.file} has no such goods of "${purchase.case}"`);
    }
    return purchase;
  });
}

function readCompensation(file: string, caseOf: (row: Row) => string, problems: string[]): CompensationRow[] {
  const needed = ["case", "recipients", "purpose", "of_awards_ppm", "claims", "basis"];
  const { rows } = readTable(file, needed, problems, 0);
  const sums = new Map<string, bigint>();
  const first = new Map<string, number>();
  return rows.map((row) => {
    const part = row.decimal("of_awards_ppm", 0);
    const compensation = {
      case: caseOf(row),
      recipients: row.text("recipients"),
      purpose: row.choice("purpose", PURPOSES),
      part,
      claims: row.choice("claims", ["yes", "no"] as const) === "yes",
      basis: row.optional("basis"),
    };
    const sum = (sums.get(compensation.case) ?? 0n) + part;
    sums.set(compensation.case, sum);
    if (part === 0n) row.fault("of_awards_ppm", "a part of nothing");
    if (sum > PPM)
      row.fault(
        "of_awards_ppm",
        `the parts of "${compensation.case}" come to ${count(sum)} ppm, more than ${count(PPM)}`,
      );
    const key = `${compensation.case} ${compensation.recipients}`;
    const line = first.get(key);
    if (line !== undefined) row.fault("recipients", `they stand in line ${line} already`);
    else first.set(key, row.line);
    return compensation;
  });
}

function hsCodeOf(row: Row): string {
  const text = row.optional("hs_code");
  if (!isHsCode(text)) row.fault("hs_code", `"${text}" is no code of six digits of the Harmonized System`);
  return text;
}

function isHsCode(text: string): boolean {
  return /^\d{6}$/.test(text) && Number(text) > 0;
}
