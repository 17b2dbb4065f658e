import { expect } from "chai";
import { parse } from "csv-parse/sync";

import { csvFiles } from "../../scripts/lib/report/csv.ts";
import { emptyRecord, livedRecord } from "../support/report.ts";

const read = (text: string) => parse(text, { columns: true }) as unknown as Record<string, string>[];
const lived = csvFiles(livedRecord());
const rowsOf = (name: string) => read(lived.get(name)!);

describe("report: CSV", () => {
  it("has exact amounts, with all their decimals", () => {
    expect(rowsOf("fund.csv")).to.deep.equal([
      {
        time_utc: "2019-01-01T00:00:00Z",
        reserve_usd: "36000.000000",
        committed_usd: "0.000000",
        owed_usd: "0.000000",
        pot_usd: "0.000000",
        earmarked_usd: "0.000000",
      },
      {
        time_utc: "2019-09-01T00:00:00Z",
        reserve_usd: "35000.123456",
        committed_usd: "30000.000000",
        owed_usd: "5.000001",
        pot_usd: "0.000000",
        earmarked_usd: "0.000000",
      },
    ]);
    expect(rowsOf("rounds.csv")[0]).to.deep.equal({
      ...{ attack: "1", round: "1", ended_utc: "2019-10-01T00:00:00Z", settled_utc: "2019-10-01T01:00:00Z" },
      ...{
        reported_usd: "1000000.123456",
        bought_usd: "0.000005",
        counted_usd: "900000.000000",
        payable_usd: "250000.000000",
        award_usd: "0.000000",
      },
    });
  });

  it("has every figure of members, contributions, periods and calls", () => {
    expect(rowsOf("members-by-year.csv")).to.have.lengthOf(18);
    expect(rowsOf("members-by-year.csv").at(-1)).to.deep.equal({
      ...{
        member: "III",
        name: "Land of III",
        kind: "State",
        seat: "8",
        joined_utc: "2018-12-02T00:00:00Z",
        year: "2020",
      },
      ...{ status: "Active", vote_suspended: "yes", good_standing: "no", weight_ppm: "100000" },
      ...{ assessed_usd: "13245.678902", called_usd: "0.000000", charged_usd: "0.000000" },
      ...{ paid_usd: "900.000001", overdue_usd: "12345.678901" },
    });
    expect(rowsOf("arrears.csv")).to.deep.equal([
      {
        ...{ member: "III", due_utc: "2019-01-31T00:00:00Z", most_usd: "12345.678901", paid_up_utc: "", paid_usd: "" },
        ...{ no_filing_utc: "2019-05-01T00:00:00Z", vote_rests_utc: "2020-06-01T00:00:00Z" },
      },
    ]);
    expect(rowsOf("contributions.csv")[0]).to.deep.equal({
      ...{ member: "AAA", period: "0", period_from_utc: "2019-01-01T00:00:00Z", paid_usd: "100.000001" },
    });
    expect(rowsOf("periods.csv")[0]!["budget_usd"]).to.equal("45000.000001");
    expect(rowsOf("calls.csv")[0]!["amount_usd"]).to.equal("77.000000");
  });

  it("has attacks, disbursements, votes, ballots and cases", () => {
    const attacks = rowsOf("attacks.csv");
    expect(
      attacks.map((row) => [
        row["attack"],
        row["status"],
        row["recognised_utc"],
        row["disbursed_usd"],
        row["first_money_days"],
      ]),
    ).to.deep.equal([
      ["1", "Recognised", "2019-09-01T13:00:00Z", "1250000.000000", "2"],
      ["2", "Rejected", "", "0.000000", ""],
    ]);
    expect(
      rowsOf("disbursements.csv").map((row) => [row["occasion"], row["since_filing_days"], row["amount_usd"]]),
    ).to.deep.equal([
      ["advance", "2", "300000.000000"],
      ["round 2", "59", "950000.000000"],
    ]);
    expect(
      rowsOf("votes.csv").map((row) => [row["vote"], row["procedure"], row["for"], row["majority"], row["passed"]]),
    ).to.deep.equal([
      ["1", "urgent", "5", "5", "yes"],
      ["2", "urgent", "5", "5", "no"],
      ["3", "ordinary", "5", "5", "yes"],
    ]);
    expect(
      rowsOf("ballots.csv")
        .filter((row) => row["decides"] === "yes")
        .map((row) => [row["attack"], row["member"]]),
    ).to.deep.equal([
      ["1", "FFF"],
      ["2", "FFF"],
    ]);
    expect(rowsOf("cases.csv").map((row) => [row["case"], row["outcome"], row["reason"]])).to.deep.equal([
      ["A", "filed", ""],
      ["B", "filed", ""],
      ["Z", "refused", "ZZZ is no member."],
      ["Y", "skipped", "it would be filed after 2020"],
    ]);
    expect(rowsOf("comparisons.csv")[0]!["since_effect_days"]).to.equal("146");
    expect(rowsOf("memberships.csv")).to.have.lengthOf(11);
  });

  it("has lots, purchases, buyers and losses of the market", () => {
    expect(rowsOf("lots.csv")[0]).to.deep.equal({
      ...{ attack: "1", lot: "1", case: "A", goods: "pineapples", hs_code: "080430", unit: "t" },
      ...{ offered_utc: "2019-09-03T00:00:00Z", deadline_utc: "2020-08-26T00:00:00Z" },
      ...{ quantity: "34042", price_usd: "1288.940001", pledged: "1500", sold: "1200" },
    });
    expect(rowsOf("purchases.csv").map(Object.values)).to.deep.equal([
      ["1", "1", "2019-09-04T00:00:00Z", "BBB", "pledge", "1000", "t", ""],
      ["1", "1", "2019-09-05T00:00:00Z", "BBB", "purchase", "700", "t", "902258.000700"],
      ["1", "1", "2019-09-06T00:00:00Z", "CCC", "pledge", "500", "t", ""],
      ["1", "1", "2019-09-07T00:00:00Z", "CCC", "purchase", "500", "t", "644470.000500"],
    ]);
    expect(rowsOf("buyers.csv").map(Object.values)).to.deep.equal([
      ["1", "BBB", "902258.000700", "4876000.000001"],
      ["1", "CCC", "644470.000500", "333000.000000"],
    ]);
    expect(rowsOf("market-losses.csv").map(Object.values)).to.deep.equal([
      ["1", "3446728.001200", "1546728.001200", "1900000.000000", "1250000.000000"],
    ]);
    expect(rowsOf("purchases-elsewhere.csv")[0]).to.deep.equal({
      ...{ case: "A", hs_code: "080430", buyers: "shops", country: "AAA", quantity: "41687", usual: "687", unit: "t" },
      ...{ value_usd: "52846540.041000", pledged_utc: "2019-09-02T00:00:00Z", bought_utc: "" },
      ...{ reason: "buyers in the member's own country", derivation: "whole fruit" },
    });
    expect(rowsOf("goods.csv").map(Object.values)).to.deep.equal([
      ["A", "1781551.031200", "1546728.001200", "234814.030000", "9.000000"],
    ]);
  });

  it("has earmarks, campaigns and claims, and names nobody where there are too many", () => {
    expect(rowsOf("earmarks.csv").map(Object.values)).to.deep.equal([
      [
        ...["1", "AAA", "333333", "416000.000007", "350000.000003", "66000.000002", "0.000002", "666.250000"],
        ...["0.000002", "2021-09-01T00:00:00Z"],
      ],
    ]);
    expect(rowsOf("campaigns.csv").map(Object.values)).to.deep.equal([
      [
        ...["4294967297", "1", "2020-09-01T09:00:00Z", `0x${"6e".repeat(32)}`, "416000.000003"],
        ...["2021-02-28T23:59:59Z", "4", "66000.000000", "2021-03-01T00:00:00Z"],
      ],
    ]);
    const [day, none] = ["2020-10-01T00:00:00Z", ""];
    const claims = rowsOf("claims.csv").map(Object.values);
    expect(claims).to.have.lengthOf(4);
    expect([claims[0], claims[3]]).to.deep.equal([
      ["4294967297", "industry", "large firms", "1", "100000.000001", "1", "100000.000001", day, day],
      ["4294967297", "worker", "other workers", "1", "66000.000000", "0", "0.000000", none, none],
    ]);

    const record = livedRecord();
    const { campaign } = record.attacks[0]!.earmark!;
    campaign!.recipients = Array.from({ length: 100 }, (_, i) => ({
      ...campaign!.recipients[i % 4]!,
      index: BigInt(i),
    }));
    expect(read(csvFiles(record).get("claims.csv")!).map(Object.values)).to.deep.equal([
      [
        ...["4294967297", "industry", "", "50", "3750000.000025", "50", "3750000.000025"],
        ...[day, "2020-10-03T00:00:00Z"],
      ],
      [
        ...["4294967297", "worker", "", "50", "6650000.000050", "25", "5000000.000050"],
        ...["2020-10-02T00:00:00Z", "2020-10-02T00:00:00Z"],
      ],
    ]);
  });

  it("has joint measures and who filed them", () => {
    expect(rowsOf("measures.csv").map(Object.values)).to.deep.equal([
      [
        ...["1", "WT/DS1", "Case over the trade of AAA", "A", "CHN", "other", "3", "2019-10-22T00:00:00Z"],
        ...["2019-10-22T00:00:00Z", "2020-12-01T23:59:59Z", "3", "3", "1", "5"],
      ],
    ]);
    expect(rowsOf("implementations.csv").map(Object.values)).to.deep.equal([
      ["1", "BBB", "2019-10-22T01:00:00Z"],
      ["1", "CCC", "2019-10-22T02:00:00Z"],
      ["1", "DDD", "2019-10-25T00:00:00Z"],
    ]);
  });

  it("says what every column means", () => {
    const meanings = rowsOf("columns.csv");
    for (const [file, text] of lived) {
      if (file === "columns.csv") continue;
      const [header = ""] = text.split("\r\n");
      const told = meanings.filter((row) => row["file"] === file);
      expect(
        told.map((row) => row["column"]),
        file,
      ).to.deep.equal(header.split(","));
      for (const { meaning } of told) expect(meaning).not.to.equal("");
    }
  });

  it("ends lines by RFC 4180 and quotes what would be taken for something else", () => {
    const [first, ...others] = livedRecord().cases;
    const title = `=1+1,"quoted"\nand more`;
    const text = csvFiles(livedRecord({ cases: [{ ...first!, row: { ...first!.row, title } }, ...others] })).get(
      "cases.csv",
    )!;
    expect(text).to.match(/\r\n$/);
    expect(text.replaceAll("\r\n", "")).to.match(/"'=1\+1,""quoted""\nand more"/);
    expect(read(text)[0]!["title"]).to.equal(`'${title}`);
  });

  it("has headers alone where there was nothing", () => {
    for (const [file, text] of csvFiles(emptyRecord())) {
      if (file !== "columns.csv") expect(text.split("\r\n"), file).to.have.lengthOf(2);
    }
  });
});
