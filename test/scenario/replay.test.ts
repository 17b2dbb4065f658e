import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { network } from "hardhat";

import { readEvents } from "../../scripts/lib/replay/events.ts";
import type { LedgerEvent } from "../../scripts/lib/replay/events.ts";
import { prepare } from "../../scripts/lib/replay/input.ts";
import type { Prepared } from "../../scripts/lib/replay/input.ts";
import { readOptions } from "../../scripts/lib/replay/options.ts";
import { reconcile } from "../../scripts/lib/replay/reconcile.ts";
import { recordOf } from "../../scripts/lib/replay/record.ts";
import { initialDate, replay } from "../../scripts/lib/replay/replay.ts";
import { allianceLines, recordLines, reconciliationLines } from "../../scripts/lib/replay/report.ts";
import { DAY, PERIOD, PPM, UNIT } from "../support/alliance.ts";

const PERIOD_BUDGET = (50_000_000n * UNIT * 90n) / 365n;
const JOINED = ["CZE", "EST", "LTU", "LVA", "POL", "PHL", "NOR", "TWN"];

const at = (text: string) => BigInt(Date.parse(`${text}T00:00:00Z`)) / 1000n;
const smaller = (...amounts: bigint[]) => amounts.reduce((least, amount) => (amount < least ? amount : least));

function fileOf(lines: string[]): string {
  const path = join(mkdtempSync(join(tmpdir(), "replay-")), "given.csv");
  writeFileSync(path, lines.join("\n"));
  return path;
}

/** Eight countries of the real file, one of them not Free and one outside the scale, and cases made to shape. */
function prepared(one: string): Prepared {
  const real = readFileSync(new URL("../../scripts/data/members.csv", import.meta.url), "utf8").split("\n");
  const members = fileOf(real.filter((line, i) => i === 0 || JOINED.includes(line.slice(0, 3))));
  const cases = fileOf([
    "id,member,coercer,title,trigger,measure,announced,effective,ended,baseline_usd_m_per_year,note",
    "LTU-T,LTU,CHN,Delisting,Office,customs_delisting,2021-11-18,2021-12-01,2022-04-10,100.00,made to shape",
    "PHL-T,PHL,CHN,Ban,Shoal,import_ban,2019-09-01,2019-09-01,,10,no member",
    "CZE-T,CZE,CHN,Order,Visit,order_cancellation,2019-09-10,2019-09-01,2019-10-15,1,nothing lost in the end",
  ]);
  const losses = fileOf([
    "case,from,to,net_loss_usd_m,confidence,derivation",
    "LTU-T,2022-01-01,2022-03-31,45,H,half a million a day",
  ]);
  const given = ["--members", members, "--cases", cases, "--losses", losses, "--budget", "50000000"];
  return prepare(readOptions([...given, "--case", one]));
}

async function lived(one: string) {
  const { input, comparisons } = prepared(one);
  const override = { initialDate: initialDate(input).toISOString() };
  const connection = await network.create({ network: "default", override });
  const run = await replay(connection, input, { founded: () => undefined, reached: () => undefined });
  const events = await readEvents(run.ledger);
  const reconciliation = await reconcile(run.ledger, events);
  return { ...run, events, record: await recordOf(run, events, comparisons, reconciliation) };
}

describe("The replay of a case", () => {
  // A replay has a chain of its own, and nothing below sends to it: one serves all that only look.
  let story: Awaited<ReturnType<typeof lived>>;
  before(async () => {
    story = await lived("LTU-T");
  });
  after(async () => {
    await story.ledger.connection.close();
  });

  describe("given a case of a member", () => {
    it("founds the alliance that the members' file says, on the first of January", () => {
      const { alliance, genesis } = story.record;
      expect(alliance.members.map(({ code, kind }) => `${code} ${kind}`)).to.deep.equal([
        "CZE State",
        "EST State",
        "LTU State",
        "LVA State",
        "NOR State",
        "POL State",
        "TWN Partner",
      ]);
      expect(genesis).to.equal(Number(at("2019-01-01")));
    });

    it("has every member pay its share of every quarter's budget", async () => {
      const { ledger, record } = story;
      const quarters = record.quarters.length;
      expect(record.quarters.map(({ payers }) => payers)).to.deep.equal(Array(quarters).fill(7));
      for (const { code, weight } of record.alliance.members) {
        const { bytes3 } = ledger.actors.find((actor) => actor.code === code)!;
        const owed = (BigInt(quarters) * PERIOD_BUDGET * weight + PPM - 1n) / PPM;
        expect((await ledger.ledger.account(bytes3)).paid, code).to.equal(owed);
        expect(await ledger.ledger.inGoodStanding(bytes3), code).to.be.true;
      }
    });

    it("covers the trade by a vote in time", () => {
      const { cover } = story.record;
      expect(cover.how).to.equal("by vote");
      expect(cover.ballots).to.equal(4);
      expect(BigInt(cover.effectiveAt!)).to.equal(BigInt(cover.executed!) + 90n * DAY);
      expect(BigInt(cover.effectiveAt!) < at("2021-12-01")).to.be.true;
    });

    it("warns on the day of the announcement and files on the day of effect", () => {
      expect(BigInt(story.record.threat!) / DAY).to.equal(at("2021-11-18") / DAY);
      expect(BigInt(story.record.filed!.time) / DAY).to.equal(at("2021-12-01") / DAY);
    });

    it("votes seat by seat in alphabetical order until the majority, which recognises and pays", () => {
      const { ballots, recognised, disbursements } = story.record;
      expect(ballots.map(({ code, decides }) => [code, decides])).to.deep.equal([
        ["CZE", false],
        ["EST", false],
        ["LVA", true],
      ]);
      expect(recognised!.time).to.equal(ballots.at(-1)!.time);
      expect(disbursements[0]).to.include({ occasion: "advance", time: recognised!.time });
    });

    it("commits and pays what the formula says, round by round", () => {
      const { parameters, filed, recognised, rounds, disbursements, closed } = story.record;
      const { ceding, attachment, exhaustion, yearlyLimit } = parameters.CrisisInsuranceFund;
      const exposure = 100_000_000n * UNIT;
      const [A, X] = [(exposure * BigInt(attachment!)) / PPM, (exposure * BigInt(exhaustion!)) / PPM];
      const payable = (loss: bigint) => (loss > A ? (BigInt(ceding!) * (smaller(loss, X) - A)) / PPM : 0n);
      // Twelve quarters were paid by then, less what each rounds up, and calls may ask for four more.
      const budgets = 16n * PERIOD_BUDGET;
      expect(filed!.cap).to.be.within(budgets / 4n, budgets / 4n + 7n);
      const committed = smaller(filed!.cap, payable(X), BigInt(yearlyLimit!));
      expect(recognised).to.include({ committed, advance: committed / 10n });

      // Ended on 10 April 2022, in the fifth round.
      let awarded = committed / 10n;
      expect(rounds.map(({ round }) => round)).to.deep.equal([1, 2, 3, 4, 5]);
      for (const { round, reported, award, payable: so } of rounds) {
        const end = at("2021-12-01") + BigInt(round) * 30n * DAY;
        const days = smaller(end < at("2022-01-01") ? 0n : (end - at("2022-01-01")) / DAY, 90n);
        expect(reported, `round ${round}`).to.equal((days * 1_000_000n * UNIT) / 2n);
        const counted = smaller(reported, (exposure * BigInt(round) * 30n) / 365n);
        expect(so, `round ${round}`).to.equal(smaller(payable(counted), committed));
        const due = so > awarded ? so - awarded : 0n;
        expect(award, `round ${round}`).to.equal(due);
        awarded += due;
      }
      expect(disbursements.reduce((sum, { amount }) => sum + amount, 0n)).to.equal(awarded);
      expect(closed).to.include({ awarded, released: committed - awarded, charged: 0n });
    });

    it("reconciles, and prints it last", async () => {
      const { record, ledger } = story;
      const { entries, head, balance, mismatches, compared } = record.reconciliation;
      expect(mismatches).to.deep.equal([]);
      // Nine totals and three figures of each of seven members, besides attacks, accounts and votes.
      expect(compared).to.be.greaterThan(9 + 3 * 7);
      expect(head).to.equal(await ledger.fund.head());
      const paidIn = record.quarters.reduce((sum, { paid }) => sum + paid, 0n);
      expect(balance).to.equal(paidIn - record.disbursed);
      expect(reconciliationLines(record.reconciliation)).to.have.lengthOf(1);
      expect(reconciliationLines(record.reconciliation)[0]).to.match(
        new RegExp(`^reconciled: ${entries} journal entries, head ${head}, balance [0-9,]+\\.\\d{6} USD$`),
      );
    });

    it("prints within a hundred columns", () => {
      for (const line of [...allianceLines(story.record.alliance), ...recordLines(story.record)]) {
        expect(line.length, line).to.be.at.most(100);
      }
    });
  });

  describe("given events that somebody tampered with", () => {
    const isEntry = (event: LedgerEvent) => event.name === "Entry" && event.kind === 0n;

    async function mismatches(change: (events: LedgerEvent[], place: number) => void): Promise<string[]> {
      const events = structuredClone(story.events);
      change(events, events.findIndex(isEntry) + 1);
      return (await reconcile(story.ledger, events)).mismatches;
    }

    it("finds an amount that was altered in the entry, the totals and the payer's account", async () => {
      const found = await mismatches((events) => {
        const entry = events.find((event) => event.name === "Entry" && event.seq === 3n);
        if (entry?.name === "Entry") entry.amount += 1n;
      });
      expect(found).to.include("journal entry 3 is not what its head was made of");
      const { reserve } = story.ledger.fund;
      const held = await reserve();
      expect(found).to.include(`reserve: ${held + 1n} by the events, ${held} on the chain`);
      expect(found.some((text) => text.includes(" paid in: "))).to.be.true;
    });

    it("finds an entry that was left out", async () => {
      const found = await mismatches((events) => {
        events.splice(
          events.findIndex((event) => event.name === "Entry" && event.seq === 5n),
          1,
        );
      });
      expect(found).to.include("journal entry 5 is missing; entry 6 follows");
      expect(found.some((text) => text.startsWith("head of the journal: "))).to.be.true;
    });

    it("finds a ballot, an award and a weight that were altered", async () => {
      const found = await mismatches((events) => {
        for (const event of events) {
          if (event.name === "VoteCast") event.support = 0n;
          if (event.name === "AwardMade") event.treasuryPart += 1n;
          if (event.name === "ScaleSet") event.weight += 1n;
        }
      });
      for (const start of ["proposal 1, ballots 0: ", "attack 1, awarded: ", "committed: ", "LTU was assessed: "]) {
        expect(
          found.some((text) => text.startsWith(start)),
          start,
        ).to.be.true;
      }
      const printed = reconciliationLines({ ...story.record.reconciliation, mismatches: found });
      expect(printed).to.have.lengthOf(found.length + 1);
      expect(printed[0]).to.equal(`not reconciled, ${found.length} mismatches:`);
    });
  });

  it("makes the same chain every time", async () => {
    const again = await lived("LTU-T");
    expect(again.record.reconciliation.head).to.equal(story.record.reconciliation.head);
    await again.ledger.connection.close();
  });

  it("tells that the ledger refuses the filing of a country that is no member", async () => {
    const { record, ledger } = await lived("PHL-T");
    expect(record.refusal!.reason).to.equal(`AttackUnauthorized(PHL, ${ledger.relayer.address})`);
    expect(record).to.include({ filed: undefined, disbursed: 0n });
    expect(record.cover.how).to.equal("not at all");
    expect(record.reconciliation.mismatches).to.deep.equal([]);
    await ledger.connection.close();
  });

  it("takes back an advance for which there was no loss, from a case announced after it took effect", async () => {
    const { record, ledger } = await lived("CZE-T");
    expect(BigInt(record.filed!.time) / DAY).to.equal(at("2019-09-10") / DAY);
    const { awarded, charged } = record.closed!;
    expect(awarded).to.equal(record.recognised!.advance);
    expect(charged).to.equal(awarded);
    // It has paid it back, beside its share of the quarters that began.
    const czech = ledger.actors.find(({ code }) => code === "CZE")!;
    const { weight } = record.alliance.members.find(({ code }) => code === "CZE")!;
    const quarters = (BigInt(record.closed!.time) - BigInt(record.genesis)) / PERIOD + 1n;
    const { paid } = await ledger.ledger.account(czech.bytes3);
    expect(paid).to.equal((quarters * PERIOD_BUDGET * weight + PPM - 1n) / PPM + charged);
    expect(record.reconciliation.mismatches).to.deep.equal([]);
    await ledger.connection.close();
  });
});
