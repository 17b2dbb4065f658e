import { expect } from "chai";
import { network } from "hardhat";

import {
  DAY,
  MILLION,
  PPM,
  foundAlliance,
  fileAttack,
  liveUntil,
  payAll,
  payDebt,
  recognisedAttack,
  reportRound,
  voteThrough,
} from "../support/alliance.ts";
import type { Alliance, TestMember } from "../support/alliance.ts";
import { expectConserved } from "../support/books.ts";
import { earmark, receivedBy, standing } from "../support/fund.ts";
import { WHOLE, distance } from "../support/reference-fund.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const ATTACKED = ["LTU", "EST", "LVA", "POL", "CZE"];
const HELPERS = ["NOR", "AUS", "JPN", "CAN", "TWN"];
const SHARE = 250_000n;

/**
 * Ten members that are asked a tenth of 100 million a period each, and covered for attacks of which each can be paid 88
 * million: 80% of what a loss of up to 60% of the trade of 200 million exceeds 5% of it by.
 */
async function covered() {
  const a = await foundAlliance(connection, {
    // Assessors are named by the first five; one by a member that is attacked itself does not report.
    states: [...HELPERS.slice(0, 4), ...ATTACKED],
    partners: HELPERS.slice(4),
    capacity: 100_000,
    assessors: 5,
  });
  await liveUntil(a, 181n);
  return a;
}

interface Case {
  member: TestMember;
  attackId: bigint;
  startedAt: bigint;
}

/** Five attacks begin at once, and are recognised one after another in the order given. */
async function attackAtOnce(a: Alliance, names: string[]): Promise<Case[]> {
  const startedAt = BigInt(await a.time.latest());
  const cases = [];
  for (const name of names) {
    const member = a.member(name);
    const { attackId, proposalId } = await fileAttack(a, member, { startedAt, share: Number(SHARE) });
    cases.push({ member, attackId, startedAt, proposalId });
  }
  for (const { proposalId } of cases) await voteThrough(a, proposalId);
  return cases;
}

async function attacked() {
  const a = await covered();
  const cases = await attackAtOnce(a, ATTACKED);
  return { ...a, cases };
}

/** The advances are paid in full: what the reserve lacked was called for, and all have paid. */
async function shortage() {
  const a = await attacked();
  await payAll(a);
  return a;
}

/** What a member and its earmark have received of its attack so far, collected or not. */
async function receivedOf(a: Alliance, { member, attackId }: Case): Promise<bigint> {
  const { collectable } = await standing(a, member.name);
  const { held } = await earmark(a, attackId);
  return (await receivedBefore(a, member)) + collectable + held;
}

/** What a treasury has received from the fund: what it holds, less what it was given, plus what it paid in. */
async function receivedBefore(a: Alliance, m: TestMember): Promise<bigint> {
  const { paid } = await a.ledger.account(m.code);
  return (await receivedBy(a, m)) + paid;
}

/** Half of the loss that is covered in full: what an award of the third round is by the formula of the design. */
function awardOf(committed: bigint): { payable: bigint; award: bigint } {
  const trade = 200n * MILLION;
  // The loss is capped by the trade that could have taken place in 90 days.
  const loss = (trade * 90n) / 365n;
  const payable = (800_000n * (loss - trade / 20n)) / PPM;
  return { payable, award: payable - committed / 10n };
}

describe("A shortage", () => {
  describe("when attacks at once exceed the money", () => {
    it("commits more than there is, and still pays every advance at the ratio of reserve to commitments", async () => {
      const a = await loadFixture(attacked);
      const reserve = 300n * MILLION;
      // Each is committed its 88 million until a quarter of the capital is less; the capital is the reserve and room
      // for calls of 300 million.
      let left = reserve;
      let committed = 0n;
      for (const { attackId } of a.cases) {
        const { committed: own, awarded } = await a.register.attack(attackId);
        expect(own).to.equal(88n * MILLION);
        expect(awarded).to.equal(own / 10n);
        committed += own;
        left -= left >= committed ? awarded : (awarded * left) / committed;
        committed -= awarded;
      }
      expect(await a.fund.committed()).to.equal(committed);
      expect(await a.fund.reserve()).to.equal(left);
      expect(committed).to.be.greaterThan(left);
      const total = a.cases.length * 88;
      expect(await a.fund.owed()).to.equal((BigInt(total) * MILLION) / 10n - (reserve - left));
      await expectConserved(a.fund, a.token);
    });

    it("calls for what the advances lacked, and pays them in full", async () => {
      const a = await loadFixture(shortage);
      expect(await a.fund.owed()).to.equal(0n);
      for (const attack of a.cases) {
        expect(await receivedOf(a, attack), `5 ${attack.member.name}`).to.equal((88n * MILLION) / 10n);
      }
      await expectConserved(a.fund, a.token);
    });

    for (const order of [ATTACKED, [...ATTACKED].reverse(), ["LVA", "LTU", "CZE", "EST", "POL"]]) {
      it(`pays all awards at one ratio, reported in the order ${order.join(", ")}`, async () => {
        const a = await loadFixture(shortage);
        const reserve = await a.fund.reserve();
        const committed = await a.fund.committed();
        const before = new Map<string, bigint>();
        for (const attack of a.cases) before.set(attack.member.name, await receivedOf(a, attack));
        for (const [made, name] of order.entries()) {
          const attack = a.cases.find(({ member }) => member.name === name)!;
          const { committed: own } = await a.register.attack(attack.attackId);
          await reportRound(a, attack.attackId, 3, 150n * MILLION);
          const { award, payable } = awardOf(own);
          expect((await a.register.attack(attack.attackId)).awarded).to.equal(payable);
          const due = (award * reserve) / committed;
          const paid = (await receivedOf(a, attack)) - before.get(name)!;
          expect(paid, `5 ${name}`).to.be.within(due, due + BigInt(made));
        }
        await expectConserved(a.fund, a.token);
      });
    }
  });

  describe("the supplementary call", () => {
    async function owing() {
      const a = await shortage();
      const callsBefore = await a.ledger.callCount();
      for (const { attackId } of a.cases) await reportRound(a, attackId, 3, 150n * MILLION);
      return { ...a, callsBefore };
    }

    const calledSince = async (a: Alliance, calls: bigint) =>
      (await a.ledger.callAt(await a.ledger.callCount())).amount - (await a.ledger.callAt(calls)).amount;

    /** What a member has been asked and has not paid, without the ten million of the period that has begun meanwhile. */
    async function calledFrom(a: Alliance, name: string): Promise<bigint> {
      const member = a.member(name);
      const { paid } = await a.ledger.account(member.code);
      return (await a.ledger.askedOf(member.code)) - paid - 10n * MILLION;
    }

    async function payCalled(a: Alliance, name: string): Promise<void> {
      const member = a.member(name);
      await a.ledger.connect(member.treasury).contribute(member.code, await calledFrom(a, name));
    }

    it("is issued by the settlement, for what is owed, and asks all but the attacked", async () => {
      const a = await loadFixture(owing);
      const owed = await a.fund.owed();
      expect(owed).to.be.greaterThan(0n);
      expect(await calledSince(a, a.callsBefore)).to.equal(owed);
      expect(await a.ledger.callWeight()).to.equal(500_000n);
      const calls = (await a.ledger.callCount()) - a.callsBefore;
      for (const name of HELPERS) {
        // A fifth, rounded up.
        expect(await calledFrom(a, name), name).to.be.within(owed / 5n, owed / 5n + calls + 1n);
      }
      for (const name of ATTACKED) expect(await calledFrom(a, name), name).to.equal(0n);
    });

    it("is divided pro rata as it is paid, and pays every obligation in full in the end", async () => {
      const a = await loadFixture(owing);
      const due = new Map<string, { owed: bigint; received: bigint }>();
      for (const attack of a.cases) {
        const { owed } = await standing(a, attack.member.name);
        due.set(attack.member.name, {
          owed: owed + (await earmark(a, attack.attackId)).owed,
          received: await receivedOf(a, attack),
        });
      }
      const total = await a.fund.owed();
      await payDebt(a, a.member("NOR"));
      const arrived = total - (await a.fund.owed());
      for (const attack of a.cases) {
        const { owed, received } = due.get(attack.member.name)!;
        // A member's two obligations round down by a unit each.
        const got = (await receivedOf(a, attack)) - received;
        expect(distance(got, (owed * arrived * WHOLE) / total), `5 ${attack.member.name}`).to.be.at.most(2n);
      }
      for (const name of HELPERS.slice(1)) await payDebt(a, a.member(name));
      expect(await a.fund.owed()).to.equal(0n);
      for (const attack of a.cases) {
        const { awarded } = await a.register.attack(attack.attackId);
        expect(await receivedOf(a, attack), `5 ${attack.member.name}`).to.equal(awarded);
        await a.fund.connect(a.stranger).collect(attack.member.code);
        await a.fund.connect(a.stranger).collectEarmark(attack.attackId);
        expect((await a.fund.attackAccount(attack.attackId)).earmark).to.equal((awarded * SHARE) / PPM);
      }
      await expectConserved(a.fund, a.token);
    });

    it("leaves what a member does not pay to be asked of all by the next call", async () => {
      const a = await loadFixture(owing);
      for (const name of HELPERS.slice(0, 4)) await payCalled(a, name);
      const owed = await a.fund.owed();
      const calls = await a.ledger.callCount();
      const defaulted = await calledFrom(a, "TWN");
      expect(owed).to.be.within(defaulted - 4n * (calls + 1n), defaulted);
      // The calls are not due yet: nothing more is asked.
      await a.ledger.issueCall();
      expect(await a.ledger.callCount()).to.equal(calls);

      const { issuedAt } = await a.ledger.callAt(calls);
      await a.time.increaseTo(issuedAt + 30n * DAY + 1n);
      expect(await a.ledger.debtOf(a.member("TWN").code)).to.be.at.least(defaulted);
      const before = await a.ledger.askedOf(a.member("NOR").code);
      await a.ledger.connect(a.stranger).issueCall();
      expect(await calledSince(a, calls)).to.equal(owed);
      const asked = (await a.ledger.askedOf(a.member("NOR").code)) - before;
      expect(asked).to.be.within(owed / 5n, owed / 5n + 2n);

      for (const name of HELPERS) await payDebt(a, a.member(name));
      expect(await a.fund.owed()).to.equal(0n);
      for (const attack of a.cases) {
        const { awarded } = await a.register.attack(attack.attackId);
        expect(await receivedOf(a, attack), `5 ${attack.member.name}`).to.equal(awarded);
      }
      await expectConserved(a.fund, a.token);
    });
  });

  describe("given one attack that exceeds nothing", () => {
    it("makes no call", async () => {
      const a = await loadFixture(covered);
      const { attackId } = await recognisedAttack(a, a.member("LTU"));
      await reportRound(a, attackId, 3, 150n * MILLION);
      expect(await a.fund.owed()).to.equal(0n);
      expect(await a.ledger.callCount()).to.equal(0n);
      await expectConserved(a.fund, a.token);
    });
  });
});
