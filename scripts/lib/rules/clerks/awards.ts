import { roleId } from "../../deployment/contracts.ts";
import type { EventOf } from "../../events/events.ts";
import { EntryKind } from "../arithmetic/journal.ts";
import { DAY, atLeastZero, least } from "../arithmetic/numbers.ts";
import type { Rulebook } from "../rulebook.ts";
import type { Obligation } from "./fund.ts";

const VOID_WINDOW = 28n * DAY;
const REGISTER_ROLE = roleId("REGISTER_ROLE");

/** An award as it was divided, in units. */
interface Division {
  treasuryPart: bigint;
  treasuryBefore: bigint;
  treasuryPaid: bigint;
  earmarkPart: bigint;
  earmarkBefore: bigint;
  earmarkPaid: bigint;
}

export interface AwardRecord extends Omit<Division, "treasuryPaid" | "earmarkPaid"> {
  sequence: bigint;
  module: string;
  madeAt: bigint;
  attackId: bigint;
}

/** Every award as it was made, and which of them may be voided. */
export class AwardsClerk {
  /** By the number of the journal entry. One that was voided is gone. */
  readonly records = new Map<bigint, AwardRecord>();
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  made(attackId: bigint, { treasuryPaid, earmarkPaid, ...parts }: Division): void {
    const { desk, fund, setting } = this.book;
    const sequence = fund.journal.sequence + 1n;
    const record = { sequence, module: setting.addresses.register, madeAt: desk.now, attackId, ...parts };
    this.records.set(sequence, record);
    desk.demand("fund", "AwardMade", { attackId, record, treasuryPaid, earmarkPaid });
  }

  /** What of an award nobody has been transferred yet: awards count as transferred in the order they were made. */
  voidable({ attackId, ...record }: AwardRecord): { treasuryPart: bigint; earmarkPart: bigint } {
    const { fund } = this.book;
    const { member, obligation, earmark } = fund.attack(attackId);
    return {
      treasuryPart: this.#notTransferred(fund.treasury(member), 0n, record.treasuryPart, record.treasuryBefore),
      earmarkPart: this.#notTransferred(obligation, earmark, record.earmarkPart, record.earmarkBefore),
    };
  }

  /** The council takes back what was not transferred: first what is still owed, then what lies ready. */
  voided(args: EventOf<"fund", "AwardVoided">["args"]): void {
    const { desk, fund, roles } = this.book;
    const rule = "fund.AwardVoided";
    this.book.decree("fund", "AwardVoided");
    const record = this.records.get(args.sequence);
    desk.law(rule, record !== undefined, `award ${args.sequence} was voided though it was never made, or twice`);
    if (record === undefined) return;
    const revokedAt = roles.revokedAt(REGISTER_ROLE, record.module);
    const inTime = revokedAt !== undefined && record.madeAt <= revokedAt && record.madeAt + VOID_WINDOW >= revokedAt;
    desk.law(rule, inTime, `award ${args.sequence} was voided though its module was not revoked within 28 days of it`);
    const { treasuryPart, earmarkPart } = this.voidable(record);
    desk.law(
      rule,
      treasuryPart + earmarkPart > 0n,
      `award ${args.sequence} was voided though all of it was transferred`,
    );
    this.records.delete(args.sequence);
    const attack = fund.attack(record.attackId);
    const treasury = this.#takeBack(fund.treasury(attack.member), treasuryPart);
    fund.pot -= treasury.freed;
    const earmark = this.#takeBack(attack.obligation, earmarkPart);
    const fromPot = least(earmark.freed, earmark.spare + earmark.ready);
    fund.pot -= fromPot;
    attack.earmark -= earmark.freed - fromPot;
    fund.earmarked -= earmark.freed - fromPot;
    const { owed: owedOff, freed } = treasury;
    desk.same(rule, { owedOff, freed, earmarkOwedOff: earmark.owed, earmarkFreed: earmark.freed }, args);
    const ref = "0x" + record.attackId.toString(16).padStart(64, "0");
    fund.demandEntry(EntryKind.Void, attack.member, record.module, treasuryPart + earmarkPart, ref);
    fund.arrive(treasury.freed + earmark.freed);
  }

  #notTransferred(obligation: Obligation, earmark: bigint, part: bigint, before: bigint): bigint {
    const { owed, ready } = this.book.fund.balanceOf(obligation);
    const gone = obligation.assigned - owed - ready - earmark;
    return least(part, atLeastZero(before + part - gone));
  }

  /** Takes `amount` off what is owed, and for the rest off what lies ready. */
  #takeBack(obligation: Obligation, amount: bigint): { owed: bigint; freed: bigint; spare: bigint; ready: bigint } {
    const { fund } = this.book;
    fund.settle(obligation);
    const { taken, spare } = fund.pool.reduce(obligation.creditor, amount);
    const rest = amount - taken;
    const ready = least(rest, obligation.ready);
    obligation.ready -= ready;
    return { owed: taken - spare, freed: rest + spare, spare, ready };
  }
}
