import { ENTRY_KINDS } from "../replay/events.ts";
import { codeOf } from "../replay/chain.ts";
import type { EventOf, LedgerEvent, Place } from "../events/events.ts";
import { headAfter } from "../rules/arithmetic/journal.ts";
import {
  CONTRA,
  DONATIONS,
  OWED,
  POT,
  RESERVE,
  SURPLUS,
  awardsTo,
  committedFor,
  contributionsOf,
  dueToEarmark,
  dueToMember,
  earmarkedFor,
  voidedOf,
} from "./accounts.ts";

export type Entry = EventOf<"fund", "Entry">;
export type AwardMade = EventOf<"fund", "AwardMade">;
export type AwardVoided = EventOf<"fund", "AwardVoided">;

/** The events do not fit each other: some are missing, or altered. */
export class BrokenHistory extends Error {}

export interface Posting {
  account: string;
  /** In base units; a debit is positive. */
  amount: bigint;
  /** The account's balance after it. */
  balance: bigint;
}

/** One movement of money, or of what is remembered beside it. Its postings sum up to zero. */
export interface Movement {
  place: Place;
  title: string;
  /** Its number in the journal, if it is an entry of it. */
  entry: bigint | undefined;
  postings: Posting[];
}

/** An account by what is posted to it. */
type Posted = readonly [account: string, amount: bigint];

/** Keeps the fund's books in double entry from its events in the order of the chain. */
export class Bookkeeper {
  /** By account; every account that was ever posted to. */
  readonly balances = new Map<string, bigint>();
  readonly members = new Set<string>();
  readonly attacks = new Set<bigint>();
  entries = 0n;
  head = `0x${"00".repeat(32)}`;
  /** An entry whose parts the next event tells. */
  #waiting: Entry | undefined;
  /** What the chain last said is owed, until something else changes it. */
  #owedSaid: bigint | undefined;
  #transaction = "";

  /** The movement that an event completes; undefined if it moves nothing, or if the next one tells its parts. */
  take(event: LedgerEvent): Movement | undefined {
    if (event.by !== "fund") return undefined;
    if (event.transaction !== this.#transaction) this.finish();
    this.#transaction = event.transaction;
    switch (event.name) {
      case "Entry":
        return this.#enter(event);
      case "AwardMade":
        return this.#award(this.#waitingFor(event.args.record.sequence, event), event);
      case "AwardVoided":
        return this.#void(this.#waitingFor(undefined, event), event);
      case "ObligationsPaid": {
        const { amount, owed } = event.args;
        this.#owedSaid = owed;
        return this.#move(event, "Obligations paid", undefined, [
          [RESERVE, -amount],
          [POT, amount],
          [OWED, -amount],
          [CONTRA, amount],
        ]);
      }
      case "Committed":
      case "Released": {
        const { attackId, member } = event.args;
        const [word, amount] =
          event.name === "Committed" ? ["Commitment", event.args.amount] : ["Release", -event.args.amount];
        this.attacks.add(attackId);
        return this.#move(event, `${word} for attack ${attackId} on ${codeOf(member)}`, undefined, [
          [committedFor(attackId), amount],
          [CONTRA, -amount],
        ]);
      }
      case "TransferDeferred":
      case "TransfersStopped":
      case "TransfersResumed":
      case "BreakerArmed":
      case "GuardianSet":
      case "RoleScheduled":
      case "RoleGranted":
      case "RoleRevoked":
      case "RoleAdminChanged":
        // These move no money.
        return undefined;
    }
  }

  /** @throws if the events of the last transaction are not all there */
  finish(): void {
    this.#requireWhole();
    const owed = this.#balance(OWED);
    if (this.#owedSaid !== undefined && this.#owedSaid !== owed) {
      throw new BrokenHistory(`the fund says that ${this.#owedSaid} is owed, its events add up to ${owed}`);
    }
  }

  #requireWhole(): void {
    if (this.#waiting === undefined) return;
    const { args, block } = this.#waiting;
    throw new BrokenHistory(
      `journal entry ${args.seq} in block ${block} is not followed by the event that tells its parts`,
    );
  }

  #enter(event: Entry): Movement | undefined {
    this.#requireWhole();
    const { seq, kind, member, party, amount, ref, head } = event.args;
    if (seq !== this.entries + 1n) {
      throw new BrokenHistory(
        `journal entry ${this.entries + 1n} is missing, entry ${seq} follows in block ${event.block}; right would be all events since the fund's first block`,
      );
    }
    if (headAfter(this.head, event.args) !== head) {
      throw new BrokenHistory(`journal entry ${seq} in block ${event.block} is not what its head was made of`);
    }
    this.entries = seq;
    this.head = head;
    if (/[^0x]/.test(member)) this.members.add(member);
    const name = ENTRY_KINDS[Number(kind)];
    if (name === undefined) throw new BrokenHistory(`journal entry ${seq} is of kind ${kind}, which there is not`);
    const attackId = BigInt(ref);
    const entry = (title: string, ...posted: Posted[]) => this.#move(event, title, seq, posted);
    switch (name) {
      case "Contribution":
        return entry(`Contribution of ${codeOf(member)}`, [RESERVE, amount], [contributionsOf(member), -amount]);
      case "Donation":
        return entry(`Donation of ${party}`, [RESERVE, amount], [DONATIONS, -amount]);
      case "Surplus":
        return entry("Surplus", [RESERVE, amount], [SURPLUS, -amount]);
      case "Disbursement":
        return entry(`Disbursement to ${codeOf(member)}`, [dueToMember(member), amount], [POT, -amount]);
      case "Earmark":
        return entry(`Earmark for attack ${attackId}`, [earmarkedFor(attackId), amount], [POT, -amount]);
      case "Compensation":
        return entry(
          `Compensation for attack ${attackId}`,
          [dueToEarmark(attackId), amount],
          [earmarkedFor(attackId), -amount],
        );
      case "EarmarkReturn":
        return entry(
          `Earmark of attack ${attackId} returned to ${codeOf(member)}`,
          [dueToEarmark(attackId), amount],
          [dueToMember(member), -amount],
          [POT, amount],
          [earmarkedFor(attackId), -amount],
        );
      case "Award":
      case "Void":
        this.#waiting = event;
        return undefined;
    }
  }

  #award({ args: { seq, member } }: Entry, event: AwardMade): Movement {
    const { attackId, record, treasuryPaid, earmarkPaid } = event.args;
    const { treasuryPart, earmarkPart } = record;
    const amount = treasuryPart + earmarkPart;
    const paid = treasuryPaid + earmarkPaid;
    this.#owedSaid = undefined;
    return this.#move(event, `Award for attack ${attackId} to ${codeOf(member)}`, seq, [
      [awardsTo(member, attackId), amount],
      [dueToMember(member), -treasuryPart],
      [dueToEarmark(attackId), -earmarkPart],
      [RESERVE, -paid],
      [POT, paid],
      [OWED, amount - paid],
      [committedFor(attackId), -amount],
      [CONTRA, paid],
    ]);
  }

  #void({ args: { seq, member, amount } }: Entry, event: AwardVoided): Movement {
    const { attackId, owedOff, freed, earmarkOwedOff, earmarkFreed, sequence } = event.args;
    const off = owedOff + earmarkOwedOff;
    const owedLess = this.#balance(OWED) - this.#owedAfterVoid(off);
    // Divisions may have left money in the pot for a debt that is gone now; it is free too.
    const fromPot = freed + off - owedLess;
    this.#owedSaid = undefined;
    return this.#move(event, `Award ${sequence} for attack ${attackId} to ${codeOf(member)} voided`, seq, [
      [dueToMember(member), owedOff + freed],
      [dueToEarmark(attackId), earmarkOwedOff + earmarkFreed],
      [voidedOf(member, attackId), -amount],
      [RESERVE, fromPot + earmarkFreed],
      [POT, -fromPot],
      [earmarkedFor(attackId), -earmarkFreed],
      [OWED, -owedLess],
      [CONTRA, owedLess],
    ]);
  }

  /**
   * What is owed after an award was voided. The fund says it by `ObligationsPaid` just before, since what comes free pays
   * what else is owed; if it says nothing new, nothing is owed any more.
   */
  #owedAfterVoid(off: bigint): bigint {
    const before = this.#balance(OWED);
    if (off === 0n) return before;
    return this.#owedSaid === undefined || this.#owedSaid === before ? 0n : this.#owedSaid;
  }

  #waitingFor(seq: bigint | undefined, event: AwardMade | AwardVoided): Entry {
    const entry = this.#waiting;
    const kind = event.name === "AwardMade" ? "Award" : "Void";
    const fits = entry !== undefined && ENTRY_KINDS[Number(entry.args.kind)] === kind;
    if (!fits || (seq ?? entry.args.seq) !== entry.args.seq || entry.transaction !== event.transaction) {
      throw new BrokenHistory(`${event.name} in block ${event.block} follows no journal entry of kind ${kind}`);
    }
    this.#waiting = undefined;
    return entry;
  }

  #balance(account: string): bigint {
    return this.balances.get(account) ?? 0n;
  }

  #move({ block, index, transaction, time }: Place, title: string, entry: bigint | undefined, posted: Posted[]) {
    const sum = posted.reduce((total, [, amount]) => total + amount, 0n);
    if (sum !== 0n) throw new BrokenHistory(`${title}, in block ${block}: its parts differ by ${sum} from the whole`);
    const postings = posted
      .filter(([, amount]) => amount !== 0n)
      .map(([account, amount]): Posting => {
        const balance = this.#balance(account) + amount;
        this.balances.set(account, balance);
        return { account, amount, balance };
      });
    return { place: { block, index, transaction, time }, title, entry, postings };
  }
}
