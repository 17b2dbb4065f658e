import { codeOf } from "./chain.ts";
import type { Case, Loss } from "./data.ts";
import { ENTRY_KINDS, eventsNamed } from "./events.ts";
import type { LedgerEvent } from "./events.ts";
import type { CampaignRecord, EarmarkRecord, Goods, JointMeasureRecord, MarketRecord } from "./record-solidarity.ts";
import type { AttackRecord, Round } from "./record.ts";
import type { Replay } from "./replay.ts";

const sumOf = (amounts: readonly bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n);

/** What was offered for an attack and bought of it. */
export async function marketRecord(
  { ledger, market: { lots: rows } }: Replay,
  events: readonly LedgerEvent[],
  attackId: bigint,
  last: Round | undefined,
): Promise<MarketRecord | undefined> {
  const { market } = ledger;
  const offers = eventsNamed(events, "LotOffered").filter((offer) => offer.attackId === attackId);
  if (offers.length === 0) return undefined;
  const lots: MarketRecord["lots"] = [];
  for (const { lotId, time, quantity, price, deadline } of offers) {
    const row = rows.get(lotId);
    const { pledged, sold } = await market.lot(lotId);
    const { case: id = "", goods = "", hsCode = "", unit = "" } = row ?? {};
    const times = { offered: time, deadline: Number(deadline) };
    lots.push({ lotId, case: id, goods, hsCode, unit, ...times, quantity, price, pledged, sold });
  }
  const ids = new Set(lots.map(({ lotId }) => lotId));
  const purchases = eventsNamed(events, "Settled").filter((purchase) => purchase.attackId === attackId);
  const blockTag = purchases.at(-1)?.block;
  const buyers: MarketRecord["buyers"] = [];
  for (const buyer of new Set(purchases.map((purchase) => purchase.buyer))) {
    const { target, bought } = await market.fulfilmentOf(attackId, buyer, blockTag === undefined ? {} : { blockTag });
    buyers.push({ code: codeOf(buyer), bought, target });
  }
  return {
    lots,
    pledges: eventsNamed(events, "Pledged")
      .filter(({ lotId }) => ids.has(lotId))
      .map(({ time, lotId, buyer, quantity }) => ({ time, lotId, buyer: codeOf(buyer), quantity })),
    purchases: purchases.map(({ time, lotId, buyer, quantity, paid }) => {
      return { time, lotId, buyer: codeOf(buyer), quantity, paid };
    }),
    buyers,
    loss: last && { before: last.reported, bought: last.bought, after: last.loss, payable: last.payable },
  };
}

/** What of an attack's awards was for industries and workers, and where it went. */
export async function earmarkRecord(
  run: Replay,
  events: readonly LedgerEvent[],
  attackId: bigint,
): Promise<EarmarkRecord | undefined> {
  const { fund } = run.ledger;
  const { compensationShare } = await fund.attackAccount(attackId);
  if (compensationShare === 0n) return undefined;
  const { owedToIt, held } = await fund.earmarkOf(attackId);
  const moved = (kind: (typeof ENTRY_KINDS)[number]) => {
    const own = eventsNamed(events, "Entry").filter((entry) => {
      return ENTRY_KINDS[Number(entry.kind)] === kind && BigInt(entry.ref) === attackId;
    });
    return sumOf(own.map(({ amount }) => amount));
  };
  const [compensated, returned] = [moved("Compensation"), moved("EarmarkReturn")];
  return {
    share: Number(compensationShare),
    received: compensated + returned + held,
    compensated,
    returned,
    held,
    owed: owedToIt,
    campaign: campaignRecord(run, events, attackId),
    unassigned: returnIn(eventsNamed(events, "UnassignedReturned").find((event) => event.attackId === attackId)),
  };
}

function campaignRecord(
  { campaigns }: Replay,
  events: readonly LedgerEvent[],
  attackId: bigint,
): CampaignRecord | undefined {
  const opened = eventsNamed(events, "CampaignOpened").find((event) => event.attackId === attackId);
  const story = campaigns.find((campaign) => campaign.attackId === attackId);
  if (opened === undefined || story === undefined) return undefined;
  const { campaignId, time, root, total, deadline } = opened;
  const claims = eventsNamed(events, "Claimed").filter((claim) => claim.campaignId === campaignId);
  return {
    campaignId,
    opened: time,
    root,
    total,
    deadline: Number(deadline),
    recipients: story.recipients.map(({ index, row: { recipients, purpose }, account, amount }) => {
      const claimed = claims.find((claim) => claim.leaf === index)?.time;
      return { index, recipients, purpose, account, amount, claimed };
    }),
    unclaimed: returnIn(eventsNamed(events, "UnclaimedReturned").find((event) => event.campaignId === campaignId)),
  };
}

function returnIn(event: { time: number; amount: bigint } | undefined) {
  return event && { time: event.time, amount: event.amount };
}

/** As the measures register numbers how a member stands. */
const [AWAITED, IMPLEMENTED, MISSING] = [1n, 2n, 3n];

/** Every joint measure that the council adopted. */
export async function measureRecords(
  { ledger, measures: { adopted } }: Replay,
  events: readonly LedgerEvent[],
): Promise<JointMeasureRecord[]> {
  const records: JointMeasureRecord[] = [];
  for (const { measureId, time, block, start, end } of eventsNamed(events, "MeasureAdopted")) {
    const row = adopted.get(measureId);
    if (row === undefined) continue;
    const implementations = eventsNamed(events, "ImplementationFiled").filter((one) => one.measureId === measureId);
    const standings: bigint[] = [];
    for (const { bytes3 } of ledger.actors) standings.push(await ledger.measures.complianceOf(measureId, bytes3));
    const standing = (kind: bigint | undefined) => standings.filter((one) => one === kind).length;
    records.push({
      measureId,
      row,
      proposalId: eventsNamed(events, "Executed").find((event) => event.block === block)?.proposalId,
      adopted: time,
      start: Number(start),
      end: Number(end),
      implementations: implementations.map((one) => ({ code: codeOf(one.code), time: one.time })),
      implemented: standing(IMPLEMENTED),
      awaited: standing(AWAITED),
      missing: standing(MISSING),
    });
  }
  return records;
}

/** What became of the goods of a case, on the ledger and beside it. */
export function goodsOf(
  { input, market }: Replay,
  row: Case,
  losses: readonly Loss[],
  attacks: readonly AttackRecord[],
): Goods | undefined {
  const lots = input.lots.filter((lot) => lot.case === row.id);
  if (lots.length === 0) return undefined;
  const elsewhere = input.purchases.flatMap((purchase) => {
    const reason = market.elsewhere.get(purchase);
    const lot = lots.find(({ hsCode }) => hsCode === purchase.hsCode);
    if (purchase.case !== row.id || reason === undefined || lot === undefined) return [];
    return [{ ...purchase, amount: (purchase.quantity - purchase.usual) * lot.price, reason }];
  });
  const sold = attacks.flatMap(({ market: own }) => {
    const ids = own?.lots.filter((lot) => lot.case === row.id).map(({ lotId }) => lotId) ?? [];
    return own?.purchases.filter(({ lotId }) => ids.includes(lotId)).map(({ paid }) => paid) ?? [];
  });
  const onMarket = sumOf(sold);
  const byOthers = sumOf(elsewhere.filter(({ bought }) => bought !== undefined).map(({ amount }) => amount));
  const after = sumOf(losses.map(({ net }) => net));
  return { lots, elsewhere, loss: { before: after + onMarket + byOthers, onMarket, elsewhere: byOthers, after } };
}
