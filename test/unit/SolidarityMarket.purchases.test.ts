import { expect } from "chai";
import { ethers as ethersLib, id } from "ethers";
import { network } from "hardhat";

import { DAY, UNIT, YEAR, asTimelock } from "../support/alliance.ts";
import { ROUND } from "../support/attacks.ts";
import { moveTo } from "../support/chain.ts";
import { buy, marketAlliance, offer } from "../support/market.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const PRICE = 20n * UNIT;
const MARKET_ROLE = id("MARKET_ROLE");

/** A lot of a thousand at twenty units each, for sixty days. */
async function offered() {
  const a = await marketAlliance(connection);
  const lotId = await offer(a, a.attackId, a.ltu);
  return { ...a, lotId, deadline: (await a.market.lot(lotId)).deadline };
}

/** EST and LVA have pledged eight hundred each. */
async function pledged() {
  const a = await offered();
  for (const { delegate } of [a.est, a.lva]) await a.market.connect(delegate).pledge(a.lotId, 800n);
  return a;
}

/** What a member's treasury holds, and the market, which holds nothing. */
async function balances(a: Awaited<ReturnType<typeof offered>>) {
  return {
    seller: await a.token.balanceOf(a.ltu.treasury.address),
    buyer: await a.token.balanceOf(a.est.treasury.address),
    market: await a.token.balanceOf(await a.market.getAddress()),
  };
}

describe("SolidarityMarket", () => {
  describe("pledge", () => {
    it("promises a quantity, by either account of a member, State or Partner", async () => {
      const a = await loadFixture(offered);
      await expect(a.market.connect(a.est.delegate).pledge(a.lotId, 400n))
        .to.emit(a.market, "Pledged")
        .withArgs(a.lotId, a.est.code, 400n, 400n);
      await a.market.connect(a.member("TWN").treasury).pledge(a.lotId, 100n);
      expect(await a.market.pledgeOf(a.lotId, a.est.code)).to.deep.equal([400n, 0n, 400n]);
      expect((await a.market.lot(a.lotId)).pledged).to.equal(500n);
    });

    it("replaces the promise before, up or down to what is paid", async () => {
      const a = await loadFixture(offered);
      const market = a.market.connect(a.est.delegate);
      await buy(a, a.lotId, a.est, 100n);
      for (const quantity of [1_000n, 400n, 100n]) {
        await market.pledge(a.lotId, quantity);
        expect((await a.market.lot(a.lotId)).pledged).to.equal(quantity);
      }
      await expect(market.pledge(a.lotId, 99n))
        .to.be.revertedWithCustomError(a.market, "MarketBadPledge")
        .withArgs(a.lotId, 99n, 100n, 1_000n);
      await expect(market.pledge(a.lotId, 1_001n))
        .to.be.revertedWithCustomError(a.market, "MarketBadPledge")
        .withArgs(a.lotId, 1_001n, 100n, 1_000n);
    });

    it("may promise with others more than there is", async () => {
      const a = await loadFixture(pledged);
      expect((await a.market.lot(a.lotId)).pledged).to.equal(1_600n);
    });

    it("stands until the deadline and has lapsed a second later", async () => {
      const a = await loadFixture(pledged);
      await moveTo(a, a.deadline);
      expect(await a.market.pledgeOf(a.lotId, a.est.code)).to.deep.equal([800n, 0n, 800n]);
      await moveTo(a, a.deadline + 1n);
      expect(await a.market.pledgeOf(a.lotId, a.est.code)).to.deep.equal([800n, 0n, 0n]);
    });

    it("lapses when the attack is over", async () => {
      const a = await loadFixture(offered);
      const lotId = await offer(a, a.attackId, a.ltu, { deadline: a.deadline + YEAR });
      await a.market.connect(a.est.delegate).pledge(lotId, 10n);
      const endedAt = a.startedAt + 12n * ROUND;
      await moveTo(a, endedAt);
      expect(await a.market.pledgeOf(lotId, a.est.code)).to.deep.equal([10n, 0n, 10n]);
      await moveTo(a, endedAt + 1n);
      expect(await a.market.pledgeOf(lotId, a.est.code)).to.deep.equal([10n, 0n, 0n]);
      await expect(a.market.connect(a.est.delegate).pledge(lotId, 11n))
        .to.be.revertedWithCustomError(a.market, "MarketAttackOver")
        .withArgs(a.attackId, endedAt);
    });

    it("refuses who is no member, the seller, and a lot that nobody offered", async () => {
      const a = await loadFixture(offered);
      await expect(a.market.connect(a.stranger).pledge(a.lotId, 1n))
        .to.be.revertedWithCustomError(a.market, "MarketNotABuyer")
        .withArgs(a.stranger.address);
      for (const { address } of [a.ltu.treasury, a.ltu.delegate]) {
        await expect(a.market.connect(await a.ethers.getSigner(address)).pledge(a.lotId, 1n))
          .to.be.revertedWithCustomError(a.market, "MarketOwnLot")
          .withArgs(a.lotId);
      }
      await expect(a.market.connect(a.est.delegate).pledge(2n, 1n))
        .to.be.revertedWithCustomError(a.market, "MarketUnknownLot")
        .withArgs(2n);
    });
  });

  describe("settle", () => {
    it("pays the seller's treasury directly and records the purchase; the market holds nothing", async () => {
      const a = await loadFixture(pledged);
      const before = await balances(a);
      const settling = a.market.connect(a.est.treasury).settle(a.lotId, 300n, PRICE);
      await expect(settling)
        .to.emit(a.market, "Settled")
        .withArgs(a.lotId, a.attackId, a.est.code, 300n, 300n * PRICE, a.ltu.treasury.address);
      await expect(settling)
        .to.emit(a.register, "PurchaseRecorded")
        .withArgs(a.attackId, 300n * PRICE, 300n * PRICE);
      expect(await balances(a)).to.deep.equal({
        seller: before.seller + 300n * PRICE,
        buyer: before.buyer - 300n * PRICE,
        market: 0n,
      });
      expect(await a.market.pledgeOf(a.lotId, a.est.code)).to.deep.equal([800n, 300n, 500n]);
      expect((await a.market.lot(a.lotId)).sold).to.equal(300n);
    });

    it("tells the number of the lot, and that of the attack", async () => {
      const a = await loadFixture(pledged);
      const lotId = await offer(a, a.attackId, a.ltu);
      await a.market.connect(a.est.delegate).pledge(lotId, 1n);
      await expect(a.market.connect(a.est.treasury).settle(lotId, 1n, PRICE))
        .to.emit(a.market, "Settled")
        .withArgs(2n, 1n, a.est.code, 1n, PRICE, a.ltu.treasury.address);
    });

    it("refuses a unit more than is left of a promise that was kept in part", async () => {
      const a = await loadFixture(pledged);
      const market = a.market.connect(a.est.treasury);
      await market.settle(a.lotId, 300n, PRICE);
      await expect(market.settle(a.lotId, 501n, PRICE))
        .to.be.revertedWithCustomError(a.market, "MarketBeyondPledge")
        .withArgs(a.lotId, 501n, 500n);
      await market.settle(a.lotId, 500n, PRICE);
    });

    it("is done in parts, and serves who pays first", async () => {
      const a = await loadFixture(pledged);
      const [est, lva] = [a.market.connect(a.est.treasury), a.market.connect(a.lva.treasury)];
      await lva.settle(a.lotId, 800n, PRICE);
      expect(await a.market.pledgeOf(a.lotId, a.est.code)).to.deep.equal([800n, 0n, 200n]);
      await expect(est.settle(a.lotId, 201n, PRICE))
        .to.be.revertedWithCustomError(a.market, "MarketBeyondLot")
        .withArgs(a.lotId, 201n, 200n);
      await est.settle(a.lotId, 150n, PRICE);
      await est.settle(a.lotId, 50n, PRICE);
      expect(await a.market.pledgeOf(a.lotId, a.est.code)).to.deep.equal([800n, 200n, 0n]);
      await expect(est.settle(a.lotId, 1n, PRICE))
        .to.be.revertedWithCustomError(a.market, "MarketBeyondLot")
        .withArgs(a.lotId, 1n, 0n);
      expect(await a.register.boughtBy(a.attackId, 2n ** 48n - 1n)).to.equal(1_000n * PRICE);
    });

    it("pays for no more than was pledged, and not for nothing", async () => {
      const a = await loadFixture(pledged);
      const est = a.market.connect(a.est.treasury);
      await expect(est.settle(a.lotId, 801n, PRICE))
        .to.be.revertedWithCustomError(a.market, "MarketBeyondPledge")
        .withArgs(a.lotId, 801n, 800n);
      await expect(a.market.connect(a.member("POL").treasury).settle(a.lotId, 1n, PRICE))
        .to.be.revertedWithCustomError(a.market, "MarketBeyondPledge")
        .withArgs(a.lotId, 1n, 0n);
      await expect(est.settle(a.lotId, 0n, PRICE)).to.be.revertedWithCustomError(a.market, "MarketZeroQuantity");
      await est.settle(a.lotId, 800n, PRICE);
    });

    it("refuses a price above the lot's and one below, also one that was lowered meanwhile", async () => {
      const a = await loadFixture(pledged);
      const est = a.market.connect(a.est.treasury);
      for (const price of [PRICE + 1n, PRICE - 1n]) {
        await expect(est.settle(a.lotId, 1n, price))
          .to.be.revertedWithCustomError(a.market, "MarketWrongPrice")
          .withArgs(a.lotId, price, PRICE);
      }
      await a.market.connect(a.ltu.delegate).reprice(a.lotId, PRICE - 1n);
      await expect(est.settle(a.lotId, 1n, PRICE))
        .to.be.revertedWithCustomError(a.market, "MarketWrongPrice")
        .withArgs(a.lotId, PRICE, PRICE - 1n);
      await est.settle(a.lotId, 1n, PRICE - 1n);
    });

    it("takes a payment at the deadline and none a second later", async () => {
      const a = await loadFixture(pledged);
      const est = a.market.connect(a.est.treasury);
      await a.time.setNextBlockTimestamp(a.deadline);
      await est.settle(a.lotId, 1n, PRICE);
      await a.time.setNextBlockTimestamp(a.deadline + 1n);
      await expect(est.settle(a.lotId, 1n, PRICE))
        .to.be.revertedWithCustomError(a.market, "MarketLotNotOpen")
        .withArgs(a.lotId, a.deadline, false);
    });

    it("refuses an attack that the member has ended, once its last round is over", async () => {
      const a = await loadFixture(pledged);
      await a.register.connect(a.ltu.delegate).end(a.attackId);
      const { endsAt } = await a.register.round(a.attackId, 1);
      const est = a.market.connect(a.est.treasury);
      await a.time.setNextBlockTimestamp(endsAt);
      await est.settle(a.lotId, 1n, PRICE);
      await a.time.setNextBlockTimestamp(endsAt + 1n);
      await expect(est.settle(a.lotId, 1n, PRICE))
        .to.be.revertedWithCustomError(a.market, "MarketAttackOver")
        .withArgs(a.attackId, endsAt);
    });

    it("is for treasuries of members: neither strangers nor delegates nor former members", async () => {
      const a = await loadFixture(pledged);
      for (const caller of [a.stranger, a.est.delegate]) {
        await expect(a.market.connect(caller).settle(a.lotId, 1n, PRICE))
          .to.be.revertedWithCustomError(a.market, "MarketNotABuyer")
          .withArgs(caller.address);
      }
      await expect(a.market.connect(a.ltu.treasury).settle(a.lotId, 1n, PRICE))
        .to.be.revertedWithCustomError(a.market, "MarketOwnLot")
        .withArgs(a.lotId);
      await asTimelock(a, (t) => a.registry.connect(t).expel(a.est.code));
      await expect(a.market.connect(a.est.treasury).settle(a.lotId, 1n, PRICE))
        .to.be.revertedWithCustomError(a.market, "MarketNotABuyer")
        .withArgs(a.est.treasury.address);
    });

    it("waits while the seller's keys are recovered, and then pays the new treasury", async () => {
      const a = await loadFixture(pledged);
      const successor = a.spare(0);
      await asTimelock(a, (t) =>
        a.registry.connect(t).recoverKeys(a.ltu.code, successor.address, ethersLib.ZeroAddress),
      );
      const est = a.market.connect(a.est.treasury);
      await expect(est.settle(a.lotId, 1n, PRICE))
        .to.be.revertedWithCustomError(a.market, "MarketTransfersWait")
        .withArgs(a.ltu.code);
      await a.time.increase(30n * DAY);
      await a.registry.applyKeys(a.ltu.code);
      await est.settle(a.lotId, 2n, PRICE);
      expect(await a.token.balanceOf(successor.address)).to.equal(2n * PRICE);
    });

    it("takes no money that the register would not record", async () => {
      const a = await loadFixture(pledged);
      const market = await a.market.getAddress();
      await asTimelock(a, (t) => a.register.connect(t).revokeRole(MARKET_ROLE, market));
      const before = await balances(a);
      await expect(a.market.connect(a.est.treasury).settle(a.lotId, 1n, PRICE))
        .to.be.revertedWithCustomError(a.register, "AccessControlUnauthorizedAccount")
        .withArgs(market, MARKET_ROLE);
      expect(await balances(a)).to.deep.equal(before);
    });

    it("leaves everything as it is if the seller's account is blocked, and pays once it is not", async () => {
      const a = await loadFixture(pledged);
      await a.token.connect(a.issuer).blockAccount(a.ltu.treasury.address);
      await expect(a.market.connect(a.est.treasury).settle(a.lotId, 1n, PRICE))
        .to.be.revertedWithCustomError(a.token, "AccountBlocked")
        .withArgs(a.ltu.treasury.address);
      expect(await a.register.boughtBy(a.attackId, 2n ** 48n - 1n)).to.equal(0n);
      await a.token.connect(a.issuer).unblockAccount(a.ltu.treasury.address);
      await a.market.connect(a.est.treasury).settle(a.lotId, 1n, PRICE);
    });
  });
});
