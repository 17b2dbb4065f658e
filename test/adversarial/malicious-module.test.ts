import { expect } from "chai";
import { network } from "hardhat";

import { DAY, MILLION, decide, payAll } from "../support/alliance.ts";
import type { Action } from "../support/alliance.ts";
import { coveredAlliance } from "../support/attacks.ts";
import { expectConserved } from "../support/books.ts";
import { now } from "../support/chain.ts";
import { openVote, pass } from "../support/council.ts";
import { ROLE_DELAY, Role, STOP, lastAward } from "../support/fund.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

/** A vote has granted the role that commits and awards to a thief, who is in league with LTU. */
async function granted() {
  const a = await coveredAlliance(connection);
  const thief = a.spare(0);
  const grant: Action = {
    target: a.fund,
    data: a.fund.interface.encodeFunctionData("grantRole", [Role.Register, thief.address]),
  };
  await decide(a, grant);
  const revoke: Action = {
    target: a.fund,
    data: a.fund.interface.encodeFunctionData("revokeRole", [Role.Register, thief.address]),
  };
  const ltu = a.member("LTU");
  const had = await a.token.balanceOf(ltu.treasury.address);
  const reserve = await a.fund.reserve();
  /** Awards everything the fund has to LTU. */
  const steal = async (attackId: bigint) => {
    await a.fund.connect(thief).commit(attackId, ltu.code, 0n, reserve);
    await a.fund.connect(thief).award(attackId, reserve);
    return (await lastAward(a, attackId)).record;
  };
  return { ...a, thief, revoke, ltu, had, reserve, steal };
}

/** The role works, the thief has awarded everything, and the guardian had stopped transfers before. */
async function stolen() {
  const a = await granted();
  await a.time.increase(ROLE_DELAY);
  await a.fund.connect(a.guardian).stopTransfers();
  return { ...a, record: await a.steal(777n) };
}

describe("A module that a vote gave the power to award, and that steals", () => {
  it("can do nothing for thirty days, in which a second vote takes the role back", async () => {
    const a = await loadFixture(granted);
    const worksFrom = await a.fund.worksFrom(Role.Register, a.thief.address);
    await expect(a.steal(777n))
      .to.be.revertedWithCustomError(a.fund, "FundRoleNotYetWorking")
      .withArgs(Role.Register, a.thief.address, worksFrom);
    await decide(a, a.revoke);
    expect(await now(a)).to.be.lessThan(worksFrom);
    await a.time.increaseTo(worksFrom);
    await expect(a.steal(777n))
      .to.be.revertedWithCustomError(a.fund, "AccessControlUnauthorizedAccount")
      .withArgs(a.thief.address, Role.Register);
  });

  it("after them takes what is free, if nobody has acted: to a member's treasury, and no more than the reserve", async () => {
    const a = await loadFixture(granted);
    await a.time.increase(ROLE_DELAY);
    await a.steal(777n);
    expect((await a.token.balanceOf(a.ltu.treasury.address)) - a.had).to.equal(a.reserve);
    await a.fund.connect(a.thief).commit(778n, a.ltu.code, 0n, 100n * MILLION);
    await a.fund.connect(a.thief).award(778n, 100n * MILLION);
    expect((await a.token.balanceOf(a.ltu.treasury.address)) - a.had).to.equal(a.reserve);
    expect(await a.fund.owed()).to.equal(100n * MILLION);
    await expectConserved(a.fund, a.token);
  });

  it("gets nothing while transfers are stopped, and the vote and its delay end within the stop", async () => {
    const a = await loadFixture(stolen);
    expect(await a.token.balanceOf(a.ltu.treasury.address)).to.equal(a.had);
    const stoppedUntil = await a.fund.stoppedUntil();
    // The slowest vote: decided by the last second of its deadline, carried out after the whole delay.
    const voiding = { target: a.fund, data: a.fund.interface.encodeFunctionData("voidAward", [a.record]) };
    const proposalId = await openVote(a, [a.revoke, voiding]);
    await a.time.increaseTo((await a.council.proposalDeadline(proposalId)) - 100n);
    await pass(a, proposalId);
    await a.council["queue(uint256)"](proposalId);
    await a.time.increaseTo(await a.council.proposalEta(proposalId));
    await a.council["execute(uint256)"](proposalId);
    expect(await now(a)).to.be.lessThan(stoppedUntil);
    await a.time.increaseTo(stoppedUntil);
    await expect(a.fund.connect(a.stranger).collect(a.ltu.code))
      .to.be.revertedWithCustomError(a.fund, "FundNothingToCollect")
      .withArgs(a.ltu.code);
    expect(await a.fund.reserve()).to.equal(a.reserve);
    expect(await a.fund.owed()).to.equal(0n);
    await expectConserved(a.fund, a.token);
  });

  it("leaves commitments that the council releases, and the alliance goes on", async () => {
    const a = await loadFixture(stolen);
    await a.fund.connect(a.thief).commit(778n, a.ltu.code, 0n, 5_000n * MILLION);
    const encode = a.fund.interface;
    await decide(
      a,
      a.revoke,
      { target: a.fund, data: encode.encodeFunctionData("voidAward", [a.record]) },
      { target: a.fund, data: encode.encodeFunctionData("releaseOrphan", [777n]) },
      { target: a.fund, data: encode.encodeFunctionData("releaseOrphan", [778n]) },
    );
    expect(await a.fund.committed()).to.equal(0n);
    await a.time.increase(STOP + DAY);
    await payAll(a);
    expect(await a.fund.reserve()).to.be.greaterThan(a.reserve);
    await expectConserved(a.fund, a.token);
  });

  it("cannot touch what others are owed already: that stays, whatever it awards", async () => {
    const a = await loadFixture(stolen);
    const est = a.member("EST");
    await a.fund.connect(a.thief).commit(779n, est.code, 0n, 10n * MILLION);
    await a.fund.connect(a.thief).award(779n, 10n * MILLION);
    const [owed] = await a.fund.balanceOf(est.code);
    await a.fund.connect(a.thief).commit(780n, a.ltu.code, 0n, 500n * MILLION);
    await a.fund.connect(a.thief).award(780n, 500n * MILLION);
    expect((await a.fund.balanceOf(est.code))[0]).to.equal(owed);
    await expectConserved(a.fund, a.token);
  });
});
