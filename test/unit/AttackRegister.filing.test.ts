import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import {
  CaseStatus,
  DAY,
  Measure,
  MILLION,
  PERIOD,
  PPM,
  ProposalState,
  Status,
  asTimelock,
  code,
  fileAttack,
  foundAlliance,
  hash,
  liveUntil,
  payDebt,
  voteThrough,
} from "../support/alliance.ts";
import { Decision, FILING_TIME, coveredAlliance, filing } from "../support/attacks.ts";
import { at, moveTo, now } from "../support/chain.ts";
import { capOf } from "../support/reference-indemnity.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;
const covered = () => coveredAlliance(connection);
/** Long enough after cover began for a start of 180 days ago to be covered. */
const coveredForLong = () => coveredAlliance(connection, {}, 375n);

describe("AttackRegister", () => {
  describe("file", () => {
    it("opens a case and the vote on it", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      const startedAt = (await now(a)) - 3n * DAY;
      const args = await filing(a, ltu, { startedAt, share: 250_000n, evidence: hash("customs") });

      const sent = await a.register.connect(ltu.delegate).file(...args);

      const c = await a.register.attack(1n);
      await expect(sent)
        .to.emit(a.register, "Filed")
        .withArgs(
          1n,
          ltu.code,
          code("CHN"),
          Measure.Tariff,
          hash("customs"),
          "ipfs://evidence",
          hash("incident"),
          1n,
          c,
        );
      await expect(sent).to.emit(a.council, "VoteCalled").withArgs(1n, 1n);
      await expect(sent).to.emit(a.registry, "CaseOpened").withArgs(ltu.code, 1n);
      expect(await a.register.attackCount()).to.equal(1n);
      expect(await a.register.statusOf(1n)).to.equal(CaseStatus.Voting);
      expect(await a.council.attackOf(1n)).to.equal(1n);
      expect(c.member).to.equal(ltu.code);
      expect(c.coercer).to.equal(code("CHN"));
      expect(c.decision).to.equal(Decision.Open);
      expect(c.succession).to.equal(0n);
      expect(c.compensationShare).to.equal(250_000n);
      expect(c.councilNumber).to.equal(1n);
      expect(c.filedAt).to.equal(await now(a));
      expect(c.startedAt).to.equal(startedAt);
      expect([...c.cover]).to.deep.equal([200n * MILLION, 800_000n, 50_000n, 600_000n]);
      expect(c.yearlyLimit).to.equal(1_000n * MILLION);
      // Three periods' budgets are paid in, and the same may be called for.
      expect(c.cap).to.equal(capOf(300n * MILLION, 300n * MILLION));
      expect(c.proposalId).to.equal(1n);
      expect([c.committed, c.awarded, c.coverYear, c.lastSettled, c.recognisedAt, c.endedAt, c.loss]).to.deep.equal(
        Array.from({ length: 7 }, () => 0n),
      );
    });

    it("serves the treasury and a partner as well", async () => {
      const a = await loadFixture(covered);
      const [ltu, twn] = [a.member("LTU"), a.member("TWN")];
      await a.register.connect(ltu.treasury).file(...(await filing(a, ltu)));
      await a.register.connect(twn.delegate).file(...(await filing(a, twn)));
      expect(await a.register.openAttack(ltu.code, code("CHN"))).to.equal(1n);
      expect(await a.register.openAttack(twn.code, code("CHN"))).to.equal(2n);
    });

    describe("given who sends it", () => {
      it("refuses a stranger, another member, and a code that nobody holds", async () => {
        const a = await loadFixture(covered);
        const [ltu, est] = [a.member("LTU"), a.member("EST")];
        const args = await filing(a, ltu);
        for (const sender of [a.stranger, est.delegate, est.treasury]) {
          await expect(a.register.connect(sender).file(...args))
            .to.be.revertedWithCustomError(a.register, "AttackUnauthorized")
            .withArgs(ltu.code, sender.address);
        }
        const [, ...rest] = args;
        await expect(a.register.connect(a.stranger).file("0x000000", ...rest))
          .to.be.revertedWithCustomError(a.register, "AttackUnauthorized")
          .withArgs("0x000000", a.stranger.address);
      });

      it("refuses a suspended member, and takes it again once reinstated", async () => {
        const a = await loadFixture(covered);
        const ltu = a.member("LTU");
        await asTimelock(a, (t) => a.registry.connect(t).suspend(ltu.code));
        await expect(a.register.connect(ltu.delegate).file(...(await filing(a, ltu))))
          .to.be.revertedWithCustomError(a.registry, "MemberWrongStatus")
          .withArgs(ltu.code, Status.Suspended);
        await asTimelock(a, (t) => a.registry.connect(t).reinstate(ltu.code));
        await fileAttack(a, ltu);
        expect(await a.register.statusOf(1n)).to.equal(CaseStatus.Voting);
      });

      it("refuses an expelled member", async () => {
        const a = await loadFixture(covered);
        const ltu = a.member("LTU");
        await asTimelock(a, (t) => a.registry.connect(t).expel(ltu.code));
        await expect(a.register.connect(ltu.delegate).file(...(await filing(a, ltu))))
          .to.be.revertedWithCustomError(a.registry, "MemberWrongStatus")
          .withArgs(ltu.code, Status.Expelled);
      });
    });

    describe("given its standing", () => {
      /** Lithuania has not paid since period 1, due 120 days after genesis: 90 days overdue at day 210. */
      async function inArrears() {
        const a = await foundAlliance(connection);
        await liveUntil(a, 80n);
        const ltu = a.member("LTU");
        for (const period of [1n, 2n]) {
          await moveTo(a, a.genesis + period * PERIOD);
          for (const m of a.members) if (m !== ltu) await payDebt(a, m);
        }
        return { ...a, ltu, overdueAt: a.genesis + 210n * DAY };
      }

      it("takes a member whose debt is 90 days overdue, and refuses it a second later", async () => {
        const a = await loadFixture(inArrears);
        const startedAt = a.overdueAt - DAY;
        const [first, second] = [
          await filing(a, a.ltu, { startedAt }),
          await filing(a, a.ltu, { startedAt, coercer: "RUS" }),
        ];
        await moveTo(a, a.overdueAt - 10n);
        await at(a, a.overdueAt);
        await a.register.connect(a.ltu.delegate).file(...first);
        await at(a, a.overdueAt + 1n);
        await expect(a.register.connect(a.ltu.delegate).file(...second))
          .to.be.revertedWithCustomError(a.register, "AttackNotInGoodStanding")
          .withArgs(a.ltu.code);
      });

      it("covers only what starts after the arrears were cleared", async () => {
        const a = await loadFixture(inArrears);
        await moveTo(a, a.overdueAt + DAY);
        await payDebt(a, a.ltu);
        const { clearedAt } = await a.ledger.account(a.ltu.code);
        expect(clearedAt).to.equal(await now(a));
        for (const startedAt of [clearedAt - DAY, clearedAt]) {
          await expect(a.register.connect(a.ltu.delegate).file(...(await filing(a, a.ltu, { startedAt }))))
            .to.be.revertedWithCustomError(a.register, "AttackNotCovered")
            .withArgs(startedAt, clearedAt);
        }
        await fileAttack(a, a.ltu, { startedAt: clearedAt + 1n });
        expect(await a.register.statusOf(1n)).to.equal(CaseStatus.Voting);
      });

      it("goes by a waiver of the council", async () => {
        const a = await loadFixture(inArrears);
        await moveTo(a, a.overdueAt + DAY);
        const until = (await now(a)) + 30n * DAY;
        await asTimelock(a, (t) => a.ledger.connect(t).waive(a.ltu.code, until));
        await fileAttack(a, a.ltu);
        expect(await a.register.statusOf(1n)).to.equal(CaseStatus.Voting);
      });

      it("goes on with a case whatever is not paid after it was filed", async () => {
        const a = await loadFixture(inArrears);
        await moveTo(a, a.overdueAt - DAY);
        const { attackId, proposalId } = await fileAttack(a, a.ltu);
        await moveTo(a, a.overdueAt + DAY);
        expect(await a.ledger.inGoodStanding(a.ltu.code)).to.equal(false);
        await voteThrough(a, proposalId);
        expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Recognised);
        expect((await a.register.attack(attackId)).awarded).to.equal((88n * MILLION) / 10n);
      });

      it("counts a human-rights report beyond its grace", async () => {
        const a = await loadFixture(coveredForLong);
        const ltu = a.member("LTU");
        await liveUntil(a, 440n);
        const deadline = await a.registry.reportDeadline(ltu.code);
        const startedAt = deadline - DAY;
        await moveTo(a, deadline - 10n);
        const [first, second] = [
          await filing(a, ltu, { startedAt }),
          await filing(a, ltu, { startedAt, coercer: "RUS" }),
        ];
        await at(a, deadline);
        await a.register.connect(ltu.delegate).file(...first);
        await at(a, deadline + 1n);
        await expect(a.register.connect(ltu.delegate).file(...second))
          .to.be.revertedWithCustomError(a.register, "AttackNotInGoodStanding")
          .withArgs(ltu.code);
        await a.registry.connect(ltu.delegate).fileReport(ltu.code, hash("report"), "ipfs://report");
        await a.register.connect(ltu.delegate).file(...second);
        expect(await a.register.attackCount()).to.equal(2n);
      });
    });

    describe("given when it started", () => {
      it("takes a start in the second of filing, and refuses one a second ahead", async () => {
        const a = await loadFixture(covered);
        const ltu = a.member("LTU");
        const filedAt = (await now(a)) + 100n;
        const ahead = await filing(a, ltu, { startedAt: filedAt + 1n });
        await at(a, filedAt);
        await expect(a.register.connect(ltu.delegate).file(...ahead))
          .to.be.revertedWithCustomError(a.register, "AttackBadStart")
          .withArgs(filedAt + 1n, filedAt - FILING_TIME, filedAt);
        const same = await filing(a, ltu, { startedAt: filedAt + 5n });
        await at(a, filedAt + 5n);
        await a.register.connect(ltu.delegate).file(...same);
        expect((await a.register.attack(1n)).startedAt).to.equal(filedAt + 5n);
      });

      it("takes a start of 180 days ago, and refuses one a second earlier", async () => {
        const a = await loadFixture(coveredForLong);
        const ltu = a.member("LTU");
        const startedAt = (await now(a)) + 100n - FILING_TIME;
        const [intime, late] = [
          await filing(a, ltu, { startedAt }),
          await filing(a, ltu, { startedAt, coercer: "RUS" }),
        ];
        await at(a, startedAt + FILING_TIME);
        await a.register.connect(ltu.delegate).file(...intime);
        const filedAt = startedAt + FILING_TIME + 1n;
        await at(a, filedAt);
        await expect(a.register.connect(ltu.delegate).file(...late))
          .to.be.revertedWithCustomError(a.register, "AttackBadStart")
          .withArgs(startedAt, filedAt - FILING_TIME, filedAt);
      });

      it("takes a start in the first second of cover, and refuses one before", async () => {
        const a = await loadFixture(covered);
        const ltu = a.member("LTU");
        const coverFrom = a.genesis + 180n * DAY;
        expect(await a.ledger.coverFrom(ltu.code)).to.equal(coverFrom);
        await expect(a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { startedAt: coverFrom - 1n }))))
          .to.be.revertedWithCustomError(a.register, "AttackNotCovered")
          .withArgs(coverFrom - 1n, coverFrom);
        await a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { startedAt: coverFrom })));
        expect((await a.register.attack(1n)).startedAt).to.equal(coverFrom);
      });
    });

    describe("given the coercer", () => {
      it("refuses a member, the member itself, a suspended member and what is no code", async () => {
        const a = await loadFixture(covered);
        const ltu = a.member("LTU");
        await asTimelock(a, (t) => a.registry.connect(t).suspend(code("EST")));
        for (const coercer of ["POL", "LTU", "TWN", "EST", "chn", "C1N"]) {
          await expect(a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { coercer }))))
            .to.be.revertedWithCustomError(a.register, "AttackInvalidCoercer")
            .withArgs(code(coercer));
        }
      });

      it("takes a former member", async () => {
        const a = await loadFixture(covered);
        await asTimelock(a, (t) => a.registry.connect(t).expel(code("EST")));
        await fileAttack(a, a.member("LTU"), { coercer: "EST" });
        expect((await a.register.attack(1n)).coercer).to.equal(code("EST"));
      });
    });

    describe("given the evidence", () => {
      it("takes it however short its address is", async () => {
        const a = await loadFixture(covered);
        const ltu = a.member("LTU");
        await a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { uri: "/" })));
        expect(await a.register.attackCount()).to.equal(1n);
      });

      it("refuses a missing hash or address", async () => {
        const a = await loadFixture(covered);
        const ltu = a.member("LTU");
        for (const missing of [{ evidence: ZeroHash }, { uri: "" }]) {
          await expect(
            a.register.connect(ltu.delegate).file(...(await filing(a, ltu, missing))),
          ).to.be.revertedWithCustomError(a.register, "AttackNoEvidence");
        }
      });

      it("refuses what the member has used, for whatever case, and takes it of another member", async () => {
        const a = await loadFixture(covered);
        const [ltu, est] = [a.member("LTU"), a.member("EST")];
        const evidence = hash("the same");
        await a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { evidence })));
        await expect(a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { evidence, coercer: "RUS" }))))
          .to.be.revertedWithCustomError(a.register, "AttackEvidenceUsed")
          .withArgs(ltu.code, evidence);
        await a.register.connect(est.delegate).file(...(await filing(a, est, { evidence })));
        expect(await a.register.attackCount()).to.equal(2n);
      });
    });

    it("refuses a compensation share above the whole, and takes the whole", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      await expect(a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { share: PPM + 1n }))))
        .to.be.revertedWithCustomError(a.register, "AttackShareTooHigh")
        .withArgs(PPM + 1n);
      await a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { share: PPM })));
      expect((await a.register.attack(1n)).compensationShare).to.equal(PPM);
    });

    it("refuses a second open case of the pair, undecided or recognised, and takes another coercer", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      const { proposalId } = await fileAttack(a, ltu);
      const refused = async () =>
        expect(a.register.connect(ltu.delegate).file(...(await filing(a, ltu))))
          .to.be.revertedWithCustomError(a.register, "AttackPairOpen")
          .withArgs(1n);
      await refused();
      await voteThrough(a, proposalId);
      await refused();
      await fileAttack(a, ltu, { coercer: "RUS" });
      expect(await a.register.openAttack(ltu.code, code("RUS"))).to.equal(2n);
    });

    it("excludes the attacked member's seat from the vote", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      const { proposalId } = await fileAttack(a, ltu);
      const { remaining, seats } = await a.council.ballotBox(proposalId);
      expect(seats).to.equal(6n);
      expect(remaining).to.equal(0b1111110n);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Pending);
    });
  });
});
