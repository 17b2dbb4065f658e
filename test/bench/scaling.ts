import type { Growth, GrowthRow } from "../../scripts/lib/bench/growth.ts";
import type { Dimension } from "../../scripts/lib/bench/options.ts";
import { DEFAULT_STATES, MILLION, PERIOD, hash, payAll, recognisedAttack } from "../support/alliance.ts";
import type { Alliance } from "../support/alliance.ts";
import { coveredAlliance, expose } from "../support/attacks.ts";
import { fromHere, moveTo } from "../support/chain.ts";
import type { Connection } from "../support/chain.ts";
import { codesOf, openVote, setVote } from "../support/council.ts";
import { setBudget, setScale } from "../support/ledger.ts";
import {
  admitSecondPartner,
  ballot,
  collectDeferred,
  collectLater,
  decidingBallot,
  fileAgain,
  lastReport,
  payWhileClear,
  payWorkedOut,
} from "../support/operations.ts";
import { Act } from "./chamber.ts";
import type { DecisionCosts } from "./chamber.ts";
import type { Notice } from "./compare.ts";
import { chamberOf } from "./governors.ts";

interface Probe {
  operation: string;
  measure: (a: Alliance) => Promise<bigint>;
  /** In how many histories it searches, rather than finding the newest at once. */
  lookups?: number;
}

/** What is measured at every size. */
const PROBES: Probe[] = [
  // The electorate.
  { operation: "propose one act", measure: async (a) => (await decision(a)).propose, lookups: 1 },
  { operation: "queue and execute", measure: async (a) => (await decision(a)).queueAndExecute },
  { operation: "a ballot", measure: async (a) => await ballot(a, await openVote(a), 0) },
  { operation: "pay in while clear", measure: (a) => payWhileClear(a) },
  // The weights, and the budgets at both ends of a weight.
  { operation: "pay in, the debt worked out", measure: payWorkedOut, lookups: 3 },
  // Trade on joining and three years before, what was asked, and the electorate.
  { operation: "file an attack and open the vote", measure: fileAgain, lookups: 4 },
  // The weights, one of which is to change.
  { operation: "the deciding ballot, recognition included", measure: decidingBallot, lookups: 1 },
  { operation: "the last report, award and payment included", measure: lastReport },
  { operation: "collect a deferred payment", measure: collectDeferred },
  { operation: "collect what later money paid", measure: collectLater },
  { operation: "admit a Partner", measure: admitSecondPartner },
];

/** What the council's second decision costs. */
async function decision(a: Alliance): Promise<DecisionCosts> {
  const chamber = await chamberOf(a, await Act.on(a.connection));
  await chamber.decide("transactions");
  return await chamber.decide("transactions");
}

interface Way {
  sizes: readonly number[];
  /** An alliance of that size in which everybody is clear and covered. */
  found: (connection: Connection, size: number) => Promise<Alliance>;
  /** Whether histories grow. */
  histories: boolean;
}

const WAYS: Record<Dimension, Way> = {
  seats: { sizes: [10, 50, 100, 208], found: ofSeats, histories: false },
  periods: { sizes: [4, 40, 400], found: ofPeriods, histories: true },
  attacks: { sizes: [1, 20, 200], found: ofAttacks, histories: false },
};

/** Measures the operations while one thing grows. */
export async function scaling(
  connection: Connection,
  dimension: Dimension,
  notice: Notice,
  sizes: readonly number[] = WAYS[dimension].sizes,
): Promise<Growth> {
  const { found, histories } = WAYS[dimension];
  const rows = PROBES.map(({ operation, lookups = 0 }): GrowthRow => {
    return { operation, lookups: histories ? lookups : 0, gas: [] };
  });
  for (const size of sizes) {
    notice(`${size} ${dimension}`);
    const apart = await fromHere(connection);
    await apart(async () => {
      const a = await found(connection, size);
      const each = await fromHere(connection);
      for (const [i, { measure }] of PROBES.entries()) rows[i]!.gas.push(await each(() => measure(a)));
    });
  }
  return { dimension, sizes, rows };
}

async function ofSeats(connection: Connection, seats: number): Promise<Alliance> {
  return await coveredAlliance(connection, { states: codesOf(seats), partners: [] });
}

/**
 * In every period the budget changes and everybody pays; every year all report, and one's weight and
 * trade change, and another's vote rests for a moment.
 */
async function ofPeriods(connection: Connection, periods: number): Promise<Alliance> {
  const a = await coveredAlliance(connection);
  const [changing, resting] = [a.states[0]!, a.states.at(-1)!];
  for (let period = 3; period <= periods; ++period) {
    await setBudget(a, period, (100n - BigInt(period % 2)) * MILLION);
    await moveTo(a, a.genesis + BigInt(period) * PERIOD);
    if (period % 4 === 0) {
      await setScale(a, changing.code, 125_000 - 1_000 * ((period / 4) % 2));
      await expose(a, changing, "CHN", 200n * MILLION);
      for (const suspended of [true, false]) await setVote(a, resting, suspended);
      for (const { code, delegate } of a.members) {
        await a.registry.connect(delegate).fileReport(code, hash("report"), "ipfs://report");
      }
    }
    await payAll(a);
  }
  return a;
}

/** All are recognised and open, those of each State by different coercers. */
async function ofAttacks(connection: Connection, attacks: number): Promise<Alliance> {
  const a = await coveredAlliance(connection);
  const coercers = codesOf(Math.ceil(attacks / DEFAULT_STATES.length));
  for (let i = 0; i < attacks; ++i) {
    const coercer = coercers[Math.floor(i / a.states.length)]!;
    await recognisedAttack(a, a.states[i % a.states.length]!, { coercer });
  }
  return a;
}
