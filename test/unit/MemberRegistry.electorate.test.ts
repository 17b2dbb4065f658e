import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";

import { DAY, code, foundAlliance, propose } from "../support/alliance.ts";
import { asContract } from "../support/chain.ts";
import { ADMIN_ROLE, applicationHashOf, decreed, join, sendApplication } from "../support/registry.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");
const EST = code("EST");
const ALL = 0b111_1111n;

describe("MemberRegistry", () => {
  async function founded() {
    const a = await foundAlliance(connection);
    await a.time.increaseTo(a.genesis);
    const byLedger = (suspended: boolean, who = LTU) =>
      asContract(a, a.ledger, (ledger) => a.registry.connect(ledger).setVoteSuspended(who, suspended));
    return { ...a, ltu: a.member("LTU"), byLedger };
  }

  /** LTU is suspended at `t1` and reinstated at `t2`; EST is suspended in that same second. */
  async function changed() {
    const a = await founded();
    const [t1, t2] = [a.genesis + 1000n, a.genesis + 2000n];
    await a.time.setNextBlockTimestamp(t1);
    await decreed(a, (r) => r.suspend(LTU));
    await a.ethers.provider.send("evm_setAutomine", [false]);
    await decreed(a, (r) => r.reinstate(LTU));
    await decreed(a, (r) => r.suspend(EST));
    await a.time.setNextBlockTimestamp(t2);
    await connection.networkHelpers.mine(1);
    await a.ethers.provider.send("evm_setAutomine", [true]);
    return { ...a, t1, t2 };
  }

  describe("clock and CLOCK_MODE", () => {
    it("count seconds, like the council's", async () => {
      const a = await loadFixture(founded);
      expect(await a.registry.clock()).to.equal(await a.time.latest());
      expect(await a.registry.CLOCK_MODE()).to.equal("mode=timestamp");
      expect(await a.council.CLOCK_MODE()).to.equal("mode=timestamp");
    });
  });

  describe("electorateAt", () => {
    it("tells who could vote at any time, as the last change in a second left it", async () => {
      const a = await loadFixture(changed);
      await a.time.increaseTo(a.t2 + 10n);
      for (const [timepoint, seats] of [
        [0n, 0n],
        [a.genesis, ALL],
        [a.t1 - 1n, ALL],
        [a.t1, ALL - 1n],
        [a.t2 - 1n, ALL - 1n],
        [a.t2, ALL - 2n],
        [a.t2 + 10n, ALL - 2n],
      ] as const) {
        expect(await a.registry.electorateAt(timepoint), timepoint.toString()).to.equal(seats);
      }
      expect(await a.registry.electorate()).to.equal(ALL - 2n);
    });

    it("knows the present second and nothing of the next", async () => {
      const a = await loadFixture(changed);
      const nowAt = BigInt(await a.time.latest());
      expect(await a.registry.electorateAt(nowAt)).to.equal(ALL - 2n);
      for (const ahead of [nowAt + 1n, 2n ** 48n + a.t1]) {
        await expect(a.registry.electorateAt(ahead))
          .to.be.revertedWithCustomError(a.registry, "MemberFutureLookup")
          .withArgs(ahead, nowAt);
      }
    });
  });

  describe("getPastTotalSupply", () => {
    it("counts the seats of a second that is over", async () => {
      const a = await loadFixture(changed);
      const nowAt = BigInt(await a.time.latest());
      expect(nowAt).to.equal(a.t2);
      expect(await a.registry.getPastTotalSupply(a.t1 - 1n)).to.equal(7);
      expect(await a.registry.getPastTotalSupply(a.t1)).to.equal(6);
      expect(await a.registry.getPastTotalSupply(a.t2 - 1n)).to.equal(6);
      await expect(a.registry.getPastTotalSupply(a.t2))
        .to.be.revertedWithCustomError(a.registry, "MemberFutureLookup")
        .withArgs(a.t2, a.t2);
    });
  });

  describe("getVotes", () => {
    it("is one for the delegate of a seat that may vote, and nothing for anybody else", async () => {
      const a = await loadFixture(changed);
      expect(await a.registry.getVotes(a.ltu.delegate.address)).to.equal(1);
      expect(await a.registry.getVotes(a.member("EST").delegate.address)).to.equal(0);
      for (const nobody of [a.ltu.treasury.address, a.stranger.address, a.member("TWN").delegate.address, ZeroAddress])
        expect(await a.registry.getVotes(nobody)).to.equal(0);
    });
  });

  describe("getPastVotes", () => {
    it("goes by the electorate of then", async () => {
      const a = await loadFixture(changed);
      const [ltu, est] = [a.ltu.delegate.address, a.member("EST").delegate.address];
      await a.time.increase(1n);
      expect(await a.registry.getPastVotes(ltu, a.t1 - 1n)).to.equal(1);
      expect(await a.registry.getPastVotes(ltu, a.t1)).to.equal(0);
      expect(await a.registry.getPastVotes(ltu, a.t2)).to.equal(1);
      expect(await a.registry.getPastVotes(est, a.t2 - 1n)).to.equal(1);
      expect(await a.registry.getPastVotes(est, a.t2)).to.equal(0);
      expect(await a.registry.getPastVotes(a.ltu.treasury.address, a.t2)).to.equal(0);
    });

    it("goes by the delegate of the day", async () => {
      const a = await loadFixture(changed);
      const successor = a.spare(0);
      await a.registry.connect(a.ltu.treasury).proposeKeys(LTU, ZeroAddress, successor.address);
      await a.time.increase(3n * DAY);
      await a.registry.applyKeys(LTU);
      await a.time.increase(1n);
      expect(await a.registry.getPastVotes(successor.address, a.t1 - 1n)).to.equal(1);
      expect(await a.registry.getPastVotes(successor.address, a.t1)).to.equal(0);
      expect(await a.registry.getPastVotes(a.ltu.delegate.address, a.t1 - 1n)).to.equal(0);
    });

    it("knows nothing of a second that is not over", async () => {
      const a = await loadFixture(changed);
      const nowAt = BigInt(await a.time.latest());
      for (const timepoint of [nowAt, nowAt + 1n]) {
        await expect(a.registry.getPastVotes(a.ltu.delegate.address, timepoint))
          .to.be.revertedWithCustomError(a.registry, "MemberFutureLookup")
          .withArgs(timepoint, nowAt);
      }
    });
  });

  describe("setVoteSuspended", () => {
    it("takes the seat out and puts it back, beside the status", async () => {
      const a = await loadFixture(founded);
      await expect(a.byLedger(true))
        .to.emit(a.registry, "VoteSuspended")
        .withArgs(LTU)
        .to.emit(a.registry, "ElectorateChanged")
        .withArgs(ALL - 1n);
      const m = await a.registry.member(LTU);
      expect([m.voteSuspended, m.status]).to.deep.equal([true, 1n]);
      expect(await a.registry.getVotes(a.ltu.delegate.address)).to.equal(0);
      expect(await a.registry.changesLeft()).to.equal(3);
      await expect(a.byLedger(false))
        .to.emit(a.registry, "VoteRestored")
        .withArgs(LTU)
        .to.emit(a.registry, "ElectorateChanged")
        .withArgs(ALL);
      expect((await a.registry.member(LTU)).voteSuspended).to.equal(false);
      expect(await a.registry.getVotes(a.ltu.delegate.address)).to.equal(1);
    });

    it("needs both flag and status clear for the vote", async () => {
      const a = await loadFixture(founded);
      await a.byLedger(true);
      await decreed(a, (r) => r.suspend(LTU));
      await decreed(a, (r) => r.reinstate(LTU));
      expect(await a.registry.electorate()).to.equal(ALL - 1n);
      await decreed(a, (r) => r.suspend(LTU));
      await expect(a.byLedger(false)).not.to.emit(a.registry, "ElectorateChanged");
      expect(await a.registry.electorate()).to.equal(ALL - 1n);
      await decreed(a, (r) => r.reinstate(LTU));
      expect(await a.registry.electorate()).to.equal(ALL);
    });

    it("lets the seat vote in proposals that are open", async () => {
      const a = await loadFixture(founded);
      const proposalId = await propose(a, [{ target: a.registry, data: "0x" }], "open", a.member("EST").delegate);
      await a.time.increase(2n);
      await a.byLedger(true);
      await a.council.connect(a.ltu.delegate).castVote(proposalId, 1);
      expect([...(await a.council.proposalVotes(proposalId))]).to.deep.equal([0n, 1n, 0n]);
    });

    it("outlives the membership, as the debt does", async () => {
      const a = await loadFixture(founded);
      await a.byLedger(true);
      await decreed(a, (r) => r.expel(LTU));
      await join(a, a.ltu);
      expect(await a.registry.electorate()).to.equal(ALL - 1n);
      await a.byLedger(false);
      expect(await a.registry.electorate()).to.equal(ALL);
    });

    it("never gives a Partner a vote", async () => {
      const a = await loadFixture(founded);
      await a.byLedger(false, code("TWN"));
      expect(await a.registry.electorate()).to.equal(ALL);
      expect(await a.registry.getVotes(a.member("TWN").delegate.address)).to.equal(0);
    });

    it("is the ledger's alone", async () => {
      const a = await loadFixture(founded);
      for (const caller of [a.stranger, a.deployer, a.ltu.treasury]) {
        await expect(a.registry.connect(caller).setVoteSuspended(LTU, true))
          .to.be.revertedWithCustomError(a.registry, "MemberNotLedger")
          .withArgs(caller.address);
      }
      for (const contract of [a.timelock, a.register, a.fund, a.council]) {
        const address = await contract.getAddress();
        await asContract(a, contract, async (signer) => {
          await expect(a.registry.connect(signer).setVoteSuspended(LTU, true))
            .to.be.revertedWithCustomError(a.registry, "MemberNotLedger")
            .withArgs(address);
        });
      }
    });
  });

  describe("appointLedger", () => {
    it("names the ledger; the one before loses its power", async () => {
      const a = await loadFixture(founded);
      const next = await a.coverage.getAddress();
      await expect(decreed(a, (r) => r.appointLedger(next)))
        .to.emit(a.registry, "LedgerAppointed")
        .withArgs(next);
      expect(await a.registry.ledger()).to.equal(next);
      await expect(a.byLedger(true))
        .to.be.revertedWithCustomError(a.registry, "MemberNotLedger")
        .withArgs(await a.ledger.getAddress());
      await asContract(a, a.coverage, (signer) => a.registry.connect(signer).setVoteSuspended(LTU, true));
      expect((await a.registry.member(LTU)).voteSuspended).to.equal(true);
    });

    it("wants a contract", async () => {
      const a = await loadFixture(founded);
      for (const address of [a.stranger.address, ZeroAddress]) {
        await expect(decreed(a, (r) => r.appointLedger(address)))
          .to.be.revertedWithCustomError(a.registry, "MemberNotLedger")
          .withArgs(address);
      }
    });

    it("is the council's alone", async () => {
      const a = await loadFixture(founded);
      for (const caller of [a.deployer, a.stranger, a.ltu.delegate]) {
        await expect(a.registry.connect(caller).appointLedger(await a.coverage.getAddress()))
          .to.be.revertedWithCustomError(a.registry, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, ADMIN_ROLE);
      }
    });
  });

  describe("the events", () => {
    it("alone rebuild the electorate and who holds which seat", async () => {
      const a = await loadFixture(changed);
      const applicant = { name: "JPN", treasury: a.spare(0), delegate: a.spare(1) };
      await sendApplication(a.registry, applicant);
      await a.time.increaseTo(a.genesis + 90n * DAY);
      await decreed(a, (r) => r.admit(code("JPN"), applicationHashOf(applicant)));
      await a.byLedger(true);

      const changes = await a.registry.queryFilter(a.registry.filters.ElectorateChanged());
      expect(changes.at(-1)!.args.seats).to.equal(await a.registry.electorate());
      for (const event of changes) {
        const { timestamp } = await event.getBlock();
        const last = changes.filter(({ blockNumber }) => blockNumber === event.blockNumber).at(-1)!;
        expect(await a.registry.electorateAt(timestamp)).to.equal(last.args.seats);
      }
      const admissions = await a.registry.queryFilter(a.registry.filters.Admitted());
      expect(admissions).to.have.length(9);
      for (const { args } of admissions) {
        const m = await a.registry.member(args.code);
        expect([m.seated, m.seat, m.treasury, m.delegate]).to.deep.equal([
          args.seated,
          args.seat,
          args.treasury,
          args.delegate,
        ]);
      }
    });
  });
});
