import { parseArgs } from "node:util";

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

/** What was asked for on the command line. `known` are the names of the contracts. */
export function readOptions(args: string[], known: readonly string[]): Options {
  const { help, contract, sample, seed, jobs, list, out } = parsed(args);
  const problems: string[] = [];
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
  if (out === "") problems.push("--out: nothing is given.");
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

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        help: { type: "boolean", short: "h", default: false },
        contract: { type: "string" },
        sample: { type: "string" },
        seed: { type: "string" },
        jobs: { type: "string", default: "2" },
        list: { type: "boolean", default: false },
        out: { type: "string", default: "out" },
      },
    } as const).values;
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new InputError(`${reason.replace(/\.$/, "")}; --help lists the options.`);
  }
}
