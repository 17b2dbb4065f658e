import { expect } from "chai";
import { ethers as ethersLib } from "ethers";
import { network } from "hardhat";

import { DAY, MILLION, UNIT, asTimelock, code, recognisedAttack } from "../support/alliance.ts";
import { coveredAlliance, finish, reportLosses } from "../support/attacks.ts";
import { expectConserved } from "../support/books.ts";
import { moveTo } from "../support/chain.ts";
import { LONGEST, RETURN_DELAY, SHORTEST, earmarkedFund, fourPeople, open, treeOf } from "../support/compensation.ts";
import { STOP, award, earmark, receivedBy, revokeModule, voidAward } from "../support/fund.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");
const ROOT = ethersLib.id("root");
const EARMARK = 30_000_060n; // a third of 90 units, and a little

async function earmarked() {
  return await earmarkedFund(connection);
}

/** A campaign of ten units for four people, 90 days long. */
async function opened() {
  const f = await earmarked();
  const tree = await treeOf(f, 101n, 1n, fourPeople(f));
  const deadline = await open(f, "LTU", tree);
  return { ...f, tree, deadline, ltu: f.member("LTU") };
}

/** A closed attack of which half of every award was earmarked. */
async function closed() {
  const a = await coveredAlliance(connection);
  const ltu = a.member("LTU");
  const { attackId, startedAt } = await recognisedAttack(a, ltu, { share: 500_000 });
  await reportLosses(a, attackId, 1, 12n * MILLION);
  await moveTo(a, startedAt + 35n * DAY);
  await finish(a, attackId, ltu, 20n * MILLION);
  const { held } = await earmark(a, attackId);
  return { ...a, ltu, attackId, held, closedAt: BigInt(await a.time.latest()) };
}

describe("CompensationDistributor", () => {
  describe("open", () => {
    it("keeps a part of the earmark for a tree, and says where the proofs are", async () => {
      const f = await loadFixture(earmarked);
      const deadline = BigInt(await f.time.latest()) + 100n * DAY;
      const id = (101n << 32n) + 1n;
      expect(await f.distributor.campaignIdOf(101n, 1n)).to.equal(id);
      await expect(
        f.distributor.connect(f.member("LTU").treasury).open(101n, 1n, ROOT, 10n * UNIT, deadline, "ipfs://proofs"),
      )
        .to.emit(f.distributor, "CampaignOpened")
        .withArgs(id, 101n, LTU, ROOT, 10n * UNIT, deadline, "ipfs://proofs");
      const campaign = await f.distributor.campaign(id);
      expect([...campaign]).to.deep.equal([ROOT, 10n * UNIT, 0n, deadline, 0n, false]);
      expect(await f.distributor.deadlineOf(id)).to.equal(deadline);
      expect(await f.distributor.reserved(101n)).to.equal(10n * UNIT);
      expect(await f.distributor.campaignCount(101n)).to.equal(1n);
      expect(await f.fund.earmarked()).to.equal(EARMARK);
    });

    it("takes a deadline of exactly 90 and of exactly 730 days, and refuses a second less and more", async () => {
      const f = await loadFixture(earmarked);
      const { treasury } = f.member("LTU");
      let number = 0n;
      for (const [lasting, allowed] of [
        [SHORTEST - 1n, false],
        [SHORTEST, true],
        [LONGEST, true],
        [LONGEST + 1n, false],
      ] as const) {
        const at = BigInt(await f.time.latest()) + 10n;
        await f.time.setNextBlockTimestamp(at);
        const opening = f.distributor.connect(treasury).open(101n, number + 1n, ROOT, UNIT, at + lasting, "");
        if (allowed) {
          await opening;
          ++number;
        } else {
          await expect(opening)
            .to.be.revertedWithCustomError(f.distributor, "CompensationBadDeadline")
            .withArgs(at + lasting, at + SHORTEST, at + LONGEST);
        }
      }
      expect(await f.distributor.campaignCount(101n)).to.equal(2n);
    });

    it("lets several campaigns share an earmark, up to what it holds", async () => {
      const f = await loadFixture(opened);
      const deadline = BigInt(await f.time.latest()) + 100n * DAY;
      const free = EARMARK - 10n * UNIT;
      const second = f.distributor.connect(f.ltu.treasury);
      await expect(second.open(101n, 2n, ROOT, free + 1n, deadline, ""))
        .to.be.revertedWithCustomError(f.distributor, "CompensationBeyondEarmark")
        .withArgs(101n, free + 1n, free);
      await second.open(101n, 2n, ROOT, free, deadline, "");
      expect(await f.distributor.reserved(101n)).to.equal(EARMARK);
      await expect(second.open(101n, 3n, ROOT, 1n, deadline, ""))
        .to.be.revertedWithCustomError(f.distributor, "CompensationBeyondEarmark")
        .withArgs(101n, 1n, 0n);
    });

    it("refuses all but the treasury of the attacked member, and an attack that nobody knows", async () => {
      const f = await loadFixture(earmarked);
      const deadline = BigInt(await f.time.latest()) + 100n * DAY;
      for (const caller of [f.member("LTU").delegate, f.member("EST").treasury, f.stranger, f.deployer]) {
        await expect(f.distributor.connect(caller).open(101n, 1n, ROOT, UNIT, deadline, ""))
          .to.be.revertedWithCustomError(f.distributor, "CompensationUnauthorized")
          .withArgs(101n, caller.address);
      }
      const { treasury } = f.member("LTU");
      await expect(f.distributor.connect(treasury).open(102n, 1n, ROOT, UNIT, deadline, ""))
        .to.be.revertedWithCustomError(f.distributor, "CompensationUnauthorized")
        .withArgs(102n, treasury.address);
    });

    it("refuses a treasury whose keys the council is recovering", async () => {
      const f = await loadFixture(earmarked);
      const { treasury } = f.member("LTU");
      await asTimelock(f, (t) => f.registry.connect(t).recoverKeys(LTU, f.spare(20).address, ethersLib.ZeroAddress));
      const deadline = BigInt(await f.time.latest()) + 100n * DAY;
      await expect(f.distributor.connect(treasury).open(101n, 1n, ROOT, UNIT, deadline, ""))
        .to.be.revertedWithCustomError(f.distributor, "CompensationUnauthorized")
        .withArgs(101n, treasury.address);
    });

    it("refuses a number that is not the next, no root and no total", async () => {
      const f = await loadFixture(earmarked);
      const deadline = BigInt(await f.time.latest()) + 100n * DAY;
      const distributor = f.distributor.connect(f.member("LTU").treasury);
      for (const number of [0n, 2n]) {
        await expect(distributor.open(101n, number, ROOT, UNIT, deadline, ""))
          .to.be.revertedWithCustomError(f.distributor, "CompensationWrongNumber")
          .withArgs(101n, number, 1n);
      }
      await expect(distributor.open(101n, 1n, ethersLib.ZeroHash, UNIT, deadline, "")).to.be.revertedWithCustomError(
        f.distributor,
        "CompensationEmpty",
      );
      await expect(distributor.open(101n, 1n, ROOT, 0n, deadline, "")).to.be.revertedWithCustomError(
        f.distributor,
        "CompensationEmpty",
      );
    });
  });

  describe("returnUnclaimed", () => {
    it("gives the member what a campaign has not paid, from the second after its deadline, sent by anyone", async () => {
      const f = await loadFixture(opened);
      const { campaignId, claims } = f.tree;
      await f.distributor.claim(claims[3]!);
      const before = await receivedBy(f, f.ltu);
      const distributor = f.distributor.connect(f.stranger);
      await f.time.setNextBlockTimestamp(f.deadline);
      await expect(distributor.returnUnclaimed(campaignId))
        .to.be.revertedWithCustomError(f.distributor, "CompensationNotOver")
        .withArgs(campaignId, f.deadline);
      await f.time.setNextBlockTimestamp(f.deadline + 1n);
      await expect(distributor.returnUnclaimed(campaignId))
        .to.emit(f.distributor, "UnclaimedReturned")
        .withArgs(campaignId, 101n, 6n * UNIT);
      expect((await receivedBy(f, f.ltu)) - before).to.equal(6n * UNIT);
      expect(await f.distributor.reserved(101n)).to.equal(0n);
      expect(await earmark(f, 101n)).to.deep.equal({ owed: 0n, held: EARMARK - 10n * UNIT });
      await expectConserved(f.fund, f.token);
    });

    it("gives back the last base unit", async () => {
      const f = await loadFixture(opened);
      const tree = await treeOf(f, 101n, 2n, [{ account: f.stranger.address, amount: UNIT }]);
      const deadline = await open(f, "LTU", tree, { total: UNIT + 1n });
      await f.distributor.claim(tree.claims[0]!);
      await f.time.increaseTo(deadline + 1n);
      await expect(f.distributor.returnUnclaimed(tree.campaignId))
        .to.emit(f.distributor, "UnclaimedReturned")
        .withArgs(tree.campaignId, 101n, 1n);
    });

    it("does so once, and not if all was claimed", async () => {
      const f = await loadFixture(opened);
      const { campaignId } = f.tree;
      const other = await treeOf(f, 101n, 2n, [{ account: f.stranger.address, amount: UNIT }]);
      const deadline = await open(f, "LTU", other);
      await f.distributor.claim(other.claims[0]!);
      await f.time.increaseTo(deadline + 1n);
      await f.distributor.returnUnclaimed(campaignId);
      for (const id of [campaignId, other.campaignId]) {
        await expect(f.distributor.returnUnclaimed(id))
          .to.be.revertedWithCustomError(f.distributor, "CompensationNothingToReturn")
          .withArgs(101n);
      }
    });

    it("refuses a campaign that nobody opened", async () => {
      const f = await loadFixture(opened);
      await expect(f.distributor.returnUnclaimed(7n))
        .to.be.revertedWithCustomError(f.distributor, "CompensationUnknownCampaign")
        .withArgs(7n);
      await expect(f.distributor.deadlineOf(7n))
        .to.be.revertedWithCustomError(f.distributor, "CompensationUnknownCampaign")
        .withArgs(7n);
    });

    it("waits longer by as long as transfers were stopped", async () => {
      const f = await loadFixture(opened);
      await f.fund.connect(f.guardian).stopTransfers();
      await f.time.increase(STOP + DAY);
      expect(await f.distributor.deadlineOf(f.tree.campaignId)).to.equal(f.deadline + STOP);
      await f.time.setNextBlockTimestamp(f.deadline + STOP);
      await expect(f.distributor.returnUnclaimed(f.tree.campaignId))
        .to.be.revertedWithCustomError(f.distributor, "CompensationNotOver")
        .withArgs(f.tree.campaignId, f.deadline + STOP);
      await f.time.setNextBlockTimestamp(f.deadline + STOP + 1n);
      await f.distributor.returnUnclaimed(f.tree.campaignId);
    });

    it("is not put off by a stop before the campaign or after its deadline", async () => {
      const f = await loadFixture(earmarked);
      await f.fund.connect(f.guardian).stopTransfers();
      await f.time.increase(STOP);
      const tree = await treeOf(f, 101n, 1n, fourPeople(f));
      const deadline = await open(f, "LTU", tree);
      expect(await f.distributor.deadlineOf(tree.campaignId)).to.equal(deadline);
      await f.time.increaseTo(deadline + 1n);
      await asTimelock(f, (t) => f.fund.connect(t).arm());
      await f.fund.connect(f.guardian).stopTransfers();
      await f.time.increase(5n * DAY);
      await f.distributor.returnUnclaimed(tree.campaignId);
      expect((await f.fund.balanceOf(LTU)).collectable).to.equal(10n * UNIT);
    });

    describe("given an award that the council has voided", () => {
      it("gives back what is there, and frees the rest", async () => {
        const f = await loadFixture(opened);
        await award(f, 101n, 12n * UNIT);
        await revokeModule(f, f.module.address);
        await voidAward(f, f.record);
        expect((await earmark(f, 101n)).held).to.equal(4_000_008n);
        await expect(f.distributor.claim(f.tree.claims[3]!)).to.emit(f.distributor, "Claimed");
        await expect(f.distributor.claim(f.tree.claims[2]!))
          .to.be.revertedWithCustomError(f.fund, "FundBeyondEarmark")
          .withArgs(101n, 3n * UNIT, 8n);
        await f.time.increaseTo(f.deadline + 1n);
        await expect(f.distributor.returnUnclaimed(f.tree.campaignId))
          .to.emit(f.distributor, "UnclaimedReturned")
          .withArgs(f.tree.campaignId, 101n, 8n);
        expect(await f.distributor.reserved(101n)).to.equal(0n);
        expect(await earmark(f, 101n)).to.deep.equal({ owed: 0n, held: 0n });
      });
    });
  });

  describe("returnUnassigned", () => {
    it("gives the member what no campaign holds, from 365 days after closing, sent by anyone", async () => {
      const a = await loadFixture(closed);
      const tree = await treeOf(a, a.attackId, 1n, fourPeople(a));
      await open(a, "LTU", tree, { lasting: LONGEST });
      const from = a.closedAt + RETURN_DELAY;
      expect(await a.register.closedAt(a.attackId)).to.equal(a.closedAt);
      const before = await receivedBy(a, a.ltu);
      const distributor = a.distributor.connect(a.stranger);
      await a.time.setNextBlockTimestamp(from - 1n);
      await expect(distributor.returnUnassigned(a.attackId))
        .to.be.revertedWithCustomError(a.distributor, "CompensationTooEarly")
        .withArgs(a.attackId, from);
      await a.time.setNextBlockTimestamp(from);
      await expect(distributor.returnUnassigned(a.attackId))
        .to.emit(a.distributor, "UnassignedReturned")
        .withArgs(a.attackId, a.held - tree.total);
      expect((await receivedBy(a, a.ltu)) - before).to.equal(a.held - tree.total);
      expect(await earmark(a, a.attackId)).to.deep.equal({ owed: 0n, held: tree.total });
      await a.distributor.claim(tree.claims[0]!);
      await expect(distributor.returnUnassigned(a.attackId))
        .to.be.revertedWithCustomError(a.distributor, "CompensationNothingToReturn")
        .withArgs(a.attackId);
      await expectConserved(a.fund, a.token);
    });

    it("gives the last base unit", async () => {
      const a = await loadFixture(closed);
      const tree = await treeOf(a, a.attackId, 1n, fourPeople(a));
      await open(a, "LTU", tree, { lasting: LONGEST, total: a.held - 1n });
      await a.time.increaseTo(a.closedAt + RETURN_DELAY);
      await expect(a.distributor.returnUnassigned(a.attackId))
        .to.emit(a.distributor, "UnassignedReturned")
        .withArgs(a.attackId, 1n);
    });

    it("refuses an attack that is not closed, however old", async () => {
      const f = await loadFixture(opened);
      await f.time.increase(3n * RETURN_DELAY);
      await expect(f.distributor.returnUnassigned(101n))
        .to.be.revertedWithCustomError(f.distributor, "CompensationTooEarly")
        .withArgs(101n, 0n);
    });
  });
});
