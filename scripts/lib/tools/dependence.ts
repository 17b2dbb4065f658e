// How much the alliance depends on each coercer, by the trade that the CoverageBook registers, and what that adds to weights.
import { INTERFACES } from "../events/bindings.ts";
import { codeOf } from "../replay/chain.ts";
import { InputError } from "../csv.ts";
import { percent, table } from "../format.ts";
import type { Desk } from "./desk.ts";
import { timeText } from "./refusals.ts";
import { PPM, logsOf, scaleEvents, weightBy } from "./weights.ts";

/** Trade of one member with one coercer. `baseline` in base units a year, `dependence` and `adds` in ppm. */
export interface PairDependence {
  member: string;
  coercer: string;
  baseline: bigint;
  /** Share of the member's trade. */
  dependence: bigint;
  /** What the pair alone adds to the member's weight. */
  adds: bigint;
}

/** A member's weight as `setScale` would work it out from its exposures, all in ppm. */
export interface MemberDependence {
  member: string;
  capacity: bigint;
  /** Share of its trade with all coercers together, at most the whole. */
  dependence: bigint;
  /** Its weight without any dependence, and what its exposures add. */
  without: bigint;
  adds: bigint;
  /** Its weight as the council has set it. */
  weight: bigint;
}

export interface CoercerDependence {
  coercer: string;
  members: number;
  baseline: bigint;
  /** The members' shares of trade, averaged by their capacity to pay, members without an exposure counting as none. */
  dependence: bigint;
}

export interface Dependence {
  /** Exposures and weights are those of this second. */
  time: bigint;
  loading: bigint;
  coercers: CoercerDependence[];
  members: MemberDependence[];
  pairs: PairDependence[];
}

/**
 * Reads the dependence at a block, or with the state of now at a time: exposures are registered with the time from which they
 * hold, so a time ahead shows what is on its way.
 */
export async function readDependence(
  desk: Desk,
  when: { block?: number | undefined; time?: bigint | undefined } = {},
): Promise<Dependence> {
  const { coverage, ledger, registry } = desk.contracts;
  const block = await desk.provider.getBlock(when.block ?? "latest");
  if (block === null) throw new InputError(`--block: the chain has no block ${when.block ?? 0}.`);
  const at = { blockTag: block.number };
  const time = when.time ?? BigInt(block.timestamp);
  const { loading } = await ledger.terms(at);
  const genesis = await registry.genesis(at);
  const period = time <= genesis ? 0n : (time - genesis) / ((await ledger.periodStart(1n, at)) - genesis);

  const places = await scaleEvents(desk, block.number);
  const pairs: PairDependence[] = [];
  for (const [code, coercer] of await registeredPairs(desk, block.number)) {
    const { baseline, dependence } = await coverage.exposureAt(code, coercer, time, at);
    if (baseline === 0n) continue;
    const capacity = places.get(code)?.capacity ?? 0n;
    const adds = weightBy(capacity, dependence, loading) - weightBy(capacity, 0n, loading);
    pairs.push({ member: codeOf(code), coercer: codeOf(coercer), baseline, dependence, adds });
  }
  const members: MemberDependence[] = [];
  for (const [code, { capacity }] of places) {
    if (!(await registry.isMember(code, at))) continue;
    const member = codeOf(code);
    const sum = pairs.filter((pair) => pair.member === member).reduce((all, pair) => all + pair.dependence, 0n);
    const dependence = sum < PPM ? sum : PPM;
    const without = weightBy(capacity, 0n, loading);
    const adds = weightBy(capacity, dependence, loading) - without;
    members.push({ member, capacity, dependence, without, adds, weight: await ledger.weightOf(code, period, at) });
  }
  members.sort((a, b) => (a.member < b.member ? -1 : 1));
  return { time, loading, coercers: byCoercer(pairs, members), members, pairs };
}

/** The tables of a terminal. */
export function dependenceLines({ time, loading, coercers, members }: Dependence, desk: Desk): string[] {
  if (coercers.length === 0) return [`No trade with any coercer is registered for ${timeText(time)}.`];
  return [
    `Registered trade at ${timeText(time)}; full dependence raises a weight by ${percent(loading)}`,
    "",
    ...table(
      ["coercer", "members", "trade a year", "share of the alliance's trade"],
      coercers.map((c) => [c.coercer, String(c.members), desk.money.show(c.baseline), percent(c.dependence)]),
    ),
    "",
    ...table(
      ["member", "capacity", "dependence", "weight without", "adds", "weight set"],
      members.map((m) => [m.member, ...[m.capacity, m.dependence, m.without, m.adds, m.weight].map(percent)]),
    ),
  ];
}

/** A line for every pair of member and coercer: amounts in base units, shares in ppm. */
export function dependenceCsv({ pairs }: Dependence): string[] {
  const rows = pairs.map((p) => [p.member, p.coercer, p.baseline, p.dependence, p.adds].join(","));
  return ["member,coercer,baseline,dependence,adds", ...rows];
}

function byCoercer(pairs: readonly PairDependence[], members: readonly MemberDependence[]): CoercerDependence[] {
  const capacities = new Map(members.map(({ member, capacity }) => [member, capacity]));
  const all = members.reduce((sum, { capacity }) => sum + capacity, 0n);
  return [...new Set(pairs.map(({ coercer }) => coercer))]
    .map((coercer) => {
      const those = pairs.filter((pair) => pair.coercer === coercer);
      const weighed = those.reduce((sum, p) => sum + p.dependence * (capacities.get(p.member) ?? 0n), 0n);
      const baseline = those.reduce((sum, pair) => sum + pair.baseline, 0n);
      return { coercer, members: those.length, baseline, dependence: all === 0n ? 0n : weighed / all };
    })
    .sort((a, b) => Number(b.dependence - a.dependence) || (a.coercer < b.coercer ? -1 : 1));
}

/** Every pair that was ever registered, by code. */
async function registeredPairs(desk: Desk, toBlock: number): Promise<[string, string][]> {
  const { coverage } = desk.contracts;
  const topic = INTERFACES.coverage.getEvent("ExposureSet")?.topicHash ?? "";
  const logs = await logsOf(desk, await coverage.getAddress(), topic, toBlock);
  const pairs = new Set(logs.map(({ topics }) => `${(topics[1] ?? "").slice(0, 8)} ${(topics[2] ?? "").slice(0, 8)}`));
  return [...pairs].sort().map((pair) => pair.split(" ") as [string, string]);
}
