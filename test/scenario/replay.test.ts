import { expect } from "chai";

import type { LedgerEvent } from "../../scripts/lib/replay/events.ts";
import { reconcile } from "../../scripts/lib/replay/reconcile.ts";
import { detailOf, openingLines, recordLines, reconciliationLines } from "../../scripts/lib/replay/report.ts";
import { DAY, PPM, UNIT } from "../support/alliance.ts";
import { at, dayOf, lived } from "../support/replay.ts";

const PERIOD_BUDGET = (50_000_000n * UNIT * 90n) / 365n;
const JOINED = ["CZE F F F F", "EST F F F F", "LTU F F F F", "LVA F F F F", "POL F F F F", "NOR F F F F"];
const GIVEN = {
  members: [...JOINED, "PHL PF PF PF PF", "TWN: F F F F"],
  cases: [
    "LTU-T LTU CHN 2020-12-01 2021-04-10 2020-11-18 100.00",
    "PHL-T PHL CHN 2019-09-01",
    "CZE-T CZE CHN 2019-09-01 2019-10-15 2019-09-10 1",
  ],
  losses: ["LTU-T 2021-01-01 2021-03-31 45"],
  to: 2021,
};

const smaller = (...amounts: bigint[]) => amounts.reduce((least, amount) => (amount < least ? amount : least));

describe("The replay of three years", () => {
  // A replay has a chain of its own, and nothing below sends to it: one serves all that only look.
  let story: Awaited<ReturnType<typeof lived>>;
  const attackOf = (id: string) => story.record.attacks.find(({ cases }) => cases[0] === id)!;
  const caseOf = (id: string) => story.record.cases.find(({ row }) => row.id === id)!;

  before(async () => {
    story = await lived(GIVEN);
  });
  after(async () => {
    await story.connection.close();
  });

  describe("given a case of a member", () => {
    it("founds the alliance that the members' file says, on the first of January", () => {
      const { members, memberships, genesis } = story.record;
      const seats = members.map(({ code, kind, seat }) => [code, kind, seat]);
      expect(seats).to.deep.equal([
        ["CZE", "State", 0],
        ["EST", "State", 1],
        ["LTU", "State", 2],
        ["LVA", "State", 3],
        ["NOR", "State", 4],
        ["POL", "State", 5],
        ["TWN", "Partner", undefined],
      ]);
      expect(memberships.map(({ code, change }) => `${code} ${change}`)).to.deep.equal(
        members.map(({ code }) => `${code} founded`),
      );
      expect(genesis).to.equal(at("2019-01-01"));
    });

    it("has every member pay its share of every quarter's budget", async () => {
      const { ledger, record } = story;
      const quarters = record.quarters.length;
      expect(quarters).to.equal(13);
      expect(record.quarters.map(({ payers }) => payers)).to.deep.equal(Array(quarters).fill(7));
      for (const { code, weights, years } of record.members) {
        const { bytes3 } = ledger.actors.find((actor) => actor.code === code)!;
        const charged = years.reduce((sum, year) => sum + year.charged, 0n);
        const { weight } = weights[0]!;
        const owed = (BigInt(quarters) * PERIOD_BUDGET * weight + PPM - 1n) / PPM + charged;
        expect((await ledger.ledger.account(bytes3)).paid, code).to.equal(owed);
        expect(years.reduce((sum, { paid }) => sum + paid, 0n)).to.equal(owed);
        expect(years.map(({ year, debt, goodStanding }) => [year, debt, goodStanding])).to.deep.equal([
          [2019, 0n, true],
          [2020, 0n, true],
          [2021, 0n, true],
        ]);
      }
      const sum = record.contributions.reduce((total, { paid }) => total + paid, 0n);
      expect(sum).to.equal(record.quarters.at(-1)!.total);
    });

    it("covers the trade by a vote in time", () => {
      const { exposure, cover, startedAt } = attackOf("LTU-T");
      const vote = story.record.votes.find(({ proposalId }) => proposalId === exposure!.proposalId)!;
      expect(vote).to.include({ ballots: 4, seats: 6, majority: 4, passed: true, executed: exposure!.set });
      expect(vote.description).to.equal("Register the trade of LTU with CHN before 2020-12-01");
      expect(exposure!.effectiveAt).to.equal(exposure!.set + Number(90n * DAY));
      expect(exposure!.effectiveAt < startedAt).to.be.true;
      expect(cover.baseline).to.equal(100_000_000n * UNIT);
    });

    it("warns on the day of the announcement and files on the day of effect", () => {
      expect(dayOf(caseOf("LTU-T").threat)).to.equal("2020-11-18");
      expect(dayOf(attackOf("LTU-T").filed)).to.equal("2020-12-01");
    });

    it("votes seat by seat in alphabetical order until the majority, which recognises and pays", () => {
      const { vote, recognised, disbursements, daysToMoney } = attackOf("LTU-T");
      expect(vote.ballots.map(({ code, decides }) => [code, decides])).to.deep.equal([
        ["CZE", false],
        ["EST", false],
        ["LVA", true],
      ]);
      expect(recognised!.time).to.equal(vote.ballots.at(-1)!.time);
      expect(disbursements[0]).to.include({ occasion: "advance", time: recognised!.time });
      expect(daysToMoney).to.equal(2);
    });

    it("commits and pays what the formula says, round by round", () => {
      const { cap, cover, startedAt, recognised, rounds, disbursed, closed, status } = attackOf("LTU-T");
      const exposure = 100_000_000n * UNIT;
      const [A, X] = [cover.attachment, cover.exhaustion].map((ppm) => (exposure * BigInt(ppm)) / PPM) as [
        bigint,
        bigint,
      ];
      const payable = (loss: bigint) => (loss > A ? (BigInt(cover.ceding) * (smaller(loss, X) - A)) / PPM : 0n);
      // Eight quarters were paid by then, less what each rounds up, and calls may ask for four more.
      const budgets = 12n * PERIOD_BUDGET;
      expect(cap).to.be.within(budgets / 4n, budgets / 4n + 7n);
      const committed = smaller(cap, payable(X), cover.yearlyLimit);
      expect(recognised).to.include({ committed, advance: committed / 10n });

      // Ended on 10 April 2021, in the fifth round.
      let awarded = committed / 10n;
      expect(rounds.map(({ round }) => round)).to.deep.equal([1, 2, 3, 4, 5]);
      for (const { round, endsAt, reported, award, payable: so } of rounds) {
        expect(endsAt).to.equal(startedAt + round * 30 * Number(DAY));
        const days = smaller(BigInt(Math.max(0, endsAt - at("2021-01-01"))) / DAY, 90n);
        expect(reported, `round ${round}`).to.equal((days * 1_000_000n * UNIT) / 2n);
        const counted = smaller(reported, (exposure * BigInt(round) * 30n) / 365n);
        expect(so, `round ${round}`).to.equal(smaller(payable(counted), committed));
        const due = so > awarded ? so - awarded : 0n;
        expect(award, `round ${round}`).to.equal(due);
        awarded += due;
      }
      expect(disbursed).to.equal(awarded);
      expect(closed).to.include({ awarded, released: committed - awarded, charged: 0n });
      expect(status).to.equal("Closed");
      expect(caseOf("LTU-T").notClaimed).to.equal(0n);
    });

    it("tells the fund's money after every movement", async () => {
      const { series, attacks } = story.record;
      const [fund] = [story.ledger.fund];
      expect(series.at(-1)).to.include({
        reserve: await fund.reserve(),
        pot: await fund.pot(),
        committed: await fund.committed(),
        owed: await fund.owed(),
      });
      const { time, committed } = attacks.find(({ cases }) => cases[0] === "LTU-T")!.recognised!;
      const then = series.find((state) => state.time === time)!;
      expect(then.committed).to.equal(committed - committed / 10n);
      expect(series.every(({ time: one }, i) => i === 0 || one >= series[i - 1]!.time)).to.be.true;
    });

    it("takes back an advance for which there was no loss, from a case announced after it took effect", () => {
      const { filed, recognised, closed } = attackOf("CZE-T");
      expect(dayOf(filed)).to.equal("2019-09-10");
      expect(closed).to.include({ awarded: recognised!.advance, charged: recognised!.advance });
      const years = story.record.members.find(({ code }) => code === "CZE")!.years;
      expect(years.map(({ charged }) => charged)).to.deep.equal([recognised!.advance, 0n, 0n]);
    });

    it("tells that the ledger refuses the filing of a country that is no member", () => {
      const { outcome, refusals, attackIds, threat } = caseOf("PHL-T");
      expect({ outcome, attackIds, threat }).to.deep.equal({ outcome: "refused", attackIds: [], threat: undefined });
      expect(refusals.map(({ error, sentence }) => [error, sentence])).to.deep.equal([
        [
          `AttackUnauthorized(PHL, ${story.ledger.relayer.address})`,
          "PHL is no member of the alliance: it was not rated Free for 2018.",
        ],
      ]);
    });

    it("reconciles, and prints it last", async () => {
      const { record, ledger } = story;
      const { entries, head, balance, mismatches, compared } = record.reconciliation;
      expect(mismatches).to.deep.equal([]);
      // Nine totals and three figures of each of seven members, besides attacks, accounts and votes.
      expect(compared).to.be.greaterThan(9 + 3 * 7);
      expect(head).to.equal(await ledger.fund.head());
      const disbursed = record.attacks.reduce((sum, attack) => sum + attack.disbursed, 0n);
      expect(balance).to.equal(record.quarters.at(-1)!.total - disbursed);
      expect(reconciliationLines(record.reconciliation)).to.have.lengthOf(1);
      expect(reconciliationLines(record.reconciliation)[0]).to.match(
        new RegExp(`^reconciled: ${entries} journal entries, head ${head}, balance [0-9,]+\\.\\d{6} USD$`),
      );
    });

    it("prints within a hundred columns, one case of them ballot by ballot", () => {
      expect(detailOf(story.record, undefined)).to.equal("CZE-T");
      const lines = [...openingLines(story.input), ...recordLines(story.record, detailOf(story.record, "LTU-T"))];
      for (const line of lines) if (!line.includes("/")) expect(line.length, line).to.be.at.most(100);
      expect(lines.filter((line) => line.includes("3 LVA 12-03"))).to.have.lengthOf(1);
      expect(lines).to.include("  2020-12-03 18:36  LVA makes it 3 of 5: the majority is crossed");
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
    const again = await lived(GIVEN);
    expect(again.record.reconciliation.head).to.equal(story.record.reconciliation.head);
    expect(again.record.series).to.deep.equal(story.record.series);
    await again.connection.close();
  });
});
