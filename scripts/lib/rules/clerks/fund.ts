import { AbiCoder, ZeroAddress, ZeroHash, id, keccak256, toBeHex } from "ethers";

import { roleId } from "../../deployment/contracts.ts";
import type { EventOf } from "../../events/events.ts";
import { EntryKind, Journal } from "../arithmetic/journal.ts";
import type { Entry } from "../arithmetic/journal.ts";
import { PPM, atLeastZero, sum } from "../arithmetic/numbers.ts";
import { Creditor, Pool } from "../arithmetic/pro-rata.ts";
import type { Rulebook } from "../rulebook.ts";
import type { Told } from "../told.ts";
import { AwardsClerk } from "./awards.ts";
import { BreakerClerk } from "./breaker.ts";

const REGISTER_ROLE = roleId("REGISTER_ROLE");
const DISTRIBUTOR_ROLE = roleId("DISTRIBUTOR_ROLE");
const LEDGER_ROLE = roleId("LEDGER_ROLE");

/** Whom the fund owes: a member's treasury, or an attack's earmark. */
export class Obligation {
  readonly creditor = new Creditor();
  /** What lies in the pot for it. */
  ready = 0n;
  /** All that it was ever assigned. */
  assigned = 0n;
}

/** The money of one attack. */
export interface AttackMoney {
  member: string;
  share: bigint;
  commitment: bigint;
  earmark: bigint;
  obligation: Obligation;
}

/** A payment to a treasury that was tried, and of which the outcome has not been told. */
interface Attempt {
  member: string;
  amount: bigint;
  ref: string;
}

/** What an authorization to contribute binds: the upper 192 bits of its nonce, of which the rest is the payer's. */
const PURPOSE = id("CrisisInsuranceFund.contribution");

function binds(ref: string, member: string): boolean {
  if (ref === ZeroHash) return true;
  const bound = keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes3"], [PURPOSE, member]));
  // The hash is shifted to the left by the 64 bits of the payer's serial.
  return ref.slice(2, 50) === bound.slice(18);
}

/** An attack's number as the journal refers to it. */
export const attackRef = (attackId: bigint): string => toBeHex(attackId, 32);

/** The money: what is free, assigned, earmarked, committed and owed, and the journal. */
export class FundClerk {
  reserve = 0n;
  pot = 0n;
  earmarked = 0n;
  committed = 0n;
  readonly journal = new Journal();
  readonly totals = new Map<bigint, bigint>();
  readonly attacks = new Map<bigint, AttackMoney>();
  readonly treasuries = new Map<string, Obligation>();
  readonly pool = new Pool();
  readonly awards: AwardsClerk;
  readonly breaker: BreakerClerk;
  #attempts: Attempt[] = [];
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
    this.awards = new AwardsClerk(book);
    this.breaker = new BreakerClerk(book);
  }

  apply(event: Told<"fund">): void {
    const { desk } = this.book;
    switch (event.name) {
      case "Entry": {
        this.#enter(event);
        return;
      }
      case "Released":
        if (!desk.demands("fund", "Released")) this.#releaseOrphan(event.args.attackId);
        {
          desk.tell(event);
          return;
        }
      case "TransferDeferred": {
        this.#deferred(event.args);
        return;
      }
      case "AwardVoided": {
        this.awards.voided(event.args);
        return;
      }
      case "Committed":
      case "AwardMade":
      case "ObligationsPaid":
      case "RoleScheduled": {
        desk.tell(event);
        return;
      }
      case "GuardianSet":
      case "BreakerArmed":
      case "TransfersStopped":
      case "TransfersResumed": {
        this.breaker.apply(event);
        return;
      }
    }
  }

  get owed(): bigint {
    return this.pool.outstanding;
  }

  treasury(member: string): Obligation {
    let obligation = this.treasuries.get(member);
    if (obligation === undefined) {
      obligation = new Obligation();
      this.treasuries.set(member, obligation);
    }
    return obligation;
  }

  /** What somebody is still owed, and what lies ready. */
  balanceOf({ creditor, ready }: Obligation): { owed: bigint; ready: bigint } {
    const { owed, received } = this.pool.balanceOf(creditor);
    return { owed, ready: ready + received };
  }

  attack(attackId: bigint): AttackMoney {
    const known = this.attacks.get(attackId);
    if (known !== undefined) return known;
    this.book.desk.find("fund", `money moved for attack ${attackId}, to which nothing was committed`);
    const made = { member: "0x000000", share: 0n, commitment: 0n, earmark: 0n, obligation: new Obligation() };
    this.attacks.set(attackId, made);
    return made;
  }

  // What other clerks bring about

  commit(attackId: bigint, member: string, share: bigint, amount: bigint): void {
    const { desk } = this.book;
    this.mustWork("fund.Committed", REGISTER_ROLE, this.book.setting.addresses.register);
    this.attacks.set(attackId, { member, share, commitment: amount, earmark: 0n, obligation: new Obligation() });
    this.committed += amount;
    desk.demand("fund", "Committed", { attackId, member, amount, compensationShare: share });
  }

  release(attackId: bigint): bigint {
    const attack = this.attack(attackId);
    const amount = attack.commitment;
    attack.commitment = 0n;
    this.committed -= amount;
    this.book.desk.demand("fund", "Released", { attackId, member: attack.member, amount });
    this.arrive(0n);
    return amount;
  }

  /** paid = amount × min(1, reserve / committed), rounded down; the rest is owed. */
  award(attackId: bigint, amount: bigint): void {
    const { register } = this.book.setting.addresses;
    this.mustWork("fund.AwardMade", REGISTER_ROLE, register);
    const attack = this.attack(attackId);
    const paid = this.reserve >= this.committed ? amount : (amount * this.reserve) / this.committed;
    this.committed -= amount;
    attack.commitment -= amount;
    this.reserve -= paid;
    this.pot += paid;
    const earmarkPart = (amount * attack.share) / PPM;
    const earmarkPaid = (paid * earmarkPart) / amount;
    const treasury = this.treasury(attack.member);
    this.demandEntry(EntryKind.Award, attack.member, register, amount, attackRef(attackId));
    this.awards.made(attackId, {
      treasuryPart: amount - earmarkPart,
      treasuryBefore: treasury.assigned,
      treasuryPaid: paid - earmarkPaid,
      earmarkPart,
      earmarkBefore: attack.obligation.assigned,
      earmarkPaid,
    });
    this.#assign(attack.obligation, earmarkPart, earmarkPaid);
    this.#assign(treasury, amount - earmarkPart, paid - earmarkPaid);
    if (earmarkPaid > 0n) this.#mustBeMoved(attackId);
    this.arrive(0n);
    if (paid > earmarkPaid) this.attempt(attack.member, attackRef(attackId));
  }

  compensate(attackId: bigint, to: string, amount: bigint): void {
    this.mustWork("fund.Entry", DISTRIBUTOR_ROLE, this.book.setting.addresses.distributor);
    this.breaker.mustFlow("fund.Entry");
    const attack = this.attack(attackId);
    this.#takeEarmark(attackId, amount);
    this.demandEntry(EntryKind.Compensation, attack.member, to, amount, attackRef(attackId));
  }

  returnEarmark(attackId: bigint, amount: bigint): void {
    this.mustWork("fund.Entry", DISTRIBUTOR_ROLE, this.book.setting.addresses.distributor);
    const { member } = this.attack(attackId);
    this.#takeEarmark(attackId, amount);
    this.demandEntry(EntryKind.EarmarkReturn, member, ZeroAddress, amount, attackRef(attackId));
    const treasury = this.treasury(member);
    treasury.ready += amount;
    treasury.assigned += amount;
    this.pot += amount;
    this.attempt(member, attackRef(attackId));
  }

  /** Money is free: what is owed comes first, also from what exceeds the commitments. */
  arrive(amount: bigint): void {
    const used = this.pool.distribute(amount + atLeastZero(this.reserve - this.committed));
    this.reserve += amount - used;
    this.pot += used;
    if (used > 0n) this.book.desk.demand("fund", "ObligationsPaid", { amount: used, owed: this.owed });
  }

  demandEntry(kind: bigint, member: string, party: string, amount: bigint, ref: string): void {
    this.book.desk.demand("fund", "Entry", { kind, member, party, amount, ref });
  }

  /** Brings an obligation up to date. */
  settle(obligation: Obligation): void {
    obligation.ready += this.pool.settle(obligation.creditor);
  }

  /** One attempt to transfer to the member's treasury all that lies ready. */
  attempt(member: string, ref: string): void {
    const treasury = this.treasury(member);
    this.settle(treasury);
    this.#attempts.push({ member, amount: treasury.ready, ref });
    this.book.desk.atEnd(() => {
      for (const { member: code, amount } of this.#attempts) {
        this.book.desk.find("fund.Entry", `${code} was neither paid nor told to wait`, amount);
      }
      this.#attempts = [];
    });
  }

  mustWork(rule: string, role: string, account: string): void {
    const works = this.book.roles.works(role, account);
    this.book.desk.law(rule, works, `${account} acted though it has no role of the fund that works`);
  }

  // What the journal tells

  #enter(event: EventOf<"fund", "Entry">): void {
    const { desk } = this.book;
    const entry = event.args;
    const { kind, member, amount, party, ref } = entry;
    for (const { what, expected, found } of this.journal.take(entry, desk.now)) {
      desk.find("journal", `entry ${entry.seq} does not continue the journal: ${what} differs`, expected, found);
    }
    this.totals.set(kind, (this.totals.get(kind) ?? 0n) + amount);
    switch (kind) {
      case EntryKind.Contribution:
        this.mustWork("fund.Entry", LEDGER_ROLE, this.book.setting.addresses.ledger);
        this.book.ledger.pay(member, amount);
        desk.law("fund.Entry", binds(ref, member), `a contribution refers to what is no authorization for ${member}`);
        {
          this.arrive(amount);
          return;
        }
      case EntryKind.Donation:
        desk.same("fund.Entry", { member: "0x000000" }, entry);
        {
          this.arrive(amount);
          return;
        }
      case EntryKind.Surplus:
        desk.same("fund.Entry", { member: "0x000000", party: ZeroAddress, ref: ZeroHash }, entry);
        {
          this.arrive(amount);
          return;
        }
      case EntryKind.Disbursement: {
        this.#disburse(entry);
        return;
      }
      case EntryKind.Earmark:
        desk.same("fund.Entry", { party: ZeroAddress }, { party });
        {
          this.#earmark(BigInt(ref), entry);
          return;
        }
      default: {
        desk.tell(event);
        return;
      }
    }
  }

  /** All that lies ready goes to the treasury of the day, after an award or because anyone asked for it. */
  #disburse(entry: Entry): void {
    const { desk, registry } = this.book;
    const { member } = entry;
    const attempt = this.#takeAttempt(member);
    const treasury = this.treasury(member);
    this.settle(treasury);
    const amount = treasury.ready;
    desk.same("fund.Entry", { amount, party: registry.keys.payee(member), ref: attempt?.ref ?? ZeroHash }, entry);
    desk.law("fund.Entry", amount > 0n, `${member} was paid though nothing lay ready for it`);
    this.breaker.mustFlow("fund.Entry");
    treasury.ready = 0n;
    this.pot -= amount;
  }

  #deferred(args: EventOf<"fund", "TransferDeferred">["args"]): void {
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

  /** All that lies ready for an earmark moves into it. */
  #earmark(attackId: bigint, entry: Entry): void {
    const attack = this.attack(attackId);
    this.settle(attack.obligation);
    const amount = attack.obligation.ready;
    this.book.desk.same("fund.Entry", { member: attack.member, amount }, entry);
    attack.obligation.ready = 0n;
    attack.earmark += amount;
    this.earmarked += amount;
    this.pot -= amount;
  }

  #takeAttempt(member: string): Attempt | undefined {
    const index = this.#attempts.findIndex((attempt) => attempt.member === member);
    return index < 0 ? undefined : this.#attempts.splice(index, 1)[0];
  }

  #assign(obligation: Obligation, part: bigint, paid: bigint): void {
    this.settle(obligation);
    obligation.assigned += part;
    obligation.ready += paid;
    if (part > paid) this.pool.add(obligation.creditor, part - paid);
  }

  #takeEarmark(attackId: bigint, amount: bigint): void {
    const attack = this.attack(attackId);
    attack.earmark -= amount;
    this.earmarked -= amount;
    // The entry that moves what lay ready into the earmark may follow.
    this.book.desk.atEnd(() => {
      const holds = attack.earmark >= 0n;
      this.book.desk.law("fund.Entry", holds, `more was taken from the earmark of attack ${attackId} than it holds`);
    });
  }

  #mustBeMoved(attackId: bigint): void {
    const { obligation } = this.attack(attackId);
    this.book.desk.atEnd(() => {
      const moved = this.balanceOf(obligation).ready === 0n;
      this.book.desk.law(
        "fund.Entry",
        moved,
        `what was paid for the earmark of attack ${attackId} was not moved into it`,
      );
    });
  }

  /** The council frees the commitment of a module that has lost its role. */
  #releaseOrphan(attackId: bigint): void {
    const { desk, roles, setting } = this.book;
    this.book.decree("fund", "Released");
    const lost = !roles.holders("fund", REGISTER_ROLE).includes(setting.addresses.register);
    desk.law("fund.Released", lost, `the commitment to attack ${attackId} was released though its module has its role`);
    this.release(attackId);
  }

  /** Invariant 2: what came in, less what went out. */
  get held(): bigint {
    const of = (...kinds: bigint[]) => sum(kinds.map((kind) => this.totals.get(kind) ?? 0n));
    const { Contribution, Donation, Surplus, Disbursement, Compensation } = EntryKind;
    return of(Contribution, Donation, Surplus) - of(Disbursement, Compensation);
  }
}
