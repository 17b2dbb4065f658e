import { readFileSync } from "node:fs";

import { CsvError, parse } from "csv-parse/sync";

import { failureOf } from "./failure.ts";

const QUOTES: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: "the quote that opens this cell is never closed; another at its end would be right",
  CSV_INVALID_CLOSING_QUOTE:
    'something follows the quote that closes this cell; for a quote inside it "" would be right',
  INVALID_OPENING_QUOTE:
    'a quote stands inside a cell without quotes; quotes around the cell and "" for the one inside would be right',
};

const SEPARATORS = [
  [";", "semicolons"],
  ["\t", "tabs"],
  ["|", "bars"],
] as const;

/** More broken quotes than anyone mends one by one are not looked for. */
const MOST_FAULTS = 50;

/** What keeps a file from being read at all. `line` is undefined if that is of the file as a whole. */
export class Unreadable extends Error {
  readonly line: number | undefined;

  constructor(sentence: string, line?: number) {
    super(sentence);
    this.line = line;
  }
}

/** Cells with the line in which the first of them begins. */
export interface Cells {
  line: number;
  cells: string[];
}

/** What broke a row off; the cell counts from 0. */
export interface BrokenRow {
  line: number;
  cell: number;
  sentence: string;
}

/**
 * A file's text by UTF-8; what is not stands in it as U+FFFD, and `damaged` says so.
 * @throws Unreadable if there is no such file, or no text in it
 */
export function textOf(file: string): { text: string; damaged: boolean } {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new Unreadable(failureOf(error));
  }
  if (bytes.subarray(0, 4).toString("latin1") === "PK\u0003\u0004") {
    throw new Unreadable("this is a spreadsheet or an archive; exported as CSV it could be read", 1);
  }
  // By its byte order mark, or by the half of a first letter that is zero.
  if (["fffe", "feff"].includes(bytes.subarray(0, 2).toString("hex")) || bytes.subarray(0, 2).includes(0)) {
    throw new Unreadable("the text is in UTF-16; saved as UTF-8 it could be read", 1);
  }
  if (bytes.includes(0)) throw new Unreadable("this is no text; a CSV file in UTF-8 would be right", 1);
  const text = new TextDecoder("utf-8").decode(bytes);
  return { text, damaged: text.includes("\uFFFD") && !isUtf8(bytes) };
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** What separates the columns, if it is no comma: by it one of the `needed` names can be told from the first line. */
export function otherSeparator(text: string, needed: readonly string[]): string | undefined {
  const first = text.trimStart().split(/\r\n|\r|\n/, 1)[0] ?? "";
  const names = (separator: string) => first.split(separator).map((name) => name.replaceAll('"', "").trim());
  const known = (separator: string) => names(separator).some((name) => needed.includes(name));
  if (known(",")) return undefined;
  return SEPARATORS.find(([separator]) => first.includes(separator) && known(separator))?.[1];
}

/**
 * All rows by RFC 4180 that are not empty. Where quotes break a row off, reading goes on in the next line; `unread` holds the
 * lines that are in no row.
 */
export function rowsOf(text: string): { rows: Cells[]; broken: BrokenRow[]; unread: string[] } {
  const lines = text.split(/\r\n|\r|\n/);
  const rows: Cells[] = [];
  const broken: BrokenRow[] = [];
  const unread: string[] = [];
  let before = 0;
  while (before < lines.length && broken.length < MOST_FAULTS) {
    let read = before;
    const take = (cells: string[], { lines: last }: { lines: number }) => {
      read = before + last;
      rows.push({ line: read - cells.join("").split("\n").length + 1, cells });
      return null;
    };
    try {
      parse(lines.slice(before).join("\n"), {
        relax_column_count: true,
        skip_empty_lines: true,
        skip_records_with_empty_values: true,
        trim: true,
        on_record: take,
      });
      before = lines.length;
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      // The row begins in the first line after those read that is not empty.
      const line = lines.findIndex((one, i) => i >= read && one.trim() !== "") + 1;
      const { column: cell = 0 } = error as { column?: number };
      broken.push({ line, cell, sentence: QUOTES[error.code] ?? `this is no CSV (${error.message})` });
      unread.push(...lines.slice(line - 1, line));
      before = line;
    }
  }
  return { rows: rows.sort((a, b) => a.line - b.line), broken, unread: [...unread, ...lines.slice(before)] };
}
