/** What is measured, by column. */
export const SUBJECTS = {
  ours: "ours",
  full: "OpenZeppelin, full",
  bare: "OpenZeppelin, bare",
  safe: "Safe, 5 of 9",
  vault: "ERC-4626",
  transfer: "ERC-20",
  floor: "floor",
} as const;

export type Subject = keyof typeof SUBJECTS;

/** What the figures include, and what is not alike. */
export const NOTES = [
  "Gas is what transactions were charged on a chain in this process: 21,000 each, call data and refunds included.",
  "In brackets, ours as a share of the peer's. Everything runs with our compiler settings, but Safe 1.5 as its makers",
  "compiled it. Every act is the same call, which writes one empty slot; Safe has no proposals, and four of its owners",
  "approve by approveHash before the fifth executes, or five sign. OpenZeppelin's governor counts one token a voter,",
  "takes ballots by signature one by one, and decides only when the period ends. The floor of decisions leaves out who",
  "may propose, deadlines, abstentions, keys that change, signatures, the timelock and views; that of money leaves out",
  "what is asked and owed, standing, the journal, the breaker, tokens that answer nothing, and who may award.",
];

/** What one operation costs, in gas; who cannot do it is left out. */
export interface Row {
  operation: string;
  gas: Partial<Record<Subject, bigint>>;
}

export interface Table {
  title: string;
  subjects: readonly Subject[];
  rows: Row[];
}

/** A figure of ours that must stay below a share of a peer's. */
export interface Bound {
  name: string;
  /** Of ours, in gas. */
  measured: bigint;
  /** Of the peer, in gas. */
  peer: bigint;
  /** The highest share allowed, in thousandths. */
  share: bigint;
}

export function holds({ measured, peer, share }: Bound): boolean {
  return measured * 1_000n <= peer * share;
}

/** Ours as a share of a peer's cost with two decimals, half up: 0.63. Nothing if either is missing. */
export function ratio(ours: bigint | undefined, peer: bigint | undefined): string | undefined {
  if (ours === undefined || peer === undefined || peer === 0n) return undefined;
  const hundredths = (200n * ours + peer) / (2n * peer);
  return `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, "0")}`;
}

/** The table in Markdown, aligned; in brackets behind a peer's figure, ours as a share of it. */
export function tableLines({ title, subjects, rows }: Table): string[] {
  const head = ["gas", ...subjects.map((subject) => SUBJECTS[subject])];
  const body = rows.map(({ operation, gas }) => [operation, ...subjects.map((subject) => cell(gas, subject))]);
  return ["", title, "", ...aligned([head, ...body])];
}

/** A line for each bound: what was measured, what was allowed, and whether it holds. */
export function boundLines(bounds: readonly Bound[]): string[] {
  return bounds.map((bound) => {
    const verdict = holds(bound) ? "holds" : "BROKEN";
    const limit = (bound.peer * bound.share) / 1_000n;
    const share = (Number(bound.share) / 1_000).toFixed(2);
    return `${verdict}: ${bound.name}: ${grouped(bound.measured)} gas, at most ${share} of ${grouped(bound.peer)} = ${grouped(limit)}`;
  });
}

/** What goes to bench.json: plain numbers of gas, and ours as a share of every peer's. */
export function asRecord(tables: readonly Table[], bounds: readonly Bound[]) {
  return {
    unit: "gas",
    notes: NOTES.join(" "),
    tables: tables.map(({ title, subjects, rows }) => ({
      title,
      rows: rows.map(({ operation, gas }) => ({
        operation,
        gas: pick(subjects, (subject) => (gas[subject] === undefined ? undefined : Number(gas[subject]))),
        ratios: pick(subjects, (subject) => {
          const share = subject === "ours" ? undefined : ratio(gas.ours, gas[subject]);
          return share === undefined ? undefined : Number(share);
        }),
      })),
    })),
    bounds: bounds.map((bound) => ({
      name: bound.name,
      measured: Number(bound.measured),
      limit: Number((bound.peer * bound.share) / 1_000n),
      holds: holds(bound),
    })),
  };
}

/** Rows of cells as a Markdown table: the first is the head, the first column is text, the others are figures. */
export function aligned(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const padded = rows.map((row) =>
    line(row.map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)))),
  );
  const rule = line(widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)));
  return [...padded.slice(0, 1), rule, ...padded.slice(1)];
}

/** 65,277 */
export function grouped(gas: bigint): string {
  return gas.toLocaleString("en");
}

function cell(gas: Row["gas"], subject: Subject): string {
  const value = gas[subject];
  if (value === undefined) return "–";
  const share = subject === "ours" ? undefined : ratio(gas.ours, value);
  return share === undefined ? grouped(value) : `${grouped(value)} (${share})`;
}

function pick<T>(subjects: readonly Subject[], of: (subject: Subject) => T | undefined): Partial<Record<Subject, T>> {
  return Object.fromEntries(
    subjects.flatMap((subject) => {
      const value = of(subject);
      return value === undefined ? [] : [[subject, value]];
    }),
  );
}
