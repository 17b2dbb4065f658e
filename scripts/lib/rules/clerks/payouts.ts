import { ZeroHash } from "ethers";

import type { EventOf } from "../../events/events.ts";
import type { Entry } from "../arithmetic/journal.ts";
import type { Rulebook } from "../rulebook.ts";

/** A payment to a treasury that was tried, and of which the outcome has not been told. */
interface Attempt {
  member: string;
  amount: bigint;
  ref: string;
}

/** Transfers to treasuries: each that is tried either comes about or is told to wait. */
export class PayoutsClerk {
  #attempts: Attempt[] = [];
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  /** One attempt to transfer to the member's treasury all that lies ready. */
  attempt(member: string, ref: string): void {
    const { desk, fund } = this.book;
    const treasury = fund.treasury(member);
    fund.settle(treasury);
    this.#attempts.push({ member, amount: treasury.ready, ref });
    desk.atEnd(() => {
      for (const { member: code, amount } of this.#attempts) {
        desk.find("fund.Entry", `${code} was neither paid nor told to wait`, amount);
      }
      this.#attempts = [];
    });
  }

  /** All that lies ready goes to the treasury of the day, after an award or because anyone asked for it. */
  disbursed(entry: Entry): void {
    const { desk, fund, registry } = this.book;
    const { member } = entry;
    const attempt = this.#takeAttempt(member);
    const treasury = fund.treasury(member);
    fund.settle(treasury);
    const amount = treasury.ready;
    desk.same("fund.Entry", { amount, party: registry.keys.payee(member), ref: attempt?.ref ?? ZeroHash }, entry);
    desk.law("fund.Entry", amount > 0n, `${member} was paid though nothing lay ready for it`);
    fund.breaker.mustFlow("fund.Entry");
    treasury.ready = 0n;
    fund.pot -= amount;
  }

  /** The transfer was refused; what lies ready stays collectable. */
  deferred(args: EventOf<"fund", "TransferDeferred">["args"]): void {
    const { desk, registry } = this.book;
    const attempt = this.#takeAttempt(args.member);
    desk.law(
      "fund.TransferDeferred",
      attempt !== undefined,
      `a transfer to ${args.member} was deferred that was not due`,
    );
    if (attempt === undefined) return;
    desk.same("fund.TransferDeferred", { amount: attempt.amount, treasury: registry.keys.payee(args.member) }, args);
  }

  #takeAttempt(member: string): Attempt | undefined {
    const index = this.#attempts.findIndex((attempt) => attempt.member === member);
    return index < 0 ? undefined : this.#attempts.splice(index, 1)[0];
  }
}
