import type { ReplayRecord } from "./record.ts";

/** A calendar year of the alliance. Sums are of the year, the rest stands at its end. */
export interface YearFigures {
  year: number;
  /** States that may vote, and members that are suspended. */
  states: number;
  suspended: number;
  paidIn: bigint;
  paidOut: bigint;
  reserve: bigint;
  committed: bigint;
  owed: bigint;
  /** Contributions due and unpaid. */
  debt: bigint;
}

export function yearFigures(r: ReplayRecord): YearFigures[] {
  const yearOf = ({ time }: { time: number }) => new Date(time * 1000).getUTCFullYear();
  return Array.from({ length: r.to - r.from + 1 }, (_, i) => {
    const year = r.from + i;
    const standing = r.members.flatMap(({ kind, years }) => {
      const own = years.find((one) => one.year === year);
      return own === undefined ? [] : [{ kind, ...own }];
    });
    const claims = r.attacks.flatMap(({ earmark }) => earmark?.campaign?.recipients ?? []);
    const out = [
      ...r.attacks.flatMap(({ disbursements }) => disbursements.filter((one) => yearOf(one) === year)),
      ...claims.filter(({ claimed }) => claimed !== undefined && yearOf({ time: claimed }) === year),
    ];
    const end = r.series.findLast((state) => yearOf(state) <= year);
    return {
      year,
      states: standing.filter(({ kind, status }) => kind === "State" && status === "Active").length,
      suspended: standing.filter(({ status }) => status === "Suspended").length,
      paidIn: standing.reduce((sum, { paid }) => sum + paid, 0n),
      paidOut: out.reduce((sum, { amount }) => sum + amount, 0n),
      reserve: end?.reserve ?? 0n,
      committed: end?.committed ?? 0n,
      owed: end?.owed ?? 0n,
      debt: standing.reduce((sum, { debt }) => sum + debt, 0n),
    };
  });
}
