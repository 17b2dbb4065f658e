import { expect } from "chai";
import { network } from "hardhat";

import {
  CaseStatus,
  DAY,
  MILLION,
  PPM,
  ProposalState,
  Support,
  UNIT,
  YEAR,
  asTimelock,
  code,
  fileAttack,
  hash,
  payAll,
  recognisedAttack,
  voteThrough,
} from "../support/alliance.ts";
import { books, coverOf, coveredAlliance, expose, filing, finish, reportLosses } from "../support/attacks.ts";
import { asContract, moveTo, now } from "../support/chain.ts";
import { ReferenceCase, capOf, mostPayable } from "../support/reference-indemnity.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;
const covered = () => coveredAlliance(connection);
/** A trade whose twentieth is no whole unit. */
const uneven = () => coveredAlliance(connection, { baseline: 200n * MILLION + 1n });
/** A trade so large that the cap binds. */
const capped = () => coveredAlliance(connection, { baseline: 2_000n * MILLION });
/** A limit that one case of 88 million leaves 12 million of, and trade with a second and a third coercer. */
async function limited() {
  const a = await coveredAlliance(connection, { parameters: { yearlyLimit: 100n * MILLION } }, 100n);
  const ltu = a.member("LTU");
  for (const coercer of ["RUS", "IRN"]) await expose(a, ltu, coercer, 200n * MILLION);
  await moveTo(a, a.genesis + 180n * DAY);
  await payAll(a);
  await moveTo(a, a.genesis + 200n * DAY);
  return { ...a, ltu };
}
const MOST = mostPayable(coverOf(200n * MILLION));
const CAP = capOf(300n * MILLION, 300n * MILLION);

describe("AttackRegister", () => {
  describe("recognise", () => {
    it("commits from the first whole unit above the attachment point, and rounds what is paid down", async () => {
      // Of a trade of one unit more A is 0.05 and X 0.6 units higher: between them lies a whole unit less.
      const a = await loadFixture(uneven);
      await recognisedAttack(a, a.member("LTU"));
      expect((await books(a, 1n)).committed).to.equal(88n * MILLION - 1n);
    });

    it("commits and pays the advance with the deciding ballot", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      await a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { share: 250_000n })));
      const expected = new ReferenceCase(coverOf(200n * MILLION), CAP, 1_000n * MILLION);
      expect([expected.committed, expected.advance]).to.deep.equal([88n * MILLION, 8_800_000n * UNIT]);
      await a.time.increase(2);
      for (const name of ["EST", "LVA", "POL"]) await a.council.connect(a.member(name).delegate).castVote(1n, 1);
      const before = await a.token.balanceOf(ltu.treasury.address);

      const sent = await a.council.connect(a.member("CZE").delegate).castVote(1n, Support.For, { gasLimit: 3_000_000 });

      const coverFrom = a.genesis + 180n * DAY;
      await expect(sent)
        .to.emit(a.register, "Recognised")
        .withArgs(1n, expected.committed, expected.advance, coverFrom);
      await expect(sent).to.emit(a.fund, "Committed").withArgs(1n, ltu.code, expected.committed, 250_000n);
      expect(await a.register.statusOf(1n)).to.equal(CaseStatus.Recognised);
      const c = await a.register.attack(1n);
      expect([c.committed, c.awarded, c.coverYear, c.recognisedAt, c.lastSettled]).to.deep.equal([
        expected.committed,
        expected.advance,
        coverFrom,
        await now(a),
        0n,
      ]);
      expect((await a.fund.attackAccount(1n)).commitment).to.equal(expected.unused);
      expect(await a.fund.committed()).to.equal(expected.unused);
      expect(await a.register.usedOf(ltu.code, coverFrom)).to.equal(expected.committed);
      const earmarked = expected.advance / 4n;
      expect(await a.fund.earmarked()).to.equal(earmarked);
      expect((await a.token.balanceOf(ltu.treasury.address)) - before).to.equal(expected.advance - earmarked);
      expect((await a.ledger.account(ltu.code)).commitments).to.equal(1n);
    });

    it("rounds the advance down", async () => {
      // payable(X) is no multiple of ten.
      const a = await loadFixture(async function odd() {
        return coveredAlliance(connection, { baseline: 7n * UNIT + 13n * UNIT, parameters: { ceding: 999_999 } });
      });
      const expected = new ReferenceCase(coverOf(20n * UNIT, { ceding: 999_999n }), CAP, 1_000n * MILLION);
      expect(expected.committed % 10n).to.not.equal(0n);
      await recognisedAttack(a, a.member("LTU"));
      const c = await a.register.attack(1n);
      expect([c.committed, c.awarded]).to.deep.equal([expected.committed, expected.committed / 10n]);
    });

    describe("given who calls", () => {
      it("refuses all but the council of the day", async () => {
        const a = await loadFixture(covered);
        const { attackId } = await fileAttack(a, a.member("LTU"));
        await expect(a.register.connect(a.stranger).recognise(attackId))
          .to.be.revertedWithCustomError(a.register, "AttackNotCouncil")
          .withArgs(a.stranger.address);
        await asTimelock(a, (t) =>
          expect(a.register.connect(t).recognise(attackId))
            .to.be.revertedWithCustomError(a.register, "AttackNotCouncil")
            .withArgs(t.address),
        );
      });

      it("refuses the council what does not exist, and what is recognised or was revoked", async () => {
        const a = await loadFixture(covered);
        const [ltu, est] = [a.member("LTU"), a.member("EST")];
        const first = await recognisedAttack(a, ltu);
        const second = await fileAttack(a, est);
        await a.register.connect(est.delegate).revoke(second.attackId);
        await asContract(a, a.council, async (council) => {
          await expect(a.register.connect(council).recognise(9n))
            .to.be.revertedWithCustomError(a.register, "AttackUnknown")
            .withArgs(9n);
          await expect(a.register.connect(council).recognise(first.attackId))
            .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
            .withArgs(first.attackId, CaseStatus.Recognised);
          await expect(a.register.connect(council).recognise(second.attackId))
            .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
            .withArgs(second.attackId, CaseStatus.Revoked);
        });
      });
    });

    describe("given that it fails when it is decided", () => {
      it("leaves the case approved, to be carried out by anyone later", async () => {
        const a = await loadFixture(covered);
        const ltu = a.member("LTU");
        const [role, register] = [await a.fund.REGISTER_ROLE(), await a.register.getAddress()];
        await asTimelock(a, (t) => a.fund.connect(t).revokeRole(role, register));
        const { attackId, proposalId } = await fileAttack(a, ltu);
        await voteThrough(a, proposalId);
        expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Approved);
        expect(await a.council.state(proposalId)).to.equal(ProposalState.Succeeded);
        await expect(a.register.connect(ltu.delegate).revoke(attackId))
          .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
          .withArgs(attackId, CaseStatus.Approved);
        await expect(a.register.connect(ltu.delegate).file(...(await filing(a, ltu))))
          .to.be.revertedWithCustomError(a.register, "AttackPairOpen")
          .withArgs(attackId);
        await expect(a.register.close(attackId))
          .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
          .withArgs(attackId, CaseStatus.Approved);
        await asTimelock(a, (t) => a.fund.connect(t).grantRole(role, register));
        await a.time.increase(30n * DAY);
        await a.council.connect(a.stranger)["execute(uint256)"](proposalId);
        expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Recognised);
        expect((await books(a, attackId)).committed).to.equal(MOST);
      });

      it("falls with a suspension that comes before", async () => {
        const a = await loadFixture(covered);
        const [role, register] = [await a.fund.REGISTER_ROLE(), await a.register.getAddress()];
        await asTimelock(a, (t) => a.fund.connect(t).revokeRole(role, register));
        const { attackId, proposalId } = await fileAttack(a, a.member("LTU"));
        await voteThrough(a, proposalId);
        await asTimelock(a, (t) => a.registry.connect(t).suspend(code("LTU")));
        expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Fallen);
        await expect(a.council["execute(uint256)"](proposalId))
          .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
          .withArgs(attackId, CaseStatus.Fallen);
      });
    });

    describe("given what may change between filing and recognition", () => {
      it("keeps cap and terms of the day on which the vote opened", async () => {
        const a = await loadFixture(capped);
        const ltu = a.member("LTU");
        const { attackId, proposalId } = await fileAttack(a, ltu);
        await a.fund.connect(a.member("EST").treasury).donate(500n * MILLION, hash("gift"));
        await asTimelock(a, async (t) => {
          await a.ledger.connect(t).setTerms({ loading: 1_000_000n, callCap: 0n });
          await a.ledger.connect(t).setBudget((await a.ledger.currentPeriod()) + 1n, 0n);
          const terms = { ceding: 1n, attachment: 0n, exhaustion: 1n, yearlyLimit: 1n };
          await a.coverage.connect(t).setTerms([ltu.code], terms);
          const exposure = { baseline: 1n, dependence: 0n, source: hash("less") };
          await a.coverage.connect(t).setExposures([{ code: ltu.code, coercer: code("CHN"), exposure }]);
        });
        await voteThrough(a, proposalId);
        const c = await a.register.attack(attackId);
        expect(c.cap).to.equal(CAP);
        // The cap binds: payable(X) is 880 million.
        expect(c.committed).to.equal(CAP);
        // And to the last round, when the new terms have long been effective.
        const expected = new ReferenceCase(coverOf(2_000n * MILLION), CAP, 1_000n * MILLION);
        await reportLosses(a, attackId, 12, 1_000n * MILLION);
        expected.settle(12, 1_000n * MILLION);
        expect((await books(a, attackId)).awarded).to.equal(expected.awarded);
        expect(expected.awarded).to.equal(CAP);
      });

      it("reads capital when the vote opens: money that came before counts", async () => {
        const a = await loadFixture(capped);
        await a.fund.connect(a.member("EST").treasury).donate(100n * MILLION + 3n, hash("gift"));
        const { attackId } = await recognisedAttack(a, a.member("LTU"));
        expect((await books(a, attackId)).committed).to.equal(capOf(400n * MILLION + 3n, 300n * MILLION));
      });

      it("counts no call again that was made: room is what is left of it", async () => {
        const a = await loadFixture(capped);
        await asTimelock(a, (t) => a.ledger.connect(t).setTerms({ loading: 0n, callCap: 500_000n }));
        const { attackId } = await recognisedAttack(a, a.member("LTU"));
        expect((await books(a, attackId)).cap).to.equal(capOf(300n * MILLION, 150n * MILLION));
      });
    });

    describe("given no exposure when it began", () => {
      it("recognises it with nothing payable, and settles and closes it all the same", async () => {
        const a = await loadFixture(covered);
        const ltu = a.member("LTU");
        const { attackId, proposalId } = await fileAttack(a, ltu, { coercer: "RUS" });
        await voteThrough(a, proposalId);
        expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Recognised);
        expect((await books(a, attackId)).committed).to.equal(0n);
        expect((await a.fund.attackAccount(attackId)).member).to.equal("0x000000");
        expect((await a.ledger.account(ltu.code)).commitments).to.equal(0n);
        await a.register.connect(ltu.delegate).end(attackId);
        await expect(await reportLosses(a, attackId, 1, 50n * MILLION))
          .to.emit(a.register, "RoundSettled")
          .withArgs(attackId, 1n, 50n * MILLION, 0n, 0n, 0n);
        await expect(a.register.connect(ltu.delegate).close(attackId))
          .to.emit(a.register, "Closed")
          .withArgs(attackId, 0n, 0n, 0n, 0n);
        expect((await a.registry.member(ltu.code)).openCases).to.equal(0n);
      });

      it("does not go by an exposure that became effective a second after the start", async () => {
        const a = await loadFixture(covered);
        const ltu = a.member("LTU");
        await expose(a, ltu, "RUS", 200n * MILLION);
        const effectiveAt = (await now(a)) + 90n * DAY;
        await moveTo(a, effectiveAt);
        await payAll(a);
        const first = await recognisedAttack(a, ltu, { coercer: "RUS", startedAt: effectiveAt - 1n });
        expect((await books(a, first.attackId)).committed).to.equal(0n);
        await expose(a, a.member("EST"), "RUS", 200n * MILLION);
        const second = await now(a);
        await moveTo(a, second + 90n * DAY);
        await payAll(a);
        const est = await recognisedAttack(a, a.member("EST"), { coercer: "RUS", startedAt: second + 90n * DAY });
        expect((await books(a, est.attackId)).committed).to.equal(MOST);
      });
    });

    describe("given the limit of a year of cover", () => {
      it("commits what is left of it to the second attack, and nothing to the third", async () => {
        const a = await loadFixture(limited);
        const year = a.genesis + 180n * DAY;
        const committed = [];
        for (const coercer of ["CHN", "RUS", "IRN"]) {
          const { attackId } = await recognisedAttack(a, a.ltu, { coercer });
          committed.push((await books(a, attackId)).committed);
        }
        expect(committed, "3").to.deep.equal([MOST, 100n * MILLION - MOST, 0n]);
        expect(await a.register.usedOf(a.ltu.code, year), "3").to.equal(100n * MILLION);
      });

      it("leaves other members' limits alone", async () => {
        const a = await loadFixture(limited);
        await recognisedAttack(a, a.ltu);
        const { attackId } = await recognisedAttack(a, a.member("EST"));
        expect((await books(a, attackId)).committed).to.equal(MOST);
      });

      it("gives back what a closed attack did not use", async () => {
        const a = await loadFixture(limited);
        const year = a.genesis + 180n * DAY;
        const first = await recognisedAttack(a, a.ltu);
        await finish(a, first.attackId, a.ltu, 0n);
        // The advance was awarded, and charged: it stays used.
        expect(await a.register.usedOf(a.ltu.code, year)).to.equal(MOST / 10n);
        const second = await recognisedAttack(a, a.ltu, { coercer: "RUS" });
        expect((await books(a, second.attackId)).committed).to.equal(MOST);
        const third = await recognisedAttack(a, a.ltu, { coercer: "IRN" });
        expect((await books(a, third.attackId)).committed).to.equal(100n * MILLION - MOST - MOST / 10n);
      });

      it("gives an attack that begins in the next year of cover a limit of its own", async () => {
        const a = await loadFixture(limited);
        const nextYear = a.genesis + 180n * DAY + YEAR;
        const last = await recognisedAttack(a, a.ltu);
        await moveTo(a, nextYear - 20n * DAY);
        await payAll(a);
        await a.registry.connect(a.ltu.delegate).fileReport(a.ltu.code, hash("report"), "ipfs://report");
        await moveTo(a, nextYear);
        await payAll(a);
        const before = await recognisedAttack(a, a.ltu, { coercer: "RUS", startedAt: nextYear - 1n });
        const after = await recognisedAttack(a, a.ltu, { coercer: "IRN", startedAt: nextYear });
        expect((await a.register.attack(before.attackId)).coverYear).to.equal(nextYear - YEAR);
        expect((await a.register.attack(after.attackId)).coverYear).to.equal(nextYear);
        expect((await books(a, before.attackId)).committed).to.equal(100n * MILLION - MOST);
        expect((await books(a, after.attackId)).committed).to.equal(MOST);
        expect(await a.register.usedOf(a.ltu.code, nextYear)).to.equal(MOST);
        expect((await books(a, last.attackId)).committed).to.equal(MOST);
      });
    });

    it("never awards more than is committed, with the whole earmarked", async () => {
      const a = await loadFixture(capped);
      const ltu = a.member("LTU");
      await a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { share: PPM })));
      await voteThrough(a, 1n);
      await reportLosses(a, 1n, 12, 2_000n * MILLION);
      const { awarded, committed, commitment, cap } = await books(a, 1n);
      expect([awarded, commitment, committed], "3").to.deep.equal([cap, 0n, cap]);
      const { owedToIt, held } = await a.fund.earmarkOf(1n);
      expect(owedToIt + held).to.equal(awarded);
    });
  });
});
