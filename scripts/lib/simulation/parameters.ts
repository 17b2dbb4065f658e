import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { InputError } from "../csv.ts";
import { readParameters } from "../replay/parameters.ts";
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

/** Reads a file of the shape of `deploy/parameters/simulation.json5`. */
export function readSimulation(file: string): SimulationParameters {
  try {
    const read = readParameters(pathToFileURL(resolve(file))) as unknown as Partial<SimulationParameters>;
    const { CrisisInsuranceFund, Simulation, Prices } = read;
    if (CrisisInsuranceFund && Simulation && Prices) return { CrisisInsuranceFund, Simulation, Prices };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`${file}: ${reason}; right would be a file like ${DEFAULT_FILE}.`);
  }
  throw new InputError(`${file}: it lacks one of CrisisInsuranceFund, Simulation and Prices; ${DEFAULT_FILE} has all.`);
}
