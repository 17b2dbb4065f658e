import { ZeroAddress } from "ethers";

import { countSeats } from "../arithmetic/numbers.ts";
import type { KeyChange } from "../clerks/keys.ts";
import { Kind } from "../clerks/member.ts";
import type { Member } from "../clerks/member.ts";
import { Questions } from "./question.ts";
import type { Question, Scope } from "./question.ts";

const NO_CHANGE: KeyChange = {
  treasury: ZeroAddress,
  delegate: ZeroAddress,
  readyAt: 0n,
  recovery: false,
  unstoppable: false,
  accepted: false,
};
const Role = { Treasury: 1n, Delegate: 2n } as const;
const NO_SEAT = 255n;

/** Every member with its accounts, and the electorate. */
export function membershipQuestions({ rulebook, contracts, at, now, concerns }: Scope): Question[] {
  const { registry } = rulebook;
  const chain = contracts.registry;
  const q = new Questions();
  q.ask("registry.electorate", "", () => chain.electorate(at), registry.electorate);
  q.ask("registry.seatsGiven", "", () => chain.seatsGiven(at), registry.seatsGiven);
  q.ask("registry.changesLeft", "", () => chain.changesLeft(at), registry.changesLeft(now));
  const before = now - 1n;
  const past = countSeats(registry.electorateAt(before));
  q.ask("registry.getPastTotalSupply", before, () => chain.getPastTotalSupply(before, at), past);
  for (const member of registry.members.values()) {
    const { code, treasury, delegate, seat } = member;
    if (!concerns("member", code)) continue;
    q.ask("registry.member", code, () => chain.member(code, at), stored(member));
    q.ask("registry.keyChange", code, () => chain.keyChange(code, at), registry.keys.changes.get(code) ?? NO_CHANGE);
    q.ask("registry.treasuryToPay", code, () => chain.treasuryToPay(code, at), registry.keys.payee(code));
    q.ask("registry.isMember", code, () => chain.isMember(code, at), registry.isMember(code));
    q.ask("registry.reportDeadline", code, () => chain.reportDeadline(code, at), registry.reportDeadline(code));
    q.ask("registry.accountOf", treasury, () => chain.accountOf(treasury, at), { code, role: Role.Treasury });
    q.ask("registry.accountOf", delegate, () => chain.accountOf(delegate, at), { code, role: Role.Delegate });
    const { status } = member;
    q.ask("registry.seatOf", code, () => chain.seatOf(code, at), seat ?? NO_SEAT);
    const joinedAt = registry.isMember(code) ? member.admittedAt : 0n;
    q.ask("registry.joinedAt", code, () => chain.joinedAt(code, at), joinedAt);
    q.ask("registry.memberAndStatusOf", delegate, () => chain.memberAndStatusOf(delegate, at), { code, status });
    const casts = member.kind === Kind.State && seat !== undefined ? seat : NO_SEAT;
    q.ask("registry.seatCastBy", delegate, () => chain.seatCastBy(delegate, at), casts);
    q.ask("registry.getVotes", delegate, () => chain.getVotes(delegate, at), votesOf(registry.electorate, casts));
  }
  for (const [hash, { code, kind, treasury, delegate }] of registry.applications.pending) {
    const applied = { treasury, code, kind, delegate };
    q.ask("registry.application", code, () => chain.application(hash, at), applied);
  }
  for (const { by, role, holders } of rulebook.roles.all()) {
    if (by !== "fund") continue;
    for (const holder of holders) {
      const expected = rulebook.roles.worksFrom(role, holder);
      q.ask("fund.worksFrom", holder, () => contracts.fund.worksFrom(role, holder, at), expected);
      q.ask("fund.hasRole", holder, () => contracts.fund.hasRole(role, holder, at), true);
    }
  }
  return q.all;
}

/** A member as the registry's view tells it. */
function stored(member: Member): object {
  const { treasury, delegate, status, kind, seat, voteSuspended, openCases, admittedAt, reportedAt, noticeAt } = member;
  const barredAt = member.barred.at(-1) ?? 0n;
  const seated = seat === undefined ? { seated: false } : { seated: true, seat };
  return {
    treasury,
    delegate,
    status,
    kind,
    ...seated,
    voteSuspended,
    openCases,
    admittedAt,
    reportedAt,
    noticeAt,
    barredAt,
  };
}

function votesOf(electorate: bigint, seat: bigint): bigint {
  return seat === NO_SEAT ? 0n : (electorate >> seat) & 1n;
}
