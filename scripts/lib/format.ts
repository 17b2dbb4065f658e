const UNITS = 1_000_000n;
const CENT = 10_000n;

/** How many columns of a terminal what is printed may take, and by how many most of it is indented. */
export const WIDTH = 100;
export const INDENT = 2;
/** Between two columns of a table. */
const GAP = 2;

/** A date as 2021-12-01, UTC. */
export function day(time: bigint | number): string {
  return new Date(Number(time) * 1000).toISOString().slice(0, 10);
}

/** A time as 2021-12-01 09:00, UTC. */
export function minute(time: bigint | number): string {
  return new Date(Number(time) * 1000).toISOString().slice(0, 16).replace("T", " ");
}

function grouped(whole: bigint): string {
  return whole.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Base units as dollars and cents, rounded down: 1,234,567.89. */
export function dollars(units: bigint): string {
  return `${grouped(units / UNITS)}.${String((units % UNITS) / CENT).padStart(2, "0")}`;
}

/** The same, but what is less than a cent in full: 0.000001, for an amount that must not look like nothing. */
export function dollarsOrDust(units: bigint): string {
  return units > 0n && units < CENT ? exact(units) : dollars(units);
}

/** Base units in full: 1,234,567.890123. */
export function exact(units: bigint): string {
  return `${grouped(units / UNITS)}.${String(units % UNITS).padStart(6, "0")}`;
}

/** Base units as millions with two decimals, rounded down: 171.01. */
export function millions(units: bigint): string {
  const hundredths = units / (UNITS * 10_000n);
  return `${grouped(hundredths / 100n)}.${String(hundredths % 100n).padStart(2, "0")}`;
}

/** Parts per million as per cent: 0.0071%. */
export function percent(ppm: bigint): string {
  return `${ppm / 10_000n}.${String(ppm % 10_000n).padStart(4, "0")}%`;
}

/** Parts per million as per cent without needless zeros: 80%, 2.5%. */
export function share(ppm: bigint | number): string {
  return `${Number(ppm) / 10_000}%`;
}

export function count(number: bigint | number): string {
  return grouped(BigInt(number));
}

/** "1 day", "2,000 days"; `many` where an s is not enough. */
export function plural(number: number | bigint, word: string, many = `${word}s`): string {
  return `${count(number)} ${Number(number) === 1 ? word : many}`;
}

/** "1 is", "2 are". */
export function agreeing(number: number, one: string, many: string): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** Cells in as many columns as fit into `width`, filled row by row. */
export function inColumns(cells: readonly string[], width: number, gap = 3): string[] {
  const widest = Math.max(1, ...cells.map((cell) => cell.length));
  const columns = Math.max(1, Math.floor((width + gap) / (widest + gap)));
  return Array.from({ length: Math.ceil(cells.length / columns) }, (_, row) =>
    cells
      .slice(row * columns, (row + 1) * columns)
      .map((cell) => cell.padEnd(widest))
      .join(" ".repeat(gap))
      .trimEnd(),
  );
}

/** Words in lines of at most this many columns, the first perhaps of another width; a word that is longer stays whole. */
export function wordLines(text: string, width: number, first = width): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > (lines.length > 1 ? width : first)) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/**
 * Rows under a head, every column but the first set to the right. Columns that do not fit beside the others follow below
 * them, after the first once more; where one does not fit beside the first, long text goes on in the next line.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], width = WIDTH - INDENT): string[] {
  const others = head.map((_, i) => i).slice(1);
  const whole = [head, ...rows].map((row) => row.map((cell) => [cell]));
  const fits = others.every((i) => widthOf([0, i], widthsOf(whole)) <= width);
  const most = Math.floor((width - GAP) / 2);
  const cells = fits ? whole : whole.map((row) => row.map(([cell = ""]) => wordLines(cell, most)));
  const widths = widthsOf(cells);
  let parts = [others];
  for (let number = 2; number <= others.length && parts.some((of) => widthOf([0, ...of], widths) > width); ++number) {
    const size = Math.ceil(others.length / number);
    parts = Array.from({ length: number }, (_, i) => others.slice(i * size, (i + 1) * size));
  }
  return parts
    .filter((part) => part.length > 0 || others.length === 0)
    .flatMap((part) => cells.flatMap((row) => linesOf(row, [0, ...part], widths)));
}

/** A cell is a list of lines. */
type Cell = readonly string[];

function widthsOf(rows: readonly (readonly Cell[])[]): number[] {
  return (rows[0] ?? []).map((_, i) => Math.max(...rows.flatMap((row) => (row[i] ?? []).map(({ length }) => length))));
}

function widthOf(columns: readonly number[], widths: readonly number[]): number {
  return columns.reduce((sum, i) => sum + GAP + (widths[i] ?? 0), -GAP);
}

function linesOf(row: readonly Cell[], columns: readonly number[], widths: readonly number[]): string[] {
  const height = Math.max(...columns.map((i) => row[i]?.length ?? 0));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map((i) => {
        const text = row[i]?.[line] ?? "";
        return i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0);
      })
      .join(" ".repeat(GAP))
      .trimEnd(),
  );
}
