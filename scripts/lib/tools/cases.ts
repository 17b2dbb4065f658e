// What delegates and assessors do: file an attack, and report its losses.
import { id } from "ethers";

import { codeOf } from "../replay/chain.ts";
import { MEASURES } from "../replay/data.ts";
import type { Desk } from "./desk.ts";
import { requireMember } from "./known.ts";
import { timeText } from "./refusals.ts";
import { carryOut } from "./transactions.ts";

export interface Filing {
  /** Member and coercer as the contracts know them. */
  code: string;
  coercer: string;
  measure: (typeof MEASURES)[number];
  /** In seconds since 1970. */
  startedAt: bigint;
  /** Hash of the evidence. */
  evidence: string;
  uri: string;
  /** A label that ties cases of one event together. */
  incident: string;
  /** What of every award is earmarked for industries and workers, in ppm. */
  share: bigint;
  /** The treasury or the delegate; else whichever of them the network has the key of. */
  from?: string | undefined;
  print?: boolean;
}

export interface Report {
  attackId: bigint;
  round: bigint;
  /** Cumulative net loss in base units, what was bought on the market included. */
  loss: bigint;
  /** Hash of the evidence. */
  evidence: string;
  from: string;
  print?: boolean;
}

/** Files an attack, which opens the vote on it. Tells its number; undefined if it was printed only. */
export async function fileAttack(desk: Desk, filing: Filing): Promise<bigint | undefined> {
  const { code, coercer, startedAt, evidence, uri, incident, share, print = false } = filing;
  await requireMember(desk, code);
  const measure = MEASURES.indexOf(filing.measure);
  const { register, council } = desk.contracts;
  const call = register.file.populateTransaction(code, coercer, measure, startedAt, evidence, uri, id(incident), share);
  const from = filing.from ?? (await filerOf(desk, code));
  const events = await carryOut(desk, { from, as: `the delegate of ${codeOf(code)}`, call, print });
  const filed = events.find(({ name }) => name === "Filed");
  if (filed?.name !== "Filed") return undefined;
  const { attackId, proposalId, attack_ } = filed.args;
  desk.say(`attack ${attackId} of ${codeOf(coercer)} on ${codeOf(code)} is filed with evidence ${evidence}`);
  desk.say(`the fund may award at most ${desk.money.show(attack_.cap)} for it`);
  const deadline = await council.proposalDeadline(proposalId);
  desk.say(`vote until ${timeText(deadline)}: npx hardhat fund vote --proposal ${proposalId} --support for`);
  return attackId;
}

/** Reports an assessor's loss for a round, and tells what came of it. */
export async function reportLoss(desk: Desk, report: Report): Promise<void> {
  const { attackId, round, loss, evidence, from, print = false } = report;
  const { panel } = desk.contracts;
  const call = panel.report.populateTransaction(attackId, round, loss, evidence);
  const events = await carryOut(desk, { from, as: "the assessor that would report", call, print });
  if (print) return;
  const show = (units: bigint) => desk.money.show(units);
  desk.say(`a loss of ${show(loss)} is reported for round ${round} of attack ${attackId}`);
  const settled = events.find(({ name }) => name === "RoundSettled");
  if (settled?.name === "RoundSettled") {
    desk.say(`the round is settled with a loss of ${show(settled.args.loss)}; ${show(settled.args.award)} is awarded`);
    return;
  }
  const { reports, eligible } = await panel.verdict(attackId, round);
  desk.say(`${reports} of ${eligible} assessors have reported; the last report settles the round`);
}

/** The delegate files, or the treasury where the network has only its key. */
async function filerOf(desk: Desk, code: string): Promise<string> {
  const { delegate, treasury } = await desk.contracts.registry.member(code);
  const has = (account: string) => desk.accounts.some(({ address }) => address === account);
  return !has(delegate) && has(treasury) ? treasury : delegate;
}
