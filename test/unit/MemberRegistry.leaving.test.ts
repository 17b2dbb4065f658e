import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import {
  CaseStatus,
  DAY,
  MILLION,
  Status,
  Support,
  YEAR,
  code,
  fileAttack,
  foundAlliance,
  hash,
  liveUntil,
  recognisedAttack,
} from "../support/alliance.ts";
import { decreed, join } from "../support/registry.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");
const TWN = code("TWN");
const NOTICE = YEAR;
const LEAVE_WINDOW = 30n * DAY;

describe("MemberRegistry", () => {
  async function founded() {
    const a = await foundAlliance(connection);
    await a.time.increaseTo(a.genesis);
    return { ...a, ltu: a.member("LTU") };
  }

  async function noticed() {
    const a = await founded();
    const noticeAt = a.genesis + 100n;
    await a.time.setNextBlockTimestamp(noticeAt);
    await a.registry.connect(a.ltu.treasury).giveNotice(LTU);
    return { ...a, noticeAt };
  }

  async function covered() {
    const a = await foundAlliance(connection);
    await liveUntil(a, 200n);
    return { ...a, ltu: a.member("LTU") };
  }

  async function left() {
    const a = await noticed();
    await a.time.increaseTo(a.noticeAt + NOTICE);
    await a.registry.leave(LTU);
    return a;
  }

  describe("fileReport", () => {
    it("moves the deadline to 365 days and 90 days of grace from the day it is filed", async () => {
      const a = await loadFixture(founded);
      const { admittedAt } = await a.registry.member(LTU);
      expect(await a.registry.reportDeadline(LTU)).to.equal(admittedAt + 365n * DAY + 90n * DAY);

      const filedAt = a.genesis + 200n * DAY;
      for (const [account, at] of [
        [a.ltu.treasury, filedAt],
        [a.ltu.delegate, filedAt + 1n],
      ] as const) {
        await a.time.setNextBlockTimestamp(at);
        await expect(a.registry.connect(account).fileReport(LTU, hash("report"), "ipfs://report"))
          .to.emit(a.registry, "ReportFiled")
          .withArgs(LTU, hash("report"), "ipfs://report");
        expect((await a.registry.member(LTU)).reportedAt).to.equal(at);
        expect(await a.registry.reportDeadline(LTU)).to.equal(at + 455n * DAY);
      }
      expect((await a.registry.member(LTU)).admittedAt).to.equal(admittedAt);
    });

    it("keeps good standing until the last second of the grace, and no longer", async () => {
      const a = await loadFixture(founded);
      const deadline = await a.registry.reportDeadline(TWN);
      await liveUntil(a, 400n);
      await a.registry.connect(a.ltu.treasury).fileReport(LTU, hash("report"), "ipfs://report");
      await a.time.increaseTo(deadline);
      expect(await a.ledger.inGoodStanding(TWN)).to.equal(true);
      await a.time.increaseTo(deadline + 1n);
      expect(await a.ledger.inGoodStanding(TWN)).to.equal(false);
      expect(await a.ledger.inGoodStanding(LTU)).to.equal(true);
    });

    it("is open to a suspended member", async () => {
      const a = await loadFixture(founded);
      await decreed(a, (r) => r.suspend(LTU));
      await a.registry.connect(a.ltu.delegate).fileReport(LTU, hash("report"), "ipfs://report");
      expect((await a.registry.member(LTU)).reportedAt).to.equal(await a.time.latest());
    });

    it("is the member's alone", async () => {
      const a = await loadFixture(founded);
      for (const caller of [a.stranger, a.member("EST").treasury, a.member("EST").delegate]) {
        await expect(a.registry.connect(caller).fileReport(LTU, hash("report"), "ipfs://report"))
          .to.be.revertedWithCustomError(a.registry, "MemberUnauthorized")
          .withArgs(LTU, caller.address);
      }
      // A stranger serves no member, which is not the same as the member without a code.
      await expect(a.registry.connect(a.stranger).fileReport("0x000000", hash("report"), "ipfs://report"))
        .to.be.revertedWithCustomError(a.registry, "MemberUnauthorized")
        .withArgs("0x000000", a.stranger.address);
    });

    it("wants a hash", async () => {
      const a = await loadFixture(founded);
      await expect(
        a.registry.connect(a.ltu.treasury).fileReport(LTU, ZeroHash, "ipfs://report"),
      ).to.be.revertedWithCustomError(a.registry, "MemberReportEmpty");
    });

    it("is over with the membership", async () => {
      const a = await loadFixture(founded);
      await decreed(a, (r) => r.expel(LTU));
      await expect(a.registry.connect(a.ltu.treasury).fileReport(LTU, hash("report"), "ipfs://report"))
        .to.be.revertedWithCustomError(a.registry, "MemberWrongStatus")
        .withArgs(LTU, Status.Expelled);
    });
  });

  describe("giveNotice", () => {
    it("opens a window of 30 days, 365 days later", async () => {
      const a = await loadFixture(founded);
      const noticeAt = a.genesis + 100n;
      await a.time.setNextBlockTimestamp(noticeAt);
      await expect(a.registry.connect(a.ltu.treasury).giveNotice(LTU))
        .to.emit(a.registry, "NoticeGiven")
        .withArgs(LTU, noticeAt + NOTICE, noticeAt + NOTICE + LEAVE_WINDOW);
      const m = await a.registry.member(LTU);
      expect([m.noticeAt, m.status]).to.deep.equal([noticeAt, Status.Active]);
      expect(await a.registry.getVotes(a.ltu.delegate.address)).to.equal(1);
    });

    it("is the treasury's alone", async () => {
      const a = await loadFixture(founded);
      for (const caller of [a.ltu.delegate, a.stranger, a.member("EST").treasury]) {
        await expect(a.registry.connect(caller).giveNotice(LTU))
          .to.be.revertedWithCustomError(a.registry, "MemberUnauthorized")
          .withArgs(LTU, caller.address);
      }
    });

    it("is open to a suspended member, and to no former one", async () => {
      const a = await loadFixture(founded);
      await decreed(a, (r) => r.suspend(LTU));
      await a.registry.connect(a.ltu.treasury).giveNotice(LTU);
      await decreed(a, (r) => r.expel(LTU));
      await expect(a.registry.connect(a.ltu.treasury).giveNotice(LTU))
        .to.be.revertedWithCustomError(a.registry, "MemberWrongStatus")
        .withArgs(LTU, Status.Expelled);
    });

    it("cannot be given twice until the first has lapsed", async () => {
      const a = await loadFixture(noticed);
      const lapsesAt = a.noticeAt + NOTICE + LEAVE_WINDOW;
      const treasury = a.registry.connect(a.ltu.treasury);
      for (const at of [a.noticeAt + 1n, a.noticeAt + NOTICE, lapsesAt]) {
        await a.time.setNextBlockTimestamp(at);
        await expect(treasury.giveNotice(LTU))
          .to.be.revertedWithCustomError(a.registry, "MemberNoticeStands")
          .withArgs(LTU, lapsesAt);
      }
      await a.time.setNextBlockTimestamp(lapsesAt + 1n);
      await treasury.giveNotice(LTU);
      expect((await a.registry.member(LTU)).noticeAt).to.equal(lapsesAt + 1n);
    });
  });

  describe("withdrawNotice", () => {
    it("takes the notice back, up to the last second", async () => {
      const a = await loadFixture(noticed);
      await a.time.setNextBlockTimestamp(a.noticeAt + NOTICE + LEAVE_WINDOW);
      await expect(a.registry.connect(a.ltu.treasury).withdrawNotice(LTU))
        .to.emit(a.registry, "NoticeWithdrawn")
        .withArgs(LTU);
      expect((await a.registry.member(LTU)).noticeAt).to.equal(0);
      await expect(a.registry.leave(LTU)).to.be.revertedWithCustomError(a.registry, "MemberNoNotice").withArgs(LTU);
    });

    it("lets notice be given anew, with its own 365 days", async () => {
      const a = await loadFixture(noticed);
      await a.registry.connect(a.ltu.treasury).withdrawNotice(LTU);
      const again = a.noticeAt + 200n * DAY;
      await a.time.setNextBlockTimestamp(again);
      await a.registry.connect(a.ltu.treasury).giveNotice(LTU);
      await a.time.setNextBlockTimestamp(a.noticeAt + NOTICE);
      await expect(a.registry.leave(LTU))
        .to.be.revertedWithCustomError(a.registry, "MemberNotLeaving")
        .withArgs(LTU, again + NOTICE, again + NOTICE + LEAVE_WINDOW);
    });

    it("is the treasury's alone, and wants a notice", async () => {
      const a = await loadFixture(noticed);
      for (const caller of [a.ltu.delegate, a.stranger]) {
        await expect(a.registry.connect(caller).withdrawNotice(LTU))
          .to.be.revertedWithCustomError(a.registry, "MemberUnauthorized")
          .withArgs(LTU, caller.address);
      }
      await expect(a.registry.connect(a.member("EST").treasury).withdrawNotice(code("EST")))
        .to.be.revertedWithCustomError(a.registry, "MemberNoNotice")
        .withArgs(code("EST"));
    });
  });

  describe("leave", () => {
    it("ends the membership when anyone says so", async () => {
      const a = await loadFixture(noticed);
      await a.time.setNextBlockTimestamp(a.noticeAt + NOTICE);
      await expect(a.registry.connect(a.stranger).leave(LTU))
        .to.emit(a.registry, "Left")
        .withArgs(LTU)
        .to.emit(a.registry, "ElectorateChanged")
        .withArgs(0b111_1110)
        // 365 days after genesis period 4 runs; its assessment is the last.
        .to.emit(a.ledger, "Exited")
        .withArgs(LTU, 5);
      const m = await a.registry.member(LTU);
      expect([m.status, m.noticeAt, m.barredAt]).to.deep.equal([Status.Withdrawn, 0n, 0n]);
      expect(await a.registry.isMember(LTU)).to.equal(false);
      expect(await a.registry.getVotes(a.ltu.delegate.address)).to.equal(0);
    });

    it("is possible from 365 days after the notice", async () => {
      const a = await loadFixture(noticed);
      await a.time.setNextBlockTimestamp(a.noticeAt + NOTICE - 1n);
      await expect(a.registry.leave(LTU))
        .to.be.revertedWithCustomError(a.registry, "MemberNotLeaving")
        .withArgs(LTU, a.noticeAt + NOTICE, a.noticeAt + NOTICE + LEAVE_WINDOW);
      await a.time.setNextBlockTimestamp(a.noticeAt + NOTICE);
      await a.registry.leave(LTU);
    });

    it("is possible for 30 days", async () => {
      const a = await loadFixture(noticed);
      await a.time.setNextBlockTimestamp(a.noticeAt + NOTICE + LEAVE_WINDOW);
      await a.registry.leave(LTU);
    });

    it("is no longer possible a second after that", async () => {
      const a = await loadFixture(noticed);
      await a.time.setNextBlockTimestamp(a.noticeAt + NOTICE + LEAVE_WINDOW + 1n);
      await expect(a.registry.leave(LTU))
        .to.be.revertedWithCustomError(a.registry, "MemberNotLeaving")
        .withArgs(LTU, a.noticeAt + NOTICE, a.noticeAt + NOTICE + LEAVE_WINDOW);
    });

    it("wants a notice, and a member", async () => {
      const a = await loadFixture(noticed);
      await expect(a.registry.leave(code("EST")))
        .to.be.revertedWithCustomError(a.registry, "MemberNoNotice")
        .withArgs(code("EST"));
      await expect(a.registry.leave(code("JPN")))
        .to.be.revertedWithCustomError(a.registry, "MemberWrongStatus")
        .withArgs(code("JPN"), Status.None);
      await decreed(a, (r) => r.expel(LTU));
      await expect(a.registry.leave(LTU))
        .to.be.revertedWithCustomError(a.registry, "MemberWrongStatus")
        .withArgs(LTU, Status.Expelled);
    });

    it("is open to a suspended member", async () => {
      const a = await loadFixture(noticed);
      await decreed(a, (r) => r.suspend(LTU));
      await a.time.increaseTo(a.noticeAt + NOTICE);
      await a.registry.leave(LTU);
      expect(await a.registry.statusOf(LTU)).to.equal(Status.Withdrawn);
    });

    it("ends the exposures and terms of cover", async () => {
      const a = await loadFixture(noticed);
      await a.time.increaseTo(a.noticeAt + NOTICE);
      const nowAt = await a.time.latest();
      expect((await a.coverage.exposureAt(LTU, code("CHN"), nowAt)).baseline).to.equal(200n * MILLION);
      expect((await a.coverage.termsAt(LTU, nowAt)).ceding).to.equal(800_000);
      await a.registry.leave(LTU);
      expect((await a.coverage.exposureAt(LTU, code("CHN"), nowAt)).baseline).to.equal(0);
      expect((await a.coverage.termsAt(LTU, nowAt)).ceding).to.equal(0);
    });

    it("leaves debts and gives up what was paid beyond everything asked", async () => {
      const a = await loadFixture(founded);
      const est = a.member("EST");
      for (const m of [a.ltu, est]) await a.registry.connect(m.treasury).giveNotice(m.code);
      await a.ledger.connect(a.ltu.treasury).contribute(LTU, 900n * MILLION);
      await a.time.increase(NOTICE);
      // Five periods have begun, 0 to 4; each asked 100 million times the member's weight, of which nothing was paid.
      const weight = 1_000_000n / BigInt(a.members.length);
      const asked = (5n * 100n * MILLION * weight) / 1_000_000n;
      await expect(a.registry.leave(LTU))
        .to.emit(a.ledger, "CreditForfeited")
        .withArgs(LTU, 900n * MILLION - asked);
      await a.registry.leave(est.code);
      await a.time.increase(NOTICE);
      expect(await a.ledger.debtOf(est.code)).to.equal(asked);
      expect(await a.ledger.debtOf(LTU)).to.equal(0);
    });

    describe("given the member has an open attack", () => {
      it("has to wait until its cases are closed", async () => {
        const a = await loadFixture(covered);
        await a.registry.connect(a.ltu.treasury).giveNotice(LTU);
        const { noticeAt } = await a.registry.member(LTU);
        await a.time.increaseTo(noticeAt + NOTICE - 3n * DAY);
        for (const m of a.members) {
          await a.registry.connect(m.treasury).fileReport(m.code, hash("report"), "ipfs://report");
          const debt = (await a.ledger.askedOf(m.code)) - (await a.ledger.account(m.code)).paid;
          await a.ledger.connect(m.treasury).contribute(m.code, debt);
        }
        await a.time.increase(1n);
        const { attackId, proposalId } = await fileAttack(a, a.ltu);
        expect((await a.registry.member(LTU)).openCases).to.equal(1);
        await a.time.increaseTo(noticeAt + NOTICE);
        // A vote that failed is an open case until somebody puts it away.
        for (const m of a.states.slice(1, 4)) await a.council.connect(m.delegate).castVote(proposalId, Support.Against);
        expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Rejected);
        await expect(a.registry.leave(LTU))
          .to.be.revertedWithCustomError(a.registry, "MemberHasOpenCases")
          .withArgs(LTU, 1);
        await a.register.connect(a.stranger).close(attackId);
        await a.registry.leave(LTU);
        expect(await a.registry.statusOf(LTU)).to.equal(Status.Withdrawn);
      });
    });

    describe("given the member returns", () => {
      it("has no notice standing and reports anew", async () => {
        const a = await loadFixture(left);
        await join(a, a.ltu);
        const m = await a.registry.member(LTU);
        expect([m.status, m.noticeAt, m.seat]).to.deep.equal([Status.Active, 0n, 0n]);
        expect(await a.registry.reportDeadline(LTU)).to.equal(m.admittedAt + 455n * DAY);
        await expect(a.registry.leave(LTU)).to.be.revertedWithCustomError(a.registry, "MemberNoNotice").withArgs(LTU);
      });
    });
  });

  describe("openCase and closeCase", () => {
    it("count the open attacks", async () => {
      const a = await loadFixture(covered);
      await fileAttack(a, a.ltu);
      expect((await a.registry.member(LTU)).openCases).to.equal(1);
      const second = await recognisedAttack(a, a.ltu, { coercer: "RUS" });
      expect((await a.registry.member(LTU)).openCases).to.equal(2);
      const [, opened] = await a.registry.queryFilter(a.registry.filters.CaseOpened());
      expect([...opened!.args]).to.deep.equal([LTU, 2n]);

      await expect(a.register.connect(a.ltu.delegate).revoke(1)).to.emit(a.registry, "CaseClosed").withArgs(LTU, 1);
      expect(second.attackId).to.equal(2);
    });

    it("are for holders of the role alone", async () => {
      const a = await loadFixture(founded);
      const role = a.ethers.id("CASE_ROLE");
      for (const caller of [a.stranger, a.deployer, a.ltu.treasury]) {
        for (const act of ["openCase", "closeCase"] as const) {
          await expect(a.registry.connect(caller)[act](LTU))
            .to.be.revertedWithCustomError(a.registry, "AccessControlUnauthorizedAccount")
            .withArgs(caller.address, role);
        }
      }
      await decreed(a, async (r) => {
        for (const act of ["openCase", "closeCase"] as const) {
          await expect(r[act](LTU))
            .to.be.revertedWithCustomError(a.registry, "AccessControlUnauthorizedAccount")
            .withArgs(await a.timelock.getAddress(), role);
        }
      });
    });

    it("follow a register that the council replaces", async () => {
      const a = await loadFixture(founded);
      const role = await a.registry.CASE_ROLE();
      await decreed(a, (r) => r.grantRole(role, a.stranger.address));
      await expect(a.registry.connect(a.stranger).openCase(LTU)).to.emit(a.registry, "CaseOpened").withArgs(LTU, 1);
      await decreed(a, (r) => r.revokeRole(role, a.stranger.address));
      await expect(a.registry.connect(a.stranger).closeCase(LTU))
        .to.be.revertedWithCustomError(a.registry, "AccessControlUnauthorizedAccount")
        .withArgs(a.stranger.address, role);
    });
  });
});
