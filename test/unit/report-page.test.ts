import { expect } from "chai";
import { HtmlValidate } from "html-validate";
import { parse } from "node-html-parser";

import type { ReplayRecord } from "../../scripts/lib/replay/record.ts";
import { draw } from "../../scripts/lib/report/draw.ts";
import { reportPage } from "../../scripts/lib/report/report.ts";
import { keyFigureOf, rowsOf, textOf } from "../support/page.ts";
import { emptyRecord, livedRecord } from "../support/report.ts";

const document = (r: ReplayRecord, drawn = true) => parse(reportPage(r, drawn ? draw : undefined));
describe("report: the page", () => {
  describe("given years with an attack that is paid and one that is rejected", () => {
    const page = document(livedRecord());

    it("sums up who, how much and when", () => {
      expect(textOf(page.querySelector("h1"))).to.equal("Replay of 2019 to 2020");
      expect(keyFigureOf(page, "Founders")).to.equal("9 members, on 1 January 2019");
      expect(keyFigureOf(page, "Members at the end")).to.equal(
        "7 States with a vote, no Partners, 2 whose vote or rights rest",
      );
      // Two years of 100 + 200 + … + 900 dollars and nine base units.
      expect(keyFigureOf(page, "Paid in by members")).to.equal("USD 9,000.00");
      // To the treasury, and in the second year to industries and workers.
      expect(keyFigureOf(page, "Paid out")).to.equal("USD 1,600,000.00, to Land of AAA (AAA)");
      expect(keyFigureOf(page, "Cases")).to.equal(
        "4 in the data: 2 attacks filed, 1 of them recognised; 1 case refused",
      );
      expect(keyFigureOf(page, "From filing to first money")).to.equal("2 days in the one attack paid for");
      expect(keyFigureOf(page, "The fund at the end")).to.equal(
        "USD 35,000.12 in reserve, USD 30,000.00 of it committed; USD 5.00 owed",
      );
      expect(keyFigureOf(page, "Overdue contributions at the end")).to.equal("USD 12,345.67");
      expect(textOf(page.querySelector(".seal"))).to.equal(
        "Reconciled. 5,467 journal entries, balance USD 35,000.12: 547 figures were rebuilt from the events alone and agree " +
          `with the ledger. Head of the journal: 0x${"9a".repeat(32)}`,
      );
    });

    it("shows the years and the calls", () => {
      expect(rowsOf(page, "The years")).to.deep.equal([
        ["2019", "9", "0", "4,500.00", "1,250,000.00", "35,000.12", "30,000.00", "5.00", "5.00"],
        ["2020", "9", "0", "4,500.00", "350,000.00", "35,000.12", "30,000.00", "5.00", "12,345.67"],
      ]);
      expect(rowsOf(page, "Supplementary calls")).to.deep.equal([
        ["1", "1 December 2019", "31 December 2019", "77.00"],
      ]);
    });

    it("shows what each member was asked and paid, the largest first", () => {
      const rows = rowsOf(page, "Members and what was asked of each");
      const joined = ["2 December 2018", "10.0000%"];
      expect(rows[0]).to.deep.equal([
        "Land of III (III)",
        "8",
        ...joined,
        "14,150.67",
        "0.00",
        "0.00",
        "1,800.00",
        "12,345.67",
      ]);
      expect(rows[8]).to.deep.equal(["Land of AAA (AAA)", "0", ...joined, "200.00", "0.00", "0.00", "200.00", "0.00"]);
      expect(rows[9]).to.deep.equal(["all", "", "", "", "21,350.67", "0.00", "0.00", "9,000.00", "12,345.67"]);
      expect(rowsOf(page, "Paid by each member from 2019 to 2020").at(-1)).to.deep.equal(["all", "4,500", "4,500"]);
      expect(rowsOf(page, "Contributions by period")).to.deep.equal([
        ["0", "1 January 2019", "9", "45,000.00", "36,000.00", "36,000.00"],
      ]);
    });

    it("tells each attack: decision, disbursements and the vote seat by seat", () => {
      expect(rowsOf(page, "All attacks")).to.deep.equal([
        [
          "1",
          "Land of AAA (AAA)",
          "China (CHN)",
          "1 September 2019",
          "1 September 2019",
          "3,000,000.00",
          "1,250,000.00",
          "2",
          "recognised",
        ],
        ["2", "Land of BBB (BBB)", "China (CHN)", "1 September 2019", "no", "0.00", "0.00", "none", "rejected"],
      ]);
      expect(rowsOf(page, "Disbursements of attack 1")).to.deep.equal([
        ["3 September 2019", "advance", "2", "7", "300,000.00"],
        ["31 October 2019", "round 2", "59", "9", "950,000.00"],
        ["all", "", "", "", "1,250,000.00"],
      ]);
      const ballots = [...page.querySelectorAll("#attack-1 .ballots li")].map(textOf);
      expect(ballots).to.deep.equal([
        "1 BBB 1 September, 09:00",
        "2 CCC 1 September, 10:00",
        "3 DDD 1 September, 11:00",
        "4 EEE 1 September, 12:00",
        "5 FFF 1 September, 13:00 majority",
      ]);
      expect(textOf(page.querySelector("#attack-2")))
        .to.include("not recognised (rejected)")
        .and.include("No round was settled");
    });

    it("shows arrears, votes, refusals and what was left out", () => {
      expect(textOf(page.querySelector("#arrears"))).to.include(
        "some stop paying: Land of III (III) from 2019 to 2020",
      );
      expect(rowsOf(page, "Who did not pay what was due")).to.deep.equal([
        ["Land of III (III)", "31 January 2019", "12,345.67", "1 May 2019", "1 June 2020", "not yet", "0.00"],
      ]);
      expect(rowsOf(page, "Votes suspended for a debt").map((row) => row[1])).to.deep.equal(["Land of III (III)"]);
      expect(
        rowsOf(page, "Every vote of the council").map(([id, , what, ...rest]) => [id, what, ...rest]),
      ).to.deep.equal([
        ["1", "Recognise attack 1", "5", "5", "8", "recognised on 1 September 2019"],
        ["2", "Recognise attack 2", "5", "5", "8", "not recognised"],
        ["3", "Review: suspend HHH", "5", "5", "9", "carried out on 14 January 2020"],
      ]);
      expect(rowsOf(page, "What the ledger refused")).to.deep.equal([
        ["Z", "1 September 2019, 00:00", "China (CHN) against ZZZ", "ZZZ is no member.", "AttackUnauthorized(ZZZ)"],
      ]);
      expect(rowsOf(page, "Cases left out")).to.deep.equal([["Y", "Title of Y", "it would be filed after 2020"]]);
      expect(rowsOf(page, "What help came in reality")).to.deep.equal([
        ["A", "aid", "25 January 2020", "139.00", "146", "a paper"],
      ]);
    });

    it("names the unit of a parameter, and shows one it does not know as it is", () => {
      const rows = rowsOf(page, "Parameters of the ledger").map(([what, value, unit]) => [what, value, unit]);
      expect(rows).to.deep.include(["wait between a decision and its execution", "7", "days"]);
      expect(rows).to.deep.include(["asked of all members in a period of 90 days", "45,000.00", "USD"]);
      expect(rows).to.deep.include(["other", "as it is", ""]);
    });
  });

  it("says what does not reconcile", () => {
    const { reconciliation } = livedRecord();
    const page = document(livedRecord({ reconciliation: { ...reconciliation, mismatches: ["reserve: 1 and 2"] } }));
    expect(textOf(page.querySelector(".seal"))).to.match(/^Not reconciled\..* 1 mismatch:$/);
    expect(textOf(page.querySelector(".seal + ul"))).to.equal("reserve: 1 and 2");
  });

  it("says so where there was nothing", () => {
    const page = document(emptyRecord());
    const said = textOf(page.querySelector("main"));
    for (const sentence of [
      "no money was paid",
      "No money moved.",
      "No contribution was paid.",
      "There was no member.",
      "No attack was filed in these years.",
      "The fund paid nothing for an attack.",
      "At no year's end was a contribution overdue.",
      "Nothing was put to a vote.",
      "The file of cases holds no row.",
    ]) {
      expect(said).to.include(sentence);
    }
    expect([...page.querySelectorAll("svg")]).to.deep.equal([]);
  });

  it("keeps short tables together on paper, and long ones not", () => {
    const stops = (length: number) => Array.from({ length }, () => livedRecord().arrears[0]!);
    const frame = (length: number) => {
      const page = document(livedRecord({ arrears: stops(length) }));
      return page.querySelector('section[aria-label^="Who did not pay"]')!.getAttribute("class");
    };
    expect([20, 21].map(frame)).to.deep.equal(["scroll dense few", "scroll dense"]);
  });

  it("leads from its contents to every part", () => {
    const page = document(livedRecord());
    const links = [...page.querySelectorAll("a")].map((link) => link.getAttribute("href"));
    expect(links).to.include.members(["#summary", "#attack-1", "#attack-2", "#sources"]);
    for (const link of links) expect(page.querySelectorAll(`[id="${link?.slice(1)}"]`), link ?? "").to.have.lengthOf(1);
  });

  it("asks nothing of the world and runs nothing", () => {
    const page = document(livedRecord());
    const policy = page.querySelector("meta[http-equiv]")?.getAttribute("content");
    expect(policy).to.equal("default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    expect([
      ...page.querySelectorAll("script, link, img, iframe, object, embed, image, use, base, form"),
    ]).to.deep.equal([]);
    for (const element of page.querySelectorAll("*")) {
      for (const [name, value] of Object.entries(element.attributes)) {
        expect(name).not.to.match(/^on|^src|^data$/);
        if (name.endsWith("href")) expect(value).to.match(/^#/);
        for (const [, target] of value.matchAll(/url\(([^)]*)\)/g)) expect(target).to.match(/^#/);
      }
    }
    expect(textOf(page.querySelector("style"))).not.to.match(/url\(|@import|expression/);
  });

  it("takes nothing from the files for HTML", () => {
    const evil = `"><script>alert(1)</script><img src=x onerror='x'>&amp;`;
    const lived = livedRecord();
    const cases = lived.cases.map((one) => ({
      ...one,
      row: { ...one.row, title: evil },
      ...{ reason: evil, refusals: [{ time: 0, error: evil, sentence: evil }] },
      losses: one.losses.map((loss) => ({ ...loss, derivation: evil })),
      comparisons: one.comparisons.map((help) => ({ ...help, what: evil, source: evil })),
    }));
    const names = Object.fromEntries(Object.keys(lived.names).map((code) => [code, evil]));
    const page = document({ ...lived, cases, names, files: { ...lived.files, cases: evil } });
    expect([...page.querySelectorAll("script, img")]).to.deep.equal([]);
    expect(rowsOf(page, "Cases left out")).to.deep.equal([["Y", evil, evil]]);
    expect(rowsOf(page, "All attacks")[0]![1]).to.equal(`${evil} (AAA)`);
    expect(page.querySelector("#days-to-first-money svg")?.textContent).to.include(`1: ${evil} (AAA)`);
    expect(page.querySelector("#attack-1 .ballots b")?.getAttribute("title")).to.equal(evil);
  });

  for (const [name, record] of [
    ["lived", livedRecord()],
    ["empty", emptyRecord()],
  ] as const) {
    it(`is valid HTML that a reader for the blind can use, ${name}`, async () => {
      const validator = new HtmlValidate({
        extends: ["html-validate:standard", "html-validate:a11y"],
        elements: ["html5"],
      });
      const { results } = await validator.validateString(reportPage(record, draw));
      expect(
        results.flatMap(({ messages }) => messages.map((one) => `${one.line}: ${one.ruleId} ${one.message}`)),
      ).to.deep.equal([]);
    });
  }
});
