import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

import { allianceOf, foundingYear } from "./alliance.ts";
import { InputError, byPlace } from "./csv.ts";
import { readData } from "./data.ts";
import type { Case, Comparison } from "./data.ts";
import { DEFAULTS } from "./options.ts";
import type { Options } from "./options.ts";
import { readParameters } from "./parameters.ts";
import type { ReplayInput } from "./replay.ts";

const PARAMETERS = new URL("../../../deploy/parameters/replay.json5", import.meta.url);
const DATA = new URL("../../data/", import.meta.url);

/** Days of a period and of a year: what a year's budget comes to in a period. */
const PERIOD_DAYS = 90n;
const YEAR_DAYS = 365n;

export interface Prepared {
  input: ReplayInput;
  comparisons: Comparison[];
}

/** Reads and checks everything before anything runs. */
export function prepare(options: Options): Prepared {
  const problems: string[] = [];
  const ours = (name: string) => relative(process.cwd(), fileURLToPath(new URL(name, DATA)));
  // Who brings only cases of their own leaves the losses of ours beside them.
  const matched = options.cases === DEFAULTS.cases || options.losses !== DEFAULTS.losses;
  const files = { ...options, trade: ours("trade.csv"), comparisons: ours("comparisons.csv"), matched };
  const data = readData(files, problems);
  if (problems.length > 0) throw new InputError(...byPlace(problems));
  openFolder(options.out);
  const one = caseOf(data.cases, options);
  if (!data.members.countries.some(({ code }) => code === one.member)) {
    throw new InputError(`--case: ${one.id} is of ${one.member}, which ${options.members} does not list.`);
  }

  const parameters = readParameters(PARAMETERS);
  const year = options.from ?? foundingYear(one, data.members, parameters.Replay.latestFounding);
  if (Date.UTC(year, 0, 1) / 1000 > Math.min(one.announced, one.effective)) {
    throw new InputError(`--from: ${one.id} began before the alliance of ${year}; found it in an earlier year.`);
  }
  const alliance = allianceOf(data, year, options.members);
  if (options.budget !== undefined) {
    parameters.CrisisInsuranceFund["firstBudget"] = (options.budget * PERIOD_DAYS) / YEAR_DAYS;
  }
  const losses = data.losses.filter((loss) => loss.case === one.id);
  return { input: { alliance, case: one, losses, parameters }, comparisons: data.comparisons };
}

/** What the replay finds out must not be lost for want of a place to write it. */
function openFolder(folder: string): void {
  try {
    if (!existsSync(folder)) mkdirSync(folder);
    accessSync(folder, constants.W_OK);
    if (!statSync(folder).isDirectory()) throw new Error("it is not a folder");
  } catch (error) {
    throw new InputError(
      `--out: cannot write into ${folder}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function caseOf(cases: Case[], { case: asked, cases: file }: Options): Case {
  const one = cases.find(({ id }) => id === (asked ?? DEFAULTS.case));
  if (one !== undefined) return one;
  const [only] = cases;
  if (asked === undefined && only !== undefined && cases.length === 1) return only;
  const ids = cases.map(({ id }) => id).join(", ");
  throw new InputError(`--case: ${file} has no case "${asked ?? DEFAULTS.case}", but ${ids}.`);
}
