import type { Contracts, Ledger } from "./ledger.ts";

/** In the order of the contracts' `Kind`. */
export const ENTRY_KINDS = [
  "Contribution",
  "Donation",
  "Award",
  "Disbursement",
  "Earmark",
  "Compensation",
  "EarmarkReturn",
  "Surplus",
  "Void",
] as const;

/** What else the registry says of a member's place. */
export const CHANGES = ["Suspended", "Reinstated", "Expelled", "Left", "VoteSuspended", "VoteRestored"] as const;
type Change = (typeof CHANGES)[number];

/** Where an event stands: block and place in it, and the block's time. */
interface At {
  block: number;
  index: number;
  time: number;
}

export interface Entry {
  name: "Entry";
  seq: bigint;
  kind: bigint;
  member: string;
  party: string;
  amount: bigint;
  ref: string;
  timestamp: bigint;
  head: string;
}

export type LedgerEvent = At &
  (
    | Entry
    | { name: "Committed" | "Released"; attackId: bigint; member: string; amount: bigint }
    | {
        name: "AwardMade";
        attackId: bigint;
        treasuryPart: bigint;
        earmarkPart: bigint;
        treasuryPaid: bigint;
        earmarkPaid: bigint;
      }
    | { name: "ObligationsPaid"; amount: bigint; owed: bigint }
    | { name: "Transfer"; from: string; to: string; amount: bigint }
    | { name: "CreditForfeited"; code: string; amount: bigint }
    | { name: "BudgetSet"; fromPeriod: bigint; amount: bigint }
    | { name: "ScaleSet"; code: string; weight: bigint; fromPeriod: bigint }
    | { name: "Exited"; code: string; fromPeriod: bigint }
    | { name: "CallIssued"; number: bigint; amount: bigint; dueAt: bigint }
    | { name: "Charged"; code: string; amount: bigint }
    | { name: "ElectorateChanged"; seats: bigint }
    | { name: "Admitted"; code: string; seated: boolean; seat: bigint }
    | { name: Change; code: string }
    | { name: "Proposed"; proposalId: bigint; proposer: string; description: string }
    | { name: "VoteCast"; proposalId: bigint; voter: string; support: bigint }
    | { name: "Decided"; proposalId: bigint; passed: boolean }
    | { name: "Executed"; proposalId: bigint }
    | { name: "ExposureSet"; code: string; coercer: string; baseline: bigint; effectiveAt: bigint; until: bigint }
    | { name: "ThreatNotified"; code: string; evidence: string }
    | {
        name: "Filed";
        attackId: bigint;
        code: string;
        coercer: string;
        measure: bigint;
        evidence: string;
        proposalId: bigint;
      }
    | { name: "MeasureAdded"; attackId: bigint; measure: bigint; evidence: string }
    | { name: "Ended"; attackId: bigint }
    | { name: "Recognised"; attackId: bigint; committed: bigint; advance: bigint }
    | {
        name: "RoundSettled";
        attackId: bigint;
        round: bigint;
        reported: bigint;
        loss: bigint;
        payableSoFar: bigint;
        award: bigint;
      }
    | { name: "Closed"; attackId: bigint; awarded: bigint; released: bigint; charged: bigint }
    | { name: "LotOffered"; lotId: bigint; attackId: bigint; quantity: bigint; price: bigint; deadline: bigint }
    | { name: "Pledged"; lotId: bigint; buyer: string; quantity: bigint }
    | {
        name: "Settled";
        lotId: bigint;
        attackId: bigint;
        buyer: string;
        quantity: bigint;
        paid: bigint;
        treasury: string;
      }
    | { name: "CampaignOpened"; campaignId: bigint; attackId: bigint; root: string; total: bigint; deadline: bigint }
    | { name: "Claimed"; campaignId: bigint; leaf: bigint; account: string; amount: bigint }
    | { name: "UnclaimedReturned"; campaignId: bigint; attackId: bigint; amount: bigint }
    | { name: "UnassignedReturned"; attackId: bigint; amount: bigint }
    | { name: "MeasureAdopted"; measureId: bigint; start: bigint; end: bigint }
    | { name: "ImplementationFiled"; measureId: bigint; code: string }
  );

export type EventNamed<Name extends LedgerEvent["name"]> = Extract<LedgerEvent, { name: Name }>;

/** Those of one name, in order. */
export function eventsNamed<Name extends LedgerEvent["name"]>(events: readonly LedgerEvent[], name: Name) {
  return events.filter((event): event is EventNamed<Name> => event.name === name);
}

type Body = LedgerEvent extends infer Event ? (Event extends At ? Omit<Event, keyof At> : never) : never;

/** All that the contracts have said since the first block, in order. */
export async function readEvents(c: Ledger): Promise<LedgerEvent[]> {
  const events: LedgerEvent[] = [];
  const add = (log: { blockNumber: number; index: number }, body: Body) => {
    // The time follows once all are known.
    events.push({ ...body, block: log.blockNumber, index: log.index, time: 0 });
  };

  for (const log of await c.fund.queryFilter(c.fund.filters.Entry())) {
    const { seq, kind, member, party, amount, ref, timestamp, head } = log.args;
    add(log, { name: "Entry", seq, kind, member, party, amount, ref, timestamp, head });
  }
  for (const name of ["Committed", "Released"] as const) {
    for (const log of await c.fund.queryFilter(c.fund.filters[name]())) {
      const { attackId, member, amount } = log.args;
      add(log, { name, attackId, member, amount });
    }
  }
  for (const log of await c.fund.queryFilter(c.fund.filters.AwardMade())) {
    const { attackId, record, treasuryPaid, earmarkPaid } = log.args;
    const { treasuryPart, earmarkPart } = record;
    add(log, { name: "AwardMade", attackId, treasuryPart, earmarkPart, treasuryPaid, earmarkPaid });
  }
  for (const log of await c.fund.queryFilter(c.fund.filters.ObligationsPaid())) {
    add(log, { name: "ObligationsPaid", amount: log.args.amount, owed: log.args.owed });
  }
  for (const log of await c.token.queryFilter(c.token.filters.Transfer())) {
    add(log, { name: "Transfer", from: log.args.from, to: log.args.to, amount: log.args.value });
  }
  await addLedger(c, add);
  await addCouncil(c, add);
  await addCases(c, add);
  await addSolidarity(c, add);
  return await timed(c, events);
}

interface RawLog {
  blockNumber: string;
  blockTimestamp: string;
}

type Add = (log: { blockNumber: number; index: number }, body: Body) => void;

async function addLedger({ ledger }: Contracts, add: Add): Promise<void> {
  const { filters } = ledger;
  for (const log of await ledger.queryFilter(filters.CreditForfeited())) {
    add(log, { name: "CreditForfeited", code: log.args.code, amount: log.args.amount });
  }
  for (const log of await ledger.queryFilter(filters.BudgetSet())) {
    add(log, { name: "BudgetSet", fromPeriod: log.args.fromPeriod, amount: log.args.amount });
  }
  for (const log of await ledger.queryFilter(filters.ScaleSet())) {
    const { code, weight, fromPeriod } = log.args;
    add(log, { name: "ScaleSet", code, weight, fromPeriod });
  }
  for (const log of await ledger.queryFilter(filters.Exited())) {
    add(log, { name: "Exited", code: log.args.code, fromPeriod: log.args.fromPeriod });
  }
  for (const log of await ledger.queryFilter(filters.CallIssued())) {
    const { number, amount, dueAt } = log.args;
    add(log, { name: "CallIssued", number, amount, dueAt });
  }
  for (const log of await ledger.queryFilter(filters.Charged())) {
    add(log, { name: "Charged", code: log.args.code, amount: log.args.amount });
  }
}

async function addCouncil({ registry, council }: Contracts, add: Add): Promise<void> {
  for (const log of await registry.queryFilter(registry.filters.ElectorateChanged())) {
    add(log, { name: "ElectorateChanged", seats: log.args.seats });
  }
  for (const log of await registry.queryFilter(registry.filters.Admitted())) {
    const { code, seated, seat } = log.args;
    add(log, { name: "Admitted", code, seated, seat });
  }
  for (const name of CHANGES) {
    for (const log of await registry.queryFilter(registry.filters[name]())) add(log, { name, code: log.args.code });
  }
  for (const log of await council.queryFilter(council.filters.ProposalCreated())) {
    const { proposalId, proposer, description } = log.args;
    add(log, { name: "Proposed", proposalId, proposer, description });
  }
  for (const log of await council.queryFilter(council.filters.VoteCast())) {
    const { proposalId, voter, support } = log.args;
    add(log, { name: "VoteCast", proposalId, voter, support });
  }
  for (const log of await council.queryFilter(council.filters.Decided())) {
    add(log, { name: "Decided", proposalId: log.args.proposalId, passed: log.args.passed });
  }
  for (const log of await council.queryFilter(council.filters.ProposalExecuted())) {
    add(log, { name: "Executed", proposalId: log.args.proposalId });
  }
}

async function addCases({ coverage, register }: Contracts, add: Add): Promise<void> {
  for (const log of await coverage.queryFilter(coverage.filters.ExposureSet())) {
    const { code, coercer, exposure, effectiveAt, effectiveUntil } = log.args;
    const { baseline } = exposure;
    add(log, { name: "ExposureSet", code, coercer, baseline, effectiveAt, until: effectiveUntil });
  }
  for (const log of await register.queryFilter(register.filters.ThreatNotified())) {
    add(log, { name: "ThreatNotified", code: log.args.code, evidence: log.args.evidence });
  }
  for (const log of await register.queryFilter(register.filters.Filed())) {
    const { attackId, code, coercer, measure, evidence, proposalId } = log.args;
    add(log, { name: "Filed", attackId, code, coercer, measure, evidence, proposalId });
  }
  for (const log of await register.queryFilter(register.filters.MeasureAdded())) {
    const { attackId, measure, evidence } = log.args;
    add(log, { name: "MeasureAdded", attackId, measure, evidence });
  }
  for (const log of await register.queryFilter(register.filters.Ended())) {
    add(log, { name: "Ended", attackId: log.args.attackId });
  }
  for (const log of await register.queryFilter(register.filters.Recognised())) {
    const { attackId, committed, advance } = log.args;
    add(log, { name: "Recognised", attackId, committed, advance });
  }
  for (const log of await register.queryFilter(register.filters.RoundSettled())) {
    const { attackId, round, reported, loss, payableSoFar, award } = log.args;
    add(log, { name: "RoundSettled", attackId, round, reported, loss, payableSoFar, award });
  }
  for (const log of await register.queryFilter(register.filters.Closed())) {
    const { attackId, awarded, released, charged } = log.args;
    add(log, { name: "Closed", attackId, awarded, released, charged });
  }
}

async function addSolidarity({ market, distributor, measures }: Contracts, add: Add): Promise<void> {
  for (const log of await measures.queryFilter(measures.filters.MeasureAdopted())) {
    const { measureId, start, end } = log.args;
    add(log, { name: "MeasureAdopted", measureId, start, end });
  }
  for (const log of await measures.queryFilter(measures.filters.ImplementationFiled())) {
    add(log, { name: "ImplementationFiled", measureId: log.args.measureId, code: log.args.code });
  }
  for (const log of await market.queryFilter(market.filters.LotOffered())) {
    const { lotId, attackId, offer } = log.args;
    const { quantity, price, deadline } = offer;
    add(log, { name: "LotOffered", lotId, attackId, quantity, price, deadline });
  }
  for (const log of await market.queryFilter(market.filters.Pledged())) {
    add(log, { name: "Pledged", lotId: log.args.lotId, buyer: log.args.buyer, quantity: log.args.quantity });
  }
  for (const log of await market.queryFilter(market.filters.Settled())) {
    const { lotId, attackId, buyer, quantity, paid, treasury } = log.args;
    add(log, { name: "Settled", lotId, attackId, buyer, quantity, paid, treasury });
  }
  for (const log of await distributor.queryFilter(distributor.filters.CampaignOpened())) {
    const { campaignId, attackId, root, total, deadline } = log.args;
    add(log, { name: "CampaignOpened", campaignId, attackId, root, total, deadline });
  }
  for (const log of await distributor.queryFilter(distributor.filters.Claimed())) {
    const { campaignId, index: leaf, account, amount } = log.args;
    add(log, { name: "Claimed", campaignId, leaf, account, amount });
  }
  for (const log of await distributor.queryFilter(distributor.filters.UnclaimedReturned())) {
    const { campaignId, attackId, amount } = log.args;
    add(log, { name: "UnclaimedReturned", campaignId, attackId, amount });
  }
  for (const log of await distributor.queryFilter(distributor.filters.UnassignedReturned())) {
    add(log, { name: "UnassignedReturned", attackId: log.args.attackId, amount: log.args.amount });
  }
}

/** In order, each with the time of its block, which the chain in this process tells with every log. */
async function timed({ connection }: Ledger, events: LedgerEvent[]): Promise<LedgerEvent[]> {
  const params = [{ fromBlock: "0x0", toBlock: "latest" }];
  const logs = (await connection.provider.request({ method: "eth_getLogs", params })) as RawLog[];
  const times = new Map(logs.map(({ blockNumber, blockTimestamp }) => [Number(blockNumber), Number(blockTimestamp)]));
  for (const event of events) event.time = times.get(event.block) ?? 0;
  return events.sort((a, b) => a.block - b.block || a.index - b.index);
}
