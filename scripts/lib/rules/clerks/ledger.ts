import { encodeBytes32String } from "ethers";

import {
  Budgets,
  Dues,
  GRACE,
  Weights,
  callBudget,
  exitCharge,
  periodsDue,
  toUnits,
} from "../arithmetic/assessment.ts";
import { DAY, NEVER, PERIOD, PPM, YEAR, atLeastZero, least, sum } from "../arithmetic/numbers.ts";
import type { Rulebook } from "../rulebook.ts";
import type { Told } from "../told.ts";
import { Kind } from "./member.ts";
import { ScheduleClerk } from "./schedule.ts";

const ARREARS_GRACE = 90n * DAY;
const CHARGE_GRACE = YEAR;
const DUE_PERIODS = 8n;

export const EXIT = encodeBytes32String("exit");

/** What a member was asked, and what it has paid. */
export class Account {
  paid = 0n;
  clearUntil = 0n;
  clearedAt = 0n;
  voteSuspended = false;
  waivedUntil = 0n;
  coverFrom = 0n;
  firstPeriod = 0n;
  /** Open attacks with a commitment. */
  commitments = 0n;
  weighted = false;
  readonly weights = new Weights();
  /** In millionths of a unit. */
  readonly calls = new Dues();
  readonly charges = new Dues();
}

/** What all calls up to one add up to. */
export interface Call {
  issuedAt: bigint;
  amount: bigint;
  budget: bigint;
}

/** What members are asked and have paid, and what follows for their standing. */
export class LedgerClerk {
  terms = { loading: 0n, callCap: 0n };
  readonly budgets = new Budgets();
  readonly accounts = new Map<string, Account>();
  readonly calls: Call[] = [];
  readonly #schedule: ScheduleClerk;
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
    this.#schedule = new ScheduleClerk(book);
  }

  apply(event: Told<"ledger">): void {
    const { desk } = this.book;
    switch (event.name) {
      case "TermsSet":
      case "BudgetSet":
      case "ScaleSet":
      case "Waived": {
        this.#schedule.apply(event);
        return;
      }
      case "CallIssued":
        if (!desk.demands("ledger", "CallIssued")) this.issueCall();
        {
          desk.tell(event);
          return;
        }
      case "ArrearsCleared":
      case "Charged":
      case "CallExemptionSet":
      case "Exited":
      case "CreditForfeited": {
        desk.tell(event);
        return;
      }
    }
  }

  account(code: string): Account {
    let account = this.accounts.get(code);
    if (account === undefined) {
      account = new Account();
      this.accounts.set(code, account);
    }
    return account;
  }

  // What happens

  /** A payment arrives. While the account is known to be clear no debt has to be worked out. */
  pay(code: string, amount: bigint): void {
    const { desk } = this.book;
    const { now } = desk;
    const account = this.account(code);
    if (now <= account.clearUntil && !account.voteSuspended) {
      account.paid += amount;
      return;
    }
    const late = this.debtDueBefore(code, now - ARREARS_GRACE);
    account.paid += amount;
    // While waived it counts as in good standing, so there is nothing to clear.
    if (late > 0n && amount >= late && now > account.waivedUntil) {
      account.clearedAt = now;
      desk.demand("ledger", "ArrearsCleared", { code });
    }
    const debt = this.debtDueBefore(code, now);
    if (debt === 0n) account.clearUntil = now + ARREARS_GRACE;
    const rests = debt > 0n && debt >= this.suspensionThreshold(code);
    if (account.voteSuspended && !rests) this.restoreVote(code);
  }

  suspendVote(code: string): void {
    const { desk, registry } = this.book;
    const rule = "registry.VoteSuspended";
    const member = registry.member(code);
    const account = this.account(code);
    const votes = registry.isMember(code) && member.kind === Kind.State && !member.voteSuspended;
    desk.law(rule, votes, `${code} has no vote that could be suspended`);
    desk.law(rule, desk.now > account.waivedUntil, `the vote of ${code} was suspended though its arrears are waived`);
    const [debt, threshold] = [this.debtDueBefore(code, desk.now), this.suspensionThreshold(code)];
    if (threshold === 0n || debt < threshold) {
      desk.find(rule, `the vote of ${code} was suspended for a debt below its last eight due periods`, threshold, debt);
    }
    account.voteSuspended = true;
    registry.setVoteSuspended(code, true);
  }

  /** Calls for what is owed beyond earlier calls, within the room; nothing if there is nothing or nobody to ask. */
  issueCall(): bigint {
    const { desk, fund, setting } = this.book;
    const { now } = desk;
    const amount = least(fund.owed - this.#notYetDue(now), this.room(now));
    const weights = this.callWeight(now);
    if (amount <= 0n || weights === 0n || now < setting.genesis) return 0n;
    const budget = callBudget(amount, weights);
    const period = this.period(now);
    const dueAt = now + GRACE;
    for (const account of this.accounts.values()) {
      if (takesPart(account)) account.calls.add(dueAt, budget * account.weights.at(period));
    }
    const { amount: amounts, budget: budgets } = this.callAt(this.calls.length);
    this.calls.push({ issuedAt: now, amount: amounts + amount, budget: budgets + budget });
    desk.demand("ledger", "CallIssued", { number: BigInt(this.calls.length), amount, weights, budget, dueAt });
    return amount;
  }

  setExempt(code: string, by: 1n | -1n): void {
    const account = this.account(code);
    account.commitments += by;
    this.book.desk.demand("ledger", "CallExemptionSet", { code, commitments: account.commitments });
  }

  charge(code: string, amount: bigint, ref: string): void {
    const { desk } = this.book;
    const dueAt = desk.now + CHARGE_GRACE;
    this.account(code).charges.add(dueAt, amount);
    desk.demand("ledger", "Charged", { code, amount, dueAt, ref });
  }

  /** One exit charge, then no assessments and no calls; credit is given up. */
  exit(code: string): void {
    const { desk, fund } = this.book;
    const { now } = desk;
    const account = this.account(code);
    const weight = account.weighted ? account.weights.at(this.period(now)) : 0n;
    const charge = exitCharge(weight, this.totalWeight(now), fund);
    if (charge > 0n) this.charge(code, charge, EXIT);
    const fromPeriod = this.nextPeriod(now);
    if (account.weighted) account.weights.set(fromPeriod, 0n, this.budgets);
    account.weighted = false;
    desk.demand("ledger", "Exited", { code, fromPeriod });
    const credit = atLeastZero(account.paid - this.asked(code, now));
    if (credit === 0n) return;
    account.paid -= credit;
    desk.demand("ledger", "CreditForfeited", { code, amount: credit });
  }

  // What follows from it

  period(now: bigint): bigint {
    const { genesis } = this.book.setting;
    return now < genesis ? 0n : (now - genesis) / PERIOD;
  }

  totalWeight(now: bigint): bigint {
    const period = this.period(now);
    return sum([...this.accounts.values()].map(({ weights }) => weights.at(period)));
  }

  callWeight(now: bigint): bigint {
    const period = this.period(now);
    return sum([...this.accounts.values()].filter(takesPart).map(({ weights }) => weights.at(period)));
  }

  /** What a member was assessed for all periods up to one, rounded up once. */
  through(code: string, period: bigint): bigint {
    return toUnits(this.account(code).weights.through(period + 1n, this.budgets));
  }

  /** All that a member was asked up to now, due or not. */
  asked(code: string, now: bigint): bigint {
    const { calls, charges } = this.account(code);
    return this.through(code, this.period(now)) + toUnits(calls.total) + charges.total;
  }

  /** What a member was asked with a due date before `time`, and has not paid until now. */
  debtDueBefore(code: string, time: bigint): bigint {
    const { calls, charges, paid } = this.account(code);
    const assessed = this.through(code, periodsDue(this.book.setting.genesis, time) - 1n);
    return atLeastZero(assessed + toUnits(calls.before(time)) + charges.before(time) - paid);
  }

  /** What a member was assessed over its last eight due periods; 0 if it has not had eight. */
  suspensionThreshold(code: string, now = this.book.desk.now): bigint {
    const account = this.account(code);
    const due = periodsDue(this.book.setting.genesis, now);
    if (!account.weighted || due < account.firstPeriod + DUE_PERIODS) return 0n;
    return this.through(code, due - 1n) - this.through(code, due - 1n - DUE_PERIODS);
  }

  inGoodStanding(code: string, now: bigint): boolean {
    if (now <= this.account(code).waivedUntil) return true;
    return this.debtDueBefore(code, now - ARREARS_GRACE) === 0n && now <= this.book.registry.reportDeadline(code);
  }

  coverFrom(code: string): bigint {
    const { weighted, coverFrom } = this.account(code);
    return weighted ? coverFrom : NEVER;
  }

  /** The cap's share of the budgets of the four periods ending now, less the calls in them. */
  room(now: bigint): bigint {
    const { genesis } = this.book.setting;
    const period = this.period(now);
    const first = atLeastZero(period - 3n);
    const budgets = this.budgets.through(period + 1n) - this.budgets.through(first);
    const start = genesis + first * PERIOD;
    const called = this.callAt(this.calls.length).amount - this.#callsBefore(start).amount;
    return atLeastZero((budgets * this.terms.callCap) / PPM - called);
  }

  /** What all calls up to a number add up to; number 0 is none. */
  callAt(number: number): Call {
    return this.calls[number - 1] ?? { issuedAt: 0n, amount: 0n, budget: 0n };
  }

  #callsBefore(time: bigint): Call {
    return this.callAt(this.calls.findLastIndex(({ issuedAt }) => issuedAt < time) + 1);
  }

  /** What earlier calls that are not yet due are for. */
  #notYetDue(now: bigint): bigint {
    return this.callAt(this.calls.length).amount - this.#callsBefore(now - GRACE).amount;
  }

  /** A vote that was suspended for a debt is given back. */
  restoreVote(code: string): void {
    this.account(code).voteSuspended = false;
    this.book.registry.setVoteSuspended(code, false);
  }

  /** From which on a change takes effect. */
  nextPeriod(now: bigint): bigint {
    return now < this.book.setting.genesis ? 0n : this.period(now) + 1n;
  }
}

/** Calls ask a member that has a weight, has not left and has no commitment. */
function takesPart({ weighted, commitments }: Account): boolean {
  return weighted && commitments === 0n;
}
