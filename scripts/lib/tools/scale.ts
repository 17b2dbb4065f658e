// A new scale from a CSV file, as the proposal that the council votes on.
import { toBytes3 } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import { codeOf } from "../replay/chain.ts";
import { InputError, byPlace, readTable } from "../csv.ts";
import { count, percent, table } from "../format.ts";
import { callText } from "./decoding.ts";
import type { Desk } from "./desk.ts";
import { carryOut } from "./transactions.ts";
import { CEILING, FLOOR, PPM, scaleEvents, unboundedWeight, weightBy } from "./weights.ts";

const COLUMNS = ["member", "capacity", "dependence"] as const;

/** A member's weight before and after, in ppm. */
export interface WeightChange {
  member: string;
  before: bigint;
  after: bigint;
  /** Which bound of the code the weight was put to. */
  bound: "floor" | "ceiling" | undefined;
}

export interface ScaleProposal {
  changes: WeightChange[];
  /** Of all members, those included that the file does not name, in ppm. */
  sumBefore: bigint;
  sumAfter: bigint;
  targets: string[];
  calldatas: string[];
  description: string;
}

interface Entry {
  code: string;
  capacity: bigint;
  dependence: bigint;
}

/**
 * Builds the proposal from a file with the columns member, capacity and dependence, both in ppm.
 * @throws InputError that names every bad cell, every unknown member, and a sum of weights above the whole
 */
export async function buildScale(desk: Desk, file: string, description?: string): Promise<ScaleProposal> {
  const { ledger, registry } = desk.contracts;
  const problems: string[] = [];
  const entries = await readEntries(desk, file, problems);
  const { loading } = await ledger.terms();
  const started = BigInt((await desk.provider.getBlock("latest"))?.timestamp ?? 0) >= (await registry.genesis());
  // Before genesis a scale holds from period 0, afterwards from the next period on.
  const period = started ? (await ledger.currentPeriod()) + 1n : 0n;
  const weights = new Map<string, bigint>();
  for (const code of (await scaleEvents(desk, await desk.provider.getBlockNumber())).keys()) {
    weights.set(code, await ledger.weightOf(code, period));
  }
  const sum = () => [...weights.values()].reduce((all, weight) => all + weight, 0n);
  const sumBefore = sum();
  const changed = entries.map((entry) => {
    const before = weights.get(entry.code) ?? 0n;
    const after = weightBy(entry.capacity, entry.dependence, loading);
    weights.set(entry.code, after);
    return { entry, before, after, bound: boundOf(unboundedWeight(entry.capacity, entry.dependence, loading)) };
  });
  const sumAfter = sum();
  if (sumAfter > PPM) {
    problems.push(
      `${file}, line 1, column capacity: all weights would come to ${percent(sumAfter)}; at most 100% would be right, with the members that the file does not name.`,
    );
  }
  if (problems.length > 0) throw new InputError(...byPlace(problems));

  // Each call is checked by itself, so weights that fall come first: then no sum on the way exceeds the last or the first.
  const ordered = changed.toSorted((a, b) => Number(a.after - a.before - (b.after - b.before)));
  const most = Number(await ledger.SCALES_A_CALL());
  const calldatas: string[] = [];
  for (let first = 0; first < ordered.length; first += most) {
    const scales = ordered.slice(first, first + most).map(({ entry: { code, capacity, dependence } }) => ({
      code,
      capacity,
      dependence,
    }));
    calldatas.push(ledger.interface.encodeFunctionData("setScales", [scales]));
  }
  const target = await ledger.getAddress();
  return {
    changes: changed.map(({ entry, before, after, bound }) => ({ member: codeOf(entry.code), before, after, bound })),
    sumBefore,
    sumAfter,
    targets: calldatas.map(() => target),
    calldatas,
    description: description ?? `Set the scale of ${entries.length} members from period ${period} on`,
  };
}

/** Weights before and after, and the proposal as its wallet needs it. */
export function scaleLines(desk: Desk, proposal: ScaleProposal): string[] {
  const { changes, sumBefore, sumAfter, targets, calldatas, description } = proposal;
  return [
    ...table(
      ["member", "before", "after", "bound"],
      [
        ...changes.map(({ member, before, after, bound }) => [member, percent(before), percent(after), bound ?? ""]),
        ["all members", percent(sumBefore), percent(sumAfter), ""],
      ],
    ),
    `description: ${description}`,
    ...calldatas.flatMap((data, i) => {
      const target = targets[i] ?? "";
      return [
        `action ${i + 1}: ${callText(desk, target, data)}`,
        `  target:   ${target}`,
        "  value:    0",
        `  calldata: ${data}`,
      ];
    }),
  ];
}

/** Proposes it by the delegate of a seat. Tells the proposal's id; undefined if it was printed only. */
export async function proposeScale(
  desk: Desk,
  { targets, calldatas, description }: ScaleProposal,
  from: string,
): Promise<bigint | undefined> {
  const { council } = desk.contracts;
  const values = targets.map(() => 0n);
  const call = council.propose.populateTransaction(targets, values, calldatas, description);
  const events = await carryOut(desk, { from, as: "the delegate that would propose", call });
  const created = events.find(({ name }) => name === "ProposalCreated");
  if (created?.name !== "ProposalCreated") return undefined;
  const { proposalId } = created.args;
  desk.say(`proposal ${proposalId} is open for votes: npx hardhat fund vote --proposal ${proposalId} --support for`);
  return proposalId;
}

async function readEntries(desk: Desk, file: string, problems: string[]): Promise<Entry[]> {
  const { rows } = readTable(file, COLUMNS, problems);
  const lines = new Map<string, number>();
  const entries: Entry[] = [];
  for (const row of rows) {
    const member = row.code("member");
    const [capacity, dependence] = (["capacity", "dependence"] as const).map((column) => {
      const share = row.decimal(column, 0);
      if (share > PPM) row.fault(column, `${count(share)} ppm is more than the whole, which is ${count(PPM)}`);
      return share;
    }) as [bigint, bigint];
    if (!/^[A-Z]{3}$/.test(member)) continue;
    const before = lines.get(member);
    if (before !== undefined) row.fault("member", `${member} stands on line ${before} already`);
    else if (!(await desk.contracts.registry.isMember(toBytes3(member)))) row.fault("member", `${member} is no member`);
    else entries.push({ code: toBytes3(member), capacity, dependence });
    lines.set(member, row.line);
  }
  return entries;
}

function boundOf(weight: bigint): WeightChange["bound"] {
  return weight < FLOOR ? "floor" : weight > CEILING ? "ceiling" : undefined;
}
