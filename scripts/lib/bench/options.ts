import { HELP, readArguments } from "../command-line.ts";
import { InputError } from "../csv.ts";

/** What can grow. */
export const DIMENSIONS = ["seats", "periods", "attacks"] as const;

export type Dimension = (typeof DIMENSIONS)[number];

export const USAGE = `Measures on a chain in this process what operations cost in gas: ours, beside what a treasury would use instead and
a floor that is hand-written to do nothing else.

  npm run bench -- [--scaling [--by WHAT]] [--out DIR]

  --scaling  also measures them while the alliance grows, and its history
  --by       some of ${DIMENSIONS.join(",")} (default: all)
  --out      the folder for bench.json (default out)

Exits 1 if a bound is broken; progress goes to standard error.`;

export interface Options {
  help: boolean;
  /** By what growth is measured. */
  scaling: Dimension[];
  out: string;
}

const OPTIONS = {
  ...HELP,
  scaling: { type: "boolean", default: false },
  by: { type: "string", right: `some of ${DIMENSIONS.join(",")}` },
  out: { type: "string", default: "out", right: "a folder" },
} as const;

/** What was asked for on the command line. */
export function readOptions(args: string[]): Options {
  const problems: string[] = [];
  const { help, scaling, by, out } = readArguments(args, OPTIONS, problems);
  if (by !== undefined && !scaling) problems.push("--by: it says by what --scaling measures, which is not given.");
  const names = by === undefined ? [...DIMENSIONS] : by.split(",").map((name) => name.trim());
  const known = names.filter(isDimension);
  for (const name of names) {
    if (!isDimension(name)) problems.push(`--by: "${name}" is none of ${DIMENSIONS.join(", ")}.`);
  }
  if (problems.length > 0) throw new InputError(...problems);
  return { help, scaling: scaling ? [...new Set(known)] : [], out };
}

function isDimension(name: string): name is Dimension {
  return (DIMENSIONS as readonly string[]).includes(name);
}
