import { expect } from "chai";
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
  hash,
  liveUntil,
  payAll,
  recognisedAttack,
} from "../support/alliance.ts";
import {
  MOST_LOSS,
  books,
  coveredAlliance,
  eligibleAssessors,
  finish,
  recognisedCase,
  reportLosses,
} from "../support/attacks.ts";
import { now } from "../support/chain.ts";
import { admitNew, owe } from "../support/ledger.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

// A tenth of the scale is free for who joins.
const covered = () => coveredAlliance(connection, { capacity: 100_000 });
const recognised = () => recognisedCase(connection, { assessors: 9 });

describe("Members and assessors that take advantage", () => {
  describe("a State that joins when the attack has begun", () => {
    it("is not covered for it, nor for any that begins within 180 days of its first period", async () => {
      const a = await loadFixture(covered);
      const began = await now(a);
      const jpn = await admitNew(a, "JPN", 5);
      await asTimelock(a, (timelock) => a.ledger.connect(timelock).setScale(jpn.code, 10, 0));
      const coverFrom = await a.ledger.coverFrom(jpn.code);
      await a.time.increase(DAY);
      for (const startedAt of [began, await now(a)]) {
        await expect(fileAttack(a, jpn, { startedAt }))
          .to.be.revertedWithCustomError(a.register, "AttackNotCovered")
          .withArgs(startedAt, coverFrom);
      }
      await a.ledger.connect(jpn.treasury).contribute(jpn.code, MILLION);
      await liveUntil(a, (coverFrom - a.genesis) / DAY + 1n);
      // Covered by now: its exposure and its terms are still to be set, so nothing is payable.
      const { attackId } = await recognisedAttack(a, jpn);
      expect((await books(a, attackId)).committed).to.equal(0n);
    });
  });

  describe("a member that leaves when the fund is short", () => {
    it("before the call pays its share of what is owed all the same, and stays owing it", async () => {
      const a = await loadFixture(covered);
      const [pol, est] = [a.member("POL"), a.member("EST")];
      await a.registry.connect(pol.treasury).giveNotice(pol.code);
      await liveUntil(a, 200n + YEAR / DAY);
      await owe(a, est, 80n * MILLION);
      const owed = await a.fund.owed();
      const weight = await a.ledger.weightOf(pol.code, await a.ledger.currentPeriod());
      const weights = await a.ledger.totalWeight();
      const before = await a.ledger.askedOf(pol.code);
      await a.registry.connect(a.stranger).leave(pol.code);
      const charged = (await a.ledger.askedOf(pol.code)) - before;
      expect(charged).to.equal((owed * weight + weights - 1n) / weights);
      await a.ledger.issueCall();
      expect((await a.ledger.askedOf(pol.code)) - before, "no call asks it besides").to.equal(charged);
      await a.time.increase(YEAR + 1n);
      expect(await a.ledger.debtOf(pol.code)).to.equal(charged);
    });
  });

  describe("assessors", () => {
    it("that are silent leave the advance, which is charged back in the end unless the council judges", async () => {
      const a = await loadFixture(recognised);
      const { awarded } = await books(a, a.attackId);
      await a.register.connect(a.ltu.delegate).end(a.attackId);
      const { windowEnd } = await a.register.round(a.attackId, 1);
      await a.time.increaseTo(windowEnd + 30n * DAY);
      await expect(a.register.connect(a.stranger).close(a.attackId))
        .to.emit(a.register, "Closed")
        .withArgs(a.attackId, awarded, 0n, (await books(a, a.attackId)).committed - awarded, awarded);
    });

    it("of whom four of nine collude move nothing: the median is an honest report", async () => {
      const a = await loadFixture(recognised);
      const eligible = (await eligibleAssessors(a, a.attackId, 3)).length;
      const colluding = Math.floor((eligible - 1) / 2);
      for (const extreme of [0n, MOST_LOSS]) {
        const before = await connection.networkHelpers.takeSnapshot();
        const losses = Array.from({ length: eligible }, (_, i) => (i < colluding ? extreme : 30n * MILLION));
        await reportLosses(a, a.attackId, 3, losses);
        expect((await a.register.attack(a.attackId)).loss).to.equal(30n * MILLION);
        await before.restore();
      }
    });

    it("that all collude are bounded by trade, time and commitment, and the council revises them", async () => {
      const a = await loadFixture(recognised);
      await reportLosses(a, a.attackId, 3, MOST_LOSS);
      const { loss, awarded, committed } = await a.register.attack(a.attackId);
      expect(loss).to.equal((200n * MILLION * 90n * DAY) / YEAR);
      expect(awarded).to.be.at.most(committed);
      await asTimelock(a, (timelock) => a.register.connect(timelock).reviseLoss(a.attackId, 0n));
      await a.time.increase(30n * DAY);
      await finish(a, a.attackId, a.ltu, 0n);
      expect(await a.ledger.askedOf(a.ltu.code), "what was too much is charged").to.be.at.least(awarded);
    });

    it("that are all removed in the middle of a round still judge it, and their successors the next", async () => {
      const a = await loadFixture(recognised);
      await a.time.increaseTo((await a.register.round(a.attackId, 1)).endsAt);
      await asTimelock(a, (timelock) => a.panel.connect(timelock).setAssessors([]));
      const eligible = await eligibleAssessors(a, a.attackId, 1);
      expect(eligible.length).to.be.greaterThan(3);
      await reportLosses(a, a.attackId, 1, UNIT);
      expect((await a.register.attack(a.attackId)).lastSettled).to.equal(1n);
      expect(await eligibleAssessors(a, a.attackId, 2)).to.deep.equal([]);
      const { endsAt } = await a.register.round(a.attackId, 2);
      await a.time.increaseTo(endsAt);
      await expect(a.panel.connect(eligible[0]).report(a.attackId, 2, UNIT, hash("report")))
        .to.be.revertedWithCustomError(a.panel, "PanelNotAssessor")
        .withArgs(eligible[0]!.address);
    });

    it("that report twice, or for the next round in advance, are refused", async () => {
      const a = await loadFixture(recognised);
      await reportLosses(a, a.attackId, 1, [UNIT]);
      const [first] = await eligibleAssessors(a, a.attackId, 1);
      const panel = a.panel.connect(first);
      await expect(panel.report(a.attackId, 1, 2n * UNIT, hash("other")))
        .to.be.revertedWithCustomError(a.panel, "PanelAlreadyReported")
        .withArgs(first!.address, a.attackId, 1n);
      await expect(panel.report(a.attackId, 2, UNIT, hash("early"))).to.be.revertedWithCustomError(
        a.panel,
        "PanelOutsideWindow",
      );
    });
  });

  describe("evidence that is filed twice", () => {
    it("opens no second case of the member, against whomever and however the first ended", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      const filing = async (coercer: string) => {
        const args = [ltu.code, code(coercer), 0, await now(a), hash("the decree"), "ipfs://e", hash("i"), 0] as const;
        return await a.register.connect(ltu.delegate).file(...args);
      };
      await filing("CHN");
      await a.register.connect(ltu.delegate).revoke(1n);
      expect(await a.register.statusOf(1n)).to.equal(CaseStatus.Revoked);
      await payAll(a);
      for (const coercer of ["CHN", "RUS"]) {
        await expect(filing(coercer))
          .to.be.revertedWithCustomError(a.register, "AttackEvidenceUsed")
          .withArgs(ltu.code, hash("the decree"));
      }
    });
  });

  describe("an advance above what is payable in the end", () => {
    it("is charged back, due in a year", async () => {
      const a = await loadFixture(recognised);
      const { awarded } = await books(a, a.attackId);
      await finish(a, a.attackId, a.ltu, 0n);
      const [charge, ...others] = await a.ledger.queryFilter(a.ledger.filters.Charged(a.ltu.code));
      expect(others).to.deep.equal([]);
      expect(charge!.args.amount).to.equal(awarded);
      expect(charge!.args.dueAt).to.equal((await a.register.closedAt(a.attackId)) + YEAR);
      const before = await a.ledger.debtDueBefore(a.ltu.code, charge!.args.dueAt);
      expect((await a.ledger.debtDueBefore(a.ltu.code, charge!.args.dueAt + 1n)) - before).to.equal(awarded);
    });
  });
});
