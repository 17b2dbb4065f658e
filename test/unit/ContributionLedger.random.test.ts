import { expect } from "chai";
import { network } from "hardhat";

import { DAY, MILLION, PERIOD, PPM, asTimelock } from "../support/alliance.ts";
import type { Alliance, TestMember } from "../support/alliance.ts";
import { asContract, now } from "../support/chain.ts";
import { BUDGET, commit, foundEight, owe, referenceFor, setBudget, setExempt, setScale } from "../support/ledger.ts";
import { seeded } from "../support/random.ts";
import type { ReferenceLedger } from "../support/reference-ledger.ts";

// Several things may happen in one second.
const connection = await network.create({ override: { allowBlocksWithSameTimestamp: true } });
const { loadFixture } = connection.networkHelpers;

const DAY_SECONDS = Number(DAY);
const STEPS = 200;

describe("ContributionLedger", () => {
  async function founded() {
    return await foundEight(connection);
  }

  /** Compares every answer about every member with the plain rules. */
  async function compare(a: Alliance, reference: ReferenceLedger, step: string): Promise<void> {
    const { ledger } = a;
    const t = await now(a);
    const period = reference.period(t);
    const [total, called, room] = await Promise.all([ledger.totalWeight(), ledger.callWeight(), ledger.room()]);
    expect(total, `total weight ${step}`).to.equal(reference.totalWeight(t));
    expect(called, `weight of calls ${step}`).to.equal(reference.callWeight(t));
    expect(room, `room ${step}`).to.equal(reference.room(t));
    const found = await Promise.all(
      a.members.map(async ({ name, code }) => ({
        name,
        weight: await ledger.weightOf(code, period),
        asked: await ledger.askedOf(code),
        debt: await ledger.debtOf(code),
        late: await ledger.debtDueBefore(code, t - 90n * DAY),
        threshold: await ledger.suspensionThreshold(code),
        ...(({ paid, clearedAt }) => ({ paid, clearedAt }))(await ledger.account(code)),
      })),
    );
    const expected = a.members.map(({ name, code }) => ({
      name,
      weight: reference.weightOf(code, period),
      asked: reference.asked(t, code),
      debt: reference.debtDueBefore(code, t),
      late: reference.debtDueBefore(code, t - 90n * DAY),
      threshold: reference.suspensionThreshold(t, code),
      paid: reference.account(code).paid,
      clearedAt: reference.account(code).clearedAt,
    }));
    expect(found, step).to.deep.equal(expected);
  }

  describe("given a long and varied life", () => {
    for (const seed of [1, 2, 3]) {
      it(`asks of every member what the plain rules ask (sequence ${seed})`, async function () {
        this.timeout(600_000);
        const a = await loadFixture(founded);
        const { ledger } = a;
        const reference = await referenceFor(a);
        const { below, pick, upTo } = seeded(seed);

        /** A second that something hangs on, or one that nothing does; never before the last block. */
        const moment = async (step: number): Promise<bigint> => {
          const t = await now(a);
          if (step < 15) return t + BigInt(below(DAY_SECONDS / 3));
          const boundary = reference.genesis + (reference.period(t) + 1n) * PERIOD;
          const due = (reference.calls.at(-1)?.at ?? 0n) + 30n * DAY;
          const ahead = (target: bigint) => (target < t ? t : target);
          return pick([
            () => t,
            () => t + 1n,
            () => t + BigInt(below(3 * DAY_SECONDS)),
            () => t + BigInt(below(3 * DAY_SECONDS)),
            () => t + BigInt(below(40 * DAY_SECONDS)),
            () => ahead(boundary - BigInt(below(2))),
            () => ahead(due + BigInt(below(2))),
          ])();
        };
        /** Sets when the next thing happens. */
        const at = async (t: bigint) => {
          await a.time.setNextBlockTimestamp(t);
          return t;
        };

        const happenings: Record<string, (m: TestMember, t: bigint) => Promise<void>> = {
          "a weight is set": async (m, t) => {
            const [capacity, dependence] = [below(5) === 0 ? 0 : below(62_501), below(1_000_001)];
            await setScale(a, m.code, capacity, dependence);
            reference.setScale(t, m.code, BigInt(capacity), BigInt(dependence));
          },
          "a budget is set": async (_, t) => {
            const from = reference.period(t) + 1n + BigInt(below(3));
            // Within any highest of four periods: what it was founded with is always allowed.
            const amount = upTo(BUDGET);
            await setBudget(a, from, amount);
            reference.setBudget(t, from, amount);
          },
          "the terms are set": async () => {
            const terms = { loading: below(1_000_001), callCap: below(2_000_001) };
            await asTimelock(a, (timelock) => ledger.connect(timelock).setTerms(terms));
            reference.loading = BigInt(terms.loading);
            reference.callCap = BigInt(terms.callCap);
          },
          "an exemption begins or ends": async (m) => {
            const exempt = reference.account(m.code).commitments === 0 || below(3) === 0;
            await setExempt(a, m.code, exempt);
            reference.setExempt(m.code, exempt);
          },
          "the fund owes more": async (m) => {
            await owe(a, m, upTo(40n * MILLION) + 1n);
          },
          "a call is issued": async (_, t) => {
            const expected = reference.issueCall(t, await a.fund.owed());
            const count = BigInt(reference.calls.length);
            const issued = ledger.connect(a.stranger).issueCall();
            if (expected === 0n) await expect(issued).not.to.emit(ledger, "CallIssued");
            else {
              const { budget, asked } = reference.calls.at(-1)!;
              const weights = [...asked.values()].reduce((sum, weight) => sum + weight, 0n);
              await expect(issued)
                .to.emit(ledger, "CallIssued")
                .withArgs(count, expected, weights, budget, t + 30n * DAY);
            }
          },
          "a member pays": async (m, t) => {
            const debt = reference.debtDueBefore(m.code, t);
            const amount = pick([debt, debt - 1n, debt + upTo(30n * MILLION), upTo(5n * MILLION)]);
            if (amount <= 0n) return;
            await ledger.connect(m.treasury).contribute(m.code, amount);
            reference.pay(t, m.code, amount);
          },
          "a member is charged": async (m, t) => {
            const amount = upTo(3n * MILLION) + 1n;
            await asContract(a, a.register, (register) =>
              ledger.connect(register).charge(m.code, amount, "0x" + "11".repeat(32)),
            );
            reference.charge(t, m.code, amount);
          },
          "a member leaves": async (m, t) => {
            const fund = {
              owed: await a.fund.owed(),
              committed: await a.fund.committed(),
              reserve: await a.fund.reserve(),
            };
            reference.exit(t, m.code, fund);
            await asContract(a, a.registry, (registry) => ledger.connect(registry).exit(m.code));
          },
        };
        const names = Object.keys(happenings);
        const happened = new Map<string, number>();

        for (let step = 0; step < STEPS; ++step) {
          const name = pick([...names, "a call is issued", "an exemption begins or ends", "a weight is set"]);
          const m = pick(a.members);
          if (below(25) === 0) await commit(a, pick(a.members), upTo(10n * MILLION) + 1n);
          const t = await at(await moment(step));
          const calls = reference.calls.length;
          await happenings[name]!(m, t);
          if (name !== "a call is issued" || reference.calls.length > calls) {
            happened.set(name, (happened.get(name) ?? 0) + 1);
          }
          await compare(a, reference, `after step ${step}: ${name} (${m.name})`);
        }
        for (const name of names) expect(happened.get(name), name).to.be.greaterThan(5);
        expect(reference.period(await now(a))).to.be.greaterThan(12n);
        expect(await ledger.totalWeight()).to.be.at.most(PPM);
      });
    }
  });
});
