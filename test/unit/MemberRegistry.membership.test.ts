import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";

import { DEFAULT_STATES, Kind, Status, code, decide } from "../support/alliance.ts";
import {
  ADMIN_ROLE,
  Role,
  applicationHashOf,
  decreed,
  foundRegistry,
  join,
  sendApplication,
  withApplicants,
} from "../support/registry.ts";
import type { Applicant } from "../support/registry.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

describe("MemberRegistry", () => {
  const founded = () => withApplicants(connection);

  async function lastSeats() {
    return await foundRegistry(connection, 207);
  }

  describe("admit", () => {
    it("makes a State a member with the next seat and a vote", async () => {
      const { applicant, ...a } = await loadFixture(founded);
      const { registry } = a;
      await sendApplication(registry, applicant);
      const seat = DEFAULT_STATES.length;
      await expect(decreed(a, (r) => r.admit(code("JPN"), applicationHashOf(applicant))))
        .to.emit(registry, "Admitted")
        .withArgs(
          code("JPN"),
          applicationHashOf(applicant),
          Kind.State,
          applicant.treasury.address,
          applicant.delegate.address,
          true,
          seat,
        )
        .to.emit(registry, "ElectorateChanged")
        .withArgs(2 ** (seat + 1) - 1);
      const m = await registry.member(code("JPN"));
      expect(m.admittedAt).to.equal(await a.time.latest());
      expect(m.reportedAt).to.equal(m.admittedAt);
      expect(await registry.getVotes(applicant.delegate.address)).to.equal(1);
      expect(await registry.isMember(code("JPN"))).to.equal(true);
      // The application is used up.
      expect((await registry.application(applicationHashOf(applicant))).treasury).to.equal(ZeroAddress);
      await sendApplication(registry, applicant);
    });

    it("makes a Partner a member without seat or vote", async () => {
      const { partner, ...a } = await loadFixture(founded);
      const before = await a.registry.electorate();
      await join(a, partner);
      const m = await a.registry.member(code("XKX"));
      expect([m.status, m.kind, m.seated]).to.deep.equal([Status.Active, BigInt(Kind.Partner), false]);
      expect(await a.registry.getVotes(partner.delegate.address)).to.equal(0);
      expect(await a.registry.electorate()).to.equal(before);
      expect(await a.registry.seatsGiven()).to.equal(DEFAULT_STATES.length);
    });

    it("is carried out by a decision of the council", async () => {
      const { applicant, ...a } = await loadFixture(founded);
      await sendApplication(a.registry, applicant);
      const data = a.registry.interface.encodeFunctionData("admit", [code("JPN"), applicationHashOf(applicant)]);
      await decide(a, { target: a.registry, data });
      expect(await a.registry.statusOf(code("JPN"))).to.equal(Status.Active);
    });

    it("is the council's alone", async () => {
      const { registry, applicant, deployer, stranger, member } = await loadFixture(founded);
      await sendApplication(registry, applicant);
      for (const caller of [deployer, stranger, applicant.treasury, member("LTU").delegate]) {
        await expect(registry.connect(caller).admit(code("JPN"), applicationHashOf(applicant)))
          .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, ADMIN_ROLE);
      }
    });

    it("wants an application for this very code", async () => {
      const { applicant, ...a } = await loadFixture(founded);
      const applicationHash = applicationHashOf(applicant);
      await expect(decreed(a, (r) => r.admit(code("JPN"), applicationHash)))
        .to.be.revertedWithCustomError(a.registry, "MemberUnknownApplication")
        .withArgs(code("JPN"), applicationHash);
      await expect(decreed(a, (r) => r.admit("0x000000", applicationHash)))
        .to.be.revertedWithCustomError(a.registry, "MemberUnknownApplication")
        .withArgs("0x000000", applicationHash);
      await sendApplication(a.registry, applicant);
      await expect(decreed(a, (r) => r.admit(code("KOR"), applicationHash)))
        .to.be.revertedWithCustomError(a.registry, "MemberUnknownApplication")
        .withArgs(code("KOR"), applicationHash);
    });

    it("admits nobody who is a member", async () => {
      const { applicant, ...a } = await loadFixture(founded);
      const rival = { ...applicant, name: "LTU" };
      await sendApplication(a.registry, rival);
      await expect(decreed(a, (r) => r.admit(code("LTU"), applicationHashOf(rival))))
        .to.be.revertedWithCustomError(a.registry, "MemberWrongStatus")
        .withArgs(code("LTU"), Status.Active);
      await decreed(a, (r) => r.suspend(code("LTU")));
      await expect(decreed(a, (r) => r.admit(code("LTU"), applicationHashOf(rival))))
        .to.be.revertedWithCustomError(a.registry, "MemberWrongStatus")
        .withArgs(code("LTU"), Status.Suspended);
    });

    it("admits no account that serves a member", async () => {
      const { applicant, ...a } = await loadFixture(founded);
      const { treasury, delegate } = a.member("LTU");
      for (const taken of [treasury, delegate]) {
        for (const rival of [
          { ...applicant, treasury: taken },
          { ...applicant, delegate: taken },
        ]) {
          await sendApplication(a.registry, rival);
          await expect(decreed(a, (r) => r.admit(code("JPN"), applicationHashOf(rival))))
            .to.be.revertedWithCustomError(a.registry, "MemberAccountTaken")
            .withArgs(taken.address, code("LTU"));
        }
      }
    });

    it("admits no account that another applicant was admitted with", async () => {
      const { applicant, ...a } = await loadFixture(founded);
      const second = { ...applicant, name: "KOR", treasury: a.spare(8) };
      await sendApplication(a.registry, second);
      await join(a, applicant);
      await expect(decreed(a, (r) => r.admit(code("KOR"), applicationHashOf(second))))
        .to.be.revertedWithCustomError(a.registry, "MemberAccountTaken")
        .withArgs(applicant.delegate.address, code("JPN"));
    });
  });

  describe("admit, given the member was one before", () => {
    const returning = (a: Awaited<ReturnType<typeof founded>>, kind: number = Kind.State): Applicant => ({
      ...a.member("EST"),
      kind,
    });

    async function expelled() {
      const a = await founded();
      await decreed(a, (r) => r.expel(code("EST")));
      return a;
    }

    it("gives back the old seat", async () => {
      const a = await loadFixture(expelled);
      await join(a, { ...a.applicant });
      await join(a, returning(a));
      const m = await a.registry.member(code("EST"));
      expect([m.status, m.seat]).to.deep.equal([Status.Active, 1n]);
      expect(m.admittedAt).to.equal(await a.time.latest());
      expect(m.reportedAt).to.equal(m.admittedAt);
      // Seat 7 went to the newcomer; nobody got seat 1 meanwhile.
      expect((await a.registry.member(code("JPN"))).seat).to.equal(7);
      expect(await a.registry.seatsGiven()).to.equal(8);
      expect(await a.registry.electorate()).to.equal(0b1111_1111);
    });

    it("holds the member to the accounts it has", async () => {
      const a = await loadFixture(expelled);
      const { treasury, delegate } = a.member("EST");
      for (const changed of [
        { ...returning(a), treasury: a.spare(8) },
        { ...returning(a), delegate: a.spare(8) },
      ]) {
        await sendApplication(a.registry, changed);
        await expect(decreed(a, (r) => r.admit(code("EST"), applicationHashOf(changed))))
          .to.be.revertedWithCustomError(a.registry, "MemberKeysDiffer")
          .withArgs(code("EST"), treasury.address, delegate.address);
      }
    });

    it("keeps the seat of a State that returns as a Partner out of the electorate", async () => {
      const a = await loadFixture(expelled);
      await join(a, returning(a, Kind.Partner));
      const m = await a.registry.member(code("EST"));
      expect([m.status, m.kind, m.seated, m.seat]).to.deep.equal([Status.Active, BigInt(Kind.Partner), true, 1n]);
      expect(await a.registry.electorate()).to.equal(0b111_1101);
      expect(await a.registry.getVotes(a.member("EST").delegate.address)).to.equal(0);
    });

    it("gives a Partner that returns as a State the next seat", async () => {
      const a = await loadFixture(founded);
      await decreed(a, (r) => r.expel(code("TWN")));
      await join(a, { ...a.member("TWN"), kind: Kind.State });
      const m = await a.registry.member(code("TWN"));
      expect([m.kind, m.seated, m.seat]).to.deep.equal([BigInt(Kind.State), true, 7n]);
      expect([...(await a.registry.accountOf(m.delegate))]).to.deep.equal([code("TWN"), Role.Delegate, true, 7n]);
      expect(await a.registry.getVotes(m.delegate)).to.equal(1);
    });
  });

  describe("seats", () => {
    const ALL = 2n ** 208n - 1n;

    it("are 208, of which the last is 207", async () => {
      const { registry, founderOf } = await loadFixture(lastSeats);
      expect(await registry.electorate()).to.equal(2n ** 207n - 1n);
      await registry.admitFounders([founderOf(207)]);
      expect((await registry.member(founderOf(207).code)).seat).to.equal(207);
      expect(await registry.seatsGiven()).to.equal(208);
      expect(await registry.electorate()).to.equal(ALL);
      expect(await registry.getVotes(founderOf(207).delegate)).to.equal(1);

      await expect(registry.admitFounders([founderOf(208)])).to.be.revertedWithCustomError(
        registry,
        "MemberNoSeatLeft",
      );
      await registry.admitFounders([{ ...founderOf(208), kind: Kind.Partner }]);
      expect(await registry.seatsGiven()).to.equal(208);
    });

    it("leave and come back one by one at both ends", async () => {
      const { registry, founderOf, council } = await loadFixture(lastSeats);
      await registry.admitFounders([founderOf(207)]);
      const r = registry.connect(council);
      await r.suspend(founderOf(207).code);
      expect(await registry.electorate()).to.equal(ALL - 2n ** 207n);
      await r.suspend(founderOf(0).code);
      expect(await registry.electorate()).to.equal(ALL - 2n ** 207n - 1n);
      await r.reinstate(founderOf(207).code);
      await r.reinstate(founderOf(0).code);
      expect(await registry.electorate()).to.equal(ALL);
    });

    it("are counted wherever they lie", async () => {
      const { registry, founderOf, council, genesis, time } = await loadFixture(lastSeats);
      await registry.admitFounders([founderOf(207)]);
      await time.increaseTo(genesis);
      const leaving = [0, 1, 3, 7, 12, 18, 31, 32, 47, 63, 64, 80, 101, 127, 128, 150, 171, 191, 192, 207];
      for (const [before, seat] of leaving.entries()) {
        await time.increase(1n);
        expect(await registry.getPastTotalSupply((await time.latest()) - 1)).to.equal(208 - before);
        await registry.connect(council).suspend(founderOf(seat).code);
      }
      await time.increase(1n);
      expect(await registry.getPastTotalSupply((await time.latest()) - 1)).to.equal(188);
    });
  });
});
