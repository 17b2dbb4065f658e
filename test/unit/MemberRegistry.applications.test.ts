import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";

import { Kind, Status, code, dossierOf } from "../support/alliance.ts";
import {
  ADMIN_ROLE,
  NO_DOCUMENT,
  Role,
  applicationHashOf,
  decreed,
  fiveOf,
  foundRegistry,
  sendApplication,
  withApplicants,
} from "../support/registry.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

describe("MemberRegistry", () => {
  const founded = () => withApplicants(connection);

  async function founding() {
    return await foundRegistry(connection, 2);
  }

  describe("constructor", () => {
    it("wants a genesis after the deployment", async () => {
      const { ethers, time, registry, council, genesis } = await loadFixture(founding);
      expect(await registry.genesis()).to.equal(genesis);

      const nowAt = BigInt(await time.latest()) + 100n;
      await time.setNextBlockTimestamp(nowAt);
      await expect(ethers.deployContract("MemberRegistry", [council.address, nowAt]))
        .to.be.revertedWithCustomError(registry, "MemberGenesisPassed")
        .withArgs(nowAt);
      await time.setNextBlockTimestamp(nowAt + 1n);
      const latest = await ethers.deployContract("MemberRegistry", [council.address, nowAt + 2n]);
      expect(await latest.genesis()).to.equal(nowAt + 2n);
    });
  });

  describe("applyFor", () => {
    it("keeps the application under the hash of all its fields", async () => {
      const { registry, applicant } = await loadFixture(founded);
      const applicationHash = applicationHashOf(applicant);
      await expect(sendApplication(registry, applicant))
        .to.emit(registry, "Applied")
        .withArgs(
          code("JPN"),
          applicationHash,
          Kind.State,
          applicant.treasury.address,
          applicant.delegate.address,
          dossierOf("JPN").map((document) => [document.hash, document.uri]),
        );
      expect([...(await registry.application(applicationHash))]).to.deep.equal([
        applicant.treasury.address,
        code("JPN"),
        BigInt(Kind.State),
        applicant.delegate.address,
      ]);
      // An application alone makes nobody a member and binds no account.
      expect(await registry.statusOf(code("JPN"))).to.equal(Status.None);
      expect((await registry.accountOf(applicant.treasury.address)).role).to.equal(Role.None);
    });

    it("takes a Partner with evidence of an elected government alone", async () => {
      const { registry, partner } = await loadFixture(founded);
      await sendApplication(registry, partner);
      expect((await registry.application(applicationHashOf(partner))).kind).to.equal(Kind.Partner);
    });

    it("wants the hash and the URI of all five criteria from a State", async () => {
      const { registry, applicant } = await loadFixture(founded);
      for (let criterion = 0; criterion < 5; ++criterion) {
        const complete = dossierOf("JPN");
        const { hash, uri } = complete[criterion]!;
        for (const incomplete of [NO_DOCUMENT, { hash: NO_DOCUMENT.hash, uri }, { hash, uri: "" }]) {
          await expect(sendApplication(registry, { ...applicant, dossier: complete.with(criterion, incomplete) }))
            .to.be.revertedWithCustomError(registry, "MemberEvidenceMissing")
            .withArgs(criterion);
        }
      }
    });

    it("takes a URI of a single character", async () => {
      const { registry, applicant } = await loadFixture(founded);
      const dossier = dossierOf("JPN").map(({ hash }) => ({ hash, uri: "/" }));
      await sendApplication(registry, { ...applicant, dossier });
      expect((await registry.application(applicationHashOf({ ...applicant, dossier }))).code).to.equal(code("JPN"));
    });

    it("wants evidence of an elected government from a Partner", async () => {
      const { registry, partner } = await loadFixture(founded);
      await expect(sendApplication(registry, { ...partner, dossier: dossierOf("XKX").with(0, NO_DOCUMENT) }))
        .to.be.revertedWithCustomError(registry, "MemberEvidenceMissing")
        .withArgs(0);
    });

    it("refuses a code that is not three capital letters", async () => {
      const { registry, applicant } = await loadFixture(founded);
      for (const name of ["jPN", "JpN", "JPn", "@PN", "J[N", "JP1", "JP ", "JP\0", "\0\0\0"]) {
        await expect(sendApplication(registry, { ...applicant, name }))
          .to.be.revertedWithCustomError(registry, "MemberInvalidCode")
          .withArgs(code(name));
      }
      for (const name of ["AAA", "ZZZ"]) await sendApplication(registry, { ...applicant, name });
    });

    it("wants two accounts", async () => {
      const { registry, applicant } = await loadFixture(founded);
      const { treasury } = applicant;
      await expect(
        registry.connect(treasury).applyFor(code("JPN"), Kind.State, ZeroAddress, fiveOf(dossierOf("JPN"))),
      ).to.be.revertedWithCustomError(registry, "MemberZeroAccount");
      await expect(sendApplication(registry, { ...applicant, delegate: treasury }))
        .to.be.revertedWithCustomError(registry, "MemberSameAccount")
        .withArgs(treasury.address);
    });

    it("refuses the very same application twice", async () => {
      const { registry, applicant } = await loadFixture(founded);
      await sendApplication(registry, applicant);
      await expect(sendApplication(registry, applicant))
        .to.be.revertedWithCustomError(registry, "MemberApplicationExists")
        .withArgs(applicationHashOf(applicant));
    });

    describe("given somebody else applied for the code before", () => {
      it("keeps both, and the council admits the one it means", async () => {
        const { applicant, ...a } = await loadFixture(founded);
        const { registry } = a;
        const squatter = { ...applicant, treasury: a.spare(8) };
        await sendApplication(registry, squatter);
        await sendApplication(registry, applicant);
        expect(applicationHashOf(squatter)).not.to.equal(applicationHashOf(applicant));

        await decreed(a, (r) => r.admit(code("JPN"), applicationHashOf(applicant)));
        expect((await registry.member(code("JPN"))).treasury).to.equal(applicant.treasury.address);
        expect((await registry.application(applicationHashOf(squatter))).treasury).to.equal(squatter.treasury.address);
      });
    });
  });

  describe("admitFounders", () => {
    it("admits founders in the order of their seats", async () => {
      const { registry, founderOf, time } = await loadFixture(founding);
      const newcomer = founderOf(2);
      await expect(registry.admitFounders([newcomer, { ...founderOf(3), kind: Kind.Partner }]))
        .to.emit(registry, "Admitted")
        .withArgs(
          newcomer.code,
          (hash: string) => hash.length === 66,
          Kind.State,
          newcomer.treasury,
          newcomer.delegate,
          true,
          2,
        )
        .to.emit(registry, "ElectorateChanged")
        .withArgs(0b111);
      expect(await registry.seatsGiven()).to.equal(3);
      const m = await registry.member(newcomer.code);
      expect([m.status, m.kind, m.seated, m.seat, m.barredAt, m.noticeAt, m.openCases]).to.deep.equal([
        Status.Active,
        0n,
        true,
        2n,
        0n,
        0n,
        0n,
      ]);
      expect(m.admittedAt).to.equal(await time.latest());
      expect(m.reportedAt).to.equal(m.admittedAt);
      expect([...(await registry.accountOf(newcomer.treasury))]).to.deep.equal([
        newcomer.code,
        Role.Treasury,
        true,
        2n,
      ]);
      expect([...(await registry.accountOf(newcomer.delegate))]).to.deep.equal([
        newcomer.code,
        Role.Delegate,
        true,
        2n,
      ]);
      const partner = await registry.member(founderOf(3).code);
      expect([partner.status, partner.kind, partner.seated]).to.deep.equal([Status.Active, 1n, false]);
      expect(await registry.electorate()).to.equal(0b111);
    });

    it("counts no changes of the period", async () => {
      const { registry } = await loadFixture(founding);
      expect(await registry.changesLeft()).to.equal(3);
    });

    it("is the founder's alone", async () => {
      const { registry, founderOf, council } = await loadFixture(founding);
      await expect(registry.connect(council).admitFounders([founderOf(2)]))
        .to.be.revertedWithCustomError(registry, "GovernedFoundingIsOver")
        .withArgs(council.address);
    });

    it("is over once power is handed over", async () => {
      const { registry, founderOf, founder, council } = await loadFixture(founding);
      await registry.renounceRole(ADMIN_ROLE, founder.address);
      for (const caller of [founder, council]) {
        await expect(registry.connect(caller).admitFounders([founderOf(2)]))
          .to.be.revertedWithCustomError(registry, "GovernedFoundingIsOver")
          .withArgs(caller.address);
      }
    });

    it("has been over since the deployment of an alliance", async () => {
      const { registry, deployer } = await loadFixture(founded);
      await expect(registry.connect(deployer).admitFounders([]))
        .to.be.revertedWithCustomError(registry, "GovernedFoundingIsOver")
        .withArgs(deployer.address);
    });

    it("takes 32 in a call, below 16.7 million gas, and no more", async () => {
      const { registry, founderOf } = await loadFixture(founding);
      const many = (count: number) => Array.from({ length: count }, (_, i) => founderOf(2 + i));
      await expect(registry.admitFounders(many(33)))
        .to.be.revertedWithCustomError(registry, "MemberTooManyFounders")
        .withArgs(33, 32);
      const receipt = await (await registry.admitFounders(many(32))).wait();
      expect(receipt!.gasUsed).to.be.lessThan(16_700_000n);
      expect(await registry.seatsGiven()).to.equal(34);
    });

    it("holds founders to the laws of an application", async () => {
      const { registry, founderOf } = await loadFixture(founding);
      const f = founderOf(2);
      const dossier = fiveOf(dossierOf("AAC").with(4, NO_DOCUMENT));
      await expect(registry.admitFounders([{ ...f, dossier }]))
        .to.be.revertedWithCustomError(registry, "MemberEvidenceMissing")
        .withArgs(4);
      await expect(registry.admitFounders([{ ...f, treasury: ZeroAddress }])).to.be.revertedWithCustomError(
        registry,
        "MemberZeroAccount",
      );
      await expect(registry.admitFounders([{ ...f, treasury: founderOf(1).delegate }]))
        .to.be.revertedWithCustomError(registry, "MemberAccountTaken")
        .withArgs(founderOf(1).delegate, founderOf(1).code);
      await expect(registry.admitFounders([{ ...f, code: founderOf(1).code }]))
        .to.be.revertedWithCustomError(registry, "MemberWrongStatus")
        .withArgs(founderOf(1).code, Status.Active);
    });
  });
});
