import { Questions } from "./question.ts";
import type { Question, Scope } from "./question.ts";

/** The money: balances, journal, everyone's obligations, every attack's commitment and earmark, the breaker. */
export function fundQuestions({ rulebook, contracts, at, now, concerns }: Scope): Question[] {
  const { fund, setting } = rulebook;
  const chain = contracts.fund;
  const q = new Questions();
  q.ask("fund.reserve", "", () => chain.reserve(at), fund.reserve);
  q.ask("fund.pot", "", () => chain.pot(at), fund.pot);
  q.ask("fund.earmarked", "", () => chain.earmarked(at), fund.earmarked);
  q.ask("fund.committed", "", () => chain.committed(at), fund.committed);
  q.ask("fund.owed", "", () => chain.owed(at), fund.owed);
  q.ask("fund.sequence", "", () => chain.sequence(at), fund.journal.sequence);
  q.ask("fund.head", "", () => chain.head(at), fund.journal.head);
  const held = fund.reserve + fund.pot + fund.earmarked;
  q.atLeast("token.balanceOf the fund", () => contracts.token.balanceOf(setting.addresses.fund, at), held);
  for (const code of rulebook.registry.members.keys()) {
    if (!concerns("member", code)) continue;
    const { owed: owedToIt, ready: collectable } = fund.balanceOf(fund.treasury(code));
    q.ask("fund.balanceOf", code, () => chain.balanceOf(code, at), { owedToIt, collectable });
  }
  for (const [attackId, attack] of fund.attacks) {
    if (!concerns("attack", attackId)) continue;
    const { member, share: compensationShare, commitment, earmark, obligation } = attack;
    const account = { member, compensationShare, commitment, earmark };
    q.ask("fund.attackAccount", attackId, () => chain.attackAccount(attackId, at), account);
    const { owed: owedToIt, ready } = fund.balanceOf(obligation);
    q.ask("fund.earmarkOf", attackId, () => chain.earmarkOf(attackId, at), { owedToIt, held: earmark + ready });
  }
  for (const record of fund.awards.records.values()) {
    if (!concerns("attack", record.attackId)) continue;
    const voidable = fund.awards.voidable(record);
    q.ask("fund.voidable", record.sequence, () => chain.voidable(record, at), voidable);
  }
  const { breaker } = fund;
  q.ask("fund.guardian", "", () => chain.guardian(at), breaker.guardian);
  q.ask("fund.armed", "", () => chain.armed(at), breaker.armed);
  q.ask("fund.stoppedUntil", "", () => chain.stoppedUntil(at), breaker.stoppedUntil);
  q.ask("fund.stoppedTime", "", () => chain.stoppedTime(at), breaker.stoppedTime(now));
  return q.all;
}
