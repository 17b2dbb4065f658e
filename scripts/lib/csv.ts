import { Unreadable, otherSeparator, rowsOf, textOf } from "./csv-text.ts";
import { plural } from "./format.ts";

/** What was given cannot be used. Each sentence says where and why. */
export class InputError extends Error {
  readonly sentences: string[];

  constructor(...sentences: string[]) {
    super(sentences.join("\n"));
    this.name = "InputError";
    this.sentences = sentences;
  }
}

/** Sentences by file, in the order in which the files were read, and by line. */
export function byPlace(sentences: readonly string[]): string[] {
  const files: string[] = [];
  const placed = sentences.map((sentence) => {
    const [, file = "", line = "0"] = /^(.*?)(?:, line (\d+),| cannot be read:)/.exec(sentence) ?? [];
    if (!files.includes(file)) files.push(file);
    return { sentence, file: files.indexOf(file), line: Number(line) };
  });
  return placed.sort((a, b) => a.file - b.file || a.line - b.line).map(({ sentence }) => sentence);
}

/** An amount or a share as written, as a whole number of its `digits`-th decimal place; undefined if it is none. */
export function decimal(text: string, digits: number): bigint | undefined {
  const match = /^(\d{1,15})(?:\.(\d+))?$/.exec(text);
  const fraction = match?.[2] ?? "";
  if (match === null || fraction.length > digits) return undefined;
  return BigInt((match[1] ?? "") + fraction.padEnd(digits, "0"));
}

/** The first second of a date written as 2021-12-01, in seconds since 1970; undefined if it is none. */
export function dateOf(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const seconds = Date.parse(`${text}T00:00:00Z`) / 1000;
  if (!(seconds > 0) || new Date(seconds * 1000).toISOString().slice(0, 10) !== text) return undefined;
  return seconds;
}

/** A row of a table. What a cell lacks is noted as a problem, so that all bad rows can be told at once. */
export class Row {
  readonly file: string;
  readonly line: number;
  readonly #cells: ReadonlyMap<string, string>;
  readonly #problems: string[];
  /** The places of the columns found at fault so far, in order. */
  readonly #faulty: number[] = [];

  constructor(file: string, line: number, cells: ReadonlyMap<string, string>, problems: string[]) {
    this.file = file;
    this.line = line;
    this.#cells = cells;
    this.#problems = problems;
  }

  /** Notes a fault, before those of columns further right, whatever is looked at first. */
  fault(column: string, sentence: string): void {
    const place = [...this.#cells.keys()].indexOf(column);
    const after = this.#faulty.filter((other) => other > place).length;
    this.#faulty.splice(this.#faulty.length - after, 0, place);
    const text = `${this.file}, line ${this.line}, column ${column}: ${sentence}.`;
    this.#problems.splice(this.#problems.length - after, 0, text);
  }

  optional(column: string): string {
    return this.#cells.get(column) ?? "";
  }

  text(column: string): string {
    const text = this.optional(column);
    if (text === "") this.fault(column, "the cell is empty");
    return text;
  }

  code(column: string): string {
    const text = this.optional(column);
    if (!/^[A-Z]{3}$/.test(text)) this.fault(column, `"${text}" is no country code of three capital letters`);
    return text;
  }

  year(column: string): number {
    const text = this.optional(column);
    if (!/^[12]\d{3}$/.test(text)) this.fault(column, `"${text}" is no year`);
    return Number(text);
  }

  date(column: string): number {
    const date = dateOf(this.optional(column));
    if (date === undefined) this.fault(column, `"${this.optional(column)}" is no date written like 2021-12-01`);
    return date ?? 0;
  }

  decimal(column: string, digits: number): bigint {
    const value = decimal(this.optional(column), digits);
    if (value === undefined) {
      const text = this.optional(column);
      const large = /^\d{16,}(\.\d*)?$/.test(text) ? "; at most 15 digits may stand before the point" : "";
      this.fault(column, `"${text}" is no number from 0 up with at most ${digits} decimals${large}`);
    }
    return value ?? 0n;
  }

  choice<T extends string>(column: string, choices: readonly [T, ...T[]]): T {
    const text = this.optional(column);
    const found = choices.find((choice) => choice === text);
    if (found === undefined) {
      const empty = choices.some((choice) => choice === "") ? "; the cell may also be empty" : "";
      this.fault(column, `"${text}" is none of ${choices.filter((choice) => choice !== "").join(", ")}${empty}`);
    }
    return found ?? choices[0];
  }
}

export interface Table {
  columns: string[];
  rows: Row[];
  /** The text of what follows the first line and is in no row; undefined if that line cannot be told. */
  unread: string[] | undefined;
}

/** Reads a CSV file whose first line names its columns, `needed` among them; `least` is how many rows must follow. */
export function readTable(file: string, needed: readonly string[], problems: string[], least = 1): Table {
  const nothing = { columns: [], rows: [], unread: undefined };
  const wrong = (line: number, column: string | number, sentence: string) => {
    problems.push(`${file}, line ${line}, column ${column}: ${sentence}.`);
  };
  let read: ReturnType<typeof rowsOf> & { damaged: boolean };
  try {
    const { text, damaged } = textOf(file);
    const separator = otherSeparator(text, needed);
    if (separator !== undefined) {
      throw new Unreadable(`the columns are separated by ${separator}; commas would be right`, 1);
    }
    read = { ...rowsOf(text), damaged };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    if (error.line === undefined) problems.push(`${file} cannot be read: ${error.message}.`);
    else wrong(error.line, 1, error.message);
    return nothing;
  }

  const { rows: lines, broken, unread, damaged } = read;
  const [first] = lines;
  const columns = first?.cells ?? [];
  // A first line that is broken names no columns.
  const named = first !== undefined && broken.every(({ line }) => line > first.line);
  for (const { line, cell, sentence } of broken) wrong(line, (named ? columns[cell] : undefined) ?? cell + 1, sentence);
  if (first === undefined && broken.length === 0) {
    wrong(1, 1, "the file is empty; its first line would name its columns");
  }
  if (!named) return nothing;
  const missing = needed.filter((column) => !columns.includes(column));
  for (const column of missing) wrong(first.line, column, "the file has no such column");
  const twice = columns.filter((column, i) => columns.indexOf(column) !== i);
  for (const column of twice) wrong(first.line, column, "the column is named twice");
  if (missing.length + twice.length > 0) {
    return { columns, rows: [], unread: [...unread, ...lines.slice(1).map(({ cells }) => cells.join())] };
  }

  const rows: Row[] = [];
  for (const { line, cells } of lines.slice(1)) {
    if (cells.length !== columns.length) {
      unread.push(cells.join());
      const last = columns[Math.min(cells.length, columns.length) - 1] ?? 1;
      const more = cells.length > columns.length ? "; a cell with a comma in it needs quotes around it" : "";
      wrong(line, last, `the row has ${plural(cells.length, "cell")}, the first line ${columns.length}${more}`);
      continue;
    }
    const row = new Row(file, line, new Map(columns.map((column, i) => [column, cells[i] ?? ""])), problems);
    for (const column of damaged ? columns : []) {
      if (row.optional(column).includes("\uFFFD"))
        row.fault(column, "the text is not in UTF-8; saved so it could be read");
    }
    rows.push(row);
  }
  if (lines.length + broken.length <= least) wrong(first.line, columns[0] ?? 1, "no row follows");
  return { columns, rows, unread };
}
