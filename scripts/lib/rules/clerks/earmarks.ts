import { ZeroAddress } from "ethers";

import { roleId } from "../../deployment/contracts.ts";
import { EntryKind } from "../arithmetic/journal.ts";
import type { Entry } from "../arithmetic/journal.ts";
import type { Rulebook } from "../rulebook.ts";
import { attackRef } from "./fund.ts";

const DISTRIBUTOR_ROLE = roleId("DISTRIBUTOR_ROLE");

/** The parts of awards that are kept for industries and workers. */
export class EarmarksClerk {
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  compensate(attackId: bigint, to: string, amount: bigint): void {
    const { fund, setting } = this.book;
    fund.mustWork("fund.Entry", DISTRIBUTOR_ROLE, setting.addresses.distributor);
    fund.breaker.mustFlow("fund.Entry");
    const attack = fund.attack(attackId);
    this.#takeEarmark(attackId, amount);
    fund.demandEntry(EntryKind.Compensation, attack.member, to, amount, attackRef(attackId));
  }

  returnEarmark(attackId: bigint, amount: bigint): void {
    const { fund, setting } = this.book;
    fund.mustWork("fund.Entry", DISTRIBUTOR_ROLE, setting.addresses.distributor);
    const { member } = fund.attack(attackId);
    this.#takeEarmark(attackId, amount);
    fund.demandEntry(EntryKind.EarmarkReturn, member, ZeroAddress, amount, attackRef(attackId));
    const treasury = fund.treasury(member);
    treasury.ready += amount;
    treasury.assigned += amount;
    fund.pot += amount;
    fund.payouts.attempt(member, attackRef(attackId));
  }

  /** All that lies ready for an earmark moves into it. */
  moved(attackId: bigint, entry: Entry): void {
    const { desk, fund } = this.book;
    const attack = fund.attack(attackId);
    fund.settle(attack.obligation);
    const amount = attack.obligation.ready;
    desk.same("fund.Entry", { member: attack.member, amount }, entry);
    attack.obligation.ready = 0n;
    attack.earmark += amount;
    fund.earmarked += amount;
    fund.pot -= amount;
  }

  /** What an award pays of an earmark moves into it at once. */
  mustBeMoved(attackId: bigint): void {
    const { desk, fund } = this.book;
    const { obligation } = fund.attack(attackId);
    desk.atEnd(() => {
      const moved = fund.balanceOf(obligation).ready === 0n;
      desk.law("fund.Entry", moved, `what was paid for the earmark of attack ${attackId} was not moved into it`);
    });
  }

  #takeEarmark(attackId: bigint, amount: bigint): void {
    const { desk, fund } = this.book;
    const attack = fund.attack(attackId);
    attack.earmark -= amount;
    fund.earmarked -= amount;
    // The entry that moves what lay ready into the earmark may follow.
    desk.atEnd(() => {
      const holds = attack.earmark >= 0n;
      desk.law("fund.Entry", holds, `more was taken from the earmark of attack ${attackId} than it holds`);
    });
  }
}
