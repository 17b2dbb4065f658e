import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import { DAY, PERIOD, UNIT, asTimelock, code, foundAlliance } from "../support/alliance.ts";
import { now } from "../support/chain.ts";
import { begunEight, referenceFor, signPermit } from "../support/ledger.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const CONTRIBUTION = 0; // the journal's kind
const FOREVER = 2n ** 40n;

/** Founds an alliance of eight with 100,000 ppm each and moves to the first second of period 0. */
async function begun() {
  const a = await begunEight(connection);
  return { ...a, ltu: a.member("LTU"), est: a.member("EST") };
}

describe("ContributionLedger: payments", () => {
  describe("contribute", () => {
    it("books the payment, moves the money to the fund and enters it in the journal", async () => {
      const a = await loadFixture(begun);
      await a.ledger.connect(a.ltu.treasury).contribute(a.ltu.code, 5n * UNIT);
      const paying = a.ledger.connect(a.ltu.treasury).contribute(a.ltu.code, 7n * UNIT);
      await paying;
      const head = await a.fund.head();
      await expect(paying)
        .to.emit(a.fund, "Entry")
        .withArgs(2n, CONTRIBUTION, a.ltu.code, a.ltu.treasury.address, 7n * UNIT, ZeroHash, await now(a), head);
      await expect(paying).to.changeTokenBalances(
        a.ethers,
        a.token,
        [a.ltu.treasury.address, await a.fund.getAddress()],
        [-7n * UNIT, 7n * UNIT],
      );
      expect((await a.ledger.account(a.ltu.code)).paid).to.equal(12n * UNIT);
      expect(await a.fund.reserve()).to.equal(12n * UNIT);
    });

    it("lets anyone pay for any member, from the payer's own balance", async () => {
      const a = await loadFixture(begun);
      await a.token.connect(a.issuer).mint(a.stranger.address, UNIT);
      await a.token.connect(a.stranger).approve(await a.fund.getAddress(), UNIT);
      await expect(a.ledger.connect(a.stranger).contribute(a.ltu.code, UNIT))
        .to.emit(a.fund, "Entry")
        .withArgs(1n, CONTRIBUTION, a.ltu.code, a.stranger.address, UNIT, ZeroHash, anyValue, anyValue);
      expect(await a.token.balanceOf(a.stranger.address)).to.equal(0n);
    });

    it("fills the oldest debt first; what is more is a credit for later periods", async () => {
      const a = await loadFixture(begun);
      const reference = await referenceFor(a);
      const first = await a.ledger.assessed(a.ltu.code, 0);
      const second = await a.ledger.assessed(a.ltu.code, 1);
      const due = a.genesis + PERIOD + 30n * DAY + 1n;
      await a.time.increaseTo(due);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(first + second);
      await a.ledger.connect(a.ltu.treasury).contribute(a.ltu.code, first - 1n);
      expect(await a.ledger.debtDueBefore(a.ltu.code, due - PERIOD)).to.equal(1n);
      await a.ledger.connect(a.ltu.treasury).contribute(a.ltu.code, 1n);
      expect(await a.ledger.debtDueBefore(a.ltu.code, due - PERIOD)).to.equal(0n);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(second);

      await a.ledger.connect(a.ltu.treasury).contribute(a.ltu.code, second + 5n);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(0n);
      await a.time.increaseTo(due + PERIOD);
      expect(await a.ledger.debtOf(a.ltu.code)).to.equal(reference.assessed(a.ltu.code, 2n) - 5n);
    });

    it("takes payments for a member that is suspended or has left", async () => {
      const a = await loadFixture(begun);
      await asTimelock(a, (timelock) => a.registry.connect(timelock).suspend(a.ltu.code));
      await a.ledger.connect(a.ltu.treasury).contribute(a.ltu.code, UNIT);
      await asTimelock(a, (timelock) => a.registry.connect(timelock).expel(a.ltu.code));
      await a.ledger.connect(a.ltu.treasury).contribute(a.ltu.code, UNIT);
      expect((await a.ledger.account(a.ltu.code)).paid).to.equal(2n * UNIT);
    });

    it("refuses who never was a member", async () => {
      const a = await loadFixture(begun);
      for (const unknown of [code("FRA"), "0x000000"]) {
        await expect(a.ledger.connect(a.ltu.treasury).contribute(unknown, UNIT))
          .to.be.revertedWithCustomError(a.ledger, "LedgerUnknownMember")
          .withArgs(unknown);
      }
    });

    it("refuses nothing at all", async () => {
      const a = await loadFixture(begun);
      await expect(a.ledger.connect(a.ltu.treasury).contribute(a.ltu.code, 0n)).to.be.revertedWithCustomError(
        a.ledger,
        "LedgerZeroAmount",
      );
    });

    it("books nothing if the payer has not approved the fund", async () => {
      const a = await loadFixture(begun);
      const fund = await a.fund.getAddress();
      await a.token.connect(a.ltu.treasury).approve(fund, UNIT - 1n);
      await expect(a.ledger.connect(a.ltu.treasury).contribute(a.ltu.code, UNIT))
        .to.be.revertedWithCustomError(a.token, "ERC20InsufficientAllowance")
        .withArgs(fund, UNIT - 1n, UNIT);
      expect((await a.ledger.account(a.ltu.code)).paid).to.equal(0n);
    });
  });

  describe("contributeWithPermit", () => {
    /** The payer's approval of the founding fixture is withdrawn: only the permit lets the fund take money. */
    async function unapproved() {
      const a = await begun();
      await a.token.connect(a.ltu.treasury).approve(await a.fund.getAddress(), 0n);
      return a;
    }

    it("pays with a permit and no approval", async () => {
      const a = await loadFixture(unapproved);
      const { v, r, s } = await signPermit(a, a.ltu.treasury, UNIT, FOREVER);
      await expect(a.ledger.connect(a.ltu.treasury).contributeWithPermit(a.est.code, UNIT, FOREVER, v, r, s))
        .to.emit(a.fund, "Entry")
        .withArgs(1n, CONTRIBUTION, a.est.code, a.ltu.treasury.address, UNIT, ZeroHash, anyValue, anyValue);
      expect(await a.fund.reserve()).to.equal(UNIT);
      expect(await a.token.allowance(a.ltu.treasury.address, await a.fund.getAddress())).to.equal(0n);
    });

    it("pays although somebody else has handed the permit in first", async () => {
      const a = await loadFixture(unapproved);
      const fund = await a.fund.getAddress();
      const { v, r, s } = await signPermit(a, a.ltu.treasury, UNIT, FOREVER);
      await a.token.connect(a.stranger).permit(a.ltu.treasury.address, fund, UNIT, FOREVER, v, r, s);
      await a.ledger.connect(a.ltu.treasury).contributeWithPermit(a.ltu.code, UNIT, FOREVER, v, r, s);
      expect((await a.ledger.account(a.ltu.code)).paid).to.equal(UNIT);
    });

    it("never takes another's money by another's permit", async () => {
      const a = await loadFixture(unapproved);
      const { v, r, s } = await signPermit(a, a.ltu.treasury, UNIT, FOREVER);
      await a.token.connect(a.issuer).mint(a.stranger.address, UNIT);
      await expect(a.ledger.connect(a.stranger).contributeWithPermit(a.est.code, UNIT, FOREVER, v, r, s))
        .to.be.revertedWithCustomError(a.token, "ERC20InsufficientAllowance")
        .withArgs(await a.fund.getAddress(), 0n, UNIT);
      // The permit is unharmed.
      await a.ledger.connect(a.ltu.treasury).contributeWithPermit(a.ltu.code, UNIT, FOREVER, v, r, s);
    });

    it("refuses nothing at all, and who never was a member", async () => {
      const a = await loadFixture(unapproved);
      const { v, r, s } = await signPermit(a, a.ltu.treasury, UNIT, FOREVER);
      const ledger = a.ledger.connect(a.ltu.treasury);
      await expect(ledger.contributeWithPermit(a.ltu.code, 0n, FOREVER, v, r, s)).to.be.revertedWithCustomError(
        a.ledger,
        "LedgerZeroAmount",
      );
      await expect(ledger.contributeWithPermit(code("FRA"), UNIT, FOREVER, v, r, s))
        .to.be.revertedWithCustomError(a.ledger, "LedgerUnknownMember")
        .withArgs(code("FRA"));
    });

    describe("given a deadline", () => {
      it("works at its second", async () => {
        const a = await loadFixture(unapproved);
        const deadline = (await now(a)) + 100n;
        const { v, r, s } = await signPermit(a, a.ltu.treasury, UNIT, deadline);
        await a.time.setNextBlockTimestamp(deadline);
        await a.ledger.connect(a.ltu.treasury).contributeWithPermit(a.ltu.code, UNIT, deadline, v, r, s);
        expect((await a.ledger.account(a.ltu.code)).paid).to.equal(UNIT);
      });

      it("fails a second later without an allowance", async () => {
        const a = await loadFixture(unapproved);
        const deadline = (await now(a)) + 100n;
        const { v, r, s } = await signPermit(a, a.ltu.treasury, UNIT, deadline);
        await a.time.setNextBlockTimestamp(deadline + 1n);
        await expect(a.ledger.connect(a.ltu.treasury).contributeWithPermit(a.ltu.code, UNIT, deadline, v, r, s))
          .to.be.revertedWithCustomError(a.token, "ERC20InsufficientAllowance")
          .withArgs(await a.fund.getAddress(), 0n, UNIT);
      });

      it("pays a second later with an allowance", async () => {
        const a = await loadFixture(unapproved);
        const deadline = (await now(a)) + 100n;
        const { v, r, s } = await signPermit(a, a.ltu.treasury, UNIT, deadline);
        await a.token.connect(a.ltu.treasury).approve(await a.fund.getAddress(), UNIT);
        await a.time.setNextBlockTimestamp(deadline + 1n);
        await a.ledger.connect(a.ltu.treasury).contributeWithPermit(a.ltu.code, UNIT, deadline, v, r, s);
        expect((await a.ledger.account(a.ltu.code)).paid).to.equal(UNIT);
      });
    });

    describe("given a token that knows no permits", () => {
      it("pays with an allowance and fails without", async () => {
        const token = await connection.ethers.deployContract("HookToken");
        const a = await foundAlliance(connection, { parameters: { token: await token.getAddress() } });
        const ltu = a.member("LTU");
        const fund = await a.fund.getAddress();
        await token.getFunction("mint")(ltu.treasury.address, UNIT);
        const { v, r, s } = await signPermit(a, ltu.treasury, UNIT, FOREVER);
        const paying = () => a.ledger.connect(ltu.treasury).contributeWithPermit(ltu.code, UNIT, FOREVER, v, r, s);
        await expect(paying())
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(fund, 0n, UNIT);
        await token.connect(ltu.treasury).getFunction("approve")(fund, UNIT);
        await paying();
        expect((await a.ledger.account(ltu.code)).paid).to.equal(UNIT);
      });
    });

    describe("given a token that keeps a fee", () => {
      it("books nothing", async () => {
        const token = await connection.ethers.deployContract("FeeToken");
        const a = await foundAlliance(connection, { parameters: { token: await token.getAddress() } });
        const ltu = a.member("LTU");
        await token.getFunction("mint")(ltu.treasury.address, UNIT);
        await token.connect(ltu.treasury).getFunction("approve")(await a.fund.getAddress(), UNIT);
        await expect(a.ledger.connect(ltu.treasury).contribute(ltu.code, UNIT))
          .to.be.revertedWithCustomError(a.fund, "FundDepositShort")
          .withArgs((UNIT * 99n) / 100n, UNIT);
        expect((await a.ledger.account(ltu.code)).paid).to.equal(0n);
      });
    });
  });
});
