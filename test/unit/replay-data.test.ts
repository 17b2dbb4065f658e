import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { lossUntil } from "../../scripts/lib/replay/accrual.ts";
import { allianceOf, foundingYear, namingMembers } from "../../scripts/lib/replay/alliance.ts";
import { InputError, byPlace, dateOf, decimal } from "../../scripts/lib/replay/csv.ts";
import { readData } from "../../scripts/lib/replay/data.ts";
import type { Case, Loss } from "../../scripts/lib/replay/data.ts";
import { prepare } from "../../scripts/lib/replay/input.ts";
import { readOptions } from "../../scripts/lib/replay/options.ts";
import { CEILING, FLOOR, PPM, rebase } from "../../scripts/lib/replay/weights.ts";

const DAY = 86_400;
const MILLION = 10n ** 12n;
const date = (text: string) => dateOf(text)!;
const shipped = (name: string) => new URL(`../../scripts/data/${name}.csv`, import.meta.url).pathname;
const files = () => ({
  members: shipped("members"),
  cases: shipped("cases"),
  losses: shipped("losses"),
  trade: shipped("trade"),
  comparisons: shipped("comparisons"),
  matched: true,
});

/** Writes a file of these lines and tells its path. */
function fileOf(...lines: string[]): string {
  const path = join(mkdtempSync(join(tmpdir(), "replay-")), "given.csv");
  writeFileSync(path, lines.join("\n"));
  return path;
}

function refusal(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof InputError) return error.sentences;
    throw error;
  }
  return expect.fail("nothing was refused");
}

describe("replay: reading data", () => {
  it("reads the files of the project without a fault", () => {
    const problems: string[] = [];
    const data = readData(files(), problems);
    expect(problems).to.deep.equal([]);
    expect(data.members.countries).to.have.lengthOf(199);
    const one = data.cases.find(({ id }) => id === "LTU-2021")!;
    expect(one.effective).to.equal(Date.UTC(2021, 11, 1) / 1000);
    expect(one.baseline).to.equal(218_600_000n * 1_000_000n);
    expect(one.ended).to.equal(undefined);
  });

  it("tells all bad rows of all files at once, with file, line and column", () => {
    const cases = fileOf(
      "id,member,coercer,title,trigger,measure,announced,effective,ended,baseline_usd_m_per_year,note",
      "A,LTU,CHN,t,t,nope,2021-02-30,2021-12-01,,218.60,",
      "A,Ltu,CHN,t,t,tariff,2021-11-18,2021-12-01,2021-11-30,-3,",
    );
    const losses = fileOf(
      "case,from,to,net_loss_usd_m,confidence,derivation",
      "A,2022-01-01,2021-12-31,1,H,",
      "A,2022-01-01,2022-06-30,1.5,X,",
      "A,2022-06-30,2022-07-01,1e3,H,",
    );
    const problems: string[] = [];
    readData({ ...files(), cases, losses }, problems);
    expect(byPlace(problems)).to.deep.equal([
      `${cases}, line 2, column measure: "nope" is none of import_ban, import_licensing, tariff, customs_delisting, ` +
        "export_cutoff, order_cancellation, service_ban, secondary_pressure, monetary_sabotage, diplomatic_freeze, other.",
      `${cases}, line 2, column announced: "2021-02-30" is no date written like 2021-12-01.`,
      `${cases}, line 3, column id: "A" stands in line 2 already.`,
      `${cases}, line 3, column member: "Ltu" is no country code of three capital letters.`,
      `${cases}, line 3, column ended: the attack ends before it begins.`,
      `${cases}, line 3, column baseline_usd_m_per_year: "-3" is no number from 0 up with at most 12 decimals.`,
      `${losses}, line 2, column to: the last day lies before the first.`,
      `${losses}, line 3, column confidence: "X" is none of H, M, L.`,
      `${losses}, line 4, column net_loss_usd_m: "1e3" is no number from 0 up with at most 12 decimals.`,
      `${losses}, line 4, column from: the days overlap with those of line 3.`,
    ]);
  });

  it("tells a loss of an unknown case, unless only the cases were brought", () => {
    const losses = fileOf("case,from,to,net_loss_usd_m,confidence,derivation", "B,2022-01-01,2022-01-31,1,H,");
    const [matched, unmatched]: [string[], string[]] = [[], []];
    readData({ ...files(), losses }, matched);
    readData({ ...files(), losses, matched: false }, unmatched);
    expect(matched).to.deep.equal([`${losses}, line 2, column case: ${files().cases} has no case "B".`]);
    expect(unmatched).to.deep.equal([]);
  });

  it("tells a missing column, a missing file, a short row and broken quotes", () => {
    const short = fileOf("case,from,to,net_loss_usd_m,confidence,derivation", "LTU-2021,2022-01-01");
    const columns = fileOf("iso3,name", "LTU,Lithuania");
    const broken = fileOf("iso3,year", '"TWN,2018');
    const problems: string[] = [];
    readData({ ...files(), losses: short, members: columns, trade: broken, comparisons: "nowhere.csv" }, problems);
    expect(problems).to.deep.equal([
      `${columns}, line 1, column un_scale_2019_2021: the file has no such column, nor of another period.`,
      `${columns}, line 1, column fh_2018: the file has no such column, nor of another year.`,
      `${short}, line 2, column from: the row has 2 cells, the first line 6.`,
      `${broken}, line 2, column 1: this is no CSV (Quote Not Closed: the parsing is finished with an opening quote at line 2).`,
      "nowhere.csv cannot be read (ENOENT).",
    ]);
  });

  it("reads decimals exactly or not at all", () => {
    expect(decimal("218.60", 12)).to.equal(218_600_000_000_000n);
    expect(decimal("0.071", 6)).to.equal(71_000n);
    for (const text of ["", "1.", ".5", "-1", "1,5", "1e3", "0.1234567"])
      expect(decimal(text, 6), text).to.equal(undefined);
  });
});

describe("replay: options", () => {
  it("tells every bad value in a sentence of its own", () => {
    expect(refusal(() => readOptions(["--from=soon", "--budget=-5", "--out="]))).to.deep.equal([
      '--from: "soon" is no year from 1970 on.',
      '--budget: "-5" is no yearly amount in dollars between 1 and a trillion.',
      "--out: nothing is given.",
    ]);
    expect(refusal(() => readOptions(["--bogus"]))).to.deep.equal([
      "Unknown option '--bogus'; --help lists the options.",
    ]);
  });

  it("refuses a place that cannot be written to before anything runs", () => {
    expect(refusal(() => prepare(readOptions(["--out", shipped("cases")])))).to.deep.equal([
      `--out: cannot write into ${shipped("cases")}: it is not a folder`,
    ]);
    const [sentence] = refusal(() => prepare(readOptions(["--out", join(tmpdir(), "no", "such", "folder")])));
    expect(sentence).to.match(/^--out: cannot write into .*: ENOENT/);
  });

  it("refuses a case of a country that the members do not list", () => {
    const [head = "", ...rows] = readFileSync(shipped("members"), "utf8").split("\n");
    const members = fileOf(head, ...rows.filter((row) => row !== "" && !row.startsWith("LTU,")));
    expect(refusal(() => prepare(readOptions(["--members", members])))).to.deep.equal([
      `--case: LTU-2021 is of LTU, which ${members} does not list.`,
    ]);
  });

  it("takes a year's budget as 90 of 365 days a period", () => {
    const { input } = prepare(readOptions(["--budget", "365,000,000"]));
    expect(input.parameters.CrisisInsuranceFund["firstBudget"]).to.equal(90_000_000n * 1_000_000n);
  });

  it("refuses an unknown case and a founding after the attack", () => {
    const [unknown] = refusal(() => prepare(readOptions(["--case", "XXX-1"])));
    expect(unknown).to.match(/^--case: scripts\/data\/cases.csv has no case "XXX-1", but NOR-2010, /);
    expect(refusal(() => prepare(readOptions(["--from", "2022"])))).to.deep.equal([
      "--from: LTU-2021 began before the alliance of 2022; found it in an earlier year.",
    ]);
  });
});

describe("replay: accrual of losses", () => {
  const loss = (from: string, to: string, net: bigint): Loss => {
    return { case: "A", from: date(from), until: date(to) + DAY, net, confidence: "H", derivation: "" };
  };

  it("is even over the days from first to last, both included", () => {
    const year = [loss("2022-01-01", "2022-12-31", 365n * MILLION)];
    expect(lossUntil(year, date("2021-12-31"))).to.equal(0n);
    expect(lossUntil(year, date("2022-01-01"))).to.equal(0n);
    expect(lossUntil(year, date("2022-01-02"))).to.equal(MILLION);
    expect(lossUntil(year, date("2022-12-31"))).to.equal(364n * MILLION);
    expect(lossUntil(year, date("2023-01-01"))).to.equal(365n * MILLION);
    expect(lossUntil(year, date("2024-01-01"))).to.equal(365n * MILLION);
  });

  it("stands still between rows and adds them up", () => {
    const rows = [loss("2022-01-01", "2022-01-10", 10n), loss("2022-02-01", "2022-02-10", 20n)];
    expect(lossUntil(rows, date("2022-01-20"))).to.equal(10n);
    expect(lossUntil(rows, date("2022-02-01"))).to.equal(10n);
    expect(lossUntil(rows, date("2022-02-06"))).to.equal(20n);
  });

  it("rounds down", () => {
    expect(lossUntil([loss("2022-01-01", "2022-01-03", 10n)], date("2022-01-02"))).to.equal(3n);
  });
});

describe("replay: weights", () => {
  const sum = (weights: Map<string, bigint>) => [...weights.values()].reduce((total, weight) => total + weight, 0n);
  const shares = (...list: [string, bigint][]) => new Map(list);

  it("are proportional to the shares and add up to the whole", () => {
    const weights = rebase(
      shares(...Array.from({ length: 10 }, (_, i): [string, bigint] => [`M${i + 1}`, BigInt(i + 1)])),
    );
    // 55 parts of 18,181.8… ppm: the five largest remainders, not those of M4 and M10, get the ppm that are left.
    expect(weights.get("M2")).to.equal(36_364n);
    expect(weights.get("M4")).to.equal(72_727n);
    expect(weights.get("M6")).to.equal(109_091n);
    expect(weights.get("M10")).to.equal(181_818n);
    expect(sum(weights)).to.equal(PPM);
  });

  it("share out what the ceiling cuts off, again and again", () => {
    // A would have 50%. What it does not bear lifts B above the ceiling, and what B does not bear goes to the rest.
    const weights = rebase(shares(["A", 500n], ["B", 180n], ["C", 120n], ["D", 100n], ["E", 60n], ["F", 40n]));
    expect(weights.get("A")).to.equal(CEILING);
    expect(weights.get("B")).to.equal(CEILING);
    const rest = PPM - 2n * CEILING;
    expect(weights.get("C")).to.equal((rest * 120n) / 320n);
    expect(weights.get("F")).to.equal((rest * 40n) / 320n);
    expect(sum(weights)).to.equal(PPM);
  });

  it("lift what lies below the floor at the cost of the others", () => {
    const weights = rebase(shares(["A", 100n], ["B", 100n], ["C", 100n], ["D", 100n], ["E", 100n], ["F", 0n]));
    expect(weights.get("F")).to.equal(FLOOR);
    expect(weights.get("A")).to.equal((PPM - FLOOR) / 5n);
    expect(sum(weights)).to.equal(PPM);
  });

  it("stay below the whole if too few members stand at the ceiling", () => {
    expect([...rebase(shares(["A", 1n], ["B", 2n], ["C", 3n], ["D", 4n])).values()]).to.deep.equal(
      Array(4).fill(CEILING),
    );
    expect(rebase(shares()).size).to.equal(0);
  });

  it("keep floor, ceiling and the whole for every year of the data", () => {
    const data = readData(files(), []);
    for (let year = 2010; year <= 2024; ++year) {
      const { members } = allianceOf(data, year, "members.csv");
      const weights = new Map(members.map(({ code, weight }) => [code, weight]));
      expect(sum(weights), `${year}`).to.equal(PPM);
      for (const [code, weight] of weights) {
        expect(weight >= FLOOR && weight <= CEILING, `${code} in ${year}`).to.be.true;
      }
    }
  });
});

describe("replay: the alliance of a year", () => {
  const data = readData(files(), []);

  it("takes in who is Free for the year before and on the UN scale, and Taiwan by its trade", () => {
    const { members } = allianceOf(data, 2019, "members.csv");
    const codes = members.map(({ code }) => code);
    // Free for 2018 and not for 2019, and the other way.
    expect(codes).to.include("SEN").and.to.include("SLV").and.not.to.include("HUN").and.not.to.include("PHL");
    expect(allianceOf(data, 2020, "members.csv").members.map(({ code }) => code)).not.to.include("SEN");
    expect(members.filter(({ kind }) => kind === "Partner").map(({ code }) => code)).to.deep.equal(["TWN"]);
    // (335.9 + 286.3) / (19,500 + 19,900), in millionths of a per cent.
    expect(members.at(-1)!.share).to.equal((6_222n * 100_000_000n) / 394_000n);
    const lithuania = members.find(({ code }) => code === "LTU")!;
    const taiwan = members.at(-1)!;
    // Neither stands at floor or ceiling, so their weights are as their shares: 0.071 to 1.579.
    expect((taiwan.weight * 71_000n) / taiwan.share - lithuania.weight).to.be.within(-1n, 1n);
  });

  it("leaves out who is Free, outside the scale and of unknown trade", () => {
    expect(allianceOf(data, 2012, "members.csv").members.map(({ code }) => code)).not.to.include("PRI");
  });

  it("is unknown without the columns of its year", () => {
    expect(refusal(() => allianceOf(data, 2009, "m.csv"))).to.deep.equal([
      "m.csv, line 1, column fh_2008: the file has no such column, so the alliance of 2009 is unknown.",
    ]);
  });

  it("is founded a year before an older case, as far as the data go back", () => {
    const began = (text: string) => ({ effective: date(text) }) as Case;
    expect(foundingYear(began("2021-12-01"), data.members, 2019)).to.equal(2019);
    expect(foundingYear(began("2016-11-21"), data.members, 2019)).to.equal(2015);
    expect(foundingYear(began("2010-12-01"), data.members, 2019)).to.equal(2010);
  });

  it("has its assessors named by the largest States but the attacked", () => {
    const alliance = allianceOf(data, 2019, "members.csv");
    expect(namingMembers(alliance, 3, new Set(["JPN"]))).to.deep.equal(["USA", "DEU", "GBR"]);
  });
});
