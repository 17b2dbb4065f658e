import { DAY, PERIOD, PPM, atLeastZero, ceilDiv, least, most } from "./numbers.ts";

/** Lowest and highest weight, in ppm: those of the United Nations' scale of assessments. */
const FLOOR = 10n;
const CEILING = 220_000n;

/** A period's assessment, and a call, is due this long after it begins or is made. */
export const GRACE = 30n * DAY;

/** Weight in ppm: clamp(capacity × (1e6 + loading × dependence / 1e6) / 1e6, floor, ceiling), both divisions down. */
export function weightFor(capacity: bigint, dependence: bigint, loading: bigint): bigint {
  return least(most((capacity * (PPM + (loading * dependence) / PPM)) / PPM, FLOOR), CEILING);
}

/** Millionths of a unit in whole units, rounded up: members owe the whole of a unit begun. */
export const toUnits = (millionths: bigint): bigint => ceilDiv(millionths, PPM);

/** What a call asks of all weights together, so that those who take part bring at least its amount. */
export const callBudget = (amount: bigint, weights: bigint): bigint => ceilDiv(amount * PPM, weights);

/** weight / Σ weights × max(0, owed + committed − reserve), rounded up. */
export function exitCharge(
  weight: bigint,
  allWeights: bigint,
  fund: { owed: bigint; committed: bigint; reserve: bigint },
): bigint {
  if (weight === 0n) return 0n;
  return ceilDiv(weight * atLeastZero(fund.owed + fund.committed - fund.reserve), allWeights);
}

/** How many periods' due dates lie before `timestamp`: a due date is met at its second. */
export function periodsDue(genesis: bigint, timestamp: bigint): bigint {
  const firstMissed = genesis + GRACE + 1n;
  return timestamp < firstMissed ? 0n : (timestamp - firstMissed) / PERIOD + 1n;
}

interface Step {
  from: bigint;
  value: bigint;
  /** What had added up over all positions below `from`. */
  before: bigint;
}

/** The step that holds at a position; most questions are about the newest. */
function stepAt(steps: readonly Step[], position: bigint): Step | undefined {
  return steps.findLast(({ from }) => from <= position);
}

function setStep(steps: Step[], step: Step): void {
  if (steps.at(-1)?.from === step.from) steps.pop();
  steps.push(step);
}

/** What the alliance is asked a period, as a step function of the period. */
export class Budgets {
  readonly #steps: Step[] = [];

  /** A step that is still ahead of `current` goes. */
  set(current: bigint, from: bigint, amount: bigint): void {
    const last = this.#steps.at(-1);
    if (last !== undefined && last.from > current) this.#steps.pop();
    setStep(this.#steps, { from, value: amount, before: this.through(from) });
  }

  at(period: bigint): bigint {
    return stepAt(this.#steps, period)?.value ?? 0n;
  }

  /** Sum over the first so many periods. */
  through(periods: bigint): bigint {
    const step = stepAt(this.#steps, periods);
    return step === undefined ? 0n : step.before + step.value * (periods - step.from);
  }
}

/** A member's share of every budget, in millionths of a unit, exact. */
export class Weights {
  readonly #steps: Step[] = [];

  set(from: bigint, weight: bigint, budgets: Budgets): void {
    setStep(this.#steps, { from, value: weight, before: this.through(from, budgets) });
  }

  at(period: bigint): bigint {
    return stepAt(this.#steps, period)?.value ?? 0n;
  }

  /** The weight that holds in the end. */
  get last(): bigint {
    return this.#steps.at(-1)?.value ?? 0n;
  }

  through(periods: bigint, budgets: Budgets): bigint {
    const step = stepAt(this.#steps, periods);
    return step === undefined ? 0n : step.before + step.value * (budgets.through(periods) - budgets.through(step.from));
  }
}

/** Amounts with a due date each, in the order of their dates, and what they add up to. */
export class Dues {
  readonly #dues: { dueAt: bigint; through: bigint }[] = [];

  add(dueAt: bigint, amount: bigint): void {
    this.#dues.push({ dueAt, through: this.total + amount });
  }

  get total(): bigint {
    return this.#dues.at(-1)?.through ?? 0n;
  }

  /** Sum of those due before `timestamp`. */
  before(timestamp: bigint): bigint {
    return this.#dues.findLast(({ dueAt }) => dueAt < timestamp)?.through ?? 0n;
  }
}
