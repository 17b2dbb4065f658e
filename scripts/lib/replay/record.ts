import type { AllianceOfYear } from "./alliance.ts";
import type { Case, Comparison, Loss } from "./data.ts";
import { ENTRY_KINDS, eventsNamed } from "./events.ts";
import type { LedgerEvent } from "./events.ts";
import { PERIOD } from "./ledger.ts";
import type { Reconciliation } from "./reconcile.ts";
import type { Replay } from "./replay.ts";
import { wayOf } from "./treasuries.ts";
import type { Way } from "./treasuries.ts";

const DAY = 86_400;

export interface Ballot {
  place: number;
  time: number;
  code: string;
  /** The ballot that made the majority. */
  decides: boolean;
}

export interface Quarter {
  period: number;
  from: number;
  budget: bigint;
  paid: bigint;
  /** How many members paid. */
  payers: number;
  /** Contributions since the founding. */
  total: bigint;
}

export interface Disbursement {
  seq: bigint;
  time: number;
  amount: bigint;
  to: string;
  /** What for: the advance, a round, or what later money brought. */
  occasion: string;
}

export interface Round {
  round: number;
  time: number;
  reported: bigint;
  loss: bigint;
  payable: bigint;
  award: bigint;
}

/** Everything that is printed and written, taken from the chain's events. Times in seconds, amounts in base units. */
export interface ReplayRecord {
  case: Case;
  losses: Loss[];
  alliance: AllianceOfYear;
  parameters: Replay["input"]["parameters"];
  deployedAt: number;
  genesis: number;
  contracts: Record<string, string>;
  assessors: { account: string; member: string }[];
  quarters: Quarter[];
  calls: { time: number; amount: bigint }[];
  /** How many members pay which way. */
  ways: Record<Way, number>;
  cover: {
    how: Replay["covered"];
    ballots: number;
    decided: number | undefined;
    executed: number | undefined;
    effectiveAt: number | undefined;
    until: number | undefined;
  };
  threat: number | undefined;
  refusal: { time: number; reason: string } | undefined;
  filed: { time: number; cap: bigint; attackId: bigint } | undefined;
  seats: number;
  majority: number;
  ballots: Ballot[];
  recognised: { time: number; committed: bigint; advance: bigint } | undefined;
  rounds: Round[];
  disbursements: Disbursement[];
  disbursed: bigint;
  daysToMoney: number | undefined;
  comparisons: { what: string; date: number; amount: bigint; days: number; source: string }[];
  closed: { time: number; awarded: bigint; released: bigint; charged: bigint } | undefined;
  reconciliation: Reconciliation;
}

/** Puts the record together from the events of a replay. */
export async function recordOf(
  run: Replay,
  events: readonly LedgerEvent[],
  comparisons: readonly Comparison[],
  reconciliation: Reconciliation,
): Promise<ReplayRecord> {
  const { ledger, story, input } = run;
  const one = input.case;
  const named = <Name extends LedgerEvent["name"]>(name: Name) => eventsNamed(events, name);
  const ofAttack = <Event extends { attackId: bigint }>(list: Event[]) =>
    list.filter(({ attackId }) => attackId === story.attackId);

  const filed = ofAttack(named("Filed"))[0];
  const recognised = ofAttack(named("Recognised"))[0];
  const closed = ofAttack(named("Closed"))[0];
  const member = ledger.actors.find(({ code }) => code === one.member);
  const disbursements = disbursementsOf(events, story.attackId, member?.bytes3);
  const first = disbursements[0];
  const ballots = filed === undefined ? [] : ballotsOf(run, events, filed.proposalId);
  const { seats } = await ledger.council.ballotBox(filed?.proposalId ?? 0n);
  const addresses = async () => {
    const { token, registry, fund, ledger: contributions, coverage, register, panel, council } = ledger;
    const contracts = { token, registry, fund, ledger: contributions, coverage, register, panel, council };
    const pairs = Object.entries(contracts).map(
      async ([name, contract]) => [name, await contract.getAddress()] as const,
    );
    return Object.fromEntries(await Promise.all(pairs));
  };
  const ways: Record<Way, number> = { allowance: 0, permit: 0, authorization: 0 };
  for (const place of ledger.actors.keys()) ways[wayOf(place)] += 1;
  return {
    case: one,
    losses: input.losses,
    alliance: input.alliance,
    parameters: input.parameters,
    deployedAt: ledger.deployedAt,
    genesis: ledger.genesis,
    contracts: await addresses(),
    assessors: ledger.assessors.map(({ account, member: by }) => ({ account: account.address, member: by })),
    quarters: quartersOf(run, events),
    calls: named("CallIssued").map(({ time, amount }) => ({ time, amount })),
    ways,
    cover: coverOf(run, events),
    threat: named("ThreatNotified")[0]?.time,
    refusal: story.refusal === undefined ? undefined : { time: story.filing, reason: story.refusal },
    filed: filed && { time: filed.time, cap: filed.cap, attackId: filed.attackId },
    seats: Number(seats),
    majority: Math.floor(Number(seats) / 2) + 1,
    ballots,
    recognised: recognised && {
      time: recognised.time,
      committed: recognised.committed,
      advance: recognised.advance,
    },
    rounds: ofAttack(named("RoundSettled")).map((event) => ({
      round: Number(event.round),
      time: event.time,
      reported: event.reported,
      loss: event.loss,
      payable: event.payableSoFar,
      award: event.award,
    })),
    disbursements,
    disbursed: disbursements.reduce((sum, { amount }) => sum + amount, 0n),
    daysToMoney: filed && first && Math.floor((first.time - filed.time) / DAY),
    comparisons: comparisons
      .filter((row) => row.case === one.id)
      .map(({ what, date, amount, source }) => ({
        what,
        date,
        amount,
        source,
        days: Math.round((date - one.effective) / DAY),
      })),
    closed: closed && {
      time: closed.time,
      awarded: closed.awarded,
      released: closed.released,
      charged: closed.charged,
    },
    reconciliation,
  };
}

function quartersOf({ ledger }: Replay, events: readonly LedgerEvent[]): Quarter[] {
  const budgets = eventsNamed(events, "BudgetSet");
  const paid = eventsNamed(events, "Entry").filter(({ kind }) => ENTRY_KINDS[Number(kind)] === "Contribution");
  const last = paid.at(-1)?.time ?? ledger.genesis;
  const quarters: Quarter[] = [];
  let total = 0n;
  for (let from = ledger.genesis; from <= last; from += PERIOD) {
    const period = quarters.length;
    const own = paid.filter(({ time }) => time >= from && time < from + PERIOD);
    const sum = own.reduce((amount, entry) => amount + entry.amount, 0n);
    total += sum;
    const budget = budgets.findLast(({ fromPeriod }) => fromPeriod <= period)?.amount ?? 0n;
    quarters.push({ period, from, budget, paid: sum, payers: new Set(own.map(({ member }) => member)).size, total });
  }
  return quarters;
}

function ballotsOf({ ledger }: Replay, events: readonly LedgerEvent[], proposalId: bigint): Ballot[] {
  const decided = eventsNamed(events, "Decided").find((event) => event.proposalId === proposalId);
  return eventsNamed(events, "VoteCast")
    .filter((event) => event.proposalId === proposalId)
    .map(({ voter, time, block }, i) => ({
      place: i + 1,
      time,
      code: ledger.actors.find(({ delegate }) => delegate.address === voter)?.code ?? voter,
      decides: block === decided?.block,
    }));
}

function coverOf({ covered, story }: Replay, events: readonly LedgerEvent[]): ReplayRecord["cover"] {
  const ofVote = <Event extends { proposalId: bigint; time: number }>(list: Event[]) =>
    list.filter(({ proposalId }) => proposalId === story.exposureProposal);
  const ballots = ofVote(eventsNamed(events, "VoteCast"));
  const set = eventsNamed(events, "ExposureSet").at(-1);
  return {
    how: covered,
    ballots: ballots.length,
    decided: ofVote(eventsNamed(events, "Decided"))[0]?.time,
    executed: ofVote(eventsNamed(events, "Executed"))[0]?.time,
    effectiveAt: set && Number(set.effectiveAt),
    until: set && Number(set.until),
  };
}

/** What left the fund for the member. A transfer in the transaction of a recognition or a round is of that occasion. */
function disbursementsOf(events: readonly LedgerEvent[], attackId: bigint, bytes3: string | undefined): Disbursement[] {
  const occasions = new Map<number, string>();
  for (const event of events) {
    if (event.name === "Recognised" && event.attackId === attackId) occasions.set(event.block, "advance");
    if (event.name === "RoundSettled" && event.attackId === attackId)
      occasions.set(event.block, `round ${event.round}`);
  }
  return eventsNamed(events, "Entry")
    .filter(({ kind, member }) => ENTRY_KINDS[Number(kind)] === "Disbursement" && member === bytes3)
    .map(({ seq, time, amount, party, block }) => {
      return { seq, time, amount, to: party, occasion: occasions.get(block) ?? "what was owed" };
    });
}
