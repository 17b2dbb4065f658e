import { HELP, readArguments } from "../command-line.ts";
import { InputError } from "../csv.ts";
import { count } from "../format.ts";
import { DEFAULT_FILE } from "./parameters.ts";

export const USAGE = `Lives through years of a whole alliance on a chain in this process, and checks the invariants at every year's end.

  npm run simulate -- [--seed N] [--members N] [--years N] [--attacks N] [--out DIR]
                      [--ether USD] [--gas-price GWEI] [--blob-price GWEI] [--parameters FILE]

  --seed         which of the random lives to live: the same seed gives the same chain (default 1)
  --members      States in the alliance, 8 to 208 (default 208)
  --years        how many years of 365 days, 1 to 100 (default 25)
  --attacks      how many attacks are filed in them (default 2000)
  --ether        dollars for one ether
  --gas-price    gwei for a unit of gas on mainnet
  --blob-price   gwei for a byte in a blob of mainnet
  --parameters   the file with these prices and with how members behave (default ${DEFAULT_FILE})
  --out          the folder for simulation.json (default out)`;

export interface Options {
  help: boolean;
  seed: number;
  members: number;
  years: number;
  attacks: number;
  ether: number | undefined;
  gasPrice: number | undefined;
  blobPrice: number | undefined;
  parameters: string;
  out: string;
}

/** What may be given, from least to most. */
const RANGES = {
  seed: [0, 4_294_967_295],
  members: [8, 208],
  years: [1, 100],
  attacks: [0, 100_000],
} as const;

type Whole = keyof typeof RANGES;

function rightNumber(name: Whole): string {
  const [least, most] = RANGES[name];
  return `whole number from ${count(least)} to ${count(most)}`;
}

const whole = (name: Whole, preset: string) =>
  ({ type: "string", default: preset, right: `a ${rightNumber(name)}` }) as const;
const price = { type: "string", right: "a price like 3000 or 0.5" } as const;

const OPTIONS = {
  ...HELP,
  seed: whole("seed", "1"),
  members: whole("members", "208"),
  years: whole("years", "25"),
  attacks: whole("attacks", "2000"),
  ether: price,
  "gas-price": price,
  "blob-price": price,
  parameters: { type: "string", default: DEFAULT_FILE, right: `a file like ${DEFAULT_FILE}` },
  out: { type: "string", default: "out", right: "a folder" },
} as const;

/** What was asked for on the command line. */
export function readOptions(args: string[]): Options {
  const problems: string[] = [];
  const values = readArguments(args, OPTIONS, problems);
  const number = (name: Whole): number => {
    const given = values[name];
    const [least, most] = RANGES[name];
    const value = /^\d{1,10}$/.test(given) ? Number(given) : Number.NaN;
    if (value >= least && value <= most) return value;
    problems.push(`--${name}: "${given}" is no ${rightNumber(name)}.`);
    return least;
  };
  const priceOf = (name: "blob-price" | "ether" | "gas-price"): number | undefined => {
    const given = values[name];
    if (given === undefined) return undefined;
    if (!/^\d{1,9}(\.\d{1,9})?$/.test(given)) problems.push(`--${name}: "${given}" is no price like 3000 or 0.5.`);
    return Number(given);
  };
  const options = {
    help: values.help,
    seed: number("seed"),
    members: number("members"),
    years: number("years"),
    attacks: number("attacks"),
    ether: priceOf("ether"),
    gasPrice: priceOf("gas-price"),
    blobPrice: priceOf("blob-price"),
    parameters: values.parameters,
    out: values.out,
  };
  if (problems.length > 0) throw new InputError(...problems);
  return options;
}
