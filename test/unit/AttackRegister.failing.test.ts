import { expect } from "chai";
import { network } from "hardhat";

import { CaseStatus, asTimelock, code, fileAttack } from "../support/alliance.ts";
import type { Alliance } from "../support/alliance.ts";
import { coveredAlliance, filing, voteDown } from "../support/attacks.ts";
import { at, moveTo } from "../support/chain.ts";
import { secondCouncil } from "../support/council.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

/** An attack on Lithuania whose vote is open, and another council that could be appointed. */
async function undecided() {
  const a = await coveredAlliance(connection);
  const next = await (await secondCouncil(a)).getAddress();
  const { attackId, proposalId } = await fileAttack(a, a.member("LTU"));
  return { ...a, attackId, proposalId, next, deadline: await a.council.proposalDeadline(proposalId) };
}

async function suspend(a: Alliance): Promise<void> {
  await asTimelock(a, (timelock) => a.registry.connect(timelock).suspend(code("LTU")));
}

async function replaceCouncil(a: Alliance & { next: string }): Promise<void> {
  await asTimelock(a, (timelock) => a.register.connect(timelock).appointCouncil(a.next));
}

describe("AttackRegister: how a case failed that was not recognised", () => {
  describe("given a vote that fails and a member that is suspended", () => {
    it("is what came first: the vote", async () => {
      const a = await loadFixture(undecided);
      await voteDown(a, a.proposalId);
      await suspend(a);
      expect(await a.register.statusOf(a.attackId)).to.equal(CaseStatus.Rejected);
    });

    it("is what came first: the suspension, after which a case can be filed again at once", async () => {
      const a = await loadFixture(undecided);
      const ltu = a.member("LTU");
      await suspend(a);
      await voteDown(a, a.proposalId);
      expect(await a.register.statusOf(a.attackId)).to.equal(CaseStatus.Fallen);
      await asTimelock(a, (timelock) => a.registry.connect(timelock).reinstate(ltu.code));
      await expect(a.register.connect(ltu.delegate).file(...(await filing(a, ltu))))
        .to.emit(a.register, "Dropped")
        .withArgs(a.attackId, CaseStatus.Fallen);
    });

    it("is the suspension in the last second of the vote, and the vote's failure a second later", async () => {
      const a = await loadFixture(undecided);
      await at(a, a.deadline);
      await suspend(a);
      await moveTo(a, a.deadline + 1n);
      expect(await a.register.statusOf(a.attackId)).to.equal(CaseStatus.Fallen);

      const b = await loadFixture(undecided);
      await at(b, b.deadline + 1n);
      await suspend(b);
      expect(await b.register.statusOf(b.attackId)).to.equal(CaseStatus.Rejected);
    });
  });

  describe("given a council that is replaced besides", () => {
    it("has fallen with a suspension before the vote failed, whenever the council was replaced", async () => {
      const a = await loadFixture(undecided);
      await suspend(a);
      await voteDown(a, a.proposalId);
      await replaceCouncil(a);
      expect(await a.register.statusOf(a.attackId)).to.equal(CaseStatus.Fallen);
    });

    it("has fallen with the council before the vote failed, whenever the member was suspended", async () => {
      const a = await loadFixture(undecided);
      await replaceCouncil(a);
      await voteDown(a, a.proposalId);
      await suspend(a);
      expect(await a.register.statusOf(a.attackId)).to.equal(CaseStatus.Fallen);
    });

    it("was rejected by a vote that failed before both", async () => {
      const a = await loadFixture(undecided);
      await voteDown(a, a.proposalId);
      await replaceCouncil(a);
      await suspend(a);
      expect(await a.register.statusOf(a.attackId)).to.equal(CaseStatus.Rejected);
    });
  });
});
