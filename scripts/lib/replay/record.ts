import type { AuditResult } from "../audit/audit.ts";
import type { Arrear } from "./arrears.ts";
import type { Case, Comparison, Loss } from "./data.ts";
import type { InputFiles } from "./input.ts";
import type { ParameterFile } from "./parameters.ts";
import type { Reconciliation } from "./reconcile.ts";
import type { EarmarkRecord, Goods, JointMeasureRecord, MarketRecord } from "./record-solidarity.ts";
import type { Way } from "./treasuries.ts";

/**
 * Everything that is printed and written. Times are seconds since 1970, amounts base units of the settlement token, weights
 * parts per million, members their three letters; `until` is the first second after what it ends. In the file `replay.json`
 * bigints stand as decimal strings, and what is undefined is left out.
 */
export interface ReplayRecord {
  /** First and last year lived through. */
  from: number;
  to: number;
  /** First second after the last year. */
  until: number;
  files: InputFiles;
  parameters: ParameterFile;
  deployedAt: number;
  genesis: number;
  /** Address by name. */
  contracts: Record<string, string>;
  assessors: { account: string; member: string }[];
  /** Members that were made to stop paying, with the first and last year of it. */
  stops: { code: string; from: number; to: number }[];
  /** How many of those who ever joined pay which way. */
  ways: Record<Way, number>;
  /** The countries of the members' file by code, as far as they are spoken of: members, victims and coercers. */
  names: Record<string, string>;
  /** Everyone who ever was a member, by code, States first. */
  members: MemberRecord[];
  /** In order of time, the founding first. */
  memberships: MembershipChange[];
  /** Votes of the ordinary procedure, by number. */
  votes: Vote[];
  quarters: Quarter[];
  /** Who paid how much in which period; nothing stands for nothing. */
  contributions: { code: string; period: number; paid: bigint }[];
  /** The fund's money after every block that changed it; of contributions of one day in a row, the last. */
  series: FundState[];
  calls: Call[];
  /** Debts of those who were made to stop paying, in order of time. */
  arrears: ArrearRecord[];
  /** Rows of the cases' file in its order. */
  cases: CaseRecord[];
  /** By number. */
  attacks: AttackRecord[];
  /** What the council adopted about a coercer, by number. */
  measures: JointMeasureRecord[];
  reconciliation: Reconciliation;
  /** What an audit of the chain found, if one was asked for. */
  audit?: AuditResult;
}

export interface MemberRecord {
  code: string;
  name: string;
  kind: "State" | "Partner";
  /** Its seat; undefined for a Partner. */
  seat: number | undefined;
  /** When it was admitted; a founder in the deployment, before genesis. */
  joined: number;
  /** Each weight with the period from which it holds. */
  weights: { fromPeriod: number; from: number; weight: bigint }[];
  /** How it stood at the end of every calendar year since it joined. */
  years: MemberYear[];
}

export const MEMBER_STATUSES = ["None", "Active", "Suspended", "Withdrawn", "Expelled"] as const;
export type MemberStatus = (typeof MEMBER_STATUSES)[number];

/** Sums are of the year; `debt` is what was due and unpaid at its end. */
export interface MemberYear {
  year: number;
  status: MemberStatus;
  voteSuspended: boolean;
  goodStanding: boolean;
  weight: bigint;
  assessed: bigint;
  called: bigint;
  charged: bigint;
  paid: bigint;
  debt: bigint;
}

export interface MembershipChange {
  time: number;
  code: string;
  change:
    "founded" | "admitted" | "suspended" | "reinstated" | "expelled" | "left" | "vote suspended" | "vote restored";
  /** The vote that decided it; undefined for a founder, and for a vote that rests for a debt. */
  proposalId: bigint | undefined;
}

export interface Vote {
  proposalId: bigint;
  description: string;
  proposer: string;
  proposed: number;
  /** Seats that could vote, and how many For decide. */
  seats: number;
  majority: number;
  ballots: number;
  decided: number | undefined;
  passed: boolean | undefined;
  executed: number | undefined;
}

export interface Ballot {
  place: number;
  time: number;
  code: string;
  /** The ballot that made the majority. */
  decides: boolean;
}

export interface Quarter {
  period: number;
  from: number;
  until: number;
  budget: bigint;
  paid: bigint;
  /** How many members paid. */
  payers: number;
  /** Contributions since the founding. */
  total: bigint;
}

export interface FundState {
  time: number;
  reserve: bigint;
  pot: bigint;
  earmarked: bigint;
  committed: bigint;
  owed: bigint;
}

export interface Call {
  number: number;
  time: number;
  amount: bigint;
  dueAt: number;
}

export interface ArrearRecord extends Arrear {
  /** When its vote was suspended for the debt. */
  voteRestedAt: number | undefined;
  /** The payment of all that was asked, which ended it; undefined if it lasts when the replay ends. */
  paid: { time: number; amount: bigint } | undefined;
}

/** What a member paid in one act. */
export interface PaymentIn {
  code: string;
  time: number;
  amount: bigint;
}

/** What became of a row of the cases' file. */
export interface CaseRecord {
  row: Case;
  losses: Loss[];
  /** Filed: it opened an attack. Joined: it became a measure of one that was open. Skipped: it lies outside the years. */
  outcome: "filed" | "joined" | "refused" | "skipped";
  /** The attacks it is part of: those it opened, again after twelve rounds, or the one it joined. */
  attackIds: bigint[];
  threat: number | undefined;
  /** What the ledger refused, in its words and in a sentence. */
  refusals: { time: number; error: string; sentence: string }[];
  /** Why it was skipped. */
  reason: string | undefined;
  /** Of its net loss, what accrued outside the rounds of its attacks. */
  notClaimed: bigint;
  /** What became of the goods that could no longer be sold; undefined if the lots' file has none of this case. */
  goods: Goods | undefined;
  /** What others did for the victim. `days` counts from the day the measure took effect. */
  comparisons: (Omit<Comparison, "case"> & { days: number })[];
}

export interface AttackRecord {
  attackId: bigint;
  member: string;
  coercer: string;
  /** The row that opened it and those that joined, by id. */
  cases: string[];
  measures: { time: number; case: string; measure: string }[];
  startedAt: number;
  filed: number;
  /** 0 for a first case, 1 or 2 for a successor. */
  succession: number;
  /** A quarter of capital when the vote opened. */
  cap: bigint;
  /** What was registered when it began, and the terms; a baseline of 0 means that nothing is payable. */
  cover: { baseline: bigint; ceding: number; attachment: number; exhaustion: number; yearlyLimit: bigint };
  /** How its trade came under cover. */
  exposure: Exposure | undefined;
  vote: { proposalId: bigint; seats: number; majority: number; ballots: Ballot[] };
  recognised: { time: number; committed: bigint; advance: bigint } | undefined;
  rounds: Round[];
  disbursements: Disbursement[];
  disbursed: bigint;
  /** What was offered and bought; undefined if nothing was. */
  market: MarketRecord | undefined;
  /** What of the awards was for industries and workers; undefined if nothing was. */
  earmark: EarmarkRecord | undefined;
  /** Whole days from filing to the first disbursement. */
  daysToMoney: number | undefined;
  /** When the member ended it before its twelve rounds were over. */
  ended: number | undefined;
  closed: { time: number; awarded: bigint; released: bigint; charged: bigint } | undefined;
  /** As the register says at the end. */
  status: AttackStatus;
}

export const ATTACK_STATUSES = [
  "None",
  "Voting",
  "Approved",
  "Rejected",
  "Revoked",
  "Fallen",
  "Recognised",
  "Closed",
] as const;
export type AttackStatus = (typeof ATTACK_STATUSES)[number];

export interface Exposure {
  baseline: bigint;
  set: number;
  effectiveAt: number;
  until: number;
  /** The vote; undefined if it was registered at the founding. */
  proposalId: bigint | undefined;
}

export interface Round {
  round: number;
  endsAt: number;
  settled: number;
  /** Net loss since the beginning, with what was bought on the market added back. */
  reported: bigint;
  /** What was bought on the market by the end of the round. */
  bought: bigint;
  /** What counts: what was reported, at most the registered trade of the time elapsed, less what was bought. */
  loss: bigint;
  payable: bigint;
  award: bigint;
}

export interface Disbursement {
  seq: bigint;
  time: number;
  amount: bigint;
  to: string;
  /** What for: "advance", "round 3", "what industries and workers left", or "what was owed" if later money brought it. */
  occasion: string;
}
