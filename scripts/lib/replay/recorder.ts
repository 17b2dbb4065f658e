import { statesOf } from "./books.ts";
import { arrearRecords } from "./arrears-records.ts";
import { attackRecords } from "./attack-records.ts";
import { caseRecords } from "./case-records.ts";
import { codeOf } from "./chain.ts";
import { CHANGES, ENTRY_KINDS, eventsNamed } from "./events.ts";
import type { Entry, LedgerEvent } from "./events.ts";
import type { ReplayInput } from "./input.ts";
import { PERIOD } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";
import { memberRecords } from "./member-records.ts";
import type { FundState, MembershipChange, Quarter, ReplayRecord, Vote } from "./record.ts";
import type { Reconciliation } from "./reconcile.ts";
import type { Replay } from "./replay.ts";
import { measureRecords } from "./solidarity-records.ts";
import { wayOf } from "./treasuries.ts";
import type { Way } from "./treasuries.ts";

const CHANGE_WORDS: Record<(typeof CHANGES)[number], MembershipChange["change"]> = {
  Suspended: "suspended",
  Reinstated: "reinstated",
  Expelled: "expelled",
  Left: "left",
  VoteSuspended: "vote suspended",
  VoteRestored: "vote restored",
};

/** Puts the record together from the chain's events and views. */
export async function recordOf(
  run: Replay,
  events: readonly LedgerEvent[],
  reconciliation: Reconciliation,
): Promise<ReplayRecord> {
  const { ledger, input } = run;
  const attacks = await attackRecords(run, events);
  const memberships = membershipsOf(ledger, events);
  const ways: Record<Way, number> = { allowance: 0, permit: 0, authorization: 0 };
  for (const place of ledger.actors.keys()) ways[wayOf(place)] += 1;
  return {
    from: input.from,
    to: input.to,
    until: input.until,
    files: input.files,
    parameters: input.parameters,
    deployedAt: ledger.deployedAt,
    genesis: ledger.genesis,
    contracts: await addressesOf(ledger),
    assessors: ledger.assessors.map(({ account, member }) => ({ account: account.address, member })),
    stops: input.stops,
    ways,
    names: namesOf(input),
    members: memberRecords(run, events),
    memberships,
    votes: await votesOf(ledger, events),
    quarters: quartersOf(run, events),
    contributions: contributionsOf(ledger, events),
    series: await seriesOf(ledger, events),
    calls: eventsNamed(events, "CallIssued").map(({ number, time, amount, dueAt }) => {
      return { number: Number(number), time, amount, dueAt: Number(dueAt) };
    }),
    arrears: arrearRecords(
      run.arrears,
      memberships,
      events.filter(isContribution).map(({ member, time, amount }) => ({ code: codeOf(member), time, amount })),
    ),
    cases: caseRecords(run, events, attacks),
    attacks,
    measures: await measureRecords(run, events),
    reconciliation,
  };
}

function namesOf({ names, everMembers, cases }: ReplayInput): Record<string, string> {
  const codes = [...everMembers.map(({ code }) => code), ...cases.flatMap(({ member, coercer }) => [member, coercer])];
  const known = [...new Set(codes)].sort().map((code) => [code, names.get(code)] as const);
  return Object.fromEntries(known.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

async function addressesOf(ledger: Ledger): Promise<Record<string, string>> {
  const { token, registry, fund, ledger: contributions, coverage, register, panel, council } = ledger;
  const { market, measures, distributor } = ledger;
  const core = { token, registry, fund, ledger: contributions, coverage, register, panel, council };
  const contracts = { ...core, market, measures, distributor };
  const pairs = Object.entries(contracts).map(async ([name, contract]) => [name, await contract.getAddress()] as const);
  return Object.fromEntries(await Promise.all(pairs));
}

function membershipsOf({ deployedAt }: Ledger, events: readonly LedgerEvent[]): MembershipChange[] {
  const decisions = new Map(eventsNamed(events, "Executed").map(({ block, proposalId }) => [block, proposalId]));
  const changes: MembershipChange[] = [];
  for (const event of events) {
    const change =
      event.name === "Admitted"
        ? event.time <= deployedAt
          ? "founded"
          : "admitted"
        : CHANGES.some((name) => name === event.name)
          ? CHANGE_WORDS[event.name as (typeof CHANGES)[number]]
          : undefined;
    if (change === undefined || !("code" in event)) continue;
    changes.push({ time: event.time, code: codeOf(event.code), change, proposalId: decisions.get(event.block) });
  }
  return changes;
}

/** Those that no filing opened. */
async function votesOf({ council, actors }: Ledger, events: readonly LedgerEvent[]): Promise<Vote[]> {
  const urgent = new Set(eventsNamed(events, "Filed").map(({ proposalId }) => proposalId));
  const decisions = new Map(eventsNamed(events, "Decided").map((event) => [event.proposalId, event]));
  const executions = new Map(eventsNamed(events, "Executed").map((event) => [event.proposalId, event]));
  const votes: Vote[] = [];
  for (const { proposalId, proposer, description, time } of eventsNamed(events, "Proposed")) {
    if (urgent.has(proposalId)) continue;
    const seats = Number((await council.ballotBox(proposalId)).seats);
    votes.push({
      proposalId,
      description,
      proposer: actors.find(({ delegate }) => delegate.address === proposer)?.code ?? proposer,
      proposed: time,
      seats,
      majority: Math.floor(seats / 2) + 1,
      ballots: eventsNamed(events, "VoteCast").filter((ballot) => ballot.proposalId === proposalId).length,
      decided: decisions.get(proposalId)?.time,
      passed: decisions.get(proposalId)?.passed,
      executed: executions.get(proposalId)?.time,
    });
  }
  return votes;
}

function isContribution(event: LedgerEvent): event is LedgerEvent & Entry {
  return event.name === "Entry" && ENTRY_KINDS[Number(event.kind)] === "Contribution";
}

function periodOf({ genesis }: Ledger, time: number): number {
  return Math.max(0, Math.floor((time - genesis) / PERIOD));
}

function quartersOf({ ledger, input }: Replay, events: readonly LedgerEvent[]): Quarter[] {
  const budgets = eventsNamed(events, "BudgetSet");
  const paid = events.filter(isContribution);
  const quarters: Quarter[] = [];
  let total = 0n;
  for (let from = ledger.genesis; from < input.until; from += PERIOD) {
    const period = quarters.length;
    const own = paid.filter(({ time }) => periodOf(ledger, time) === period);
    const sum = own.reduce((amount, entry) => amount + entry.amount, 0n);
    total += sum;
    const budget = budgets.findLast(({ fromPeriod }) => fromPeriod <= period)?.amount ?? 0n;
    const payers = new Set(own.map(({ member }) => member)).size;
    quarters.push({ period, from, until: from + PERIOD, budget, paid: sum, payers, total });
  }
  return quarters;
}

function contributionsOf(ledger: Ledger, events: readonly LedgerEvent[]): ReplayRecord["contributions"] {
  const sums = new Map<string, { code: string; period: number; paid: bigint }>();
  for (const { member, time, amount } of events.filter(isContribution)) {
    const [code, period] = [codeOf(member), periodOf(ledger, time)];
    const key = `${code} ${period}`;
    sums.set(key, { code, period, paid: (sums.get(key)?.paid ?? 0n) + amount });
  }
  return [...sums.values()];
}

/** The fund's money after every block that moved it. Contributions that follow each other within a day show as one. */
async function seriesOf({ fund }: Ledger, events: readonly LedgerEvent[]): Promise<FundState[]> {
  const series: FundState[] = [];
  let paidInOnly = false;
  let before: FundState = { time: 0, reserve: 0n, pot: 0n, earmarked: 0n, committed: 0n, owed: 0n };
  for (const { time, books } of statesOf(events, await fund.getAddress())) {
    const { reserve, pot, earmarked, committed, owed } = books;
    const state = { time, reserve, pot, earmarked, committed, owed };
    if (isSame(state, before)) continue;
    const rises = isSame({ ...state, reserve: before.reserve }, before) && reserve > before.reserve;
    const goesOn = rises && paidInOnly && time - (series.at(-1)?.time ?? 0) < 86_400;
    if (goesOn) series.pop();
    series.push(state);
    paidInOnly = rises;
    before = state;
  }
  return series;
}

function isSame(a: FundState, b: FundState): boolean {
  return (["reserve", "pot", "earmarked", "committed", "owed"] as const).every((name) => a[name] === b[name]);
}
