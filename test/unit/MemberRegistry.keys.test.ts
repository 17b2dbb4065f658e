import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";

import { DAY, Status, Support, code, propose } from "../support/alliance.ts";
import { Role, decreed, join, withNewKeys } from "../support/registry.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");
const EST = code("EST");
const DELAY = 3n * DAY;

describe("MemberRegistry", () => {
  const founded = () => withNewKeys(connection);

  async function proposed() {
    const a = await founded();
    const proposedAt = a.genesis + 100n;
    await a.time.setNextBlockTimestamp(proposedAt);
    await a.treasury.proposeKeys(LTU, a.newTreasury.address, a.newDelegate.address);
    return { ...a, proposedAt, readyAt: proposedAt + DELAY };
  }

  async function accepted() {
    const a = await proposed();
    await a.registry.connect(a.newTreasury).acceptKeys(LTU);
    return a;
  }

  describe("proposeKeys", () => {
    it("announces both accounts, and changes nothing yet", async () => {
      const a = await loadFixture(founded);
      const proposedAt = a.genesis + 100n;
      await a.time.setNextBlockTimestamp(proposedAt);
      await expect(a.treasury.proposeKeys(LTU, a.newTreasury.address, a.newDelegate.address))
        .to.emit(a.registry, "KeysProposed")
        .withArgs(LTU, a.newTreasury.address, a.newDelegate.address, proposedAt + DELAY);
      expect([...(await a.registry.keyChange(LTU))]).to.deep.equal([
        a.newTreasury.address,
        proposedAt + DELAY,
        false,
        false,
        false,
        a.newDelegate.address,
      ]);
      const m = await a.registry.member(LTU);
      expect([m.treasury, m.delegate]).to.deep.equal([a.ltu.treasury.address, a.ltu.delegate.address]);
      expect(await a.registry.treasuryToPay(LTU)).to.equal(a.ltu.treasury.address);
      expect((await a.registry.accountOf(a.newDelegate.address)).role).to.equal(Role.None);
    });

    it("is the treasury's alone", async () => {
      const a = await loadFixture(founded);
      for (const caller of [a.ltu.delegate, a.newTreasury, a.stranger, a.member("EST").treasury]) {
        await expect(a.registry.connect(caller).proposeKeys(LTU, a.newTreasury.address, ZeroAddress))
          .to.be.revertedWithCustomError(a.registry, "MemberUnauthorized")
          .withArgs(LTU, caller.address);
      }
      await expect(decreed(a, (r) => r.proposeKeys(LTU, a.newTreasury.address, ZeroAddress)))
        .to.be.revertedWithCustomError(a.registry, "MemberUnauthorized")
        .withArgs(LTU, await a.timelock.getAddress());
    });

    it("wants something to change", async () => {
      const a = await loadFixture(founded);
      await expect(a.treasury.proposeKeys(LTU, ZeroAddress, ZeroAddress))
        .to.be.revertedWithCustomError(a.registry, "MemberNothingChanges")
        .withArgs(LTU);
    });

    it("wants two accounts", async () => {
      const a = await loadFixture(founded);
      await expect(a.treasury.proposeKeys(LTU, a.other.address, a.other.address))
        .to.be.revertedWithCustomError(a.registry, "MemberSameAccount")
        .withArgs(a.other.address);
    });

    it("refuses accounts that serve a member, the member's own among them", async () => {
      const a = await loadFixture(founded);
      const est = a.member("EST");
      for (const [taken, by] of [
        [est.treasury, EST],
        [est.delegate, EST],
        [a.ltu.treasury, LTU],
        [a.ltu.delegate, LTU],
      ] as const) {
        for (const pair of [
          [taken.address, ZeroAddress],
          [ZeroAddress, taken.address],
        ] as const) {
          await expect(a.treasury.proposeKeys(LTU, ...pair))
            .to.be.revertedWithCustomError(a.registry, "MemberAccountTaken")
            .withArgs(taken.address, by);
        }
      }
    });

    it("replaces an earlier proposal, which then needs its own days and its own consent", async () => {
      const a = await loadFixture(accepted);
      await a.time.setNextBlockTimestamp(a.readyAt);
      await a.treasury.proposeKeys(LTU, a.newTreasury.address, a.other.address);
      const readyAt = a.readyAt + DELAY;
      expect([...(await a.registry.keyChange(LTU))]).to.deep.equal([
        a.newTreasury.address,
        readyAt,
        false,
        false,
        false,
        a.other.address,
      ]);
      await expect(a.registry.applyKeys(LTU))
        .to.be.revertedWithCustomError(a.registry, "MemberKeysNotReady")
        .withArgs(LTU, readyAt);
      await a.time.increaseTo(readyAt);
      await expect(a.registry.applyKeys(LTU))
        .to.be.revertedWithCustomError(a.registry, "MemberKeysNotAccepted")
        .withArgs(LTU, a.newTreasury.address);
    });
  });

  describe("acceptKeys", () => {
    it("is the consent of the new treasury", async () => {
      const a = await loadFixture(proposed);
      await expect(a.registry.connect(a.newTreasury).acceptKeys(LTU))
        .to.emit(a.registry, "KeysAccepted")
        .withArgs(LTU, a.newTreasury.address);
      expect((await a.registry.keyChange(LTU)).accepted).to.equal(true);
    });

    it("is the new treasury's alone", async () => {
      const a = await loadFixture(proposed);
      for (const caller of [a.newDelegate, a.ltu.treasury, a.ltu.delegate, a.stranger]) {
        await expect(a.registry.connect(caller).acceptKeys(LTU))
          .to.be.revertedWithCustomError(a.registry, "MemberUnauthorized")
          .withArgs(LTU, caller.address);
      }
    });

    it("wants a proposal of the treasury", async () => {
      const a = await loadFixture(founded);
      await expect(a.registry.connect(a.newTreasury).acceptKeys(LTU))
        .to.be.revertedWithCustomError(a.registry, "MemberNoKeyChange")
        .withArgs(LTU);
      await decreed(a, (r) => r.recoverKeys(LTU, a.newTreasury.address, ZeroAddress));
      await expect(a.registry.connect(a.newTreasury).acceptKeys(LTU))
        .to.be.revertedWithCustomError(a.registry, "MemberNoKeyChange")
        .withArgs(LTU);
    });
  });

  describe("applyKeys", () => {
    it("hands the seat and the payments to the new accounts when anyone says so", async () => {
      const a = await loadFixture(accepted);
      await a.time.setNextBlockTimestamp(a.readyAt);
      await expect(a.registry.connect(a.stranger).applyKeys(LTU))
        .to.emit(a.registry, "KeysChanged")
        .withArgs(LTU, a.newTreasury.address, a.newDelegate.address)
        .and.not.to.emit(a.registry, "ElectorateChanged");
      const m = await a.registry.member(LTU);
      expect([m.treasury, m.delegate, m.status, m.seat]).to.deep.equal([
        a.newTreasury.address,
        a.newDelegate.address,
        Status.Active,
        0n,
      ]);
      expect(await a.registry.treasuryToPay(LTU)).to.equal(a.newTreasury.address);
      expect([...(await a.registry.accountOf(a.newTreasury.address))]).to.deep.equal([LTU, Role.Treasury, true, 0n]);
      expect([...(await a.registry.accountOf(a.newDelegate.address))]).to.deep.equal([LTU, Role.Delegate, true, 0n]);
      for (const old of [a.ltu.treasury, a.ltu.delegate]) {
        expect([...(await a.registry.accountOf(old.address))]).to.deep.equal(["0x000000", Role.None, false, 0n]);
      }
      expect(await a.registry.getVotes(a.newDelegate.address)).to.equal(1);
      expect(await a.registry.getVotes(a.ltu.delegate.address)).to.equal(0);
      expect((await a.registry.keyChange(LTU)).readyAt).to.equal(0);
      await expect(a.registry.applyKeys(LTU))
        .to.be.revertedWithCustomError(a.registry, "MemberNoKeyChange")
        .withArgs(LTU);
    });

    it("works after three days and not a second earlier", async () => {
      const a = await loadFixture(accepted);
      await a.time.setNextBlockTimestamp(a.readyAt - 1n);
      await expect(a.registry.applyKeys(LTU))
        .to.be.revertedWithCustomError(a.registry, "MemberKeysNotReady")
        .withArgs(LTU, a.readyAt);
      await a.time.setNextBlockTimestamp(a.readyAt);
      await a.registry.applyKeys(LTU);
    });

    it("waits for the consent of the new treasury, however late", async () => {
      const a = await loadFixture(proposed);
      await a.time.increaseTo(a.readyAt + 30n * DAY);
      await expect(a.registry.applyKeys(LTU))
        .to.be.revertedWithCustomError(a.registry, "MemberKeysNotAccepted")
        .withArgs(LTU, a.newTreasury.address);
      await a.registry.connect(a.newTreasury).acceptKeys(LTU);
      await a.registry.applyKeys(LTU);
      expect((await a.registry.member(LTU)).treasury).to.equal(a.newTreasury.address);
    });

    it("changes the delegate alone, with nobody's consent", async () => {
      const a = await loadFixture(founded);
      await a.treasury.proposeKeys(LTU, ZeroAddress, a.newDelegate.address);
      await a.time.increase(DELAY);
      await expect(a.registry.applyKeys(LTU))
        .to.emit(a.registry, "KeysChanged")
        .withArgs(LTU, a.ltu.treasury.address, a.newDelegate.address);
      expect((await a.registry.accountOf(a.ltu.treasury.address)).role).to.equal(Role.Treasury);
      expect((await a.registry.accountOf(a.ltu.delegate.address)).role).to.equal(Role.None);
    });

    it("changes the treasury alone", async () => {
      const a = await loadFixture(founded);
      await a.treasury.proposeKeys(LTU, a.newTreasury.address, ZeroAddress);
      await a.registry.connect(a.newTreasury).acceptKeys(LTU);
      await a.time.increase(DELAY);
      await expect(a.registry.applyKeys(LTU))
        .to.emit(a.registry, "KeysChanged")
        .withArgs(LTU, a.newTreasury.address, a.ltu.delegate.address);
      expect(await a.registry.getVotes(a.ltu.delegate.address)).to.equal(1);
      expect((await a.registry.accountOf(a.ltu.treasury.address)).role).to.equal(Role.None);
    });

    it("frees the old accounts for another member", async () => {
      const a = await loadFixture(accepted);
      await a.time.increaseTo(a.readyAt);
      await a.registry.applyKeys(LTU);
      await join(a, { name: "JPN", treasury: a.ltu.delegate, delegate: a.ltu.treasury });
      expect((await a.registry.accountOf(a.ltu.treasury.address)).code).to.equal(code("JPN"));
    });

    it("wants a change under way", async () => {
      const a = await loadFixture(founded);
      for (const unknown of [LTU, code("JPN")]) {
        await expect(a.registry.applyKeys(unknown))
          .to.be.revertedWithCustomError(a.registry, "MemberNoKeyChange")
          .withArgs(unknown);
      }
    });

    describe("given an account has come to serve a member meanwhile", () => {
      it("lapses", async () => {
        for (const place of ["newTreasury", "newDelegate"] as const) {
          const a = await loadFixture(accepted);
          await join(a, { name: "JPN", treasury: a[place], delegate: a.other });
          await a.time.increaseTo(a.readyAt);
          await expect(a.registry.connect(a.stranger).applyKeys(LTU))
            .to.emit(a.registry, "KeysStopped")
            .withArgs(LTU, a.stranger.address)
            .and.not.to.emit(a.registry, "KeysChanged");
          const m = await a.registry.member(LTU);
          expect([m.treasury, m.delegate]).to.deep.equal([a.ltu.treasury.address, a.ltu.delegate.address]);
          expect((await a.registry.keyChange(LTU)).readyAt).to.equal(0);
          expect((await a.registry.accountOf(a[place].address)).code).to.equal(code("JPN"));
        }
      });
    });

    describe("given an open proposal", () => {
      it("moves the ballot with the seat: never lost, never doubled", async () => {
        const a = await loadFixture(accepted);
        const [first, second] = [
          await propose(a, [{ target: a.registry, data: "0x" }], "first", a.member("EST").delegate),
          await propose(a, [{ target: a.registry, data: "0x" }], "second", a.member("EST").delegate),
        ];
        await a.time.increase(2n);
        await a.council.connect(a.ltu.delegate).castVote(first, Support.For);
        await a.time.increaseTo(a.readyAt);
        await a.registry.applyKeys(LTU);
        await expect(a.council.connect(a.newDelegate).castVote(first, Support.For))
          .to.be.revertedWithCustomError(a.council, "GovernorAlreadyCastVote")
          .withArgs(a.newDelegate.address);
        await expect(a.council.connect(a.ltu.delegate).castVote(second, Support.For))
          .to.be.revertedWithCustomError(a.council, "CouncilNoSeat")
          .withArgs(second, a.ltu.delegate.address);
        await a.council.connect(a.newDelegate).castVote(second, Support.For);
        for (const proposalId of [first, second]) {
          expect([...(await a.council.proposalVotes(proposalId))]).to.deep.equal([0n, 1n, 0n]);
        }
      });
    });
  });

  describe("stopKeys", () => {
    it("lets the present delegate stop the treasury's change, as often as it is proposed", async () => {
      const a = await loadFixture(accepted);
      await a.time.setNextBlockTimestamp(a.readyAt);
      await expect(a.delegate.stopKeys(LTU)).to.emit(a.registry, "KeysStopped").withArgs(LTU, a.ltu.delegate.address);
      expect([...(await a.registry.keyChange(LTU))]).to.deep.equal([ZeroAddress, 0n, false, false, false, ZeroAddress]);
      await expect(a.registry.applyKeys(LTU))
        .to.be.revertedWithCustomError(a.registry, "MemberNoKeyChange")
        .withArgs(LTU);
      await a.treasury.proposeKeys(LTU, a.newTreasury.address, a.newDelegate.address);
      await a.delegate.stopKeys(LTU);
      await a.treasury.proposeKeys(LTU, ZeroAddress, a.newDelegate.address);
      await a.delegate.stopKeys(LTU);
      expect((await a.registry.keyChange(LTU)).readyAt).to.equal(0);
    });

    it("lets the treasury take its own proposal back", async () => {
      const a = await loadFixture(accepted);
      await expect(a.treasury.stopKeys(LTU)).to.emit(a.registry, "KeysStopped").withArgs(LTU, a.ltu.treasury.address);
    });

    it("is for the member's present accounts alone", async () => {
      const a = await loadFixture(accepted);
      for (const caller of [a.newTreasury, a.newDelegate, a.stranger, a.member("EST").delegate]) {
        await expect(a.registry.connect(caller).stopKeys(LTU))
          .to.be.revertedWithCustomError(a.registry, "MemberUnauthorized")
          .withArgs(LTU, caller.address);
      }
      await expect(a.registry.connect(a.stranger).stopKeys("0x000000"))
        .to.be.revertedWithCustomError(a.registry, "MemberUnauthorized")
        .withArgs("0x000000", a.stranger.address);
    });

    it("wants a change under way", async () => {
      const a = await loadFixture(founded);
      await expect(a.delegate.stopKeys(LTU))
        .to.be.revertedWithCustomError(a.registry, "MemberNoKeyChange")
        .withArgs(LTU);
    });
  });

  describe("keys of a member that", () => {
    const statuses: [string, bigint, (a: Awaited<ReturnType<typeof founded>>) => Promise<unknown>][] = [
      ["is suspended", Status.Suspended, (a) => decreed(a, (r) => r.suspend(LTU))],
      ["was expelled", Status.Expelled, (a) => decreed(a, (r) => r.expel(LTU))],
      [
        "has left",
        Status.Withdrawn,
        async (a) => {
          await a.treasury.giveNotice(LTU);
          await a.time.increase(365n * DAY);
          await a.registry.leave(LTU);
        },
      ],
    ];
    for (const [what, status, enter] of statuses) {
      it(`${what} change by the same rules, and it returns with the new ones`, async () => {
        const a = await loadFixture(founded);
        await enter(a);
        await a.treasury.proposeKeys(LTU, a.newTreasury.address, a.newDelegate.address);
        await a.delegate.stopKeys(LTU);
        await a.treasury.proposeKeys(LTU, a.newTreasury.address, a.newDelegate.address);
        await a.registry.connect(a.newTreasury).acceptKeys(LTU);
        await a.time.increase(DELAY);
        await a.registry.applyKeys(LTU);
        const m = await a.registry.member(LTU);
        expect([m.treasury, m.delegate, m.status]).to.deep.equal([
          a.newTreasury.address,
          a.newDelegate.address,
          status,
        ]);
        expect(await a.registry.treasuryToPay(LTU)).to.equal(a.newTreasury.address);
        expect(await a.registry.getVotes(a.newDelegate.address)).to.equal(0);

        if (status === Status.Suspended) await decreed(a, (r) => r.reinstate(LTU));
        else await join(a, { name: "LTU", treasury: a.newTreasury, delegate: a.newDelegate });
        expect(await a.registry.getVotes(a.newDelegate.address)).to.equal(1);
        expect((await a.registry.member(LTU)).seat).to.equal(0);
      });
    }

    it("was never admitted do not exist", async () => {
      const a = await loadFixture(founded);
      await expect(decreed(a, (r) => r.recoverKeys(code("JPN"), a.newTreasury.address, ZeroAddress)))
        .to.be.revertedWithCustomError(a.registry, "MemberWrongStatus")
        .withArgs(code("JPN"), Status.None);
    });
  });
});
