import { Decision, MOST_ROUNDS, boughtBy, lastRound, roundEnd, windowEnd } from "../clerks/cases.ts";
import type { Attack, CaseFile } from "../clerks/cases.ts";
import { Questions } from "./question.ts";
import type { Question, Scope } from "./question.ts";

/** Every attack with its rounds, reports and medians, the assessors, and every pair's cover. */
export function attackQuestions(scope: Scope): Question[] {
  const { rulebook, contracts, at, now, concerns } = scope;
  const { register, coverage, setting, panel } = rulebook;
  const chain = contracts.register;
  const q = new Questions();
  q.ask("register.attackCount", "", () => chain.attackCount(at), register.nextId - 1n);
  for (const attack of register.attacks.values()) {
    if (concerns("attack", attack.attackId)) askAbout(q, scope, attack);
  }
  for (const { code, coercer } of register.filing.pairs) {
    if (!concerns("member", code)) continue;
    const pair = `${code} and ${coercer}`;
    q.ask("register.casesOf", pair, () => chain.casesOf(code, coercer, at), register.filing.casesOf(code, coercer));
    const open = register.openAttack(code, coercer, now);
    q.ask("register.openAttack", pair, () => chain.openAttack(code, coercer, at), open);
  }
  for (const [key, used] of register.used) {
    const [code = "", year = ""] = key.split("/");
    if (!concerns("member", code)) continue;
    q.ask("register.usedOf", `${code} in the year from ${year}`, () => chain.usedOf(code, year, at), used);
  }
  for (const code of coverage.covered) {
    if (!concerns("member", code)) continue;
    for (const time of coverage.termsFrom(code)) {
      const { terms } = coverage.coverAt(code, "", time);
      q.ask("coverage.termsAt", `${code} at ${time}`, () => contracts.coverage.termsAt(code, time, at), terms);
    }
  }
  for (const { code, coercer } of coverage.pairs) {
    if (!concerns("member", code)) continue;
    for (const time of [setting.genesis, now]) {
      const { terms, exposure } = coverage.coverAt(code, coercer, time);
      const { baseline } = exposure;
      q.ask("coverage.coverAt", code, () => contracts.coverage.coverAt(code, coercer, time, at), { terms, baseline });
    }
    for (const time of [setting.genesis, now, ...coverage.exposuresFrom(code, coercer)]) {
      const { exposure } = coverage.coverAt(code, coercer, time);
      const of = `${code} to ${coercer} at ${time}`;
      q.ask("coverage.exposureAt", of, () => contracts.coverage.exposureAt(code, coercer, time, at), exposure);
    }
  }
  q.ask("panel.assessorsAt", now, () => contracts.panel.assessorsAt(now, at), panel.assessorsAt(now));
  return q.all;
}

function askAbout(q: Questions, { rulebook, contracts, at, now }: Scope, attack: Attack): void {
  const { register, panel, registry } = rulebook;
  const { attackId, closedAt } = attack;
  const chain = contracts.register;
  q.ask("register.attack", attackId, () => chain.attack(attackId, at), stored(attack));
  q.ask("register.statusOf", attackId, () => chain.statusOf(attackId, at), register.status(attack, now));
  if (attack.recognisedAt === 0n) return;
  q.ask("register.payableSoFar", attackId, () => chain.payableSoFar(attackId, at), attack.payableSoFar);
  q.ask("register.closedAt", attackId, () => chain.closedAt(attackId, at), closedAt);
  q.ask("register.boughtBy", attackId, () => chain.boughtBy(attackId, now, at), boughtBy(attack, now));
  for (let round = 1n; round <= MOST_ROUNDS; ++round) {
    for (const [assessor, loss] of panel.reportsOf(attackId, round)) {
      const of = `${assessor} on ${attackId}, round ${round}`;
      const report = { reported: true, loss };
      q.ask("panel.reportOf", of, () => contracts.panel.reportOf(attackId, round, assessor, at), report);
    }
  }
  const barredAt = registry.barredSince(attack.member, attack.filedAt);
  const last = lastRound(attack, barredAt);
  if (attack.decision !== Decision.Recognised) return;
  q.ask("register.lastRound", attackId, () => chain.lastRound(attackId, at), last);
  for (let round = attack.lastSettled; round <= last; ++round) {
    if (round === 0n || roundEnd(attack, round) > now) continue;
    const of = `${attackId}, round ${round}`;
    const expected = {
      endsAt: roundEnd(attack, round),
      windowEnd: windowEnd(attack, round),
      coercer: attack.coercer,
      open: register.rounds.isOpen(attack, round),
    };
    q.ask("register.round", of, () => chain.round(attackId, round, at), expected);
    const verdict = panel.verdict(attack, round, now);
    q.ask("panel.verdict", of, () => contracts.panel.verdict(attackId, round, at), verdict);
  }
}

/** An attack as the register's view tells it. */
function stored(attack: Attack): CaseFile {
  const file: CaseFile & Partial<Attack> = { ...attack };
  delete file.attackId;
  delete file.closedAt;
  delete file.payableSoFar;
  delete file.purchases;
  return file;
}
