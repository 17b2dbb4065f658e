import { expect } from "chai";
import { HtmlValidate } from "html-validate";
import { parse } from "node-html-parser";

import type { AttackRecord, CaseRecord, ReplayRecord } from "../../scripts/lib/replay/record.ts";
import { draw } from "../../scripts/lib/report/draw.ts";
import { reportPage } from "../../scripts/lib/report/report.ts";
import { factsOf, keyFigureOf, rowsOf, textOf } from "../support/page.ts";
import { emptyRecord, livedRecord } from "../support/report.ts";

const pageOf = (r: ReplayRecord) => parse(reportPage(r, draw));
const lived = livedRecord();
const first = lived.attacks[0]!;

/** The lived record with its first attack changed. */
const withAttack = (changes: Partial<AttackRecord>) => {
  return pageOf({ ...lived, attacks: [{ ...first, ...changes }, ...lived.attacks.slice(1)] });
};
/** The lived record with its first case changed. */
const withCase = (changes: Partial<CaseRecord>) => {
  return pageOf({ ...lived, cases: [{ ...lived.cases[0]!, ...changes }, ...lived.cases.slice(1)] });
};
const headings = (page: ReturnType<typeof pageOf>, id: string) => {
  return [...page.querySelectorAll(`#${id} h4`)].map(textOf);
};

describe("report: solidarity", () => {
  const page = pageOf(lived);

  describe("the market", () => {
    it("tells lots, pledges and purchases", () => {
      expect(headings(page, "attack-1")).to.deep.equal(["The market", "Industries and workers"]);
      const times = ["3 September 2019, 00:00", "26 August 2020, 00:00"];
      expect(rowsOf(page, "Lots offered for attack 1")).to.deep.equal([
        ["1", "A", "pineapples (HS 080430)", ...times, "1,288.94", "34,042 t", "1,500 t", "1,200 t"],
        ["2", "A", "pianos (HS 920110)", ...times, "21,346.73", "11 instruments", "0 instruments", "0 instruments"],
      ]);
      expect(rowsOf(page, "Pledges and purchases of attack 1")).to.deep.equal([
        ["4 September 2019, 00:00", "Land of BBB (BBB)", "promises to buy in all", "1", "1,000 t", ""],
        ["5 September 2019, 00:00", "Land of BBB (BBB)", "buys and pays", "1", "700 t", "902,258.00"],
        ["6 September 2019, 00:00", "Land of CCC (CCC)", "promises to buy in all", "1", "500 t", ""],
        ["7 September 2019, 00:00", "Land of CCC (CCC)", "buys and pays", "1", "500 t", "644,470.00"],
        ["all", "", "", "", "", "1,546,728.00"],
      ]);
    });

    it("sets what each bought beside what its weight asked, and the loss before beside the loss after", () => {
      expect(rowsOf(page, "What the buyers of attack 1 bought")).to.deep.equal([
        ["Land of BBB (BBB)", "902,258.00", "4,876,000.00"],
        ["Land of CCC (CCC)", "644,470.00", "333,000.00"],
        ["all", "1,546,728.00", "5,209,000.00"],
      ]);
      expect(rowsOf(page, "The loss of attack 1 before and after the market")).to.deep.equal([
        ["before the market, as reported", "3,446,728.00"],
        ["bought on the market", "1,546,728.00"],
        ["after the market, what counts", "1,900,000.00"],
        ["payable by the fund", "1,250,000.00"],
      ]);
    });

    it("tells what was pledged and bought beside it and why, summed by unit", () => {
      expect(rowsOf(page, "What could no longer be sold in A")).to.deep.equal([
        ["pineapples (HS 080430)", "34,042 t", "1,288.94", "43,878,095.51", "by the customs"],
        ["pianos (HS 920110)", "11 instruments", "21,346.73", "234,814.03", "the order"],
      ]);
      const [pledged, home] = ["2 September 2019", "buyers in the member's own country"];
      const usual = ["11 instruments", "0 instruments", "234,814.03"];
      expect(rowsOf(page, "Pledged or bought in A beside the market")).to.deep.equal([
        [
          ...["shops whole fruit", "Land of AAA (AAA)", "41,687 t", "687 t", "52,846,540.04"],
          ...[pledged, "not told", home],
        ],
        [
          ...["exporters", "not told", "5 t", "0 t", "6,444.70", pledged, "not told"],
          "buyers of countries that are not told",
        ],
        ["a foundation the whole order", "Land of AAA (AAA)", ...usual, pledged, "8 September 2019", home],
        ["all", "", "41,692 t, 11 instruments", "", "53,087,798.77", "", "", ""],
      ]);
    });

    it("leaves out a column of usual trade where there was none", () => {
      const goods = lived.cases[0]!.goods!;
      const elsewhere = goods.elsewhere.filter(({ usual }) => usual === 0n);
      const [row] = rowsOf(withCase({ goods: { ...goods, elsewhere } }), "Pledged or bought in A");
      expect(row?.slice(2, 4)).to.deep.equal(["5 t", "6,444.70"]);
    });

    it("tells goods of which no lot was offered", () => {
      const part = withAttack({ market: undefined }).querySelector("#attack-1");
      expect(textOf(part)).to.include("Land of AAA (AAA) offered no lot on the market of the alliance.");
      expect(textOf(part)).to.include("Loss of A before and after others bought");
    });

    it("is left out where there were neither lots nor goods", () => {
      const goodsLess = lived.cases.map((one) => ({ ...one, goods: undefined }));
      const attacks = lived.attacks.map((one) => ({ ...one, market: undefined, earmark: undefined }));
      expect(headings(pageOf({ ...lived, attacks, cases: goodsLess }), "attacks")).to.deep.equal([]);
      expect(headings(page, "attack-2")).to.deep.equal([]);
    });

    it("says so where nobody bought, and where no round was settled", () => {
      const market = { ...first.market!, pledges: [], purchases: [], buyers: [], loss: undefined };
      const said = textOf(withAttack({ market }).querySelector("#attack-1"));
      expect(said).to.include("No member pledged or bought of it.").and.include("No round was settled after it.");
      expect(said).not.to.include("what their weights asked");
    });

    it("holds any number of lots", () => {
      const [lot] = first.market!.lots;
      const lots = Array.from({ length: 500 }, (_, i) => ({ ...lot!, lotId: BigInt(i + 1) }));
      expect(rowsOf(withAttack({ market: { ...first.market!, lots } }), "Lots offered")).to.have.lengthOf(500);
    });

    it("tells goods once, with the first attack of their case, or with the cases if it has none", () => {
      const twice = withCase({ attackIds: [1n, 2n] });
      expect(textOf(twice.querySelector("#attack-1"))).to.include("What could no longer be sold in A");
      expect(headings(twice, "attack-2")).to.deep.equal([]);
      const none = withCase({ outcome: "refused", attackIds: [] });
      expect(textOf(none.querySelector("#cases"))).to.include("What could no longer be sold in A");
      expect(textOf(none.querySelector("#attacks"))).not.to.include("What could no longer be sold in A");
    });
  });

  describe("industries and workers", () => {
    it("tells the share, the campaign and what was returned", () => {
      expect(textOf(page.querySelector("#attack-1"))).to.include(
        "Of every award 33.3333% is kept for industries and workers of Land of AAA (AAA): USD 416,000.00 came in, USD 666.25 is " +
          "still owed to it.",
      );
      expect(rowsOf(page, "The earmark of attack 1")).to.deep.equal([
        ["paid to industries", "150,000.00"],
        ["paid to workers", "200,000.00"],
        ["returned to the member", "66,000.00"],
        ["held by the fund", "0.00"],
        ["received", "416,000.00"],
      ]);
      expect(factsOf(page, "attack-1")).to.include({
        Campaign: "4294967297, opened on 1 September 2020, 09:00",
        Total: "USD 416,000.00 for 4 recipients",
        "Claims until": "28 February 2021, 23:59",
        "Root of its tree": `0x${"6e".repeat(32)}`,
        "Nobody claimed": "USD 66,000.000000, returned to the member on 1 March 2021",
        "No campaign held": "USD 0.000002, returned to the member on 1 September 2021",
      });
    });

    it("tells claims by purpose and by recipient", () => {
      expect(rowsOf(page, "Claims on the campaign of attack 1")).to.deep.equal([
        ["industries", "2", "150,000.00", "2", "150,000.00", "0.00"],
        ["workers", "2", "266,000.00", "1", "200,000.00", "66,000.00"],
        ["all", "4", "416,000.00", "3", "350,000.00", "66,000.00"],
      ]);
      expect(rowsOf(page, "Recipients of the campaign of attack 1")).to.deep.equal([
        ["large firms", "industry", "100,000.00", "1 October 2020"],
        ["small firms", "industry", "50,000.00", "3 October 2020"],
        ["their workers", "worker", "200,000.00", "2 October 2020"],
        ["other workers", "worker", "66,000.00", "not claimed"],
      ]);
    });

    it("lists nobody where there are too many", () => {
      const campaign = first.earmark!.campaign!;
      const recipients = Array.from({ length: 51 }, (_, i) => ({ ...campaign.recipients[0]!, index: BigInt(i) }));
      const many = withAttack({ earmark: { ...first.earmark!, campaign: { ...campaign, recipients } } });
      expect(rowsOf(many, "Claims on the campaign of attack 1")[0]!.slice(0, 2)).to.deep.equal(["industries", "51"]);
      expect(textOf(many.querySelector("#attack-1"))).not.to.include("Recipients of the campaign");
    });

    it("says so where no campaign was opened and nothing came in", () => {
      const nothing = { received: 0n, compensated: 0n, returned: 0n, held: 0n, campaign: undefined };
      const bare = withAttack({ earmark: { ...first.earmark!, ...nothing, unassigned: undefined } });
      expect(textOf(bare.querySelector("#attack-1"))).to.include("No campaign was opened on it.");
      expect(bare.querySelector("#earmark-of-attack-1")).to.equal(null);
    });
  });

  describe("joint measures", () => {
    it("tells who filed when, and how the members stand", () => {
      expect(rowsOf(page, "Joint measures")).to.deep.equal([
        ["1", "WT/DS1", "China (CHN)", "22 October 2019", "1 December 2020", "3", "3", "1", "5"],
      ]);
      expect(factsOf(page, "measures")).to.deep.equal({
        Against: "China (CHN), for A",
        Kind: "other",
        Adopted: "22 October 2019, 00:00 by vote 3; proposed on 1 October 2019",
        "In force": "22 October 2019, 00:00 to 1 December 2020, 23:59",
        Compliance: "of the members at the end 3 carry it out, 1 is awaited, 5 are missing",
      });
      expect(rowsOf(page, "Who filed that it carries out measure 1")).to.deep.equal([
        ["22 October 2019", "2", "Land of BBB (BBB) and Land of CCC (CCC)"],
        ["25 October 2019", "1", "Land of DDD (DDD)"],
      ]);
      expect(rowsOf(page, "What members did in reality")).to.deep.equal([
        [
          ...["2 October 2019", "3", "Land of BBB (BBB), Land of CCC (CCC) and Land of DDD (DDD)"],
          "told by the organization",
        ],
      ]);
    });

    it("says so where nobody filed, and where there was none", () => {
      const alone = pageOf({ ...lived, measures: [{ ...lived.measures[0]!, implementations: [] }] });
      expect(textOf(alone.querySelector("#measures"))).to.include("No member filed that it carries it out.");
      expect(textOf(pageOf(emptyRecord()).querySelector("#measures"))).to.include(
        "The council adopted no joint measure",
      );
    });
  });

  it("sums all of it up", () => {
    const empty = pageOf(emptyRecord());
    for (const [name, told, untold] of [
      [
        "Bought on the market",
        "USD 1,546,728.00 by 2 members; 2 lots offered",
        "USD 0.00 by no members; no lots offered",
      ],
      [
        "Paid to industries and workers",
        "USD 350,000.00, of USD 416,000.00 kept of awards for them",
        /^USD 0\.00, of USD 0\.00/,
      ],
      [
        "Joint measures",
        "1 adopted; filed by members as carried out: 3",
        "0 adopted; filed by members as carried out: 0",
      ],
    ] as const) {
      expect(keyFigureOf(page, name)).to.equal(told);
      expect(keyFigureOf(empty, name)).to.match(typeof untold === "string" ? new RegExp(`^${untold}$`) : untold);
    }
  });

  it("takes nothing from the files for HTML, and stays valid", async () => {
    const evil = `"><script>alert(1)</script><img src=x onerror='x'>&amp;`;
    const [one, ...others] = lived.cases;
    const { market, earmark } = first;
    const goods = one!.goods!;
    const record = {
      ...lived,
      cases: [
        {
          ...one!,
          goods: {
            ...goods,
            lots: goods.lots.map((lot) => ({ ...lot, goods: evil, unit: evil, derivation: evil })),
            elsewhere: goods.elsewhere.map((row) => ({ ...row, buyers: evil, derivation: evil, reason: evil })),
          },
        },
        ...others,
      ],
      attacks: [
        {
          ...first,
          market: { ...market!, lots: market!.lots.map((lot) => ({ ...lot, goods: evil, unit: evil, case: evil })) },
          earmark: {
            ...earmark!,
            campaign: {
              ...earmark!.campaign!,
              recipients: earmark!.campaign!.recipients.map((row) => ({ ...row, recipients: evil })),
            },
          },
        },
      ],
      measures: lived.measures.map((measure) => ({
        ...measure,
        row: {
          ...{ ...measure.row, measure: evil, title: evil },
          acts: measure.row.acts.map((act) => ({ ...act, derivation: evil })),
        },
      })),
    };
    const attacked = pageOf(record);
    expect([...attacked.querySelectorAll("script, img")]).to.deep.equal([]);
    expect(rowsOf(attacked, "Recipients of the campaign")[0]![0]).to.equal(evil);
    expect(rowsOf(attacked, "Lots offered")[0]![2]).to.equal(`${evil} (HS 080430)`);
    const validator = new HtmlValidate({
      extends: ["html-validate:standard", "html-validate:a11y"],
      elements: ["html5"],
    });
    const { valid } = await validator.validateString(reportPage(record, draw));
    expect(valid).to.equal(true);
  });
});
