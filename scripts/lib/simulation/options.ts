import { parseArgs } from "node:util";

import { InputError } from "../csv.ts";
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

const text = { type: "string" } as const;

/** What was asked for on the command line. */
export function readOptions(args: string[]): Options {
  const values = parsed(args);
  const problems: string[] = [];
  const whole = (name: "attacks" | "members" | "seed" | "years", least: number, most: number): number => {
    const given = values[name];
    const number = /^\d{1,10}$/.test(given) ? Number(given) : Number.NaN;
    if (number >= least && number <= most) return number;
    problems.push(`--${name}: "${given}" is no whole number from ${least} to ${most}.`);
    return least;
  };
  const price = (name: "blob-price" | "ether" | "gas-price"): number | undefined => {
    const given = values[name];
    if (given === undefined) return undefined;
    if (!/^\d{1,9}(\.\d{1,9})?$/.test(given)) problems.push(`--${name}: "${given}" is no price like 3000 or 0.5.`);
    return Number(given);
  };
  for (const name of ["out", "parameters"] as const) {
    if (values[name] === "") problems.push(`--${name}: nothing is given.`);
  }
  const options = {
    help: values.help,
    seed: whole("seed", 0, 4_294_967_295),
    members: whole("members", 8, 208),
    years: whole("years", 1, 100),
    attacks: whole("attacks", 0, 100_000),
    ether: price("ether"),
    gasPrice: price("gas-price"),
    blobPrice: price("blob-price"),
    parameters: values.parameters,
    out: values.out,
  };
  if (problems.length > 0) throw new InputError(...problems);
  return options;
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        help: { type: "boolean", default: false, short: "h" },
        seed: { ...text, default: "1" },
        members: { ...text, default: "208" },
        years: { ...text, default: "25" },
        attacks: { ...text, default: "2000" },
        ether: text,
        "gas-price": text,
        "blob-price": text,
        parameters: { ...text, default: DEFAULT_FILE },
        out: { ...text, default: "out" },
      },
    } as const).values;
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new InputError(`${reason.replace(/\.$/, "")}; --help lists the options.`);
  }
}
