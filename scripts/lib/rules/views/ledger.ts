import { DAY } from "../arithmetic/numbers.ts";
import { Questions } from "./question.ts";
import type { Question, Scope } from "./question.ts";

/** What every member was asked, has paid and owes, and what follows for its standing. */
export function ledgerQuestions({ rulebook, contracts, at, now, concerns }: Scope): Question[] {
  const { ledger, registry } = rulebook;
  const chain = contracts.ledger;
  const period = ledger.period(now);
  const q = new Questions();
  q.ask("ledger.terms", "", () => chain.terms(at), ledger.terms);
  q.ask("ledger.currentPeriod", "", () => chain.currentPeriod(at), period);
  for (const ahead of [0n, 1n, 4n]) {
    const which = period + ahead;
    q.ask("ledger.budgetOf", which, () => chain.budgetOf(which, at), ledger.budgets.at(which));
  }
  q.ask("ledger.totalWeight", "", () => chain.totalWeight(at), ledger.totalWeight(now));
  q.ask("ledger.callWeight", "", () => chain.callWeight(at), ledger.callWeight(now));
  q.ask("ledger.room", "", () => chain.room(at), ledger.room(now));
  const calls = ledger.calls.length;
  q.ask("ledger.callCount", "", () => chain.callCount(at), BigInt(calls));
  q.ask("ledger.callAt", calls, () => chain.callAt(calls, at), ledger.callAt(calls));
  for (const code of registry.members.keys()) {
    if (!concerns("member", code)) continue;
    const account = ledger.account(code);
    const { paid, clearUntil, clearedAt, voteSuspended, waivedUntil, commitments, weighted } = account;
    const stored = { paid, clearUntil, clearedAt, voteSuspended, waivedUntil, commitments, weighted };
    q.ask("ledger.account", code, () => chain.account(code, at), stored);
    q.ask("ledger.weightOf", code, () => chain.weightOf(code, period, at), account.weights.at(period));
    q.ask("ledger.weightOf", code, () => chain.weightOf(code, period + 1n, at), account.weights.at(period + 1n));
    q.ask("ledger.through", code, () => chain.through(code, period, at), ledger.through(code, period));
    const assessed = ledger.through(code, period) - ledger.through(code, period - 1n);
    q.ask("ledger.assessed", code, () => chain.assessed(code, period, at), assessed);
    q.ask("ledger.askedOf", code, () => chain.askedOf(code, at), ledger.asked(code, now));
    q.ask("ledger.debtOf", code, () => chain.debtOf(code, at), ledger.debtDueBefore(code, now));
    const late = now - 90n * DAY;
    q.ask("ledger.debtDueBefore", code, () => chain.debtDueBefore(code, late, at), ledger.debtDueBefore(code, late));
    const threshold = ledger.suspensionThreshold(code, now);
    q.ask("ledger.suspensionThreshold", code, () => chain.suspensionThreshold(code, at), threshold);
    q.ask("ledger.inGoodStanding", code, () => chain.inGoodStanding(code, at), ledger.inGoodStanding(code, now));
    q.ask("ledger.coverFrom", code, () => chain.coverFrom(code, at), ledger.coverFrom(code));
  }
  return q.all;
}
