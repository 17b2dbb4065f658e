// How things stand: the fund, a member, an attack, a proposal. Nothing is sent.
import { codeOf } from "../replay/chain.ts";
import { InputError } from "../csv.ts";
import { count, percent, table } from "../format.ts";
import { callText } from "./decoding.ts";
import type { Desk } from "./desk.ts";
import { lastOf, requireMember, unknownAttack } from "./known.ts";
import { CASE_STATUSES, MEMBER_STATUSES, timeText } from "./refusals.ts";
import { tallyText } from "./votes.ts";
import { PPM, scaleEvents } from "./weights.ts";

type Fact = [what: string, value: string];

export async function fundStatus(desk: Desk): Promise<string[]> {
  const { fund, ledger, registry, register, council } = desk.contracts;
  const show = (units: bigint) => desk.money.show(units);
  const period = await ledger.currentPeriod();
  const codes = [...(await scaleEvents(desk, await desk.provider.getBlockNumber())).keys()].sort();
  const members = await Promise.all(
    codes.map(async (code) => {
      const [{ status }, weight, next, debt] = await Promise.all([
        registry.member(code),
        ledger.weightOf(code, period),
        ledger.weightOf(code, period + 1n),
        ledger.debtOf(code),
      ]);
      return { code: codeOf(code), status: MEMBER_STATUSES[Number(status)] ?? "", weight, next, debt };
    }),
  );
  const [weight, next] = [sumOf(members.map((one) => one.weight)), sumOf(members.map((one) => one.next))];
  return [
    ...aligned([
      ["period", `${period}, from ${timeText(await ledger.periodStart(period))}`],
      ["budget", show(await ledger.budgetOf(period))],
      ["reserve", show(await fund.reserve())],
      ["committed", show(await fund.committed())],
      ["owed", show(await fund.owed())],
      ["earmarked", show(await fund.earmarked())],
      ["may be called", show(await ledger.room())],
      [
        "weights",
        `${count(weight)} ppm now, ${count(next)} ppm from period ${period + 1n} on; ${count(PPM - next)} ppm are free`,
      ],
      ["attacks", count(await register.attackCount())],
      ["proposals", count(await council.latestProposalId())],
    ]),
    "",
    ...table(
      ["member", "status", "weight", "overdue"],
      [
        ...members.map((one) => [one.code, one.status, percent(one.weight), show(one.debt)]),
        ["all", "", percent(weight), show(sumOf(members.map(({ debt }) => debt)))],
      ],
    ),
  ];
}

export async function memberStatus(desk: Desk, code: string): Promise<string[]> {
  await requireMember(desk, code);
  const { fund, ledger, registry } = desk.contracts;
  const show = (units: bigint) => desk.money.show(units);
  const member = await registry.member(code);
  const period = await ledger.currentPeriod();
  const { paid, voteSuspended } = await ledger.account(code);
  const [asked, debt, assessed] = await Promise.all([
    ledger.askedOf(code),
    ledger.debtOf(code),
    ledger.assessed(code, period),
  ]);
  const [owed, ready] = await fund.balanceOf(code);
  const seat = member.seated ? `seat ${member.seat}${voteSuspended ? ", its vote rests for a debt" : ""}` : "no seat";
  return aligned([
    ["member", `${codeOf(code)}, ${MEMBER_STATUSES[Number(member.status)] ?? ""}, ${seat}`],
    ["treasury", member.treasury],
    ["delegate", member.delegate],
    ["weight", percent(await ledger.weightOf(code, period))],
    ["this period", `${show(assessed)}, due ${timeText(await ledger.dueAt(period))}`],
    ["paid", `${show(paid)} of ${show(asked)} asked so far`],
    ["overdue", show(debt)],
    ["standing", (await ledger.inGoodStanding(code)) ? "good" : "not good: no new attack can be filed"],
    ["covered from", timeText(await ledger.coverFrom(code))],
    ["report due", timeText(await registry.reportDeadline(code))],
    ["open attacks", String(member.openCases)],
    ["owed to it", `${show(owed)}, besides ${show(ready)} that lies ready`],
  ]);
}

export async function attackStatus(desk: Desk, attackId: bigint): Promise<string[]> {
  const { register, fund, distributor } = desk.contracts;
  const show = (units: bigint) => desk.money.show(units);
  const a = await register.attack(attackId);
  if (a.filedAt === 0n) throw await unknownAttack(desk, attackId);
  const [owed, held] = await fund.earmarkOf(attackId);
  const last = await register.lastRound(attackId);
  const facts: Fact[] = [
    ["attack", `${attackId}: ${codeOf(a.coercer)} on ${codeOf(a.member)}`],
    ["status", CASE_STATUSES[Number(await register.statusOf(attackId))] ?? ""],
    ["began", timeText(a.startedAt)],
    ["filed", timeText(a.filedAt)],
    ["vote", `proposal ${a.proposalId}: ${await tallyText(desk, a.proposalId)}`],
    ["at most", show(a.cap)],
  ];
  if (a.recognisedAt !== 0n) {
    facts.push(
      ["recognised", timeText(a.recognisedAt)],
      ["committed", show(a.committed)],
      ["awarded", show(a.awarded)],
      ["net loss", `${show(a.loss)} by round ${a.lastSettled} of ${last}`],
    );
    const next = a.lastSettled + 1n;
    if (next <= last) {
      const { endsAt, windowEnd } = await register.round(attackId, next);
      facts.push(["next reports", `round ${next}, from ${timeText(endsAt)} to ${timeText(windowEnd)}`]);
    }
    const reserved = await distributor.reserved(attackId);
    facts.push(
      ["earmark", `${show(held)} held, ${show(owed)} owed`],
      ["campaigns", `${await distributor.campaignCount(attackId)}, which hold ${show(reserved)}`],
    );
  }
  return aligned(facts);
}

export async function proposalStatus(desk: Desk, proposalId: bigint): Promise<string[]> {
  const { council } = desk.contracts;
  const last = await council.latestProposalId();
  if (proposalId > last) {
    throw new InputError(`--proposal: ${proposalId}; ${lastOf(last, "proposal", "made")}.`);
  }
  const urgent = (await council.attackOf(proposalId)) !== 0n;
  const eta = await council.proposalEta(proposalId);
  const { 1: targets, 3: calldatas } = await council.proposalDetailsAt(proposalId - 1n);
  const facts: Fact[] = [
    ["proposal", `${proposalId}, ${urgent ? "urgent" : "ordinary"}`],
    ["ballots", await tallyText(desk, proposalId)],
    ["vote until", timeText(await council.proposalDeadline(proposalId))],
  ];
  if (eta !== 0n) facts.push(["ready", timeText(eta)]);
  targets.forEach((target, i) => facts.push([`action ${i + 1}`, callText(desk, target, calldatas[i] ?? "")]));
  return aligned(facts);
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

function aligned(facts: readonly Fact[]): string[] {
  const width = Math.max(...facts.map(([what]) => what.length));
  return facts.map(([what, value]) => `${what.padEnd(width)}  ${value}`);
}
