import { join } from "node:path";

import { BEANCOUNT } from "./beancount.ts";
import { CSV_FILES, CsvTables } from "./csv.ts";
import { DoubleEntry } from "./double-entry.ts";
import type { Exporter } from "./exporter.ts";
import { HLEDGER } from "./hledger.ts";
import { JsonDocument } from "./json.ts";

export const FORMATS = ["csv", "json", "hledger", "beancount"] as const;
/** What is said to be right where a list of formats is not. */
export const RIGHT_FORMATS = `some of ${FORMATS.join(",")}`;
export type Format = (typeof FORMATS)[number];

const JSON_FILE = "fund.json";

/** By format, what writes it into a folder. */
export const EXPORTERS: Record<Format, (folder: string) => Exporter> = {
  csv: (folder) => new CsvTables(folder),
  json: (folder) => new JsonDocument(join(folder, JSON_FILE)),
  hledger: (folder) => new DoubleEntry(join(folder, HLEDGER.file), HLEDGER),
  beancount: (folder) => new DoubleEntry(join(folder, BEANCOUNT.file), BEANCOUNT),
};

/** By format, the files that it consists of. */
export const FILES: Record<Format, readonly string[]> = {
  csv: CSV_FILES,
  json: [JSON_FILE],
  hledger: [HLEDGER.file],
  beancount: [BEANCOUNT.file],
};

/** The formats of a list with commas; what is wrong with it is added to the problems. */
export function formatsOf(list: string, option: string, problems: string[]): Format[] {
  const names = [...new Set(list.split(",").map((name) => name.trim()))];
  if (list === "") problems.push(`${option}: nothing is given; ${RIGHT_FORMATS} would be right.`);
  const unknown = names.filter((name) => list !== "" && !isFormat(name));
  if (unknown.length > 0) {
    problems.push(`${option}: "${unknown.join('", "')}" is no format; ${RIGHT_FORMATS} would be right.`);
  }
  return names.filter(isFormat);
}

function isFormat(name: string): name is Format {
  return FORMATS.some((format) => format === name);
}
