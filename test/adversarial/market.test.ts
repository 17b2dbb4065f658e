import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { ethers as ethersLib } from "ethers";
import { network } from "hardhat";

import { DAY, UNIT, asTimelock, foundAlliance, recognisedAttack } from "../support/alliance.ts";
import { offer } from "../support/market.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const PRICE = 20n * UNIT;
const EVER = 2n ** 48n - 1n;

interface AnyToken {
  getAddress(): Promise<string>;
  mint(to: string, amount: bigint): Promise<unknown>;
  connect(runner: HardhatEthersSigner): { approve(spender: string, amount: bigint): Promise<unknown> };
}

/** LTU offers a thousand at twenty; EST, which holds enough of an odd token, has pledged them all. */
async function marketWith<T extends AnyToken>(odd: T) {
  const parameters = { token: await odd.getAddress(), founderCoverDelay: 0n };
  const a = await foundAlliance(connection, { parameters });
  await a.time.increaseTo(a.genesis + DAY);
  const [ltu, est] = [a.member("LTU"), a.member("EST")] as const;
  const { attackId } = await recognisedAttack(a, ltu);
  const lotId = await offer(a, attackId, ltu);
  await a.market.connect(est.delegate).pledge(lotId, 1_000n);
  await odd.mint(est.treasury.address, 100_000n * UNIT);
  await odd.connect(est.treasury).approve(await a.market.getAddress(), ethersLib.MaxUint256);
  return { ...a, odd, ltu, est, attackId, lotId, market: a.market.connect(est.treasury) };
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
  it("records what arrives of a token that keeps a fee", async () => {
    const a = await loadFixture(withFee);
    await a.market.settle(a.lotId, 100n, PRICE);
    const arrived = (100n * PRICE * 99n) / 100n;
    expect(await a.odd.balanceOf(a.ltu.treasury.address)).to.equal(arrived);
    expect(await a.register.boughtBy(a.attackId, EVER)).to.equal(arrived);
    expect((await a.market.fulfilmentOf(a.attackId, a.est.code)).bought).to.equal(arrived);
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
    expect(await a.odd.balanceOf(a.ltu.treasury.address)).to.equal(10n * PRICE + 5_000n * UNIT);
    expect(await a.register.boughtBy(a.attackId, EVER)).to.equal(10n * PRICE);
  });

  it("takes no payment that the seller makes vanish, which would not lower its award", async () => {
    const a = await loadFixture(withHook);
    const hook = await a.hook.getAddress();
    await a.odd.connect(a.ltu.treasury).approve(hook, ethersLib.MaxUint256);
    const drain = a.odd.interface.encodeFunctionData("transferFrom", [a.ltu.treasury.address, hook, 10n * PRICE]);
    await a.hook.aim(await a.odd.getAddress(), drain);
    await expect(a.market.settle(a.lotId, 10n, PRICE))
      .to.be.revertedWithCustomError(a.market, "MarketNothingArrived")
      .withArgs(a.lotId, 10n * PRICE);
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
