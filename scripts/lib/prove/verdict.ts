// Compares what was proved with what has to be.
import type { Finding } from "./messages.ts";

/** `test/proofs/proofs.json`. */
export interface Expectations {
  /** Claims that have to be proved. */
  proved: readonly string[];
  /** What is not proved, with the reason. */
  open: readonly { what: string; why: string }[];
}

export interface Verdict {
  /** Claims with the engine that proved each. */
  proved: ReadonlyMap<string, string>;
  /** Claims with values that contradict them. */
  refuted: ReadonlyMap<string, string>;
  undecided: readonly string[];
  /** Expected, and neither proved nor refuted. */
  lost: readonly string[];
  /** Proved, and not expected yet. */
  unlisted: readonly string[];
}

/** A claim of which the checker speaks more than once counts as proved only if it is proved every time. */
export function verdictOf(findings: readonly Finding[], { proved: expected }: Expectations): Verdict {
  const refuted = new Map<string, string>();
  const undecided = new Set<string>();
  const proved = new Map<string, string>();
  for (const { claim, verdict, counterexample } of findings) {
    if (verdict === "refuted") refuted.set(claim, counterexample ?? "no values given");
    if (verdict === "undecided") undecided.add(claim);
  }
  for (const { claim, verdict, engine } of findings) {
    if (verdict === "proved" && !refuted.has(claim) && !undecided.has(claim)) proved.set(claim, engine);
  }
  return {
    proved: new Map([...proved].sort(([a], [b]) => (a < b ? -1 : 1))),
    refuted,
    undecided: [...undecided].filter((claim) => !refuted.has(claim)).sort(),
    lost: expected.filter((claim) => !proved.has(claim) && !refuted.has(claim)),
    unlisted: [...proved.keys()].filter((claim) => !expected.includes(claim)).sort(),
  };
}

/** Whether everything that has to be proved is, and nothing contradicts a claim. */
export function holds({ refuted, lost }: Verdict): boolean {
  return refuted.size === 0 && lost.length === 0;
}

/** The verdict in words. */
export function statement(verdict: Verdict, { open }: Expectations): string[] {
  const { proved, refuted, undecided, lost, unlisted } = verdict;
  return [
    `Proved (${proved.size}):`,
    ...[...proved].map(([claim, engine]) => `  ${engine}  ${claim}`),
    ...section("Not decided within the time allowed", undecided),
    ...section(
      "Not proved, and why",
      open.map(({ what, why }) => `${what}: ${why}`),
    ),
    ...section("Proved, but not in the list yet (--update adds them)", unlisted),
    ...section(
      "WRONG, with a counterexample",
      [...refuted].map(([claim, values]) => `${claim}\n    ${values}`),
    ),
    ...section("LOST: was proved, and is no more", lost),
    holds(verdict)
      ? `All ${proved.size} proofs hold.`
      : `The proofs do not hold: ${refuted.size} wrong, ${lost.length} lost.`,
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title} (${lines.length}):`, ...lines.map((line) => `  ${line}`)];
}
