import { readFileSync } from "node:fs";

import JSON5 from "json5";

/** Parameters of the deployment module, by name. */
export type ModuleParameters = Record<string, bigint | number | string>;

/** What the replay decides beyond the deployment. Times in seconds, ratios in ppm. */
export interface ReplayParameters {
  deployedBefore: number;
  votingShare: number;
  exposureLead: number;
  reviewTime: number;
  assessors: number;
  campaignTime: number;
  claimTime: number;
  officeHour: number;
}

export interface ParameterFile {
  CrisisInsuranceFund: ModuleParameters;
  Replay: ReplayParameters;
}

/** A big number is written as Ignition expects it: "123n". */
export function readParameters(file: URL): ParameterFile {
  return JSON5.parse(readFileSync(file, "utf8"), (_key, value: unknown) =>
    typeof value === "string" && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
  );
}
