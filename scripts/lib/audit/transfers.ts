// The token's transfers and the journal are two accounts of the same money.
import type { EventOf, LedgerEvent, Place } from "../events/events.ts";
import type { Finding } from "../rules/finding.ts";

type Transfer = EventOf<"token", "Transfer">;
type Entry = EventOf<"fund", "Entry">;

/** Kinds of ICrisisFund whose money moves in the same transaction: from a payer to the fund, or from the fund. */
const INCOMING = new Set([0n, 1n]);
const OUTGOING = new Set([3n, 5n]);
const SURPLUS = 7n;

const RULE = "transfers";

/**
 * Holds every entry that moves tokens against a transfer of its transaction. What arrives without an entry is untold until
 * a Surplus books it.
 */
export class Transfers {
  readonly findings: Finding[] = [];
  readonly #fund: string;
  #transaction: string | undefined;
  #moved: Transfer[] = [];
  #entered: Entry[] = [];
  /** What has arrived and no entry tells of, in units. */
  #untold = 0n;
  /** What all transfers leave in the fund, in units. */
  #balance = 0n;
  #matched = 0;

  constructor(fund: string) {
    this.#fund = fund;
  }

  /** How many transfers were held against the journal. */
  get matched(): number {
    return this.#matched;
  }

  follow(event: LedgerEvent): void {
    if (event.transaction !== this.#transaction) {
      this.#close();
      this.#transaction = event.transaction;
    }
    if (event.by === "token" && event.name === "Transfer") this.#moved.push(event);
    else if (event.by === "fund" && event.name === "Entry") this.#entered.push(event);
  }

  /** What does not hold, the token having been asked what the fund holds. */
  finish(balance: bigint): Finding[] {
    this.#close();
    if (balance !== this.#balance) {
      const sentence = "the token says that the fund holds other than all transfers leave in it";
      this.findings.push({ rule: RULE, sentence, expected: String(this.#balance), found: String(balance) });
    }
    return this.findings;
  }

  #close(): void {
    for (const { args } of this.#moved) {
      if (args.to === this.#fund) this.#balance += args.value;
      if (args.from === this.#fund) this.#balance -= args.value;
    }
    for (const entry of this.#entered) {
      const { kind, party, amount } = entry.args;
      if (INCOMING.has(kind)) this.#match(entry, party, this.#fund, amount);
      else if (OUTGOING.has(kind)) this.#match(entry, this.#fund, party, amount);
    }
    for (const transfer of this.#moved) {
      if (transfer.args.to === this.#fund) this.#untold += transfer.args.value;
      else this.#note(transfer, `${transfer.args.value} units left the fund for ${transfer.args.to} without an entry`);
    }
    for (const entry of this.#entered.filter(({ args }) => args.kind === SURPLUS)) {
      const { seq, amount } = entry.args;
      this.#untold -= amount;
      if (this.#untold >= 0n) continue;
      this.#note(entry, `entry ${seq} books a surplus that no transfer brought`);
      this.#untold = 0n;
    }
    this.#moved = [];
    this.#entered = [];
  }

  #match(entry: Entry, from: string, to: string, amount: bigint): void {
    const place = this.#moved.findIndex(({ args }) => args.from === from && args.to === to && args.value === amount);
    if (place >= 0) {
      this.#moved.splice(place, 1);
      this.#matched += 1;
    } else
      this.#note(
        entry,
        `entry ${entry.args.seq} tells of ${amount} units from ${from} to ${to}, and the token does not`,
      );
  }

  #note({ block, index, transaction, time }: Place, sentence: string): void {
    this.findings.push({ rule: RULE, place: { block, index, transaction, time }, sentence });
  }
}
