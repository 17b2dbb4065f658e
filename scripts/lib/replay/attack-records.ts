import { codeOf } from "./chain.ts";
import { MEASURES } from "./data.ts";
import { ENTRY_KINDS, eventsNamed } from "./events.ts";
import type { EventNamed, LedgerEvent } from "./events.ts";
import { ATTACK_STATUSES } from "./record.ts";
import type { AttackRecord, Ballot, Disbursement, Exposure, Round } from "./record.ts";
import type { Replay } from "./replay.ts";
import { earmarkRecord, marketRecord } from "./solidarity-records.ts";

const DAY = 86_400;

/** Every attack that was filed, in order of its number. */
export async function attackRecords(run: Replay, events: readonly LedgerEvent[]): Promise<AttackRecord[]> {
  const disbursements = disbursementsByAttack(events);
  const records: AttackRecord[] = [];
  for (const filed of eventsNamed(events, "Filed")) {
    records.push(await attackRecord(run, events, filed, disbursements.get(filed.attackId) ?? []));
  }
  return records;
}

async function attackRecord(
  run: Replay,
  events: readonly LedgerEvent[],
  filed: EventNamed<"Filed">,
  disbursements: Disbursement[],
): Promise<AttackRecord> {
  const { attackId, proposalId, code, coercer } = filed;
  const { register, council } = run.ledger;
  const own = <Event extends { attackId: bigint }>(list: Event[]) =>
    list.filter((event) => event.attackId === attackId);
  const attack = await register.attack(attackId);
  const { baseline, ceding, attachment, exhaustion } = attack.cover;
  const terms = { ceding: Number(ceding), attachment: Number(attachment), exhaustion: Number(exhaustion) };
  const startedAt = Number(attack.startedAt);
  const recognised = own(eventsNamed(events, "Recognised"))[0];
  const closed = own(eventsNamed(events, "Closed"))[0];
  const measures = [filed, ...own(eventsNamed(events, "MeasureAdded"))].map(({ time, measure, evidence }) => {
    return { time, case: run.evidence.get(evidence) ?? "", measure: MEASURES[Number(measure)] ?? "other" };
  });
  const seats = Number((await council.ballotBox(proposalId)).seats);
  const [first] = disbursements;
  const rounds: Round[] = [];
  for (const { round, time, reported, loss, payableSoFar, award } of own(eventsNamed(events, "RoundSettled"))) {
    const { endsAt } = await register.round(attackId, round);
    const bought = await register.boughtBy(attackId, endsAt);
    const times = { round: Number(round), endsAt: Number(endsAt), settled: time };
    rounds.push({ ...times, reported, bought, loss, payable: payableSoFar, award });
  }
  return {
    attackId,
    member: codeOf(code),
    coercer: codeOf(coercer),
    cases: [...new Set(measures.map((measure) => measure.case))],
    measures,
    startedAt,
    filed: filed.time,
    succession: Number(attack.succession),
    cap: attack.cap,
    cover: { baseline, ...terms, yearlyLimit: attack.yearlyLimit },
    exposure: exposureOf(events, code, coercer, startedAt),
    vote: { proposalId, seats, majority: Math.floor(seats / 2) + 1, ballots: ballotsOf(run, events, proposalId) },
    recognised: recognised && {
      time: recognised.time,
      committed: recognised.committed,
      advance: recognised.advance,
    },
    rounds,
    disbursements,
    disbursed: disbursements.reduce((sum, { amount }) => sum + amount, 0n),
    market: await marketRecord(run, events, attackId, rounds.at(-1)),
    earmark: await earmarkRecord(run, events, attackId),
    daysToMoney: first && Math.floor((first.time - filed.time) / DAY),
    ended: own(eventsNamed(events, "Ended"))[0]?.time,
    closed: closed && {
      time: closed.time,
      awarded: closed.awarded,
      released: closed.released,
      charged: closed.charged,
    },
    status: ATTACK_STATUSES[Number(await register.statusOf(attackId))] ?? "None",
  };
}

function ballotsOf({ ledger }: Replay, events: readonly LedgerEvent[], proposalId: bigint): Ballot[] {
  const decided = eventsNamed(events, "Decided").find((event) => event.proposalId === proposalId);
  return eventsNamed(events, "VoteCast")
    .filter((event) => event.proposalId === proposalId)
    .map(({ voter, time, block }, i) => ({
      place: i + 1,
      time,
      code: ledger.actors.find(({ delegate }) => delegate.address === voter)?.code ?? voter,
      decides: block === decided?.block,
    }));
}

/** The exposure of the pair that was effective when the attack began. */
function exposureOf(
  events: readonly LedgerEvent[],
  code: string,
  coercer: string,
  startedAt: number,
): Exposure | undefined {
  const set = eventsNamed(events, "ExposureSet").findLast((event) => {
    return event.code === code && event.coercer === coercer && event.effectiveAt <= startedAt;
  });
  if (set === undefined || set.until < startedAt) return undefined;
  const decision = eventsNamed(events, "Executed").find(({ block }) => block === set.block);
  const { baseline, time, effectiveAt, until } = set;
  return {
    baseline,
    set: time,
    effectiveAt: Number(effectiveAt),
    until: Number(until),
    proposalId: decision?.proposalId,
  };
}

/**
 * What left the fund, by attack. A transfer made with an award names its attack; what later money brought is collected by
 * member, and is taken to be for the member's oldest award that is not paid yet.
 */
function disbursementsByAttack(events: readonly LedgerEvent[]): Map<bigint, Disbursement[]> {
  const occasions = new Map<number, string>();
  const unpaid = new Map<string, { attackId: bigint; left: bigint }[]>();
  const found = new Map<bigint, Disbursement[]>();
  for (const event of events) {
    if (event.name === "Recognised") occasions.set(event.block, "advance");
    if (event.name === "RoundSettled") occasions.set(event.block, `round ${event.round}`);
    if (event.name === "UnclaimedReturned" || event.name === "UnassignedReturned") {
      occasions.set(event.block, "what industries and workers left");
    }
    if (event.name !== "Entry") continue;
    const { seq, time, amount, party, block, member, ref } = event;
    const kind = ENTRY_KINDS[Number(event.kind)];
    const awards = unpaid.get(member) ?? [];
    if (kind === "Award" || kind === "EarmarkReturn") {
      unpaid.set(member, [...awards, { attackId: BigInt(ref), left: amount }]);
    }
    if (kind === "Earmark")
      settle(
        awards.filter((award) => award.attackId === BigInt(ref)),
        amount,
      );
    if (kind !== "Disbursement") continue;
    const named = BigInt(ref);
    const attackId = named === 0n ? (awards.find(({ left }) => left > 0n)?.attackId ?? 0n) : named;
    settle(awards, amount);
    const occasion = named === 0n ? "what was owed" : (occasions.get(block) ?? "what was owed");
    found.set(attackId, [...(found.get(attackId) ?? []), { seq, time, amount, to: party, occasion }]);
  }
  return found;
}

/** Takes what was paid off the oldest awards. */
function settle(awards: { left: bigint }[], amount: bigint): void {
  let rest = amount;
  for (const award of awards) {
    const part = award.left < rest ? award.left : rest;
    award.left -= part;
    rest -= part;
  }
}
