// The parameters of a deployment: `deploy/parameters/<network>.json5`, in the shape that Ignition reads.
import { Reader, grouped, isFields, isMissing, readJson5 } from "./input.ts";
import type { Fields } from "./input.ts";

const DAY = 86_400n;
const PPM = 1_000_000n;

/** Every parameter of the root module, as it is deployed. */
export interface FundParameters {
  token: string;
  guardian: string;
  genesis: bigint;
  timelockDelay: bigint;
  votingPeriod: bigint;
  firstBudget: bigint;
  founderCoverDelay: bigint;
  loading: bigint;
  callCap: bigint;
  ceding: bigint;
  attachment: bigint;
  exhaustion: bigint;
  yearlyLimit: bigint;
}

/** The parameters as the file has them: a local chain may leave the token and the second of genesis to the deployment. */
export interface ParameterFile {
  settled: Omit<FundParameters, "token" | "genesis">;
  token: string | undefined;
  genesis: bigint | undefined;
  /** Seconds from the deployment to genesis. */
  genesisIn: bigint | undefined;
  /** What each treasury gets of the test token that a local chain brings. */
  treasuryBalance: bigint | undefined;
}

/** What the contracts allow, and for the delay of cover what a founder would still call cover. */
const BOUNDS = {
  timelockDelay: [2n * DAY, 14n * DAY, "seconds"],
  votingPeriod: [3n * DAY, 14n * DAY, "seconds"],
  firstBudget: [1n, 2n ** 96n - 1n, "units"],
  founderCoverDelay: [0n, 365n * DAY, "seconds"],
  loading: [0n, PPM, "ppm"],
  callCap: [0n, 2n * PPM, "ppm"],
  ceding: [1n, PPM, "ppm"],
  attachment: [0n, PPM - 1n, "ppm"],
  exhaustion: [1n, PPM, "ppm"],
  yearlyLimit: [1n, 2n ** 104n - 1n, "units"],
} as const;

type Bounded = keyof typeof BOUNDS;

export const BOUNDED = Object.keys(BOUNDS) as Bounded[];

const MODULE = "CrisisInsuranceFund";
const TOKEN_MODULE = "LocalToken";
const LATEST_SECOND = 2n ** 48n - 1n;
/** Seconds that a local chain needs at least between deployment and genesis. */
const LEAST_GENESIS_IN = 60n;

export async function readParameters(path: string, problems: string[]): Promise<ParameterFile> {
  return parseParameters(await readJson5(path), problems);
}

export function parseParameters(file: Fields, problems: string[]): ParameterFile {
  const reader = new Reader(problems);
  reader.known("", file, [MODULE, TOKEN_MODULE]);
  const fields = file[MODULE];
  if (!isFields(fields)) problems.push(`${MODULE}: missing; right would be the parameters in braces under this name`);
  const given = isFields(fields) ? fields : {};
  reader.known("", given, ["token", "guardian", "genesis", "genesisIn", ...BOUNDED]);

  const values = boundedOf(reader, given);
  const hasGenesis = !isMissing(given["genesis"]);
  const hasGenesisIn = !isMissing(given["genesisIn"]);
  if (hasGenesis === hasGenesisIn) {
    problems.push(
      hasGenesis
        ? "genesis: given beside genesisIn; right would be one of the two"
        : "genesis: missing; right would be the first second of period 0, in seconds since 1970",
    );
  }
  const local = file[TOKEN_MODULE];
  if (isFields(local)) reader.known(`${TOKEN_MODULE}.`, local, ["treasuryBalance"]);
  const guardian = reader.address("guardian", given["guardian"], "who may stop outgoing transfers once");
  return {
    settled: { ...values, guardian },
    treasuryBalance: isFields(local)
      ? reader.integer("treasuryBalance", local["treasuryBalance"], 1n, 2n ** 96n - 1n, "units")
      : undefined,
    token: isMissing(given["token"]) ? undefined : reader.address("token", given["token"], "the settlement token"),
    genesis: hasGenesis
      ? reader.integer("genesis", given["genesis"], 1n, LATEST_SECOND, "seconds since 1970")
      : undefined,
    genesisIn: hasGenesisIn
      ? reader.integer("genesisIn", given["genesisIn"], LEAST_GENESIS_IN, 365n * DAY, "seconds")
      : undefined,
  };
}

/** Those parameters that are numbers, each within its bounds. */
export function boundedOf(reader: Reader, given: Fields): Record<Bounded, bigint> {
  const values = Object.fromEntries(
    BOUNDED.map((name) => {
      const [least, most, unit] = BOUNDS[name];
      return [name, reader.integer(name, given[name], least, most, unit)];
    }),
  ) as Record<Bounded, bigint>;
  if (values.attachment >= values.exhaustion) {
    reader.problems.push(
      `attachment: ${grouped(values.attachment)} ppm; right would be below exhaustion, which is ${grouped(values.exhaustion)} ppm`,
    );
  }
  return values;
}
