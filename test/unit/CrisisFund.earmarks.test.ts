import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { ethers as ethersLib } from "ethers";
import { network } from "hardhat";

import { UNIT, asTimelock, code, hash } from "../support/alliance.ts";
import { expectConserved } from "../support/books.ts";
import { Entry, Role, award, commit, earmark, foundFund, give, receivedBy, ref, standing } from "../support/fund.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");
const nobody = ethersLib.ZeroAddress;

/** Attack 101 on LTU: of 20 awarded 10 are for the earmark; half is paid, half is owed. */
async function earmarked() {
  const f = await foundFund(connection);
  await give(f, 20n * UNIT);
  await commit(f, 101n, "LTU", 40n * UNIT, 500_000n);
  await award(f, 101n, 20n * UNIT);
  return f;
}

describe("CrisisFund", () => {
  describe("the earmark of an award", () => {
    it("is entered when it is paid, under its attack", async () => {
      const f = await loadFixture(earmarked);
      expect(await earmark(f, 101n)).to.deep.equal({ owed: 5n * UNIT, held: 5n * UNIT });
      const [entry] = await f.fund.queryFilter(f.fund.filters.Entry(undefined, Entry.Earmark));
      expect(entry!.args.slice(2, 6)).to.deep.equal([LTU, nobody, 5n * UNIT, ref(101n)]);
    });

    it("takes its part of what arrives, with no call", async () => {
      const f = await loadFixture(earmarked);
      await give(f, 4n * UNIT);
      expect(await earmark(f, 101n)).to.deep.equal({ owed: 3n * UNIT, held: 7n * UNIT });
      expect(await f.fund.earmarked()).to.equal(5n * UNIT);
      expect(await f.fund.pot()).to.equal(4n * UNIT);
      await expectConserved(f.fund, f.token);
    });
  });

  describe("collectEarmark", () => {
    it("moves what arrived for an earmark from the pot into it, sent by anyone", async () => {
      const f = await loadFixture(earmarked);
      await give(f, 4n * UNIT);
      expect(await f.fund.connect(f.stranger).collectEarmark.staticCall(101n)).to.equal(2n * UNIT);
      await expect(f.fund.connect(f.stranger).collectEarmark(101n))
        .to.emit(f.fund, "Entry")
        .withArgs(anyValue, Entry.Earmark, LTU, nobody, 2n * UNIT, ref(101n), anyValue, anyValue);
      expect(await f.fund.earmarked()).to.equal(7n * UNIT);
      expect(await f.fund.pot()).to.equal(2n * UNIT);
      expect(await earmark(f, 101n)).to.deep.equal({ owed: 3n * UNIT, held: 7n * UNIT });
      await expectConserved(f.fund, f.token);
    });

    it("enters nothing if nothing arrived", async () => {
      const f = await loadFixture(earmarked);
      const before = await f.fund.sequence();
      await f.fund.collectEarmark(101n);
      expect(await f.fund.sequence()).to.equal(before);
    });

    it("knows the attack", async () => {
      const f = await loadFixture(earmarked);
      await expect(f.fund.collectEarmark(102n))
        .to.be.revertedWithCustomError(f.fund, "FundUnknownAttack")
        .withArgs(102n);
    });

    it("works after the attack is closed", async () => {
      const f = await loadFixture(earmarked);
      await f.fund.connect(f.module).release(101n);
      await f.fund.collectEarmark(101n);
      expect(await earmark(f, 101n)).to.deep.equal({ owed: 0n, held: 10n * UNIT });
      await expectConserved(f.fund, f.token);
    });
  });

  describe("compensate", () => {
    it("pays an account out of the earmark", async () => {
      const f = await loadFixture(earmarked);
      const response = f.fund.connect(f.compensator).compensate(101n, f.stranger.address, 3n * UNIT, hash("claim"));
      await expect(response)
        .to.emit(f.fund, "Entry")
        .withArgs(anyValue, Entry.Compensation, LTU, f.stranger.address, 3n * UNIT, hash("claim"), anyValue, anyValue);
      await expect(response).to.changeTokenBalances(
        connection.ethers,
        f.token,
        [f.fund, f.stranger],
        [-3n * UNIT, 3n * UNIT],
      );
      expect(await f.fund.earmarked()).to.equal(2n * UNIT);
      await expectConserved(f.fund, f.token);
    });

    it("finds what arrived for the earmark by itself", async () => {
      const f = await loadFixture(earmarked);
      await give(f, 4n * UNIT);
      await f.fund.connect(f.compensator).compensate(101n, f.stranger.address, 7n * UNIT, hash("claim"));
      expect(await earmark(f, 101n)).to.deep.equal({ owed: 3n * UNIT, held: 0n });
      await expectConserved(f.fund, f.token);
    });

    it("pays no more than the earmark holds", async () => {
      const f = await loadFixture(earmarked);
      await expect(f.fund.connect(f.compensator).compensate(101n, f.stranger.address, 5n * UNIT + 1n, hash("claim")))
        .to.be.revertedWithCustomError(f.fund, "FundBeyondEarmark")
        .withArgs(101n, 5n * UNIT + 1n, 5n * UNIT);
      await f.fund.connect(f.compensator).compensate(101n, f.stranger.address, 5n * UNIT, hash("claim"));
    });

    it("pays an account that is blocked nothing, and the earmark keeps it", async () => {
      const f = await loadFixture(earmarked);
      await f.token.connect(f.issuer).blockAccount(f.stranger.address);
      await expect(f.fund.connect(f.compensator).compensate(101n, f.stranger.address, UNIT, hash("claim")))
        .to.be.revertedWithCustomError(f.fund, "FundTransferFailed")
        .withArgs(f.stranger.address, UNIT);
      expect((await earmark(f, 101n)).held, "9").to.equal(5n * UNIT);
    });

    it("refuses nothing at all, and an unknown attack", async () => {
      const f = await loadFixture(earmarked);
      const { fund, compensator, stranger } = f;
      await expect(
        fund.connect(compensator).compensate(101n, stranger.address, 0n, hash("claim")),
      ).to.be.revertedWithCustomError(fund, "FundZeroAmount");
      await expect(fund.connect(compensator).compensate(102n, stranger.address, 1n, hash("claim")))
        .to.be.revertedWithCustomError(fund, "FundUnknownAttack")
        .withArgs(102n);
    });

    it("waits while transfers are stopped", async () => {
      const f = await loadFixture(earmarked);
      await f.fund.connect(f.guardian).stopTransfers();
      await expect(f.fund.connect(f.compensator).compensate(101n, f.stranger.address, UNIT, hash("claim")))
        .to.be.revertedWithCustomError(f.fund, "FundTransfersStopped")
        .withArgs(await f.fund.stoppedUntil());
    });

    it("is for the distributor only", async () => {
      const f = await loadFixture(earmarked);
      for (const caller of [f.stranger, f.module, f.payer, f.member("LTU").treasury]) {
        await expect(f.fund.connect(caller).compensate(101n, f.stranger.address, 1n, hash("claim")))
          .to.be.revertedWithCustomError(f.fund, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, Role.Distributor);
      }
    });
  });

  describe("returnEarmark", () => {
    it("returns what no campaign needs to the member, and transfers it at once", async () => {
      const f = await loadFixture(earmarked);
      const before = await receivedBy(f, f.member("LTU"));
      const response = f.fund.connect(f.compensator).returnEarmark(101n, 3n * UNIT);
      await expect(response)
        .to.emit(f.fund, "Entry")
        .withArgs(anyValue, Entry.EarmarkReturn, LTU, nobody, 3n * UNIT, ref(101n), anyValue, anyValue);
      await expect(response)
        .to.emit(f.fund, "Entry")
        .withArgs(
          anyValue,
          Entry.Disbursement,
          LTU,
          f.member("LTU").treasury.address,
          3n * UNIT,
          ref(101n),
          anyValue,
          anyValue,
        );
      expect((await receivedBy(f, f.member("LTU"))) - before).to.equal(3n * UNIT);
      expect(await earmark(f, 101n)).to.deep.equal({ owed: 5n * UNIT, held: 2n * UNIT });
      await expectConserved(f.fund, f.token);
    });

    it("leaves it in the member's pot if the transfer fails", async () => {
      const f = await loadFixture(earmarked);
      await f.token.connect(f.issuer).blockAccount(f.member("LTU").treasury.address);
      await f.fund.connect(f.compensator).returnEarmark(101n, 5n * UNIT);
      expect((await standing(f, "LTU")).collectable, "9").to.equal(5n * UNIT);
      await expectConserved(f.fund, f.token);
    });

    it("leaves it in the member's pot while transfers are stopped", async () => {
      const f = await loadFixture(earmarked);
      await f.fund.connect(f.guardian).stopTransfers();
      await f.fund.connect(f.compensator).returnEarmark(101n, 5n * UNIT);
      expect((await standing(f, "LTU")).collectable).to.equal(5n * UNIT);
      await expectConserved(f.fund, f.token);
    });

    it("does not count towards what the treasury is owed", async () => {
      const f = await loadFixture(earmarked);
      const { owed } = await standing(f, "LTU");
      await f.fund.connect(f.compensator).returnEarmark(101n, 5n * UNIT);
      expect((await standing(f, "LTU")).owed).to.equal(owed);
    });

    it("returns no more than the earmark holds", async () => {
      const f = await loadFixture(earmarked);
      await expect(f.fund.connect(f.compensator).returnEarmark(101n, 5n * UNIT + 1n))
        .to.be.revertedWithCustomError(f.fund, "FundBeyondEarmark")
        .withArgs(101n, 5n * UNIT + 1n, 5n * UNIT);
    });

    it("refuses nothing at all, and an unknown attack", async () => {
      const f = await loadFixture(earmarked);
      await expect(f.fund.connect(f.compensator).returnEarmark(101n, 0n)).to.be.revertedWithCustomError(
        f.fund,
        "FundZeroAmount",
      );
      await expect(f.fund.connect(f.compensator).returnEarmark(102n, 1n))
        .to.be.revertedWithCustomError(f.fund, "FundUnknownAttack")
        .withArgs(102n);
    });

    it("is for the distributor only, even the council's timelock", async () => {
      const f = await loadFixture(earmarked);
      await asTimelock(f, async (timelock) => {
        await expect(f.fund.connect(timelock).returnEarmark(101n, 1n))
          .to.be.revertedWithCustomError(f.fund, "AccessControlUnauthorizedAccount")
          .withArgs(timelock.address, Role.Distributor);
      });
    });
  });
});
