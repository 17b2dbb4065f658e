import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { network } from "hardhat";

import { UNIT, asTimelock, code } from "../support/alliance.ts";
import { expectConserved } from "../support/books.ts";
import {
  Entry,
  ROLE_DELAY,
  Role,
  VOID_WINDOW,
  award,
  commit,
  earmark,
  foundFund,
  give,
  receivedBy,
  ref,
  revokeModule,
  standing,
  voidAward,
} from "../support/fund.ts";
import { ReferenceFund, distance } from "../support/reference-fund.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");
const fixture = () => foundFund(connection);

/** LTU is awarded 20 by the module, 8 of it earmarked; a quarter is paid, and LTU's account is blocked. */
async function awarded() {
  const f = await fixture();
  await f.token.connect(f.issuer).blockAccount(f.member("LTU").treasury.address);
  await give(f, 10n * UNIT);
  await commit(f, 101n, "LTU", 40n * UNIT, 400_000n);
  const { record } = await award(f, 101n, 20n * UNIT);
  return { ...f, record };
}

/** The same, after the module's role has been revoked. */
async function revoked() {
  const f = await awarded();
  await revokeModule(f, f.module.address);
  return f;
}

describe("CrisisFund", () => {
  describe("grantRole", () => {
    it("gives a role that works 30 days later", async () => {
      const f = await loadFixture(fixture);
      const { fund, stranger } = f;
      const at = BigInt(await f.time.latest()) + 100n;
      await asTimelock(f, async (timelock) => {
        await f.time.setNextBlockTimestamp(at);
        await expect(fund.connect(timelock).grantRole(Role.Register, stranger.address))
          .to.emit(fund, "RoleScheduled")
          .withArgs(Role.Register, stranger.address, at + ROLE_DELAY);
      });
      expect(await fund.worksFrom(Role.Register, stranger.address)).to.equal(at + ROLE_DELAY);

      await f.time.setNextBlockTimestamp(at + ROLE_DELAY - 1n);
      await expect(fund.connect(stranger).commit(101n, LTU, 0n, 1n))
        .to.be.revertedWithCustomError(fund, "FundRoleNotYetWorking")
        .withArgs(Role.Register, stranger.address, at + ROLE_DELAY);
      await f.time.setNextBlockTimestamp(at + ROLE_DELAY);
      await fund.connect(stranger).commit(101n, LTU, 0n, 1n);
    });

    it("does not begin again for a role that is held", async () => {
      const f = await loadFixture(fixture);
      const before = await f.fund.worksFrom(Role.Register, f.module.address);
      await asTimelock(f, async (timelock) => {
        await expect(f.fund.connect(timelock).grantRole(Role.Register, f.module.address)).not.to.emit(
          f.fund,
          "RoleScheduled",
        );
      });
      expect(await f.fund.worksFrom(Role.Register, f.module.address)).to.equal(before);
      await commit(f, 101n, "LTU", 1n);
    });

    it("worked at once at the founding", async () => {
      const f = await loadFixture(fixture);
      const founded = await f.fund.queryFilter(f.fund.filters.RoleScheduled());
      for (const { args, blockNumber } of founded.slice(0, -3)) {
        expect(args.worksFrom).to.equal((await f.ethers.provider.getBlock(blockNumber))!.timestamp);
      }
      expect(founded.slice(0, -3).map(({ args }) => [args.role, args.account])).to.have.deep.members([
        [Role.Admin, await f.timelock.getAddress()],
        [Role.Admin, f.deployer.address],
        [Role.Ledger, await f.ledger.getAddress()],
        [Role.Register, await f.register.getAddress()],
        [Role.Distributor, await f.distributor.getAddress()],
      ]);
    });

    it("delays the council's own role as well", async () => {
      const f = await loadFixture(fixture);
      await asTimelock(f, (timelock) => f.fund.connect(timelock).grantRole(Role.Admin, f.stranger.address));
      const from = await f.fund.worksFrom(Role.Admin, f.stranger.address);
      await f.time.setNextBlockTimestamp(from - 1n);
      await expect(f.fund.connect(f.stranger).setGuardian(f.stranger.address))
        .to.be.revertedWithCustomError(f.fund, "FundRoleNotYetWorking")
        .withArgs(Role.Admin, f.stranger.address, from);
      await f.time.setNextBlockTimestamp(from);
      await f.fund.connect(f.stranger).setGuardian(f.stranger.address);
    });

    it("brings nothing of the founding back to the former founder", async () => {
      const f = await loadFixture(fixture);
      expect(await f.fund.isFounding()).to.equal(false);
      await asTimelock(f, (timelock) => f.fund.connect(timelock).grantRole(Role.Admin, f.deployer.address));
      await f.time.increase(ROLE_DELAY);
      expect(await f.fund.isFounding()).to.equal(false);
      await f.fund.connect(f.deployer).grantRole(Role.Register, f.stranger.address);
      await expect(f.fund.connect(f.stranger).commit(101n, LTU, 0n, 1n))
        .to.be.revertedWithCustomError(f.fund, "FundRoleNotYetWorking")
        .withArgs(Role.Register, f.stranger.address, BigInt(await f.time.latest()) + ROLE_DELAY);
    });

    it("is for the council only", async () => {
      const f = await loadFixture(fixture);
      for (const caller of [f.deployer, f.guardian, f.module]) {
        await expect(f.fund.connect(caller).grantRole(Role.Register, f.stranger.address))
          .to.be.revertedWithCustomError(f.fund, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, Role.Admin);
      }
    });
  });

  describe("revokeRole", () => {
    it("ends a role at once", async () => {
      const f = await loadFixture(fixture);
      await revokeModule(f, f.module.address);
      expect(await f.fund.worksFrom(Role.Register, f.module.address)).to.equal(0n);
      await expect(f.fund.connect(f.module).commit(101n, LTU, 0n, 1n))
        .to.be.revertedWithCustomError(f.fund, "AccessControlUnauthorizedAccount")
        .withArgs(f.module.address, Role.Register);
    });

    it("ends a role that does not work yet, and a new grant waits its full 30 days", async () => {
      const f = await loadFixture(fixture);
      await asTimelock(f, async (timelock) => {
        await f.fund.connect(timelock).grantRole(Role.Register, f.stranger.address);
        await f.time.increase(ROLE_DELAY - 100n);
        await f.fund.connect(timelock).revokeRole(Role.Register, f.stranger.address);
        await f.fund.connect(timelock).grantRole(Role.Register, f.stranger.address);
      });
      const regranted = BigInt(await f.time.latest());
      await f.time.increase(200n);
      await expect(f.fund.connect(f.stranger).commit(101n, LTU, 0n, 1n))
        .to.be.revertedWithCustomError(f.fund, "FundRoleNotYetWorking")
        .withArgs(Role.Register, f.stranger.address, regranted + ROLE_DELAY);
    });

    it("does nothing to an account without the role", async () => {
      const f = await loadFixture(fixture);
      await revokeModule(f, f.stranger.address);
      expect(await f.fund.worksFrom(Role.Register, f.stranger.address)).to.equal(0n);
    });
  });

  describe("voidAward", () => {
    it("takes back what was not transferred: what is owed, what lies ready, and the earmark", async () => {
      const f = await loadFixture(revoked);
      // Of the treasury's 12 it has 3 ready, of the earmark's 8 it holds 2.
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 9n * UNIT, collectable: 3n * UNIT });
      expect(await earmark(f, 101n)).to.deep.equal({ owed: 6n * UNIT, held: 2n * UNIT });
      await asTimelock(f, async (timelock) => {
        await expect(f.fund.connect(timelock).voidAward(f.record))
          .to.emit(f.fund, "Entry")
          .withArgs(anyValue, Entry.Void, LTU, f.module.address, 20n * UNIT, ref(101n), anyValue, anyValue);
      });
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 0n, collectable: 0n });
      expect(await earmark(f, 101n)).to.deep.equal({ owed: 0n, held: 0n });
      expect(await f.fund.reserve()).to.equal(10n * UNIT);
      expect(await f.fund.pot()).to.equal(0n);
      expect(await f.fund.earmarked()).to.equal(0n);
      expect(await f.fund.owed()).to.equal(0n);
      await expectConserved(f.fund, f.token);
    });

    it("takes nothing back that was transferred", async () => {
      const f = await loadFixture(revoked);
      await f.token.connect(f.issuer).unblockAccount(f.member("LTU").treasury.address);
      await f.fund.collect(LTU);
      await f.fund.connect(f.compensator).compensate(101n, f.stranger.address, 2n * UNIT, ref(1n));
      await voidAward(f, f.record);
      expect(await receivedBy(f, f.member("LTU"))).to.equal(3n * UNIT);
      expect(await f.token.balanceOf(f.stranger.address)).to.equal(2n * UNIT);
      expect(await f.fund.owed()).to.equal(0n);
      expect(await f.fund.reserve()).to.equal(5n * UNIT);
      await expectConserved(f.fund, f.token);
    });

    it("says which award it was, and what of it was owed and what lay ready", async () => {
      const f = await loadFixture(revoked);
      await asTimelock(f, async (timelock) => {
        await expect(f.fund.connect(timelock).voidAward(f.record))
          .to.emit(f.fund, "AwardVoided")
          .withArgs(101n, f.record.sequence, 9n * UNIT, 3n * UNIT, 6n * UNIT, 2n * UNIT);
      });
    });

    it("refuses an award that was transferred whole", async () => {
      const f = await loadFixture(revoked);
      await f.token.connect(f.issuer).unblockAccount(f.member("LTU").treasury.address);
      await give(f, 100n * UNIT);
      await f.fund.collect(LTU);
      await f.fund.connect(f.compensator).compensate(101n, f.stranger.address, 8n * UNIT, ref(1n));
      await expect(voidAward(f, f.record))
        .to.be.revertedWithCustomError(f.fund, "FundNothingToVoid")
        .withArgs(f.record.sequence);
    });

    it("does not know an award any more that went out whole when it was made", async () => {
      const f = await loadFixture(fixture);
      await give(f, 100n * UNIT);
      await commit(f, 101n, "LTU", 10n * UNIT);
      const whole = await award(f, 101n, 4n * UNIT);
      await f.token.connect(f.issuer).blockAccount(f.member("LTU").treasury.address);
      const kept = await award(f, 101n, 5n * UNIT);
      await revokeModule(f, f.module.address);
      expect(await f.fund.voidable(whole.record)).to.deep.equal([0n, 0n]);
      await expect(voidAward(f, whole.record))
        .to.be.revertedWithCustomError(f.fund, "FundUnknownAward")
        .withArgs(whole.record.sequence);
      await voidAward(f, kept.record);
      expect(await f.fund.reserve()).to.equal(96n * UNIT);
    });

    it("knows an award that went out whole while an earlier one was still owed", async () => {
      const f = await loadFixture(fixture);
      await give(f, 5n * UNIT);
      await commit(f, 101n, "LTU", 8n * UNIT);
      await commit(f, 102n, "LTU", 2n * UNIT);
      await award(f, 101n, 6n * UNIT);
      await f.fund.connect(f.module).release(101n);
      const { record, treasuryPaid } = await award(f, 102n, 2n * UNIT);
      expect(treasuryPaid).to.equal(2n * UNIT);
      await revokeModule(f, f.module.address);
      // What the member was paid counts for the first award; of the second it is owed as much as it was.
      expect(await f.fund.voidable(record)).to.deep.equal([2n * UNIT, 0n]);
      await voidAward(f, record);
      expect(await standing(f, "LTU")).to.deep.equal({ owed: UNIT, collectable: 0n });
    });

    it("never takes from what another module awarded the member later", async () => {
      const f = await loadFixture(revoked);
      await f.token.connect(f.issuer).unblockAccount(f.member("LTU").treasury.address);
      await give(f, 100n * UNIT);
      await f.fund.collect(LTU);
      const later = f.spare(9);
      await asTimelock(f, (timelock) => f.fund.connect(timelock).grantRole(Role.Register, later.address));
      await f.time.increase(ROLE_DELAY);
      await f.token.connect(f.issuer).blockAccount(f.member("LTU").treasury.address);
      await commit(f, 201n, "LTU", 5n * UNIT, 0n, later);
      await award(f, 201n, 5n * UNIT, later);
      // Only the old award's earmark, which nobody has been paid, comes free.
      await voidAward(f, f.record);
      expect((await standing(f, "LTU")).collectable).to.equal(5n * UNIT);
      expect(await earmark(f, 101n)).to.deep.equal({ owed: 0n, held: 0n });
      await expectConserved(f.fund, f.token);
    });

    it("leaves the commitment as it is: what was awarded is used up", async () => {
      const f = await loadFixture(revoked);
      await voidAward(f, f.record);
      expect((await f.fund.attackAccount(101n)).commitment).to.equal(20n * UNIT);
      expect(await f.fund.committed()).to.equal(20n * UNIT);
    });

    it("gives what is freed to what else is owed", async () => {
      const f = await loadFixture(awarded);
      await commit(f, 102n, "EST", 10n * UNIT);
      await award(f, 102n, 10n * UNIT);
      const { owed } = await standing(f, "EST");
      await revokeModule(f, f.module.address);
      await voidAward(f, f.record);
      // Five units come free; a division may leave one base unit over.
      expect((await standing(f, "EST")).owed).to.be.within(owed - 5n * UNIT, owed - 5n * UNIT + 1n);
      await expectConserved(f.fund, f.token);
    });

    it("does not hurt those who are paid beside it", async () => {
      const f = await loadFixture(fixture);
      const reference = new ReferenceFund();
      const debts = [
        [101n, "LTU", 1_000_003n, 300_000n],
        [102n, "EST", 2_000_029n, 0n],
        [103n, "POL", 3_333_331n, 500_000n],
      ] as const;
      const records = [];
      for (const [attackId, name, amount, share] of debts) {
        await commit(f, attackId, name, amount, share);
        reference.commit(attackId, name, share, amount);
        records.push((await award(f, attackId, amount)).record);
        reference.award(attackId, amount);
        await give(f, 123_457n);
        reference.arrive(123_457n);
      }
      const before = await Promise.all(["EST", "POL"].map((name) => standing(f, name)));
      const [record] = records;
      await revokeModule(f, f.module.address);
      await voidAward(f, record!);
      reference.voidAward(record!);
      for (const [i, name] of ["EST", "POL"].entries()) {
        const { owed, collectable } = await standing(f, name);
        expect(collectable, "9").to.be.at.least(before[i]!.collectable);
        expect(owed + collectable, "9").to.equal(before[i]!.owed + before[i]!.collectable);
        expect(distance(owed, reference.owedTo(name)), "5").to.be.at.most(reference.roundings);
      }
      await give(f, await f.fund.owed());
      expect((await standing(f, "EST")).collectable, "5").to.equal(2_000_029n);
      await expectConserved(f.fund, f.token);
    });

    it("frees what divisions left over for a debt that is gone", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 3n);
      const { record } = await award(f, 101n, 3n);
      // Two thirds of a share in 1e-27 are rounded down: a unit lies in the pot for a debt that counts as open.
      await give(f, 1n);
      await give(f, 1n);
      await revokeModule(f, f.module.address);
      await voidAward(f, record);
      expect(await f.fund.owed(), "3").to.equal(0n);
      expect(await f.fund.reserve(), "3").to.equal(2n);
      expect(await f.fund.pot(), "3").to.equal(0n);
      await expectConserved(f.fund, f.token);
    });

    it("works for awards made up to 28 days before the role was revoked", async () => {
      const f = await loadFixture(awarded);
      await asTimelock(f, async (timelock) => {
        await f.time.setNextBlockTimestamp(f.record.madeAt + VOID_WINDOW);
        await f.fund.connect(timelock).revokeRole(Role.Register, f.module.address);
        await f.time.increase(1_000n * 86_400n);
        await f.fund.connect(timelock).voidAward(f.record);
      });
      expect(await f.fund.owed()).to.equal(0n);
    });

    it("does not work for awards made earlier", async () => {
      const f = await loadFixture(awarded);
      const revokedAt = f.record.madeAt + VOID_WINDOW + 1n;
      await asTimelock(f, async (timelock) => {
        await f.time.setNextBlockTimestamp(revokedAt);
        await f.fund.connect(timelock).revokeRole(Role.Register, f.module.address);
        await expect(f.fund.connect(timelock).voidAward(f.record))
          .to.be.revertedWithCustomError(f.fund, "FundAwardNotVoidable")
          .withArgs(f.record.sequence, f.record.madeAt, revokedAt);
      });
    });

    it("does not work for awards of a module that has its role", async () => {
      const f = await loadFixture(awarded);
      await expect(voidAward(f, f.record))
        .to.be.revertedWithCustomError(f.fund, "FundModuleNotRevoked")
        .withArgs(f.module.address);
    });

    it("does not work once the module has its role again, even before it works", async () => {
      const f = await loadFixture(revoked);
      await asTimelock(f, (timelock) => f.fund.connect(timelock).grantRole(Role.Register, f.module.address));
      await expect(voidAward(f, f.record))
        .to.be.revertedWithCustomError(f.fund, "FundModuleNotRevoked")
        .withArgs(f.module.address);
    });

    it("works for a module that has given up its role by itself", async () => {
      const f = await loadFixture(awarded);
      await f.fund.connect(f.module).renounceRole(Role.Register, f.module.address);
      await voidAward(f, f.record);
      expect(await f.fund.owed()).to.equal(0n);
    });

    it("does not work for awards made after an earlier revocation was undone, unless revoked anew", async () => {
      const f = await loadFixture(revoked);
      await asTimelock(f, (timelock) => f.fund.connect(timelock).grantRole(Role.Register, f.module.address));
      await f.time.increase(ROLE_DELAY);
      const { record } = await award(f, 101n, UNIT);
      await revokeModule(f, f.module.address);
      await voidAward(f, record);
      // The first award now lies more than 28 days before the last revocation.
      await expect(voidAward(f, f.record)).to.be.revertedWithCustomError(f.fund, "FundAwardNotVoidable");
    });

    it("works once for an award", async () => {
      const f = await loadFixture(revoked);
      await voidAward(f, f.record);
      await expect(voidAward(f, f.record))
        .to.be.revertedWithCustomError(f.fund, "FundUnknownAward")
        .withArgs(f.record.sequence);
    });

    it("needs the record as it was made", async () => {
      const f = await loadFixture(revoked);
      const wrong = [
        { ...f.record, sequence: f.record.sequence + 1n },
        { ...f.record, module: f.stranger.address },
        { ...f.record, madeAt: f.record.madeAt + 1n },
        { ...f.record, attackId: 102n },
        { ...f.record, treasuryPart: f.record.treasuryPart - 1n },
        { ...f.record, earmarkPart: f.record.earmarkPart + 1n },
      ];
      for (const record of wrong) {
        await expect(voidAward(f, record))
          .to.be.revertedWithCustomError(f.fund, "FundUnknownAward")
          .withArgs(record.sequence);
      }
    });

    it("takes back the newest debts first where a member has debts of two epochs", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 1_000_000n);
      await commit(f, 102n, "LTU", 5_000n);
      await commit(f, 103n, "EST", 5_000n);
      await award(f, 101n, 1_000_000n);
      await give(f, 999_001n);
      const { record } = await award(f, 102n, 5_000n);
      await award(f, 103n, 5_000n);
      await revokeModule(f, f.module.address);
      await voidAward(f, record);
      expect((await standing(f, "LTU")).owed).to.equal(999n);
      expect((await standing(f, "EST")).owed).to.equal(5_000n);
      // What is left is the debt of the closing epoch, which is completed first.
      await give(f, 999n);
      await f.fund.collect(LTU);
      expect(await receivedBy(f, f.member("LTU"))).to.equal(1_000_000n);
      expect(await standing(f, "EST")).to.deep.equal({ owed: 5_000n, collectable: 0n });
      await expectConserved(f.fund, f.token);
    });

    it("takes from a debt of the closing epoch what the newest does not cover", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 1_000_000n);
      await commit(f, 102n, "LTU", 500n);
      await commit(f, 103n, "EST", 5_000n);
      const { record } = await award(f, 101n, 1_000_000n);
      await give(f, 999_001n);
      await f.fund.collect(LTU);
      await award(f, 102n, 500n);
      await award(f, 103n, 5_000n);
      await revokeModule(f, f.module.address);
      // Of the first award 999 are owed: the second award's 500 go first, and 499 of the closing epoch's 999.
      await asTimelock(f, async (timelock) => {
        await expect(f.fund.connect(timelock).voidAward(record))
          .to.emit(f.fund, "AwardVoided")
          .withArgs(101n, record.sequence, 999n, 0n, 0n, 0n);
      });
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 500n, collectable: 0n });
      expect(await f.fund.owed()).to.equal(5_500n);
      // What is left lies in the closing epoch, which is completed first.
      await give(f, 500n);
      expect(await standing(f, "LTU"), "5").to.deep.equal({ owed: 0n, collectable: 500n });
      expect(await standing(f, "EST"), "5").to.deep.equal({ owed: 5_000n, collectable: 0n });
      await expectConserved(f.fund, f.token);
    });

    it("takes what is owed in both epochs, frees what divisions left over, and then takes what lies ready", async () => {
      const f = await loadFixture(fixture);
      await f.token.connect(f.issuer).blockAccount(f.member("LTU").treasury.address);
      await commit(f, 101n, "LTU", 999_999n);
      await commit(f, 102n, "LTU", 500n);
      await commit(f, 103n, "EST", 5_000n);
      const { record } = await award(f, 101n, 999_999n);
      // A share receives 999001 / 999999, rounded down: LTU counts as owed 999, of which a unit lies in the pot already.
      await give(f, 999_001n);
      await award(f, 102n, 500n);
      await award(f, 103n, 5_000n);
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 1_499n, collectable: 999_000n });
      expect(await f.fund.owed()).to.equal(6_498n);
      await revokeModule(f, f.module.address);
      await asTimelock(f, async (timelock) => {
        await expect(f.fund.connect(timelock).voidAward(record))
          .to.emit(f.fund, "AwardVoided")
          .withArgs(101n, record.sequence, 1_499n, 998_500n, 0n, 0n);
      });
      // What comes free pays EST, and the rest is the reserve's; LTU keeps what it was awarded later.
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 0n, collectable: 500n });
      expect(await standing(f, "EST")).to.deep.equal({ owed: 0n, collectable: 5_000n });
      expect(await f.fund.pot()).to.equal(5_500n);
      expect(await f.fund.reserve()).to.equal(993_501n);
      await expectConserved(f.fund, f.token);
    });

    it("is for the council only", async () => {
      const f = await loadFixture(revoked);
      for (const caller of [f.guardian, f.stranger, f.compensator]) {
        await expect(f.fund.connect(caller).voidAward(f.record))
          .to.be.revertedWithCustomError(f.fund, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, Role.Admin);
      }
    });
  });
});
