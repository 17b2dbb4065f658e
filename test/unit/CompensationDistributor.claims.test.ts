import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { ethers as ethersLib } from "ethers";
import { network } from "hardhat";

import { DAY, UNIT, asTimelock, code } from "../support/alliance.ts";
import { expectConserved } from "../support/books.ts";
import { Purpose, earmarkedFund, fourPeople, open, rootOf, treeOf } from "../support/compensation.ts";
import { Entry, Role, STOP, earmark, ref } from "../support/fund.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");

/** A campaign of ten units for four people, 90 days long. */
async function opened() {
  const f = await earmarkedFund(connection);
  const people = fourPeople(f);
  const tree = await treeOf(f, 101n, 1n, people);
  const deadline = await open(f, "LTU", tree);
  return { ...f, people, tree, deadline, distributor: f.distributor.connect(f.stranger) };
}

/** A campaign of sixty claims of a tenth of a unit. */
async function crowded() {
  const f = await earmarkedFund(connection);
  const people = Array.from({ length: 60 }, (_, i) => ({ account: f.spare(30 + i).address, amount: UNIT / 10n }));
  const tree = await treeOf(f, 101n, 1n, people);
  await open(f, "LTU", tree);
  return { ...f, tree, distributor: f.distributor.connect(f.stranger) };
}

describe("CompensationDistributor", () => {
  describe("claim", () => {
    it("pays the account of the leaf, whoever hands it in, and enters it in the journal", async () => {
      const f = await loadFixture(opened);
      const { campaignId, claims } = f.tree;
      const { account, amount } = f.people[0]!;
      const claiming = f.distributor.claim(claims[0]!);
      await expect(claiming)
        .to.emit(f.distributor, "Claimed")
        .withArgs(campaignId, 0n, account, amount, Purpose.Industry);
      await expect(claiming)
        .to.emit(f.fund, "Entry")
        .withArgs(anyValue, Entry.Compensation, LTU, account, amount, ref(101n), anyValue, anyValue);
      expect(await f.token.balanceOf(account)).to.equal(amount);
      expect(await f.distributor.isClaimed(campaignId, 0n)).to.equal(true);
      expect(await f.distributor.isClaimed(campaignId, 1n)).to.equal(false);
      expect((await f.distributor.campaign(campaignId)).claimed).to.equal(amount);
      expect(await f.distributor.reserved(101n)).to.equal(9n * UNIT);
    });

    it("pays every leaf of the tree, and nothing is left over", async () => {
      const f = await loadFixture(opened);
      for (const claim of f.tree.claims) await f.distributor.claim(claim);
      for (const { account, amount } of f.people) expect(await f.token.balanceOf(account)).to.equal(amount);
      expect(await f.distributor.reserved(101n)).to.equal(0n);
      await expectConserved(f.fund, f.token);
    });

    it("pays an index once", async () => {
      const f = await loadFixture(opened);
      await f.distributor.claim(f.tree.claims[2]!);
      await expect(f.distributor.claim(f.tree.claims[2]!))
        .to.be.revertedWithCustomError(f.distributor, "CompensationAlreadyClaimed")
        .withArgs(f.tree.campaignId, 2n);
    });

    it("takes a claim at the deadline and none a second later", async () => {
      const f = await loadFixture(opened);
      await f.time.setNextBlockTimestamp(f.deadline);
      await f.distributor.claim(f.tree.claims[0]!);
      await f.time.setNextBlockTimestamp(f.deadline + 1n);
      await expect(f.distributor.claim(f.tree.claims[1]!))
        .to.be.revertedWithCustomError(f.distributor, "CompensationTooLate")
        .withArgs(f.tree.campaignId, f.deadline);
    });

    it("waits while transfers are stopped, and takes claims that much longer", async () => {
      const f = await loadFixture(opened);
      await f.time.increaseTo(f.deadline - 10n * DAY);
      await f.fund.connect(f.guardian).stopTransfers();
      const until = await f.fund.stoppedUntil();
      await expect(f.distributor.claim(f.tree.claims[0]!))
        .to.be.revertedWithCustomError(f.fund, "FundTransfersStopped")
        .withArgs(until);
      await f.time.setNextBlockTimestamp(f.deadline + STOP);
      await f.distributor.claim(f.tree.claims[0]!);
      await expect(f.distributor.claim(f.tree.claims[1]!))
        .to.be.revertedWithCustomError(f.distributor, "CompensationTooLate")
        .withArgs(f.tree.campaignId, f.deadline + STOP);
    });

    it("pays a tree's leaves up to the total of the campaign", async () => {
      const f = await loadFixture(opened);
      const tree = await treeOf(f, 101n, 2n, f.people);
      await open(f, "LTU", tree, { total: 7n * UNIT });
      await f.distributor.claim(tree.claims[3]!);
      await f.distributor.claim(tree.claims[1]!);
      await expect(f.distributor.claim(tree.claims[2]!))
        .to.be.revertedWithCustomError(f.distributor, "CompensationBeyondTotal")
        .withArgs(tree.campaignId, 3n * UNIT, UNIT);
      await f.distributor.claim(tree.claims[0]!);
      expect((await f.distributor.campaign(tree.campaignId)).claimed).to.equal(7n * UNIT);
    });

    it("pays the only leaf of a tree, whose proof is empty", async () => {
      const f = await loadFixture(opened);
      const tree = await treeOf(f, 101n, 2n, [{ account: f.stranger.address, amount: UNIT }]);
      await open(f, "LTU", tree);
      expect(tree.claims[0]!.proof).to.deep.equal([]);
      expect(await f.distributor.leafOf(tree.claims[0]!)).to.equal(tree.root);
      await f.distributor.claim(tree.claims[0]!);
      expect(await f.token.balanceOf(f.stranger.address)).to.equal(UNIT);
    });

    it("takes a proof of 32 nodes and none longer, whatever it leads to", async () => {
      const f = await loadFixture(opened);
      const nodes = Array.from({ length: 33 }, (_, i) => ethersLib.id(`node ${i}`));
      const claimed = async (number: bigint, proof: string[]) => {
        const tree = await treeOf(f, 101n, number, [{ account: f.stranger.address, amount: UNIT }]);
        await open(f, "LTU", { ...tree, root: rootOf(tree.root, proof) });
        return { ...tree, claiming: f.distributor.claim({ ...tree.claims[0]!, proof }) };
      };
      await expect((await claimed(2n, nodes.slice(1))).claiming).to.emit(f.distributor, "Claimed");
      const { campaignId, claiming } = await claimed(3n, nodes);
      await expect(claiming)
        .to.be.revertedWithCustomError(f.distributor, "CompensationInvalidProof")
        .withArgs(campaignId, 0n);
    });

    it("goes on paying once the member is expelled", async () => {
      const f = await loadFixture(opened);
      await asTimelock(f, (t) => f.registry.connect(t).expel(LTU));
      await f.distributor.claim(f.tree.claims[1]!);
      expect(await f.token.balanceOf(f.people[1]!.account)).to.equal(2n * UNIT);
    });

    it("refuses a campaign that nobody opened", async () => {
      const f = await loadFixture(opened);
      await expect(f.distributor.claim({ ...f.tree.claims[0]!, campaignId: f.tree.campaignId + 1n }))
        .to.be.revertedWithCustomError(f.distributor, "CompensationUnknownCampaign")
        .withArgs(f.tree.campaignId + 1n);
    });

    it("refuses once the council has taken the distributor's role", async () => {
      const f = await loadFixture(opened);
      const address = await f.distributor.getAddress();
      await asTimelock(f, (t) => f.fund.connect(t).revokeRole(Role.Distributor, address));
      await expect(f.distributor.claim(f.tree.claims[0]!))
        .to.be.revertedWithCustomError(f.fund, "AccessControlUnauthorizedAccount")
        .withArgs(address, Role.Distributor);
      expect(await f.distributor.isClaimed(f.tree.campaignId, 0n)).to.equal(false);
    });
  });

  describe("claimMany", () => {
    it("pays claims of several campaigns in one call", async () => {
      const f = await loadFixture(opened);
      const other = await treeOf(f, 101n, 2n, [{ account: f.relayer.address, amount: UNIT }]);
      await open(f, "LTU", other);
      const claims = [...f.tree.claims, ...other.claims];
      expect(await f.distributor.claimMany.staticCall(claims)).to.equal(5n);
      await f.distributor.claimMany(claims);
      for (const { account, amount } of f.people) expect(await f.token.balanceOf(account)).to.equal(amount);
      expect(await f.token.balanceOf(f.relayer.address)).to.equal(UNIT);
      await expectConserved(f.fund, f.token);
    });

    it("skips what cannot be paid, says why, and pays the others", async () => {
      const f = await loadFixture(opened);
      const { campaignId, claims } = f.tree;
      const [claimed, blocked, forged, good] = [claims[0]!, claims[1]!, claims[2]!, claims[3]!];
      await f.distributor.claim(claimed);
      await f.token.connect(f.issuer).blockAccount(f.people[1]!.account);
      const many = f.distributor.claimMany([claimed, blocked, { ...forged, amount: 4n * UNIT }, good]);
      const reasons = [
        f.distributor.interface.encodeErrorResult("CompensationAlreadyClaimed", [campaignId, 0n]),
        f.fund.interface.encodeErrorResult("FundTransferFailed", [f.people[1]!.account, 2n * UNIT]),
        f.distributor.interface.encodeErrorResult("CompensationInvalidProof", [campaignId, 2n]),
      ];
      for (const [i, reason] of reasons.entries()) {
        await expect(many)
          .to.emit(f.distributor, "ClaimSkipped")
          .withArgs(campaignId, BigInt(i), f.people[i]!.account, reason);
      }
      await expect(many)
        .to.emit(f.distributor, "Claimed")
        .withArgs(campaignId, 3n, good.account, 4n * UNIT, 1n);
      expect(await f.distributor.isClaimed(campaignId, 1n)).to.equal(false);
      expect(await f.distributor.reserved(101n)).to.equal(5n * UNIT);
    });

    it("takes fifty claims and no more, within a transaction's gas", async () => {
      const f = await loadFixture(crowded);
      const { claims } = f.tree;
      await expect(f.distributor.claimMany(claims.slice(0, 51)))
        .to.be.revertedWithCustomError(f.distributor, "CompensationTooManyClaims")
        .withArgs(51n, 50n);
      const receipt = await (await f.distributor.claimMany(claims.slice(0, 50))).wait();
      expect(receipt!.gasUsed).to.be.lessThan(8_000_000n);
      expect((await f.distributor.campaign(f.tree.campaignId)).claimed).to.equal(5n * UNIT);
    });
  });

  describe("a blocked recipient", () => {
    it("delays nobody, and is paid once it is released", async () => {
      const f = await loadFixture(opened);
      const { account, amount } = f.people[1]!;
      await f.token.connect(f.issuer).blockAccount(account);
      await expect(f.distributor.claim(f.tree.claims[1]!))
        .to.be.revertedWithCustomError(f.fund, "FundTransferFailed")
        .withArgs(account, amount);
      await f.distributor.claim(f.tree.claims[2]!);
      await f.token.connect(f.issuer).unblockAccount(account);
      await f.distributor.claim(f.tree.claims[1]!);
      expect(await f.token.balanceOf(account)).to.equal(amount);
      expect(await earmark(f, 101n)).to.deep.equal({ owed: 0n, held: 25_000_060n });
    });
  });

  describe("leafOf", () => {
    it("hashes twice what the design says", async () => {
      const f = await loadFixture(opened);
      const { chainId } = await f.ethers.provider.getNetwork();
      const { account, amount } = f.people[0]!;
      const encoded = ethersLib.AbiCoder.defaultAbiCoder().encode(
        ["uint256", "address", "uint256", "uint256", "address", "uint256", "uint8"],
        [chainId, await f.distributor.getAddress(), f.tree.campaignId, 0n, account, amount, Purpose.Industry],
      );
      expect(await f.distributor.leafOf(f.tree.claims[0]!)).to.equal(ethersLib.keccak256(ethersLib.keccak256(encoded)));
    });
  });
});
