import type { Interface } from "ethers";

import { decoderOf } from "../events/decoder.ts";
import type { LedgerEvent as Said, Speaker } from "../events/events.ts";
import type { Ledger } from "./ledger.ts";

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

/** All that the contracts have said since the first block, in order, each with the time of its block. */
export async function readEvents({ connection, ...contracts }: Ledger): Promise<LedgerEvent[]> {
  const { token, registry, fund, ledger, coverage, register, council, market, distributor, measures } = contracts;
  const core = { token, registry, fund, ledger, coverage, register, council };
  const speakers = { ...core, market, distributor, measures };
  const names = Object.keys(speakers) as (keyof typeof speakers)[];
  const byAddress = new Map(
    await Promise.all(names.map(async (by) => [(await speakers[by].getAddress()).toLowerCase(), by] as const)),
  );
  const interfaces = Object.fromEntries(names.map((by) => [by, speakers[by].interface]));
  const decode = decoderOf(interfaces as unknown as Record<keyof typeof speakers, Interface>);
  const params = [{ fromBlock: "0x0", toBlock: "latest" }];
  const logs = (await connection.provider.request({ method: "eth_getLogs", params })) as RawLog[];
  return logs.flatMap((log) => {
    const by = byAddress.get(log.address.toLowerCase());
    if (by === undefined) return [];
    const [block, index] = [Number(log.blockNumber), Number(log.logIndex)];
    // The chain in this process tells the time of the block with every log.
    const time = Number(log.blockTimestamp);
    const said = decode(by, log, { block, index, transaction: log.transactionHash, time });
    const body = said && bodyOf(said);
    return body === undefined ? [] : [{ ...body, block, index, time }];
  });
}

interface RawLog {
  address: string;
  topics: string[];
  data: string;
  blockNumber: string;
  blockTimestamp: string;
  logIndex: string;
  transactionHash: string;
}

type Bodies<By extends Speaker> = {
  [Event in Extract<Said, { by: By }> as Event["name"]]?: (args: Event["args"]) => Body;
};

/** What the replay takes of each event; it takes nothing of those that are not here. */
const BODIES: { [By in Speaker]?: Bodies<By> } = {
  token: { Transfer: ({ from, to, value }) => ({ name: "Transfer", from, to, amount: value }) },
  fund: {
    Entry: (args) => ({ name: "Entry", ...args }),
    Committed: (args) => ({ name: "Committed", ...args }),
    Released: (args) => ({ name: "Released", ...args }),
    AwardMade: ({ attackId, record: { treasuryPart, earmarkPart }, treasuryPaid, earmarkPaid }) => {
      return { name: "AwardMade", attackId, treasuryPart, earmarkPart, treasuryPaid, earmarkPaid };
    },
    ObligationsPaid: (args) => ({ name: "ObligationsPaid", ...args }),
  },
  ledger: {
    CreditForfeited: (args) => ({ name: "CreditForfeited", ...args }),
    BudgetSet: (args) => ({ name: "BudgetSet", ...args }),
    ScaleSet: (args) => ({ name: "ScaleSet", ...args }),
    Exited: (args) => ({ name: "Exited", ...args }),
    CallIssued: (args) => ({ name: "CallIssued", ...args }),
    Charged: (args) => ({ name: "Charged", ...args }),
  },
  registry: {
    ElectorateChanged: (args) => ({ name: "ElectorateChanged", ...args }),
    Admitted: (args) => ({ name: "Admitted", ...args }),
    ...changeBodies(),
  },
  council: {
    ProposalCreated: (args) => ({ name: "Proposed", ...args }),
    VoteCast: (args) => ({ name: "VoteCast", ...args }),
    Decided: (args) => ({ name: "Decided", ...args }),
    ProposalExecuted: (args) => ({ name: "Executed", ...args }),
  },
  coverage: {
    ExposureSet: ({ code, coercer, exposure: { baseline }, effectiveAt, effectiveUntil: until }) => {
      return { name: "ExposureSet", code, coercer, baseline, effectiveAt, until };
    },
  },
  register: {
    ThreatNotified: (args) => ({ name: "ThreatNotified", ...args }),
    Filed: (args) => ({ name: "Filed", ...args }),
    MeasureAdded: (args) => ({ name: "MeasureAdded", ...args }),
    Ended: (args) => ({ name: "Ended", ...args }),
    Recognised: (args) => ({ name: "Recognised", ...args }),
    RoundSettled: (args) => ({ name: "RoundSettled", ...args }),
    Closed: (args) => ({ name: "Closed", ...args }),
  },
  market: {
    LotOffered: ({ lotId, attackId, offer: { quantity, price, deadline } }) => {
      return { name: "LotOffered", lotId, attackId, quantity, price, deadline };
    },
    Pledged: (args) => ({ name: "Pledged", ...args }),
    Settled: (args) => ({ name: "Settled", ...args }),
  },
  distributor: {
    CampaignOpened: (args) => ({ name: "CampaignOpened", ...args }),
    Claimed: ({ campaignId, index: leaf, account, amount }) => ({ name: "Claimed", campaignId, leaf, account, amount }),
    UnclaimedReturned: (args) => ({ name: "UnclaimedReturned", ...args }),
    UnassignedReturned: (args) => ({ name: "UnassignedReturned", ...args }),
  },
  measures: {
    MeasureAdopted: (args) => ({ name: "MeasureAdopted", ...args }),
    ImplementationFiled: (args) => ({ name: "ImplementationFiled", ...args }),
  },
};

function changeBodies(): Record<Change, (args: { code: string }) => Body> {
  const pairs = CHANGES.map((name) => [name, ({ code }: { code: string }): Body => ({ name, code })] as const);
  return Object.fromEntries(pairs) as Record<Change, (args: { code: string }) => Body>;
}

function bodyOf({ by, name, args }: Said): Body | undefined {
  // By name, each takes the values of its own event.
  const bodies = BODIES[by] as Record<string, ((args: unknown) => Body) | undefined> | undefined;
  return bodies?.[name]?.(args);
}
