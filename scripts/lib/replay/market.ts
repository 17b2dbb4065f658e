import { day } from "../format.ts";
import { documentHash, documentUri } from "./ledger.ts";
import type { Actor } from "./ledger.ts";
import type { Case } from "./data.ts";
import type { LotRow, PurchaseRow } from "./solidarity-data.ts";
import type { World } from "./world.ts";

/** As the attack register numbers its statuses. */
const RECOGNISED = 6n;

interface OpenLot {
  lotId: bigint;
  attackId: bigint;
  row: LotRow;
}

/**
 * What a member offers of its stranded goods once its attack is recognised, and what treasuries of other members pledge
 * and pay. What others bought is told, and no act of the ledger: only members buy on it.
 */
export class Market {
  /** The row of the lots' file that a lot is of. */
  readonly lots = new Map<bigint, LotRow>();
  /** Why a purchase of the file is none on the market. */
  readonly elsewhere = new Map<PurchaseRow, string>();
  readonly #world: World;
  readonly #strangers = new Set<PurchaseRow>();
  readonly #settled = new Map<PurchaseRow, bigint>();

  constructor(world: World) {
    this.#world = world;
    const { purchases, cases } = world.input;
    for (const purchase of purchases) {
      const seller = cases.find(({ id }) => id === purchase.case)?.member;
      const reason = this.#strangerTo(purchase, seller);
      this.elsewhere.set(purchase, reason ?? "no lot was open then");
      if (reason !== undefined) this.#strangers.add(purchase);
    }
  }

  /** Offers what is left of the goods that the rows' attack has stranded. */
  async offer(attackId: bigint, seller: Actor, rows: readonly Case[]): Promise<void> {
    for (const row of this.#world.input.lots) {
      if (rows.some(({ id }) => id === row.case)) await this.#offer(attackId, seller, row);
    }
  }

  /** Why this purchase is told, and not made on the market; undefined if a member makes it. */
  #strangerTo({ country, bought, quantity, usual }: PurchaseRow, seller: string | undefined): string | undefined {
    if (country === "") return "buyers of countries that are not told";
    if (country === seller) return "buyers in the member's own country";
    if (!this.#world.ledger.actors.some(({ code }) => code === country)) return `${country} is no member`;
    if (bought === undefined) return "pledged; what was bought is not known";
    return quantity === usual ? "usual trade" : undefined;
  }

  async #offer(attackId: bigint, seller: Actor, row: LotRow): Promise<void> {
    const { ledger, timeline, parameters, input } = this.#world;
    const { chain, market, register } = ledger;
    const own = input.purchases.filter((one) => one.case === row.case && one.hsCode === row.hsCode);
    const gone = own.reduce((sum, one) => sum + this.#gone(one), 0n);
    const pending = own.filter((one) => !this.#strangers.has(one) && !this.#settled.has(one));
    if (gone >= row.quantity) return;
    const { endsAt } = await register.round(attackId, await register.ROUNDS());
    const goods = {
      description: documentHash(`${row.case}: ${row.goods}`),
      uri: documentUri(row.case, row.goods),
      hsCode: Number(row.hsCode),
      unit: row.unit,
      quantity: row.quantity - gone,
      price: row.price,
      deadline: endsAt,
    };
    await chain.send(seller.delegate, market.offer.populateTransaction(attackId, goods));
    const lot = { lotId: await market.lotCount(), attackId, row };
    this.lots.set(lot.lotId, row);
    for (const purchase of pending) {
      const { pledged, bought } = purchase;
      if (pledged !== undefined) {
        timeline.at(Math.max(pledged + parameters.officeHour, chain.now + 1), () => this.#pledge(lot, purchase));
      }
      const paying = Math.max((bought ?? 0) + parameters.officeHour, chain.now + 1);
      if (BigInt(paying) < endsAt) timeline.at(paying, () => this.#buy(lot, purchase));
    }
  }

  /** How much of a purchase's goods is no longer to be had. */
  #gone(purchase: PurchaseRow): bigint {
    const { bought, quantity, usual } = purchase;
    const isOver = this.#strangers.has(purchase) && bought !== undefined && bought <= this.#world.ledger.chain.now;
    return isOver ? quantity - usual : (this.#settled.get(purchase) ?? 0n);
  }

  async #pledge(lot: OpenLot, purchase: PurchaseRow): Promise<void> {
    const buyer = await this.#buyer(lot, purchase);
    if (buyer !== undefined) await this.#promise(lot, buyer, purchase);
  }

  /** Raises what the buyer has promised by the purchase, within what the lot held. */
  async #promise({ lotId }: OpenLot, buyer: Actor, { quantity, usual }: PurchaseRow): Promise<void> {
    const { chain, market } = this.#world.ledger;
    const { quantity: whole } = await market.lot(lotId);
    const { pledged } = await market.pledgeOf(lotId, buyer.bytes3);
    const promised = pledged + quantity - usual;
    const most = promised < whole ? promised : whole;
    await chain.send(buyer.delegate, market.pledge.populateTransaction(lotId, most));
  }

  async #buy(lot: OpenLot, purchase: PurchaseRow): Promise<void> {
    const { ledger, treasuries } = this.#world;
    const { chain, market } = ledger;
    const buyer = await this.#buyer(lot, purchase);
    if (buyer === undefined) return;
    const { quantity: whole, sold } = await market.lot(lot.lotId);
    if (sold === whole) {
      this.elsewhere.set(purchase, "nothing of the lot was left");
      return;
    }
    if (purchase.pledged === undefined) await this.#promise(lot, buyer, purchase);
    const { open } = await market.pledgeOf(lot.lotId, buyer.bytes3);
    const wanted = purchase.quantity - purchase.usual;
    const quantity = wanted < open ? wanted : open;
    const { price } = lot.row;
    await treasuries.ready(buyer, quantity * price, market);
    await chain.send(buyer.treasury, market.settle.populateTransaction(lot.lotId, quantity, price));
    this.#settled.set(purchase, quantity);
    this.elsewhere.delete(purchase);
  }

  /** The member that buys, if it is one today and the attack lasts. */
  async #buyer({ attackId }: OpenLot, purchase: PurchaseRow): Promise<Actor | undefined> {
    const { chain, register, registry, actors } = this.#world.ledger;
    const { endsAt } = await register.round(attackId, await register.lastRound(attackId));
    if ((await register.statusOf(attackId)) !== RECOGNISED || chain.now >= Number(endsAt)) {
      this.elsewhere.set(purchase, `attack ${attackId} was over by ${day(chain.now)}`);
      return undefined;
    }
    const buyer = actors.find(({ code }) => code === purchase.country);
    if (buyer !== undefined && (await registry.isMember(buyer.bytes3))) return buyer;
    this.elsewhere.set(purchase, `${purchase.country} was no member on ${day(chain.now)}`);
    return undefined;
  }
}
