import { expect } from "chai";

import { PPM, UNIT } from "../support/alliance.ts";
import { SIX, at, dayOf, lived } from "../support/replay.ts";
import type { Given } from "../support/replay.ts";

/** What a history leaves behind; its chain is closed. */
async function recordOf(given: Given) {
  const { record, connection } = await lived(given);
  await connection.close();
  expect(record.reconciliation.mismatches).to.deep.equal([]);
  return record;
}

type Record = Awaited<ReturnType<typeof recordOf>>;

const changesOf = ({ memberships }: Record) =>
  memberships
    .filter(({ change }) => change !== "founded")
    .map(({ time, code, change }) => `${dayOf(time)} ${code} ${change}`);

/** The weights that hold for good, in order of members. */
const lastWeights = ({ members }: Record) =>
  Object.fromEntries(members.map(({ code, weights }) => [code, weights.at(-1)!.weight]));

const sum = (weights: bigint[]) => weights.reduce((total, weight) => total + weight, 0n);

describe("The replay of an alliance that changes", () => {
  describe("given members whose rating changes", () => {
    let record: Record;
    before(async () => {
      record = await recordOf({ members: [...SIX, "GGG PF F F F", "HHH F PF F F", "III:1 F PF PF F"], to: 2021 });
    });

    it("admits who becomes Free, suspends who no longer is and reinstates who is again, by votes", () => {
      expect(changesOf(record)).to.deep.equal([
        "2020-01-15 GGG admitted",
        "2020-01-15 HHH suspended",
        "2020-01-15 III suspended",
        "2021-01-14 HHH reinstated",
      ]);
      const vote = record.votes[0]!;
      expect(vote.description).to.equal("Review of 2020-01-01: admit GGG; suspend HHH, III");
      expect(vote).to.include({ proposalId: 1n, proposer: "AAA", seats: 8, majority: 5, ballots: 5, passed: true });
      expect(record.memberships.filter(({ proposalId }) => proposalId === 1n)).to.have.lengthOf(3);
    });

    it("gives who joins a weight from the next period on, and the others less", () => {
      const joined = record.members.find(({ code }) => code === "GGG")!;
      expect(joined.seat).to.equal(8);
      expect(dayOf(joined.joined)).to.equal("2020-01-15");
      expect(joined.weights.map(({ from }) => dayOf(from))).to.deep.equal(["2020-03-26"]);
      expect(sum(Object.values(lastWeights(record)))).to.equal(PPM);
      for (const weight of Object.values(lastWeights(record))) expect(weight).to.be.within(111_111n, 111_112n);
      expect(joined.years[0]).to.include({ year: 2020, assessed: joined.years[0]!.paid, debt: 0n });
    });

    it("keeps suspended members weighted and paying", () => {
      const { years } = record.members.find(({ code }) => code === "III")!;
      expect(years.map(({ status }) => status)).to.deep.equal(["Active", "Suspended", "Suspended"]);
      for (const year of years) {
        expect(year.paid > 0n && year.debt === 0n && year.weight > 0n, `${year.year}`).to.be.true;
      }
    });
  });

  it("rebases the weights when a new scale begins", async () => {
    const members = ["AAA:4:1 F F F F", "BBB:1:4 F F F F", ...SIX.slice(2)];
    const record = await recordOf({ members, to: 2022 });
    const [a, b] = ["AAA", "BBB"].map((code) => record.members.find((member) => member.code === code)!);
    // 4 of 9 and 1 of 9 before, the other way after; the ceiling is 22%.
    expect(a!.weights.map(({ from, weight }) => [dayOf(from), weight])).to.deep.equal([
      ["2019-01-01", 220_000n],
      ["2022-03-16", 156_000n],
    ]);
    expect(b!.weights.map(({ weight }) => weight)).to.deep.equal([156_000n, 220_000n]);
    expect(record.votes.map(({ description }) => description)).to.deep.equal([
      "Review of 2022-01-01: 2 weights by the UN scale of 2022 to 2024, rebased to the members",
    ]);
  });

  it("leaves what exceeds the changes of a period to the next", async () => {
    const leaving = ["QQA", "QQB", "QQC", "QQD", "QQE"].map((code) => `${code} F PF PF`);
    const record = await recordOf({ members: [...SIX, ...leaving], to: 2020 });
    expect(changesOf(record)).to.deep.equal([
      "2020-01-14 QQA suspended",
      "2020-01-14 QQB suspended",
      "2020-01-14 QQC suspended",
      "2020-04-09 QQD suspended",
      "2020-04-09 QQE suspended",
    ]);
  });

  it("follows a rating that changes every year", async () => {
    const record = await recordOf({ members: [...SIX, "GGG F PF F PF F"], to: 2022 });
    const changes = changesOf(record).map((line) => line.slice(15));
    expect(changes).to.deep.equal(["suspended", "reinstated", "suspended"]);
  });

  it("goes on with the last rating and the last scale where the file has none", async () => {
    const record = await recordOf({ members: [...SIX.map((row) => row.slice(0, 7)), "GGG PF F"], to: 2026 });
    // No rating after 2019, no scale after 2024.
    expect(changesOf(record)).to.deep.equal(["2020-01-15 GGG admitted"]);
    expect(record.quarters).to.have.lengthOf(33);
  });

  describe("given a member that is suspended while its case is open", () => {
    let record: Record;
    before(async () => {
      record = await recordOf({
        members: [...SIX, "HHH F F PF F F", "JJJ F F PF F F"],
        cases: ["A HHH CHN 2020-10-01", "B JJJ CHN 2021-01-12", "C HHH CHN 2021-06-01"],
        losses: ["A 2020-10-01 2020-12-31 4", "A 2022-03-01 2022-04-01 1"],
        to: 2022,
      });
    });

    it("closes the case at once, with the rounds that had ended by then", () => {
      const [first, second] = record.attacks;
      expect(dayOf(first!.closed!.time)).to.equal("2021-01-15");
      expect(first!.rounds.map(({ round }) => round)).to.deep.equal([1, 2, 3]);
      expect(first!.closed!.charged).to.equal(0n);
      expect(dayOf(second!.closed!.time)).to.equal("2021-01-15");
      expect(second!.closed!.charged).to.equal(second!.recognised!.advance);
    });

    it("refuses its filing in the meantime, and takes it up with the next after it was reinstated", () => {
      const [, , refused] = record.cases;
      expect(refused).to.deep.include({ outcome: "joined", attackIds: [3n] });
      expect(refused!.refusals[0]).to.include({
        error: "MemberWrongStatus(HHH, 2)",
        sentence: "HHH is suspended; only an active member files.",
      });
      const again = record.attacks[2]!;
      expect([again.member, again.startedAt, again.succession]).to.deep.equal(["HHH", at("2022-03-01"), 0]);
      expect(again.status).to.equal("Recognised");
    });
  });

  describe("given a member that stops paying", () => {
    let record: Record;
    before(async () => {
      record = await recordOf({
        members: SIX.map((row) => `${row} F`),
        arrears: "BBB:2019-2021,CCC:2020",
        cases: ["B BBB CHN 2021-02-01", "C CCC CHN 2020-12-01"],
        to: 2022,
      });
    });

    it("has its vote suspended for as much as its last eight assessments, until it pays", () => {
      expect(changesOf(record)).to.deep.equal(["2020-11-21 BBB vote suspended", "2022-01-01 BBB vote restored"]);
    });

    it("shows its debt, and what it paid at the end of it", () => {
      const { years } = record.members.find(({ code }) => code === "BBB")!;
      expect(years.map(({ paid }) => paid > 0n)).to.deep.equal([false, false, false, true]);
      expect(years.map(({ goodStanding }) => goodStanding)).to.deep.equal([false, false, false, true]);
      expect(years.map(({ voteSuspended }) => voteSuspended)).to.deep.equal([false, true, true, false]);
      // Thirteen quarters have begun by the end of 2021; all but the last are due.
      const all = sum(years.map(({ assessed }) => assessed));
      expect(years[2]!.debt).to.equal(sum(years.slice(0, 3).map(({ assessed }) => assessed)) - years[0]!.assessed / 5n);
      expect(sum(years.map(({ paid }) => paid))).to.equal(all);
    });

    it("is told from the day it was due to the payment that ended it", () => {
      const told = record.arrears.map(({ code, dueAt, claimsRestedAt, voteRestedAt, paid }) => [
        code,
        ...[dueAt, claimsRestedAt, voteRestedAt, paid?.time].map(dayOf),
      ]);
      // Due thirty days after the first period began, and claims rest 90 days after that.
      expect(told).to.deep.equal([
        ["BBB", "2019-01-31", "2019-05-01", "2020-11-21", "2022-01-01"],
        ["CCC", "2020-04-25", "2020-07-24", undefined, "2021-01-01"],
      ]);
      const { years } = record.members.find(({ code }) => code === "BBB")!;
      const [arrear] = record.arrears;
      expect(arrear!.most).to.equal(years[2]!.debt);
      expect(arrear!.paid!.amount).to.equal(sum(years.slice(0, 3).map(({ assessed }) => assessed)));
    });

    it("is refused while it is in arrears, and told so", () => {
      expect(record.cases.map(({ refusals }) => refusals[0]!.sentence)).to.deep.equal([
        "BBB is not in good standing: a debt is more than 90 days overdue, or its yearly report is.",
        "CCC is not in good standing: a debt is more than 90 days overdue, or its yearly report is.",
      ]);
    });
  });

  it("issues calls for what it cannot pay at once, and pays all of it", async () => {
    const five = SIX.slice(0, 5).map((row) => row.slice(0, 3));
    const record = await recordOf({
      members: SIX,
      budget: 20_000_000,
      cases: five.map((code, i) => `K${i} ${code} QQ${"ABCDE"[i]} 2019-09-01 - - 500`),
      losses: five.map((_, i) => `K${i} 2019-09-01 2020-08-31 400`),
      to: 2020,
    });
    expect(record.calls.length).to.be.greaterThan(3);
    expect(record.series.some(({ owed }) => owed > 0n)).to.be.true;
    expect(record.series.at(-1)!.owed).to.equal(0n);
    const called = sum(record.members.flatMap(({ years }) => years.map((year) => year.called)));
    const asked = sum(record.calls.map(({ amount }) => amount));
    // Each member's share of a call is rounded up.
    expect(called).to.be.within(asked, asked + 6n);
    for (const { disbursed, closed } of record.attacks) expect(disbursed).to.equal(closed!.awarded);
    const late = record.attacks.flatMap(({ disbursements }) => disbursements);
    expect(late.some(({ occasion }) => occasion === "what was owed")).to.be.true;
  });

  it("lives with the smallest budget and the smallest alliance", async () => {
    const record = await recordOf({
      members: SIX.slice(0, 4),
      budget: 1,
      cases: ["A AAA CHN 2019-09-01 - - 1000"],
      losses: ["A 2019-09-01 2020-08-31 900"],
      to: 2020,
    });
    const [attack] = record.attacks;
    expect(attack!.vote).to.include({ seats: 3, majority: 2 });
    expect(attack!.vote.ballots).to.have.lengthOf(3);
    expect(attack!.closed!.awarded).to.equal(attack!.recognised!.committed);
    expect(attack!.recognised!.committed < UNIT).to.be.true;
  });
});
