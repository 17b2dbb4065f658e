import { expect } from "chai";

import { dateOf } from "../../scripts/lib/csv.ts";
import type { Case, Loss } from "../../scripts/lib/replay/data.ts";
import { planFilings } from "../../scripts/lib/replay/plan.ts";

const HOUR = 3_600;
const DAY = 86_400;
const date = (text: string) => dateOf(text)!;

const row = (id: string, effective: string, ended?: string, announced = effective): Case => ({
  id,
  member: id.slice(0, 1).repeat(3),
  coercer: "CHN",
  title: id,
  trigger: "",
  measure: "other",
  announced: date(announced),
  effective: date(effective),
  ended: ended === undefined ? undefined : date(ended),
  baseline: 1n,
  note: "",
});
const loss = (id: string, from: string, to: string): Loss => {
  return { case: id, from: date(from), until: date(to) + DAY, net: 1n, confidence: "H", derivation: "" };
};

/** What is filed, as "date: rows, succession". */
const planned = (rows: Case[], losses: Loss[] = []) =>
  planFilings(rows, losses, 9 * HOUR).map(({ startedAt, rows: about, succession }) => {
    const day = new Date(startedAt * 1000).toISOString().slice(0, 10);
    return `${day}: ${about.map(({ id }) => id).join(" ")}, ${succession}`;
  });

describe("replay: what will be filed", () => {
  it("is every row on its own if pairs differ, in order of time", () => {
    expect(planned([row("B1", "2020-02-01"), row("A1", "2020-01-01")])).to.deep.equal([
      "2020-01-01: A1, 0",
      "2020-02-01: B1, 0",
    ]);
  });

  it("is filed on the day it takes effect, or is announced if that is later, at the office hour", () => {
    const [one, other] = planFilings(
      [row("A1", "2020-01-01", undefined, "2019-12-01"), row("B1", "2020-01-01", undefined, "2020-01-05")],
      [],
      9 * HOUR,
    );
    expect(one!.filing).to.equal(date("2020-01-01") + 9 * HOUR);
    expect(other!.filing).to.equal(date("2020-01-05") + 9 * HOUR);
    expect(other!.startedAt).to.equal(date("2020-01-01"));
  });

  it("joins a row to the open case of its pair until that is over", () => {
    // Twelve rounds of 30 days from 1 January 2020 end on 26 December.
    expect(planned([row("A1", "2020-01-01"), row("A2", "2020-12-26")])).to.deep.equal(["2020-01-01: A1 A2, 0"]);
    expect(planned([row("A1", "2020-01-01"), row("A2", "2020-12-27")])).to.deep.equal([
      "2020-01-01: A1, 0",
      "2020-12-27: A2, 1",
    ]);
  });

  it("lets a case end with the round in which the last of its rows ends", () => {
    const first = row("A1", "2020-01-01", "2020-01-10");
    expect(planned([first, row("A2", "2020-02-01")])).to.deep.equal(["2020-01-01: A1, 0", "2020-02-01: A2, 1"]);
    expect(planned([first, row("A2", "2020-01-20"), row("A3", "2020-02-01")])).to.deep.equal([
      "2020-01-01: A1 A2 A3, 0",
    ]);
  });

  it("files again for a loss row that begins later, while the coercion lasts", () => {
    const losses = [loss("A1", "2020-01-01", "2021-03-01"), loss("A1", "2021-06-01", "2021-07-01")];
    expect(planned([row("A1", "2020-01-01")], losses)).to.deep.equal(["2020-01-01: A1, 0", "2021-06-01: A1, 1"]);
    expect(planned([row("A1", "2020-01-01", "2021-06-02")], losses)).to.have.lengthOf(2);
    expect(planned([row("A1", "2020-01-01", "2021-06-01")], losses)).to.have.lengthOf(1);
    expect(planned([row("A1", "2020-01-01")], losses.slice(0, 1))).to.have.lengthOf(1);
    expect(planned([row("A1", "2020-01-01")], [loss("A1", "2020-12-26", "2021-01-01")])).to.have.lengthOf(2);
    expect(planned([row("A1", "2020-01-01")], [loss("A1", "2020-12-25", "2021-01-01")])).to.have.lengthOf(1);
  });

  it("counts as a successor what begins less than 360 days after the last ended", () => {
    const again = (from: string) => planned([row("A1", "2020-01-01")], [loss("A1", from, "2022-12-31")]);
    expect(again("2021-12-20")).to.deep.equal(["2020-01-01: A1, 0", "2021-12-20: A1, 1"]);
    expect(again("2021-12-21")).to.deep.equal(["2020-01-01: A1, 0", "2021-12-21: A1, 0"]);
  });

  it("waits 360 days after two successors in a row, if the loss lasts as long", () => {
    const losses = (last: string) => [
      loss("A1", "2021-01-01", "2021-01-31"),
      loss("A1", "2022-01-01", "2022-01-31"),
      loss("A1", "2023-01-01", last),
    ];
    // The third case ends on 27 December 2022.
    expect(planned([row("A1", "2020-01-01")], losses("2023-12-22"))).to.deep.equal([
      "2020-01-01: A1, 0",
      "2021-01-01: A1, 1",
      "2022-01-01: A1, 2",
      "2023-12-22: A1, 0",
    ]);
    expect(planned([row("A1", "2020-01-01")], losses("2023-12-21"))).to.have.lengthOf(3);
  });

  it("files again only what lasts, and what has come meanwhile joins", () => {
    const rows = [row("A1", "2020-01-01"), row("A2", "2020-02-01", "2020-06-01"), row("A3", "2021-07-01")];
    expect(planned(rows, [loss("A1", "2021-06-01", "2021-07-01")])).to.deep.equal([
      "2020-01-01: A1 A2, 0",
      "2021-06-01: A1 A3, 1",
    ]);
  });
});
