import { expect } from "chai";
import { network } from "hardhat";

import {
  CaseStatus,
  Kind,
  MILLION,
  PERIOD,
  ProposalState,
  Status,
  Support,
  code,
  fileAttack,
  foundAlliance,
  hash,
  liveUntil,
  propose,
  recognisedAttack,
  reportRound,
} from "../support/alliance.ts";
import type { Alliance } from "../support/alliance.ts";
import { asContract } from "../support/chain.ts";
import { ADMIN_ROLE, applicationHashOf, decreed, foundRegistry, join, sendApplication } from "../support/registry.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");
const EST = code("EST");

describe("MemberRegistry", () => {
  async function founded() {
    const a = await foundAlliance(connection);
    await a.time.increaseTo(a.genesis);
    return a;
  }

  async function covered() {
    const a = await foundAlliance(connection);
    await liveUntil(a, 200n);
    return a;
  }

  async function leaveLithuania(a: Alliance) {
    await a.registry.connect(a.member("LTU").treasury).giveNotice(LTU);
    await a.time.increase(365n * 86_400n);
    await a.registry.leave(LTU);
  }

  describe("suspend", () => {
    it("takes the vote and keeps the member", async () => {
      const a = await loadFixture(founded);
      await expect(decreed(a, (r) => r.suspend(LTU)))
        .to.emit(a.registry, "Suspended")
        .withArgs(LTU)
        .to.emit(a.registry, "ElectorateChanged")
        .withArgs(0b111_1110);
      const m = await a.registry.member(LTU);
      expect([m.status, m.seat]).to.deep.equal([Status.Suspended, 0n]);
      expect(m.barredAt).to.equal(await a.time.latest());
      expect(await a.registry.isMember(LTU)).to.equal(true);
      expect(await a.registry.getVotes(a.member("LTU").delegate.address)).to.equal(0);
    });

    it("leaves the member owing", async () => {
      const a = await loadFixture(founded);
      await decreed(a, (r) => r.suspend(LTU));
      await a.time.increaseTo(a.genesis + 31n * 86_400n);
      expect(await a.ledger.debtOf(LTU)).to.equal((100n * MILLION * (await a.ledger.weightOf(LTU, 0))) / 1_000_000n);
      expect(await a.ledger.debtOf(LTU)).to.equal(await a.ledger.debtOf(EST));
    });

    it("keeps the member from filing", async () => {
      const a = await loadFixture(covered);
      await decreed(a, (r) => r.suspend(LTU));
      await expect(fileAttack(a, a.member("LTU")))
        .to.be.revertedWithCustomError(a.registry, "MemberWrongStatus")
        .withArgs(LTU, Status.Suspended);
    });

    it("suspends a Partner without touching electorate or limit", async () => {
      const a = await loadFixture(founded);
      const before = await a.registry.electorate();
      await expect(decreed(a, (r) => r.suspend(code("TWN")))).not.to.emit(a.registry, "ElectorateChanged");
      expect(await a.registry.statusOf(code("TWN"))).to.equal(Status.Suspended);
      expect(await a.registry.electorate()).to.equal(before);
      expect(await a.registry.changesLeft()).to.equal(3);
    });

    describe("given an undecided attack on the member", () => {
      it("lets it fall, and anyone may close it at once", async () => {
        const a = await loadFixture(covered);
        const { attackId } = await fileAttack(a, a.member("LTU"));
        await decreed(a, (r) => r.suspend(LTU));
        expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Fallen);
        await decreed(a, (r) => r.reinstate(LTU));
        // Its attacks ended that day; reinstatement does not bring them back.
        expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Fallen);
        expect((await a.registry.member(LTU)).openCases).to.equal(1);
        await a.register.connect(a.stranger).close(attackId);
        expect((await a.registry.member(LTU)).openCases).to.equal(0);
      });
    });

    describe("given a recognised attack on the member", () => {
      it("lets no later round settle; anyone may close it, and what was awarded stays owed or paid", async () => {
        const a = await loadFixture(covered);
        const { attackId } = await recognisedAttack(a, a.member("LTU"));
        await reportRound(a, attackId, 1, 30n * MILLION);
        const { awarded } = await a.register.attack(attackId);
        expect(awarded).to.be.greaterThan(0);
        await decreed(a, (r) => r.suspend(LTU));

        const { endsAt, open } = await a.register.round(attackId, 2);
        expect(open).to.equal(false);
        await a.time.increaseTo(endsAt);
        await expect(a.panel.connect(a.assessors[1]).report(attackId, 2, 60n * MILLION, hash("late")))
          .to.be.revertedWithCustomError(a.panel, "PanelRoundNotOpen")
          .withArgs(attackId, 2);
        await a.register.connect(a.stranger).close(attackId);
        expect((await a.register.attack(attackId)).awarded).to.equal(awarded);
        expect((await a.registry.member(LTU)).openCases).to.equal(0);
      });
    });

    describe("given a recognised attack of which no round has ended", () => {
      it("lets anyone close it at once, and releases what was not awarded", async () => {
        const a = await loadFixture(covered);
        const { attackId } = await recognisedAttack(a, a.member("LTU"));
        await decreed(a, (r) => r.suspend(LTU));
        const { committed, awarded } = await a.register.attack(attackId);
        await expect(a.register.connect(a.stranger).close(attackId))
          .to.emit(a.register, "Closed")
          .withArgs(attackId, awarded, 0, committed - awarded, awarded);
        expect(await a.fund.committed()).to.equal(0);
      });
    });

    describe("given an open proposal", () => {
      it("still lets the seat vote in it with the delegate of that day, and not in a new one", async () => {
        const a = await loadFixture(founded);
        const open = await propose(a, [{ target: a.registry, data: "0x" }], "before", a.member("EST").delegate);
        await a.time.increase(2n);
        await decreed(a, (r) => r.suspend(LTU));
        const next = await propose(a, [{ target: a.registry, data: "0x" }], "after", a.member("EST").delegate);
        await a.time.increase(2n);

        // The day brings another delegate, by a change of keys.
        const successor = a.spare(0);
        await a.registry.connect(a.member("LTU").treasury).proposeKeys(LTU, a.ethers.ZeroAddress, successor.address);
        await a.time.increase(3n * 86_400n);
        await a.registry.applyKeys(LTU);
        await expect(a.council.connect(a.member("LTU").delegate).castVote(open, Support.For))
          .to.be.revertedWithCustomError(a.council, "CouncilNoSeat")
          .withArgs(open, a.member("LTU").delegate.address);
        await a.council.connect(successor).castVote(open, Support.For);
        expect([...(await a.council.proposalVotes(open))]).to.deep.equal([0n, 1n, 0n]);
        await expect(a.council.connect(successor).castVote(next, Support.For))
          .to.be.revertedWithCustomError(a.council, "CouncilNoSeat")
          .withArgs(next, successor.address);
        expect(await a.council.state(open)).to.equal(ProposalState.Active);
      });
    });
  });

  describe("reinstate", () => {
    it("gives the vote back", async () => {
      const a = await loadFixture(founded);
      await decreed(a, (r) => r.suspend(LTU));
      const { barredAt } = await a.registry.member(LTU);
      await expect(decreed(a, (r) => r.reinstate(LTU)))
        .to.emit(a.registry, "Reinstated")
        .withArgs(LTU)
        .to.emit(a.registry, "ElectorateChanged")
        .withArgs(0b111_1111);
      const m = await a.registry.member(LTU);
      expect([m.status, m.seat, m.barredAt]).to.deep.equal([Status.Active, 0n, barredAt]);
      expect(await a.registry.getVotes(a.member("LTU").delegate.address)).to.equal(1);
    });

    it("is no change that the limit counts", async () => {
      const a = await loadFixture(founded);
      await decreed(a, (r) => r.suspend(LTU));
      expect(await a.registry.changesLeft()).to.equal(2);
      await decreed(a, (r) => r.reinstate(LTU));
      expect(await a.registry.changesLeft()).to.equal(2);
    });
  });

  describe("expel", () => {
    it("ends the membership, of an active member as of a suspended one", async () => {
      const a = await loadFixture(founded);
      await expect(decreed(a, (r) => r.expel(LTU)))
        .to.emit(a.registry, "Expelled")
        .withArgs(LTU)
        .to.emit(a.registry, "ElectorateChanged")
        .withArgs(0b111_1110)
        .to.emit(a.ledger, "Exited")
        .withArgs(LTU, 1);
      const m = await a.registry.member(LTU);
      expect(m.status).to.equal(Status.Expelled);
      expect(m.barredAt).to.equal(await a.time.latest());
      expect(await a.registry.isMember(LTU)).to.equal(false);

      await decreed(a, (r) => r.suspend(EST));
      await decreed(a, (r) => r.expel(EST));
      expect(await a.registry.statusOf(EST)).to.equal(Status.Expelled);
      expect(await a.registry.electorate()).to.equal(0b111_1100);
    });

    it("takes back the notice", async () => {
      const a = await loadFixture(founded);
      await a.registry.connect(a.member("LTU").treasury).giveNotice(LTU);
      await decreed(a, (r) => r.expel(LTU));
      expect((await a.registry.member(LTU)).noticeAt).to.equal(0);
    });

    it("ends the member's attacks that day", async () => {
      const a = await loadFixture(covered);
      const { attackId } = await fileAttack(a, a.member("LTU"));
      await decreed(a, (r) => r.expel(LTU));
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Fallen);
      await a.register.connect(a.stranger).close(attackId);
      expect((await a.registry.member(LTU)).openCases).to.equal(0);
    });
  });

  describe("statuses", () => {
    const acts = {
      suspend: [Status.Active],
      reinstate: [Status.Suspended],
      expel: [Status.Active, Status.Suspended],
    } as const;
    const reach: [bigint, (a: Alliance) => Promise<unknown>][] = [
      [Status.None, () => Promise.resolve()],
      [Status.Active, () => Promise.resolve()],
      [Status.Suspended, (a) => decreed(a, (r) => r.suspend(LTU))],
      [Status.Withdrawn, leaveLithuania],
      [Status.Expelled, (a) => decreed(a, (r) => r.expel(LTU))],
    ];
    for (const [status, enter] of reach) {
      for (const act of ["suspend", "reinstate", "expel"] as const) {
        if ((acts[act] as readonly bigint[]).includes(status)) continue;
        it(`do not let the council ${act} in status ${status.toString()}`, async () => {
          const a = await loadFixture(founded);
          await enter(a);
          const who = status === Status.None ? code("JPN") : LTU;
          await expect(decreed(a, (r) => r[act](who)))
            .to.be.revertedWithCustomError(a.registry, "MemberWrongStatus")
            .withArgs(who, status);
        });
      }
    }

    it("change by the council alone", async () => {
      const { registry, stranger, deployer, member } = await loadFixture(founded);
      for (const caller of [stranger, deployer, member("LTU").treasury]) {
        for (const act of ["suspend", "reinstate", "expel"] as const) {
          await expect(registry.connect(caller)[act](LTU))
            .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
            .withArgs(caller.address, ADMIN_ROLE);
        }
      }
    });
  });

  describe("joinedAt, seatOf and memberAndStatusOf", () => {
    it("tell of a member what others ask", async () => {
      const a = await loadFixture(founded);
      const { registry } = a;
      const { admittedAt } = await registry.member(EST);
      expect(await registry.joinedAt(EST)).to.equal(admittedAt);
      expect(await registry.seatOf(EST)).to.equal(1n);
      expect(await registry.seatOf(code("TWN"))).to.equal(255n);
      for (const account of [a.member("EST").treasury, a.member("EST").delegate]) {
        expect(await registry.memberAndStatusOf(account.address)).to.deep.equal([EST, Status.Active]);
      }
      await decreed(a, (r) => r.suspend(EST));
      expect(await registry.joinedAt(EST)).to.equal(admittedAt);
      expect(await registry.memberAndStatusOf(a.member("EST").treasury.address)).to.deep.equal([EST, Status.Suspended]);
    });

    it("tell nothing of others, and of who left only the seat and the status", async () => {
      const a = await loadFixture(founded);
      expect(await a.registry.joinedAt(code("JPN"))).to.equal(0n);
      expect(await a.registry.seatOf(code("JPN"))).to.equal(255n);
      expect(await a.registry.memberAndStatusOf(a.stranger.address)).to.deep.equal(["0x000000", Status.None]);
      await leaveLithuania(a);
      expect(await a.registry.joinedAt(LTU)).to.equal(0n);
      expect(await a.registry.seatOf(LTU)).to.equal(0n);
      const { treasury } = a.member("LTU");
      expect(await a.registry.memberAndStatusOf(treasury.address)).to.deep.equal([LTU, Status.Withdrawn]);
    });
  });

  describe("changes in a period", () => {
    async function forty() {
      const f = await foundRegistry(connection, 40);
      return { ...f, council: f.registry.connect(f.council) };
    }

    async function fortyEarly() {
      const f = await foundRegistry(connection, 40, 2n * PERIOD);
      return { ...f, council: f.registry.connect(f.council) };
    }

    async function thirtyNine() {
      const f = await foundRegistry(connection, 39);
      return { ...f, council: f.registry.connect(f.council) };
    }

    it("count State admissions, suspensions and expulsions together, three in a small alliance", async () => {
      const a = await loadFixture(founded);
      const applicant = { name: "JPN", treasury: a.spare(0), delegate: a.spare(1) };
      const late = { name: "KOR", treasury: a.spare(2), delegate: a.spare(3) };
      await sendApplication(a.registry, late);
      expect(await a.registry.changesLeft()).to.equal(3);
      await join(a, applicant);
      expect(await a.registry.changesLeft()).to.equal(2);
      await decreed(a, (r) => r.suspend(LTU));
      expect(await a.registry.changesLeft()).to.equal(1);
      await decreed(a, (r) => r.expel(LTU));
      expect(await a.registry.changesLeft()).to.equal(0);

      const refused = [
        () => decreed(a, (r) => r.admit(code("KOR"), applicationHashOf(late))),
        () => decreed(a, (r) => r.suspend(EST)),
        () => decreed(a, (r) => r.expel(EST)),
      ];
      for (const act of refused) {
        await expect(act()).to.be.revertedWithCustomError(a.registry, "MemberTooManyChanges").withArgs(3);
      }
    });

    it("count no Partner and nobody who leaves by himself", async () => {
      const a = await loadFixture(founded);
      await a.registry.connect(a.member("LTU").treasury).giveNotice(LTU);
      await a.time.increase(365n * 86_400n);
      await a.registry.leave(LTU);
      await join(a, { name: "XKX", kind: Kind.Partner, treasury: a.spare(0), delegate: a.spare(1) });
      await decreed(a, (r) => r.suspend(code("TWN")));
      await decreed(a, (r) => r.expel(code("TWN")));
      expect(await a.registry.changesLeft()).to.equal(3);
    });

    it("count a State that returns", async () => {
      const a = await loadFixture(founded);
      await decreed(a, (r) => r.expel(LTU));
      await join(a, a.member("LTU"));
      expect(await a.registry.changesLeft()).to.equal(1);
    });

    it("start anew with the first second of a period", async () => {
      const { registry, council, codeOf, time, genesis } = await loadFixture(thirtyNine);
      const end = genesis + PERIOD;
      await time.increaseTo(genesis);
      for (const n of [0, 1]) await council.suspend(codeOf(n));
      await time.setNextBlockTimestamp(end - 2n);
      await council.suspend(codeOf(2));
      await time.setNextBlockTimestamp(end - 1n);
      await expect(council.suspend(codeOf(3)))
        .to.be.revertedWithCustomError(registry, "MemberTooManyChanges")
        .withArgs(3);
      await time.setNextBlockTimestamp(end);
      await council.suspend(codeOf(3));
      expect(await registry.changesLeft()).to.equal(2);
    });

    it("are a tenth of the electorate at the period's first second, however it changes later", async () => {
      const { registry, council, codeOf, time, genesis } = await loadFixture(forty);
      await time.increaseTo(genesis);
      expect(await registry.changesLeft()).to.equal(4);
      for (const n of [0, 1, 2, 3]) await council.suspend(codeOf(n));
      await expect(council.suspend(codeOf(4)))
        .to.be.revertedWithCustomError(registry, "MemberTooManyChanges")
        .withArgs(4);
      // 36 seats at the start of the next period: three.
      await time.increaseTo(genesis + PERIOD);
      expect(await registry.changesLeft()).to.equal(3);
      // Reinstating all brings the electorate back to 40, and changes nothing for the period that runs.
      for (const n of [0, 1, 2, 3]) await council.reinstate(codeOf(n));
      expect(await registry.changesLeft()).to.equal(3);
      await time.increaseTo(genesis + 2n * PERIOD - 1n);
      expect(await registry.changesLeft()).to.equal(3);
      await time.increaseTo(genesis + 2n * PERIOD);
      expect(await registry.changesLeft()).to.equal(4);
    });

    it("follow the electorate, from which a vote suspended for a debt is missing", async () => {
      const { council, codeOf, time, genesis, ...a } = await loadFixture(forty);
      // Any contract will do as the ledger here.
      await council.appointLedger(await a.registry.getAddress());
      await time.increaseTo(genesis - 10n);
      await asContract(a, a.registry, (ledger) => a.registry.connect(ledger).setVoteSuspended(codeOf(0), true));
      await time.increaseTo(genesis);
      expect(await a.registry.changesLeft()).to.equal(3);
    });

    describe("given genesis lies ahead", () => {
      it("have one window of their own, three changes long", async () => {
        const { registry, council, codeOf, time, genesis } = await loadFixture(forty);
        expect(await registry.changesLeft()).to.equal(3);
        for (const n of [0, 1, 2]) await council.suspend(codeOf(n));
        await time.setNextBlockTimestamp(genesis - 1n);
        await expect(council.suspend(codeOf(3)))
          .to.be.revertedWithCustomError(registry, "MemberTooManyChanges")
          .withArgs(3);
        await time.setNextBlockTimestamp(genesis);
        await council.suspend(codeOf(3));
        // 36 seats after that change, at the first second of period 0.
        expect(await registry.changesLeft()).to.equal(2);
      });

      it("do not count for any period", async () => {
        const { registry, council, codeOf, time, genesis } = await loadFixture(forty);
        for (const n of [0, 1, 2]) await council.suspend(codeOf(n));
        for (const period of [0n, 1n, 2n]) {
          await time.increaseTo(genesis + period * PERIOD);
          expect(await registry.changesLeft()).to.equal(3);
        }
      });

      it("have that one window even if genesis is more than a period away", async () => {
        const { registry, council, codeOf, time, genesis } = await loadFixture(fortyEarly);
        expect(await registry.changesLeft()).to.equal(3);
        for (const n of [0, 1, 2]) await council.suspend(codeOf(n));
        await time.increaseTo(genesis - PERIOD - 1n);
        expect(await registry.changesLeft()).to.equal(0);
        await time.increaseTo(genesis - PERIOD);
        expect(await registry.changesLeft()).to.equal(0);
      });
    });
  });
});
