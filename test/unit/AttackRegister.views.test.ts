import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";

import { CaseStatus, DAY, MILLION, Support, code, fileAttack } from "../support/alliance.ts";
import { ROUND, WINDOW, grantMarket, recognisedCase, reportLosses, voteAll } from "../support/attacks.ts";
import { at, moveTo, now } from "../support/chain.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const recognised = () => recognisedCase(connection);

describe("AttackRegister", () => {
  describe("attack and statusOf", () => {
    it("know nothing of a case that was never filed", async () => {
      const a = await loadFixture(recognised);
      expect((await a.register.attack(9n)).member).to.equal("0x000000");
      expect(await a.register.statusOf(9n)).to.equal(CaseStatus.None);
      expect(await a.register.statusOf(0n)).to.equal(CaseStatus.None);
    });

    it("follow the vote: pending, active, failed at the deadline and not before", async () => {
      const a = await loadFixture(recognised);
      const { attackId, proposalId } = await fileAttack(a, a.member("EST"));
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Voting);
      await voteAll(a, proposalId, Support.Abstain);
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Voting);
      const deadline = await a.council.proposalDeadline(proposalId);
      await moveTo(a, deadline);
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Voting);
      await moveTo(a, deadline + 1n);
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Rejected);
    });
  });

  describe("casesOf and openAttack", () => {
    it("name the last case of a pair, the last recognised one, and the open one", async () => {
      const a = await loadFixture(recognised);
      const [est, chn] = [a.member("EST"), code("CHN")];
      expect(await a.register.casesOf(a.ltu.code, chn)).to.deep.equal([1n, 1n]);
      expect(await a.register.casesOf(est.code, chn)).to.deep.equal([0n, 0n]);
      expect(await a.register.openAttack(est.code, chn)).to.equal(0n);
      const { attackId } = await fileAttack(a, est);
      expect(await a.register.casesOf(est.code, chn)).to.deep.equal([attackId, 0n]);
      expect(await a.register.openAttack(est.code, chn)).to.equal(attackId);
      await a.register.connect(est.delegate).revoke(attackId);
      expect(await a.register.casesOf(est.code, chn)).to.deep.equal([attackId, 0n]);
      expect(await a.register.openAttack(est.code, chn)).to.equal(0n);
      expect(await a.register.openAttack(a.ltu.code, chn)).to.equal(a.attackId);
      expect(await a.register.openAttack(a.ltu.code, code("RUS"))).to.equal(0n);
    });
  });

  describe("round and lastRound", () => {
    it("give the twelve rounds of thirty days with windows of ten", async () => {
      const a = await loadFixture(recognised);
      expect(await a.register.lastRound(a.attackId)).to.equal(12n);
      for (let number = 0n; number <= 13n; ++number) {
        const endsAt = a.startedAt + number * ROUND;
        expect([...(await a.register.round(a.attackId, number))]).to.deep.equal([
          endsAt,
          endsAt + WINDOW,
          code("CHN"),
          number >= 1n && number <= 12n,
        ]);
      }
    });

    it("shut what is settled and superseded, and everything when the case is closed", async () => {
      const a = await loadFixture(recognised);
      const open = async () => {
        const rounds = Array.from({ length: 12 }, (_, i) => a.register.round(a.attackId, i + 1));
        return (await Promise.all(rounds)).flatMap(({ open: isOpen }, i) => (isOpen ? [i + 1] : []));
      };
      await reportLosses(a, a.attackId, 2, 20n * MILLION);
      expect(await open()).to.deep.equal([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
      await a.register.connect(a.ltu.delegate).end(a.attackId);
      expect(await open()).to.deep.equal([3]);
      await reportLosses(a, a.attackId, 3, 20n * MILLION);
      await a.register.connect(a.ltu.delegate).close(a.attackId);
      expect(await open()).to.deep.equal([]);
    });
  });

  describe("boughtBy", () => {
    it("sums the purchases up to a time, those of its second included", async () => {
      const a = await loadFixture(recognised);
      await grantMarket(a, a.stranger.address);
      const from = (await now(a)) + DAY;
      for (const i of [0n, 1n, 2n]) {
        await at(a, from + i);
        await a.register.connect(a.stranger).recordPurchase(a.attackId, 3n + i);
      }
      const sums = [from - 1n, from, from + 1n, from + 2n, from + DAY].map((time) =>
        a.register.boughtBy(a.attackId, time),
      );
      expect(await Promise.all(sums)).to.deep.equal([0n, 3n, 7n, 12n, 12n]);
      expect(await a.register.boughtBy(9n, from)).to.equal(0n);
    });
  });

  describe("council and panel", () => {
    it("are those that the deployment named", async () => {
      const a = await loadFixture(recognised);
      expect(await a.register.council()).to.equal(await a.council.getAddress());
      expect(await a.register.panel()).to.equal(await a.panel.getAddress());
    });

    it("are nobody in a register of which none was named, and which goes on from the attacks before", async () => {
      const a = await loadFixture(recognised);
      const bare = await a.ethers.deployContract("AttackRegister", [
        await a.timelock.getAddress(),
        await a.registry.getAddress(),
        await a.fund.getAddress(),
        await a.ledger.getAddress(),
        await a.coverage.getAddress(),
        7n,
      ]);
      expect(await bare.council()).to.equal(ZeroAddress);
      expect(await bare.panel()).to.equal(ZeroAddress);
      expect(await bare.attackCount()).to.equal(7n);
    });
  });
});
