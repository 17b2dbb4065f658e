import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";

import { DAY, Status, YEAR, code, decide, foundAlliance, liveUntil, recognisedAttack } from "../support/alliance.ts";
import { ADMIN_ROLE, Role, decreed, join, withNewKeys } from "../support/registry.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");
const DELAY = 30n * DAY;

describe("MemberRegistry", () => {
  const founded = () => withNewKeys(connection);

  /** The council names both keys, 100 seconds after genesis. */
  async function decided() {
    const a = await founded();
    const decidedAt = a.genesis + 100n;
    await a.time.setNextBlockTimestamp(decidedAt);
    await decreed(a, (r) => r.recoverKeys(LTU, a.newTreasury.address, a.newDelegate.address));
    return { ...a, decidedAt, readyAt: decidedAt + DELAY };
  }

  /** The council names a new treasury; the delegate stays. */
  async function decidedTreasury() {
    const a = await founded();
    const decidedAt = a.genesis + 100n;
    await a.time.setNextBlockTimestamp(decidedAt);
    await decreed(a, (r) => r.recoverKeys(LTU, a.newTreasury.address, ZeroAddress));
    return { ...a, decidedAt, readyAt: decidedAt + DELAY };
  }

  const recover = (a: Awaited<ReturnType<typeof founded>>) =>
    decreed(a, (r) => r.recoverKeys(LTU, a.newTreasury.address, a.newDelegate.address));

  describe("recoverKeys", () => {
    it("replaces one key each of two members at once: the key that stays is set aside for nobody", async () => {
      const a = await loadFixture(founded);
      const changes = [
        [LTU, ZeroAddress, a.newDelegate.address],
        [code("EST"), ZeroAddress, a.spare(8).address],
        [code("POL"), a.spare(9).address, ZeroAddress],
      ] as const;
      for (const [who, treasury, delegate] of changes) await decreed(a, (r) => r.recoverKeys(who, treasury, delegate));
      for (const [who, treasury, delegate] of changes) {
        const change = await a.registry.keyChange(who);
        expect([change.treasury, change.delegate]).to.deep.equal([treasury, delegate]);
      }
    });

    it("announces the accounts, and transfers to the member wait", async () => {
      const a = await loadFixture(founded);
      const decidedAt = a.genesis + 100n;
      await a.time.setNextBlockTimestamp(decidedAt);
      await expect(recover(a))
        .to.emit(a.registry, "RecoveryDecided")
        .withArgs(LTU, a.newTreasury.address, a.newDelegate.address, decidedAt + DELAY, false);
      expect([...(await a.registry.keyChange(LTU))]).to.deep.equal([
        a.newTreasury.address,
        decidedAt + DELAY,
        true,
        false,
        false,
        a.newDelegate.address,
      ]);
      expect(await a.registry.treasuryToPay(LTU)).to.equal(ZeroAddress);
      const m = await a.registry.member(LTU);
      expect([m.treasury, m.delegate]).to.deep.equal([a.ltu.treasury.address, a.ltu.delegate.address]);
      // Until then the present delegate votes.
      expect(await a.registry.getVotes(a.ltu.delegate.address)).to.equal(1);
    });

    it("is carried out by a decision of the council", async () => {
      const a = await loadFixture(founded);
      const data = a.registry.interface.encodeFunctionData("recoverKeys", [LTU, ZeroAddress, a.newDelegate.address]);
      await decide(a, { target: a.registry, data });
      expect((await a.registry.keyChange(LTU)).recovery).to.equal(true);
    });

    it("is the council's alone", async () => {
      const a = await loadFixture(founded);
      for (const caller of [a.stranger, a.deployer, a.ltu.treasury, a.ltu.delegate]) {
        await expect(a.registry.connect(caller).recoverKeys(LTU, a.newTreasury.address, ZeroAddress))
          .to.be.revertedWithCustomError(a.registry, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, ADMIN_ROLE);
      }
    });

    it("keeps the laws of a change", async () => {
      const a = await loadFixture(founded);
      await expect(decreed(a, (r) => r.recoverKeys(LTU, ZeroAddress, ZeroAddress)))
        .to.be.revertedWithCustomError(a.registry, "MemberNothingChanges")
        .withArgs(LTU);
      await expect(decreed(a, (r) => r.recoverKeys(LTU, a.other.address, a.other.address)))
        .to.be.revertedWithCustomError(a.registry, "MemberSameAccount")
        .withArgs(a.other.address);
      await expect(decreed(a, (r) => r.recoverKeys(LTU, ZeroAddress, a.member("EST").delegate.address)))
        .to.be.revertedWithCustomError(a.registry, "MemberAccountTaken")
        .withArgs(a.member("EST").delegate.address, code("EST"));
    });

    it("replaces what the treasury proposed, which it cannot propose again until the recovery ends", async () => {
      const a = await loadFixture(founded);
      await a.treasury.proposeKeys(LTU, a.other.address, ZeroAddress);
      await a.registry.connect(a.other).acceptKeys(LTU);
      await recover(a);
      expect((await a.registry.keyChange(LTU)).treasury).to.equal(a.newTreasury.address);
      await expect(a.treasury.proposeKeys(LTU, a.other.address, ZeroAddress))
        .to.be.revertedWithCustomError(a.registry, "MemberRecoveryPending")
        .withArgs(LTU);
      await a.delegate.stopKeys(LTU);
      await a.treasury.proposeKeys(LTU, a.other.address, ZeroAddress);
      expect(await a.registry.treasuryToPay(LTU)).to.equal(a.ltu.treasury.address);
    });

    it("lets the council correct what it decided", async () => {
      const a = await loadFixture(decided);
      const again = a.decidedAt + DAY;
      await a.time.setNextBlockTimestamp(again);
      await decreed(a, (r) => r.recoverKeys(LTU, a.other.address, ZeroAddress));
      const { treasury, delegate, readyAt } = await a.registry.keyChange(LTU);
      expect([treasury, delegate, readyAt]).to.deep.equal([a.other.address, ZeroAddress, again + DELAY]);
    });
  });

  describe("applyKeys, given a recovery", () => {
    it("works after 30 days without the consent of the new treasury, and not a second earlier", async () => {
      const a = await loadFixture(decided);
      await a.time.setNextBlockTimestamp(a.readyAt - 1n);
      await expect(a.registry.applyKeys(LTU))
        .to.be.revertedWithCustomError(a.registry, "MemberKeysNotReady")
        .withArgs(LTU, a.readyAt);
      expect(await a.registry.treasuryToPay(LTU)).to.equal(ZeroAddress);
      await a.time.setNextBlockTimestamp(a.readyAt);
      await expect(a.registry.connect(a.stranger).applyKeys(LTU))
        .to.emit(a.registry, "KeysChanged")
        .withArgs(LTU, a.newTreasury.address, a.newDelegate.address);
      expect(await a.registry.treasuryToPay(LTU)).to.equal(a.newTreasury.address);
      expect(await a.registry.getVotes(a.newDelegate.address)).to.equal(1);
      expect((await a.registry.accountOf(a.ltu.treasury.address)).role).to.equal(Role.None);
    });

    it("keeps transfers waiting until somebody applies it", async () => {
      const a = await loadFixture(decided);
      await a.time.increaseTo(a.readyAt + DAY);
      expect(await a.registry.treasuryToPay(LTU)).to.equal(ZeroAddress);
      expect((await a.registry.member(LTU)).transfersWait).to.equal(true);
      await a.registry.applyKeys(LTU);
      expect(await a.registry.treasuryToPay(LTU)).to.equal(a.newTreasury.address);
      expect((await a.registry.member(LTU)).transfersWait).to.equal(false);
    });

    it("sets its accounts aside: nobody else can take them, not by a change already under way either", async () => {
      const a = await loadFixture(founded);
      const est = a.member("EST");
      await a.registry.connect(est.treasury).proposeKeys(est.code, ZeroAddress, a.newDelegate.address);
      await recover(a);
      await expect(
        a.registry.connect(a.member("POL").treasury).proposeKeys(code("POL"), ZeroAddress, a.newDelegate.address),
      )
        .to.be.revertedWithCustomError(a.registry, "MemberAccountTaken")
        .withArgs(a.newDelegate.address, LTU);
      await expect(join(a, { name: "JPN", treasury: a.other, delegate: a.newDelegate }))
        .to.be.revertedWithCustomError(a.registry, "MemberAccountTaken")
        .withArgs(a.newDelegate.address, LTU);
      await a.time.increase(3n * DAY);
      await expect(a.registry.applyKeys(est.code)).to.emit(a.registry, "KeysStopped");
      await a.time.increase(DELAY);
      await a.registry.applyKeys(LTU);
      expect((await a.registry.member(LTU)).delegate).to.equal(a.newDelegate.address);
    });

    it("lets its accounts go when it is stopped", async () => {
      const a = await loadFixture(founded);
      await recover(a);
      await a.treasury.stopKeys(LTU);
      const est = a.member("EST");
      await a.registry.connect(est.treasury).proposeKeys(est.code, ZeroAddress, a.newDelegate.address);
      await a.time.increase(3n * DAY);
      await a.registry.applyKeys(est.code);
      expect((await a.registry.member(est.code)).delegate).to.equal(a.newDelegate.address);
    });

    it("lets go of what the council named before, once it names others", async () => {
      const a = await loadFixture(decided);
      await decreed(a, (r) => r.recoverKeys(LTU, a.other.address, ZeroAddress));
      await expect(join(a, { name: "JPN", treasury: a.other, delegate: a.newDelegate }))
        .to.be.revertedWithCustomError(a.registry, "MemberAccountTaken")
        .withArgs(a.other.address, LTU);
      await join(a, { name: "KOR", treasury: a.newDelegate, delegate: a.newTreasury });
      expect((await a.registry.accountOf(a.newDelegate.address)).code).to.equal(code("KOR"));
    });

    it("sets nothing aside that is set aside for another member, in either place", async () => {
      const a = await loadFixture(decided);
      for (const taken of [a.newTreasury.address, a.newDelegate.address]) {
        for (const [treasury, delegate] of [
          [taken, ZeroAddress],
          [ZeroAddress, taken],
        ] as const) {
          await expect(decreed(a, (r) => r.recoverKeys(code("EST"), treasury, delegate)))
            .to.be.revertedWithCustomError(a.registry, "MemberAccountTaken")
            .withArgs(taken, LTU);
        }
      }
      // The same two, exchanged, are the member's own to name.
      await decreed(a, (r) => r.recoverKeys(LTU, a.newDelegate.address, a.newTreasury.address));
      await a.time.increase(DELAY);
      await a.registry.applyKeys(LTU);
      expect((await a.registry.accountOf(a.newDelegate.address)).role).to.equal(Role.Treasury);
    });

    it("leaves nothing set aside: an account that has served and gone is free for others", async () => {
      const a = await loadFixture(decided);
      await a.time.increaseTo(a.readyAt);
      await a.registry.applyKeys(LTU);
      await a.registry.connect(a.newTreasury).proposeKeys(LTU, ZeroAddress, a.other.address);
      await a.time.increase(3n * DAY);
      await a.registry.applyKeys(LTU);
      await decreed(a, (r) => r.recoverKeys(code("EST"), a.newDelegate.address, a.ltu.delegate.address));
      await a.time.increase(DELAY);
      await a.registry.applyKeys(code("EST"));
      expect([...(await a.registry.accountOf(a.newDelegate.address))]).to.deep.equal([
        code("EST"),
        Role.Treasury,
        true,
        1n,
      ]);
      expect([...(await a.registry.accountOf(a.member("EST").treasury.address))]).to.deep.equal([
        "0x000000",
        Role.None,
        false,
        0n,
      ]);
    });

    it("outlives a return: the member comes back with its old keys, and the new ones work later", async () => {
      const a = await loadFixture(founded);
      await decreed(a, (r) => r.expel(LTU));
      await recover(a);
      await join(a, { ...a.ltu });
      await expect(join(a, { name: "JPN", treasury: a.other, delegate: a.newTreasury }))
        .to.be.revertedWithCustomError(a.registry, "MemberAccountTaken")
        .withArgs(a.newTreasury.address, LTU);
      expect(await a.registry.treasuryToPay(LTU)).to.equal(ZeroAddress);
      await a.time.increase(DELAY);
      await a.registry.applyKeys(LTU);
      expect(await a.registry.treasuryToPay(LTU)).to.equal(a.newTreasury.address);
      expect(await a.registry.getVotes(a.newDelegate.address)).to.equal(1);
      expect(await a.registry.getVotes(a.ltu.delegate.address)).to.equal(0);
    });

    it("gives keys to a member that was expelled", async () => {
      const a = await loadFixture(founded);
      await decreed(a, (r) => r.expel(LTU));
      await recover(a);
      await a.time.increase(DELAY);
      await a.registry.applyKeys(LTU);
      const m = await a.registry.member(LTU);
      expect([m.treasury, m.delegate, m.status]).to.deep.equal([
        a.newTreasury.address,
        a.newDelegate.address,
        Status.Expelled,
      ]);
    });
  });

  describe("transfers, given a recovery", () => {
    async function covered() {
      const a = await foundAlliance(connection);
      await liveUntil(a, 200n);
      return a;
    }

    it("wait, and reach the new treasury in full", async () => {
      const a = await loadFixture(covered);
      const newTreasury = a.spare(0);
      await decreed(a, (r) => r.recoverKeys(LTU, newTreasury.address, ZeroAddress));
      const before = await a.token.balanceOf(a.member("LTU").treasury.address);
      const { attackId } = await recognisedAttack(a, a.member("LTU"));
      const { awarded } = await a.register.attack(attackId);
      expect(awarded).to.be.greaterThan(0);
      await expect(a.fund.collect(LTU)).to.be.revertedWithCustomError(a.fund, "FundTransfersWait").withArgs(LTU);
      expect(await a.token.balanceOf(a.member("LTU").treasury.address)).to.equal(before);

      await a.time.increase(DELAY);
      await a.registry.applyKeys(LTU);
      await a.fund.connect(a.stranger).collect(LTU);
      expect(await a.token.balanceOf(newTreasury.address)).to.equal(awarded);
    });
  });

  describe("stopKeys, given a recovery", () => {
    it("lets a key that stays stop it each time", async () => {
      const a = await loadFixture(decidedTreasury);
      await a.time.setNextBlockTimestamp(a.readyAt);
      await expect(a.delegate.stopKeys(LTU)).to.emit(a.registry, "KeysStopped").withArgs(LTU, a.ltu.delegate.address);
      expect(await a.registry.treasuryToPay(LTU)).to.equal(a.ltu.treasury.address);
      for (let time = 2; time <= 3; ++time) {
        await a.time.increase(YEAR + 1n);
        await decreed(a, (r) => r.recoverKeys(LTU, a.newTreasury.address, ZeroAddress));
        await a.delegate.stopKeys(LTU);
      }
      expect((await a.registry.keyChange(LTU)).readyAt).to.equal(0);
    });

    it("lets a treasury that stays stop it each time, too", async () => {
      const a = await loadFixture(founded);
      for (let time = 1; time <= 2; ++time) {
        await decreed(a, (r) => r.recoverKeys(LTU, ZeroAddress, a.newDelegate.address));
        await a.treasury.stopKeys(LTU);
        await a.time.increase(YEAR + 1n);
      }
      expect((await a.registry.member(LTU)).delegate).to.equal(a.ltu.delegate.address);
    });

    it("lets a key that is replaced stop it once and never again", async () => {
      for (const key of ["treasury", "delegate"] as const) {
        const a = await loadFixture(decided);
        await a[key].stopKeys(LTU);
        expect((await a.registry.keyChange(LTU)).readyAt).to.equal(0);
        await a.time.increase(YEAR + 1n);
        await recover(a);
        expect((await a.registry.keyChange(LTU)).unstoppable).to.equal(false);
        await expect(a[key].stopKeys(LTU))
          .to.be.revertedWithCustomError(a.registry, "MemberStopUsed")
          .withArgs(LTU, a.ltu[key].address);
        expect((await a.registry.keyChange(LTU)).readyAt).not.to.equal(0);
        // The other key has not used its one.
        await a[key === "treasury" ? "delegate" : "treasury"].stopKeys(LTU);
      }
    });

    it("uses up nothing when a key that stays stops it", async () => {
      const a = await loadFixture(decidedTreasury);
      await a.delegate.stopKeys(LTU);
      await a.time.increase(YEAR + 1n);
      await recover(a);
      await a.delegate.stopKeys(LTU);
      expect((await a.registry.keyChange(LTU)).readyAt).to.equal(0);
    });

    it("uses up nothing when a change of the member's own is stopped", async () => {
      const a = await loadFixture(founded);
      await a.treasury.proposeKeys(LTU, a.newTreasury.address, a.newDelegate.address);
      await a.delegate.stopKeys(LTU);
      await recover(a);
      await a.delegate.stopKeys(LTU);
      expect((await a.registry.keyChange(LTU)).readyAt).to.equal(0);
    });

    it("is not for the keys that are named", async () => {
      const a = await loadFixture(decided);
      for (const caller of [a.newTreasury, a.newDelegate, a.stranger]) {
        await expect(a.registry.connect(caller).stopKeys(LTU))
          .to.be.revertedWithCustomError(a.registry, "MemberUnauthorized")
          .withArgs(LTU, caller.address);
      }
    });

    describe("given a second decision", () => {
      it("cannot stop it up to 365 days after the first", async () => {
        const a = await loadFixture(decidedTreasury);
        await a.delegate.stopKeys(LTU);
        const again = a.decidedAt + YEAR;
        await a.time.setNextBlockTimestamp(again);
        await expect(recover(a))
          .to.emit(a.registry, "RecoveryDecided")
          .withArgs(LTU, a.newTreasury.address, a.newDelegate.address, again + DELAY, true);
        for (const key of [a.treasury, a.delegate]) {
          await expect(key.stopKeys(LTU))
            .to.be.revertedWithCustomError(a.registry, "MemberRecoveryUnstoppable")
            .withArgs(LTU);
        }
        await a.time.increaseTo(again + DELAY);
        await a.registry.applyKeys(LTU);
        expect((await a.registry.member(LTU)).treasury).to.equal(a.newTreasury.address);
      });

      it("cannot stop it even with a key that stays", async () => {
        const a = await loadFixture(decidedTreasury);
        await a.delegate.stopKeys(LTU);
        await decreed(a, (r) => r.recoverKeys(LTU, a.newTreasury.address, ZeroAddress));
        await expect(a.delegate.stopKeys(LTU))
          .to.be.revertedWithCustomError(a.registry, "MemberRecoveryUnstoppable")
          .withArgs(LTU);
      });

      it("can stop one that takes the place of another under way, which could be stopped too", async () => {
        const a = await loadFixture(decidedTreasury);
        const again = a.decidedAt + DAY;
        await a.time.setNextBlockTimestamp(again);
        await expect(recover(a))
          .to.emit(a.registry, "RecoveryDecided")
          .withArgs(LTU, a.newTreasury.address, a.newDelegate.address, again + DELAY, false);
        await a.treasury.stopKeys(LTU);
        expect((await a.registry.keyChange(LTU)).readyAt).to.equal(0n);
      });

      it("can stop it a second after the 365 days", async () => {
        const a = await loadFixture(decidedTreasury);
        await a.delegate.stopKeys(LTU);
        const again = a.decidedAt + YEAR + 1n;
        await a.time.setNextBlockTimestamp(again);
        await expect(recover(a))
          .to.emit(a.registry, "RecoveryDecided")
          .withArgs(LTU, a.newTreasury.address, a.newDelegate.address, again + DELAY, false);
        await a.treasury.stopKeys(LTU);
      });
    });
  });
});
