import { expect } from "chai";

import { agreeing, dollars, dollarsOrDust, plural, table } from "../../scripts/lib/format.ts";
import { recordLines, reconciliationLines } from "../../scripts/lib/replay/report.ts";
import type { AttackRecord, ReplayRecord } from "../../scripts/lib/replay/record.ts";
import { reportPage } from "../../scripts/lib/report/report.ts";
import { at } from "../support/replay.ts";
import { emptyRecord, livedRecord } from "../support/report.ts";

/** The lines under a heading, up to the next. */
function under(heading: string, record: ReplayRecord): string[] {
  const lines = recordLines(record, undefined);
  const from = lines.findIndex((line) => line.includes(heading) && !line.startsWith(" "));
  const to = lines.indexOf("", from);
  return from < 0 ? [] : lines.slice(from + 1, to);
}

describe("replay: what is printed", () => {
  it("tells arrears as they happened and what they came to", () => {
    const record = livedRecord();
    const [lasting] = record.arrears;
    const ended = {
      ...{ code: "HHH", dueAt: at("2019-05-01"), most: 250_000_000n, claimsRestedAt: undefined },
      ...{ voteRestedAt: undefined, paid: { time: at("2020-01-01"), amount: 1_250_000_001n } },
    };
    expect(under("Arrears", { ...record, arrears: [lasting!, ended] })).to.deep.equal([
      "  2019-01-31  III does not pay what is due on this day",
      "  2019-05-01  III can file no attack: a debt is more than 90 days overdue",
      "  2019-05-01  HHH does not pay what is due on this day",
      "  2020-01-01  HHH pays USD 1,250.00, all that it was asked; up to USD 250.00 was overdue",
      "  2020-06-01  the vote of III rests: its debt has reached its last eight assessments",
      "  member   due since  overdue at most  claims rest from  vote rests from     paid up",
      "  III     2019-01-31        12,345.67        2019-05-01       2020-06-01     not yet",
      "  HHH     2019-05-01           250.00             never            never  2020-01-01",
      "  Overdue at the end of 2020: III USD 12,345.67.",
    ]);
  });

  it("says what a payment brings back", () => {
    const record = livedRecord();
    const paid = { time: at("2020-09-01"), amount: 20_000_000_000n };
    const lines = under("Arrears", { ...record, arrears: [{ ...record.arrears[0]!, paid }] });
    expect(lines.slice(3, 5)).to.deep.equal([
      "  2020-09-01  III pays USD 20,000.00, all that it was asked; up to USD 12,345.67 was overdue; it",
      "              votes again and can file attacks that begin from now on",
    ]);
  });

  it("has a column of what is overdue if anything is, and nothing about arrears otherwise", () => {
    const record = livedRecord();
    expect(under("The years", record)[0]).to.match(/ owed +overdue$/);
    expect(under("The years", record)[2]).to.match(/^ {2}2020 .* 12,345\.67$/);
    expect(under("The years", emptyRecord())[0]).to.match(/ owed$/);
    expect(recordLines(emptyRecord(), undefined).join("\n")).not.to.include("Arrears");
  });

  it("keeps every table within a hundred columns, and every figure", () => {
    const record = livedRecord();
    const large = 123_456_789_012_345_678n;
    const changes: Partial<ReplayRecord> = {
      series: record.series.map((one) => ({ ...one, reserve: large, committed: large + 1_000_000n, owed: large })),
      members: record.members.map((one) => ({ ...one, years: one.years.map((year) => ({ ...year, debt: large })) })),
      attacks: record.attacks.map((one) => ({
        ...one,
        rounds: one.rounds.map((round) => ({ ...round, bought: large, reported: large, loss: large, payable: large })),
      })),
    };
    const lines = recordLines({ ...record, ...changes }, "A");
    expect(lines.filter(({ length }) => length > 100)).to.deep.equal([]);
    const years = under("The years", { ...record, ...changes });
    expect(years.map((line) => line.trim().split(/  +/)).slice(0, 6)).to.deep.equal([
      ["year", "States", "suspended", "paid in", "paid out"],
      ["2019", "9", "0", "4,500.00", "1,250,000.00"],
      ["2020", "9", "0", "4,500.00", "350,000.00"],
      ["year", "reserve at end", "committed", "owed", "overdue"],
      ["2019", "123,456,789,012.34", "123,456,789,013.34", "123,456,789,012.34", "1,111,111,101,111.11"],
      ["2020", "123,456,789,012.34", "123,456,789,013.34", "123,456,789,012.34", "1,111,111,101,111.11"],
    ]);
  });

  it("goes on in the next line with a text that is longer than half of a table", () => {
    const long = "makers of sausages and other goods of meat";
    const rows = [
      [long, "industry", "1.00"],
      ["x", long, "2.00"],
    ];
    expect(table(["who", "what", "amount"], rows, 60)).to.deep.equal([
      "who                                                   what",
      "makers of sausages and other                      industry",
      "goods of meat",
      "x                             makers of sausages and other",
      "                                             goods of meat",
      "who                           amount",
      "makers of sausages and other    1.00",
      "goods of meat",
      "x                               2.00",
    ]);
  });

  it("tells a vote that is still open from one that is lost", () => {
    const record = livedRecord();
    const told = (status: "Voting" | "Rejected") => {
      const attack = { ...record.attacks[1]!, status, cases: ["B"] };
      const page = reportPage({ ...record, attacks: [attack] });
      return [recordLines({ ...record, attacks: [attack] }, undefined).join("\n"), page] as const;
    };
    const [open, openPage] = told("Voting");
    expect(open).to.include("  The vote is still open when the replay ends.").and.not.include("not recognised");
    expect(openPage).to.include("the vote is still open when the replay ends").and.include(">not yet</td>");
    const [lost, lostPage] = told("Rejected");
    expect(lost).to.include("  The case was not recognised (Rejected).");
    expect(lostPage).to.include("not recognised (rejected)");
  });

  it("says why nothing was disbursed to a treasury", () => {
    const record = livedRecord();
    const [attack] = record.attacks;
    const earmark = { ...attack!.earmark!, share: 1_000_000 };
    const recognised = { ...attack!.recognised!, advance: 0n };
    const told: [changes: Partial<AttackRecord>, why: string][] = [
      [{ rounds: [], recognised }, "nothing was payable"],
      [{ earmark }, "all that was awarded is for industries and workers"],
      [{ earmark: undefined }, "all that was awarded is still owed"],
    ];
    for (const [changes, why] of told) {
      const changed = { ...record, attacks: [{ ...attack!, disbursements: [], disbursed: 0n, ...changes }] };
      expect(recordLines(changed, undefined)).to.include(`  No disbursement to the treasury: ${why}.`);
      expect(reportPage(changed)).to.include(`<p>Nothing was disbursed to the treasury: ${why}.</p>`);
    }
  });

  it("breaks a long title, and shows a debt of less than a cent in full", () => {
    const record = livedRecord();
    const [first] = record.cases;
    const title = Array<string>(30).fill("title").join(" ");
    const members = record.members.map((one) => ({ ...one, years: one.years.map((of) => ({ ...of, debt: 3n })) }));
    const changed = { ...record, members, cases: [{ ...first!, row: { ...first!.row, title } }] };
    expect(recordLines(changed, undefined).filter(({ length }) => length > 100)).to.deep.equal([]);
    expect(under("Arrears", changed).join(" ").replaceAll(/ +/g, " ")).to.include("III USD 0.000003");
  });

  it("does not show as nothing what is less than a cent", () => {
    expect([3n, 9_999n, 10_000n, 0n].map(dollarsOrDust)).to.deep.equal(["0.000003", "0.009999", "0.01", "0.00"]);
    expect(dollars(3n)).to.equal("0.00");
    const record = livedRecord();
    const [attack] = record.attacks;
    const dust = { ...attack!.disbursements[0]!, amount: 3n, occasion: "what was owed" };
    const lines = recordLines({ ...record, attacks: [{ ...attack!, disbursements: [dust] }] }, undefined);
    expect(lines.filter((line) => line.includes("what was owed"))).to.have.lengthOf(1);
    expect(lines.find((line) => line.includes("what was owed"))).to.match(/ 0\.000003 +7$/);
  });

  it("counts one as one, and thousands in threes", () => {
    expect([0, 1, 2_345].map((number) => plural(number, "event"))).to.deep.equal([
      "0 events",
      "1 event",
      "2,345 events",
    ]);
    expect([1n, 2n].map((number) => plural(number, "entry", "entries"))).to.deep.equal(["1 entry", "2 entries"]);
    expect([1, 2].map((number) => agreeing(number, "is", "are"))).to.deep.equal(["1 is", "2 are"]);
    const { reconciliation } = livedRecord();
    expect(reconciliationLines({ ...reconciliation, entries: 1n })[0]).to.match(/^reconciled: 1 journal entry, /);
    expect(reconciliationLines({ ...reconciliation, mismatches: ["a"] })[0]).to.equal("not reconciled, 1 mismatch:");
    expect(under("Joint measures", livedRecord()).join(" ")).to.include(
      "3 members of today carry it out, 1 is awaited",
    );
  });
});
