import { readFileSync } from "node:fs";

import JSON5 from "json5";

import { InputError } from "../csv.ts";
import { Reader, grouped, isFields, isMissing, shown } from "../deployment/input.ts";
import type { Fields } from "../deployment/input.ts";
import { BOUNDED, boundedOf } from "../deployment/parameters.ts";
import { failureOf } from "../failure.ts";
import type { ModuleParameters } from "../replay/parameters.ts";

export const DEFAULT_FILE = "deploy/parameters/simulation.json5";

/** How the members behave. Ratios in ppm, times in seconds; the file tells the meaning of each. */
export interface Behaviour {
  genesis: number;
  deployedBefore: number;
  assessors: number;
  coercers: number;
  exposuresEach: number;
  uncovered: number;
  leastTrade: number;
  mostTrade: number;
  arrears: number;
  longestArrears: number;
  crisis: number;
  crisisShare: number;
  blocked: number;
  unreported: number;
  notice: number;
  awayFor: number;
  budgetStep: number;
  lost: number;
  undecided: number;
  ending: number;
  silent: number;
  reversal: number;
}

/** What gas is taken to cost: ether in dollars, gas and bytes in gwei, the envelope in bytes. */
export interface Prices {
  ether: number;
  mainnet: number;
  blobByte: number;
  envelope: number;
  rollups: { name: string; gas: number; compressed: number }[];
  /** Where each figure of the file is from, and of when. */
  sources: string[];
}

export interface SimulationParameters {
  CrisisInsuranceFund: ModuleParameters;
  Simulation: Behaviour;
  Prices: Prices;
}

const PARTS = ["CrisisInsuranceFund", "Simulation", "Prices"] as const;

const DAY = 86_400n;
const RATIO = [0n, 1_000_000n, "ppm"] as const;

/** Between which the simulation can live: the panel takes 3 to 15 assessors, and there are codes for 676 coercers. */
const BOUNDS: Record<keyof Behaviour, readonly [least: bigint, most: bigint, unit: string]> = {
  genesis: [DAY * 730n, 2n ** 40n - 1n, "seconds since 1970"],
  deployedBefore: [DAY, 365n * DAY, "seconds"],
  assessors: [3n, 15n, "assessors"],
  coercers: [1n, 676n, "coercers"],
  exposuresEach: [1n, 80n, "coercers"],
  uncovered: RATIO,
  leastTrade: [1n, 1_000n, "times a year's contribution"],
  mostTrade: [1n, 1_000n, "times a year's contribution"],
  arrears: RATIO,
  longestArrears: [1n, 400n, "quarters"],
  crisis: RATIO,
  crisisShare: RATIO,
  blocked: RATIO,
  unreported: RATIO,
  notice: RATIO,
  awayFor: [DAY, 36_500n * DAY, "seconds"],
  budgetStep: [0n, 500_000n, "ppm"],
  lost: RATIO,
  undecided: RATIO,
  ending: RATIO,
  silent: RATIO,
  reversal: RATIO,
};
const BEHAVIOUR = Object.keys(BOUNDS) as (keyof Behaviour)[];

const PRICES: (keyof Prices)[] = ["ether", "mainnet", "blobByte", "envelope", "rollups", "sources"];
const ROLLUP = ["name", "gas", "compressed"];
/** In the units of each. */
const HIGHEST_PRICE = 1e9;

/**
 * Reads a file of the shape of `deploy/parameters/simulation.json5`.
 * @throws InputError that tells all that cannot be used
 */
export function readSimulation(file: string): SimulationParameters {
  const fields = fieldsOf(file);
  const reader = new Reader([]);
  reader.known("", fields, PARTS);
  const part = (name: (typeof PARTS)[number]): Fields => {
    const given = fields[name];
    if (isFields(given)) return given;
    throw new InputError(`${file}: ${name}: ${shown(given)}; right would be what ${DEFAULT_FILE} has under this name.`);
  };
  const contracts = part("CrisisInsuranceFund");
  reader.known("CrisisInsuranceFund.", contracts, BOUNDED);
  const parameters = {
    CrisisInsuranceFund: boundedOf(reader, contracts),
    Simulation: behaviourOf(reader, part("Simulation")),
    Prices: pricesIn(reader, part("Prices")),
  };
  if (reader.problems.length > 0) throw new InputError(...reader.problems.map((problem) => `${file}: ${problem}.`));
  return parameters;
}

function fieldsOf(file: string): Fields {
  try {
    const read: unknown = JSON5.parse(readFileSync(file, "utf8"));
    if (isFields(read)) return read;
  } catch (error) {
    throw new InputError(`${file}: ${failureOf(error)}; right would be a file like ${DEFAULT_FILE}.`);
  }
  throw new InputError(`${file}: it has no parameters in braces; right would be a file like ${DEFAULT_FILE}.`);
}

function behaviourOf(reader: Reader, given: Fields): Behaviour {
  reader.known("Simulation.", given, BEHAVIOUR);
  const values = Object.fromEntries(
    BEHAVIOUR.map((name) => [name, Number(reader.integer(name, given[name], ...BOUNDS[name]))]),
  ) as unknown as Behaviour;
  const { leastTrade, mostTrade } = values;
  if (leastTrade > mostTrade) {
    const right = `right would be at most mostTrade, which is ${grouped(BigInt(mostTrade))}`;
    reader.problems.push(`leastTrade: ${grouped(BigInt(leastTrade))}; ${right}`);
  }
  return values;
}

function pricesIn(reader: Reader, given: Fields): Prices {
  reader.known("Prices.", given, PRICES);
  const rollups = reader.list("rollups", given["rollups"]).map((rollup, i) => {
    const where = `rollups[${i}].`;
    reader.known(where, rollup, ROLLUP);
    return {
      name: textOf(reader, `${where}name`, rollup["name"]),
      gas: priceOf(reader, `${where}gas`, rollup["gas"]),
      compressed: Number(reader.integer(`${where}compressed`, rollup["compressed"], ...RATIO)),
    };
  });
  const sources = Array.isArray(given["sources"]) ? (given["sources"] as unknown[]) : [given["sources"]];
  return {
    ether: priceOf(reader, "ether", given["ether"]),
    mainnet: priceOf(reader, "mainnet", given["mainnet"]),
    blobByte: priceOf(reader, "blobByte", given["blobByte"]),
    envelope: Number(reader.integer("envelope", given["envelope"], 0n, 100_000n, "bytes")),
    rollups,
    sources: sources.map((source, i) => textOf(reader, `sources[${i}]`, source)),
  };
}

function priceOf({ problems }: Reader, name: string, value: unknown): number {
  if (typeof value === "number" && value >= 0 && value <= HIGHEST_PRICE) return value;
  problems.push(`${name}: ${shown(value)}; right would be a price like 3000 or 0.5`);
  return 0;
}

function textOf({ problems }: Reader, name: string, value: unknown): string {
  if (typeof value === "string" && !isMissing(value)) return value;
  problems.push(`${name}: ${shown(value)}; right would be text`);
  return "";
}
