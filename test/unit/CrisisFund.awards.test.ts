import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import { PPM, UNIT, asTimelock, code } from "../support/alliance.ts";
import { expectConserved } from "../support/books.ts";
import {
  Entry,
  Role,
  award,
  commit,
  earmark,
  foundFund,
  give,
  receivedBy,
  ref,
  revokeModule,
  standing,
} from "../support/fund.ts";
import { ReferenceFund, distance } from "../support/reference-fund.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");
const fixture = () => foundFund(connection);

describe("CrisisFund", () => {
  describe("commit", () => {
    it("sets an amount aside without moving money", async () => {
      const f = await loadFixture(fixture);
      await give(f, 100n * UNIT);
      await expect(f.fund.connect(f.module).commit(101n, LTU, 250_000n, 60n * UNIT))
        .to.emit(f.fund, "Committed")
        .withArgs(101n, LTU, 60n * UNIT, 250_000n);
      expect(await f.fund.committed()).to.equal(60n * UNIT);
      expect(await f.fund.reserve()).to.equal(100n * UNIT);
      expect(await f.fund.attackAccount(101n)).to.deep.equal([LTU, 250_000n, 60n * UNIT, 0n]);
      await expectConserved(f.fund, f.token);
    });

    it("may exceed the reserve", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 60n * UNIT);
      await commit(f, 102n, "EST", 50n * UNIT);
      expect(await f.fund.committed()).to.equal(110n * UNIT);
    });

    it("is made once for an attack", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 60n * UNIT);
      await expect(f.fund.connect(f.module).commit(101n, LTU, 0n, 1n))
        .to.be.revertedWithCustomError(f.fund, "FundAttackCommitted")
        .withArgs(101n);
    });

    it("earmarks at most the whole", async () => {
      const f = await loadFixture(fixture);
      await f.fund.connect(f.module).commit(101n, LTU, PPM, 1n);
      await expect(f.fund.connect(f.module).commit(102n, LTU, PPM + 1n, 1n))
        .to.be.revertedWithCustomError(f.fund, "FundShareTooHigh")
        .withArgs(PPM + 1n);
    });

    it("is for the register only", async () => {
      const f = await loadFixture(fixture);
      for (const caller of [f.stranger, f.payer, f.compensator]) {
        await expect(f.fund.connect(caller).commit(101n, LTU, 0n, 1n))
          .to.be.revertedWithCustomError(f.fund, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, Role.Register);
      }
    });
  });

  describe("releaseOrphan", () => {
    it("frees what a module holds that the council has cut off", async () => {
      const f = await loadFixture(fixture);
      await give(f, 100n * UNIT);
      await commit(f, 101n, "LTU", 60n * UNIT);
      await revokeModule(f, f.module.address);
      await asTimelock(f, async (timelock) => {
        await expect(f.fund.connect(timelock).releaseOrphan(101n))
          .to.emit(f.fund, "Released")
          .withArgs(101n, LTU, 60n * UNIT);
      });
      expect(await f.fund.committed()).to.equal(0n);
      await expectConserved(f.fund, f.token);
    });

    it("is not for what a module in office holds, nor for anybody else", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 60n * UNIT);
      await asTimelock(f, async (timelock) => {
        await expect(f.fund.connect(timelock).releaseOrphan(101n))
          .to.be.revertedWithCustomError(f.fund, "FundModuleNotRevoked")
          .withArgs(f.module.address);
        await expect(f.fund.connect(timelock).releaseOrphan(999n))
          .to.be.revertedWithCustomError(f.fund, "FundUnknownAttack")
          .withArgs(999n);
      });
      await expect(f.fund.connect(f.module).releaseOrphan(101n))
        .to.be.revertedWithCustomError(f.fund, "AccessControlUnauthorizedAccount")
        .withArgs(f.module.address, ZeroHash);
    });
  });

  describe("release", () => {
    it("frees what was not awarded", async () => {
      const f = await loadFixture(fixture);
      await give(f, 100n * UNIT);
      await commit(f, 101n, "LTU", 60n * UNIT);
      await commit(f, 102n, "EST", 20n * UNIT);
      await award(f, 101n, 15n * UNIT);
      await expect(f.fund.connect(f.module).release(101n))
        .to.emit(f.fund, "Released")
        .withArgs(101n, LTU, 45n * UNIT);
      expect(await f.fund.committed()).to.equal(20n * UNIT);
      expect(await f.fund.reserve()).to.equal(85n * UNIT);
      await expectConserved(f.fund, f.token);
    });

    it("gives what the reserve then exceeds the commitments by to what is owed", async () => {
      const f = await loadFixture(fixture);
      await give(f, 50n * UNIT);
      await commit(f, 101n, "LTU", 60n * UNIT);
      await commit(f, 102n, "EST", 40n * UNIT);
      // Half is covered: 20 paid, 20 owed; reserve 30 against 60.
      await award(f, 102n, 40n * UNIT);
      expect(await f.fund.owed()).to.equal(20n * UNIT);
      await award(f, 101n, 20n * UNIT);
      // Reserve 20 against 40, owed 20 + 10.
      await expect(f.fund.connect(f.module).release(101n))
        .to.emit(f.fund, "ObligationsPaid")
        .withArgs(20n * UNIT, 10n * UNIT);
      expect(await f.fund.reserve()).to.equal(0n);
      expect(distance((await standing(f, "EST")).collectable, (40n * UNIT * 10n ** 36n) / 3n)).to.be.at.most(1n);
      await expectConserved(f.fund, f.token);
    });

    it("keeps the reserve that other commitments need", async () => {
      const f = await loadFixture(fixture);
      await give(f, 50n * UNIT);
      await commit(f, 101n, "LTU", 20n * UNIT);
      await commit(f, 102n, "EST", 80n * UNIT);
      await award(f, 101n, 10n * UNIT);
      // Reserve 45 against 10 + 80, owed 5; after the release 45 against 80.
      await f.fund.connect(f.module).release(101n);
      expect(await f.fund.reserve()).to.equal(45n * UNIT);
      expect(await f.fund.owed()).to.equal(5n * UNIT);
    });

    it("ends awards", async () => {
      const f = await loadFixture(fixture);
      await give(f, 100n * UNIT);
      await commit(f, 101n, "LTU", 60n * UNIT);
      await f.fund.connect(f.module).release(101n);
      await expect(f.fund.connect(f.module).award(101n, 1n))
        .to.be.revertedWithCustomError(f.fund, "FundBeyondCommitment")
        .withArgs(101n, 1n, 0n);
    });

    it("knows the attack", async () => {
      const f = await loadFixture(fixture);
      await expect(f.fund.connect(f.module).release(101n))
        .to.be.revertedWithCustomError(f.fund, "FundUnknownAttack")
        .withArgs(101n);
    });

    it("is for the register only", async () => {
      const f = await loadFixture(fixture);
      await expect(f.fund.connect(f.stranger).release(101n))
        .to.be.revertedWithCustomError(f.fund, "AccessControlUnauthorizedAccount")
        .withArgs(f.stranger.address, Role.Register);
    });
  });

  describe("award", () => {
    it("is paid at once, in full, if the reserve covers all commitments", async () => {
      const f = await loadFixture(fixture);
      await give(f, 100n * UNIT);
      await commit(f, 101n, "LTU", 60n * UNIT);
      await commit(f, 102n, "EST", 40n * UNIT);
      const { treasury } = f.member("LTU");
      const response = f.fund.connect(f.module).award(101n, 15n * UNIT);
      await expect(response)
        .to.emit(f.fund, "Entry")
        .withArgs(2n, Entry.Award, LTU, f.module.address, 15n * UNIT, ref(101n), anyValue, anyValue);
      await expect(response)
        .to.emit(f.fund, "Entry")
        .withArgs(3n, Entry.Disbursement, LTU, treasury.address, 15n * UNIT, ref(101n), anyValue, anyValue);
      await expect(response)
        .to.emit(f.fund, "AwardMade")
        .withArgs(
          101n,
          [2n, f.module.address, BigInt(await f.time.latest()), 101n, 15n * UNIT, 0n, 0n, 0n],
          15n * UNIT,
          0n,
        );
      expect(await receivedBy(f, f.member("LTU"))).to.equal(15n * UNIT);
      expect(await f.fund.reserve()).to.equal(85n * UNIT);
      expect(await f.fund.committed()).to.equal(85n * UNIT);
      expect((await f.fund.attackAccount(101n)).commitment).to.equal(45n * UNIT);
      expect(await f.fund.owed()).to.equal(0n);
      await expectConserved(f.fund, f.token);
    });

    it("is paid as far as the reserve covers all commitments, and owed for the rest", async () => {
      const f = await loadFixture(fixture);
      await give(f, 30n * UNIT);
      await commit(f, 101n, "LTU", 60n * UNIT);
      await commit(f, 102n, "EST", 37n * UNIT);
      const amount = 20n * UNIT;
      const paid = (amount * 30n) / 97n;
      await award(f, 101n, amount);
      expect(await receivedBy(f, f.member("LTU"))).to.equal(paid);
      expect(await standing(f, "LTU")).to.deep.equal({ owed: amount - paid, collectable: 0n });
      expect(await f.fund.reserve()).to.equal(30n * UNIT - paid);
      await expectConserved(f.fund, f.token);
    });

    it("is owed in full if there is no money, and transfers nothing", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 60n * UNIT);
      const response = f.fund.connect(f.module).award(101n, 60n * UNIT);
      await expect(response).not.to.emit(f.fund, "TransferDeferred");
      expect(await f.fund.sequence()).to.equal(1n);
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 60n * UNIT, collectable: 0n });
      await expectConserved(f.fund, f.token);
    });

    it("makes two obligations: the earmark's by attack and the treasury's by member", async () => {
      const f = await loadFixture(fixture);
      await give(f, 30n * UNIT);
      await commit(f, 101n, "LTU", 60n * UNIT, 300_000n);
      const { record, treasuryPaid, earmarkPaid } = await award(f, 101n, 20n * UNIT);
      expect(record.earmarkPart).to.equal(6n * UNIT);
      expect(record.treasuryPart).to.equal(14n * UNIT);
      expect(earmarkPaid).to.equal(3n * UNIT);
      expect(treasuryPaid).to.equal(7n * UNIT);
      expect(await earmark(f, 101n)).to.deep.equal({ owed: 3n * UNIT, held: 3n * UNIT });
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 7n * UNIT, collectable: 0n });
      expect(await f.fund.earmarked()).to.equal(3n * UNIT);
      await expectConserved(f.fund, f.token);
    });

    it("adds up a member's obligations over its attacks, and keeps their earmarks apart", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 60n * UNIT, 500_000n);
      await commit(f, 102n, "LTU", 60n * UNIT, 250_000n);
      await award(f, 101n, 8n * UNIT);
      await award(f, 102n, 8n * UNIT);
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 10n * UNIT, collectable: 0n });
      expect((await earmark(f, 101n)).owed).to.equal(4n * UNIT);
      expect((await earmark(f, 102n)).owed).to.equal(2n * UNIT);
    });

    it("may be the whole earmark, with no transfer", async () => {
      const f = await loadFixture(fixture);
      await give(f, 60n * UNIT);
      await commit(f, 101n, "LTU", 60n * UNIT, PPM);
      await award(f, 101n, 60n * UNIT);
      expect(await earmark(f, 101n)).to.deep.equal({ owed: 0n, held: 60n * UNIT });
      expect(await receivedBy(f, f.member("LTU"))).to.equal(0n);
      await expectConserved(f.fund, f.token);
    });

    it("rounds down: dust stays in the fund", async () => {
      const f = await loadFixture(fixture);
      await give(f, 2n);
      await commit(f, 101n, "LTU", 3n, 333_333n);
      const { record, paid, earmarkPaid } = await award(f, 101n, 2n);
      expect(record.earmarkPart).to.equal(0n);
      expect(paid).to.equal(1n);
      expect(earmarkPaid).to.equal(0n);
      await expectConserved(f.fund, f.token);
    });

    it("stays within the commitment", async () => {
      const f = await loadFixture(fixture);
      await give(f, 100n * UNIT);
      await commit(f, 101n, "LTU", 60n * UNIT);
      await award(f, 101n, 59n * UNIT);
      await expect(f.fund.connect(f.module).award(101n, UNIT + 1n))
        .to.be.revertedWithCustomError(f.fund, "FundBeyondCommitment")
        .withArgs(101n, UNIT + 1n, UNIT);
      await award(f, 101n, UNIT);
      expect((await f.fund.attackAccount(101n)).commitment).to.equal(0n);
    });

    it("is not nothing", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 60n * UNIT);
      await expect(f.fund.connect(f.module).award(101n, 0n)).to.be.revertedWithCustomError(f.fund, "FundZeroAmount");
    });

    it("knows the attack", async () => {
      const f = await loadFixture(fixture);
      await expect(f.fund.connect(f.module).award(101n, 1n))
        .to.be.revertedWithCustomError(f.fund, "FundUnknownAttack")
        .withArgs(101n);
    });

    it("is for the register only", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 60n * UNIT);
      for (const caller of [f.stranger, f.payer, f.compensator, f.member("LTU").treasury]) {
        await expect(f.fund.connect(caller).award(101n, 1n))
          .to.be.revertedWithCustomError(f.fund, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, Role.Register);
      }
    });

    describe("given three awards between two arrivals", () => {
      const amounts = { LTU: 7_000_003n, EST: 40_000_000n, POL: 13_333_331n };
      const names = ["LTU", "EST", "POL"] as const;
      const orders = names.flatMap((first) =>
        names
          .filter((second) => second !== first)
          .map((second) => [first, second, names.find((third) => third !== first && third !== second)!] as const),
      );

      for (const order of orders) {
        it(`pays them at one ratio, in the order ${order.join(", ")}`, async () => {
          const f = await loadFixture(fixture);
          const reserve = 41_234_567n;
          const committed = 3n * 50_000_000n;
          await give(f, reserve);
          for (const [i, name] of names.entries()) await commit(f, 101n + BigInt(i), name, 50_000_000n);
          for (const [made, name] of order.entries()) {
            const { paid } = await award(f, 101n + BigInt(names.indexOf(name)), amounts[name]);
            // The first ratio of all, rounded down, and at most a unit more for each award made before.
            const due = (amounts[name] * reserve) / committed;
            expect(paid, "5").to.be.within(due, due + BigInt(made));
          }
          await expectConserved(f.fund, f.token);
        });
      }
    });

    it("comes after what is owed: an arrival is divided before the next award is paid", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 60n * UNIT);
      await commit(f, 102n, "EST", 60n * UNIT);
      await award(f, 101n, 30n * UNIT);
      await give(f, 15n * UNIT);
      const { paid } = await award(f, 102n, 30n * UNIT);
      expect(paid).to.equal(0n);
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 15n * UNIT, collectable: 15n * UNIT });
      expect(await standing(f, "EST")).to.deep.equal({ owed: 30n * UNIT, collectable: 0n });
      await expectConserved(f.fund, f.token);
    });

    it("brings the member what earlier awards have received meanwhile", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 60n * UNIT);
      await award(f, 101n, 30n * UNIT);
      await give(f, 15n * UNIT);
      await award(f, 101n, 10n * UNIT);
      expect(await receivedBy(f, f.member("LTU"))).to.equal(15n * UNIT);
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 25n * UNIT, collectable: 0n });
    });

    it("agrees with the reference where an award meets debts, a reserve and other commitments", async () => {
      const f = await loadFixture(fixture);
      const reference = new ReferenceFund();
      await give(f, 33n * UNIT);
      reference.arrive(33n * UNIT);
      for (const [attackId, name, share] of [
        [101n, "LTU", 200_000n],
        [102n, "EST", 0n],
        [103n, "LTU", 777_777n],
      ] as const) {
        await commit(f, attackId, name, 40n * UNIT, share);
        reference.commit(attackId, name, share, 40n * UNIT);
      }
      for (const [attackId, amount, arrival] of [
        [101n, 10n * UNIT, 0n],
        [102n, 40n * UNIT, 5n * UNIT],
        [103n, 29n * UNIT, 17n * UNIT],
        [101n, 30n * UNIT, 3n * UNIT],
      ] as const) {
        const { paid } = await award(f, attackId, amount);
        expect(paid, "5").to.equal(reference.award(attackId, amount).paid);
        if (arrival === 0n) continue;
        await give(f, arrival);
        reference.arrive(arrival);
      }
      for (const name of ["LTU", "EST"]) {
        expect(distance((await standing(f, name)).owed, reference.owedTo(name)), "5").to.be.at.most(1n);
      }
      for (const attackId of [101n, 103n]) {
        const { owed, held } = await earmark(f, attackId);
        expect(distance(owed, reference.owedTo(String(attackId))), "5").to.be.at.most(1n);
        expect(distance(held, reference.received.get(String(attackId))!), "5").to.be.at.most(1n);
      }
      await expectConserved(f.fund, f.token);
    });
  });

  describe("payment", () => {
    it("stays collectable when the treasury is blocked, and delays nobody", async () => {
      const f = await loadFixture(fixture);
      await give(f, 100n * UNIT);
      await commit(f, 101n, "LTU", 30n * UNIT);
      await commit(f, 102n, "EST", 30n * UNIT);
      const { treasury } = f.member("LTU");
      await f.token.connect(f.issuer).blockAccount(treasury.address);
      await expect(f.fund.connect(f.module).award(101n, 30n * UNIT))
        .to.emit(f.fund, "TransferDeferred")
        .withArgs(LTU, treasury.address, 30n * UNIT);
      expect(await standing(f, "LTU"), "9").to.deep.equal({ owed: 0n, collectable: 30n * UNIT });
      expect(await f.fund.pot()).to.equal(30n * UNIT);

      await award(f, 102n, 30n * UNIT);
      expect(await receivedBy(f, f.member("EST")), "9").to.equal(30n * UNIT);
      await expectConserved(f.fund, f.token);
    });

    it("is tried again with the member's next award", async () => {
      const f = await loadFixture(fixture);
      await give(f, 100n * UNIT);
      await commit(f, 101n, "LTU", 30n * UNIT);
      const { treasury } = f.member("LTU");
      await f.token.connect(f.issuer).blockAccount(treasury.address);
      await award(f, 101n, 10n * UNIT);
      await f.token.connect(f.issuer).unblockAccount(treasury.address);
      await award(f, 101n, 5n * UNIT);
      expect(await receivedBy(f, f.member("LTU"))).to.equal(15n * UNIT);
      await expectConserved(f.fund, f.token);
    });

    it("waits while the council recovers the member's keys", async () => {
      const f = await loadFixture(fixture);
      await give(f, 100n * UNIT);
      await commit(f, 101n, "LTU", 30n * UNIT);
      const newTreasury = f.spare(10);
      await asTimelock(f, (timelock) =>
        f.registry.connect(timelock).recoverKeys(LTU, newTreasury.address, f.spare(11).address),
      );
      await expect(f.fund.connect(f.module).award(101n, 30n * UNIT))
        .to.emit(f.fund, "TransferDeferred")
        .withArgs(LTU, "0x0000000000000000000000000000000000000000", 30n * UNIT);
      await expect(f.fund.collect(LTU)).to.be.revertedWithCustomError(f.fund, "FundTransfersWait").withArgs(LTU);

      await f.time.increaseTo((await f.registry.keyChange(LTU)).readyAt);
      await expect(f.fund.collect(LTU)).to.be.revertedWithCustomError(f.fund, "FundTransfersWait").withArgs(LTU);
      await f.registry.applyKeys(LTU);
      await f.fund.connect(f.stranger).collect(LTU);
      expect(await f.token.balanceOf(newTreasury.address)).to.equal(30n * UNIT);
      await expectConserved(f.fund, f.token);
    });
  });
});
