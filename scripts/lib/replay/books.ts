import { ethers as ethersLib } from "ethers";

import { headAfter } from "../rules/arithmetic/journal.ts";
import { ENTRY_KINDS } from "./events.ts";
import type { Entry, LedgerEvent } from "./events.ts";
import { PPM } from "./weights.ts";

/** Sums by key; what was never added to is zero. */
export class Sums {
  readonly #sums = new Map<string, bigint>();

  add(key: string, amount: bigint): void {
    this.#sums.set(key, this.of(key) + amount);
  }

  of(key: string): bigint {
    return this.#sums.get(key) ?? 0n;
  }

  keys(): string[] {
    return [...this.#sums.keys()];
  }
}

interface Step {
  from: bigint;
  value: bigint;
}

/** What the events alone say about all money. Amounts in base units; members by `bytes3`, attacks by number. */
export class Books {
  head = ethersLib.ZeroHash;
  entries = 0n;
  /** What the chain of entries itself shows to be missing or altered. */
  readonly faults: string[] = [];
  reserve = 0n;
  pot = 0n;
  earmarked = 0n;
  committed = 0n;
  owed = 0n;
  /** By kind of entry. */
  readonly totals = new Sums();
  /** By member: contributions to the fund less the credit that it gave up when it left. */
  readonly booked = new Sums();
  readonly disbursed = new Sums();
  /** By member: made payable to its treasury and not transferred yet, owed or collectable. */
  readonly due = new Sums();
  /** By attack; the earmark is what it holds, the rest sums since its beginning. */
  readonly awarded = new Sums();
  readonly commitment = new Sums();
  readonly earmark = new Sums();
  readonly compensated = new Sums();
  readonly returned = new Sums();
  readonly bought = new Sums();
  /** By campaign: kept for it, and paid of that. */
  readonly campaigns = new Sums();
  readonly claimed = new Sums();
  /** By treasury: tokens that came from another account than the fund, and what the market says it was paid. */
  readonly tokensBetween = new Sums();
  readonly sold = new Sums();
  /** By account: tokens that went from it to the fund, and what the journal says it paid; and the other way. */
  readonly tokensIn = new Sums();
  readonly tokensOut = new Sums();
  readonly paidBy = new Sums();
  readonly paidTo = new Sums();
  readonly ballots = new Sums();
  seats = 0n;
  readonly #budgets: Step[] = [];
  readonly #weights = new Map<string, Step[]>();

  /** What a member was assessed for all periods up to `period`: Σ budget × weight, exact, rounded up once. */
  through(code: string, period: bigint): bigint {
    let millionths = 0n;
    for (let p = 0n; p <= period; ++p)
      millionths += valueAt(this.#budgets, p) * valueAt(this.#weights.get(code) ?? [], p);
    return (millionths + PPM - 1n) / PPM;
  }

  members(): string[] {
    return [...this.#weights.keys()];
  }

  take(event: LedgerEvent, fund: string): void {
    switch (event.name) {
      case "Entry": {
        this.#enter(event);
        return;
      }
      case "Committed":
        this.committed += event.amount;
        {
          this.commitment.add(String(event.attackId), event.amount);
          return;
        }
      case "Released":
        this.committed -= event.amount;
        {
          this.commitment.add(String(event.attackId), -event.amount);
          return;
        }
      case "AwardMade": {
        const paid = event.treasuryPaid + event.earmarkPaid;
        const amount = event.treasuryPart + event.earmarkPart;
        this.reserve -= paid;
        this.pot += paid;
        this.owed += amount - paid;
        this.committed -= amount;
        this.commitment.add(String(event.attackId), -amount);
        this.awarded.add(String(event.attackId), amount);
        return;
      }
      case "ObligationsPaid":
        this.reserve -= event.amount;
        this.pot += event.amount;
        this.owed -= event.amount;
        if (this.owed !== event.owed)
          this.faults.push(`after a payment of obligations ${event.owed} is owed, not ${this.owed}`);
        return;
      case "Transfer":
        if (event.to === fund) this.tokensIn.add(event.from, event.amount);
        if (event.from === fund) this.tokensOut.add(event.to, event.amount);
        if (event.from !== ethersLib.ZeroAddress && event.from !== fund && event.to !== fund) {
          this.tokensBetween.add(event.to, event.amount);
        }
        return;
      case "Settled":
        this.bought.add(String(event.attackId), event.paid);
        this.sold.add(event.treasury, event.paid);
        return;
      case "CampaignOpened": {
        this.campaigns.add(String(event.campaignId), event.total);
        return;
      }
      case "Claimed": {
        this.claimed.add(String(event.campaignId), event.amount);
        return;
      }
      case "CreditForfeited": {
        this.booked.add(event.code, -event.amount);
        return;
      }
      case "BudgetSet": {
        setStep(this.#budgets, event.fromPeriod, event.amount);
        return;
      }
      case "ScaleSet":
      case "Exited": {
        const steps = this.#weights.get(event.code) ?? [];
        setStep(steps, event.fromPeriod, event.name === "ScaleSet" ? event.weight : 0n);
        this.#weights.set(event.code, steps);
        return;
      }
      case "ElectorateChanged":
        this.seats = event.seats;
        return;
      case "VoteCast": {
        this.ballots.add(`${event.proposalId}/${event.support}`, 1n);
        return;
      }
      case "CallIssued":
      case "Charged":
      case "Admitted":
      case "Suspended":
      case "Reinstated":
      case "Expelled":
      case "Left":
      case "VoteSuspended":
      case "VoteRestored":
      case "Proposed":
      case "Decided":
      case "Executed":
      case "ExposureSet":
      case "ThreatNotified":
      case "Filed":
      case "MeasureAdded":
      case "Recognised":
      case "RoundSettled":
      case "Ended":
      case "Closed":
      case "LotOffered":
      case "Pledged":
      case "UnclaimedReturned":
      case "UnassignedReturned":
      case "MeasureAdopted":
      case "ImplementationFiled":
        // These move no money.
        return;
    }
  }

  #enter(entry: Entry): void {
    this.entries += 1n;
    if (entry.seq !== this.entries) {
      this.faults.push(`journal entry ${this.entries} is missing; entry ${entry.seq} follows`);
      this.entries = entry.seq;
    }
    this.head = headAfter(this.head, entry);
    if (this.head !== entry.head) this.faults.push(`journal entry ${entry.seq} is not what its head was made of`);
    const kind = ENTRY_KINDS[Number(entry.kind)];
    const { amount, member, party } = entry;
    this.totals.add(kind ?? "unknown", amount);
    switch (kind) {
      case "Contribution":
        this.booked.add(member, amount);
        this.paidBy.add(party, amount);
        this.reserve += amount;
        return;
      case "Donation":
        this.paidBy.add(party, amount);
        this.reserve += amount;
        return;
      case "Surplus":
        this.reserve += amount;
        return;
      case "Award": {
        // How it was divided and paid is told by AwardMade; the earmark's part leaves here again when it is filled.
        this.due.add(member, amount);
        return;
      }
      case "Disbursement":
        this.pot -= amount;
        this.disbursed.add(member, amount);
        this.due.add(member, -amount);
        {
          this.paidTo.add(party, amount);
          return;
        }
      case "Earmark":
        this.pot -= amount;
        this.earmarked += amount;
        this.due.add(member, -amount);
        {
          this.earmark.add(String(BigInt(entry.ref)), amount);
          return;
        }
      case "Compensation":
        this.earmarked -= amount;
        this.earmark.add(String(BigInt(entry.ref)), -amount);
        this.compensated.add(String(BigInt(entry.ref)), amount);
        {
          this.paidTo.add(party, amount);
          return;
        }
      case "EarmarkReturn":
        this.earmarked -= amount;
        this.pot += amount;
        this.due.add(member, amount);
        this.earmark.add(String(BigInt(entry.ref)), -amount);
        {
          this.returned.add(String(BigInt(entry.ref)), amount);
          return;
        }
      case "Void":
        this.faults.push(`journal entry ${entry.seq} voids an award; its parts cannot be told from events`);
        return;
      case undefined:
        this.faults.push(`journal entry ${entry.seq} is of an unknown kind`);
    }
  }
}

/** Rebuilds all books from events in their order. */
export function rebuild(events: readonly LedgerEvent[], fund: string): Books {
  const books = new Books();
  for (const event of events) books.take(event, fund);
  return books;
}

/** The books after every block. They are one object, which the next step changes. */
export function* statesOf(events: readonly LedgerEvent[], fund: string): Generator<{ time: number; books: Books }> {
  const books = new Books();
  for (const [i, event] of events.entries()) {
    books.take(event, fund);
    if (events[i + 1]?.block !== event.block) yield { time: event.time, books };
  }
}

/** A new step replaces those of its period and later. */
function setStep(steps: Step[], from: bigint, value: bigint): void {
  while ((steps.at(-1)?.from ?? -1n) >= from) steps.pop();
  steps.push({ from, value });
}

function valueAt(steps: readonly Step[], period: bigint): bigint {
  return steps.findLast(({ from }) => from <= period)?.value ?? 0n;
}
