import { expect } from "chai";
import { network } from "hardhat";

import {
  DAY,
  MILLION,
  PERIOD,
  PPM,
  ProposalState,
  YEAR,
  decide,
  fileAttack,
  hash,
  payDebt,
  propose,
  voteThrough,
} from "../support/alliance.ts";
import type { Action, Alliance, TestMember } from "../support/alliance.ts";
import { now } from "../support/chain.ts";
import { BUDGET, foundEight, owe, referenceFor, signAuthorization } from "../support/ledger.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const GRACE = 30n * DAY;

describe("The life of a contribution", () => {
  async function founded() {
    const a = await foundEight(connection);
    return { ...a, ltu: a.member("LTU"), est: a.member("EST") };
  }

  const decision = (a: Alliance, name: "setBudget" | "setScale" | "waive", args: readonly unknown[]): Action => ({
    target: a.ledger,
    data: a.ledger.interface.encodeFunctionData(name as "setBudget", args as [bigint, bigint]),
  });

  async function votes(a: Alliance, m: TestMember): Promise<boolean> {
    return (await a.registry.getVotes(m.delegate.address)) === 1n;
  }

  it("goes from a vote on budget and scale through assessment and due date to a payment in the journal", async () => {
    const a = await loadFixture(founded);
    const reference = await referenceFor(a);
    await a.time.increaseTo(a.genesis);
    await decide(a, decision(a, "setBudget", [1n, 2n * BUDGET]), decision(a, "setScale", [a.ltu.code, 150_001, 0]));
    reference.setBudget(await now(a), 1n, 2n * BUDGET);
    reference.setScale(await now(a), a.ltu.code, 150_001n, 0n);

    // The decision changes nothing for the period in which it was made.
    expect(await a.ledger.assessed(a.ltu.code, 0)).to.equal((BUDGET * 100_000n + PPM - 1n) / PPM);
    const both = (BUDGET * 100_000n + 2n * BUDGET * 150_001n + PPM - 1n) / PPM;
    expect(await a.ledger.through(a.ltu.code, 1))
      .to.equal(both)
      .and.to.equal(reference.through(a.ltu.code, 1n));

    // Due thirty days after the period begins; a second later it is a debt.
    const due = a.genesis + PERIOD + GRACE;
    await payDebt(a, a.ltu);
    await a.time.increaseTo(due);
    expect(await a.ledger.debtOf(a.ltu.code)).to.equal(0n);
    await a.time.increaseTo(due + 1n);
    const debt = reference.through(a.ltu.code, 1n) - reference.through(a.ltu.code, 0n);
    expect(await a.ledger.debtOf(a.ltu.code)).to.equal(debt);

    // A relayer hands in what the treasury signed; the journal names the treasury.
    const authorization = await signAuthorization(a, a.ltu.treasury, { code: a.ltu.code, amount: debt });
    const before = { head: await a.fund.head(), sequence: await a.fund.sequence() };
    await a.ledger.connect(a.relayer).contributeWithAuthorization(a.ltu.code, authorization);
    expect(await a.ledger.debtOf(a.ltu.code)).to.equal(0n);
    const nonce = await a.ledger.authorizationNonce(a.ltu.code, 1n);
    const fields = [
      before.head,
      before.sequence + 1n,
      0,
      a.ltu.code,
      a.ltu.treasury.address,
      debt,
      nonce,
      await now(a),
    ];
    const types = ["bytes32", "uint256", "uint8", "bytes3", "address", "uint256", "bytes32", "uint256"];
    const entry = a.ethers.AbiCoder.defaultAbiCoder().encode(types, fields);
    expect(await a.fund.head()).to.equal(a.ethers.keccak256(entry));
  });

  it("costs a member in arrears its cover, then its vote, and gives both back when it pays", async () => {
    const a = await loadFixture(founded);
    for (const m of a.members) {
      if (m !== a.ltu) await a.ledger.connect(m.treasury).contribute(m.code, 200n * MILLION);
    }
    const reference = await referenceFor(a);

    // Covered and in good standing until its first debt is more than ninety days overdue.
    const firstDue = a.genesis + GRACE;
    await a.time.setNextBlockTimestamp(firstDue + 90n * DAY + 1n);
    await expect(fileAttack(a, a.ltu))
      .to.be.revertedWithCustomError(a.register, "AttackNotInGoodStanding")
      .withArgs(a.ltu.code);

    // Paying restores standing, for attacks that start after the payment.
    await a.time.increaseTo(a.genesis + 200n * DAY);
    await a.ledger.connect(a.ltu.treasury).contribute(a.ltu.code, reference.through(a.ltu.code, 1n));
    const { clearedAt } = await a.ledger.account(a.ltu.code);
    expect(clearedAt).to.equal(await now(a));
    await a.time.increase(DAY);
    await expect(fileAttack(a, a.ltu, { startedAt: clearedAt }))
      .to.be.revertedWithCustomError(a.register, "AttackNotCovered")
      .withArgs(clearedAt, clearedAt);
    const filed = await fileAttack(a, a.ltu, { startedAt: clearedAt + 1n });
    await a.register.connect(a.ltu.delegate).revoke(filed.attackId);

    // Eight unpaid periods later anyone may suspend its vote.
    const eighth = a.genesis + 9n * PERIOD + GRACE;
    await a.time.increaseTo(eighth + 1n);
    const debt = reference.through(a.ltu.code, 9n) - reference.through(a.ltu.code, 1n);
    expect(await a.ledger.debtOf(a.ltu.code)).to.equal(debt);
    await a.ledger.connect(a.stranger).suspendVote(a.ltu.code);
    expect(await votes(a, a.ltu)).to.equal(false);

    // Its seat is not in what is proposed meanwhile: four of six pass it, and it waives the arrears.
    const until = (await now(a)) + 60n * DAY;
    const proposalId = await propose(a, [decision(a, "waive", [a.ltu.code, until])], "waiver", a.est.delegate);
    await voteThrough(a, proposalId);
    expect(await a.council.state(proposalId)).to.equal(ProposalState.Succeeded);
    const { seat } = await a.registry.member(a.ltu.code);
    expect(((await a.council.ballotBox(proposalId)).remaining >> seat) & 1n).to.equal(0n);
    await a.council["queue(uint256)"](proposalId);
    await a.time.increaseTo(await a.council.proposalEta(proposalId));
    await a.council["execute(uint256)"](proposalId);
    expect(await votes(a, a.ltu)).to.equal(true);
    expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(true);
    expect(await a.ledger.debtOf(a.ltu.code)).to.equal(debt);

    // The waiver ends; the vote rests again, until one unit brings the debt below eight periods.
    await a.time.increaseTo(until + 1n);
    await a.ledger.suspendVote(a.ltu.code);
    expect(await votes(a, a.ltu)).to.equal(false);
    const threshold = reference.suspensionThreshold(await now(a), a.ltu.code);
    const owed = await a.ledger.debtOf(a.ltu.code);
    await a.ledger.connect(a.ltu.treasury).contribute(a.ltu.code, owed - threshold + 1n);
    expect(await votes(a, a.ltu)).to.equal(true);
    await a.ledger.connect(a.ltu.treasury).contribute(a.ltu.code, threshold - 1n);
    await a.registry.connect(a.ltu.treasury).fileReport(a.ltu.code, hash("report"), "ipfs://report");
    expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(true);
  });

  it("is called for beyond the budget when the fund is short, and what a defaulter leaves is asked of all", async () => {
    const a = await loadFixture(founded);
    await a.time.increaseTo(a.genesis);
    const reference = await referenceFor(a);
    await owe(a, a.est, 16n * MILLION);
    await a.ledger.issueCall();
    reference.issueCall(await now(a), 16n * MILLION);
    const issuedAt = await now(a);

    // Seven pay two million each, and the money goes straight to what is owed.
    for (const m of a.members) {
      if (m === a.ltu) continue;
      await a.ledger.connect(m.treasury).contribute(m.code, 2n * MILLION);
      reference.pay(await now(a), m.code, 2n * MILLION);
    }
    expect(await a.fund.owed()).to.equal(2n * MILLION);
    expect(await a.fund.reserve()).to.equal(0n);

    await a.time.increaseTo(issuedAt + GRACE);
    await a.ledger.issueCall();
    reference.issueCall(await now(a), await a.fund.owed());
    expect(await a.ledger.callCount()).to.equal(2n);
    expect(reference.calls.length).to.equal(2);
    expect(reference.calls.at(-1)!.amount).to.equal(2n * MILLION);
    for (const m of a.members) {
      expect(await a.ledger.askedOf(m.code)).to.equal(reference.asked(await now(a), m.code));
      expect(await a.ledger.debtOf(m.code)).to.equal(reference.debtDueBefore(m.code, await now(a)));
    }
    // The defaulter still owes its part of the first as well.
    await a.time.increase(GRACE + 1n);
    expect(await a.ledger.debtOf(a.ltu.code)).to.equal(
      reference.through(a.ltu.code, 0n) + 2n * MILLION + (2n * MILLION) / 8n,
    );
  });

  it("ends with notice, a year, an exit charge, and a last debt", async () => {
    const a = await loadFixture(founded);
    await a.time.increaseTo(a.genesis);
    const reference = await referenceFor(a);
    await a.ledger.connect(a.ltu.treasury).contribute(a.ltu.code, 60n * MILLION);
    reference.pay(await now(a), a.ltu.code, 60n * MILLION);
    await a.registry.connect(a.ltu.treasury).giveNotice(a.ltu.code);
    const noticeAt = await now(a);
    await owe(a, a.est, 8n * MILLION);

    await a.time.setNextBlockTimestamp(noticeAt + YEAR);
    const state = { owed: await a.fund.owed(), committed: await a.fund.committed(), reserve: await a.fund.reserve() };
    const left = reference.exit(noticeAt + YEAR, a.ltu.code, state);
    expect(left.charge).to.equal(MILLION);
    await expect(a.registry.leave(a.ltu.code))
      .to.emit(a.ledger, "CreditForfeited")
      .withArgs(a.ltu.code, left.forfeited);
    // Sixty million less five periods of ten million and a little, and less the charge.
    expect(left.forfeited).to.equal(60n * MILLION - (BUDGET * 500_000n + PPM - 1n) / PPM - MILLION);

    await a.time.increaseTo(noticeAt + 3n * YEAR);
    expect(await a.ledger.debtOf(a.ltu.code)).to.equal(0n);
    expect(await a.ledger.askedOf(a.ltu.code)).to.equal((await a.ledger.account(a.ltu.code)).paid);
  });
});
