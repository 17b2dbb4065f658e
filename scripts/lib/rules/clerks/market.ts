import type { EventOf } from "../../events/events.ts";
import { ceilDiv, least } from "../arithmetic/numbers.ts";
import type { Rulebook } from "../rulebook.ts";
import type { Told } from "../told.ts";
import { CaseStatus, roundEnd } from "./cases.ts";

export interface Lot {
  seller: string;
  attackId: bigint;
  price: bigint;
  deadline: bigint;
  withdrawn: boolean;
  quantity: bigint;
  sold: bigint;
  pledged: bigint;
  /** What the sold part was worth at the price of its day. */
  soldFor: bigint;
  pledges: Map<string, { pledged: bigint; settled: bigint }>;
}

/** Stranded goods offered, promised and bought. */
export class MarketClerk {
  readonly lots = new Map<bigint, Lot>();
  /** What each member bought for each attack. */
  readonly bought = new Map<string, bigint>();
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  apply(event: Told<"market">): void {
    switch (event.name) {
      case "LotOffered": {
        this.#offer(event.args);
        return;
      }
      case "LotRepriced": {
        this.#reprice(event.args);
        return;
      }
      case "LotWithdrawn": {
        this.#withdraw(event.args);
        return;
      }
      case "Pledged": {
        this.#pledge(event.args);
        return;
      }
      case "Settled": {
        this.#settle(event.args);
        return;
      }
    }
  }

  isOpen({ withdrawn, deadline, attackId, sold, quantity }: Lot, now: bigint): boolean {
    return !withdrawn && now <= deadline && sold < quantity && this.#lasts(attackId, now);
  }

  /** What of a promise may still be paid for: no more than the lot still holds. */
  openPledge(lot: Lot, code: string, now: bigint): bigint {
    const pledge = lot.pledges.get(code);
    if (pledge === undefined || !this.isOpen(lot, now)) return 0n;
    return least(pledge.pledged - pledge.settled, lot.quantity - lot.sold);
  }

  boughtFor(attackId: bigint, code: string): bigint {
    return this.bought.get(`${attackId}/${code}`) ?? 0n;
  }

  /** What was sold at the price of its day, the rest at the last price; what was withdrawn counts no more. */
  offeredFor(attackId: bigint): bigint {
    let worth = 0n;
    for (const lot of this.lots.values()) {
      if (lot.attackId !== attackId) continue;
      worth += lot.soldFor + (lot.withdrawn ? 0n : (lot.quantity - lot.sold) * lot.price);
    }
    return worth;
  }

  /** A member's share of what was offered, by its weight among all but the seller; rounded up. */
  targetOf(attackId: bigint, code: string, now: bigint): bigint {
    const { ledger, register } = this.book;
    const seller = register.attacks.get(attackId)?.member;
    if (seller === undefined || seller === code) return 0n;
    const period = ledger.period(now);
    const weight = ledger.account(code).weights.at(period);
    const others = ledger.totalWeight(now) - ledger.account(seller).weights.at(period);
    return weight === 0n ? 0n : ceilDiv(this.offeredFor(attackId) * weight, others);
  }

  #lot(lotId: bigint): Lot | undefined {
    const lot = this.lots.get(lotId);
    this.book.desk.law("market", lot !== undefined, `something was told of lot ${lotId}, which was never offered`);
    return lot;
  }

  #lasts(attackId: bigint, now: bigint): boolean {
    const { register } = this.book;
    const attack = register.attacks.get(attackId);
    if (attack === undefined || register.status(attack, now) !== CaseStatus.Recognised) return false;
    return now <= roundEnd(attack, register.lastRound(attack));
  }

  #offer({ lotId, attackId, seller, offer }: EventOf<"market", "LotOffered">["args"]): void {
    const { desk, register } = this.book;
    const rule = "market.LotOffered";
    desk.same(
      rule,
      { lotId: BigInt(this.lots.size) + 1n, seller: register.attacks.get(attackId)?.member },
      { lotId, seller },
    );
    desk.law(
      rule,
      this.#lasts(attackId, desk.now),
      `goods were offered for attack ${attackId}, which is not recognised or over`,
    );
    const { price, quantity, deadline } = offer;
    desk.law(
      rule,
      price > 0n && quantity > 0n && deadline >= desk.now,
      "nothing was offered, or for nothing, or too late",
    );
    const lot = { seller, attackId, price, deadline, quantity, withdrawn: false, sold: 0n, pledged: 0n, soldFor: 0n };
    this.lots.set(lotId, { ...lot, pledges: new Map() });
  }

  #reprice({ lotId, price }: EventOf<"market", "LotRepriced">["args"]): void {
    const { desk } = this.book;
    const lot = this.#lot(lotId);
    if (lot === undefined) return;
    desk.law("market.LotRepriced", price > 0n && price < lot.price, `the price of lot ${lotId} was raised`);
    desk.law(
      "market.LotRepriced",
      !lot.withdrawn && desk.now <= lot.deadline,
      `lot ${lotId} was repriced though it is not open`,
    );
    lot.price = price;
  }

  #withdraw({ lotId, left }: EventOf<"market", "LotWithdrawn">["args"]): void {
    const { desk } = this.book;
    const lot = this.#lot(lotId);
    if (lot === undefined) return;
    desk.law("market.LotWithdrawn", !lot.withdrawn, `lot ${lotId} was withdrawn twice`);
    desk.same("market.LotWithdrawn", { left: lot.quantity - lot.sold }, { left });
    lot.withdrawn = true;
  }

  #pledge({ lotId, buyer, quantity, pledgedByAll }: EventOf<"market", "Pledged">["args"]): void {
    const { desk, registry } = this.book;
    const rule = "market.Pledged";
    const lot = this.#lot(lotId);
    if (lot === undefined) return;
    const before = lot.pledges.get(buyer) ?? { pledged: 0n, settled: 0n };
    desk.law(
      rule,
      registry.isMember(buyer) && buyer !== lot.seller,
      `${buyer} made a promise though it is the seller or no member`,
    );
    desk.law(
      rule,
      !lot.withdrawn && desk.now <= lot.deadline,
      `a promise was made for lot ${lotId}, which is not open`,
    );
    const within = quantity >= before.settled && quantity <= lot.quantity;
    desk.law(rule, within, `${buyer} promised less than it has paid, or more than there was`);
    lot.pledged += quantity - before.pledged;
    lot.pledges.set(buyer, { ...before, pledged: quantity });
    desk.same(rule, { pledgedByAll: lot.pledged }, { pledgedByAll });
  }

  /** What arrived at the seller's treasury counts, should the token take a fee; it is never more than the price. */
  #settle(args: EventOf<"market", "Settled">["args"]): void {
    const { desk, register, registry } = this.book;
    const rule = "market.Settled";
    const { lotId, attackId, buyer, quantity, paid, treasury } = args;
    const lot = this.#lot(lotId);
    if (lot === undefined) return;
    const open = this.openPledge(lot, buyer, desk.now);
    desk.law(
      rule,
      quantity > 0n && quantity <= open,
      `${buyer} bought more of lot ${lotId} than it had promised or there is`,
    );
    desk.same(rule, { attackId: lot.attackId, treasury: registry.keys.payee(lot.seller) }, { attackId, treasury });
    desk.law(rule, paid > 0n && paid <= quantity * lot.price, `${buyer} paid more than the price, or nothing`);
    const pledge = lot.pledges.get(buyer);
    if (pledge !== undefined) pledge.settled += quantity;
    lot.sold += quantity;
    lot.soldFor += quantity * lot.price;
    this.bought.set(`${attackId}/${buyer}`, this.boughtFor(attackId, buyer) + paid);
    register.recordPurchase(attackId, paid);
  }
}
