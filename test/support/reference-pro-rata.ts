import { WHOLE } from "./reference-fund.ts";

/** Something owed to creditors or arriving for all of them. */
export interface Movement {
  arrives: boolean;
  creditor: number;
  /** In units. */
  amount: bigint;
}

interface Epoch {
  /** As the design counts them, in whole shares. */
  shares: bigint;
  outstanding: bigint;
  /** What each creditor is owed, in 1e-36 of a unit. */
  owed: bigint[];
}

/** A pool by the design's rules, in which every arrival visits every creditor. */
export class ReferencePool {
  /** In 1e-36 of a unit. */
  readonly received: bigint[];
  /** How many obligations there were: so many units may roundings come to. */
  obligations = 0n;
  completed = 0n;
  private epochs: Epoch[] = [];

  constructor(creditors: number) {
    this.received = Array<bigint>(creditors).fill(0n);
  }

  get openEpochs(): number {
    return this.epochs.length;
  }

  get outstanding(): bigint {
    return this.epochs.reduce((total, { outstanding }) => total + outstanding, 0n);
  }

  /** In 1e-36 of a unit. */
  owedTo(creditor: number): bigint {
    return this.epochs.reduce((total, { owed }) => total + owed[creditor]!, 0n);
  }

  move({ arrives, creditor, amount }: Movement): void {
    if (arrives) this.arrive(amount);
    else this.owe(creditor, amount);
  }

  private owe(creditor: number, amount: bigint): void {
    ++this.obligations;
    let epoch = this.epochs.at(-1);
    const closing = this.epochs.length === 1 && epoch!.shares > epoch!.outstanding * 1000n;
    if (epoch === undefined || closing) {
      epoch = { shares: 0n, outstanding: 0n, owed: this.received.map(() => 0n) };
      this.epochs.push(epoch);
    }
    epoch.shares += epoch.shares === 0n ? amount : (amount * epoch.shares) / epoch.outstanding;
    epoch.outstanding += amount;
    epoch.owed[creditor]! += amount * WHOLE;
  }

  private arrive(amount: bigint): void {
    const epoch = this.epochs[0];
    if (epoch === undefined || amount === 0n) return;
    const paid = amount < epoch.outstanding ? amount : epoch.outstanding;
    epoch.owed.forEach((owed, creditor) => {
      const left = (owed * (epoch.outstanding - paid)) / epoch.outstanding;
      this.received[creditor]! += owed - left;
      epoch.owed[creditor] = left;
    });
    epoch.outstanding -= paid;
    if (epoch.outstanding > 0n) return;
    this.epochs.shift();
    ++this.completed;
    this.arrive(amount - paid);
  }
}
