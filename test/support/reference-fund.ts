import { PPM } from "./alliance.ts";

/** Fractions are kept in 1e-36 of a unit, so that no rounding of the reference reaches a unit. */
export const WHOLE = 10n ** 36n;

/** What is left of an epoch below this is nothing. */
const NOTHING = WHOLE / 10n ** 18n;

interface Epoch {
  shares: bigint;
  owed: Map<string, bigint>;
}

interface Attack {
  member: string;
  share: bigint;
  commitment: bigint;
}

interface VoidableAward {
  attackId: bigint;
  treasuryPart: bigint;
  treasuryBefore: bigint;
  earmarkPart: bigint;
  earmarkBefore: bigint;
}

const sum = (values: Iterable<bigint>): bigint => [...values].reduce((total, value) => total + value, 0n);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/**
 * The rules of the fund's money as the design states them, worked out the long way: every arrival goes through all
 * obligations, by what each is owed then. Arguments are in units, results in 1e-36 of a unit. An obligation is known by
 * the member's code or the attack's number.
 */
export class ReferenceFund {
  reserve = 0n;
  committed = 0n;
  /** Obligations made and voided: how many units the fund's roundings may have come to. */
  roundings = 0n;
  readonly attacks = new Map<string, Attack>();
  readonly received = new Map<string, bigint>();
  readonly transferred = new Map<string, bigint>();
  /** All that an obligation was ever assigned. */
  private readonly assigned = new Map<string, bigint>();
  private epochs: Epoch[] = [{ shares: 0n, owed: new Map() }];

  /** What an obligation is still owed. */
  owedTo(key: string): bigint {
    return sum(this.epochs.map(({ owed }) => owed.get(key) ?? 0n));
  }

  /** What an obligation has received and nobody has taken yet. */
  readyFor(key: string): bigint {
    return (this.received.get(key) ?? 0n) - (this.transferred.get(key) ?? 0n);
  }

  get owed(): bigint {
    return sum(this.epochs.map(({ owed }) => sum(owed.values())));
  }

  /** Money arrives: first what is owed, the rest is free, and what is free above the commitments is for what is owed. */
  arrive(amount: bigint): void {
    this.receive(amount * WHOLE);
  }

  commit(attackId: bigint, member: string, share: bigint, amount: bigint): void {
    this.attacks.set(String(attackId), { member, share, commitment: amount * WHOLE });
    this.committed += amount * WHOLE;
  }

  release(attackId: bigint): void {
    const attack = this.attacks.get(String(attackId))!;
    this.committed -= attack.commitment;
    attack.commitment = 0n;
    this.payFromExcess();
  }

  /** paid = amount × min(1, reserve / committed), rounded down to units; the rest is owed. */
  award(attackId: bigint, amount: bigint): { paid: bigint } {
    const attack = this.attacks.get(String(attackId))!;
    const paid = this.reserve >= this.committed ? amount : (amount * this.reserve) / this.committed;
    this.committed -= amount * WHOLE;
    attack.commitment -= amount * WHOLE;
    this.reserve -= paid * WHOLE;

    const earmarkPart = (amount * attack.share) / PPM;
    this.divide(String(attackId), earmarkPart, paid, amount);
    this.divide(attack.member, amount - earmarkPart, paid, amount);
    this.payFromExcess();
    return { paid };
  }

  /** Somebody takes what an obligation has received. */
  transfer(key: string, amount: bigint): void {
    this.transferred.set(key, (this.transferred.get(key) ?? 0n) + amount * WHOLE);
  }

  /** What no campaign needs goes back to the member's pot. */
  returnEarmark(attackId: bigint, amount: bigint): void {
    const { member } = this.attacks.get(String(attackId))!;
    this.transfer(String(attackId), amount);
    this.received.set(member, (this.received.get(member) ?? 0n) + amount * WHOLE);
    this.assign(member, amount);
  }

  /** How many epochs take or took obligations and are not completed. */
  get openEpochs(): number {
    return this.epochs.length;
  }

  /** What of an award's two parts was not transferred, awards being paid in the order in which they were made. */
  voidable(record: VoidableAward): [treasuryPart: bigint, earmarkPart: bigint] {
    const key = String(record.attackId);
    const { member } = this.attacks.get(key)!;
    return [
      this.notTransferred(member, record.treasuryPart, record.treasuryBefore),
      this.notTransferred(key, record.earmarkPart, record.earmarkBefore),
    ];
  }

  /** Takes back what of an award was not transferred: first what is still owed, the newest first, then what lies ready. */
  voidAward(record: VoidableAward): void {
    const key = String(record.attackId);
    const { member } = this.attacks.get(key)!;
    const [treasuryPart, earmarkPart] = this.voidable(record);
    this.receive(this.takeBack(member, treasuryPart) + this.takeBack(key, earmarkPart));
  }

  private notTransferred(key: string, part: bigint, before: bigint): bigint {
    const gone = (this.assigned.get(key) ?? 0n) - this.owedTo(key) - this.readyFor(key);
    return min(part * WHOLE, max(0n, (before + part) * WHOLE - gone));
  }

  private assign(key: string, amount: bigint): void {
    this.assigned.set(key, (this.assigned.get(key) ?? 0n) + amount * WHOLE);
  }

  private receive(amount: bigint): void {
    this.reserve += amount - this.distribute(amount);
    this.payFromExcess();
  }

  private payFromExcess(): void {
    const excess = max(0n, this.reserve - this.committed);
    this.reserve -= this.distribute(excess);
  }

  /** Goes to the oldest epoch first; within an epoch to each in proportion to what it is owed at this moment. */
  private distribute(amount: bigint): bigint {
    let left = amount;
    while (left > 0n && this.owed > NOTHING) {
      const epoch = this.epochs[0]!;
      const outstanding = sum(epoch.owed.values());
      const given = min(left, outstanding);
      for (const [key, owed] of epoch.owed) {
        const part = given === outstanding ? owed : (owed * given) / outstanding;
        epoch.owed.set(key, owed - part);
        this.received.set(key, (this.received.get(key) ?? 0n) + part);
      }
      left -= given;
      this.dropCompleted();
    }
    return amount - left;
  }

  private divide(key: string, part: bigint, paid: bigint, amount: bigint): void {
    if (part === 0n) return;
    this.assign(key, part);
    const paidPart = (part * paid * WHOLE) / amount;
    this.received.set(key, (this.received.get(key) ?? 0n) + paidPart);
    this.owe(key, part * WHOLE - paidPart);
    this.roundings += 1n;
  }

  /** Below 0.1% of its shares an epoch takes no new obligation. */
  private owe(key: string, amount: bigint): void {
    if (amount === 0n) return;
    let epoch = this.epochs.at(-1)!;
    if (this.epochs.length === 1 && sum(epoch.owed.values()) * 1000n < epoch.shares) {
      epoch = { shares: 0n, owed: new Map() };
      this.epochs.push(epoch);
    }
    const outstanding = sum(epoch.owed.values());
    epoch.shares += outstanding === 0n ? amount : (amount * epoch.shares) / outstanding;
    epoch.owed.set(key, (epoch.owed.get(key) ?? 0n) + amount);
  }

  private takeBack(key: string, amount: bigint): bigint {
    let left = amount;
    for (const epoch of [...this.epochs].reverse()) {
      const owed = epoch.owed.get(key) ?? 0n;
      const taken = min(left, owed);
      if (taken === 0n) continue;
      epoch.shares -= (epoch.shares * taken) / sum(epoch.owed.values());
      epoch.owed.set(key, owed - taken);
      left -= taken;
    }
    this.dropCompleted();
    const freed = min(left, max(0n, this.readyFor(key)));
    this.received.set(key, (this.received.get(key) ?? 0n) - freed);
    this.roundings += 1n;
    return freed;
  }

  private dropCompleted(): void {
    const open = this.epochs.filter(({ owed }) => sum(owed.values()) > NOTHING);
    this.epochs = open.length > 0 ? open : [{ shares: 0n, owed: new Map() }];
  }
}

/** How far an amount in units is from one of the reference, in whole units, rounded up. */
export function distance(units: bigint, exact: bigint): bigint {
  const gap = units * WHOLE - exact;
  return ((gap < 0n ? -gap : gap) + WHOLE - 1n) / WHOLE;
}
