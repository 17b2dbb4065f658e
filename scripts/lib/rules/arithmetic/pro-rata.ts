import { atLeastZero, least } from "./numbers.ts";

/** What one share receives is counted in 1e-27 units. */
const SCALE = 10n ** 27n;

/** With more than this many shares to each outstanding unit an epoch takes no new obligation. */
const MOST_SHARES_PER_UNIT = 1000n;

interface Epoch {
  index: bigint;
  shares: bigint;
  outstanding: bigint;
  completed: boolean;
}

/** A creditor's part in one epoch. */
interface Position {
  epoch: Epoch;
  /** What it was owed at `index`. */
  owed: bigint;
  shares: bigint;
  index: bigint;
  /** What it has received by `index` beyond whole units, in 1e-27 units. */
  rest: bigint;
}

/** Whom something is owed, epoch by epoch, the oldest first. */
export class Creditor {
  positions: Position[] = [];
}

/**
 * Money that arrives is divided among all that is owed in proportion to what each is owed at that moment. Each holds
 * shares of the outstanding total, and an index says what a share has received.
 */
export class Pool {
  /** The oldest that is not completed, and the one after it if that takes the new obligations. */
  #first = newEpoch();
  #second: Epoch | undefined;

  get outstanding(): bigint {
    return this.#first.outstanding + (this.#second?.outstanding ?? 0n);
  }

  /** What a creditor is still owed, and what it has received since it was last settled. */
  balanceOf(creditor: Creditor): { owed: bigint; received: bigint } {
    let [owed, received] = [0n, 0n];
    for (const position of creditor.positions) {
      const units = receivedBy(position).units;
      owed += position.owed - units;
      received += units;
    }
    return { owed, received };
  }

  /** Brings a creditor up to date, and gives what it has received since. */
  settle(creditor: Creditor): bigint {
    let received = 0n;
    for (const position of creditor.positions) {
      const { units, rest } = receivedBy(position);
      received += units;
      position.owed -= units;
      position.index = position.epoch.index;
      position.rest = rest;
    }
    creditor.positions = creditor.positions.filter(({ epoch }) => !epoch.completed);
    return received;
  }

  /** Owes a settled creditor `amount` more. Its shares round down. */
  add(creditor: Creditor, amount: bigint): void {
    const { shares: all, outstanding } = this.#first;
    if (all > outstanding * MOST_SHARES_PER_UNIT) this.#second ??= newEpoch();
    const epoch = this.#second ?? this.#first;
    const shares = epoch.shares === 0n ? amount : (amount * epoch.shares) / epoch.outstanding;
    let position = creditor.positions.find((one) => one.epoch === epoch);
    if (position === undefined) {
      position = { epoch, owed: 0n, shares: 0n, index: epoch.index, rest: 0n };
      creditor.positions.push(position);
    }
    position.index = epoch.index;
    position.owed += amount;
    position.shares += shares;
    epoch.shares += shares;
    epoch.outstanding += amount;
  }

  /** Divides up to `amount`, the oldest epoch first, and gives what was divided. */
  distribute(amount: bigint): bigint {
    let left = amount;
    while (left > 0n && this.#first.outstanding > 0n) {
      const epoch = this.#first;
      const used = least(left, epoch.outstanding);
      if (used < epoch.outstanding) epoch.index += (used * SCALE) / epoch.shares;
      epoch.outstanding -= used;
      left -= used;
      if (epoch.outstanding === 0n) this.#complete(epoch);
    }
    return amount - left;
  }

  /**
   * Takes up to `amount` off what a settled creditor is owed, the newest first. `spare` of what was taken had been
   * divided already, and was left over by divisions.
   */
  reduce(creditor: Creditor, amount: bigint): { taken: bigint; spare: bigint } {
    let [taken, spare] = [0n, 0n];
    for (const position of [...creditor.positions].reverse()) {
      const part = least(amount - taken, position.owed);
      if (part === 0n) continue;
      const { epoch } = position;
      const shares = (position.shares * part) / position.owed;
      position.owed -= part;
      position.shares -= shares;
      epoch.shares -= shares;
      const over = atLeastZero(part - epoch.outstanding);
      epoch.outstanding -= part - over;
      taken += part;
      spare += over;
      if (epoch.outstanding === 0n && epoch === this.#first) this.#complete(epoch);
    }
    return { taken, spare };
  }

  #complete(epoch: Epoch): void {
    epoch.completed = true;
    this.#first = this.#second ?? newEpoch();
    this.#second = undefined;
  }
}

function newEpoch(): Epoch {
  return { index: 0n, shares: 0n, outstanding: 0n, completed: false };
}

/** In a completed epoch each has received exactly what it was owed. */
function receivedBy({ epoch, owed, shares, index, rest }: Position): { units: bigint; rest: bigint } {
  if (epoch.completed) return { units: owed, rest: 0n };
  const whole = (epoch.index - index) * shares + rest;
  return whole / SCALE > owed ? { units: owed, rest: 0n } : { units: whole / SCALE, rest: whole % SCALE };
}
