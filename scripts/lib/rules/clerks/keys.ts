import { ZeroAddress } from "ethers";

import type { EventOf } from "../../events/events.ts";
import { DAY, YEAR } from "../arithmetic/numbers.ts";
import type { Rulebook } from "../rulebook.ts";
import type { Member } from "./member.ts";

const ROTATION_DELAY = 3n * DAY;
const RECOVERY_DELAY = 30n * DAY;

type KeyEvent = EventOf<
  "registry",
  "KeysProposed" | "KeysAccepted" | "KeysStopped" | "KeysChanged" | "RecoveryDecided"
>;

/** New accounts on their way; zero stands for one that stays. */
export interface KeyChange {
  treasury: string;
  delegate: string;
  readyAt: bigint;
  recovery: boolean;
  unstoppable: boolean;
  accepted: boolean;
}

/** The accounts of members, and how they change. */
export class KeysClerk {
  readonly changes = new Map<string, KeyChange>();
  readonly #accounts = new Map<string, Member>();
  readonly #recoveredAt = new Map<string, bigint>();
  /** Accounts that have stopped a recovery though they were being replaced, by member. */
  readonly #stopsUsed = new Set<string>();
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  apply(event: KeyEvent): void {
    const member = this.book.registry.member(event.args.code);
    switch (event.name) {
      case "KeysProposed": {
        this.#propose(member, event.args);
        return;
      }
      case "RecoveryDecided": {
        this.#recover(member, event.args);
        return;
      }
      case "KeysAccepted": {
        this.#accept(member, event.args.treasury);
        return;
      }
      case "KeysStopped": {
        this.#stop(member, event.args.by);
        return;
      }
      case "KeysChanged": {
        this.#change(member, event.args);
        return;
      }
    }
  }

  /** The account serves this member from now on, and its old ones no longer. */
  assign(member: Member, treasury: string, delegate: string): void {
    for (const old of [member.treasury, member.delegate]) {
      if (this.#accounts.get(old) === member) this.#accounts.delete(old);
    }
    member.treasury = treasury;
    member.delegate = delegate;
    for (const account of [treasury, delegate]) {
      const other = this.#accounts.get(account);
      const rule = "registry.KeysChanged";
      this.book.desk.law(rule, other === undefined, `${account} came to serve ${member.code} beside ${other?.code}`);
      this.#accounts.set(account, member);
    }
  }

  memberOf(account: string): Member | undefined {
    return this.#accounts.get(account);
  }

  delegateOf(account: string): Member | undefined {
    const member = this.#accounts.get(account);
    return member?.delegate === account ? member : undefined;
  }

  /** Where money goes to now; zero while the council recovers the member's keys. */
  payee(code: string): string {
    if (this.changes.get(code)?.recovery === true) return ZeroAddress;
    return this.book.registry.members.get(code)?.treasury ?? ZeroAddress;
  }

  #propose(member: Member, args: EventOf<"registry", "KeysProposed">["args"]): void {
    const { desk } = this.book;
    const rule = "registry.KeysProposed";
    const readyAt = desk.now + ROTATION_DELAY;
    desk.same(rule, { readyAt }, args);
    const pending = this.changes.get(member.code)?.recovery === true;
    desk.law(rule, !pending, `${member.code} proposed keys while the council recovers its keys`);
    this.#lawful(rule, member, args);
    const { treasury, delegate } = args;
    const accepted = false;
    this.changes.set(member.code, { treasury, delegate, readyAt, recovery: false, unstoppable: false, accepted });
  }

  #recover(member: Member, args: EventOf<"registry", "RecoveryDecided">["args"]): void {
    const { desk } = this.book;
    const rule = "registry.RecoveryDecided";
    this.book.decree("registry", "RecoveryDecided");
    const before = this.#recoveredAt.get(member.code);
    const readyAt = desk.now + RECOVERY_DELAY;
    const present = this.changes.get(member.code);
    // One that takes the place of another under way is no second decision: nobody has stopped the first.
    const second = before !== undefined && desk.now <= before + YEAR;
    const unstoppable = present?.recovery === true ? present.unstoppable : second;
    desk.same(rule, { readyAt, unstoppable }, args);
    this.#lawful(rule, member, args);
    const { treasury, delegate } = args;
    this.changes.set(member.code, { treasury, delegate, readyAt, recovery: true, unstoppable, accepted: false });
    this.#recoveredAt.set(member.code, desk.now);
  }

  #accept(member: Member, treasury: string): void {
    const change = this.changes.get(member.code);
    const named = change !== undefined && !change.recovery && change.treasury === treasury;
    this.book.desk.law(
      "registry.KeysAccepted",
      named,
      `${treasury} accepted keys of ${member.code} it was not offered`,
    );
    if (change !== undefined) change.accepted = true;
  }

  /** Stopped by an account that may, or lapsed because a new account serves somebody by now. */
  #stop(member: Member, by: string): void {
    const { desk } = this.book;
    const rule = "registry.KeysStopped";
    const change = this.changes.get(member.code);
    desk.law(rule, change !== undefined, `a change of keys of ${member.code} was stopped that was not under way`);
    if (change === undefined) return;
    this.changes.delete(member.code);
    if (this.#lapsed(member, change)) return;
    desk.law(rule, by === member.treasury || by === member.delegate, `${by} stopped keys of ${member.code}`);
    if (!change.recovery) return;
    desk.law(rule, !change.unstoppable, `a recovery of ${member.code} was stopped that nobody can stop`);
    const replaced = by === member.treasury ? change.treasury !== ZeroAddress : change.delegate !== ZeroAddress;
    if (!replaced) return;
    const stop = `${member.code}/${by}`;
    desk.law(rule, !this.#stopsUsed.has(stop), `${by} stopped its own replacement a second time`);
    this.#stopsUsed.add(stop);
  }

  #change(member: Member, args: EventOf<"registry", "KeysChanged">["args"]): void {
    const { desk } = this.book;
    const rule = "registry.KeysChanged";
    const change = this.changes.get(member.code);
    desk.law(rule, change !== undefined, `keys of ${member.code} changed though no change was under way`);
    if (change === undefined) {
      this.assign(member, args.treasury, args.delegate);
      return;
    }
    desk.law(rule, desk.now >= change.readyAt, `keys of ${member.code} changed before they were ready`);
    const consent = change.recovery || change.treasury === ZeroAddress || change.accepted;
    desk.law(rule, consent, `keys of ${member.code} changed without the new treasury's consent`);
    const treasury = change.treasury === ZeroAddress ? member.treasury : change.treasury;
    const delegate = change.delegate === ZeroAddress ? member.delegate : change.delegate;
    desk.same(rule, { treasury, delegate }, args);
    this.changes.delete(member.code);
    this.assign(member, treasury, delegate);
  }

  #lapsed(member: Member, { treasury, delegate, readyAt }: KeyChange): boolean {
    if (this.book.desk.now < readyAt) return false;
    const taken = [treasury, delegate].map((account) => this.#accounts.get(account));
    return taken.some((other) => other !== undefined && other !== member);
  }

  #lawful(rule: string, member: Member, { treasury, delegate }: { treasury: string; delegate: string }): void {
    for (const account of [treasury, delegate]) {
      const other = account === ZeroAddress ? undefined : this.#accounts.get(account);
      const free = other === undefined;
      this.book.desk.law(rule, free, `${account} is to serve ${member.code} though it serves ${other?.code ?? ""}`);
    }
  }
}
