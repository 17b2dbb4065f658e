import { HELP, readArguments } from "../command-line.ts";
import { FORMATS, RIGHT_FORMATS, formatsOf } from "../export/formats.ts";
import type { Format } from "../export/formats.ts";
import { decimal } from "../csv.ts";

export const DEFAULTS = {
  cases: "scripts/data/cases.csv",
  losses: "scripts/data/losses.csv",
  members: "scripts/data/members.csv",
};

const OUT = "out";

/** They belong to the cases above, and are read only with them. */
const OF_SHIPPED_CASES = {
  lots: "scripts/data/lots.csv",
  purchases: "scripts/data/purchases.csv",
  compensation: "scripts/data/compensation.csv",
  measures: "scripts/data/measures.csv",
};

const OPTIONAL = ["lots", "purchases", "compensation", "measures"] as const;

export const USAGE = `Replays the history of an alliance and of all cases against it on a ledger founded for it in this process.

  npm start -- [OPTION]...

What is replayed:
  --from YEAR           the year in which the alliance is founded (default: the first that the ratings allow)
  --to YEAR             the last year (default: the last that ratings, cases or losses speak of)
  --budget USD          what the alliance asks of all members a year (default: as in deploy/parameters/replay.json5)
  --arrears CODE:YEAR-YEAR   a member that stops paying from the first to the last of these years, like ITA:2015-2017;
                        may be repeated, or a list with commas

Its data, files of the shape of those in scripts/data (default: those; the last four only with the cases of that folder):
  --cases FILE          who was attacked, by whom and how
  --losses FILE         what was lost
  --members FILE        ratings and shares of the UN scale
  --lots FILE           what was offered
  --purchases FILE      what was bought of it
  --compensation FILE   who at home is compensated
  --measures FILE       what members did together

What is told of it:
  --case ID             the case to print in full, ballot by ballot (default: the last of the file that was recognised)
  --out DIR             the folder for report.html, replay.json and csv, which is made if need be (default: out)
  --export FORMATS      also writes the fund's journal there, in some of ${FORMATS.join(",")}
  --json                prints the record as JSON instead of the report; progress goes to standard error either way
  --no-charts           writes report.html with its tables only
  --audit               audits the chain of the replay in the end, as anybody could, with every proof that there is`;

/** A member that is made to stop paying, with the first and last year of it. */
export interface Stop {
  code: string;
  from: number;
  to: number;
}

export interface Options {
  help: boolean;
  /** NaN if what was given is no year. */
  from: number | undefined;
  to: number | undefined;
  /** In base units a year. */
  budget: bigint | undefined;
  stops: Stop[];
  cases: string;
  losses: string;
  members: string;
  lots: string | undefined;
  purchases: string | undefined;
  compensation: string | undefined;
  measures: string | undefined;
  /** Which case is printed in full. */
  case: string | undefined;
  out: string;
  json: boolean;
  /** In which formats the fund's journal is written, besides. */
  export: Format[];
  charts: boolean;
  /** Whether the chain is audited in the end. */
  audit: boolean;
  /** What is wrong with what was given, to be told together with what is wrong in the files. */
  problems: string[];
}

const LEAST_BUDGET = 1_000_000n;
const MOST_BUDGET = 10n ** 18n;

const YEAR = "from 1971 to 2999";
const BUDGET = "from 1 to 1,000,000,000,000";

const flag = { type: "boolean", default: false } as const;
const text = (right: string) => ({ type: "string", right }) as const;
const file = (name: string) => text(`a file like scripts/data/${name}.csv`);

const OPTIONS = {
  ...HELP,
  from: text(`a year ${YEAR}`),
  to: text(`a year ${YEAR}`),
  budget: text(`a yearly amount in dollars ${BUDGET}`),
  arrears: { ...text("a member with its years, like ITA:2015-2017,"), multiple: true },
  cases: { ...file("cases"), default: DEFAULTS.cases },
  losses: { ...file("losses"), default: DEFAULTS.losses },
  members: { ...file("members"), default: DEFAULTS.members },
  lots: file("lots"),
  purchases: file("purchases"),
  compensation: file("compensation"),
  measures: file("measures"),
  case: text("the id of a case"),
  out: { ...text("a folder"), default: OUT },
  json: flag,
  export: text(RIGHT_FORMATS),
  "no-charts": flag,
  audit: flag,
} as const;

/** What was asked for on the command line. @throws InputError if it holds something else than options */
export function readOptions(args: string[]): Options {
  const problems: string[] = [];
  const values = readArguments(args, OPTIONS, problems);
  const [from, to] = [yearOf("from", values.from, problems), yearOf("to", values.to, problems)];
  if (from !== undefined && to !== undefined && to < from) {
    problems.push(`--to: ${to} lies before ${from}, the year of --from.`);
  }
  const { budget } = values;
  const units = budget === undefined ? undefined : decimal(budget.replaceAll(/[,_]/g, ""), 6);
  if (budget !== undefined && (units === undefined || units < LEAST_BUDGET || units > MOST_BUDGET)) {
    problems.push(`--budget: "${budget}" is no yearly amount in dollars; one ${BUDGET} would be right.`);
  }
  const stops = (values.arrears ?? []).flatMap((list) =>
    list.split(",").flatMap((one) => stopOf(one.trim(), problems) ?? []),
  );
  const { help, cases, losses, members, out, json, audit } = values;
  const { lots, purchases, compensation, measures } = {
    ...(cases === DEFAULTS.cases ? OF_SHIPPED_CASES : {}),
    ...given(values),
  };
  if (purchases !== undefined && lots === undefined) {
    problems.push("--purchases: what was offered is unknown; --lots gives the file that tells it.");
  }
  const formats = values.export === undefined ? [] : formatsOf(values.export, "--export", problems);
  const files = { cases, losses, members, lots, purchases, compensation, measures };
  const charts = !values["no-charts"];
  return {
    help,
    from,
    to,
    budget: units,
    stops,
    ...files,
    case: values.case,
    out,
    json,
    charts,
    audit,
    export: formats,
    problems,
  };
}

/** Those of the optional files that are named. */
function given(values: Partial<typeof OF_SHIPPED_CASES>): Partial<typeof OF_SHIPPED_CASES> {
  return Object.fromEntries(OPTIONAL.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]));
}

function yearOf(name: string, given: string | undefined, problems: string[]): number | undefined {
  if (given === undefined) return undefined;
  if (/^(19(7[1-9]|[89]\d)|2\d{3})$/.test(given)) return Number(given);
  problems.push(`--${name}: "${given}" is no year; one ${YEAR} would be right.`);
  return NaN;
}

function stopOf(given: string, problems: string[]): Stop | undefined {
  const match = /^([A-Z]{3}):(\d{4})(?:-(\d{4}))?$/.exec(given);
  const [, code = "", first, last = first] = match ?? [];
  if (match === null || Number(last) < Number(first)) {
    problems.push(`--arrears: "${given}" is no member with its first and last year of arrears, like ITA:2015-2017.`);
    return undefined;
  }
  return { code, from: Number(first), to: Number(last) };
}
