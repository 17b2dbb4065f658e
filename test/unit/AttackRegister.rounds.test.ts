import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import {
  CaseStatus,
  DAY,
  MILLION,
  Support,
  UNIT,
  asTimelock,
  fileAttack,
  recognisedAttack,
} from "../support/alliance.ts";
import {
  ROUND,
  WINDOW,
  books,
  coveredAlliance,
  coverOf,
  grantMarket,
  recognisedCase,
  reportLosses,
} from "../support/attacks.ts";
import { asContract, at, moveTo, now } from "../support/chain.ts";
import { ReferenceCase, capOf, netLoss, payable } from "../support/reference-indemnity.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const COVER = coverOf(200n * MILLION);
const CAP = capOf(300n * MILLION, 300n * MILLION);
const reference = (cover = COVER) => new ReferenceCase(cover, CAP, 1_000n * MILLION);

const recognised = () => recognisedCase(connection);

/** As above, but the fund bears the whole layer: one unit of loss above A is one unit of award. */
const wholeCeded = () => recognisedCase(connection, { parameters: { ceding: 1_000_000 } });

/** Covered for long enough to have been attacked 70 days ago. */
const later = () => coveredAlliance(connection, {}, 260n);

describe("AttackRegister", () => {
  describe("settle", () => {
    it("awards by the formula in every one of twelve rounds, the advance netted, and pays at once", async () => {
      const a = await loadFixture(recognised);
      const expected = reference();
      const held = (await a.token.balanceOf(a.ltu.treasury.address)) - expected.advance;
      for (let number = 1; number <= 12; ++number) {
        // Loses 11 million a month, then 22 million in the sixth.
        const reported = BigInt(number < 6 ? number : number + 1) * 11n * MILLION;
        const sent = await reportLosses(a, a.attackId, number, reported);
        const award = expected.settle(number, reported);
        const loss = netLoss(COVER, reported, 0n, BigInt(number) * ROUND);
        await expect(sent)
          .to.emit(a.register, "RoundSettled")
          .withArgs(a.attackId, number, reported, loss, payable(COVER, loss), award);
        const c = await a.register.attack(a.attackId);
        const payableSoFar = await a.register.payableSoFar(a.attackId);
        expect([c.lastSettled, c.loss, payableSoFar, c.awarded]).to.deep.equal([
          BigInt(number),
          loss,
          expected.payable,
          expected.awarded,
        ]);
        const { commitment, committed, awarded } = await books(a, a.attackId);
        expect(awarded + commitment, "3").to.equal(committed);
      }
      // X is reached with 121 million in the tenth round.
      expect(expected.awarded).to.equal(88n * MILLION);
      expect((await a.token.balanceOf(a.ltu.treasury.address)) - held).to.equal(88n * MILLION);
    });

    it("awards nothing until the advance is exceeded", async () => {
      const a = await loadFixture(recognised);
      // payable is 8.0 million, below the advance of 8.8; then exactly it; then one unit above.
      for (const [number, reported, award] of [
        [2, 20n * MILLION, 0n],
        [3, 21n * MILLION, 0n],
        [4, 21n * MILLION + 2n, 1n],
      ] as const) {
        await expect(await reportLosses(a, a.attackId, number, reported))
          .to.emit(a.register, "RoundSettled")
          .withArgs(a.attackId, number, reported, reported, payable(COVER, reported), award);
      }
    });

    describe("given where the layer begins and ends", () => {
      const [A, X] = [10n * MILLION, 120n * MILLION];
      for (const [name, loss, paid] of [
        ["A − 1", A - 1n, 0n],
        ["A", A, 0n],
        ["A + 1", A + 1n, 1n],
        ["X − 1", X - 1n, 110n * MILLION - 1n],
        ["X", X, 110n * MILLION],
        ["X + 1", X + 1n, 110n * MILLION],
      ] as const) {
        it(`makes ${paid} units payable at ${name}`, async () => {
          const a = await loadFixture(wholeCeded);
          await reportLosses(a, a.attackId, 12, loss);
          expect((await books(a, a.attackId)).payableSoFar, "4").to.equal(paid);
        });
      }

      it("rounds down what is below a unit", async () => {
        const a = await loadFixture(recognised);
        // 0.8 units above A, then 1.6.
        await reportLosses(a, a.attackId, 11, 10n * MILLION + 1n);
        expect((await books(a, a.attackId)).payableSoFar, "4").to.equal(0n);
        await reportLosses(a, a.attackId, 12, 10n * MILLION + 2n);
        expect((await books(a, a.attackId)).payableSoFar, "4").to.equal(1n);
      });
    });

    describe("given the trade that could have taken place by then", () => {
      it("counts no more than E × elapsed / 365 days", async () => {
        const a = await loadFixture(recognised);
        const possible = (200n * MILLION * 30n) / 365n;
        await expect(await reportLosses(a, a.attackId, 1, 199n * MILLION))
          .to.emit(a.register, "RoundSettled")
          .withArgs(a.attackId, 1n, 199n * MILLION, possible, payable(COVER, possible), 0n);
        await reportLosses(a, a.attackId, 3, 199n * MILLION);
        expect((await a.register.attack(a.attackId)).loss).to.equal((200n * MILLION * 90n) / 365n);
      });

      it("counts from the start of the attack, not from its recognition", async () => {
        const a = await loadFixture(later);
        const { attackId } = await recognisedAttack(a, a.member("LTU"), { startedAt: (await now(a)) - 70n * DAY });
        await reportLosses(a, attackId, 3, 199n * MILLION);
        expect((await a.register.attack(attackId)).loss).to.equal((200n * MILLION * 90n) / 365n);
      });
    });

    describe("given losses that fall", () => {
      it("takes nothing back before closing, and awards only beyond what was awarded", async () => {
        const a = await loadFixture(recognised);
        const expected = reference();
        for (const [number, reported] of [
          [4, 60n * MILLION],
          [5, 30n * MILLION],
          [6, 0n],
          [7, 59n * MILLION],
          [8, 61n * MILLION],
        ] as const) {
          const sent = await reportLosses(a, a.attackId, number, reported);
          const award = expected.settle(number, reported);
          await expect(sent)
            .to.emit(a.register, "RoundSettled")
            .withArgs(a.attackId, number, reported, reported, payable(COVER, reported), award);
          expect((await books(a, a.attackId)).awarded).to.equal(expected.awarded);
        }
        expect(expected.awarded).to.equal(payable(COVER, 61n * MILLION));
      });
    });

    describe("given purchases of allies", () => {
      it("takes off what was bought by the round's end, and nothing bought later", async () => {
        const a = await loadFixture(recognised);
        await grantMarket(a, a.stranger.address);
        const { endsAt } = await a.register.round(a.attackId, 4);
        const market = a.register.connect(a.stranger);
        await expect(market.recordPurchase(a.attackId, 5n * MILLION))
          .to.emit(a.register, "PurchaseRecorded")
          .withArgs(a.attackId, 5n * MILLION, 5n * MILLION);
        await at(a, endsAt);
        await expect(market.recordPurchase(a.attackId, 7n * MILLION))
          .to.emit(a.register, "PurchaseRecorded")
          .withArgs(a.attackId, 7n * MILLION, 12n * MILLION);
        await at(a, endsAt + 1n);
        await market.recordPurchase(a.attackId, 11n * MILLION);
        await reportLosses(a, a.attackId, 4, 50n * MILLION);
        expect((await a.register.attack(a.attackId)).loss).to.equal(38n * MILLION);
        expect((await books(a, a.attackId)).payableSoFar).to.equal(payable(COVER, 38n * MILLION));
        await reportLosses(a, a.attackId, 5, 50n * MILLION);
        expect((await a.register.attack(a.attackId)).loss).to.equal(27n * MILLION);
      });

      it("takes them off what the elapsed time limits, and goes no lower than nothing", async () => {
        const a = await loadFixture(recognised);
        await grantMarket(a, a.stranger.address);
        await a.register.connect(a.stranger).recordPurchase(a.attackId, 15n * MILLION);
        await reportLosses(a, a.attackId, 1, 199n * MILLION);
        expect((await a.register.attack(a.attackId)).loss).to.equal((200n * MILLION * 30n) / 365n - 15n * MILLION);
        await a.register.connect(a.stranger).recordPurchase(a.attackId, 15n * MILLION);
        await reportLosses(a, a.attackId, 2, 20n * MILLION);
        expect((await a.register.attack(a.attackId)).loss).to.equal(0n);
      });
    });

    describe("given rounds whose window shut before recognition", () => {
      /** An attack of 95 days ago, with one ballot missing to the majority. */
      async function late() {
        const a = await coveredAlliance(connection, {}, 280n);
        const ltu = a.member("LTU");
        const filed = await fileAttack(a, ltu, { startedAt: (await now(a)) - 95n * DAY });
        await a.time.increase(2);
        for (const name of ["EST", "LVA", "POL"]) {
          await a.council.connect(a.member(name).delegate).castVote(filed.proposalId, Support.For);
        }
        const decide = () =>
          a.council.connect(a.member("CZE").delegate).castVote(filed.proposalId, Support.For, { gasLimit: 3_000_000 });
        return { ...a, ltu, ...filed, decide, windowEnd: filed.startedAt + 3n * ROUND + WINDOW };
      }

      it("keeps a round whose window ends in the second of recognition", async () => {
        const a = await loadFixture(late);
        await at(a, a.windowEnd);
        await a.decide();
        expect((await a.register.round(a.attackId, 3)).open).to.equal(true);
        expect((await a.register.round(a.attackId, 2)).open).to.equal(false);
      });

      it("skips it a second later, and the next round brings the whole loss", async () => {
        const a = await loadFixture(late);
        await at(a, a.windowEnd + 1n);
        await a.decide();
        expect((await a.register.round(a.attackId, 3)).open).to.equal(false);
        await asContract(a, a.panel, (panel) =>
          expect(a.register.connect(panel).settle(a.attackId, 3, 1n))
            .to.be.revertedWithCustomError(a.register, "AttackRoundNotOpen")
            .withArgs(a.attackId, 3n),
        );
        await reportLosses(a, a.attackId, 4, 60n * MILLION);
        expect((await books(a, a.attackId)).awarded).to.equal(payable(COVER, 60n * MILLION));
      });
    });

    describe("given a round that cannot be settled", () => {
      it("refuses all but the panel", async () => {
        const a = await loadFixture(recognised);
        for (const sender of [a.stranger, a.assessors[0]!, a.ltu.treasury]) {
          await expect(a.register.connect(sender).settle(a.attackId, 1, 1n))
            .to.be.revertedWithCustomError(a.register, "AttackNotPanel")
            .withArgs(sender.address);
        }
      });

      it("refuses round 0, 13, one that has not ended, and one of a case that is not recognised", async () => {
        const a = await loadFixture(recognised);
        const other = await fileAttack(a, a.member("EST"));
        const { endsAt } = await a.register.round(a.attackId, 1);
        await asContract(a, a.panel, async (panel) => {
          const settle = (id: bigint, number: number) => a.register.connect(panel).settle(id, number, 20n * MILLION);
          const refused = async (id: bigint, number: number) =>
            expect(settle(id, number))
              .to.be.revertedWithCustomError(a.register, "AttackRoundNotOpen")
              .withArgs(id, number);
          await moveTo(a, endsAt - 2n);
          await refused(a.attackId, 1);
          await at(a, endsAt);
          await settle(a.attackId, 1);
          for (const number of [0, 1, 13]) await refused(a.attackId, number);
          await refused(other.attackId, 1);
        });
      });

      it("settles no round after a later one", async () => {
        const a = await loadFixture(recognised);
        await moveTo(a, (await a.register.round(a.attackId, 2)).endsAt);
        await asContract(a, a.panel, async (panel) => {
          const register = a.register.connect(panel);
          await register.settle(a.attackId, 2, 20n * MILLION);
          await expect(register.settle(a.attackId, 1, 20n * MILLION))
            .to.be.revertedWithCustomError(a.register, "AttackRoundNotOpen")
            .withArgs(a.attackId, 1n);
        });
      });
    });
  });

  describe("end", () => {
    it("makes the round then running the last, whose window still runs", async () => {
      const a = await loadFixture(recognised);
      const endedAt = a.startedAt + 3n * ROUND - 1n;
      await at(a, endedAt);
      await expect(a.register.connect(a.ltu.treasury).end(a.attackId))
        .to.emit(a.register, "Ended")
        .withArgs(a.attackId, endedAt, 3n);
      expect(await a.register.lastRound(a.attackId)).to.equal(3n);
      expect((await a.register.round(a.attackId, 4)).open).to.equal(false);
      await reportLosses(a, a.attackId, 3, 45n * MILLION);
      expect((await books(a, a.attackId)).awarded).to.equal(payable(COVER, 45n * MILLION));
    });

    it("counts the second in which a round is over, and reports begin, to the next", async () => {
      const a = await loadFixture(recognised);
      await at(a, a.startedAt + 3n * ROUND);
      await a.register.connect(a.ltu.treasury).end(a.attackId);
      expect(await a.register.lastRound(a.attackId)).to.equal(4n);
    });

    it("serves the delegate and the council", async () => {
      const a = await loadFixture(recognised);
      const second = await recognisedAttack(a, a.member("EST"));
      await a.register.connect(a.ltu.delegate).end(a.attackId);
      await asTimelock(a, (t) => a.register.connect(t).end(second.attackId));
      expect(await a.register.lastRound(a.attackId)).to.equal(1n);
      expect(await a.register.lastRound(second.attackId)).to.equal(1n);
    });

    it("refuses others, a second time, and what is not recognised", async () => {
      const a = await loadFixture(recognised);
      const est = a.member("EST");
      const undecided = await fileAttack(a, est);
      for (const sender of [a.stranger, est.delegate]) {
        await expect(a.register.connect(sender).end(a.attackId))
          .to.be.revertedWithCustomError(a.register, "AttackUnauthorized")
          .withArgs(a.ltu.code, sender.address);
      }
      await expect(a.register.connect(est.delegate).end(undecided.attackId))
        .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
        .withArgs(undecided.attackId, CaseStatus.Voting);
      await a.register.connect(a.ltu.delegate).end(a.attackId);
      await expect(a.register.connect(a.ltu.delegate).end(a.attackId))
        .to.be.revertedWithCustomError(a.register, "AttackAlreadyEnded")
        .withArgs(a.attackId);
    });

    it("is possible in the twelfth round, and refused once that is over", async () => {
      const a = await loadFixture(recognised);
      const over = a.startedAt + 12n * ROUND;
      await moveTo(a, over - 10n);
      const snapshot = await connection.networkHelpers.takeSnapshot();
      await at(a, over - 1n);
      await a.register.connect(a.ltu.delegate).end(a.attackId);
      expect(await a.register.lastRound(a.attackId)).to.equal(12n);
      await snapshot.restore();
      await at(a, over + 1n);
      await expect(a.register.connect(a.ltu.delegate).end(a.attackId))
        .to.be.revertedWithCustomError(a.register, "AttackAlreadyEnded")
        .withArgs(a.attackId);
    });
  });

  describe("reviseLoss", () => {
    const revise = (a: Awaited<ReturnType<typeof recognised>>, reported: bigint) =>
      asTimelock(a, (t) => a.register.connect(t).reviseLoss(a.attackId, reported));

    it("counts as settling the latest ended round", async () => {
      const a = await loadFixture(recognised);
      await moveTo(a, a.startedAt + 4n * ROUND);
      const sent = await revise(a, 60n * MILLION);
      const award = payable(COVER, 60n * MILLION) - 8_800_000n * UNIT;
      await expect(sent)
        .to.emit(a.register, "LossRevised")
        .withArgs(a.attackId, 4n, 60n * MILLION);
      await expect(sent)
        .to.emit(a.register, "RoundSettled")
        .withArgs(a.attackId, 4n, 60n * MILLION, 60n * MILLION, payable(COVER, 60n * MILLION), award);
      expect((await a.register.round(a.attackId, 4)).open).to.equal(false);
    });

    it("counts for the round before while one is still running by a second", async () => {
      const a = await loadFixture(recognised);
      await moveTo(a, a.startedAt + 4n * ROUND - 20n);
      await at(a, a.startedAt + 4n * ROUND - 1n);
      await revise(a, 60n * MILLION);
      expect((await books(a, a.attackId)).lastSettled).to.equal(3n);
      // Three rounds bound what counts.
      expect((await a.register.attack(a.attackId)).loss).to.equal((200n * MILLION * 90n) / 365n);
    });

    it("stays within the same caps: elapsed time, purchases, commitment", async () => {
      const a = await loadFixture(recognised);
      await grantMarket(a, a.stranger.address);
      await a.register.connect(a.stranger).recordPurchase(a.attackId, 9n * MILLION);
      await moveTo(a, a.startedAt + 2n * ROUND);
      await revise(a, 10n ** 30n);
      const loss = (200n * MILLION * 60n) / 365n - 9n * MILLION;
      expect((await a.register.attack(a.attackId)).loss).to.equal(loss);
      await moveTo(a, a.startedAt + 13n * ROUND);
      await revise(a, 10n ** 30n);
      const { awarded, committed, lastSettled } = await books(a, a.attackId);
      expect([awarded, lastSettled]).to.deep.equal([committed, 12n]);
    });

    it("revises what was settled, up and down, and goes by the last round of an attack that was ended", async () => {
      const a = await loadFixture(recognised);
      await a.register.connect(a.ltu.delegate).end(a.attackId);
      await reportLosses(a, a.attackId, 1, 16n * MILLION);
      await moveTo(a, a.startedAt + 3n * ROUND);
      await revise(a, 12n * MILLION);
      const c = await a.register.attack(a.attackId);
      expect([c.lastSettled, c.loss]).to.deep.equal([1n, 12n * MILLION]);
      expect(await a.register.payableSoFar(a.attackId)).to.equal(payable(COVER, 12n * MILLION));
      expect(c.awarded).to.equal(8_800_000n * UNIT);
    });

    it("refuses others, what is not recognised, and an attack none of whose rounds has ended", async () => {
      const a = await loadFixture(recognised);
      await expect(a.register.connect(a.ltu.treasury).reviseLoss(a.attackId, 1n))
        .to.be.revertedWithCustomError(a.register, "AccessControlUnauthorizedAccount")
        .withArgs(a.ltu.treasury.address, ZeroHash);
      const undecided = await fileAttack(a, a.member("EST"));
      await asTimelock(a, async (t) => {
        await expect(a.register.connect(t).reviseLoss(undecided.attackId, 1n))
          .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
          .withArgs(undecided.attackId, CaseStatus.Voting);
        await moveTo(a, a.startedAt + ROUND - 10n);
        await at(a, a.startedAt + ROUND - 1n);
        await expect(a.register.connect(t).reviseLoss(a.attackId, 1n))
          .to.be.revertedWithCustomError(a.register, "AttackRoundNotOpen")
          .withArgs(a.attackId, 0n);
        await at(a, a.startedAt + ROUND);
        await a.register.connect(t).reviseLoss(a.attackId, 1n);
      });
      expect((await books(a, a.attackId)).lastSettled).to.equal(1n);
    });
  });

  describe("recordPurchase", () => {
    it("refuses all but the market, and a case that is not recognised", async () => {
      const a = await loadFixture(recognised);
      const role = await a.register.MARKET_ROLE();
      await expect(a.register.connect(a.stranger).recordPurchase(a.attackId, 1n))
        .to.be.revertedWithCustomError(a.register, "AccessControlUnauthorizedAccount")
        .withArgs(a.stranger.address, role);
      await grantMarket(a, a.stranger.address);
      const undecided = await fileAttack(a, a.member("EST"));
      for (const [id, status] of [
        [undecided.attackId, CaseStatus.Voting],
        [9n, CaseStatus.None],
      ] as const) {
        await expect(a.register.connect(a.stranger).recordPurchase(id, 1n))
          .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
          .withArgs(id, status);
      }
    });
  });
});
