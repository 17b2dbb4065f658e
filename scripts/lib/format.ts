const UNITS = 1_000_000n;
const CENT = 10_000n;

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

/** Rows under a head, every column but the first set to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
