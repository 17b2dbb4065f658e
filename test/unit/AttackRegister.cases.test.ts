import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import {
  CaseStatus,
  DAY,
  Measure,
  ProposalState,
  Status,
  Support,
  asTimelock,
  code,
  fileAttack,
  hash,
  recognisedAttack,
  voteThrough,
} from "../support/alliance.ts";
import { Decision, coveredAlliance, filing, voteAll, voteDown } from "../support/attacks.ts";
import { at, moveTo, now } from "../support/chain.ts";
import { secondCouncil } from "../support/council.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;
const covered = () => coveredAlliance(connection);

describe("AttackRegister", () => {
  describe("notifyThreat", () => {
    const threat = [code("LTU"), code("CHN"), hash("threat"), "ipfs://threat"] as const;

    it("records an early warning, however short the address of its evidence is", async () => {
      const a = await loadFixture(covered);
      for (const sender of [a.member("LTU").delegate, a.member("LTU").treasury]) {
        await expect(a.register.connect(sender).notifyThreat(...threat))
          .to.emit(a.register, "ThreatNotified")
          .withArgs(...threat);
      }
      const [member, coercer, evidence] = threat;
      await a.register.connect(a.member("LTU").delegate).notifyThreat(member, coercer, evidence, "/");
      expect(await a.register.attackCount()).to.equal(0n);
    });

    it("refuses a stranger, a suspended member, a member as coercer and missing evidence", async () => {
      const a = await loadFixture(covered);
      const { delegate } = a.member("LTU");
      await expect(a.register.connect(a.stranger).notifyThreat(...threat))
        .to.be.revertedWithCustomError(a.register, "AttackUnauthorized")
        .withArgs(code("LTU"), a.stranger.address);
      await expect(a.register.connect(delegate).notifyThreat(code("LTU"), code("EST"), hash("threat"), "ipfs://threat"))
        .to.be.revertedWithCustomError(a.register, "AttackInvalidCoercer")
        .withArgs(code("EST"));
      await expect(
        a.register.connect(delegate).notifyThreat(code("LTU"), code("CHN"), ZeroHash, "ipfs://threat"),
      ).to.be.revertedWithCustomError(a.register, "AttackNoEvidence");
      await expect(
        a.register.connect(delegate).notifyThreat(code("LTU"), code("CHN"), hash("threat"), ""),
      ).to.be.revertedWithCustomError(a.register, "AttackNoEvidence");
      await asTimelock(a, (t) => a.registry.connect(t).suspend(code("LTU")));
      await expect(a.register.connect(delegate).notifyThreat(...threat))
        .to.be.revertedWithCustomError(a.registry, "MemberWrongStatus")
        .withArgs(code("LTU"), Status.Suspended);
    });
  });

  describe("addMeasure", () => {
    it("adds to a case under vote and to a recognised one, with no new vote", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      const { attackId, proposalId } = await fileAttack(a, ltu);
      await expect(
        a.register
          .connect(ltu.treasury)
          .addMeasure(attackId, Measure.CustomsDelisting, hash("delisting"), "ipfs://delisting"),
      )
        .to.emit(a.register, "MeasureAdded")
        .withArgs(attackId, Measure.CustomsDelisting, hash("delisting"), "ipfs://delisting");
      await voteThrough(a, proposalId);
      await a.register.connect(ltu.delegate).addMeasure(attackId, Measure.Other, hash("more"), "ipfs://more");
      expect(await a.council.latestProposalId()).to.equal(proposalId);
      expect(await a.register.attackCount()).to.equal(1n);
    });

    it("refuses a stranger, a case that does not exist, and one that is not open", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      const { attackId, proposalId } = await fileAttack(a, ltu);
      const add = (sender = ltu.delegate, id = attackId, evidence = hash("further"), uri = "ipfs://further") =>
        a.register.connect(sender).addMeasure(id, Measure.Other, evidence, uri);
      await expect(add(a.stranger))
        .to.be.revertedWithCustomError(a.register, "AttackUnauthorized")
        .withArgs(ltu.code, a.stranger.address);
      await expect(add(ltu.delegate, 2n))
        .to.be.revertedWithCustomError(a.register, "AttackUnauthorized")
        .withArgs("0x000000", ltu.delegate.address);
      await voteDown(a, proposalId);
      await expect(add())
        .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
        .withArgs(attackId, CaseStatus.Rejected);
    });

    it("refuses evidence that is missing or was used, also by an earlier measure, and a suspended member", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      const evidence = hash("filed with");
      await a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { evidence })));
      const add = (hashed: string, uri = "ipfs://x") =>
        a.register.connect(ltu.delegate).addMeasure(1n, Measure.Other, hashed, uri);
      await expect(add(evidence))
        .to.be.revertedWithCustomError(a.register, "AttackEvidenceUsed")
        .withArgs(ltu.code, evidence);
      await expect(add(ZeroHash)).to.be.revertedWithCustomError(a.register, "AttackNoEvidence");
      await expect(add(hash("new"), "")).to.be.revertedWithCustomError(a.register, "AttackNoEvidence");
      await add(hash("new"));
      await expect(add(hash("new")))
        .to.be.revertedWithCustomError(a.register, "AttackEvidenceUsed")
        .withArgs(ltu.code, hash("new"));
      await asTimelock(a, (t) => a.registry.connect(t).suspend(ltu.code));
      await expect(add(hash("newer")))
        .to.be.revertedWithCustomError(a.registry, "MemberWrongStatus")
        .withArgs(ltu.code, Status.Suspended);
    });
  });

  describe("revoke", () => {
    it("takes a case back before it is decided and cancels the vote, through the register", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      const { attackId, proposalId } = await fileAttack(a, ltu);
      const sent = await a.register.connect(ltu.treasury).revoke(attackId);
      await expect(sent).to.emit(a.register, "Revoked").withArgs(attackId);
      await expect(sent).to.emit(a.registry, "CaseClosed").withArgs(ltu.code, 0n);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Canceled);
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Revoked);
      expect(await a.register.openAttack(ltu.code, code("CHN"))).to.equal(0n);
      expect((await a.register.attack(attackId)).decision).to.equal(Decision.Revoked);
    });

    it("frees the pair at once, for a case with new evidence", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      const evidence = hash("revoked with");
      await a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { evidence })));
      await a.register.connect(ltu.delegate).revoke(1n);
      await expect(a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { evidence }))))
        .to.be.revertedWithCustomError(a.register, "AttackEvidenceUsed")
        .withArgs(ltu.code, evidence);
      await fileAttack(a, ltu);
      expect((await a.registry.member(ltu.code)).openCases).to.equal(1n);
    });

    it("refuses others, and a case that is decided, failed, revoked or unknown", async () => {
      const a = await loadFixture(covered);
      const [ltu, est] = [a.member("LTU"), a.member("EST")];
      const { attackId, proposalId } = await fileAttack(a, ltu);
      await expect(a.register.connect(est.delegate).revoke(attackId))
        .to.be.revertedWithCustomError(a.register, "AttackUnauthorized")
        .withArgs(ltu.code, est.delegate.address);
      await expect(a.register.connect(ltu.delegate).revoke(9n))
        .to.be.revertedWithCustomError(a.register, "AttackUnauthorized")
        .withArgs("0x000000", ltu.delegate.address);
      await voteThrough(a, proposalId);
      await expect(a.register.connect(ltu.delegate).revoke(attackId))
        .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
        .withArgs(attackId, CaseStatus.Recognised);
      const second = await fileAttack(a, est);
      await voteDown(a, second.proposalId);
      await expect(a.register.connect(est.delegate).revoke(second.attackId))
        .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
        .withArgs(second.attackId, CaseStatus.Rejected);
      const third = await fileAttack(a, est, { coercer: "RUS" });
      await a.register.connect(est.delegate).revoke(third.attackId);
      await expect(a.register.connect(est.delegate).revoke(third.attackId))
        .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
        .withArgs(third.attackId, CaseStatus.Revoked);
    });
  });

  describe("file, given an earlier case whose vote failed", () => {
    const DELAY = 30n * DAY;

    it("takes it 30 days after an early defeat, and refuses it a second before", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      const { attackId, proposalId } = await fileAttack(a, ltu);
      await voteDown(a, proposalId);
      const failedAt = await now(a);
      const args = await filing(a, ltu, { startedAt: failedAt });
      await at(a, failedAt + DELAY - 1n);
      await expect(a.register.connect(ltu.delegate).file(...args))
        .to.be.revertedWithCustomError(a.register, "AttackTooSoon")
        .withArgs(attackId, failedAt + DELAY);
      await at(a, failedAt + DELAY);
      const sent = await a.register.connect(ltu.delegate).file(...args);
      await expect(sent).to.emit(a.register, "Dropped").withArgs(attackId, CaseStatus.Rejected);
      expect((await a.registry.member(ltu.code)).openCases).to.equal(1n);
      expect((await a.register.attack(2n)).succession).to.equal(0n);
    });

    it("counts from the deadline of a vote that nobody decided, also when the case was put away", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      const { attackId, proposalId } = await fileAttack(a, ltu);
      const deadline = await a.council.proposalDeadline(proposalId);
      expect(deadline - (await a.register.attack(attackId)).filedAt).to.equal(5n * DAY);
      await moveTo(a, deadline + 1n);
      await a.register.connect(a.stranger).close(attackId);
      const args = await filing(a, ltu, { startedAt: deadline });
      await at(a, deadline + DELAY - 1n);
      await expect(a.register.connect(ltu.delegate).file(...args))
        .to.be.revertedWithCustomError(a.register, "AttackTooSoon")
        .withArgs(attackId, deadline + DELAY);
      await at(a, deadline + DELAY);
      await a.register.connect(ltu.delegate).file(...args);
      expect((await a.registry.member(ltu.code)).openCases).to.equal(1n);
    });

    it("needs new evidence", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      const evidence = hash("rejected with");
      await a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { evidence })));
      await voteDown(a, 1n);
      await moveTo(a, (await now(a)) + DELAY);
      await expect(a.register.connect(ltu.delegate).file(...(await filing(a, ltu, { evidence }))))
        .to.be.revertedWithCustomError(a.register, "AttackEvidenceUsed")
        .withArgs(ltu.code, evidence);
    });
  });

  describe("close, given a case that was not recognised", () => {
    it("puts a rejected case away, by anyone, once", async () => {
      const a = await loadFixture(covered);
      const { attackId, proposalId } = await fileAttack(a, a.member("LTU"));
      await expect(a.register.connect(a.stranger).close(attackId))
        .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
        .withArgs(attackId, CaseStatus.Voting);
      await voteDown(a, proposalId);
      const sent = await a.register.connect(a.stranger).close(attackId);
      await expect(sent).to.emit(a.register, "Dropped").withArgs(attackId, CaseStatus.Rejected);
      await expect(sent).to.emit(a.registry, "CaseClosed").withArgs(code("LTU"), 0n);
      await expect(a.register.close(attackId))
        .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
        .withArgs(attackId, CaseStatus.Rejected);
    });

    it("puts away a case that fell with its member's suspension, and no vote brings it back", async () => {
      const a = await loadFixture(covered);
      const { attackId, proposalId } = await fileAttack(a, a.member("LTU"));
      await asTimelock(a, (t) => a.registry.connect(t).suspend(code("LTU")));
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Fallen);
      await asTimelock(a, (t) => a.registry.connect(t).reinstate(code("LTU")));
      await voteAll(a, proposalId, Support.For);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Succeeded);
      await expect(a.council["execute(uint256)"](proposalId))
        .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
        .withArgs(attackId, CaseStatus.Fallen);
      await expect(a.register.connect(a.stranger).close(attackId))
        .to.emit(a.register, "Dropped")
        .withArgs(attackId, CaseStatus.Fallen);
      expect((await a.registry.member(code("LTU"))).openCases).to.equal(0n);
    });

    it("lets a case that fell be filed again at once", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      const { attackId } = await fileAttack(a, ltu);
      await asTimelock(a, (t) => a.registry.connect(t).suspend(ltu.code));
      await asTimelock(a, (t) => a.registry.connect(t).reinstate(ltu.code));
      await expect(a.register.connect(ltu.delegate).file(...(await filing(a, ltu))))
        .to.emit(a.register, "Dropped")
        .withArgs(attackId, CaseStatus.Fallen);
      expect(await a.register.openAttack(ltu.code, code("CHN"))).to.equal(2n);
      expect((await a.registry.member(ltu.code)).openCases).to.equal(1n);
    });
  });

  describe("appointCouncil", () => {
    it("makes the undecided cases of the council before fall, and leaves the recognised", async () => {
      const a = await loadFixture(covered);
      const [ltu, est] = [a.member("LTU"), a.member("EST")];
      const recognised = await recognisedAttack(a, est);
      const { attackId, proposalId } = await fileAttack(a, ltu);
      const next = await secondCouncil(a);
      await expect(asTimelock(a, async (t) => a.register.connect(t).appointCouncil(await next.getAddress())))
        .to.emit(a.register, "CouncilAppointed")
        .withArgs(await next.getAddress(), 2n);
      expect(await a.register.council()).to.equal(await next.getAddress());
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Fallen);
      expect(await a.register.statusOf(recognised.attackId)).to.equal(CaseStatus.Recognised);
      await voteAll(a, proposalId, Support.For);
      await expect(a.council["execute(uint256)"](proposalId))
        .to.be.revertedWithCustomError(a.register, "AttackNotCouncil")
        .withArgs(await a.council.getAddress());
      await a.register.connect(a.stranger).close(attackId);
      await a.register.connect(ltu.delegate).file(...(await filing(a, ltu)));
      expect((await a.register.attack(3n)).councilNumber).to.equal(2n);
      expect(await a.register.statusOf(3n)).to.equal(CaseStatus.Voting);
    });

    it("refuses others and what is no contract", async () => {
      const a = await loadFixture(covered);
      await expect(a.register.connect(a.stranger).appointCouncil(await a.council.getAddress()))
        .to.be.revertedWithCustomError(a.register, "AccessControlUnauthorizedAccount")
        .withArgs(a.stranger.address, ZeroHash);
      await asTimelock(a, (t) =>
        expect(a.register.connect(t).appointCouncil(a.stranger.address))
          .to.be.revertedWithCustomError(a.register, "AttackNotAContract")
          .withArgs(a.stranger.address),
      );
    });
  });

  describe("appointPanel", () => {
    it("names the panel that may settle", async () => {
      const a = await loadFixture(covered);
      const other = await a.ethers.deployContract("LossPanel", [
        await a.timelock.getAddress(),
        await a.registry.getAddress(),
        await a.register.getAddress(),
      ]);
      await expect(asTimelock(a, async (t) => a.register.connect(t).appointPanel(await other.getAddress())))
        .to.emit(a.register, "PanelAppointed")
        .withArgs(await other.getAddress());
      expect(await a.register.panel()).to.equal(await other.getAddress());
    });

    it("refuses others and what is no contract", async () => {
      const a = await loadFixture(covered);
      await expect(a.register.connect(a.stranger).appointPanel(await a.panel.getAddress()))
        .to.be.revertedWithCustomError(a.register, "AccessControlUnauthorizedAccount")
        .withArgs(a.stranger.address, ZeroHash);
      await asTimelock(a, (t) =>
        expect(a.register.connect(t).appointPanel(a.stranger.address))
          .to.be.revertedWithCustomError(a.register, "AttackNotAContract")
          .withArgs(a.stranger.address),
      );
    });
  });
});
