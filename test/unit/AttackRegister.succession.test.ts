import { expect } from "chai";
import { network } from "hardhat";

import { DAY, MILLION, asTimelock, fileAttack, recognisedAttack } from "../support/alliance.ts";
import {
  ROUND,
  books,
  coverOf,
  coveredAlliance,
  filing,
  finish,
  keepStanding,
  reportLosses,
  voteDown,
} from "../support/attacks.ts";
import { at, moveTo, now } from "../support/chain.ts";
import { mostPayable, payable } from "../support/reference-indemnity.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const COVER = coverOf(200n * MILLION);
const SUCCESSION = 360n * DAY;

/** A first case that ended with its first round, and is closed. */
async function closed() {
  const a = await coveredAlliance(connection);
  const ltu = a.member("LTU");
  const { attackId } = await recognisedAttack(a, ltu);
  const ended = await finish(a, attackId, ltu, 16n * MILLION);
  return { ...a, ltu, ended };
}

/** The last case of the pair that was recognised is its second successor, closed. */
async function twiceSucceeded() {
  const a = await closed();
  let { ended } = a;
  for (let i = 0; i < 2; ++i) {
    const { attackId } = await recognisedAttack(a, a.ltu);
    ended = await finish(a, attackId, a.ltu, 16n * MILLION);
  }
  return { ...a, ended };
}

describe("AttackRegister", () => {
  describe("file, given an earlier case of the pair that was recognised", () => {
    it("takes a start in the second in which it ended, and refuses one before", async () => {
      const a = await loadFixture(closed);
      await expect(a.register.connect(a.ltu.delegate).file(...(await filing(a, a.ltu, { startedAt: a.ended - 1n }))))
        .to.be.revertedWithCustomError(a.register, "AttackBeforePredecessorEnded")
        .withArgs(a.ended - 1n, a.ended);
      await fileAttack(a, a.ltu, { startedAt: a.ended });
      expect((await a.register.attack(2n)).succession).to.equal(1n);
    });

    it("pays the successor no advance, and every round by the same formula", async () => {
      const a = await loadFixture(closed);
      const { attackId, proposalId } = await fileAttack(a, a.ltu);
      await a.time.increase(2);
      const before = await a.token.balanceOf(a.ltu.treasury.address);
      for (const name of ["EST", "LVA", "POL"]) {
        await a.council.connect(a.member(name).delegate).castVote(proposalId, 1);
      }
      const { coverYear } = await a.register.attack(1n);
      await expect(a.council.connect(a.member("CZE").delegate).castVote(proposalId, 1, { gasLimit: 3_000_000 }))
        .to.emit(a.register, "Recognised")
        .withArgs(attackId, mostPayable(COVER), 0n, coverYear);
      expect(await a.token.balanceOf(a.ltu.treasury.address)).to.equal(before);
      expect((await a.fund.attackAccount(attackId)).commitment).to.equal(mostPayable(COVER));
      await reportLosses(a, attackId, 2, 25n * MILLION);
      expect((await books(a, attackId)).awarded).to.equal(payable(COVER, 25n * MILLION));
    });

    it("is no successor to a case of another coercer or member", async () => {
      const a = await loadFixture(closed);
      await fileAttack(a, a.ltu, { coercer: "RUS" });
      await fileAttack(a, a.member("EST"));
      expect((await a.register.attack(2n)).succession).to.equal(0n);
      expect((await a.register.attack(3n)).succession).to.equal(0n);
    });

    it("still counts from the recognised case when one between them failed", async () => {
      const a = await loadFixture(closed);
      const { proposalId } = await fileAttack(a, a.ltu);
      await voteDown(a, proposalId);
      await moveTo(a, (await now(a)) + 30n * DAY);
      await fileAttack(a, a.ltu);
      expect((await a.register.attack(3n)).succession).to.equal(1n);
    });

    it("refuses a third successor in a row", async () => {
      const a = await loadFixture(twiceSucceeded);
      expect((await a.register.attack(2n)).succession).to.equal(1n);
      expect((await a.register.attack(3n)).succession).to.equal(2n);
      await expect(a.register.connect(a.ltu.delegate).file(...(await filing(a, a.ltu))))
        .to.be.revertedWithCustomError(a.register, "AttackTooManySuccessors")
        .withArgs(3n);
    });

    it("takes a new first case 360 days after the end, and refuses it a second before", async () => {
      const a = await loadFixture(twiceSucceeded);
      await moveTo(a, a.ended + SUCCESSION - 30n * DAY);
      await keepStanding(a, a.ltu);
      await moveTo(a, a.ended + SUCCESSION);
      await keepStanding(a, a.ltu);
      const startedAt = a.ended + SUCCESSION;
      await expect(a.register.connect(a.ltu.delegate).file(...(await filing(a, a.ltu, { startedAt: startedAt - 1n }))))
        .to.be.revertedWithCustomError(a.register, "AttackTooManySuccessors")
        .withArgs(3n);
      const { attackId } = await recognisedAttack(a, a.ltu, { startedAt });
      const c = await a.register.attack(attackId);
      expect([c.succession, c.awarded]).to.deep.equal([0n, c.committed / 10n]);
    });

    it("counts the end of a case that was never ended early from its twelfth round", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      const { attackId, startedAt } = await recognisedAttack(a, ltu);
      const ended = startedAt + 12n * ROUND;
      await moveTo(a, ended - 30n * DAY);
      await keepStanding(a, ltu);
      await reportLosses(a, attackId, 12, 16n * MILLION);
      await a.register.connect(ltu.treasury).close(attackId);
      await keepStanding(a, ltu);
      await expect(a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { startedAt: ended - 1n }))))
        .to.be.revertedWithCustomError(a.register, "AttackBeforePredecessorEnded")
        .withArgs(ended - 1n, ended);
      await fileAttack(a, ltu, { startedAt: ended });
      expect((await a.register.attack(2n)).succession).to.equal(1n);
    });

    it("counts the end of a case that a suspension ended from that day", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      const { attackId, startedAt } = await recognisedAttack(a, ltu);
      const suspendedAt = startedAt + 40n * DAY;
      await moveTo(a, suspendedAt - 10n);
      await at(a, suspendedAt);
      await asTimelock(a, (t) => a.registry.connect(t).suspend(ltu.code));
      await a.register.connect(a.stranger).close(attackId);
      await asTimelock(a, (t) => a.registry.connect(t).reinstate(ltu.code));
      await expect(a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { startedAt: suspendedAt - 1n }))))
        .to.be.revertedWithCustomError(a.register, "AttackBeforePredecessorEnded")
        .withArgs(suspendedAt - 1n, suspendedAt);
      await fileAttack(a, ltu, { startedAt: suspendedAt });
      expect((await a.register.attack(2n)).succession).to.equal(1n);
    });
  });
});

async function covered() {
  return coveredAlliance(connection);
}
