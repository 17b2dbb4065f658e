import { DAY, PERIOD, PPM, YEAR } from "./alliance.ts";

/** A call as the reference keeps it: the weights it asked are written down with it. */
interface ReferenceCall {
  at: bigint;
  amount: bigint;
  /** Asked of all weights together, so that those who take part bring at least `amount`. */
  budget: bigint;
  asked: ReadonlyMap<string, bigint>;
}

interface ReferenceAccount {
  weights: { from: bigint; weight: bigint }[];
  charges: { at: bigint; amount: bigint }[];
  paid: bigint;
  clearedAt: bigint;
  weighted: boolean;
  firstPeriod: bigint;
  commitments: number;
}

/** What the fund says when a rule asks it. */
export interface FundState {
  owed: bigint;
  committed: bigint;
  reserve: bigint;
}

const FLOOR = 10n;
const CEILING = 220_000n;
const GRACE = 30n * DAY;
const ARREARS_GRACE = 90n * DAY;

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const atLeastZero = (a: bigint): bigint => (a > 0n ? a : 0n);

/** The weight of the rules: clamp(capacity × (1e6 + loading × dependence / 1e6) / 1e6, floor, ceiling). */
export function weightFor(capacity: bigint, dependence: bigint, loading: bigint): bigint {
  const raised = (capacity * (PPM + (loading * dependence) / PPM)) / PPM;
  return raised < FLOOR ? FLOOR : least(raised, CEILING);
}

/**
 * The rules of the contribution ledger in their plainest form: everything that happened is kept as a list, and every answer
 * adds the whole list up again. Written from the rules, not from the contract.
 */
export class ReferenceLedger {
  readonly genesis: bigint;
  loading = 0n;
  callCap = PPM;
  readonly calls: ReferenceCall[] = [];
  readonly #budgets: { from: bigint; amount: bigint }[];
  readonly #accounts = new Map<string, ReferenceAccount>();

  constructor(genesis: bigint, firstBudget: bigint) {
    this.genesis = genesis;
    this.#budgets = [{ from: 0n, amount: firstBudget }];
  }

  // What happens

  setBudget(now: bigint, from: bigint, amount: bigint): void {
    if (this.#budgets.at(-1)!.from > this.period(now)) this.#budgets.pop();
    this.#budgets.push({ from, amount });
  }

  setScale(now: bigint, code: string, capacity: bigint, dependence: bigint): void {
    const a = this.account(code);
    const from = this.#nextPeriod(now);
    if (!a.weighted) a.firstPeriod = from;
    a.weighted = true;
    a.weights.push({ from, weight: weightFor(capacity, dependence, this.loading) });
  }

  setExempt(code: string, exempt: boolean): void {
    this.account(code).commitments += exempt ? 1 : -1;
  }

  /** Issues a call if there is something to call for. */
  issueCall(now: bigint, owed: bigint): bigint {
    const notDue = this.calls.filter(({ at }) => at + GRACE >= now).reduce((sum, { amount }) => sum + amount, 0n);
    const amount = atLeastZero(least(owed - notDue, this.room(now)));
    const weights = this.callWeight(now);
    if (amount === 0n || weights === 0n || now < this.genesis) return 0n;
    const asked = new Map<string, bigint>();
    for (const [code, a] of this.#accounts) {
      if (this.#takesPart(a)) asked.set(code, this.weightOf(code, this.period(now)));
    }
    this.calls.push({ at: now, amount, budget: ceilDiv(amount * PPM, weights), asked });
    return amount;
  }

  charge(now: bigint, code: string, amount: bigint): void {
    this.account(code).charges.push({ at: now, amount });
  }

  /** @returns the exit charge and the credit given up */
  exit(now: bigint, code: string, fund: FundState): { charge: bigint; forfeited: bigint } {
    const a = this.account(code);
    const weight = this.weightOf(code, this.period(now));
    const shortfall = atLeastZero(fund.owed + fund.committed - fund.reserve);
    const charge = a.weighted && weight > 0n ? ceilDiv(weight * shortfall, this.totalWeight(now)) : 0n;
    if (charge > 0n) this.charge(now, code, charge);
    if (a.weighted) a.weights.push({ from: this.#nextPeriod(now), weight: 0n });
    a.weighted = false;
    const forfeited = atLeastZero(a.paid - this.asked(now, code));
    a.paid -= forfeited;
    return { charge, forfeited };
  }

  pay(now: bigint, code: string, amount: bigint): void {
    const a = this.account(code);
    const late = this.debtDueBefore(code, now - ARREARS_GRACE);
    if (late > 0n && amount >= late) a.clearedAt = now;
    a.paid += amount;
  }

  // What follows from it

  account(code: string): ReferenceAccount {
    let a = this.#accounts.get(code);
    if (a === undefined) {
      a = { weights: [], charges: [], paid: 0n, clearedAt: 0n, weighted: false, firstPeriod: 0n, commitments: 0 };
      this.#accounts.set(code, a);
    }
    return a;
  }

  period(now: bigint): bigint {
    return now < this.genesis ? 0n : (now - this.genesis) / PERIOD;
  }

  budgetOf(period: bigint): bigint {
    return this.#budgets.findLast(({ from }) => from <= period)!.amount;
  }

  weightOf(code: string, period: bigint): bigint {
    return this.account(code).weights.findLast(({ from }) => from <= period)?.weight ?? 0n;
  }

  totalWeight(now: bigint): bigint {
    return this.#sumOfWeights(now, () => true);
  }

  callWeight(now: bigint): bigint {
    return this.#sumOfWeights(now, (a) => this.#takesPart(a));
  }

  /** All assessments up to `period`: added up exactly, rounded up once. */
  through(code: string, period: bigint): bigint {
    let millionths = 0n;
    for (let p = 0n; p <= period; ++p) millionths += this.budgetOf(p) * this.weightOf(code, p);
    return ceilDiv(millionths, PPM);
  }

  assessed(code: string, period: bigint): bigint {
    return this.through(code, period) - this.through(code, period - 1n);
  }

  /** Everything asked up to now, due or not. */
  asked(now: bigint, code: string): bigint {
    const charged = this.account(code).charges.reduce((sum, { amount }) => sum + amount, 0n);
    return this.through(code, this.period(now)) + this.#called(code, () => true) + charged;
  }

  /** What has a due date before `now` and is not paid: a due date is met at its second. */
  debtDueBefore(code: string, now: bigint): bigint {
    const a = this.account(code);
    const periods = this.through(code, this.duePeriods(now) - 1n);
    const called = this.#called(code, ({ at }) => at + GRACE < now);
    const charged = a.charges.filter(({ at }) => at + YEAR < now).reduce((sum, { amount }) => sum + amount, 0n);
    return atLeastZero(periods + called + charged - a.paid);
  }

  /** How many periods' due dates have passed. */
  duePeriods(now: bigint): bigint {
    let periods = 0n;
    while (this.genesis + periods * PERIOD + GRACE < now) ++periods;
    return periods;
  }

  /** What was assessed over the last eight due periods; 0 if the member has not had eight. */
  suspensionThreshold(now: bigint, code: string): bigint {
    const a = this.account(code);
    const due = this.duePeriods(now);
    if (!a.weighted || due < a.firstPeriod + 8n) return 0n;
    let sum = 0n;
    for (let p = due - 8n; p < due; ++p) sum += this.assessed(code, p);
    return sum;
  }

  /** The cap's share of the budgets of the four periods ending now, less the calls in them. */
  room(now: bigint): bigint {
    const last = this.period(now);
    const first = last < 3n ? 0n : last - 3n;
    let budgets = 0n;
    for (let p = first; p <= last; ++p) budgets += this.budgetOf(p);
    const called = this.calls
      .filter(({ at }) => this.period(at) >= first)
      .reduce((sum, { amount }) => sum + amount, 0n);
    return atLeastZero((budgets * this.callCap) / PPM - called);
  }

  #called(code: string, counts: (call: ReferenceCall) => boolean): bigint {
    let millionths = 0n;
    for (const call of this.calls) if (counts(call)) millionths += call.budget * (call.asked.get(code) ?? 0n);
    return ceilDiv(millionths, PPM);
  }

  #takesPart(a: ReferenceAccount): boolean {
    return a.weighted && a.commitments === 0;
  }

  #sumOfWeights(now: bigint, counts: (a: ReferenceAccount) => boolean): bigint {
    let sum = 0n;
    for (const [code, a] of this.#accounts) if (counts(a)) sum += this.weightOf(code, this.period(now));
    return sum;
  }

  #nextPeriod(now: bigint): bigint {
    return now < this.genesis ? 0n : this.period(now) + 1n;
  }
}
