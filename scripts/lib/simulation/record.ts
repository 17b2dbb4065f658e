import type { Audit } from "./audit.ts";
import { INVARIANTS } from "./invariants.ts";
import { OPERATIONS } from "./gas.ts";
import type { Operation, Tally } from "./gas.ts";
import type { Prices } from "./parameters.ts";
import { marketsOf } from "./prices.ts";
import type { Market } from "./prices.ts";
import type { Simulation, Size } from "./simulation.ts";

/** What one operation came to, in all years together. Gas in units, costs in dollars by market. */
export interface Line {
  operation: Operation;
  words: string;
  payer: string;
  count: number;
  gas: number;
  most: number;
  bytes: number;
  cost: Record<string, number>;
}

/** `out/simulation.json`: what was lived through, what was checked, and what it cost. */
export interface SimulationRecord {
  seed: number;
  members: number;
  years: number;
  /** Filed. */
  attacks: number;
  /** Of the chain at the end. */
  stateRoot: string;
  /** How often each thing came about. */
  happened: Record<string, number>;
  /** Deploying all contracts and founding the alliance, once. */
  founding: { gas: number };
  operations: Line[];
  /** By year: all gas, and how many transactions. */
  ofYears: { year: number; transactions: number; gas: number }[];
  /** The transaction that took the most gas. */
  dearest: { operation: Operation; gas: number } | undefined;
  prices: Prices;
  invariants: {
    /** What is checked of each, by its number. */
    checked: Readonly<Record<number, string>>;
    years: readonly Audit[];
  };
}

/** All that there is to tell of a simulation. */
export function recordOf(
  { audits, filed, founding, scene, stateRoot }: Simulation,
  size: Size,
  prices: Prices,
): SimulationRecord {
  const { gas } = scene.office;
  const markets = marketsOf(prices);
  const { seed, members, years } = size;
  return {
    seed,
    members,
    years,
    attacks: filed,
    stateRoot,
    happened: Object.fromEntries([...scene.happened.counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    founding: { gas: founding },
    operations: [...gas.all]
      .map(([operation, tally]) => lineOf(operation, tally, markets))
      .sort((a, b) => b.gas - a.gas),
    ofYears: [...gas.years].map(([year, tallies]) => {
      const sum = (of: (tally: Tally) => number) => [...tallies.values()].reduce((total, one) => total + of(one), 0);
      return { year, transactions: sum(({ count }) => count), gas: sum((one) => one.gas) };
    }),
    dearest: gas.dearest,
    prices,
    invariants: { checked: INVARIANTS, years: audits },
  };
}

function lineOf(operation: Operation, { bytes, count, gas, most }: Tally, markets: readonly Market[]): Line {
  const { words, payer } = OPERATIONS[operation];
  const cost = Object.fromEntries(markets.map(({ name, costOf }) => [name, costOf({ bytes, count, gas })]));
  return { operation, words, payer, count, gas, most, bytes, cost };
}
