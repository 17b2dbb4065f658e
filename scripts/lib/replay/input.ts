import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

import { alliancesOf, everMembers } from "./alliance.ts";
import type { AllianceMember, AllianceOfYear } from "./alliance.ts";
import { InputError, byPlace } from "../csv.ts";
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

/** Accounts of the chain that can serve members, two for each. */
const MOST_MEMBERS = 220;

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

/** Reads and checks everything before anything runs. */
export function prepare(options: Options): ReplayInput {
  const problems: string[] = [];
  const ours = (name: string) => relative(process.cwd(), fileURLToPath(new URL(name, DATA)));
  const { members, cases, losses, lots, purchases, compensation, measures } = options;
  const given = { members, cases, losses, lots, purchases, compensation, measures };
  const files = { ...given, trade: ours("trade.csv"), comparisons: ours("comparisons.csv") };
  // Who brings only cases of their own leaves the losses of ours beside them.
  const matched = cases === DEFAULTS.cases || losses !== DEFAULTS.losses;
  const data = readData({ ...files, matched }, problems);
  if (problems.length > 0) throw new InputError(...byPlace(problems));
  openFolder(options.out);
  if (options.case !== undefined && !data.cases.some(({ id }) => id === options.case)) {
    const ids = data.cases.map(({ id }) => id).join(", ");
    throw new InputError(`--case: ${cases} has no case "${options.case}", but ${ids === "" ? "none" : ids}.`);
  }

  const { from, to } = yearsOf(options, data);
  const [founding, ...later] = alliancesOf(data, from, to, members);
  if (founding === undefined) throw new Error("An alliance has a first year.");
  const ever = everMembers([founding, ...later]);
  if (ever.length > MOST_MEMBERS) {
    throw new InputError(
      `${members}: ${ever.length} members would join from ${from} to ${to}; a replay has accounts for ${MOST_MEMBERS}.`,
    );
  }
  checkStops(options.stops, ever, from, to);
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

/** First second of a year. */
function startOf(year: number): number {
  return Date.UTC(year, 0, 1) / 1000;
}

/** What was asked for, or as far as the data go: from the year after the first rating to the last of which anything is said. */
function yearsOf(options: Options, { members, cases, losses }: Data): { from: number; to: number } {
  const from = options.from ?? Math.max((members.years[0] ?? 0) + 1, FIRST_YEAR);
  const said = [...cases.map(({ effective }) => effective), ...losses.map(({ until }) => until - 1)];
  const years = said.map((time) => new Date(time * 1000).getUTCFullYear());
  const to = options.to ?? Math.max(from, members.years.at(-1) ?? from, ...years);
  if (to < from) throw new InputError(`--to: ${to} lies before ${from}, the first year that the ratings allow.`);
  return { from, to };
}

/** The deployment lies before the founding, and a chain's time begins in 1970. */
const FIRST_YEAR = 1971;

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

function checkStops(stops: readonly Stop[], ever: readonly AllianceMember[], from: number, to: number): void {
  const problems = stops.flatMap(({ code, from: first, to: last }) => {
    if (!ever.some((member) => member.code === code)) {
      return [`--arrears: ${code} is no member of the alliance from ${from} to ${to}.`];
    }
    return first < from || last > to
      ? [`--arrears: ${code}:${first}-${last} lies outside ${from} to ${to}, the years of the replay.`]
      : [];
  });
  if (problems.length > 0) throw new InputError(...problems);
}

/** What the replay finds out must not be lost for want of a place to write it. */
export function openFolder(folder: string): void {
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
