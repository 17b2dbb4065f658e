// What a contract refused, in words that say what would be right.
import { Interface } from "ethers";
import type { Result } from "ethers";

import { INTERFACES } from "../events/bindings.ts";
import { codeOf } from "../replay/chain.ts";
import { minute, percent } from "../format.ts";
import type { Money } from "./money.ts";

/** Something was refused by the contracts, and nothing was sent, or nothing came of it. */
export class Refused extends Error {
  override readonly name = "Refused";
}

const TOKEN = new Interface([
  "error ERC20InsufficientBalance(address account, uint256 balance, uint256 needed)",
  "error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
  "error ERC2612ExpiredSignature(uint256 deadline)",
  "error ERC2612InvalidSigner(address signer, address owner)",
  "error EnforcedPause()",
  "error AccountBlocked(address account)",
  "error Error(string reason)",
]);

/** In the order of the contracts' enumerations. */
export const MEMBER_STATUSES = ["no member", "active", "suspended", "withdrawn", "expelled"];
export const CASE_STATUSES = ["none", "voting", "approved", "rejected", "revoked", "fallen", "recognised", "closed"];
export const PROPOSAL_STATES = [
  "pending",
  "active",
  "cancelled",
  "defeated",
  "succeeded",
  "queued",
  "expired",
  "executed",
] as const;

/** The values of an error: as text, as a member's code, as money, as a time, as a share. */
class Values {
  readonly #args: Result;
  readonly #money: Money;

  constructor(args: Result, money: Money) {
    this.#args = args;
    this.#money = money;
  }

  of(name: string): bigint {
    return BigInt(this.text(name));
  }
  text(name: string): string {
    return String(this.#args.getValue(name));
  }
  code(name = "code"): string {
    return codeOf(this.text(name));
  }
  money(name: string): string {
    return this.#money.show(this.of(name));
  }
  time(name: string): string {
    return timeText(this.of(name));
  }
}

type Sentence = (v: Values) => string;

const SENTENCES: Record<string, Sentence> = {
  LedgerUnknownMember: (v) => `${v.code()} is no member`,
  LedgerZeroAmount: () => "nothing would be paid; an amount above zero would be right",
  LedgerRatioTooHigh: (v) => `${v.text("ratio")} ppm; at most ${v.text("most")} ppm would be right`,
  LedgerWeightsExceedWhole: (v) => `all weights would come to ${percent(v.of("weights"))}; at most 100% would be right`,
  FundZeroAmount: () => "nothing would be paid; an amount above zero would be right",
  FundNothingToCollect: (v) => `nothing lies ready for ${v.code("member")}`,
  FundTransfersWait: (v) =>
    `the council is recovering the keys of ${v.code("member")}; transfers to it wait until that is over`,
  FundTransfersStopped: (v) =>
    `the guardian has stopped all outgoing transfers until ${v.time("until")}; try again then`,
  FundTransferFailed: (v) => `the token refuses to transfer ${v.money("amount")} to ${v.text("to")}`,
  FundDepositShort: (v) => `only ${v.money("received")} of ${v.money("expected")} would arrive`,
  FundBeyondEarmark: (v) => `the earmark holds ${v.money("earmark")}, less than ${v.money("amount")}`,
  ERC20InsufficientBalance: (v) =>
    `${v.text("account")} holds ${v.money("balance")}, and ${v.money("needed")} would be needed`,
  ERC20InsufficientAllowance: (v) =>
    `the fund may take ${v.money("allowance")}, and ${v.money("needed")} would be needed: approve ${v.text("spender")} first, or pay with --permit`,
  EnforcedPause: () => "the issuer has paused the token; try again when it runs",
  AccountBlocked: (v) => `the issuer of the token has blocked ${v.text("account")}`,
  Error: (v) => `the token refuses: ${v.text("reason")}`,
  CouncilNoSeat: (v) =>
    `${v.text("account")} votes for no seat of proposal ${v.text("proposalId")}; the delegate of a State that could vote when it was made would`,
  CouncilTooLittleGas: (v) => `an urgent ballot needs ${v.text("needed")} gas left, and had ${v.text("left")}`,
  GovernorNonexistentProposal: (v) => `there is no proposal ${v.text("proposalId")}`,
  GovernorAlreadyCastVote: (v) => `the seat of ${v.text("voter")} has voted already, and a ballot is never changed`,
  GovernorUnexpectedProposalState: (v) =>
    v.of("current") === 0n
      ? `proposal ${v.text("proposalId")} has just been made; voting opens a second later`
      : `proposal ${v.text("proposalId")} is ${PROPOSAL_STATES[Number(v.of("current"))] ?? "in no known state"}, which does not allow this`,
  GovernorInsufficientProposerVotes: (v) =>
    `${v.text("proposer")} votes for no seat; the delegate of a State that may vote now would be right`,
  GovernorRestrictedProposer: (v) => `the description reserves this proposal for another than ${v.text("proposer")}`,
  AttackUnknown: (v) => `there is no attack ${v.text("attackId")}`,
  AttackUnauthorized: (v) => `${v.text("caller")} is neither treasury nor delegate of ${v.code()}`,
  AttackNotInGoodStanding: (v) =>
    `${v.code()} is not in good standing: pay what is more than 90 days overdue, and file the human-rights report`,
  AttackNotCovered: (v) =>
    `the attack began on ${v.time("startedAt")}; what begins after ${v.time("coveredFrom")} is covered`,
  AttackInvalidCoercer: (v) =>
    `${v.code("coercer")} cannot be the coercer: a country outside the alliance would be right`,
  AttackBadStart: (v) =>
    `the attack began on ${v.time("startedAt")}; from ${v.time("earliest")} to ${v.time("latest")} would be right`,
  AttackNoEvidence: () => "the evidence lacks its hash or where to read it",
  AttackEvidenceUsed: (v) => `${v.code()} has filed this evidence before; new evidence would be right`,
  AttackShareTooHigh: (v) => `${percent(v.of("share"))} would be earmarked; at most 100% would be right`,
  AttackPairOpen: (v) => `attack ${v.text("attackId")} of this pair is open; a further measure joins it`,
  AttackTooSoon: (v) =>
    `the vote on attack ${v.text("attackId")} of this pair failed; it can be filed again from ${v.time("from")}`,
  AttackBeforePredecessorEnded: (v) =>
    `the attack began on ${v.time("startedAt")}, before the case that it succeeds ended on ${v.time("ended")}`,
  AttackTooManySuccessors: () =>
    "two cases in a row have succeeded one; the next may begin 360 days after the last ended",
  AttackWrongStatus: (v) =>
    `attack ${v.text("attackId")} is ${CASE_STATUSES[Number(v.of("status"))] ?? "in no known status"}, which does not allow this`,
  MemberWrongStatus: (v) =>
    `${v.code()} is ${MEMBER_STATUSES[Number(v.of("status"))] ?? "in no known status"}, which does not allow this`,
  PanelNotAssessor: (v) => `${v.text("account")} is no assessor of this round`,
  PanelConflicted: (v) =>
    `${v.code("member")}, which named ${v.text("account")}, has an open attack by the same coercer`,
  PanelAlreadyReported: (v) => `${v.text("account")} has reported on this round already`,
  PanelRoundNotOpen: (v) =>
    `round ${v.text("round")} of attack ${v.text("attackId")} is not open: it is settled, superseded or beyond the last, or the attack is not recognised`,
  PanelOutsideWindow: (v) => `reports are accepted from ${v.time("from")} to ${v.time("until")}`,
  PanelNoEvidence: () => "the report lacks the hash of its evidence",
  CompensationUnauthorized: (v) =>
    `${v.text("caller")} is not the treasury of the member that attack ${v.text("attackId")} struck`,
  CompensationWrongNumber: (v) =>
    `campaign ${v.text("number")} is not the next of attack ${v.text("attackId")}; the tree must be made for ${v.text("next")}`,
  CompensationEmpty: () => "a campaign needs a root and a total above zero",
  CompensationBadDeadline: (v) =>
    `the deadline would be ${v.time("deadline")}; from ${v.time("earliest")} to ${v.time("latest")} would be right`,
  CompensationBeyondEarmark: (v) =>
    `the campaign comes to ${v.money("total")}, and the earmark of attack ${v.text("attackId")} has ${v.money("free")} that no other campaign holds`,
  CompensationUnknownCampaign: (v) => `campaign ${campaignText(v.of("campaignId"))} has not been opened`,
  CompensationTooLate: (v) => `claims were accepted until ${v.time("deadline")}`,
  CompensationAlreadyClaimed: (v) => `claim ${v.text("index")} has been paid already`,
  CompensationInvalidProof: (v) =>
    `claim ${v.text("index")} is not in the tree of campaign ${campaignText(v.of("campaignId"))}, or the proof is not its own`,
  CompensationBeyondTotal: (v) => `the campaign has ${v.money("left")} left, less than ${v.money("amount")}`,
};

/** 4294967297 is campaign 1 of attack 1. */
export function campaignText(campaignId: bigint): string {
  return `${campaignId & 0xffffffffn} of attack ${campaignId >> 32n}`;
}

/** A time as 2021-12-01 09:00 UTC. */
export function timeText(time: bigint): string {
  return time >= 2n ** 40n ? "never" : `${minute(time)} UTC`;
}

/** Why a contract refused, by the data of its revert; undefined if no contract of the fund says such a thing. */
export function sentenceOf(data: string, money: Money): string | undefined {
  for (const abi of [...Object.values(INTERFACES), TOKEN]) {
    const error = abi.parseError(data);
    if (error === null) continue;
    const sentence = SENTENCES[error.name];
    if (sentence !== undefined) return sentence(new Values(error.args, money));
    const values = error.fragment.inputs.map(({ name, type }, i) => `${name} ${valueText(type, error.args[i])}`);
    return `the contract refuses by ${error.name}(${values.join(", ")})`;
  }
  return undefined;
}

/** The data of a revert, wherever the node and the libraries put it. */
export function revertData(thrown: unknown): string | undefined {
  for (let at = thrown, depth = 0; typeof at === "object" && at !== null && depth < 5; depth++) {
    const { data, cause, error } = at as { data?: unknown; cause?: unknown; error?: unknown };
    if (typeof data === "string" && data.startsWith("0x")) return data;
    at = data ?? error ?? cause;
  }
  return undefined;
}

function valueText(type: string, value: unknown): string {
  if (type === "bytes3") return codeOf(String(value));
  return type === "uint48" ? timeText(BigInt(String(value))) : String(value);
}
