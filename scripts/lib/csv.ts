import { readFileSync } from "node:fs";

import { CsvError, parse } from "csv-parse/sync";

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
    const [, file = "", line = "0"] = /^(.*?), line (\d+),/.exec(sentence) ?? [];
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
      this.fault(column, `"${this.optional(column)}" is no number from 0 up with at most ${digits} decimals`);
    }
    return value ?? 0n;
  }

  choice<T extends string>(column: string, choices: readonly [T, ...T[]]): T {
    const text = this.optional(column);
    const found = choices.find((choice) => choice === text);
    if (found === undefined) this.fault(column, `"${text}" is none of ${choices.join(", ")}`);
    return found ?? choices[0];
  }
}

export interface Table {
  columns: string[];
  rows: Row[];
}

/** Reads a CSV file whose first line names its columns, `needed` among them; `least` is how many rows must follow. */
export function readTable(file: string, needed: readonly string[], problems: string[], least = 1): Table {
  let lines: { record: string[]; info: { lines: number } }[];
  try {
    const text = readFileSync(file, "utf8");
    const options = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true, trim: true } as const;
    lines = parse(text, options) as unknown as typeof lines;
  } catch (error) {
    if (error instanceof CsvError) {
      const line = (error as { lines?: number }).lines ?? 1;
      problems.push(`${file}, line ${line}, column 1: this is no CSV (${error.message}).`);
    } else {
      problems.push(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`);
    }
    return { columns: [], rows: [] };
  }

  if (lines.length === 0) {
    problems.push(`${file}, line 1, column 1: the file is empty; its first line would name its columns.`);
    return { columns: [], rows: [] };
  }
  const columns = lines[0]?.record ?? [];
  const missing = needed.filter((column) => !columns.includes(column));
  for (const column of missing) problems.push(`${file}, line 1, column ${column}: the file has no such column.`);
  const twice = columns.filter((column, i) => columns.indexOf(column) !== i);
  for (const column of twice) problems.push(`${file}, line 1, column ${column}: the column is named twice.`);
  if (missing.length + twice.length > 0) return { columns, rows: [] };

  const rows: Row[] = [];
  for (const { record, info } of lines.slice(1)) {
    if (record.length !== columns.length) {
      const last = columns[Math.min(record.length, columns.length) - 1] ?? "1";
      problems.push(
        `${file}, line ${info.lines}, column ${last}: the row has ${record.length} cells, the first line ${columns.length}.`,
      );
      continue;
    }
    const cells = new Map(columns.map((column, i) => [column, record[i] ?? ""]));
    rows.push(new Row(file, info.lines, cells, problems));
  }
  if (lines.length <= least) problems.push(`${file}, line 1, column ${columns[0] ?? "1"}: no row follows.`);
  return { columns, rows };
}
