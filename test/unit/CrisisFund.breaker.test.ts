import { expect } from "chai";
import { ethers as ethersLib } from "ethers";
import { network } from "hardhat";

import {
  CaseStatus,
  DAY,
  MILLION,
  UNIT,
  asTimelock,
  code,
  fileAttack,
  liveUntil,
  payDebt,
  reportRound,
  voteThrough,
} from "../support/alliance.ts";
import { expectConserved } from "../support/books.ts";
import { Role, STOP, award, commit, foundFund, give, receivedBy, standing } from "../support/fund.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");
const fixture = () => foundFund(connection);

/** The member can collect 4, the breaker is in use since `stoppedAt`. */
async function stopped() {
  const f = await foundFund(connection);
  await commit(f, 101n, "LTU", 10n * UNIT);
  await award(f, 101n, 10n * UNIT);
  await give(f, 4n * UNIT);
  await f.fund.connect(f.guardian).stopTransfers();
  return { ...f, stoppedAt: BigInt(await f.time.latest()) };
}

async function covered() {
  const f = await foundFund(connection);
  await liveUntil(f, 240n);
  return f;
}

describe("CrisisFund", () => {
  describe("stopTransfers", () => {
    it("stops outgoing transfers for 28 days", async () => {
      const f = await loadFixture(fixture);
      const at = BigInt(await f.time.latest()) + 100n;
      await f.time.setNextBlockTimestamp(at);
      await expect(f.fund.connect(f.guardian).stopTransfers())
        .to.emit(f.fund, "TransfersStopped")
        .withArgs(f.guardian.address, at + STOP);
      expect(await f.fund.stoppedUntil()).to.equal(at + STOP);
      expect(await f.fund.armed()).to.equal(false);
    });

    it("is for the guardian only, not even the council", async () => {
      const f = await loadFixture(fixture);
      await expect(f.fund.connect(f.stranger).stopTransfers())
        .to.be.revertedWithCustomError(f.fund, "FundNotGuardian")
        .withArgs(f.stranger.address);
      await asTimelock(f, async (timelock) => {
        await expect(f.fund.connect(timelock).stopTransfers())
          .to.be.revertedWithCustomError(f.fund, "FundNotGuardian")
          .withArgs(timelock.address);
      });
    });

    it("works once: not again while it lasts, nor after it has ended", async () => {
      const f = await loadFixture(stopped);
      const again = () => f.fund.connect(f.guardian).stopTransfers();
      await expect(again(), "10").to.be.revertedWithCustomError(f.fund, "FundBreakerDisarmed");
      await f.time.increaseTo(f.stoppedAt + STOP);
      await expect(again(), "10").to.be.revertedWithCustomError(f.fund, "FundBreakerDisarmed");
    });

    it("makes collecting wait, until it ends by itself after 28 days", async () => {
      const f = await loadFixture(stopped);
      await expect(f.fund.collect(LTU))
        .to.be.revertedWithCustomError(f.fund, "FundTransfersStopped")
        .withArgs(f.stoppedAt + STOP);
      await f.time.setNextBlockTimestamp(f.stoppedAt + STOP - 1n);
      await expect(f.fund.collect(LTU))
        .to.be.revertedWithCustomError(f.fund, "FundTransfersStopped")
        .withArgs(f.stoppedAt + STOP);
      await f.time.setNextBlockTimestamp(f.stoppedAt + STOP);
      await f.fund.collect(LTU);
      expect(await receivedBy(f, f.member("LTU"))).to.equal(4n * UNIT);
    });

    it("lets awards through, and leaves them collectable", async () => {
      const f = await loadFixture(stopped);
      await commit(f, 102n, "EST", 10n * UNIT);
      await give(f, 10n * UNIT);
      await expect(f.fund.connect(f.module).award(102n, 10n * UNIT))
        .to.emit(f.fund, "TransferDeferred")
        .withArgs(code("EST"), f.member("EST").treasury.address, 4n * UNIT);
      expect(await standing(f, "EST"), "10").to.deep.equal({ owed: 6n * UNIT, collectable: 4n * UNIT });
      await f.fund.collectEarmark(102n);
      await f.fund.connect(f.module).release(102n);
      await expectConserved(f.fund, f.token);
    });

    it("never stops contributions, votes, recognition, reports and awards", async () => {
      const f = await loadFixture(covered);
      await f.fund.connect(f.guardian).stopTransfers();
      const ltu = f.member("LTU");
      // Its second round ends in 15 days, within the stop.
      const startedAt = BigInt(await f.time.latest()) - 45n * DAY;
      const { attackId, proposalId } = await fileAttack(f, ltu, { startedAt });
      await voteThrough(f, proposalId);
      expect(await f.register.statusOf(attackId), "10").to.equal(CaseStatus.Recognised);
      const { awarded: advance } = await f.register.attack(attackId);
      expect((await standing(f, "LTU")).collectable, "10").to.equal(advance);

      await f.ledger.connect(f.donor).contribute(ltu.code, UNIT);
      await give(f, UNIT);
      await reportRound(f, attackId, 2, 60n * MILLION);
      const { awarded } = await f.register.attack(attackId);
      expect(awarded, "10").to.be.greaterThan(advance);
      const { owed, collectable } = await standing(f, "LTU");
      expect(owed + collectable, "10").to.equal(awarded);
      expect(await f.fund.stoppedUntil()).to.be.greaterThan(BigInt(await f.time.latest()));
      await payDebt(f, ltu);
      await expectConserved(f.fund, f.token);
    });
  });

  describe("resumeTransfers", () => {
    it("ends the stop at once, by the guardian", async () => {
      const f = await loadFixture(stopped);
      await expect(f.fund.connect(f.guardian).resumeTransfers())
        .to.emit(f.fund, "TransfersResumed")
        .withArgs(f.guardian.address);
      await f.fund.collect(LTU);
      expect(await receivedBy(f, f.member("LTU"))).to.equal(4n * UNIT);
      expect(await f.fund.armed(), "10").to.equal(false);
    });

    it("ends the stop at once, by the council", async () => {
      const f = await loadFixture(stopped);
      await asTimelock(f, (timelock) => f.fund.connect(timelock).resumeTransfers());
      await f.fund.collect(LTU);
    });

    it("is for nobody else", async () => {
      const f = await loadFixture(stopped);
      await expect(f.fund.connect(f.stranger).resumeTransfers())
        .to.be.revertedWithCustomError(f.fund, "AccessControlUnauthorizedAccount")
        .withArgs(f.stranger.address, Role.Admin);
    });

    it("has nothing to end when transfers are not stopped", async () => {
      const f = await loadFixture(stopped);
      await f.time.setNextBlockTimestamp(f.stoppedAt + STOP);
      await expect(f.fund.connect(f.guardian).resumeTransfers()).to.be.revertedWithCustomError(
        f.fund,
        "FundBreakerDisarmed",
      );
    });

    it("works until the last second", async () => {
      const f = await loadFixture(stopped);
      await f.time.setNextBlockTimestamp(f.stoppedAt + STOP - 1n);
      await f.fund.connect(f.guardian).resumeTransfers();
      expect(await f.fund.stoppedTime()).to.equal(STOP - 1n);
    });
  });

  describe("arm", () => {
    it("lets the guardian stop transfers once more", async () => {
      const f = await loadFixture(stopped);
      await f.time.increaseTo(f.stoppedAt + STOP);
      await asTimelock(f, async (timelock) => {
        await expect(f.fund.connect(timelock).arm()).to.emit(f.fund, "BreakerArmed");
      });
      expect(await f.fund.armed()).to.equal(true);
      await f.fund.connect(f.guardian).stopTransfers();
      await expect(f.fund.connect(f.guardian).stopTransfers(), "10").to.be.revertedWithCustomError(
        f.fund,
        "FundBreakerDisarmed",
      );
    });

    it("cannot make a stop longer: it waits for its end", async () => {
      const f = await loadFixture(stopped);
      await asTimelock(f, async (timelock) => {
        await expect(f.fund.connect(timelock).arm(), "10")
          .to.be.revertedWithCustomError(f.fund, "FundTransfersStopped")
          .withArgs(f.stoppedAt + STOP);
        await f.time.setNextBlockTimestamp(f.stoppedAt + STOP);
        await f.fund.connect(timelock).arm();
      });
    });

    it("is for the council only", async () => {
      const f = await loadFixture(stopped);
      for (const caller of [f.guardian, f.stranger]) {
        await expect(f.fund.connect(caller).arm())
          .to.be.revertedWithCustomError(f.fund, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, Role.Admin);
      }
    });
  });

  describe("setGuardian", () => {
    it("hands the breaker to another account, without arming it", async () => {
      const f = await loadFixture(stopped);
      await f.time.increaseTo(f.stoppedAt + STOP);
      await asTimelock(f, async (timelock) => {
        await expect(f.fund.connect(timelock).setGuardian(f.stranger.address))
          .to.emit(f.fund, "GuardianSet")
          .withArgs(f.stranger.address);
      });
      await expect(f.fund.connect(f.guardian).stopTransfers())
        .to.be.revertedWithCustomError(f.fund, "FundNotGuardian")
        .withArgs(f.guardian.address);
      await expect(f.fund.connect(f.stranger).stopTransfers(), "10").to.be.revertedWithCustomError(
        f.fund,
        "FundBreakerDisarmed",
      );
    });

    it("may be nobody", async () => {
      const f = await loadFixture(fixture);
      await asTimelock(f, (timelock) => f.fund.connect(timelock).setGuardian(ethersLib.ZeroAddress));
      await expect(f.fund.connect(f.guardian).stopTransfers())
        .to.be.revertedWithCustomError(f.fund, "FundNotGuardian")
        .withArgs(f.guardian.address);
    });

    it("is for the council only", async () => {
      const f = await loadFixture(fixture);
      await expect(f.fund.connect(f.guardian).setGuardian(f.stranger.address))
        .to.be.revertedWithCustomError(f.fund, "AccessControlUnauthorizedAccount")
        .withArgs(f.guardian.address, Role.Admin);
    });
  });

  describe("stoppedTime", () => {
    it("adds up all stops to the second", async () => {
      const f = await loadFixture(stopped);
      expect(await f.fund.stoppedTime()).to.equal(0n);
      await f.time.increaseTo(f.stoppedAt + 1_000n);
      expect(await f.fund.stoppedTime()).to.equal(1_000n);
      await f.time.setNextBlockTimestamp(f.stoppedAt + 5_000n);
      await f.fund.connect(f.guardian).resumeTransfers();
      await f.time.increase(777n);
      expect(await f.fund.stoppedTime()).to.equal(5_000n);

      await asTimelock(f, (timelock) => f.fund.connect(timelock).arm());
      await f.fund.connect(f.guardian).stopTransfers();
      await f.time.increase(STOP - 1n);
      expect(await f.fund.stoppedTime()).to.equal(5_000n + STOP - 1n);
      await f.time.increase(STOP);
      expect(await f.fund.stoppedTime()).to.equal(5_000n + STOP);
    });

    it("is nothing before the first stop", async () => {
      const f = await loadFixture(fixture);
      expect(await f.fund.stoppedTime()).to.equal(0n);
    });
  });
});
