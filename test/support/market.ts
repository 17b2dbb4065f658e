import type { ISolidarityMarket } from "../../typechain-types/contracts/interfaces/ISolidarityMarket.ts";
import { DAY, UNIT, hash, recognisedAttack } from "./alliance.ts";
import type { Alliance, AllianceOptions, TestMember } from "./alliance.ts";
import { coveredAlliance } from "./attacks.ts";
import { now } from "./chain.ts";
import type { Connection } from "./chain.ts";

export type Offer = ISolidarityMarket.OfferStruct;

/** A thousand crates of frozen shrimps at twenty units each, for sixty days, unless told otherwise. */
export async function goods(a: Alliance, options: Partial<Offer> = {}): Promise<Offer> {
  return {
    description: hash("shrimps"),
    uri: "ipfs://shrimps",
    hsCode: 30_617,
    unit: "crate",
    quantity: 1_000n,
    price: 20n * UNIT,
    deadline: (await now(a)) + 60n * DAY,
    ...options,
  };
}

/** LTU's recognised attack by CHN; every treasury has approved the market. */
export async function marketAlliance(connection: Connection, options: AllianceOptions = {}) {
  const a = await coveredAlliance(connection, options);
  const market = await a.market.getAddress();
  for (const { treasury } of a.members) await a.token.connect(treasury).approve(market, 2n ** 255n);
  const [ltu, est, lva] = [a.member("LTU"), a.member("EST"), a.member("LVA")] as const;
  return { ...a, ltu, est, lva, ...(await recognisedAttack(a, ltu)) };
}

/** Offers a lot by the seller's delegate. */
export async function offer(
  a: Alliance,
  attackId: bigint,
  seller: TestMember,
  options: Partial<Offer> = {},
): Promise<bigint> {
  await a.market.connect(seller.delegate).offer(attackId, await goods(a, options));
  return await a.market.lotCount();
}

/** Pledges by the buyer's delegate and pays by its treasury at the price of the lot. */
export async function buy(a: Alliance, lotId: bigint, buyer: TestMember, quantity: bigint): Promise<void> {
  const { price } = await a.market.lot(lotId);
  const [, settled] = await a.market.pledgeOf(lotId, buyer.code);
  await a.market.connect(buyer.delegate).pledge(lotId, settled + quantity);
  await a.market.connect(buyer.treasury).settle(lotId, quantity, price);
}
