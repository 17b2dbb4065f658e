import { dollars } from "../format.ts";
import type { Goods } from "../replay/record-solidarity.ts";
import type { AttackRecord, CaseRecord, ReplayRecord } from "../replay/record.ts";
import { figure } from "./figure.ts";
import type { Draw, Figure } from "./figure.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { bars, inMillions } from "./option.ts";
import { amounts, dates, figures, table, words } from "./table.ts";
import { date, named, quantityText, sum, withCode } from "./words.ts";

/** A case with goods that could no longer be sold. */
export type CaseOfGoods = CaseRecord & { goods: Goods };

const hasGoods = (one: CaseRecord): one is CaseOfGoods => one.goods !== undefined;

/** The cases whose goods are told with this attack: with the first, if a case opened several. */
export function goodsOfAttack({ cases }: ReplayRecord, { attackId }: AttackRecord): CaseOfGoods[] {
  return cases.filter(hasGoods).filter(({ attackIds }) => attackIds[0] === attackId);
}

/** The cases with goods that are part of no attack. */
export function goodsWithoutAttack({ cases }: ReplayRecord): CaseOfGoods[] {
  return cases.filter(hasGoods).filter(({ attackIds }) => attackIds.length === 0);
}

/** What could no longer be sold, who bought of it beside the market and why there, and the loss before and after all of it. */
export function goodsPart(r: ReplayRecord, one: CaseOfGoods, draw: Draw | undefined): Html {
  return html`${lotTable(one)} ${elsewhereTable(r, one)} ${figure(goodsFigure(r, one), draw)}`;
}

function lotTable({ row, goods: { lots } }: CaseOfGoods): Html {
  return table({
    caption: `What could no longer be sold in ${row.id}, by the data`,
    columns: [words("goods"), figures("quantity"), amounts("unit price"), amounts("value"), words("derivation")],
    rows: lots.map(({ goods, hsCode, unit, quantity, price, derivation }) => [
      ...[withCode(goods, hsCode), quantityText(quantity, unit), dollars(price), dollars(quantity * price), derivation],
    ]),
  });
}

function elsewhereTable(r: ReplayRecord, { row, goods: { lots, elsewhere } }: CaseOfGoods): Html {
  if (elsewhere.length === 0) return html`<p>Whatever was pledged or bought of it was so on the market.</p>`;
  const unitOf = (hsCode: string) => lots.find((lot) => lot.hsCode === hsCode)?.unit ?? "";
  const totals = new Map<string, bigint>();
  for (const { hsCode, quantity } of elsewhere) {
    totals.set(unitOf(hsCode), (totals.get(unitOf(hsCode)) ?? 0n) + quantity);
  }
  const someUsual = elsewhere.some(({ usual }) => usual > 0n);
  const all = [...totals].map(([unit, of]) => quantityText(of, unit)).join(", ");
  return table({
    caption: `Pledged or bought in ${row.id} beside the market, where members alone buy`,
    columns: [
      ...[words("buyers"), words("where"), figures("quantity"), ...(someUsual ? [figures("of it usual")] : [])],
      ...[amounts(someUsual ? "value beyond usual" : "value"), dates("pledged by"), dates("bought by")],
      words("why not on the market"),
    ],
    rows: elsewhere.map(({ buyers, country, hsCode, quantity, usual, amount, pledged, bought, reason, derivation }) => [
      ...[
        derivation === "" ? buyers : html`${buyers} <small>${derivation}</small>`,
        country === "" ? "not told" : named(r, country),
      ],
      ...(someUsual ? [quantity, usual] : [quantity]).map((of) => quantityText(of, unitOf(hsCode))),
      ...[dollars(amount), ...[pledged, bought].map((time) => (time === undefined ? "not told" : date(time))), reason],
    ]),
    foot: [
      ...["all", "", all, ...(someUsual ? [""] : []), dollars(sum(elsewhere.map(({ amount }) => amount)))],
      ...["", "", ""],
    ],
    dense: true,
  });
}

/** The loss of a case before others bought, what they bought, and what is left. */
export function goodsFigure({ cases }: ReplayRecord, one: CaseOfGoods): Figure {
  const { before, onMarket, elsewhere, after } = one.goods.loss;
  const steps = [
    ["before others bought", before],
    ["bought on the market", onMarket],
    ["bought elsewhere by a known day", elsewhere],
    ["after", after],
  ] as const;
  return {
    // An id in the data may hold what an id on the page must not.
    name: `goods-of-case-${cases.findIndex(({ row }) => row.id === one.row.id) + 1}`,
    title: `Loss of ${one.row.id} before and after others bought`,
    about: "The net loss in the data with what others bought added back, and what is left, in millions of US dollars.",
    ...bars(
      "loss",
      "million USD",
      steps.map(([name]) => name),
      [{ name: "loss", values: steps.map(([, amount]) => inMillions(amount)) }],
    ),
    table: {
      caption: `The loss of ${one.row.id} before and after others bought`,
      columns: [words("loss"), amounts("amount")],
      rows: steps.map(([name, amount]) => [name, dollars(amount)]),
    },
  };
}
