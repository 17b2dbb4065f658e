import { HELP, readArguments } from "../command-line.ts";
import { InputError } from "../csv.ts";

export const USAGE = `Changes the contracts one piece at a time, and runs the tests that reach the piece until one fails: what no test notices
is not tested.

  npm run mutate -- [--contract NAMES] [--sample N [--seed S]] [--jobs N] [--list] [--out DIR]

  --contract  only these files of contracts/, by name and in this order: ProRata,CrisisFund
  --sample    only so many mutations, drawn at random
  --seed      by which they are drawn (default 1)
  --jobs      how many run at once (default 2)
  --list      says what would be changed, and changes nothing
  --out       the folder for mutation.json (default out)

What is known already is not tried again, so a run that was broken off goes on. Exits 1 if fewer than 95% of the mutations of
a contract that moves money or counts votes are killed, or if test/mutation/explained.json explains what needs none.`;

export interface Options {
  help: boolean;
  /** Names of files of contracts/, without folder and ending; none stands for all. */
  contracts: string[];
  sample: number | undefined;
  seed: number;
  jobs: number;
  list: boolean;
  out: string;
}

const OPTIONS = {
  ...HELP,
  contract: { type: "string", right: "names of contracts like ProRata,CrisisFund" },
  sample: { type: "string", right: "a whole number from 1" },
  seed: { type: "string", right: "a whole number from 1" },
  jobs: { type: "string", default: "2", right: "a whole number from 1" },
  list: { type: "boolean", default: false },
  out: { type: "string", default: "out", right: "a folder" },
} as const;

/** What was asked for on the command line. `known` are the names of the contracts. */
export function readOptions(args: string[], known: readonly string[]): Options {
  const problems: string[] = [];
  const { help, contract, sample, seed, jobs, list, out } = readArguments(args, OPTIONS, problems);
  const number = (name: string, value: string): number => {
    if (!/^[1-9]\d{0,8}$/.test(value)) problems.push(`--${name}: "${value}" is no whole number from 1.`);
    return Number(value);
  };
  const contracts = contract === undefined ? [] : contract.split(",").map((name) => name.trim());
  for (const name of contracts) {
    if (!known.includes(name))
      problems.push(`--contract: there is no "${name}" in contracts/; there are ${known.join(", ")}.`);
  }
  if (seed !== undefined && sample === undefined)
    problems.push("--seed: it says how --sample draws, which is not given.");
  const options = {
    help,
    contracts,
    sample: sample === undefined ? undefined : number("sample", sample),
    seed: number("seed", seed ?? "1"),
    jobs: number("jobs", jobs),
    list,
    out,
  };
  if (problems.length > 0) throw new InputError(...problems);
  return options;
}
