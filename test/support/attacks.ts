import type { ContractTransactionResponse } from "ethers";

import {
  DAY,
  Measure,
  Support,
  asTimelock,
  code,
  foundAlliance,
  hash,
  liveUntil,
  payAll,
  recognisedAttack,
} from "./alliance.ts";
import type { Alliance, AllianceOptions, TestMember } from "./alliance.ts";
import { moveTo, now } from "./chain.ts";
import type { Connection } from "./chain.ts";
import type { ReferenceCover } from "./reference-indemnity.ts";

/** The highest loss that an assessor can report. */
export const MOST_LOSS = 2n ** 120n - 1n;
export const ROUND = 30n * DAY;
export const WINDOW = 10n * DAY;
export const FILING_TIME = 180n * DAY;

export const Decision = { Open: 0n, Recognised: 1n, Closed: 2n, Revoked: 3n, Dropped: 4n } as const;

/** An alliance in which everybody has paid and is covered: 200 days after genesis, cover since day 180. */
export async function coveredAlliance(connection: Connection, options: AllianceOptions = {}, days = 200n) {
  const alliance = await foundAlliance(connection, options);
  await liveUntil(alliance, days);
  return alliance;
}

/** The same, and an attack on LTU that has been recognised. */
export async function recognisedCase(
  connection: Connection,
  options: AllianceOptions = {},
  filed: Parameters<typeof recognisedAttack>[2] = {},
) {
  const a = await coveredAlliance(connection, options);
  const ltu = a.member("LTU");
  return { ...a, ltu, ...(await recognisedAttack(a, ltu, filed)) };
}

/** The cover that the fixture gives everybody, as the reference knows it. */
export function coverOf(baseline: bigint, terms: Partial<ReferenceCover> = {}): ReferenceCover {
  return { baseline, ceding: 800_000n, attachment: 50_000n, exhaustion: 600_000n, ...terms };
}

export interface Filing {
  coercer?: string;
  measure?: number;
  startedAt?: bigint;
  evidence?: string;
  uri?: string;
  incident?: string;
  share?: bigint;
}

let filings = 0;

/** The arguments of `file`, with new evidence unless it is given. */
export async function filing(a: Alliance, m: TestMember, f: Filing = {}) {
  return [
    m.code,
    code(f.coercer ?? "CHN"),
    f.measure ?? Measure.Tariff,
    f.startedAt ?? (await now(a)),
    f.evidence ?? hash(`filed evidence ${++filings}`),
    f.uri ?? "ipfs://evidence",
    f.incident ?? hash("incident"),
    f.share ?? 0n,
  ] as const;
}

/** Has every seat of an electorate vote the same until the proposal is decided. */
export async function voteAll(a: Alliance, proposalId: bigint, support: number): Promise<void> {
  await moveTo(a, (await a.council.proposalSnapshot(proposalId)) + 1n);
  for (const { delegate } of a.states) {
    if ((await a.council.decidedAt(proposalId)) !== 0n) return;
    const { seat } = await a.registry.accountOf(delegate.address);
    const { remaining } = await a.council.ballotBox(proposalId);
    if (((remaining >> seat) & 1n) === 0n) continue;
    await a.council.connect(delegate).castVote(proposalId, support, { gasLimit: 3_000_000 });
  }
}

/** Has more than half vote against. */
export async function voteDown(a: Alliance, proposalId: bigint): Promise<void> {
  await voteAll(a, proposalId, Support.Against);
}

/** The assessors of a round who may report on it now, in the panel's order. */
export async function eligibleAssessors(a: Alliance, attackId: bigint, number: number) {
  const { endsAt, coercer } = await a.register.round(attackId, number);
  const eligible = [];
  for (const { account, member } of await a.panel.assessorsAt(endsAt)) {
    if ((await a.register.openAttack(member, coercer)) === 0n) eligible.push(await a.ethers.getSigner(account));
  }
  return eligible;
}

/**
 * Moves to a round's end and has eligible assessors report: all the same loss, or one each of a list, the rest silent.
 * Gives the last report's transaction.
 */
export async function reportLosses(
  a: Alliance,
  attackId: bigint,
  number: number,
  losses: bigint | bigint[],
): Promise<ContractTransactionResponse> {
  await moveTo(a, (await a.register.round(attackId, number)).endsAt);
  const eligible = await eligibleAssessors(a, attackId, number);
  const list = typeof losses === "bigint" ? eligible.map(() => losses) : losses;
  let last: ContractTransactionResponse | undefined;
  for (const [i, loss] of list.entries()) {
    last = await a.panel.connect(eligible[i]).report(attackId, number, loss, hash(`report ${number} ${i}`));
  }
  return last!;
}

/** Registers trade with a coercer; it counts for attacks that start 90 days later. */
export async function expose(a: Alliance, m: TestMember, coercer: string, baseline: bigint): Promise<void> {
  const exposure = { baseline, dependence: 50_000, source: hash(`${m.name}: trade with ${coercer}`) };
  await asTimelock(a, (timelock) =>
    a.coverage.connect(timelock).setExposures([{ code: m.code, coercer: code(coercer), exposure }]),
  );
}

/** Lets an account record purchases as the market does. */
export async function grantMarket(a: Alliance, account: string): Promise<void> {
  const role = await a.register.MARKET_ROLE();
  await asTimelock(a, (timelock) => a.register.connect(timelock).grantRole(role, account));
}

/** What is committed, awarded and left, in the register and in the fund: they must agree. */
export async function books(a: Alliance, attackId: bigint) {
  const { committed, awarded, cap, lastSettled } = await a.register.attack(attackId);
  const payableSoFar = await a.register.payableSoFar(attackId);
  const { commitment } = await a.fund.attackAccount(attackId);
  return { committed, awarded, cap, payableSoFar, lastSettled, commitment };
}

/** Pays what everybody was asked, and files a member's human-rights report. */
export async function keepStanding(a: Alliance, m: TestMember): Promise<void> {
  await payAll(a);
  await a.registry.connect(m.delegate).fileReport(m.code, hash("report"), "ipfs://report");
}

/** Ends a recognised attack, has its last round settled with a loss and its member close it. Gives the last round's end. */
export async function finish(a: Alliance, attackId: bigint, m: TestMember, loss: bigint): Promise<bigint> {
  await a.register.connect(m.delegate).end(attackId);
  const last = await a.register.lastRound(attackId);
  await reportLosses(a, attackId, Number(last), loss);
  await a.register.connect(m.treasury).close(attackId);
  return (await a.register.round(attackId, last)).endsAt;
}
