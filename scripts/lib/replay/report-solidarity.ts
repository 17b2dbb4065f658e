import { agreeing, count, day, dollars, dollarsOrDust, minute, plural, share, table } from "../format.ts";
import type { CampaignRecord, EarmarkRecord, MarketRecord } from "./record-solidarity.ts";
import type { AttackRecord, CaseRecord, ReplayRecord } from "./record.ts";
import { heading, indented, wrapped } from "./text.ts";

/** What was offered for an attack, who bought it, and the loss before and after. */
export function marketLines({ market, member }: AttackRecord): string[] {
  if (market === undefined) return [];
  const offers = market.lots.flatMap(({ lotId, offered, quantity, unit, goods, hsCode, price }) => {
    return wrapped(
      `${minute(offered)}  ${member} offers lot ${lotId} on the market: ${count(quantity)} ${unit} of ${goods} (HS ${hsCode}) at ` +
        `USD ${dollars(price)}`,
      18,
    );
  });
  const unitOf = (lotId: bigint) => market.lots.find((lot) => lot.lotId === lotId)?.unit ?? "";
  const rows = [
    ...market.pledges.map((act) => ({ ...act, what: "pledges in all", paid: undefined })),
    ...market.purchases.map((act) => ({ ...act, what: "buys" })),
  ]
    .sort((a, b) => a.time - b.time)
    .map(({ time, buyer, what, lotId, quantity, paid }) => [
      minute(time),
      `${buyer} ${what}`,
      `${count(quantity)} ${unitOf(lotId)}`,
      paid === undefined ? "" : dollars(paid),
    ]);
  if (rows.length === 0) return [...offers, "  No member bought of it."];
  return [...offers, ...indented(table(["the market", "who", "quantity", "paid"], rows)), ...resultLines(market)];
}

function resultLines({ buyers, loss }: MarketRecord): string[] {
  const fulfilment = buyers.map(({ code, bought, target }) => {
    return `${code} USD ${dollars(bought)}, by its weight it ought to buy for USD ${dollars(target)}`;
  });
  const lines = wrapped(`Bought in all: ${fulfilment.join("; ")}.`);
  if (loss === undefined) return lines;
  return [
    ...lines,
    ...wrapped(
      `Net loss of the last round: USD ${dollars(loss.before)} before the market, USD ${dollars(loss.bought)} bought on it, USD ` +
        `${dollars(loss.after)} after, of which USD ${dollars(loss.payable)} is payable. It is deducted once: the figure of the ` +
        `data leaves out what was sold elsewhere, assessors add back what was bought on the market, and the register takes that off.`,
    ),
  ];
}

/** What of an attack's awards went to those whom it hit at home. */
export function earmarkLines({ earmark, member }: AttackRecord): string[] {
  if (earmark === undefined) return [];
  const { share: part, received, compensated, returned, held, owed } = earmark;
  return [
    ...wrapped(`Of every award ${share(part)} is kept for industries and workers of ${member}.`),
    ...(earmark.campaign === undefined ? [] : campaignLines(earmark.campaign)),
    ...returnLines(earmark),
    ...wrapped(
      `Earmark: USD ${dollars(received)} received, USD ${dollars(compensated)} paid to industries and workers, USD ` +
        `${dollars(returned)} returned to ${member}, USD ${dollars(held)} held, USD ${dollars(owed)} still owed to it.`,
    ),
  ];
}

function campaignLines({ opened, total, deadline, recipients }: CampaignRecord): string[] {
  const rows = recipients.map(({ recipients: who, purpose, amount, claimed }) => [
    who,
    purpose,
    dollars(amount),
    claimed === undefined ? "not claimed" : day(claimed),
  ]);
  return [
    ...wrapped(
      `${minute(opened)}  campaign opened for USD ${dollars(total)} and ${plural(recipients.length, "recipient")}, ` +
        `claims until ${day(deadline)}`,
      18,
    ),
    ...indented(table(["recipients", "purpose", "amount", "paid"], rows)),
  ];
}

function returnLines({ campaign, unassigned }: EarmarkRecord): string[] {
  const lines: string[] = [];
  if (campaign?.unclaimed !== undefined) {
    const { time, amount } = campaign.unclaimed;
    lines.push(`  ${minute(time)}  USD ${dollarsOrDust(amount)} that nobody claimed is returned`);
  }
  if (unassigned !== undefined) {
    const { time, amount } = unassigned;
    lines.push(`  ${minute(time)}  USD ${dollarsOrDust(amount)} that no campaign held is returned`);
  }
  return lines;
}

/** Who else pledged or bought what could no longer be sold, and the loss before and after all of it. */
export function goodsLines({ goods }: CaseRecord): string[] {
  if (goods === undefined) return [];
  const { lots, elsewhere, loss } = goods;
  const told = elsewhere.flatMap(({ buyers, quantity, hsCode, pledged, bought, amount, reason }) => {
    const unit = lots.find((lot) => lot.hsCode === hsCode)?.unit ?? "";
    const when = bought === undefined ? `pledged by ${day(pledged ?? 0)}` : `bought by ${day(bought)}`;
    return wrapped(`${buyers}: ${count(quantity)} ${unit} (USD ${dollars(amount)}) ${when}; ${reason}`, 4);
  });
  return [
    ...(told.length === 0 ? [] : ["  Beside the market, which is for members:", ...told]),
    ...wrapped(
      `Loss of the case: USD ${dollars(loss.before)} before what others bought, USD ${dollars(loss.onMarket)} bought on the market, ` +
        `USD ${dollars(loss.elsewhere)} elsewhere by a known day, USD ${dollars(loss.after)} after.`,
    ),
  ];
}

/** What the council adopted about coercers, and who has carried it out. */
export function measureLines({ measures }: ReplayRecord): string[] {
  if (measures.length === 0) return [];
  const lines = measures.flatMap(
    ({ row, proposalId, adopted, end, implementations, implemented, missing, awaited }) => {
      const days = new Map<string, string[]>();
      for (const { code, time } of implementations) days.set(day(time), [...(days.get(day(time)) ?? []), code]);
      const rest =
        awaited > 0 ? `${agreeing(awaited, "is", "are")} awaited` : `${agreeing(missing, "is", "are")} missing`;
      return [
        ...wrapped(
          `${day(adopted)}  against ${row.target}, for ${row.case}: ${row.title} (${row.measure}), by vote ${proposalId ?? ""}, in force ` +
            `until ${day(end)}`,
          12,
        ),
        ...[...days].flatMap(([date, codes]) => wrapped(`${date}  filed by ${codes.join(", ")}`, 12)),
        ...wrapped(
          `${plural(implemented, "member")} of today ${implemented === 1 ? "carries" : "carry"} it out, ${rest}; the register compels nobody.`,
        ),
      ];
    },
  );
  return [...heading("Joint measures"), ...lines];
}
