// Survivors that are explained: what is changed makes no difference, or none that a test can see.
import type { Numbered } from "./switches.ts";

/** `test/mutation/explained.json`. Names file, function and text, so that it holds however lines move. */
export interface Explanation {
  file: string;
  place: string;
  before: string;
  after: string;
  why: string;
}

export function explains(explanation: Explanation, mutation: Omit<Explanation, "why">): boolean {
  return (["file", "place", "before", "after"] as const).every((field) => explanation[field] === mutation[field]);
}

/** Explanations of nothing: of changes that cannot be made any more, or that tests notice by now. */
export function idle(
  explanations: readonly Explanation[],
  all: readonly Numbered[],
  survived: ReadonlySet<number>,
  ran: ReadonlySet<number>,
): string[] {
  return explanations.flatMap((explanation) => {
    const meant = all.filter((mutation) => explains(explanation, mutation));
    const told = `${explanation.file}, ${explanation.place}: ${explanation.before} → ${explanation.after}`;
    if (meant.length === 0) return [`${told}: there is no such mutation.`];
    const known = meant.every(({ number }) => ran.has(number));
    return known && !meant.some(({ number }) => survived.has(number)) ? [`${told}: the tests kill it.`] : [];
  });
}
