import { HELP, readArguments } from "../command-line.ts";
import { InputError } from "../csv.ts";

export const CAMPAIGNS = 2_000;
export const ACTS = 200;
/** The runner says nothing before it is done, so it is asked for so many at a time, each time for others. */
export const AT_A_TIME = 50;
export const PORTIONS = CAMPAIGNS / AT_A_TIME;

export const USAGE = `Tries the invariants in ${CAMPAIGNS} campaigns of ${ACTS} acts from each beginning, on all cores.

  npm run test:deep -- [--after N]

  --after  goes on after the first N campaigns, as a run that was broken off has told

Exits 1 if an invariant is broken, and says how to see that again.`;

export interface Options {
  help: boolean;
  /** Campaigns that are not tried again. */
  after: number;
}

const RIGHT = `a multiple of ${AT_A_TIME} below ${CAMPAIGNS}`;
const OPTIONS = { ...HELP, after: { type: "string", default: "0", right: RIGHT } } as const;

/** What was asked for on the command line. */
export function readOptions(args: string[]): Options {
  const problems: string[] = [];
  const { help, after } = readArguments(args, OPTIONS, problems);
  const first = /^\d{1,9}$/.test(after) ? Number(after) : NaN;
  if (!(first < CAMPAIGNS && first % AT_A_TIME === 0)) problems.push(`--after: "${after}" is not ${RIGHT}.`);
  if (problems.length > 0) throw new InputError(...problems);
  return { help, after: first };
}
