import { parseArgs } from "node:util";

import { InputError, decimal } from "./csv.ts";

export const DEFAULTS = {
  case: "LTU-2021",
  cases: "scripts/data/cases.csv",
  losses: "scripts/data/losses.csv",
  members: "scripts/data/members.csv",
};

export const USAGE = `Replays a case on a ledger founded for it in this process.

  npm start -- [--case ID] [--from YEAR] [--budget USD_PER_YEAR] [--out DIR]
               [--cases FILE] [--losses FILE] [--members FILE]

  --case     which case of the cases' file (default ${DEFAULTS.case}, or the only one of the file)
  --from     the year in which the alliance is founded (default 2019, or for an older case the year before it)
  --budget   what the alliance asks of all members a year, in dollars (default as in deploy/parameters/replay.json5)
  --out      the folder for replay.json (default out)
  --cases, --losses, --members   files of the shape of those in scripts/data`;

export interface Options {
  help: boolean;
  /** The default, or the only case of the file, if none was asked for. */
  case: string | undefined;
  from: number | undefined;
  /** In base units a year. */
  budget: bigint | undefined;
  out: string;
  cases: string;
  losses: string;
  members: string;
}

const text = (value?: string) => ({ type: "string", ...(value === undefined ? {} : { default: value }) }) as const;

/** What was asked for on the command line. */
export function readOptions(args: string[]): Options {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        help: { type: "boolean", short: "h", default: false },
        case: text(),
        from: text(),
        budget: text(),
        out: text("out"),
        cases: text(DEFAULTS.cases),
        losses: text(DEFAULTS.losses),
        members: text(DEFAULTS.members),
      },
    }));
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new InputError(`${reason.replace(/\.$/, "")}; --help lists the options.`);
  }
  const problems: string[] = [];
  const { from, budget, help } = values;
  if (from !== undefined && !/^(19[7-9]\d|2\d{3})$/.test(from))
    problems.push(`--from: "${from}" is no year from 1970 on.`);
  const units = budget === undefined ? undefined : decimal(budget.replaceAll(/[,_]/g, ""), 6);
  if (budget !== undefined && (units === undefined || units < LEAST_BUDGET || units > MOST_BUDGET)) {
    problems.push(`--budget: "${budget}" is no yearly amount in dollars between 1 and a trillion.`);
  }
  for (const name of ["case", "out", "cases", "losses", "members"] as const) {
    if (values[name] === "") problems.push(`--${name}: nothing is given.`);
  }
  if (problems.length > 0) throw new InputError(...problems);
  return {
    help,
    case: values.case,
    from: from === undefined ? undefined : Number(from),
    budget: units,
    out: String(values.out),
    cases: String(values.cases),
    losses: String(values.losses),
    members: String(values.members),
  };
}

const LEAST_BUDGET = 1_000_000n;
const MOST_BUDGET = 10n ** 18n;
