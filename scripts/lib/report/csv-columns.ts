const UNITS = 1_000_000n;

export type Cell = string | number | bigint | undefined;

export interface Column<Row> {
  /** Ends in its unit: usd, ppm, days or utc. */
  name: string;
  meaning: string;
  of: (row: Row) => Cell;
}

/** Adds a file with a line for every row. */
export type Add = <Row>(name: string, rows: readonly Row[], columns: readonly Column<Row>[]) => void;

/** A column of amounts, exact, in dollars with all six decimals. */
export function money<Row>(name: string, meaning: string, of: (row: Row) => bigint | undefined): Column<Row> {
  return { name: `${name}_usd`, meaning, of: (row) => decimals(of(row)) };
}

/** A column of times by ISO 8601. */
export function time<Row>(name: string, meaning: string, of: (row: Row) => number | undefined): Column<Row> {
  return { name: `${name}_utc`, meaning, of: (row) => iso(of(row)) };
}

/** A column of words or numbers. */
export function column<Row>(name: string, meaning: string, of: (row: Row) => Cell): Column<Row> {
  return { name, meaning, of };
}

function decimals(units: bigint | undefined): string | undefined {
  return units === undefined ? undefined : `${units / UNITS}.${String(units % UNITS).padStart(6, "0")}`;
}

function iso(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** Empty if it is neither. */
export function yesNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? "yes" : "no";
}
