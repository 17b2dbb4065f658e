import { expect } from "chai";
import { ethers as ethersLib } from "ethers";
import { network } from "hardhat";

import { CaseStatus, DAY, UNIT, YEAR, asTimelock, fileAttack } from "../support/alliance.ts";
import { ROUND, finish } from "../support/attacks.ts";
import { moveTo, now } from "../support/chain.ts";
import { buy, goods, marketAlliance, offer } from "../support/market.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const VALUE = 20_000n * UNIT; // a thousand at twenty

async function recognised() {
  return await marketAlliance(connection);
}

async function offered() {
  const a = await recognised();
  return { ...a, lotId: await offer(a, a.attackId, a.ltu) };
}

/** All but the seller are expelled, and have no weight from the next period on. */
async function alone() {
  const a = await marketAlliance(connection, { states: ["LTU", "EST", "LVA", "POL"], partners: [] });
  await offer(a, a.attackId, a.ltu);
  await asTimelock(a, async (t) => {
    for (const { code } of a.members.slice(1)) await a.registry.connect(t).expel(code);
  });
  await a.time.increase(90n * DAY);
  return a;
}

describe("SolidarityMarket", () => {
  describe("offer", () => {
    it("takes a lot of the attacked member, by either account, and tells everything about it", async () => {
      const a = await loadFixture(recognised);
      const lot = await goods(a);
      await expect(a.market.connect(a.ltu.delegate).offer(a.attackId, lot))
        .to.emit(a.market, "LotOffered")
        .withArgs(1n, a.attackId, a.ltu.code, Object.values(lot));
      await a.market.connect(a.ltu.treasury).offer(a.attackId, { ...lot, price: 1n });
      expect(await a.market.lotCount()).to.equal(2n);
      const stored = [a.ltu.code, a.attackId, lot.price, lot.deadline, false, lot.quantity, 0n, 0n];
      expect([...(await a.market.lot(1n))]).to.deep.equal(stored);
      expect(await a.market.offeredFor(a.attackId)).to.equal(VALUE + 1_000n);
    });

    it("takes the least of everything, under a number of its own", async () => {
      const a = await loadFixture(offered);
      const lot = await goods(a, { uri: "/", unit: "t", hsCode: 1, quantity: 1n, price: 1n });
      await expect(a.market.connect(a.ltu.delegate).offer(a.attackId, lot))
        .to.emit(a.market, "LotOffered")
        .withArgs(2n, a.attackId, a.ltu.code, Object.values(lot));
      expect(await a.market.offeredFor(a.attackId)).to.equal(VALUE + 1n);
    });

    it("refuses all but the accounts of the attacked member", async () => {
      const a = await loadFixture(recognised);
      for (const caller of [a.est.treasury, a.stranger, a.deployer]) {
        await expect(a.market.connect(caller).offer(a.attackId, await goods(a)))
          .to.be.revertedWithCustomError(a.market, "MarketUnauthorized")
          .withArgs(a.ltu.code, caller.address);
      }
    });

    it("refuses an attack that is not recognised", async () => {
      const a = await loadFixture(recognised);
      const undecided = await fileAttack(a, a.est);
      for (const [attackId, status] of [
        [undecided.attackId, CaseStatus.Voting],
        [9n, CaseStatus.None],
      ] as const) {
        await expect(a.market.connect(a.est.treasury).offer(attackId, await goods(a)))
          .to.be.revertedWithCustomError(a.market, "MarketAttackNotRecognised")
          .withArgs(attackId, status);
      }
    });

    it("takes a lot at the end of the last round and refuses one a second later", async () => {
      const a = await loadFixture(recognised);
      const endedAt = a.startedAt + 12n * ROUND;
      const lot = await goods(a, { deadline: endedAt + YEAR });
      const market = a.market.connect(a.ltu.treasury);
      await a.time.setNextBlockTimestamp(endedAt);
      await market.offer(a.attackId, lot);
      await a.time.setNextBlockTimestamp(endedAt + 1n);
      await expect(market.offer(a.attackId, lot))
        .to.be.revertedWithCustomError(a.market, "MarketAttackOver")
        .withArgs(a.attackId, endedAt);
    });

    it("refuses a closed attack, and one whose member was suspended", async () => {
      const a = await loadFixture(recognised);
      const lot = await goods(a, { deadline: (await now(a)) + YEAR });
      const snapshot = await connection.networkHelpers.takeSnapshot();
      await finish(a, a.attackId, a.ltu, 0n);
      await expect(a.market.connect(a.ltu.treasury).offer(a.attackId, lot))
        .to.be.revertedWithCustomError(a.market, "MarketAttackNotRecognised")
        .withArgs(a.attackId, CaseStatus.Closed);
      await snapshot.restore();
      await asTimelock(a, (t) => a.registry.connect(t).suspend(a.ltu.code));
      await expect(a.market.connect(a.ltu.treasury).offer(a.attackId, lot))
        .to.be.revertedWithCustomError(a.market, "MarketAttackOver")
        .withArgs(a.attackId, a.startedAt);
    });

    it("needs a description, a unit, six digits, a quantity, a price and a deadline ahead", async () => {
      const a = await loadFixture(recognised);
      const market = a.market.connect(a.ltu.treasury);
      for (const missing of [
        { description: ethersLib.ZeroHash },
        { uri: "" },
        { unit: "" },
        { hsCode: 0 },
        { hsCode: 1_000_000 },
      ]) {
        const offering = market.offer(a.attackId, await goods(a, missing));
        await expect(offering).to.be.revertedWithCustomError(a.market, "MarketNoDescription");
      }
      await expect(market.offer(a.attackId, await goods(a, { quantity: 0n }))).to.be.revertedWithCustomError(
        a.market,
        "MarketZeroQuantity",
      );
      await expect(market.offer(a.attackId, await goods(a, { price: 0n }))).to.be.revertedWithCustomError(
        a.market,
        "MarketZeroPrice",
      );
      const at = (await now(a)) + 10n;
      await a.time.setNextBlockTimestamp(at);
      await expect(market.offer(a.attackId, await goods(a, { deadline: at })))
        .to.be.revertedWithCustomError(a.market, "MarketDeadlinePassed")
        .withArgs(at, at);
      await a.time.setNextBlockTimestamp(at + 1n);
      await market.offer(a.attackId, await goods(a, { deadline: at + 2n, hsCode: 999_999 }));
    });
  });

  describe("reprice", () => {
    it("lowers the price of what is left", async () => {
      const a = await loadFixture(offered);
      await buy(a, a.lotId, a.est, 300n);
      await expect(a.market.connect(a.ltu.delegate).reprice(a.lotId, 15n * UNIT))
        .to.emit(a.market, "LotRepriced")
        .withArgs(a.lotId, 15n * UNIT);
      expect((await a.market.lot(a.lotId)).price).to.equal(15n * UNIT);
      expect(await a.market.offeredFor(a.attackId)).to.equal(300n * 20n * UNIT + 700n * 15n * UNIT);
      await a.market.connect(a.ltu.delegate).reprice(a.lotId, 1n);
      expect(await a.market.offeredFor(a.attackId)).to.equal(300n * 20n * UNIT + 700n);
    });

    it("never raises it, and gives nothing away", async () => {
      const a = await loadFixture(offered);
      const market = a.market.connect(a.ltu.treasury);
      for (const price of [20n * UNIT, 20n * UNIT + 1n]) {
        await expect(market.reprice(a.lotId, price))
          .to.be.revertedWithCustomError(a.market, "MarketPriceNotLower")
          .withArgs(a.lotId, price, 20n * UNIT);
      }
      await expect(market.reprice(a.lotId, 0n)).to.be.revertedWithCustomError(a.market, "MarketZeroPrice");
      await market.reprice(a.lotId, 20n * UNIT - 1n);
    });

    it("is for the seller, of a lot that is open", async () => {
      const a = await loadFixture(offered);
      await expect(a.market.connect(a.est.treasury).reprice(a.lotId, 1n))
        .to.be.revertedWithCustomError(a.market, "MarketUnauthorized")
        .withArgs(a.ltu.code, a.est.treasury.address);
      await expect(a.market.connect(a.ltu.treasury).reprice(2n, 1n))
        .to.be.revertedWithCustomError(a.market, "MarketUnknownLot")
        .withArgs(2n);
      const { deadline } = await a.market.lot(a.lotId);
      await moveTo(a, deadline);
      await expect(a.market.connect(a.ltu.treasury).reprice(a.lotId, 1n))
        .to.be.revertedWithCustomError(a.market, "MarketLotNotOpen")
        .withArgs(a.lotId, deadline, false);
    });
  });

  describe("withdraw", () => {
    it("takes back what is left; pledges lapse, what is paid stays", async () => {
      const a = await loadFixture(offered);
      await buy(a, a.lotId, a.est, 300n);
      await a.market.connect(a.lva.delegate).pledge(a.lotId, 500n);
      await expect(a.market.connect(a.ltu.treasury).withdraw(a.lotId))
        .to.emit(a.market, "LotWithdrawn")
        .withArgs(a.lotId, 700n);
      expect(await a.market.pledgeOf(a.lotId, a.lva.code)).to.deep.equal([500n, 0n, 0n]);
      expect(await a.market.offeredFor(a.attackId)).to.equal(300n * 20n * UNIT);
      const { deadline } = await a.market.lot(a.lotId);
      await expect(a.market.connect(a.lva.treasury).settle(a.lotId, 1n, 20n * UNIT))
        .to.be.revertedWithCustomError(a.market, "MarketLotNotOpen")
        .withArgs(a.lotId, deadline, true);
    });

    it("is for the seller, and for what is not withdrawn", async () => {
      const a = await loadFixture(offered);
      await expect(a.market.connect(a.est.treasury).withdraw(a.lotId))
        .to.be.revertedWithCustomError(a.market, "MarketUnauthorized")
        .withArgs(a.ltu.code, a.est.treasury.address);
      const { deadline } = await a.market.lot(a.lotId);
      await a.market.connect(a.ltu.treasury).withdraw(a.lotId);
      await expect(a.market.connect(a.ltu.treasury).withdraw(a.lotId))
        .to.be.revertedWithCustomError(a.market, "MarketLotNotOpen")
        .withArgs(a.lotId, deadline, true);
    });
  });

  describe("targetOf", () => {
    it("divides what was offered by weight among all but the seller, rounded up", async () => {
      const a = await loadFixture(offered);
      await asTimelock(a, async (t) => {
        await a.ledger.connect(t).setScale(a.est.code, 60_000, 0);
        await a.ledger.connect(t).setScale(a.lva.code, 30_001, 0);
      });
      await a.time.increase(90n * DAY);
      const others = 60_000n + 30_001n + 5n * 125_000n; // eight members of an eighth each, but two
      const share = (weight: bigint) => (VALUE * weight + others - 1n) / others;
      expect(await a.market.targetOf(a.attackId, a.est.code)).to.equal(share(60_000n));
      expect(await a.market.targetOf(a.attackId, a.lva.code)).to.equal(share(30_001n));
      expect(share(30_001n) * others).to.not.equal(VALUE * 30_001n);
      expect(await a.market.targetOf(a.attackId, a.ltu.code)).to.equal(0n);
      expect(await a.market.targetOf(a.attackId, "0x434841")).to.equal(0n);
      let sum = 0n;
      for (const { code } of a.members) sum += await a.market.targetOf(a.attackId, code);
      expect(sum)
        .to.be.greaterThanOrEqual(VALUE)
        .and.lessThan(VALUE + 7n);
    });

    it("asks nothing of anybody before there is an offer", async () => {
      const a = await loadFixture(recognised);
      expect(await a.market.targetOf(a.attackId, a.est.code)).to.equal(0n);
    });

    it("asks nobody if only the seller has a weight", async () => {
      const a = await loadFixture(alone);
      expect(await a.ledger.totalWeight()).to.equal(200_000n);
      expect(await a.market.targetOf(a.attackId, a.est.code)).to.equal(0n);
    });
  });

  describe("fulfilmentOf", () => {
    it("tells what a member ought to buy and what it has bought", async () => {
      const a = await loadFixture(offered);
      const target = (VALUE + 6n) / 7n;
      expect(await a.market.fulfilmentOf(a.attackId, a.est.code)).to.deep.equal([target, 0n]);
      await buy(a, a.lotId, a.est, 100n);
      await buy(a, a.lotId, a.est, 50n);
      expect(await a.market.fulfilmentOf(a.attackId, a.est.code)).to.deep.equal([target, 3_000n * UNIT]);
      expect(await a.market.fulfilmentOf(a.attackId, a.lva.code)).to.deep.equal([target, 0n]);
    });
  });
});
