import { AbiCoder, ZeroAddress, ZeroHash, id, keccak256, toBeHex } from "ethers";

import { roleId } from "../../deployment/contracts.ts";
import type { EventOf } from "../../events/events.ts";
import { EntryKind, Journal } from "../arithmetic/journal.ts";
import { PPM, atLeastZero } from "../arithmetic/numbers.ts";
import { Creditor, Pool } from "../arithmetic/pro-rata.ts";
import type { Rulebook } from "../rulebook.ts";
import type { Told } from "../told.ts";
import { AwardsClerk } from "./awards.ts";
import { BreakerClerk } from "./breaker.ts";
import { EarmarksClerk } from "./earmarks.ts";
import { PayoutsClerk } from "./payouts.ts";

const REGISTER_ROLE = roleId("REGISTER_ROLE");
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
  readonly attacks = new Map<bigint, AttackMoney>();
  readonly treasuries = new Map<string, Obligation>();
  readonly pool = new Pool();
  readonly awards: AwardsClerk;
  readonly breaker: BreakerClerk;
  readonly earmarks: EarmarksClerk;
  readonly payouts: PayoutsClerk;
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
    this.awards = new AwardsClerk(book);
    this.breaker = new BreakerClerk(book);
    this.earmarks = new EarmarksClerk(book);
    this.payouts = new PayoutsClerk(book);
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
        this.payouts.deferred(event.args);
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
      earmarkBefore: earmarkPart > 0n ? attack.obligation.assigned : 0n,
      earmarkPaid,
    });
    this.#assign(attack.obligation, earmarkPart, earmarkPaid);
    this.#assign(treasury, amount - earmarkPart, paid - earmarkPaid);
    if (earmarkPaid > 0n) this.earmarks.mustBeMoved(attackId);
    this.arrive(0n);
    if (paid > earmarkPaid) this.payouts.attempt(attack.member, attackRef(attackId));
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
        this.payouts.disbursed(entry);
        return;
      }
      case EntryKind.Earmark:
        desk.same("fund.Entry", { party: ZeroAddress }, { party });
        {
          this.earmarks.moved(BigInt(ref), entry);
          return;
        }
      default: {
        desk.tell(event);
        return;
      }
    }
  }

  #assign(obligation: Obligation, part: bigint, paid: bigint): void {
    this.settle(obligation);
    obligation.assigned += part;
    obligation.ready += paid;
    if (part > paid) this.pool.add(obligation.creditor, part - paid);
  }

  /** The council frees the commitment of a module that has lost its role. */
  #releaseOrphan(attackId: bigint): void {
    const { desk, roles, setting } = this.book;
    this.book.decree("fund", "Released");
    const lost = !roles.holds("fund", REGISTER_ROLE, setting.addresses.register);
    desk.law("fund.Released", lost, `the commitment to attack ${attackId} was released though its module has its role`);
    this.release(attackId);
  }
}
