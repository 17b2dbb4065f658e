import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { lossBetween } from "../../scripts/lib/replay/accrual.ts";
import { allianceOf, alliancesOf, everMembers, namingMembers } from "../../scripts/lib/replay/alliance.ts";
import { InputError, byPlace, dateOf, decimal } from "../../scripts/lib/csv.ts";
import { readData } from "../../scripts/lib/replay/data.ts";
import type { Loss } from "../../scripts/lib/replay/data.ts";
import { prepare } from "../../scripts/lib/replay/input.ts";
import { readOptions } from "../../scripts/lib/replay/options.ts";
import { CEILING, FLOOR, PPM, rebase } from "../../scripts/lib/replay/weights.ts";
import { emptyFolder } from "../support/folders.ts";
import { SIX, argumentsOf, fileOf } from "../support/replay.ts";

const DAY = 86_400;
const MILLION = 10n ** 12n;
const date = (text: string) => dateOf(text)!;
const CASES = "id,member,coercer,title,trigger,measure,announced,effective,ended,baseline_usd_m_per_year,note";
const shipped = (name: string) => new URL(`../../scripts/data/${name}.csv`, import.meta.url).pathname;
const files = () => ({
  members: shipped("members"),
  cases: shipped("cases"),
  losses: shipped("losses"),
  trade: shipped("trade"),
  comparisons: shipped("comparisons"),
  lots: undefined,
  purchases: undefined,
  compensation: undefined,
  measures: undefined,
  matched: true,
});

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
      CASES,
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
      `${losses}, line 4, column from: the days overlap with those of line 3.`,
      `${losses}, line 4, column net_loss_usd_m: "1e3" is no number from 0 up with at most 12 decimals.`,
    ]);
  });

  it("tells a country that is listed twice, and does not blame the sum of the shares for it", () => {
    const members = fileOf("iso3,name,un_scale_2019_2021,fh_2018", "AAA,A,60,F", "BBB,B,30,F", "AAA,A,60,F");
    const problems: string[] = [];
    readData({ ...files(), members }, problems);
    expect(problems).to.deep.equal([`${members}, line 4, column iso3: "AAA" stands in line 2 already.`]);
  });

  it("tells a loss of an unknown case, unless only the cases were brought", () => {
    const losses = fileOf("case,from,to,net_loss_usd_m,confidence,derivation", "B,2022-01-01,2022-01-31,1,H,");
    const [matched, unmatched]: [string[], string[]] = [[], []];
    readData({ ...files(), losses }, matched);
    readData({ ...files(), losses, matched: false }, unmatched);
    expect(matched).to.deep.equal([`${losses}, line 2, column case: ${files().cases} has no case "B".`]);
    expect(unmatched).to.deep.equal([]);
  });

  describe("given cases of which some could not be read", () => {
    const head = "case,from,to,net_loss_usd_m,confidence,derivation";
    const lossOf = (id: string) => `${id},2022-01-01,2022-01-31,1,H,`;

    /** The lines of losses that are told to name no case. */
    function unknownIn(cases: string, ...ids: string[]): number[] {
      const losses = fileOf(head, ...ids.map(lossOf));
      const problems: string[] = [];
      readData({ ...files(), cases, losses }, problems);
      expect(problems.some((problem) => problem.startsWith(cases))).to.be.true;
      const told = problems.filter((problem) => problem.startsWith(losses));
      expect(told.every((problem) => problem.includes(`column case: ${cases} has no case "`))).to.be.true;
      return told.map((problem) => Number(/, line (\d+), /.exec(problem)?.[1]));
    }

    it("tells a loss of none of them, and blames none for a row at fault", () => {
      const cases = fileOf(
        CASES,
        "VALUE-1,LTU,CHN,t,t,nope,2021-11-18,2021-12-01,,1,",
        'QUOTE-2,LTU,CHN,"t,t,tariff,2021-11-18,2021-12-01,,1,',
        "SHORT-3,LTU,CHN",
      );
      expect(unknownIn(cases, "VALUE-1", "QUOTE-2", "SHORT-3", "OTHER-4")).to.deep.equal([5]);
    });

    it("does so where a column is missing", () => {
      const cases = fileOf(CASES.replace(",note", ""), "A-1,LTU,CHN,t,t,tariff,2021-11-18,2021-12-01,,1");
      expect(unknownIn(cases, "A-1", "B-2")).to.deep.equal([3]);
    });

    it("blames none for an id that is missing or damaged", () => {
      const named = "LTU,CHN,t,t,tariff,2021-11-18,2021-12-01,,1,";
      expect(unknownIn(fileOf(CASES, `,${named}`), "A-1")).to.deep.equal([]);
      const latin = Buffer.from(`${CASES}\nÅLAND-1,${named}\nÅLAND,LTU\n`, "latin1");
      const cases = join(emptyFolder(), "latin.csv");
      writeFileSync(cases, latin);
      expect(unknownIn(cases, "ÅLAND-1", "ÅLAND", "ÅLAND-2")).to.deep.equal([4]);
    });

    it("says nothing where no name of a column could be read", () => {
      expect(unknownIn(fileOf(`"${CASES}`), "A-1")).to.deep.equal([]);
    });

    it("knows a case to print as well", () => {
      const cases = fileOf(CASES, "A-1,LTU,CHN,t,t,tariff,2021-11-18,2021-12-01,,1,", "B-2,LTU");
      const refused = (id: string) => refusal(() => prepare(readOptions(["--cases", cases, "--case", id])));
      expect(refused("B-2")).to.have.lengthOf(1);
      expect(refused("C-3").at(-1)).to.equal(`--case: ${cases} has no case "C-3", but A-1.`);
    });
  });

  it("tells a missing column, a missing file, a short row and broken quotes", () => {
    const short = fileOf("case,from,to,net_loss_usd_m,confidence,derivation", "LTU-2021,2022-01-01");
    const columns = fileOf("iso3,name", "LTU,Lithuania");
    const trade = "iso3,year,exports_usd_bn,imports_usd_bn,world_exports_usd_bn,world_imports_usd_bn,source";
    const broken = fileOf(
      trade,
      'TWN,2018,1,1,9,9,"never closed',
      "TWN,2019,1,1,9,9,s",
      'TWN,x,1,1,9,9,a "b"',
      'T,x,1,1,9,9,"a"b',
    );
    const problems: string[] = [];
    readData({ ...files(), losses: short, members: columns, trade: broken, comparisons: "nowhere.csv" }, problems);
    expect(problems).to.deep.equal([
      `${columns}, line 1, column un_scale_2019_2021: the file has no such column, nor of another period.`,
      `${columns}, line 1, column fh_2018: the file has no such column, nor of another year.`,
      `${short}, line 2, column from: the row has 2 cells, the first line 6.`,
      `${broken}, line 2, column source: something follows the quote that closes this cell; for a quote inside it "" would be right.`,
      `${broken}, line 4, column source: a quote stands inside a cell without quotes; quotes around the cell and "" for the one inside would be right.`,
      `${broken}, line 5, column source: something follows the quote that closes this cell; for a quote inside it "" would be right.`,
      "nowhere.csv cannot be read: there is no such file.",
    ]);
  });

  it("tells faults of every file though one cannot be read and another is no CSV", () => {
    const cases = fileOf(
      CASES,
      "A,LTU,CHN,t,t,nope,2021-11-18,2021-12-01,,1,",
      'B,LTU,CHN,"t,t,tariff',
      "C,Ltu,CHN,t,t,tariff",
    );
    const losses = fileOf("case;from;to;net_loss_usd_m;confidence;derivation", "A;2022-01-01;2022-01-31;1;H;");
    const measures = fileOf(
      "measure,case,title,target,kind,proposed,end,by,filed,derivation",
      "M,A,t,CHN,embargo,2021-12-01,2022-12-01,LTU,2021-12-01,",
    );
    const problems: string[] = [];
    readData({ ...files(), members: "nowhere.csv", cases, losses, measures }, problems);
    expect(byPlace(problems)).to.deep.equal([
      "nowhere.csv cannot be read: there is no such file.",
      `${cases}, line 2, column measure: "nope" is none of import_ban, import_licensing, tariff, customs_delisting, ` +
        "export_cutoff, order_cancellation, service_ban, secondary_pressure, monetary_sabotage, diplomatic_freeze, other.",
      `${cases}, line 3, column title: the quote that opens this cell is never closed; another at its end would be right.`,
      `${cases}, line 4, column measure: the row has 6 cells, the first line 11.`,
      `${losses}, line 1, column 1: the columns are separated by semicolons; commas would be right.`,
      `${measures}, line 2, column kind: "embargo" is none of tariff, import_restriction, export_control, ` +
        "public_procurement, services, investment, finance, intellectual_property, standards, other.",
    ]);
  });

  it("knows the cases by rows that have other faults", () => {
    const cases = fileOf(CASES, "A,LTU,CHN,t,t,tariff,soon,2021-12-01,,1,");
    const header = "case,from,to,net_loss_usd_m,confidence,derivation";
    const losses = fileOf(header, "A,2022-01-01,2022-01-31,1,H,", "B,2022-01-01,2022-01-31,1,H,");
    const problems: string[] = [];
    readData({ ...files(), cases, losses }, problems);
    expect(problems).to.deep.equal([
      `${cases}, line 2, column announced: "soon" is no date written like 2021-12-01.`,
      `${losses}, line 3, column case: ${cases} has no case "B".`,
    ]);
  });

  it("refuses shares of more than the whole, alone or together, and periods that overlap", () => {
    const members = fileOf(
      "iso3,name,un_scale_2016_2018,un_scale_2019_2021,un_scale_2021_2020,un_scale_2018_2020,fh_2018",
      "AAA,a,100,60,1,1,F",
      "BBB,b,100.000001,40,1,1,PF",
      "CCC,c,0,0.000001,1,1,F*",
      "DDD,d,,1,1,1,",
    );
    const problems: string[] = [];
    readData({ ...files(), members }, problems);
    const more = "with those in the lines before, the shares of this period come to more than 100 per cent";
    expect(byPlace(problems)).to.deep.equal([
      `${members}, line 1, column un_scale_2021_2020: the period ends before it begins.`,
      `${members}, line 1, column un_scale_2018_2020: the years overlap with those of un_scale_2016_2018.`,
      `${members}, line 3, column un_scale_2016_2018: "100.000001" is more than 100 per cent.`,
      `${members}, line 4, column un_scale_2019_2021: ${more}.`,
      `${members}, line 4, column fh_2018: "F*" is none of F, PF, NF; the cell may also be empty.`,
    ]);
  });

  it("tells what would be right for text that is no CSV in UTF-8", () => {
    const header = "iso3,name,un_scale_2019_2021,fh_2018";
    const written = (text: string | Buffer) => {
      const file = fileOf();
      writeFileSync(file, text);
      return file;
    };
    const told = (file: string) => {
      const problems: string[] = [];
      readData({ ...files(), members: file }, problems);
      return problems.map((problem) => problem.slice(file.length));
    };
    const utf16 = [", line 1, column 1: the text is in UTF-16; saved as UTF-8 it could be read."];
    expect(told(written(Buffer.from(`\uFEFF${header}`, "utf16le")))).to.deep.equal(utf16);
    expect(told(written(Buffer.from(header, "utf16le").swap16()))).to.deep.equal(utf16);
    expect(told(written(Buffer.from(`${header}\nCIV,C\u00F4te d'Ivoire,1,F`, "latin1")))).to.deep.equal([
      ", line 2, column name: the text is not in UTF-8; saved so it could be read.",
    ]);
    expect(told(written(header.replaceAll(",", "\t")))).to.deep.equal([
      ", line 1, column 1: the columns are separated by tabs; commas would be right.",
    ]);
    expect(told(written("PK\u0003\u0004and more"))).to.deep.equal([
      ", line 1, column 1: this is a spreadsheet or an archive; exported as CSV it could be read.",
    ]);
    expect(told(tmpdir())).to.deep.equal([" cannot be read: it is a folder."]);
  });

  it("names the line in which a row of several lines begins", () => {
    const cases = fileOf(
      `\uFEFF${CASES}\r`,
      'A,LTU,CHN,"A title',
      'in two",t,tariff,soon,2021-12-01,,1.5,',
      ",,,,,,,,,,",
    );
    const problems: string[] = [];
    readData({ ...files(), cases, matched: false }, problems);
    expect(problems).to.deep.equal([`${cases}, line 2, column announced: "soon" is no date written like 2021-12-01.`]);
  });

  it("tells an amount that is too large", () => {
    const cases = fileOf(CASES, "A,LTU,CHN,t,t,tariff,2021-11-18,2021-12-01,,1000000000000000,");
    const problems: string[] = [];
    readData({ ...files(), cases, matched: false }, problems);
    expect(problems).to.deep.equal([
      `${cases}, line 2, column baseline_usd_m_per_year: "1000000000000000" is no number from 0 up with at most 12 ` +
        "decimals; at most 15 digits may stand before the point.",
    ]);
  });

  it("tells an empty file, and needs rows of members only", () => {
    const [empty, members, none] = [fileOf(""), fileOf("iso3,name,un_scale_2019_2021,fh_2018"), fileOf(CASES)];
    const problems: string[] = [];
    readData({ ...files(), cases: none, losses: empty, members }, problems);
    expect(problems).to.deep.equal([
      `${members}, line 1, column iso3: no row follows.`,
      `${empty}, line 1, column 1: the file is empty; its first line would name its columns.`,
    ]);
  });

  it("reads quoted cells, a byte order mark and lines that end as on Windows", () => {
    const row = 'A,LTU,CHN,"A title, and ""more""",t,tariff,2021-11-18,2021-12-01,,1.5,';
    const cases = fileOf(`\uFEFF${CASES}\r`, `${row}\r`, "\r");
    const problems: string[] = [];
    const [one] = readData({ ...files(), cases, matched: false }, problems).cases;
    expect(problems).to.deep.equal([]);
    expect(one).to.include({ id: "A", title: 'A title, and "more"', baseline: (3n * MILLION) / 2n, note: "" });
  });

  it("takes a measure that was announced only after it took effect", () => {
    const cases = fileOf(CASES, "A,LTU,CHN,t,t,tariff,2021-12-18,2021-12-01,,1,");
    const problems: string[] = [];
    readData({ ...files(), cases, matched: false }, problems);
    expect(problems).to.deep.equal([]);
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
    const given = ["--from=soon", "--to", "1970", "--budget", "-5", "--out="];
    expect(refusal(() => prepare(readOptions(given)))).to.deep.equal([
      "--out: nothing is given; a folder would be right.",
      '--from: "soon" is no year; one from 1971 to 2999 would be right.',
      '--to: "1970" is no year; one from 1971 to 2999 would be right.',
      '--budget: "-5" is no yearly amount in dollars; one from 1 to 1,000,000,000,000 would be right.',
    ]);
    expect(refusal(() => readOptions(["--bogus"]))).to.deep.equal([
      "Unknown option '--bogus'; --help lists the options.",
    ]);
    for (const given of [["--from"], ["--from", "--to", "2019"]]) {
      expect(refusal(() => readOptions(given))).to.deep.equal([
        "--from: nothing is given; a year from 1971 to 2999 would be right.",
      ]);
    }
    expect(refusal(() => prepare(readOptions(["--from=2020", "--to=2019"])))).to.deep.equal([
      "--to: 2019 lies before 2020, the year of --from.",
    ]);
  });

  it("tells what is wrong with options together with what is wrong in files", () => {
    const losses = fileOf("case,from,to,net_loss_usd_m,confidence,derivation", "B,2022-01-01,2022-01-31,1,H,");
    const [file, ...sentences] = refusal(() =>
      prepare(
        readOptions(["--losses", losses, "--case", "NOPE", "--arrears", "XXX,PHL:2015", "--out", shipped("cases")]),
      ),
    );
    expect(file).to.equal(`${losses}, line 2, column case: scripts/data/cases.csv has no case "B".`);
    expect(sentences).to.have.lengthOf(4);
    expect(sentences[0]).to.match(/^--arrears: "XXX" is no member with its first and last year/);
    expect(sentences[1]).to.match(/^--case: scripts\/data\/cases.csv has no case "NOPE", but NOR-2010, /);
    expect(sentences[2]).to.match(/^--out: cannot write into .*: it is not a folder$/);
    expect(sentences[3]).to.equal("--arrears: PHL is no member of the alliance from 2010 to 2023.");
  });

  it("reads members in arrears, repeated or in one list", () => {
    const { stops } = readOptions(["--arrears", "ITA:2015-2017, FRA:2019", "--arrears", "DEU:2020-2020"]);
    expect(stops).to.deep.equal([
      { code: "ITA", from: 2015, to: 2017 },
      { code: "FRA", from: 2019, to: 2019 },
      { code: "DEU", from: 2020, to: 2020 },
    ]);
    for (const bad of ["ITA", "ita:2015", "ITA:2017-2015", "ITA:15-17", ""]) {
      expect(refusal(() => prepare(readOptions([`--arrears=${bad}`])))).to.deep.equal([
        `--arrears: "${bad}" is no member with its first and last year of arrears, like ITA:2015-2017.`,
      ]);
    }
  });

  it("prints a report unless told not to", () => {
    expect(readOptions([])).to.include({ json: false });
    expect(readOptions(["--json"])).to.include({ json: true });
  });

  it("refuses a place that cannot be written to before anything runs", () => {
    expect(refusal(() => prepare(readOptions(["--out", shipped("cases")])))).to.deep.equal([
      `--out: cannot write into ${shipped("cases")}: it is not a folder`,
    ]);
    const below = join(shipped("cases"), "below");
    expect(refusal(() => prepare(readOptions(["--out", below])))).to.deep.equal([
      `--out: cannot write into ${below}: ${shipped("cases")} is not a folder`,
    ]);
    const out = emptyFolder();
    mkdirSync(join(out, "report.html"));
    writeFileSync(join(out, "csv"), "");
    expect(refusal(() => prepare(readOptions(["--out", out])))).to.deep.equal([
      `--out: cannot write into ${join(out, "report.html")}: it is a folder`,
      `--out: cannot write into ${join(out, "csv")}: it is not a folder`,
    ]);
  });

  it("makes the folder and those above it, but only if nothing is wrong", () => {
    const top = join(emptyFolder(), "no");
    const out = join(top, "such", "folder");
    refusal(() => prepare(readOptions(["--out", out, "--case", "NOPE"])));
    expect(existsSync(top)).to.be.false;
    prepare(readOptions(["--out", out]));
    expect(existsSync(out)).to.be.true;
  });

  it("takes a year's budget as 90 of 365 days a period", () => {
    const { parameters } = prepare(readOptions(["--budget", "365,000,000"]));
    expect(parameters.CrisisInsuranceFund["firstBudget"]).to.equal(90_000_000n * 1_000_000n);
  });

  it("refuses an unknown case, and arrears of strangers and of other years", () => {
    const [unknown] = refusal(() => prepare(readOptions(["--case", "XXX-1"])));
    expect(unknown).to.match(/^--case: scripts\/data\/cases.csv has no case "XXX-1", but NOR-2010, /);
    expect(refusal(() => prepare(readOptions(["--arrears", "PHL:2015,ITA:2009-2011"])))).to.deep.equal([
      "--arrears: PHL is no member of the alliance from 2010 to 2023.",
      "--arrears: ITA:2009-2011 lies outside 2010 to 2023, the years of the replay.",
    ]);
  });

  it("lives from the first year that the ratings allow to the last of which anything is said", () => {
    expect(prepare(readOptions([]))).to.include({ from: 2010, to: 2023, genesis: date("2010-01-01") });
    const given = { members: SIX, losses: ["A 2019-01-01 2024-02-01 1"], cases: ["A AAA CHN 2019-09-01"] };
    const years = argumentsOf(given).filter((argument, i, all) => argument !== "--from" && all[i - 1] !== "--from");
    expect(prepare(readOptions(years))).to.include({ from: 2019, to: 2024, until: date("2025-01-01") });
  });

  it("needs four States in every year, and accounts for all who join", () => {
    const code = (i: number) => `X${String.fromCharCode(65 + Math.floor(i / 26))}${String.fromCharCode(65 + (i % 26))}`;
    const many = (count: number, ratings: (i: number) => string) =>
      argumentsOf({ members: Array.from({ length: count }, (_, i) => `${code(i)}:0.1 ${ratings(i)}`), to: 2020 });
    const [few] = refusal(() => prepare(readOptions(many(5, (i) => (i < 3 ? "F F" : "F PF")))));
    expect(few).to.match(/: the alliance of 2020 would have 3 States; to recognise an attack it takes 4\.$/);
    const [seats] = refusal(() => prepare(readOptions(many(209, () => "F F"))));
    expect(seats).to.match(/: the alliance of 2019 would have 209 States; there are 208 seats\.$/);
    const [ever] = refusal(() => prepare(readOptions(many(209, (i) => (i < 104 ? "F PF" : "PF F")))));
    expect(ever).to.match(/: 209 States would join from 2019 to 2020; a seat is given for good, and there are 208\.$/);
    expect(prepare(readOptions(many(208, () => "F F"))).everMembers).to.have.lengthOf(208);
  });
});

describe("replay: accrual of losses", () => {
  const loss = (from: string, to: string, net: bigint): Loss => {
    return { case: "A", from: date(from), until: date(to) + DAY, net, confidence: "H", derivation: "" };
  };

  it("is even over the days from first to last, both included", () => {
    const year = [loss("2022-01-01", "2022-12-31", 365n * MILLION)];
    expect(lossBetween(year, 0, date("2021-12-31"))).to.equal(0n);
    expect(lossBetween(year, 0, date("2022-01-01"))).to.equal(0n);
    expect(lossBetween(year, 0, date("2022-01-02"))).to.equal(MILLION);
    expect(lossBetween(year, 0, date("2022-12-31"))).to.equal(364n * MILLION);
    expect(lossBetween(year, 0, date("2023-01-01"))).to.equal(365n * MILLION);
    expect(lossBetween(year, 0, date("2024-01-01"))).to.equal(365n * MILLION);
  });

  it("stands still between rows and adds them up", () => {
    const rows = [loss("2022-01-01", "2022-01-10", 10n), loss("2022-02-01", "2022-02-10", 20n)];
    expect(lossBetween(rows, 0, date("2022-01-20"))).to.equal(10n);
    expect(lossBetween(rows, 0, date("2022-02-01"))).to.equal(10n);
    expect(lossBetween(rows, 0, date("2022-02-06"))).to.equal(20n);
  });

  it("counts from the start on, also within a row", () => {
    const rows = [loss("2022-01-01", "2022-01-10", 10n), loss("2022-02-01", "2022-02-10", 20n)];
    expect(lossBetween(rows, date("2022-01-06"), date("2022-02-06"))).to.equal(15n);
    expect(lossBetween(rows, date("2022-02-11"), date("2022-03-01"))).to.equal(0n);
    expect(lossBetween(rows, date("2022-02-06"), date("2022-02-01"))).to.equal(0n);
  });

  it("rounds down", () => {
    expect(lossBetween([loss("2022-01-01", "2022-01-03", 10n)], 0, date("2022-01-02"))).to.equal(3n);
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

  it("goes on from year to year, and keeps the rating of the year before where the file lacks one", () => {
    const years = data.members.years.filter((year) => year !== 2019);
    const alliances = alliancesOf({ ...data, members: { ...data.members, years } }, 2019, 2021, "m.csv");
    expect(alliances.map(({ year, ratedIn }) => [year, ratedIn])).to.deep.equal([
      [2019, 2018],
      [2020, 2018],
      [2021, 2020],
    ]);
    expect(alliances[1]!.members.map(({ code }) => code)).to.include("SEN");
    const ever = everMembers(alliances).map(({ code }) => code);
    expect(ever).to.include("SEN").and.to.include("SYC");
    expect(ever.at(-1)).to.equal("TWN");
  });

  it("takes the nearest scale where the file has none for its year", () => {
    const periods = data.members.periods.filter(({ first }) => first > 2010 && first !== 2019);
    const scaleIn = (year: number) =>
      allianceOf({ ...data, members: { ...data.members, periods } }, year, "m.csv").scaleFrom;
    expect([2010, 2014, 2020, 2022].map(scaleIn)).to.deep.equal([2013, 2013, 2016, 2022]);
  });

  it("has its assessors named by the largest States but the attacked", () => {
    const alliance = allianceOf(data, 2019, "members.csv");
    expect(namingMembers(alliance, 3, new Set(["JPN"]))).to.deep.equal(["USA", "DEU", "GBR"]);
    const attacked = new Set(alliance.members.map(({ code }) => code).filter((code) => code !== "MLT"));
    expect(namingMembers(alliance, 3, attacked)).to.deep.equal(["MLT", "USA", "JPN"]);
  });
});
