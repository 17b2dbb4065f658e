import { relative } from "node:path";
import { fileURLToPath } from "node:url";

import { allianceOf, foundingYear } from "./alliance.ts";
import { InputError } from "./csv.ts";
import { readData } from "./data.ts";
import type { Comparison } from "./data.ts";
import type { Options } from "./options.ts";
import { readParameters } from "./parameters.ts";
import type { ReplayInput } from "./replay.ts";

const PARAMETERS = new URL("../../deploy/parameters/replay.json5", import.meta.url);
const DATA = new URL("../data/", import.meta.url);

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
  const files = { ...options, trade: ours("trade.csv"), comparisons: ours("comparisons.csv") };
  const data = readData(files, problems);
  const one = data.cases.find(({ id }) => id === options.case);
  if (one === undefined && data.cases.length > 0) {
    const ids = data.cases.map(({ id }) => id).join(", ");
    problems.push(`--case: ${options.cases} has no case "${options.case}", but ${ids}.`);
  }
  if (one === undefined || problems.length > 0) throw new InputError(...problems);

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
