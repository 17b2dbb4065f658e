import { expect } from "chai";
import { ethers as ethersLib } from "ethers";
import { network } from "hardhat";

import type { CrisisFund } from "../../typechain-types/index.ts";
import { UNIT, asTimelock, code, hash } from "../support/alliance.ts";
import { expectConserved } from "../support/books.ts";
import {
  ROLE_DELAY,
  Role,
  award,
  commit,
  foundFund,
  give,
  receivedBy,
  revokeModule,
  standing,
} from "../support/fund.ts";
import type { AwardRecord, FundAlliance } from "../support/fund.ts";
import type { AnyToken } from "../support/tokens.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");
const nothing = ethersLib.ZeroHash;

/** A fund whose settlement token is another one; its donor and payer hold a thousand of it. */
async function fundWith<T extends AnyToken>(odd: T): Promise<FundAlliance & { odd: T }> {
  const f = await foundFund(connection, { parameters: { token: await odd.getAddress() } });
  for (const account of [f.donor, f.payer]) {
    await odd.mint(account.address, 1_000n * UNIT);
    await odd.connect(account).approve(await f.fund.getAddress(), ethersLib.MaxUint256);
  }
  return { ...f, odd };
}

const withFee = async () => await fundWith(await connection.ethers.deployContract("FeeToken"));
const withNoReturn = async () => await fundWith(await connection.ethers.deployContract("NoReturnToken"));
const withFalseReturn = async () => await fundWith(await connection.ethers.deployContract("FalseReturnToken"));

/** LTU's treasury becomes a contract that every transfer of the token calls, and that holds every role. */
async function withHook() {
  const f = await fundWith(await connection.ethers.deployContract("HookToken"));
  const attacker = await f.ethers.deployContract("Reenterer");
  const address = await attacker.getAddress();
  await f.odd.setHook(address, address);
  await f.odd.setHook(f.donor.address, address);
  await asTimelock(f, async (timelock) => {
    for (const role of Object.values(Role)) await f.fund.connect(timelock).grantRole(role, address);
    await f.registry.connect(timelock).recoverKeys(LTU, address, ethersLib.ZeroAddress);
  });
  await f.time.increase(ROLE_DELAY);
  await f.registry.applyKeys(LTU);
  return { ...f, attacker };
}

async function plain() {
  return await foundFund(connection);
}

describe("Tokens that misbehave", () => {
  describe("a token that keeps a fee", () => {
    it("is refused by every deposit, with what arrived", async () => {
      const f = await loadFixture(withFee);
      const [amount, arrived] = [100n * UNIT, 99n * UNIT];
      const deposits = [
        f.fund.connect(f.donor).donate(amount, nothing),
        f.fund.connect(f.payer).depositContribution(LTU, f.payer.address, amount),
        f.fund.connect(f.payer).depositWithPermit(LTU, f.payer.address, amount, 0n, 0, nothing, nothing),
      ];
      for (const deposit of deposits) {
        await expect(deposit).to.be.revertedWithCustomError(f.fund, "FundDepositShort").withArgs(arrived, amount);
      }
      expect(await f.fund.sequence()).to.equal(0n);
    });

    it("can still be sent directly: what arrives is surplus", async () => {
      const f = await loadFixture(withFee);
      await f.odd.connect(f.donor).transfer(await f.fund.getAddress(), 100n * UNIT);
      await f.fund.sync();
      expect(await f.fund.reserve()).to.equal(99n * UNIT);
      await expectConserved(f.fund, f.odd);
    });
  });

  describe("a token that returns nothing", () => {
    it("is taken and paid", async () => {
      const f = await loadFixture(withNoReturn);
      await f.fund.connect(f.payer).depositContribution(LTU, f.payer.address, 100n * UNIT);
      await give(f, 10n * UNIT);
      await commit(f, 101n, "LTU", 50n * UNIT, 500_000n);
      await award(f, 101n, 50n * UNIT);
      await f.fund.connect(f.compensator).compensate(101n, f.stranger.address, 25n * UNIT, hash("claim"));
      expect(await f.odd.balanceOf(f.member("LTU").treasury.address)).to.equal(25n * UNIT);
      expect(await f.odd.balanceOf(f.stranger.address)).to.equal(25n * UNIT);
      await expectConserved(f.fund, f.odd);
    });

    it("does without a permit: the allowance counts", async () => {
      const f = await loadFixture(withNoReturn);
      await f.fund.connect(f.payer).depositWithPermit(LTU, f.payer.address, UNIT, 0n, 0, nothing, nothing);
      expect(await f.fund.reserve()).to.equal(UNIT);
    });
  });

  describe("a token that returns false", () => {
    it("brings nothing in", async () => {
      const f = await loadFixture(withFalseReturn);
      await f.odd.setRefuses(true);
      await expect(f.fund.connect(f.donor).donate(UNIT, nothing))
        .to.be.revertedWithCustomError(f.fund, "SafeERC20FailedOperation")
        .withArgs(await f.odd.getAddress());
      expect(await f.fund.reserve()).to.equal(0n);
    });

    it("leaves what it does not pay collectable", async () => {
      const f = await loadFixture(withFalseReturn);
      await give(f, 100n * UNIT);
      await commit(f, 101n, "LTU", 50n * UNIT, 500_000n);
      await f.odd.setRefuses(true);
      await award(f, 101n, 50n * UNIT);
      const { treasury } = f.member("LTU");
      expect(await standing(f, "LTU"), "9").to.deep.equal({ owed: 0n, collectable: 25n * UNIT });
      await expect(f.fund.collect(LTU))
        .to.be.revertedWithCustomError(f.fund, "FundTransferFailed")
        .withArgs(treasury.address, 25n * UNIT);
      await expect(f.fund.connect(f.compensator).compensate(101n, f.stranger.address, UNIT, hash("claim")))
        .to.be.revertedWithCustomError(f.fund, "FundTransferFailed")
        .withArgs(f.stranger.address, UNIT);
      await f.odd.setRefuses(false);
      await f.fund.collect(LTU);
      expect(await f.odd.balanceOf(treasury.address)).to.equal(25n * UNIT);
      await expectConserved(f.fund, f.odd);
    });
  });

  describe("a token that is paused later, or blocks the fund itself", () => {
    it("stops the money and nothing else while it is paused", async () => {
      const f = await loadFixture(plain);
      await give(f, 10n * UNIT);
      await commit(f, 101n, "LTU", 20n * UNIT, 500_000n);
      await f.token.connect(f.issuer).pause();
      await award(f, 101n, 20n * UNIT);
      await f.fund.collectEarmark(101n);
      await f.fund.sync();
      await expect(f.fund.connect(f.donor).donate(UNIT, nothing)).to.be.revertedWithCustomError(
        f.token,
        "EnforcedPause",
      );
      expect(await standing(f, "LTU"), "9").to.deep.equal({ owed: 5n * UNIT, collectable: 5n * UNIT });
      await f.token.connect(f.issuer).unpause();
      await give(f, 10n * UNIT);
      await f.fund.collect(LTU);
      expect(await receivedBy(f, f.member("LTU"))).to.equal(10n * UNIT);
      await expectConserved(f.fund, f.token);
    });

    it("leaves every award collectable while the fund is blocked", async () => {
      const f = await loadFixture(plain);
      await give(f, 20n * UNIT);
      await commit(f, 101n, "LTU", 10n * UNIT);
      await commit(f, 102n, "EST", 10n * UNIT);
      const fund = await f.fund.getAddress();
      await f.token.connect(f.issuer).blockAccount(fund);
      await award(f, 101n, 10n * UNIT);
      await award(f, 102n, 10n * UNIT);
      await expect(f.fund.connect(f.donor).donate(UNIT, nothing))
        .to.be.revertedWithCustomError(f.token, "AccountBlocked")
        .withArgs(fund);
      expect(await f.fund.pot(), "9").to.equal(20n * UNIT);
      await f.token.connect(f.issuer).unblockAccount(fund);
      await f.fund.collect(LTU);
      await f.fund.collect(code("EST"));
      expect(await receivedBy(f, f.member("EST"))).to.equal(10n * UNIT);
      await expectConserved(f.fund, f.token);
    });
  });

  describe("a token that calls its receiver", () => {
    type Calls = Record<string, (fund: CrisisFund, record: AwardRecord) => string>;
    const at = (fund: CrisisFund) => fund.interface;
    // Every function of the fund that moves money, by whatever role the attacker holds.
    const paths: Calls = {
      donate: (fund) => at(fund).encodeFunctionData("donate", [1n, nothing]),
      sync: (fund) => at(fund).encodeFunctionData("sync"),
      collect: (fund) => at(fund).encodeFunctionData("collect", [LTU]),
      collectEarmark: (fund) => at(fund).encodeFunctionData("collectEarmark", [101n]),
      depositContribution: (fund) => at(fund).encodeFunctionData("depositContribution", [LTU, nobody, 1n]),
      depositWithPermit: (fund) =>
        at(fund).encodeFunctionData("depositWithPermit", [LTU, nobody, 1n, 0n, 0, nothing, nothing]),
      depositWithAuthorization: (fund) =>
        at(fund).encodeFunctionData("depositWithAuthorization", [LTU, nobody, 1n, 0n, 0n, nothing, "0x"]),
      release: (fund) => at(fund).encodeFunctionData("release", [101n]),
      award: (fund) => at(fund).encodeFunctionData("award", [101n, 1n]),
      compensate: (fund) => at(fund).encodeFunctionData("compensate", [101n, nobody, 1n, nothing]),
      returnEarmark: (fund) => at(fund).encodeFunctionData("returnEarmark", [101n, 1n]),
      voidAward: (fund, record) => at(fund).encodeFunctionData("voidAward", [record]),
    };
    const nobody = "0x00000000000000000000000000000000000000aa";

    async function withAward() {
      const f = await withHook();
      await give(f, 40n * UNIT);
      await commit(f, 101n, "LTU", 80n * UNIT, 500_000n);
      // The treasury refuses the first payment, so that something can be collected.
      await f.attacker.setRefuses(true);
      const { record } = await award(f, 101n, 40n * UNIT);
      await f.attacker.setRefuses(false);
      return { ...f, record };
    }

    /** What sets off a transfer. */
    const triggers: Record<string, (f: Awaited<ReturnType<typeof withAward>>) => Promise<unknown>> = {
      collect: (f) => f.fund.collect(LTU),
      award: (f) => f.fund.connect(f.module).award(101n, 10n * UNIT),
      compensate: async (f) =>
        f.fund.connect(f.compensator).compensate(101n, await f.attacker.getAddress(), UNIT, hash("claim")),
      returnEarmark: (f) => f.fund.connect(f.compensator).returnEarmark(101n, UNIT),
      donate: (f) => f.fund.connect(f.donor).donate(UNIT, nothing),
      depositContribution: (f) => f.fund.connect(f.payer).depositContribution(LTU, f.donor.address, UNIT),
    };

    for (const [trigger, pull] of Object.entries(triggers)) {
      it(`finds every door shut during ${trigger}`, async () => {
        const f = await loadFixture(withAward);
        const refusal = f.fund.interface.encodeErrorResult("ReentrancyGuardReentrantCall");
        await f.attacker.setRefuses(false);
        for (const [path, encode] of Object.entries(paths)) {
          const snapshot = await connection.networkHelpers.takeSnapshot();
          await f.attacker.aim(await f.fund.getAddress(), encode(f.fund, f.record));
          await pull(f);
          expect(await f.attacker.tried(), path).to.equal(true);
          expect(await f.attacker.succeeded(), path).to.equal(false);
          expect(await f.attacker.answer(), path).to.equal(refusal);
          await expectConserved(f.fund, f.odd);
          await snapshot.restore();
        }
      });
    }

    it("may commit meanwhile, which moves no money", async () => {
      const f = await loadFixture(withAward);
      const data = f.fund.interface.encodeFunctionData("commit", [102n, LTU, 0n, 5n]);
      await f.attacker.aim(await f.fund.getAddress(), data);
      await f.fund.collect(LTU);
      expect(await f.attacker.succeeded()).to.equal(true);
      expect(await f.fund.committed()).to.equal(40n * UNIT + 5n);
      await expectConserved(f.fund, f.odd);
    });

    it("that does not take the money keeps it collectable, and delays nobody", async () => {
      const f = await loadFixture(withAward);
      expect((await standing(f, "LTU")).collectable, "9").to.equal(10n * UNIT);
      await f.attacker.setRefuses(true);
      await expect(f.fund.collect(LTU))
        .to.be.revertedWithCustomError(f.fund, "FundTransferFailed")
        .withArgs(await f.attacker.getAddress(), 10n * UNIT);
      await commit(f, 102n, "EST", 5n * UNIT);
      const { paid } = await award(f, 102n, 5n * UNIT);
      expect(await f.odd.balanceOf(f.member("EST").treasury.address), "9").to.equal(paid);
      await expectConserved(f.fund, f.odd);
    });

    it("cannot make a short payment look full by sending tokens meanwhile: they are surplus, and once", async () => {
      const f = await loadFixture(withAward);
      await f.odd.mint(await f.attacker.getAddress(), UNIT);
      const send = f.odd.interface.encodeFunctionData("transfer", [await f.fund.getAddress(), UNIT]);
      await f.attacker.aim(await f.odd.getAddress(), send);
      const before = (await f.fund.owed()) + (await f.fund.reserve());
      await f.fund.connect(f.donor).donate(3n * UNIT, nothing);
      expect(await f.attacker.succeeded()).to.equal(true);
      expect(await f.fund.sync.staticCall()).to.equal(UNIT);
      await f.fund.sync();
      expect(await f.fund.sync.staticCall()).to.equal(0n);
      expect(before).to.equal(40n * UNIT);
      await expectConserved(f.fund, f.odd);
    });

    it("is not paid again for an award that is voided after it was collected", async () => {
      const f = await loadFixture(withAward);
      await revokeModule(f, f.module.address);
      await f.fund.collect(LTU);
      const paid = await f.odd.balanceOf(await f.attacker.getAddress());
      await asTimelock(f, (timelock) => f.fund.connect(timelock).voidAward(f.record));
      expect(paid).to.equal(10n * UNIT);
      await expect(f.fund.collect(LTU)).to.be.revertedWithCustomError(f.fund, "FundNothingToCollect").withArgs(LTU);
      await expectConserved(f.fund, f.odd);
    });
  });
});
