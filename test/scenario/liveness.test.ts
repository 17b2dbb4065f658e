import { expect } from "chai";
import { network } from "hardhat";

import {
  CaseStatus,
  DAY,
  MILLION,
  asTimelock,
  foundAlliance,
  liveUntil,
  recognisedAttack,
  reportRound,
} from "../support/alliance.ts";
import type { Alliance } from "../support/alliance.ts";
import { collectAll, endowStranger, payOff } from "../support/wind-down.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const ROUNDS_AND_CLOSING = 12n * 30n * DAY + 40n * DAY;

/** Three attacks at once: more was awarded than the fund has. From here on nobody with a power acts any more. */
async function inNeed() {
  const a = await foundAlliance(connection, { baseline: 2_000n * MILLION, assessors: 10 });
  await liveUntil(a, 200n);
  const attacked = [a.member("LTU"), a.member("EST"), a.member("TWN")];
  const attacks: bigint[] = [];
  for (const [i, m] of attacked.entries()) {
    attacks.push((await recognisedAttack(a, m, { share: i * 250_000 })).attackId);
  }
  for (const attackId of attacks) await reportRound(a, attackId, 3, 480n * MILLION);
  await endowStranger(a);
  return { a, attacked, attacks };
}

/** Everything awarded has reached the treasuries or lies in the earmarks, and nothing is left between. */
async function expectAllPaid(a: Alliance, attacks: bigint[], received: Map<string, bigint>): Promise<void> {
  let earmarked = 0n;
  for (const attackId of attacks) {
    const { member, awarded, compensationShare } = await a.register.attack(attackId);
    const [stillOwed, held] = await a.fund.earmarkOf(attackId);
    expect(stillOwed, "12: owed to an earmark").to.equal(0n);
    earmarked += held;
    const treasury = a.members.find((m) => m.code === member)!.treasury.address;
    const toTreasury = (await a.token.balanceOf(treasury)) - received.get(treasury)!;
    expect(toTreasury + held, `12: received for attack ${attackId}`).to.equal(awarded);
    expect(held).to.be.closeTo((awarded * compensationShare) / 1_000_000n, 20n);
  }
  expect(await a.fund.pot(), "12: left in the pot").to.equal(0n);
  expect(await a.fund.earmarked()).to.equal(earmarked);
}

describe("Invariant 12: what is owed can be collected without any privileged key", () => {
  async function keysGone() {
    const { a, attacked, attacks } = await inNeed();
    return { a, attacked, attacks, received: await balancesBefore(a) };
  }

  /** What each treasury had before any award, the advance included. */
  async function balancesBefore(a: Alliance): Promise<Map<string, bigint>> {
    const received = new Map<string, bigint>();
    const disbursed = await a.fund.queryFilter(a.fund.filters.Entry(undefined, 3));
    for (const m of a.members) {
      const had = disbursed.filter((e) => e.args.member === m.code).reduce((sum, e) => sum + e.args.amount, 0n);
      received.set(m.treasury.address, (await a.token.balanceOf(m.treasury.address)) - had);
    }
    return received;
  }

  describe("given awards that the fund could not pay", () => {
    it("a stranger calls, the calls are paid, and a stranger collects everything", async () => {
      const { a, attacks, received } = await loadFixture(keysGone);
      expect(await a.fund.owed()).to.be.above(50n * MILLION);
      await payOff(a);
      await collectAll(a, attacks);
      await expectAllPaid(a, attacks, received);
    });

    it("a stranger closes the cases in the end, and nothing stays committed", async () => {
      const { a, attacks, received } = await loadFixture(keysGone);
      await payOff(a);
      await a.time.increase(ROUNDS_AND_CLOSING);
      for (const attackId of attacks) {
        await a.register.connect(a.stranger).close(attackId);
        expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Closed);
      }
      await collectAll(a, attacks);
      await expectAllPaid(a, attacks, received);
      expect(await a.fund.committed()).to.equal(0n);
    });
  });

  describe("given that the guardian stopped transfers before its key was lost", () => {
    it("the stop ends by itself, and a stranger collects everything", async () => {
      const { a, attacks, received } = await loadFixture(keysGone);
      await a.fund.connect(a.guardian).stopTransfers();
      await payOff(a);
      const stoppedUntil = await a.fund.stoppedUntil();
      if (BigInt(await a.time.latest()) < stoppedUntil) {
        await expect(a.fund.connect(a.stranger).collect(a.member("EST").code))
          .to.be.revertedWithCustomError(a.fund, "FundTransfersStopped")
          .withArgs(stoppedUntil);
        await a.time.increaseTo(stoppedUntil);
      }
      await collectAll(a, attacks);
      await expectAllPaid(a, attacks, received);
    });
  });

  describe("given that the council had begun to recover a member's keys", () => {
    it("a stranger applies them, and collects to the new treasury", async () => {
      const { a, attacks, received } = await loadFixture(keysGone);
      const ltu = a.member("LTU");
      const fresh = a.spare(0);
      await asTimelock(a, (timelock) =>
        a.registry.connect(timelock).recoverKeys(ltu.code, fresh.address, a.spare(1).address),
      );
      await payOff(a);
      const before = await a.token.balanceOf(ltu.treasury.address);
      await a.time.increase(30n * DAY);
      await a.registry.connect(a.stranger).applyKeys(ltu.code);
      await collectAll(a, attacks);
      expect(await a.token.balanceOf(ltu.treasury.address)).to.equal(before);
      const { awarded } = await a.register.attack(attacks[0]!);
      const earlier = before - received.get(ltu.treasury.address)!;
      expect(await a.token.balanceOf(fresh.address)).to.equal(awarded - earlier);
      expect(await a.fund.pot()).to.equal(0n);
    });
  });

  describe("given members that never pay again", () => {
    it("what a stranger pays for a single member brings everything owed", async () => {
      const { a, attacks, received } = await loadFixture(keysGone);
      await a.ledger.connect(a.stranger).contribute(a.member("AUS").code, await a.fund.owed());
      expect(await a.fund.owed()).to.equal(0n);
      await collectAll(a, attacks);
      await expectAllPaid(a, attacks, received);
    });
  });
});
