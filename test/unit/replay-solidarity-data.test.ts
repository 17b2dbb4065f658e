import { expect } from "chai";

import { InputError } from "../../scripts/lib/csv.ts";
import { prepare } from "../../scripts/lib/replay/input.ts";
import { readMeasures } from "../../scripts/lib/replay/measures-data.ts";
import { Names } from "../../scripts/lib/replay/names.ts";
import { readOptions } from "../../scripts/lib/replay/options.ts";
import { readSolidarity, shareOf } from "../../scripts/lib/replay/solidarity-data.ts";
import type { SolidarityFiles } from "../../scripts/lib/replay/solidarity-data.ts";
import { SIX, argumentsOf, at, fileOf } from "../support/replay.ts";

const LOTS = "case,hs_code,goods,unit,quantity,usd_per_unit,confidence,derivation";
const PURCHASES = "case,hs_code,buyers,country,quantity,usual,pledged,bought,confidence,derivation";
const COMPENSATION = "case,recipients,purpose,of_awards_ppm,claims,basis";
const NONE: SolidarityFiles = { lots: undefined, purchases: undefined, compensation: undefined };

const CASE_A = new Names("cases.csv", [["A"]], []);

function read(files: Partial<SolidarityFiles>, cases = CASE_A) {
  const problems: string[] = [];
  const data = readSolidarity({ ...NONE, ...files }, cases, problems);
  return { data, problems };
}

function refusal(args: string[]): string[] {
  try {
    prepare(readOptions(args));
  } catch (error) {
    if (error instanceof InputError) return error.sentences;
    throw error;
  }
  return expect.fail("nothing was refused");
}

describe("replay: reading lots, purchases and compensation", () => {
  it("reads the files of the project: a lot of pineapples, of which all that was pledged and bought adds up", () => {
    const { lots, purchases, compensation } = prepare(readOptions([]));
    const pineapples = lots.find((lot) => lot.case === "TWN-2021")!;
    expect(pineapples).to.include({ hsCode: "080430", unit: "t", quantity: 34_042n, price: 1_288_940_000n });
    const own = purchases.filter((purchase) => purchase.case === "TWN-2021");
    const sum = (rows: typeof own) => rows.reduce((tonnes, { quantity }) => tonnes + quantity, 0n);
    expect(sum(own.filter(({ pledged }) => pledged === at("2021-03-02")))).to.equal(41_687n);
    const japan = own.filter(({ country }) => country === "JPN");
    expect(sum(japan)).to.equal(18_000n);
    expect(sum(japan.filter(({ bought }) => bought! <= at("2021-05-12")))).to.equal(11_286n);
    // 18,000 t is 726% more than the year before: 18,000 / 8.26.
    expect(japan.reduce((usual, row) => usual + row.usual, 0n)).to.equal((18_000n * 100n) / 826n);
    const order = lots.find((lot) => lot.case === "CZE-2020")!;
    expect(order.quantity * order.price).to.be.within(234_813_990_000n, 234_814_050_000n);
    expect(shareOf(compensation, "LTU-2021")).to.equal(333_333n);
    expect(shareOf(compensation, "TWN-2021")).to.equal(0n);
  });

  it("reads what a row says, and keeps open what it leaves open", () => {
    const lots = fileOf(LOTS, "A,030617,shrimps,kg,1000,12.5,M,why");
    const purchases = fileOf(PURCHASES, "A,030617,somebody,,300,20,,2021-05-01,L,");
    const { data, problems } = read({ lots, purchases });
    expect(problems).to.deep.equal([]);
    expect(data.lots).to.deep.equal([
      {
        case: "A",
        hsCode: "030617",
        goods: "shrimps",
        unit: "kg",
        quantity: 1000n,
        price: 12_500_000n,
        derivation: "why",
      },
    ]);
    const [purchase] = data.purchases;
    expect(purchase).to.deep.include({ country: "", quantity: 300n, usual: 20n, pledged: undefined });
    expect(purchase!.bought).to.equal(at("2021-05-01"));
    expect(data.compensation).to.deep.equal([]);
  });

  it("tells every bad row with file, line and column", () => {
    const lots = fileOf(
      LOTS,
      "A,030617,shrimps,kg,1000,12.5,H,",
      "A,030617,shrimps,kg,0,0,H,",
      "B,000000,,kg,1.5,-1,X,",
    );
    expect(read({ lots }).problems).to.deep.equal([
      `${lots}, line 3, column hs_code: line 2 has these goods of "A" already.`,
      `${lots}, line 3, column quantity: a lot of nothing.`,
      `${lots}, line 3, column usd_per_unit: what is given away is no sale; a price above 0 would be right.`,
      `${lots}, line 4, column case: cases.csv has no case "B".`,
      `${lots}, line 4, column hs_code: "000000" is no code of six digits of the Harmonized System.`,
      `${lots}, line 4, column goods: the cell is empty.`,
      `${lots}, line 4, column quantity: "1.5" is no number from 0 up with at most 0 decimals.`,
      `${lots}, line 4, column quantity: a lot of nothing.`,
      `${lots}, line 4, column usd_per_unit: "-1" is no number from 0 up with at most 6 decimals.`,
      `${lots}, line 4, column usd_per_unit: what is given away is no sale; a price above 0 would be right.`,
      `${lots}, line 4, column confidence: "X" is none of H, M, L.`,
    ]);
  });

  it("tells what cannot be true of a purchase, and of which lot it would have to be", () => {
    const lots = fileOf(LOTS, "A,030617,shrimps,kg,1000,12.5,H,");
    const purchases = fileOf(PURCHASES, "A,030617,x,JPN,300,301,2021-05-02,2021-05-01,H,", "A,030618,x,Jpn,0,0,,,H,");
    expect(read({ lots, purchases }).problems).to.deep.equal([
      `${purchases}, line 2, column usual: 301 is more than the 300 that were bought.`,
      `${purchases}, line 2, column bought: bought before it was pledged.`,
      `${purchases}, line 3, column hs_code: ${lots} has no such goods of "A".`,
      `${purchases}, line 3, column country: "Jpn" is no country code of three capital letters.`,
      `${purchases}, line 3, column quantity: a purchase of nothing.`,
      `${purchases}, line 3, column pledged: neither pledged nor bought; a date in one of the two columns would be right.`,
    ]);
  });

  it("tells a purchase of an unknown lot though other lots could not be read, and blames none for those", () => {
    const lots = fileOf(
      LOTS,
      "A,nothing,shrimps,kg,1000,12.5,H,",
      'A,040210,"milk,kg,1,1,H,',
      "B,050400,guts,kg,0,1,H,",
    );
    const bought = (id: string, code: string) => `${id},${code},x,JPN,300,0,,2021-05-01,H,`;
    const own = [bought("A", "030617"), bought("A", "040210"), bought("B", "050400")];
    const purchases = fileOf(PURCHASES, ...own, bought("B", "030617"));
    const problems = read({ lots, purchases }, new Names("cases.csv", [["A"], ["B"]], [])).problems;
    expect(problems).to.have.lengthOf(4);
    expect(problems[3]).to.equal(`${purchases}, line 5, column hs_code: ${lots} has no such goods of "B".`);
  });

  it("takes parts of awards up to all of them, each recipient once", () => {
    const whole = fileOf(COMPENSATION, "A,firms,industry,999999,yes,", "A,workers,worker,1,no,");
    expect(read({ compensation: whole }).problems).to.deep.equal([]);
    const beyond = fileOf(COMPENSATION, "A,firms,industry,999999,yes,", "A,firms,people,2,maybe,", "A,x,worker,0,no,");
    expect(read({ compensation: beyond }).problems).to.deep.equal([
      `${beyond}, line 3, column recipients: they stand in line 2 already.`,
      `${beyond}, line 3, column purpose: "people" is none of industry, worker.`,
      `${beyond}, line 3, column of_awards_ppm: the parts of "A" come to 1,000,001 ppm, more than 1,000,000.`,
      `${beyond}, line 3, column claims: "maybe" is none of yes, no.`,
      `${beyond}, line 4, column of_awards_ppm: a part of nothing.`,
      `${beyond}, line 4, column of_awards_ppm: the parts of "A" come to 1,000,001 ppm, more than 1,000,000.`,
    ]);
  });

  it("reads a joint measure with all who carried it out, and tells rows that contradict each other", () => {
    const head = "measure,case,title,target,kind,proposed,end,by,filed,derivation";
    const problems: string[] = [];
    const file = fileOf(
      head,
      "M,A,Lawsuit,CHN,other,2022-01-27,2025-12-01,EST LTU,2022-01-27,",
      "M,A,Lawsuit,CHN,other,2022-01-27,2025-12-01,JPN,2022-02-11,",
    );
    const [measure, ...others] = readMeasures(file, CASE_A, problems);
    expect(problems).to.deep.equal([]);
    expect(others).to.deep.equal([]);
    expect(measure).to.deep.include({ measure: "M", target: "CHN", kind: "other", until: at("2025-12-02") });
    expect(measure!.acts.map(({ by, filed }) => [by, filed])).to.deep.equal([
      [["EST", "LTU"], at("2022-01-27")],
      [["JPN"], at("2022-02-11")],
    ]);
    const bad = fileOf(
      head,
      "M,B,Lawsuit,CHN,other,2022-01-27,2022-03-26,EST Ltu,2022-01-27,",
      "M,B,Lawsuit,RUS,other,2022-01-27,2022-03-26,,2022-02-30,",
    );
    readMeasures(bad, CASE_A, problems);
    expect(problems).to.deep.equal([
      `${bad}, line 2, column case: cases.csv has no case "B".`,
      `${bad}, line 2, column end: a vote and its timelock take weeks; an end 60 days after the proposal or later would be right.`,
      `${bad}, line 2, column by: "Ltu" is no country code of three capital letters.`,
      `${bad}, line 3, column target: line 2 says "CHN" of the same measure.`,
      `${bad}, line 3, column by: the cell is empty.`,
      `${bad}, line 3, column filed: "2022-02-30" is no date written like 2021-12-01.`,
    ]);
  });

  describe("given cases that are not the project's", () => {
    const given = { members: SIX, cases: ["A AAA CHN 2019-09-01"] };

    it("offers, buys and compensates nothing unless told", () => {
      const input = prepare(readOptions(argumentsOf(given)));
      expect(input).to.deep.include({ lots: [], purchases: [], compensation: [], measures: [] });
      const none = { lots: undefined, purchases: undefined, compensation: undefined, measures: undefined };
      expect(input.files).to.include(none);
    });

    it("takes each file that is named", () => {
      const lots = ["A 030617 1000 12.5"];
      const input = prepare(readOptions(argumentsOf({ ...given, lots, compensation: ["A firms industry 5 yes"] })));
      expect(input.lots).to.have.lengthOf(1);
      expect(input.compensation).to.have.lengthOf(1);
      expect(input.purchases).to.deep.equal([]);
    });

    it("refuses purchases without the lots that they are of, and a file without a name", () => {
      const purchases = ["A 030617 BBB 10 2019-09-05"];
      expect(refusal(argumentsOf({ ...given, purchases }))).to.deep.equal([
        "--purchases: what was offered is unknown; --lots gives the file that tells it.",
      ]);
      expect(refusal(["--lots", ""])).to.deep.equal([
        "--lots: nothing is given; a file like scripts/data/lots.csv would be right.",
      ]);
    });
  });
});
