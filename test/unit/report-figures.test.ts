import { expect } from "chai";
import { parse } from "node-html-parser";

import { dollars } from "../../scripts/lib/format.ts";
import type { ReplayRecord } from "../../scripts/lib/replay/record.ts";
import { debtFigure } from "../../scripts/lib/report/arrears.ts";
import { lossFigure } from "../../scripts/lib/report/attacks.ts";
import { totalsFigure, yearsFigure } from "../../scripts/lib/report/contributions.ts";
import { draw } from "../../scripts/lib/report/draw.ts";
import { earmarkFigure } from "../../scripts/lib/report/earmarks.ts";
import type { Figure } from "../../scripts/lib/report/figure.ts";
import { fundFigure } from "../../scripts/lib/report/fund.ts";
import { goodsFigure, goodsOfAttack } from "../../scripts/lib/report/goods.ts";
import { membershipFigure } from "../../scripts/lib/report/memberships.ts";
import { reportPage } from "../../scripts/lib/report/report.ts";
import { speedFigure } from "../../scripts/lib/report/speed.ts";
import { livedRecord } from "../support/report.ts";

const record = livedRecord();
const FIGURES = [
  fundFigure(record),
  yearsFigure(record),
  totalsFigure(record),
  membershipFigure(record),
  lossFigure(record.attacks[0]!),
  goodsFigure(record, goodsOfAttack(record, record.attacks[0]!)[0]!),
  earmarkFigure(1n, record.attacks[0]!.earmark!),
  speedFigure(record),
  debtFigure(record),
];

interface Drawn {
  name: string;
  data: unknown[];
}

/** What a figure draws, by the name of the line or bar; of lines the values alone. */
function drawnBy({ option }: Figure): Map<string, unknown[]> {
  const series = option.series as unknown as Drawn[];
  return new Map(
    series.map(({ name, data }) => [
      name,
      data.map((point) => (Array.isArray(point) ? (point as unknown[])[1] : point)),
    ]),
  );
}

/** The cells of the column with that title. */
function columnOf({ table: { columns, rows } }: Figure, title: string): unknown[] {
  const place = columns.findIndex((column) => column.title === title);
  expect(place, title).to.be.greaterThan(-1);
  return rows.map((row) => row[place]);
}

/** Millions drawn, as the dollars of a table. */
const asDollars = (millions: unknown[]) => millions.map((value) => dollars(BigInt(Math.round(Number(value) * 1e12))));

describe("report: charts and their tables", () => {
  for (const figure of FIGURES) {
    it(`draws "${figure.title}" with a title, axes and their units, and nothing that could run`, () => {
      const svg = draw(figure.name, figure.option, figure.size);
      const document = parse(svg);
      const words = [...document.querySelectorAll("text")].map((one) => one.textContent);
      const axes = [figure.option.xAxis, figure.option.yAxis].flat() as { name: string }[];
      for (const { name } of axes) if (name !== "") expect(words).to.include(name);
      expect(axes.filter(({ name }) => name !== "").length).to.be.greaterThan(1);
      expect(svg).not.to.match(/<style|class=|ecmeta|NaN|undefined|script/);
      const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
      for (const id of ids) expect(id).to.match(new RegExp(`^${figure.name}-`));
    });
  }

  it("draws the fund's money as its table has it, and says what it leaves out", () => {
    const figure = fundFigure(record);
    const drawn = drawnBy(figure);
    expect([...drawn.keys()]).to.deep.equal(["reserve", "committed", "owed"]);
    for (const [name, values] of drawn) {
      // The last value is drawn on to the end.
      expect(values.at(-1)).to.equal(values.at(-2));
      expect(asDollars(values.slice(0, -1))).to.deep.equal(columnOf(figure, name));
    }
    expect(figure.about).to.include("not drawn: pot and earmarked.");
    expect(columnOf(figure, "pot")).to.deep.equal(["0.00", "0.00"]);
    expect(columnOf(figure, "reserve")).to.deep.equal(["36,000.00", "35,000.12"]);
  });

  for (const figure of [yearsFigure(record), debtFigure(record)]) {
    it(`draws "${figure.title}" as its table has it, and all of it`, () => {
      const drawn = drawnBy(figure);
      for (const [name, values] of drawn) expect(asDollars(values)).to.deep.equal(columnOf(figure, name));
      const sums = [2019, 2020].map((_, i) => [...drawn.values()].reduce((sum, values) => sum + Number(values[i]), 0));
      expect(asDollars(sums)).to.deep.equal(columnOf(figure, "all"));
    });
  }

  it("sets the six largest payers apart from the others", () => {
    const names = [...drawnBy(yearsFigure(record)).keys()];
    expect(names).to.deep.equal([
      ...["III", "HHH", "GGG", "FFF", "EEE", "DDD"].map((code) => `Land of ${code} (${code})`),
      "the 3 others",
    ]);
  });

  it("draws each member's contributions as the table has them", () => {
    const figure = totalsFigure(record);
    expect(asDollars(drawnBy(figure).get("paid in") ?? [])).to.deep.equal(columnOf(figure, "paid"));
  });

  it("draws the thirty largest bars at most, the last for all others together", () => {
    const [one] = record.members;
    const members = Array.from({ length: 40 }, (_, i) => ({ ...one!, code: `M${String(i).padStart(2, "0")}` }));
    const values = drawnBy(totalsFigure({ ...record, members })).get("paid in") ?? [];
    expect(values).to.have.lengthOf(30);
    // Two years of 100 dollars and a base unit, by eleven members.
    expect(asDollars(values.slice(-1))).to.deep.equal([dollars(11n * 2n * 100_000_001n)]);
  });

  it("draws the members as its table has them", () => {
    const figure = membershipFigure(record);
    for (const [name, values] of drawnBy(figure)) expect(values.slice(0, -1)).to.deep.equal(columnOf(figure, name));
    expect(columnOf(figure, "voting States")).to.deep.equal([9, 8, 7]);
    expect(columnOf(figure, "what happened").slice(1)).to.deep.equal([
      "suspended: Land of HHH (HHH) (vote 3)",
      "vote suspended: Land of III (III)",
    ]);
  });

  it("draws an attack's losses and awards from its start as its table has them", () => {
    const figure = lossFigure(record.attacks[0]!);
    const drawn = drawnBy(figure);
    for (const [name, title] of [
      ["reported net loss", "reported"],
      ["counted", "counted"],
      ["payable", "payable"],
      ["awarded", "awarded"],
      ["bought on the market", "bought"],
    ] as const) {
      expect(asDollars(drawn.get(name)!.slice(1))).to.deep.equal(columnOf(figure, title));
    }
    expect(drawn.get("awarded")![0]).to.equal(0.3);
    expect(columnOf(figure, "reported")).to.deep.equal(["1,000,000.12", "2,000,000.00"]);
    expect(columnOf(figure, "awarded")).to.deep.equal(["300,000.00", "1,250,000.00"]);
  });

  it("says what the market changed only where something was bought", () => {
    const [attack] = record.attacks;
    const rounds = attack!.rounds.map((round) => ({ ...round, bought: 0n }));
    const without = lossFigure({ ...attack!, rounds });
    expect([...drawnBy(without).keys()]).not.to.include("bought on the market");
    expect(without.about).not.to.include("market");
    expect(lossFigure(attack!).about).to.include("Reported is the loss before the market, counted the loss after it.");
  });

  it("draws the loss of a case before and after others bought as its table has it", () => {
    const figure = goodsFigure(record, goodsOfAttack(record, record.attacks[0]!)[0]!);
    expect(drawnBy(figure).get("loss")).to.deep.equal([1.7815510312, 1.5467280012, 0.23481403, 0.000009]);
    expect(columnOf(figure, "amount")).to.deep.equal(["1,781,551.03", "1,546,728.00", "234,814.03", "9.00"]);
  });

  it("draws where an earmark went as its table has it", () => {
    const figure = earmarkFigure(1n, record.attacks[0]!.earmark!);
    const parts = drawnBy(figure).get("earmark")!;
    expect(asDollars(parts)).to.deep.equal(columnOf(figure, "amount"));
    expect(asDollars([parts.reduce((sum, part) => Number(sum) + Number(part), 0)])).to.deep.equal(["416,000.00"]);
  });

  it("draws the days to first money beside the help in reality", () => {
    const figure = speedFigure(record);
    const drawn = drawnBy(figure);
    expect(drawn.get("the fund, from filing")).to.deep.equal(columnOf(figure, "the fund"));
    expect(drawn.get("help in reality, from the day the measure took effect")).to.deep.equal([146]);
    expect(columnOf(figure, "help in reality")).to.deep.equal([146]);
  });

  const page = (r: ReplayRecord, drawn: boolean) => parse(reportPage(r, drawn ? draw : undefined));

  it("puts a table with caption and scopes under every chart", () => {
    const figures = [...page(record, true).querySelectorAll("figure")];
    expect(figures.map(({ id }) => id)).to.deep.equal(FIGURES.map(({ name }) => name));
    for (const [i, figure] of figures.entries()) {
      const svg = figure.querySelector("svg");
      expect(svg?.getAttribute("role")).to.equal("img");
      expect(svg?.getAttribute("aria-label")).to.equal(`${FIGURES[i]!.title}. ${FIGURES[i]!.about}`);
      const table = figure.querySelector("details table");
      expect(table?.querySelector("caption")?.textContent.trim()).to.equal(FIGURES[i]!.table.caption);
      for (const cell of table!.querySelectorAll("thead th")) expect(cell.getAttribute("scope")).to.equal("col");
      for (const row of table!.querySelectorAll("tbody tr")) {
        expect(row.querySelector("th")?.getAttribute("scope")).to.equal("row");
      }
    }
  });

  it("has the same tables without charts", () => {
    const captions = (drawn: boolean) =>
      [...page(record, drawn).querySelectorAll("caption")].map((one) => one.textContent);
    expect(page(record, false).querySelectorAll("svg, figure")).to.have.lengthOf(0);
    expect(captions(false)).to.deep.equal(captions(true));
  });
});
