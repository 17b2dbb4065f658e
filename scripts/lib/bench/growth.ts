import { aligned, grouped } from "./figures.ts";

/** What the same operations cost while one thing grows. */
export interface Growth {
  /** What grows. */
  dimension: string;
  sizes: readonly number[];
  rows: GrowthRow[];
}

export interface GrowthRow {
  operation: string;
  /** In how many histories of that length it searches; it may cost more by the logarithm of what they grow by. */
  lookups: number;
  /** In gas, one for each size. */
  gas: bigint[];
}

/** How much an operation may cost more at any size than at the first, in thousandths. */
const TOLERANCE = 20n;
/** What a search pays each time the history doubles: a cold storage read of 2,100, and what is done with it. */
const HALVING = 2_600n;

/** The most by which a figure exceeds the first, in gas. */
export function growthOf({ gas }: Pick<GrowthRow, "gas">): bigint {
  const [first = 0n] = gas;
  return gas.reduce((most, one) => (one - first > most ? one - first : most), 0n);
}

/** How much more than at the first size an operation may cost at the largest, in gas. */
export function allowanceFor({ gas, lookups }: GrowthRow, sizes: readonly number[]): bigint {
  const [first = 0n] = gas;
  const doublings = Math.ceil(Math.log2(Math.max(...sizes) / (sizes[0] ?? 1)));
  return (first * TOLERANCE) / 1_000n + BigInt(lookups * doublings) * HALVING;
}

/** The operations that grow more than they may. */
export function grown({ rows, sizes }: Growth): GrowthRow[] {
  return rows.filter((row) => growthOf(row) > allowanceFor(row, sizes));
}

/** The table in Markdown, aligned, and whether anything grows more than it may. Searches are named where there are any. */
export function growthLines(growth: Growth): string[] {
  const { dimension, sizes, rows } = growth;
  const searched = rows.some(({ lookups }) => lookups > 0);
  const head = [`gas by ${dimension}`, ...sizes.map(String), "growth", ...(searched ? ["searches"] : [])];
  const body = rows.map(({ operation, gas, lookups }) => [
    operation,
    ...gas.map(grouped),
    percent(growthOf({ gas }), gas[0] ?? 0n),
    ...(searched ? [String(lookups)] : []),
  ]);
  return ["", ...aligned([head, ...body]), "", ...verdictLines(growth, searched)];
}

function verdictLines(growth: Growth, searched: boolean): string[] {
  const { dimension, sizes } = growth;
  const broken = grown(growth);
  if (broken.length === 0) {
    const searches = searched ? `, and ${grouped(HALVING)} gas a search and doubling` : "";
    return [`holds: nothing grows with ${dimension} by more than 2%${searches}`];
  }
  return broken.map(
    (row) =>
      `BROKEN: ${row.operation}: grows by ${grouped(growthOf(row))} gas with ${dimension}, ` +
      `at most ${grouped(allowanceFor(row, sizes))} is allowed`,
  );
}

/** What goes to bench.json. */
export function growthRecord(growth: Growth) {
  const { dimension, sizes, rows } = growth;
  return {
    dimension,
    sizes,
    rows: rows.map((row) => ({
      operation: row.operation,
      searches: row.lookups,
      gas: row.gas.map(Number),
      growth: Number(growthOf(row)),
      allowance: Number(allowanceFor(row, sizes)),
    })),
    holds: grown(growth).length === 0,
  };
}

/** 1.4%, rounded up. */
function percent(part: bigint, whole: bigint): string {
  const thousandths = whole === 0n ? 0n : (1_000n * part + whole - 1n) / whole;
  return `${thousandths / 10n}.${thousandths % 10n}%`;
}
