import { statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import type { AllianceMember, AllianceOfYear } from "./alliance.ts";
import { alliancesOfYears } from "./belonging.ts";
import { InputError, byPlace } from "../csv.ts";
import { cannotWrite, folderFault, openFolder } from "../folders.ts";
import { readData } from "./data.ts";
import type { Case, Comparison, Data, Loss } from "./data.ts";
import type { MeasureRow } from "./measures-data.ts";
import { DEFAULTS } from "./options.ts";
import type { Options, Stop } from "./options.ts";
import { readParameters } from "./parameters.ts";
import type { ParameterFile } from "./parameters.ts";
import { filingTime, planFilings } from "./plan.ts";
import type { PlannedFiling } from "./plan.ts";
import type { SolidarityData } from "./solidarity-data.ts";

const PARAMETERS = new URL("../../../deploy/parameters/replay.json5", import.meta.url);
const DATA = new URL("../../data/", import.meta.url);

/** Days of a period and of a year: what a year's budget comes to in a period. */
const PERIOD_DAYS = 90n;
const YEAR_DAYS = 365n;

/** What is written, beside what `--export` asks for. */
const OUTPUT = [
  { name: "replay.json", folder: false },
  { name: "report.html", folder: false },
  { name: "csv", folder: true },
];

/** Where what is replayed was read; undefined where nothing was. */
export interface InputFiles {
  members: string;
  cases: string;
  losses: string;
  trade: string;
  comparisons: string;
  lots: string | undefined;
  purchases: string | undefined;
  compensation: string | undefined;
  measures: string | undefined;
}

/** All that a replay needs to know beforehand. Times in seconds. */
export interface ReplayInput extends SolidarityData {
  from: number;
  to: number;
  genesis: number;
  /** First second after the last year. */
  until: number;
  files: InputFiles;
  /** By year, the founding first. */
  alliances: [AllianceOfYear, ...AllianceOfYear[]];
  /** Everyone who belongs in any year. */
  everMembers: AllianceMember[];
  /** The countries that the members' file lists, by code. */
  names: ReadonlyMap<string, string>;
  cases: Case[];
  losses: Loss[];
  comparisons: Comparison[];
  measures: MeasureRow[];
  /** Why a case is left out, by its id. */
  skipped: ReadonlyMap<string, string>;
  plan: PlannedFiling[];
  stops: Stop[];
  parameters: ParameterFile;
}

/** Reads and checks everything before anything runs. @throws InputError that tells all that is wrong at once */
export function prepare(options: Options): ReplayInput {
  const ours = (name: string) => relative(process.cwd(), fileURLToPath(new URL(name, DATA)));
  const { members, cases, losses, lots, purchases, compensation, measures } = options;
  const given = { members, cases, losses, lots, purchases, compensation, measures };
  const files = { ...given, trade: ours("trade.csv"), comparisons: ours("comparisons.csv") };
  // Who brings only cases of their own leaves the losses of ours beside them.
  const matched = cases === DEFAULTS.cases || losses !== DEFAULTS.losses;
  const ofFiles: string[] = [];
  const data = readData({ ...files, matched }, ofFiles);
  const problems = [...options.problems, ...caseFaults(options, data), ...outFaults(options.out)];

  const alliances = data.belonging ? alliancesOfYears(options, data, problems) : undefined;
  if (ofFiles.length + problems.length > 0 || alliances === undefined) {
    throw new InputError(...byPlace(ofFiles), ...problems);
  }
  openFolder(options.out);
  const { from, to, founding, later, ever } = alliances;
  const parameters = readParameters(PARAMETERS);
  if (options.budget !== undefined) {
    parameters.CrisisInsuranceFund["firstBudget"] = (options.budget * PERIOD_DAYS) / YEAR_DAYS;
  }
  const { officeHour } = parameters.Replay;
  const [genesis, until] = [startOf(from), startOf(to + 1)];
  const skipped = skippedOf(data.cases, { from, to, genesis, until, officeHour });
  const replayed = data.cases.filter(({ id }) => !skipped.has(id));
  return {
    from,
    to,
    genesis,
    until,
    files,
    alliances: [founding, ...later],
    everMembers: ever,
    names: new Map(data.members.countries.map(({ code, name }) => [code, name])),
    cases: data.cases,
    losses: data.losses,
    comparisons: data.comparisons,
    lots: data.lots,
    purchases: data.purchases,
    compensation: data.compensation,
    measures: data.measures,
    skipped,
    plan: planFilings(replayed, data.losses, officeHour),
    stops: options.stops,
    parameters,
  };
}

/** Whether the case that is to be printed in full is among those of the file. */
function caseFaults({ case: asked }: Options, { caseIds }: Data): string[] {
  if (asked === undefined || caseIds?.lacks(asked) !== true) return [];
  const ids = caseIds.list.join(", ");
  return [`--case: ${caseIds.file} has no case "${asked}", but ${ids === "" ? "none" : ids}.`];
}

/** First second of a year. */
function startOf(year: number): number {
  return Date.UTC(year, 0, 1) / 1000;
}

function skippedOf(
  cases: readonly Case[],
  { from, to, genesis, until, officeHour }: Record<"from" | "to" | "genesis" | "until" | "officeHour", number>,
): Map<string, string> {
  const skipped = new Map<string, string>();
  for (const row of cases) {
    if (row.effective < genesis) skipped.set(row.id, `it began before the alliance of ${from}`);
    else if (filingTime(row, officeHour) >= until) skipped.set(row.id, `it would be filed after ${to}`);
  }
  return skipped;
}

/** What the replay finds out must not be lost for want of a place to write it. */
function outFaults(out: string): string[] {
  const fault = folderFault(out);
  if (fault !== undefined) return [cannotWrite("--out", out, fault)];
  const isFolder = (name: string) => statSync(join(out, name), { throwIfNoEntry: false })?.isDirectory();
  return OUTPUT.flatMap(({ name, folder }) => {
    if ((isFolder(name) ?? folder) === folder) return [];
    return [cannotWrite("--out", join(out, name), folder ? "it is not a folder" : "it is a folder")];
  });
}
