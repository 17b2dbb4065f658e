import { expect } from "chai";

import { UNIT } from "../support/alliance.ts";
import { SIX, at, dayOf, lived } from "../support/replay.ts";
import type { Given } from "../support/replay.ts";

const MILLION = 1_000_000n * UNIT;

/** What a history of six members leaves behind; its chain is closed. */
async function recordOf(given: Omit<Given, "members"> & { members?: string[] }) {
  const { record, connection } = await lived({ members: SIX, ...given });
  await connection.close();
  expect(record.reconciliation.mismatches).to.deep.equal([]);
  return record;
}

const filings = ({ attacks }: Awaited<ReturnType<typeof recordOf>>) =>
  attacks.map(({ startedAt, filed, succession, cases }) => {
    return `${dayOf(filed)} for ${dayOf(startedAt)}, successor ${succession}: ${cases.join(" ")}`;
  });

describe("The replay of many cases", () => {
  it("joins a row to the open case of its pair, whose exposure is the sum of both", async () => {
    const record = await recordOf({
      cases: ["A AAA CHN 2019-09-01 2019-12-01", "B AAA CHN 2019-10-01 2020-01-10", "C AAA RUS 2019-10-01"],
      losses: ["A 2019-09-01 2019-11-29 3", "B 2019-10-01 2019-10-30 6"],
      to: 2020,
    });
    expect(filings(record)).to.deep.equal([
      "2019-09-01 for 2019-09-01, successor 0: A B",
      "2019-10-01 for 2019-10-01, successor 0: C",
    ]);
    const [attack] = record.attacks;
    expect(attack!.cover.baseline).to.equal(20n * MILLION);
    expect(attack!.measures.map(({ time, case: id }) => `${dayOf(time)} ${id}`)).to.deep.equal([
      "2019-09-01 A",
      "2019-10-01 B",
    ]);
    // One is over by the end of the second round, the other has begun with it; both count from there on.
    expect(attack!.rounds.map(({ reported }) => reported)).to.deep.equal([
      MILLION,
      8n * MILLION,
      9n * MILLION,
      9n * MILLION,
      9n * MILLION,
    ]);
    // It ends when the last of its measures has.
    expect(dayOf(attack!.ended)).to.equal("2020-01-10");
    expect(record.cases.map(({ outcome, attackIds }) => [outcome, attackIds])).to.deep.equal([
      ["filed", [1n]],
      ["joined", [1n]],
      ["filed", [2n]],
    ]);
  });

  describe("given losses after the twelve rounds of a case", () => {
    it("files it again as a successor for a row that begins later, twice at most", async () => {
      const record = await recordOf({
        members: SIX.map((row) => `${row} F F`),
        cases: ["A AAA CHN 2019-09-01"],
        losses: [
          "A 2019-09-01 2020-09-30 1",
          "A 2020-12-01 2020-12-31 2",
          "A 2022-02-01 2022-02-28 3",
          "A 2023-03-01 2024-03-31 4",
        ],
        to: 2024,
      });
      // The first ended on 2020-08-26, the third on 2023-01-27: what begins within 360 days of that waits for them.
      expect(filings(record)).to.deep.equal([
        "2019-09-01 for 2019-09-01, successor 0: A",
        "2020-12-01 for 2020-12-01, successor 1: A",
        "2022-02-01 for 2022-02-01, successor 2: A",
        "2024-01-22 for 2024-01-22, successor 0: A",
      ]);
      expect(record.attacks.map(({ recognised }) => recognised!.advance > 0n)).to.deep.equal([
        true,
        false,
        false,
        true,
      ]);
      // A successor counts what accrues from its own start on.
      expect(record.attacks[1]!.rounds[1]!.reported).to.equal(2n * MILLION);
      expect(record.attacks[2]!.rounds.at(-1)!.reported).to.equal(3n * MILLION);
      // The trade is registered for three years, and again for what comes later.
      expect(record.votes.map(({ description }) => description)).to.deep.equal([
        "Register the trade of AAA with CHN before 2019-09-01",
        "Register the trade of AAA with CHN before 2024-01-22",
      ]);
      expect(record.attacks.every(({ cover }) => cover.baseline === 10n * MILLION)).to.be.true;
    });

    it("files it as a new case if more than 360 days lie between, and not at all if the coercion ended before", async () => {
      const record = await recordOf({
        cases: ["A AAA CHN 2019-09-01", "B BBB CHN 2019-09-01 2020-12-31", "C CCC CHN 2019-09-01"],
        losses: [
          "A 2019-09-01 2019-12-31 1",
          "A 2021-08-21 2021-12-31 1",
          "B 2021-01-01 2021-01-31 1",
          "C 2020-08-01 2021-08-01 9",
        ],
        to: 2021,
      });
      expect(filings(record)).to.deep.equal([
        "2019-09-01 for 2019-09-01, successor 0: A",
        "2019-09-01 for 2019-09-01, successor 0: B",
        "2019-09-01 for 2019-09-01, successor 0: C",
        "2021-08-21 for 2021-08-21, successor 0: A",
      ]);
      const [a, b, c] = record.cases.map(({ notClaimed }) => notClaimed);
      // By the end of 2021 four rounds of the second case of A are settled: 120 of 133 days.
      expect([a, b]).to.deep.equal([MILLION - (MILLION * 120n) / 133n, MILLION]);
      // Of 366 days 25 lie within the rounds of the first case.
      expect(c).to.equal(9n * MILLION - (9n * MILLION * 25n) / 366n);
    });
  });

  it("recognises a case without trade and pays nothing", async () => {
    const record = await recordOf({
      cases: ["A AAA CHN 2019-09-01 2020-06-01 - 0"],
      losses: ["A 2019-09-01 2020-06-01 5"],
      to: 2020,
    });
    const [attack] = record.attacks;
    expect(attack!.exposure).to.equal(undefined);
    expect(attack!.recognised).to.include({ committed: 0n, advance: 0n });
    expect(attack).to.include({ status: "Closed", disbursed: 0n, daysToMoney: undefined });
  });

  it("pays no more than a quarter of capital, however large the loss", async () => {
    const record = await recordOf({
      cases: ["A AAA CHN 2019-09-01 - - 9000"],
      losses: ["A 2019-09-01 2020-08-31 9000"],
      to: 2020,
    });
    const [{ cap, recognised, disbursed }] = record.attacks as [(typeof record.attacks)[number]];
    expect(recognised!.committed).to.equal(cap);
    expect(disbursed).to.equal(cap);
  });

  it("ends a case that was over before it was filed with the round then running", async () => {
    const record = await recordOf({
      cases: ["A AAA CHN 2019-09-01 2019-09-05 2019-11-15"],
      losses: ["A 2019-09-01 2019-09-05 4"],
      to: 2020,
    });
    const [attack] = record.attacks;
    expect(dayOf(attack!.filed)).to.equal("2019-11-15");
    expect(dayOf(attack!.ended)).to.equal("2019-11-17");
    // The window of the first round shut before recognition; the second, whose window is open, and the third are settled.
    expect(attack!.rounds.map(({ round }) => round)).to.deep.equal([3]);
    expect(attack!.rounds[0]!.reported).to.equal(4n * MILLION);
  });

  it("has the council set the loss if too few assessors may judge", async () => {
    const four = SIX.slice(0, 4);
    const record = await recordOf({
      members: four,
      cases: four.map((row, i) => `K${i} ${row.slice(0, 3)} CHN 2019-09-01`),
      losses: ["K0 2019-09-01 2020-08-31 9"],
      to: 2020,
    });
    const [attack] = record.attacks;
    expect(attack!.rounds.map(({ round }) => round)).to.deep.equal([12]);
    expect(attack!.closed!.awarded).to.equal(attack!.recognised!.committed);
    const vote = record.votes.find(({ description }) => description.startsWith("Set the loss of attack 1"))!;
    expect(vote.description).to.equal("Set the loss of attack 1: too few assessors may judge it");
    expect(vote.executed).to.equal(attack!.rounds[0]!.settled);
  });

  it("tells in words why the ledger refuses", async () => {
    const record = await recordOf({
      members: [...SIX, "PPP F F F PF", "NNN PF F PF F"],
      cases: [
        "early AAA CHN 2019-02-01",
        "coercer AAA BBB 2019-09-01",
        "stranger ZZZ CHN 2019-09-01",
        "rated NNN CHN 2019-09-01",
        "joining NNN CHN 2020-01-05",
        "joined NNN CHN 2020-01-20",
        "covered AAA CHN 2019-09-01 - 2020-06-01",
        "before AAA CHN 2018-12-31",
        "after AAA CHN 2020-12-01 - 2021-01-01",
      ],
      losses: ["before 2018-12-31 2019-12-31 1", "stranger 2019-09-01 2020-12-31 1"],
      to: 2020,
    });
    const told = record.cases.map(({ row, outcome, refusals, reason }) => {
      return [row.id, outcome, refusals[0]?.sentence ?? reason];
    });
    expect(told).to.deep.equal([
      ["early", "refused", "The attack began on 2019-02-01; AAA is covered for what begins from 2019-06-30 on."],
      ["coercer", "refused", "BBB is itself a member; a case is against a country outside the alliance."],
      ["stranger", "refused", `ZZZ is no member of the alliance: ${record.files.members} does not list it.`],
      ["rated", "refused", "NNN is no member of the alliance: it was not rated Free for 2018."],
      [
        "joining",
        "refused",
        "NNN is no member of the alliance: it has applied, and the council has not admitted it yet.",
      ],
      ["joined", "refused", "NNN is not covered: it has no weight yet."],
      ["covered", "refused", "The attack began on 2019-09-01, more than 180 days before it was filed."],
      ["before", "skipped", "it began before the alliance of 2019"],
      ["after", "skipped", "it would be filed after 2020"],
    ]);
    expect(record.attacks).to.deep.equal([]);
    expect(at("2019-09-01")).to.equal(record.cases[2]!.row.effective);
  });

  it("needs no case at all", async () => {
    const record = await recordOf({ to: 2019 });
    expect(record).to.deep.include({ cases: [], attacks: [], votes: [], calls: [] });
    expect(record.quarters.map(({ payers }) => payers)).to.deep.equal([6, 6, 6, 6, 6]);
  });
});
