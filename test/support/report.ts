import { dateOf } from "../../scripts/lib/csv.ts";
import type {
  AttackRecord,
  CaseRecord,
  MemberRecord,
  MemberYear,
  ReplayRecord,
} from "../../scripts/lib/replay/record.ts";
import { earmarkOf, goodsOfCase, marketOf, measureOf } from "./report-solidarity.ts";

const at = (text: string) => dateOf(text)!;
/** A dollar in base units. */
const USD = 1_000_000n;
const DAY = 86_400;

function yearOf(year: number, paid: bigint, debt = 0n): MemberYear {
  const standing = { status: "Active", voteSuspended: debt > 0n, goodStanding: debt === 0n } as const;
  return { year, ...standing, weight: 100_000n, assessed: paid + debt, called: 0n, charged: 0n, paid, debt };
}

/** A State that paid a hundred dollars a year more than the one before it, and owes as it is told. */
function member(place: number, code: string, debts: readonly bigint[]): MemberRecord {
  const paid = BigInt(place + 1) * 100n * USD + 1n;
  return {
    ...{ code, name: `Land of ${code}`, kind: "State", seat: place, joined: at("2018-12-02") },
    weights: [{ fromPeriod: 0, from: at("2019-01-01"), weight: 100_000n }],
    years: debts.map((debt, i) => yearOf(2019 + i, paid, debt)),
  };
}

const CODES = ["AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH", "III"];

function caseOf(id: string, member: string, changes: Partial<CaseRecord> = {}): CaseRecord {
  const effective = at("2019-09-01");
  return {
    row: {
      ...{ id, member, coercer: "CHN", title: `Title of ${id}`, trigger: "", measure: "import_ban", note: "" },
      ...{ announced: effective, effective, ended: undefined, baseline: 40_000_000n * USD },
    },
    losses: [
      { case: id, from: effective, until: effective + 90 * DAY, net: 9n * USD, confidence: "H", derivation: "made up" },
    ],
    ...{
      outcome: "filed",
      attackIds: [1n],
      threat: undefined,
      refusals: [],
      reason: undefined,
      notClaimed: 1_230_000n,
    },
    goods: undefined,
    comparisons: [],
    ...changes,
  };
}

function attackOf(attackId: bigint, changes: Partial<AttackRecord> = {}): AttackRecord {
  const [startedAt, filed] = [at("2019-09-01"), at("2019-09-01") + 9 * 3_600];
  const end = (round: number) => startedAt + round * 30 * DAY;
  const round = (number: number, reported: bigint, loss: bigint, payable: bigint, award: bigint) => {
    return {
      round: number,
      endsAt: end(number),
      settled: end(number) + 3_600,
      reported,
      bought: 5n,
      loss,
      payable,
      award,
    };
  };
  return {
    ...{ attackId, member: "AAA", coercer: "CHN", cases: ["A"], startedAt, filed, succession: 0 },
    measures: [{ time: filed, case: "A", measure: "import_ban" }],
    cap: 5_000_000n * USD,
    cover: { baseline: 40_000_000n * USD, ceding: 800_000, attachment: 50_000, exhaustion: 800_000, yearlyLimit: 1n },
    exposure: undefined,
    vote: {
      ...{ proposalId: attackId, seats: 8, majority: 5 },
      ballots: CODES.slice(1, 6).map((code, i) => {
        return { place: i + 1, time: filed + i * 3_600, code, decides: i === 4 };
      }),
    },
    recognised: { time: filed + 4 * 3_600, committed: 3_000_000n * USD, advance: 300_000n * USD },
    rounds: [
      round(1, 1_000_000_123_456n, 900_000n * USD, 250_000n * USD, 0n),
      round(2, 2_000_000n * USD, 1_900_000n * USD, 1_250_000n * USD, 950_000n * USD),
    ],
    disbursements: [
      { seq: 7n, time: filed + 2 * DAY, amount: 300_000n * USD, to: "0xA1", occasion: "advance" },
      { seq: 9n, time: end(2) + 3_600, amount: 950_000n * USD, to: "0xA1", occasion: "round 2" },
    ],
    ...{
      disbursed: 1_250_000n * USD,
      daysToMoney: 2,
      market: undefined,
      earmark: undefined,
      ended: undefined,
      closed: undefined,
      status: "Recognised",
    },
    ...changes,
  };
}

/** Two years of nine States: one attack that is paid, one that is rejected, a debtor, a refusal and a case left out. */
export function livedRecord(changes: Partial<ReplayRecord> = {}): ReplayRecord {
  const genesis = at("2019-01-01");
  const state = { pot: 0n, earmarked: 0n, committed: 0n, owed: 0n };
  return {
    ...{ from: 2019, to: 2020, until: at("2021-01-01"), deployedAt: at("2018-12-02"), genesis },
    files: {
      members: "members.csv",
      cases: "cases.csv",
      losses: "losses.csv",
      trade: "trade.csv",
      comparisons: "c.csv",
      ...{ lots: undefined, purchases: undefined, compensation: undefined, measures: undefined },
    },
    parameters: {
      CrisisInsuranceFund: { timelockDelay: 604_800, firstBudget: 45_000_000_001n, ceding: 800_000, other: "as it is" },
      Replay: {
        ...{ deployedBefore: 1, votingShare: 800_000, exposureLead: 1, reviewTime: 1, assessors: 5 },
        ...{ compensationShare: 0, officeHour: 32_400, campaignTime: 1, claimTime: 1 },
      },
    },
    contracts: { token: "0x01", fund: "0x02" },
    assessors: [{ account: "0x03", member: "BBB" }],
    stops: [{ code: "III", from: 2019, to: 2020 }],
    arrears: [
      {
        ...{ code: "III", dueAt: at("2019-01-31"), most: 12_345_678_901n, claimsRestedAt: at("2019-05-01") },
        ...{ voteRestedAt: at("2020-06-01"), paid: undefined },
      },
    ],
    ways: { allowance: 7, permit: 1, authorization: 1 },
    names: { ...Object.fromEntries(CODES.map((code) => [code, `Land of ${code}`] as const)), CHN: "China" },
    members: CODES.map((code, i) => member(i, code, code === "III" ? [5n * USD, 12_345_678_901n] : [0n, 0n])),
    memberships: [
      ...CODES.map((code) => {
        return { time: at("2018-12-02"), code, change: "founded" as const, proposalId: undefined };
      }),
      { time: at("2020-01-14"), code: "HHH", change: "suspended", proposalId: 3n },
      { time: at("2020-06-01"), code: "III", change: "vote suspended", proposalId: undefined },
    ],
    votes: [
      {
        ...{ proposalId: 3n, description: "Review: suspend HHH", proposer: "AAA", proposed: at("2020-01-01") },
        ...{ seats: 9, majority: 5, ballots: 5, decided: at("2020-01-07"), passed: true, executed: at("2020-01-14") },
      },
    ],
    quarters: [
      {
        ...{ period: 0, from: genesis, until: genesis + 90 * DAY, budget: 45_000_000_001n, paid: 36_000n * USD },
        ...{ payers: 9, total: 36_000n * USD },
      },
    ],
    contributions: CODES.map((code, i) => ({ code, period: 0, paid: BigInt(i + 1) * 100n * USD + 1n })),
    series: [
      { ...state, time: genesis, reserve: 36_000n * USD },
      { ...state, time: at("2019-09-01"), reserve: 35_000_123_456n, committed: 30_000n * USD, owed: 5_000_001n },
    ],
    calls: [{ number: 1, time: at("2019-12-01"), amount: 77_000_000n, dueAt: at("2019-12-31") }],
    cases: [
      caseOf("A", "AAA", {
        goods: goodsOfCase("A"),
        comparisons: [{ date: at("2020-01-25"), amount: 139n * USD, what: "aid", source: "a paper", days: 146 }],
      }),
      caseOf("B", "BBB", { attackIds: [2n] }),
      caseOf("Z", "ZZZ", {
        ...{ outcome: "refused", attackIds: [], losses: [] },
        refusals: [{ time: at("2019-09-01"), error: "AttackUnauthorized(ZZZ)", sentence: "ZZZ is no member." }],
      }),
      caseOf("Y", "CCC", { outcome: "skipped", attackIds: [], losses: [], reason: "it would be filed after 2020" }),
    ],
    attacks: [
      attackOf(1n, { market: marketOf("A"), earmark: earmarkOf() }),
      attackOf(2n, {
        ...{ member: "BBB", cases: ["B"], recognised: undefined, rounds: [], disbursements: [], disbursed: 0n },
        ...{ daysToMoney: undefined, status: "Rejected" },
      }),
    ],
    measures: [measureOf("A")],
    reconciliation: {
      ...{ entries: 5_467n, head: `0x${"9a".repeat(32)}`, balance: 35_000_123_456n, compared: 547, mismatches: [] },
    },
    ...changes,
  };
}

/** A year in which nobody belonged, paid or was attacked. */
export function emptyRecord(): ReplayRecord {
  return livedRecord({
    ...{
      to: 2019,
      until: at("2020-01-01"),
      stops: [],
      arrears: [],
      names: {},
      members: [],
      memberships: [],
      votes: [],
    },
    ...{ quarters: [], contributions: [], series: [], calls: [], cases: [], attacks: [], assessors: [], measures: [] },
  });
}
