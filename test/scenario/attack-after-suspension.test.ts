import { expect } from "chai";
import { network } from "hardhat";

import {
  CaseStatus,
  DAY,
  MILLION,
  UNIT,
  asTimelock,
  code,
  fileAttack,
  hash,
  payAll,
  recognisedAttack,
} from "../support/alliance.ts";
import { ROUND, books, coveredAlliance, coverOf, recognisedCase, reportLosses } from "../support/attacks.ts";
import { at, moveTo } from "../support/chain.ts";
import { capOf, payable } from "../support/reference-indemnity.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const COVER = coverOf(200n * MILLION);
const ADVANCE = 8_800_000n * UNIT;

async function recognised() {
  const a = await recognisedCase(connection);
  const { ltu } = a;
  const suspendAt = async (time: bigint) => {
    await moveTo(a, time - 10n);
    await at(a, time);
    await asTimelock(a, (t) => a.registry.connect(t).suspend(ltu.code));
  };
  const reinstate = () => asTimelock(a, (t) => a.registry.connect(t).reinstate(ltu.code));
  const expel = () => asTimelock(a, (t) => a.registry.connect(t).expel(ltu.code));
  return { ...a, suspendAt, reinstate, expel };
}

describe("An attack whose member is suspended or expelled", () => {
  it("has no round that ends later, though one that had ended is still settled", async () => {
    const a = await loadFixture(recognised);
    await a.suspendAt(a.startedAt + 4n * ROUND + DAY);
    expect(await a.register.lastRound(a.attackId)).to.equal(4n);
    expect(await a.register.statusOf(a.attackId)).to.equal(CaseStatus.Recognised);
    await reportLosses(a, a.attackId, 4, 60n * MILLION);
    expect((await books(a, a.attackId)).awarded).to.equal(payable(COVER, 60n * MILLION));
    await moveTo(a, a.startedAt + 5n * ROUND);
    await expect(a.panel.connect(a.assessors[1]).report(a.attackId, 5, 70n * MILLION, hash("late")))
      .to.be.revertedWithCustomError(a.panel, "PanelRoundNotOpen")
      .withArgs(a.attackId, 5n);
  });

  it("keeps a round that ends in the second of the suspension, and loses it a second before", async () => {
    const a = await loadFixture(recognised);
    const snapshot = await connection.networkHelpers.takeSnapshot();
    await a.suspendAt(a.startedAt + 2n * ROUND);
    expect(await a.register.lastRound(a.attackId)).to.equal(2n);
    await snapshot.restore();
    await a.suspendAt(a.startedAt + 2n * ROUND - 1n);
    expect(await a.register.lastRound(a.attackId)).to.equal(1n);
  });

  it("can be closed by anyone at once; what was awarded stays owed, what was not earned is charged", async () => {
    const a = await loadFixture(recognised);
    await a.suspendAt(a.startedAt + 12n * DAY);
    expect(await a.register.lastRound(a.attackId)).to.equal(0n);
    const sent = await a.register.connect(a.stranger).close(a.attackId);
    await expect(sent)
      .to.emit(a.register, "Closed")
      .withArgs(a.attackId, ADVANCE, 0n, 88n * MILLION - ADVANCE, ADVANCE);
    expect(await a.fund.committed()).to.equal(0n);
  });

  it("leaves to be collected what the fund could not pay before", async () => {
    const a = await loadFixture(poor);
    const awarded = (await books(a, a.attackId)).awarded;
    const [owedBefore, collectableBefore] = await a.fund.balanceOf(a.ltu.code);
    expect(owedBefore).to.be.greaterThan(0n);
    await asTimelock(a, (t) => a.registry.connect(t).expel(a.ltu.code));
    await a.register.connect(a.stranger).close(a.attackId);
    const [owedAfter, collectableAfter] = await a.fund.balanceOf(a.ltu.code);
    expect(owedAfter + collectableAfter).to.equal(owedBefore + collectableBefore);
    const before = await a.token.balanceOf(a.ltu.treasury.address);
    await a.fund.connect(a.member("EST").treasury).donate(1_000n * MILLION, hash("gift"));
    await a.fund.connect(a.stranger).collect(a.ltu.code);
    expect((await a.token.balanceOf(a.ltu.treasury.address)) - before).to.equal(owedAfter + collectableAfter);
    expect(awarded).to.equal(capOf(300n * MILLION, 300n * MILLION));
  });

  it("can be revised for a round that had ended, until it is closed, and for no later one", async () => {
    const a = await loadFixture(recognised);
    await a.suspendAt(a.startedAt + 2n * ROUND + DAY);
    await moveTo(a, a.startedAt + 6n * ROUND);
    await asTimelock(a, (t) => a.register.connect(t).reviseLoss(a.attackId, 199n * MILLION));
    const { lastSettled, loss } = await a.register.attack(a.attackId);
    expect([lastSettled, loss]).to.deep.equal([2n, (200n * MILLION * 60n) / 365n]);
  });

  it("cannot be revised if no round had ended", async () => {
    const a = await loadFixture(recognised);
    await a.suspendAt(a.startedAt + ROUND - 1n);
    await moveTo(a, a.startedAt + 6n * ROUND);
    await asTimelock(a, (t) =>
      expect(a.register.connect(t).reviseLoss(a.attackId, 199n * MILLION))
        .to.be.revertedWithCustomError(a.register, "AttackRoundNotOpen")
        .withArgs(a.attackId, 0n),
    );
  });

  it("cannot be ended any more, and does not come back with the member", async () => {
    const a = await loadFixture(recognised);
    await a.suspendAt(a.startedAt + 12n * DAY);
    await a.reinstate();
    expect(await a.register.lastRound(a.attackId)).to.equal(0n);
    await expect(a.register.connect(a.ltu.delegate).end(a.attackId))
      .to.be.revertedWithCustomError(a.register, "AttackAlreadyEnded")
      .withArgs(a.attackId);
    await moveTo(a, a.startedAt + ROUND);
    expect((await a.register.round(a.attackId, 1)).open).to.equal(false);
    await a.register.connect(a.stranger).close(a.attackId);
    await fileAttack(a, a.ltu);
    expect(await a.register.openAttack(a.ltu.code, code("CHN"))).to.equal(2n);
  });

  it("ended on the first day: an expulsion that follows brings no round back", async () => {
    const a = await loadFixture(recognised);
    await a.suspendAt(a.startedAt + 40n * DAY);
    await moveTo(a, a.startedAt + 3n * ROUND + DAY);
    await a.expel();
    expect(await a.register.lastRound(a.attackId)).to.equal(1n);
    expect((await a.register.round(a.attackId, 3)).open).to.equal(false);
    await expect(a.panel.connect(a.assessors[1]).report(a.attackId, 3, 40n * MILLION, hash("late")))
      .to.be.revertedWithCustomError(a.panel, "PanelRoundNotOpen")
      .withArgs(a.attackId, 3n);
  });

  it("ended on the first day: a second suspension moves neither its last round nor its end", async () => {
    const a = await loadFixture(recognised);
    const first = a.startedAt + 40n * DAY;
    await a.suspendAt(first);
    await a.reinstate();
    await a.suspendAt(a.startedAt + 100n * DAY);
    expect(await a.register.lastRound(a.attackId)).to.equal(1n);
    await a.reinstate();
    await a.register.connect(a.stranger).close(a.attackId);
    await payAll(a);
    await fileAttack(a, a.ltu, { startedAt: first });
    expect((await a.register.attack(2n)).succession).to.equal(1n);
  });

  it("is untouched by a suspension that was over before it was filed", async () => {
    const a = await loadFixture(coveredOnly);
    const ltu = a.member("LTU");
    await asTimelock(a, (t) => a.registry.connect(t).suspend(ltu.code));
    await asTimelock(a, (t) => a.registry.connect(t).reinstate(ltu.code));
    const { attackId } = await recognisedAttack(a, ltu);
    expect(await a.register.lastRound(attackId)).to.equal(12n);
    await reportLosses(a, attackId, 4, 60n * MILLION);
    expect((await books(a, attackId)).awarded).to.equal(payable(COVER, 60n * MILLION));
  });
});

/** Four members attacked at once for more than the reserve holds, and the first awarded all that is committed to it. */
async function poor() {
  const a = await coveredAlliance(connection, { baseline: 2_000n * MILLION });
  const ltu = a.member("LTU");
  const filed = await recognisedAttack(a, ltu);
  for (const name of ["EST", "LVA", "POL"]) await recognisedAttack(a, a.member(name));
  await moveTo(a, filed.startedAt + 3n * ROUND);
  await asTimelock(a, (t) => a.register.connect(t).reviseLoss(filed.attackId, 300n * MILLION));
  return { ...a, ltu, ...filed };
}

async function coveredOnly() {
  return coveredAlliance(connection);
}
