import { expect } from "chai";
import { ethers as ethersLib } from "ethers";
import { network } from "hardhat";

import { DAY, MILLION, UNIT, asTimelock, recognisedAttack } from "../support/alliance.ts";
import { offer } from "../support/market.ts";
import { allianceWith } from "../support/tokens.ts";
import type { AnyToken } from "../support/tokens.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

/** What every treasury begins with. */
const HELD = 10_000n * MILLION;
const PRICE = 20n * UNIT;
const EVER = 2n ** 48n - 1n;

/** LTU offers a thousand at twenty; EST, which holds enough of an odd token, has pledged them all. */
async function marketWith<T extends AnyToken>(odd: T) {
  const a = await allianceWith(connection, odd, { parameters: { founderCoverDelay: 0n } });
  await a.time.increaseTo(a.genesis + DAY);
  const [ltu, est] = [a.member("LTU"), a.member("EST")] as const;
  const { attackId } = await recognisedAttack(a, ltu);
  const lotId = await offer(a, attackId, ltu);
  await a.market.connect(est.delegate).pledge(lotId, 1_000n);
  return { ...a, ltu, est, attackId, lotId, market: a.market.connect(est.treasury) };
}

const withFee = async () => await marketWith(await connection.ethers.deployContract("FeeToken"));
const withFalseReturn = async () => await marketWith(await connection.ethers.deployContract("FalseReturnToken"));
const withNoReturn = async () => await marketWith(await connection.ethers.deployContract("NoReturnToken"));

/** What a contract is called for whenever LTU's treasury receives. */
async function withHook() {
  const a = await marketWith(await connection.ethers.deployContract("HookToken"));
  const hook = await a.ethers.deployContract("Reenterer");
  await a.odd.setHook(a.ltu.treasury.address, await hook.getAddress());
  return { ...a, hook };
}

describe("Payments that go astray", () => {
  it("refuses a token that keeps a fee, with what arrived", async () => {
    const a = await loadFixture(withFee);
    const amount = 100n * PRICE;
    await expect(a.market.settle(a.lotId, 100n, PRICE))
      .to.be.revertedWithCustomError(a.market, "MarketPaymentShort")
      .withArgs(a.lotId, (amount * 99n) / 100n, amount);
    expect(await a.odd.balanceOf(a.ltu.treasury.address)).to.equal(HELD);
    expect((await a.market.fulfilmentOf(a.attackId, a.est.code)).bought).to.equal(0n);
  });

  it("refuses a token that returns false, and takes one that returns nothing", async () => {
    const a = await loadFixture(withFalseReturn);
    await a.odd.setRefuses(true);
    await expect(a.market.settle(a.lotId, 1n, PRICE))
      .to.be.revertedWithCustomError(a.market, "SafeERC20FailedOperation")
      .withArgs(await a.odd.getAddress());
    const b = await loadFixture(withNoReturn);
    await b.market.settle(b.lotId, 1n, PRICE);
    expect(await b.register.boughtBy(b.attackId, EVER)).to.equal(PRICE);
  });

  it("counts no money that comes along from elsewhere", async () => {
    const a = await loadFixture(withHook);
    await a.odd.mint(await a.hook.getAddress(), 5_000n * UNIT);
    const transfer = a.odd.interface.encodeFunctionData("transfer", [a.ltu.treasury.address, 5_000n * UNIT]);
    await a.hook.aim(await a.odd.getAddress(), transfer);
    await a.market.settle(a.lotId, 10n, PRICE);
    expect(await a.hook.succeeded()).to.equal(true);
    expect(await a.odd.balanceOf(a.ltu.treasury.address)).to.equal(HELD + 10n * PRICE + 5_000n * UNIT);
    expect(await a.register.boughtBy(a.attackId, EVER)).to.equal(10n * PRICE);
  });

  it("takes no payment that the seller makes vanish, in whole or in part, which would not lower its award", async () => {
    const a = await loadFixture(withHook);
    const hook = await a.hook.getAddress();
    await a.odd.connect(a.ltu.treasury).approve(hook, ethersLib.MaxUint256);
    const amount = 10n * PRICE;
    for (const vanishing of [amount, 1n]) {
      const drain = a.odd.interface.encodeFunctionData("transferFrom", [a.ltu.treasury.address, hook, vanishing]);
      await a.hook.aim(await a.odd.getAddress(), drain);
      await expect(a.market.settle(a.lotId, 10n, PRICE))
        .to.be.revertedWithCustomError(a.market, "MarketPaymentShort")
        .withArgs(a.lotId, amount - vanishing, amount);
    }
    expect(await a.odd.balanceOf(hook)).to.equal(0n);
  });

  it("lets nobody buy from within a payment", async () => {
    const a = await loadFixture(withHook);
    // The buyer's treasury becomes the contract that is called.
    const hook = await a.hook.getAddress();
    await asTimelock(a, (t) => a.registry.connect(t).recoverKeys(a.est.code, hook, ethersLib.ZeroAddress));
    await a.time.increase(30n * DAY);
    await a.registry.applyKeys(a.est.code);
    await a.odd.mint(hook, 1_000n * UNIT);
    const market = await a.market.getAddress();
    const approval = a.odd.interface.encodeFunctionData("approve", [market, ethersLib.MaxUint256]);
    await a.hook.execute(await a.odd.getAddress(), approval);
    const settling = a.market.interface.encodeFunctionData("settle", [a.lotId, 10n, PRICE]);
    await a.hook.aim(market, settling);
    await a.hook.execute(market, settling);
    expect(await a.hook.tried()).to.equal(true);
    expect(await a.hook.answer()).to.equal(a.market.interface.encodeErrorResult("ReentrancyGuardReentrantCall"));
    expect((await a.market.lot(a.lotId)).sold).to.equal(10n);
    expect(await a.register.boughtBy(a.attackId, EVER)).to.equal(10n * PRICE);
  });
});
