import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { id, toBeHex } from "ethers";
import { network } from "hardhat";

import {
  CaseStatus,
  DAY,
  MILLION,
  UNIT,
  YEAR,
  asTimelock,
  code,
  fileAttack,
  payAll,
  recognisedAttack,
} from "../support/alliance.ts";
import {
  ROUND,
  WINDOW,
  Decision,
  books,
  coveredAlliance,
  coverOf,
  expose,
  recognisedCase,
  reportLosses,
  voteDown,
} from "../support/attacks.ts";
import { at, moveTo, now } from "../support/chain.ts";
import { ReferenceCase, capOf, payable } from "../support/reference-indemnity.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const COVER = coverOf(200n * MILLION);
const CAP = capOf(300n * MILLION, 300n * MILLION);
const ADVANCE = 8_800_000n * UNIT;

const recognised = () => recognisedCase(connection);

/** Ended in its third round. */
async function ended() {
  const a = await recognised();
  await moveTo(a, a.startedAt + 2n * ROUND);
  await a.register.connect(a.ltu.delegate).end(a.attackId);
  const { endsAt, windowEnd } = await a.register.round(a.attackId, 3);
  return { ...a, endsAt, windowEnd, from: windowEnd + 30n * DAY };
}

describe("AttackRegister", () => {
  describe("close", () => {
    describe("given that the last round is settled", () => {
      it("releases the commitment and the unused limit, for the member", async () => {
        const a = await loadFixture(ended);
        await reportLosses(a, a.attackId, 3, 45n * MILLION);
        const expected = new ReferenceCase(COVER, CAP, 1_000n * MILLION);
        expected.settle(3, 45n * MILLION);
        const { coverYear } = await a.register.attack(a.attackId);
        const sent = await a.register.connect(a.ltu.treasury).close(a.attackId);
        await expect(sent)
          .to.emit(a.register, "Closed")
          .withArgs(a.attackId, expected.awarded, expected.payable, expected.unused, 0n);
        await expect(sent).to.emit(a.fund, "Released").withArgs(a.attackId, a.ltu.code, expected.unused);
        await expect(sent).to.emit(a.registry, "CaseClosed").withArgs(a.ltu.code, 0n);
        await expect(sent).to.not.emit(a.ledger, "Charged");
        expect(await a.fund.committed()).to.equal(0n);
        expect((await books(a, a.attackId)).commitment).to.equal(0n);
        expect(await a.register.usedOf(a.ltu.code, coverYear)).to.equal(expected.awarded);
        expect(await a.register.statusOf(a.attackId)).to.equal(CaseStatus.Closed);
        expect((await a.register.attack(a.attackId)).decision).to.equal(Decision.Closed);
        expect((await a.ledger.account(a.ltu.code)).commitments).to.equal(0n);
      });

      it("serves the delegate and the council, and nobody else yet", async () => {
        const a = await loadFixture(ended);
        await reportLosses(a, a.attackId, 3, 45n * MILLION);
        for (const sender of [a.stranger, a.member("EST").treasury]) {
          await expect(a.register.connect(sender).close(a.attackId))
            .to.be.revertedWithCustomError(a.register, "AttackNotClosable")
            .withArgs(a.attackId, 3n, a.from);
        }
        const snapshot = await connection.networkHelpers.takeSnapshot();
        await a.register.connect(a.ltu.delegate).close(a.attackId);
        expect(await a.register.statusOf(a.attackId)).to.equal(CaseStatus.Closed);
        await snapshot.restore();
        await asTimelock(a, (t) => a.register.connect(t).close(a.attackId));
        expect(await a.register.statusOf(a.attackId)).to.equal(CaseStatus.Closed);
      });

      it("counts a revision by the council as settling it", async () => {
        const a = await loadFixture(ended);
        await moveTo(a, a.endsAt);
        await asTimelock(a, (t) => a.register.connect(t).reviseLoss(a.attackId, 30n * MILLION));
        await a.register.connect(a.ltu.delegate).close(a.attackId);
        expect((await books(a, a.attackId)).awarded).to.equal(payable(COVER, 30n * MILLION));
      });

      it("charges a single base unit", async () => {
        const a = await loadFixture(ended);
        await reportLosses(a, a.attackId, 3, 45n * MILLION);
        await asTimelock(a, (t) => a.register.connect(t).reviseLoss(a.attackId, 45n * MILLION - 1n));
        expect(payable(COVER, 45n * MILLION) - payable(COVER, 45n * MILLION - 1n)).to.equal(1n);
        await expect(a.register.connect(a.ltu.delegate).close(a.attackId))
          .to.emit(a.ledger, "Charged")
          .withArgs(a.ltu.code, 1n, anyValue, anyValue);
      });

      it("keeps to what the council has revised, whatever was reported before", async () => {
        const a = await loadFixture(ended);
        await reportLosses(a, a.attackId, 3, 45n * MILLION);
        await asTimelock(a, (t) => a.register.connect(t).reviseLoss(a.attackId, 30n * MILLION));
        const tooMuch = payable(COVER, 45n * MILLION) - payable(COVER, 30n * MILLION);
        const sent = await a.register.connect(a.ltu.delegate).close(a.attackId);
        await expect(sent).to.emit(a.ledger, "Charged");
        await expect(sent)
          .to.emit(a.register, "Closed")
          .withArgs(a.attackId, payable(COVER, 45n * MILLION), payable(COVER, 30n * MILLION), anyValue, tooMuch);
      });
    });

    describe("given that it is not settled", () => {
      it("refuses member and council, and lets anyone close 30 days after the last window, not a second before", async () => {
        const a = await loadFixture(ended);
        await moveTo(a, a.from - 20n);
        const refused = (sent: Promise<unknown>) =>
          expect(sent).to.be.revertedWithCustomError(a.register, "AttackNotClosable").withArgs(a.attackId, 3n, a.from);
        await refused(a.register.connect(a.ltu.treasury).close(a.attackId));
        await asTimelock(a, (t) => refused(a.register.connect(t).close(a.attackId)));
        await at(a, a.from - 1n);
        await refused(a.register.connect(a.stranger).close(a.attackId));
        await at(a, a.from);
        await a.register.connect(a.stranger).close(a.attackId);
        expect(await a.register.statusOf(a.attackId)).to.equal(CaseStatus.Closed);
      });

      it("is not content with an earlier round", async () => {
        const a = await loadFixture(ended);
        await reportLosses(a, a.attackId, 2, 20n * MILLION);
        await expect(a.register.connect(a.ltu.treasury).close(a.attackId))
          .to.be.revertedWithCustomError(a.register, "AttackNotClosable")
          .withArgs(a.attackId, 3n, a.from);
      });

      it("refuses the member of an attack that goes on, whatever is settled so far", async () => {
        const a = await loadFixture(recognised);
        await reportLosses(a, a.attackId, 1, 20n * MILLION);
        await expect(a.register.connect(a.ltu.treasury).close(a.attackId))
          .to.be.revertedWithCustomError(a.register, "AttackNotClosable")
          .withArgs(a.attackId, 12n, a.startedAt + 12n * ROUND + WINDOW + 30n * DAY);
      });

      it("settles it if enough have reported and the window is over", async () => {
        const a = await loadFixture(ended);
        await reportLosses(
          a,
          a.attackId,
          3,
          [40n, 45n, 50n].map((l) => l * MILLION),
        );
        await moveTo(a, a.windowEnd - 2n);
        await at(a, a.windowEnd);
        await expect(a.register.connect(a.ltu.treasury).close(a.attackId))
          .to.be.revertedWithCustomError(a.register, "AttackNotClosable")
          .withArgs(a.attackId, 3n, a.from);
        await at(a, a.windowEnd + 1n);
        const sent = await a.register.connect(a.ltu.treasury).close(a.attackId);
        const due = payable(COVER, 45n * MILLION);
        await expect(sent)
          .to.emit(a.register, "RoundSettled")
          .withArgs(a.attackId, 3n, 45n * MILLION, 45n * MILLION, due, due - ADVANCE);
        await expect(sent)
          .to.emit(a.register, "Closed")
          .withArgs(a.attackId, due, due, 88n * MILLION - due, 0n);
      });

      it("settles the first round if it is the last", async () => {
        const a = await loadFixture(recognised);
        await a.register.connect(a.ltu.delegate).end(a.attackId);
        const { windowEnd } = await a.register.round(a.attackId, 1);
        await reportLosses(
          a,
          a.attackId,
          1,
          [10n, 12n, 14n].map((l) => l * MILLION),
        );
        await moveTo(a, windowEnd + 1n);
        await expect(a.register.connect(a.ltu.treasury).close(a.attackId))
          .to.emit(a.register, "RoundSettled")
          .withArgs(a.attackId, 1n, 12n * MILLION, 12n * MILLION, payable(COVER, 12n * MILLION), 0n);
      });

      it("does not settle on too few reports, and falls back on the last settled round", async () => {
        const a = await loadFixture(ended);
        await reportLosses(a, a.attackId, 2, 30n * MILLION);
        await reportLosses(
          a,
          a.attackId,
          3,
          [40n, 45n].map((l) => l * MILLION),
        );
        await moveTo(a, a.from);
        const sent = await a.register.connect(a.stranger).close(a.attackId);
        const due = payable(COVER, 30n * MILLION);
        await expect(sent).to.not.emit(a.register, "RoundSettled");
        await expect(sent)
          .to.emit(a.register, "Closed")
          .withArgs(a.attackId, due, due, 88n * MILLION - due, 0n);
      });
    });

    describe("given more awarded than is payable in the end", () => {
      it("charges what is above, due in a year", async () => {
        const a = await loadFixture(ended);
        await reportLosses(a, a.attackId, 2, 32n * MILLION);
        await reportLosses(a, a.attackId, 3, 12n * MILLION);
        const expected = new ReferenceCase(COVER, CAP, 1_000n * MILLION);
        expected.settle(2, 32n * MILLION);
        expected.settle(3, 12n * MILLION);
        expect(expected.charge).to.equal(16n * MILLION);
        await payAll(a);
        const asked = await a.ledger.askedOf(a.ltu.code);
        const sent = await a.register.connect(a.ltu.treasury).close(a.attackId);
        const closedAt = await now(a);
        await expect(sent)
          .to.emit(a.register, "Closed")
          .withArgs(a.attackId, expected.awarded, expected.payable, expected.unused, expected.charge);
        await expect(sent)
          .to.emit(a.ledger, "Charged")
          .withArgs(a.ltu.code, expected.charge, closedAt + YEAR, toBeHex(a.attackId, 32));
        expect((await a.ledger.askedOf(a.ltu.code)) - asked).to.equal(expected.charge);
        expect(await a.ledger.debtOf(a.ltu.code)).to.equal(0n);
      });

      it("charges the whole advance if no round was ever settled", async () => {
        const a = await loadFixture(ended);
        await moveTo(a, a.from);
        await expect(a.register.connect(a.stranger).close(a.attackId))
          .to.emit(a.register, "Closed")
          .withArgs(a.attackId, ADVANCE, 0n, 88n * MILLION - ADVANCE, ADVANCE);
      });
    });

    it("remembers when, and nothing of a case that was never recognised", async () => {
      const a = await loadFixture(ended);
      const est = a.member("EST");
      const { attackId, proposalId } = await fileAttack(a, est);
      await voteDown(a, proposalId);
      await a.register.close(attackId);
      expect(await a.register.closedAt(attackId)).to.equal(0n);
      expect(await a.register.closedAt(a.attackId)).to.equal(0n);
      await moveTo(a, a.from - 1n);
      await at(a, a.from);
      await a.register.close(a.attackId);
      expect(await a.register.closedAt(a.attackId)).to.equal(a.from);
    });

    it("closes after the twelfth round", async () => {
      const a = await loadFixture(recognised);
      await reportLosses(a, a.attackId, 12, 120n * MILLION);
      await expect(a.register.connect(a.ltu.treasury).close(a.attackId))
        .to.emit(a.register, "Closed")
        .withArgs(a.attackId, 88n * MILLION, 88n * MILLION, 0n, 0n);
    });

    it("refuses what is undecided, closed, revoked or unknown", async () => {
      const a = await loadFixture(ended);
      const est = a.member("EST");
      await moveTo(a, a.from);
      await a.register.close(a.attackId);
      const revoked = await fileAttack(a, est);
      await a.register.connect(est.delegate).revoke(revoked.attackId);
      const undecided = await fileAttack(a, est);
      for (const [id, status] of [
        [a.attackId, CaseStatus.Closed],
        [revoked.attackId, CaseStatus.Revoked],
        [undecided.attackId, CaseStatus.Voting],
        [9n, CaseStatus.None],
      ] as const) {
        await expect(a.register.close(id))
          .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
          .withArgs(id, status);
      }
    });

    describe("given a register that the council has cut off from the fund", () => {
      it("still closes its cases; what they hold the council releases", async () => {
        const a = await loadFixture(ended);
        const { committed, awarded } = await a.register.attack(a.attackId);
        const register = await a.register.getAddress();
        await asTimelock(a, async (timelock) => a.fund.connect(timelock).revokeRole(id("REGISTER_ROLE"), register));
        await moveTo(a, a.from);
        await a.register.connect(a.stranger).close(a.attackId);
        expect(await a.register.statusOf(a.attackId)).to.equal(CaseStatus.Closed);
        expect((await a.registry.member(a.ltu.code)).openCases).to.equal(0n);
        expect(await a.fund.committed()).to.equal(committed - awarded);
        await asTimelock(a, async (timelock) => a.fund.connect(timelock).releaseOrphan(a.attackId));
        expect(await a.fund.committed()).to.equal(0n);
      });
    });

    describe("given a member that wants to leave", () => {
      async function leaving() {
        const a = await coveredAlliance(connection);
        const ltu = a.member("LTU");
        await expose(a, ltu, "RUS", 200n * MILLION);
        await a.registry.connect(ltu.treasury).giveNotice(ltu.code);
        return { ...a, ltu, leaveFrom: (await now(a)) + YEAR };
      }

      it("keeps it in while a recognised attack is open", async () => {
        const a = await loadFixture(leaving);
        const { attackId } = await recognisedAttack(a, a.ltu);
        await a.register.connect(a.ltu.delegate).end(attackId);
        await moveTo(a, a.leaveFrom);
        await expect(a.registry.connect(a.stranger).leave(a.ltu.code))
          .to.be.revertedWithCustomError(a.registry, "MemberHasOpenCases")
          .withArgs(a.ltu.code, 1n);
        await a.register.connect(a.stranger).close(attackId);
        await a.registry.connect(a.stranger).leave(a.ltu.code);
        expect(await a.registry.isMember(a.ltu.code)).to.equal(false);
      });

      it("keeps it in while a rejected case is not put away, which anyone may do", async () => {
        const a = await loadFixture(leaving);
        const { attackId, proposalId } = await fileAttack(a, a.ltu);
        await voteDown(a, proposalId);
        await moveTo(a, a.leaveFrom);
        await expect(a.registry.leave(a.ltu.code))
          .to.be.revertedWithCustomError(a.registry, "MemberHasOpenCases")
          .withArgs(code("LTU"), 1n);
        await a.register.connect(a.stranger).close(attackId);
        await a.registry.leave(a.ltu.code);
        expect(await a.registry.isMember(a.ltu.code)).to.equal(false);
      });
    });
  });
});
