import type { MeasureRow } from "./measures-data.ts";
import type { CompensationRow, LotRow, PurchaseRow } from "./solidarity-data.ts";

/** All amounts are values at the prices of the lots' file. */
export interface Goods {
  lots: LotRow[];
  /** Pledges and purchases that are no acts of the ledger, each with the reason; `amount` is its value. */
  elsewhere: (PurchaseRow & { amount: bigint; reason: string })[];
  /** `before` = net loss of the data + bought on the market + bought elsewhere by a known day; `after` = net loss. */
  loss: { before: bigint; onMarket: bigint; elsewhere: bigint; after: bigint };
}

export interface MarketRecord {
  lots: {
    lotId: bigint;
    case: string;
    goods: string;
    hsCode: string;
    unit: string;
    offered: number;
    deadline: number;
    quantity: bigint;
    /** Of one unit, in base units of the token. */
    price: bigint;
    /** By all members, at the end. */
    pledged: bigint;
    sold: bigint;
  }[];
  /** What members promised to buy of a lot in all, promise by promise. */
  pledges: { time: number; lotId: bigint; buyer: string; quantity: bigint }[];
  purchases: { time: number; lotId: bigint; buyer: string; quantity: bigint; paid: bigint }[];
  /** Who bought, how much in all, and what it ought to have bought by its weight on the day of the last purchase. */
  buyers: { code: string; bought: bigint; target: bigint }[];
  /** Of the last settled round; undefined before one was. `after` = `before` − `bought`, as far as the trade allows. */
  loss: { before: bigint; bought: bigint; after: bigint; payable: bigint } | undefined;
}

export interface EarmarkRecord {
  /** Of every award, in ppm. */
  share: number;
  /** What came into it, and where that went: `received` = `compensated` + `returned` + `held`. */
  received: bigint;
  compensated: bigint;
  returned: bigint;
  held: bigint;
  /** What the fund still owes it. */
  owed: bigint;
  campaign: CampaignRecord | undefined;
  /** What no campaign held, when it went to the member. */
  unassigned: { time: number; amount: bigint } | undefined;
}

export interface CampaignRecord {
  campaignId: bigint;
  opened: number;
  root: string;
  total: bigint;
  deadline: number;
  /** Everyone in the tree by index; `claimed` is when it was paid. */
  recipients: {
    index: bigint;
    recipients: string;
    purpose: CompensationRow["purpose"];
    account: string;
    amount: bigint;
    claimed: number | undefined;
  }[];
  /** What nobody had claimed by the deadline, when it went to the member. */
  unclaimed: { time: number; amount: bigint } | undefined;
}

export interface JointMeasureRecord {
  measureId: bigint;
  row: MeasureRow;
  /** The vote, and when it was carried out. */
  proposalId: bigint | undefined;
  adopted: number;
  /** First and last second in force. */
  start: number;
  end: number;
  /** Who filed that it carries it out, each once. */
  implementations: { code: string; time: number }[];
  /** How many of today's members have, are still awaited, and are missing. */
  implemented: number;
  awaited: number;
  missing: number;
}
