import { dollars } from "../format.ts";
import type { MarketRecord } from "../replay/record-solidarity.ts";
import type { AttackRecord, ReplayRecord } from "../replay/record.ts";
import type { Draw } from "./figure.ts";
import { goodsOfAttack, goodsPart } from "./goods.ts";
import { html } from "./html.ts";
import type { Fragment, Html } from "./html.ts";
import { amounts, dates, figures, table, words } from "./table.ts";
import { counted, moment, named, quantityText, sum, usd, withCode } from "./words.ts";

/** What the member offered and others bought, and the loss before and after; nothing if no goods were stranded. */
export function marketPart(r: ReplayRecord, attack: AttackRecord, draw: Draw | undefined): Fragment {
  const goods = goodsOfAttack(r, attack);
  if (attack.market === undefined && goods.length === 0) return undefined;
  return html`<h4>The market</h4>
    ${attack.market === undefined ? noLot(r, attack) : sales(r, attack, attack.market)}
    ${goods.map((one) => goodsPart(r, one, draw))}`;
}

function noLot(r: ReplayRecord, { member }: AttackRecord): Html {
  return html`<p>${named(r, member)} offered no lot on the market of the alliance.</p>`;
}

function sales(r: ReplayRecord, { attackId, member }: AttackRecord, market: MarketRecord): Html {
  return html`<p>
      What ${named(r, member)} could no longer sell it offered to the other members. A buyer pays the treasury of
      ${named(r, member)} directly; none of this is money of the fund.
    </p>
    ${lotTable(attackId, market)} ${actTable(r, attackId, market)} ${buyerTable(r, attackId, market)}
    ${lossTable(attackId, market)}`;
}

function lotTable(attackId: bigint, { lots }: MarketRecord): Html {
  return table({
    caption: `Lots offered for attack ${attackId}`,
    columns: [
      ...[figures("lot"), words("case"), words("goods"), dates("offered (UTC)"), dates("open until (UTC)")],
      ...[amounts("unit price"), figures("offered"), figures("pledged"), figures("bought")],
    ],
    rows: lots.map(({ lotId, case: id, goods, hsCode, unit, offered, deadline, price, quantity, pledged, sold }) => [
      ...[lotId, id, withCode(goods, hsCode), moment(offered), moment(deadline), dollars(price)],
      ...[quantity, pledged, sold].map((of) => quantityText(of, unit)),
    ]),
    dense: true,
  });
}

function actTable(r: ReplayRecord, attackId: bigint, { lots, pledges, purchases }: MarketRecord): Html {
  const acts = [
    ...pledges.map((act) => ({ ...act, what: "promises to buy in all", paid: undefined })),
    ...purchases.map((act) => ({ ...act, what: "buys and pays" })),
  ].sort((a, b) => a.time - b.time);
  if (acts.length === 0) return html`<p>No member pledged or bought of it.</p>`;
  const units = new Map(lots.map(({ lotId, unit }) => [lotId, unit]));
  return table({
    caption: `Pledges and purchases of attack ${attackId}`,
    columns: [
      ...[dates("time (UTC)"), words("buyer"), words("what"), figures("lot"), figures("quantity"), amounts("paid")],
    ],
    rows: acts.map(({ time, buyer, what, lotId, quantity, paid }) => [
      ...[moment(time), named(r, buyer), what, lotId, quantityText(quantity, units.get(lotId) ?? "")],
      paid === undefined ? "" : dollars(paid),
    ]),
    foot: ["all", "", "", "", "", dollars(sum(purchases.map(({ paid }) => paid)))],
  });
}

function buyerTable(r: ReplayRecord, attackId: bigint, { buyers }: MarketRecord): Fragment {
  if (buyers.length === 0) return undefined;
  return table({
    caption: `What the buyers of attack ${attackId} bought, and what their weights asked of them`,
    columns: [words("buyer"), amounts("bought"), amounts("asked by its weight")],
    rows: buyers.map(({ code, bought, target }) => [named(r, code), dollars(bought), dollars(target)]),
    foot: ["all", dollars(sum(buyers.map(({ bought }) => bought))), dollars(sum(buyers.map(({ target }) => target)))],
  });
}

function lossTable(attackId: bigint, { loss }: MarketRecord): Html {
  if (loss === undefined) return html`<p>No round was settled after it.</p>`;
  return html`${table({
      caption: `The loss of attack ${attackId} before and after the market, at the end of its last settled round`,
      columns: [words("loss"), amounts("since the attack began")],
      rows: [
        ["before the market, as reported", dollars(loss.before)],
        ["bought on the market", dollars(loss.bought)],
        ["after the market, what counts", dollars(loss.after)],
        ["payable by the fund", dollars(loss.payable)],
      ],
    })}
    <p>
      Purchases are deducted once: the loss in the data leaves out what was sold elsewhere, assessors add back what was
      bought on the market, and the register takes that off what counts. No more counts than the registered trade of the
      time elapsed.
    </p>`;
}

/** For the summary. */
export function marketLine({ attacks }: ReplayRecord): string {
  const markets = attacks.flatMap(({ market }) => market ?? []);
  const paid = sum(markets.flatMap(({ purchases }) => purchases.map((purchase) => purchase.paid)));
  const buyers = new Set(markets.flatMap((market) => market.buyers.map(({ code }) => code)));
  const lots = counted(markets.flatMap((market) => market.lots).length, "lot");
  return `${usd(paid)} by ${counted(buyers.size, "member")}; ${lots} offered`;
}
