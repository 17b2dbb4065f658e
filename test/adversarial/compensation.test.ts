import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { ethers as ethersLib } from "ethers";
import { network } from "hardhat";

import { UNIT } from "../support/alliance.ts";
import { expectConserved } from "../support/books.ts";
import type { Claim, Tree } from "../support/compensation.ts";
import { LEAF, earmarkedFund, fourPeople, open, rootOf, treeOf } from "../support/compensation.ts";
import { give } from "../support/fund.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

/** A campaign of ten units for four people. */
async function opened() {
  const f = await earmarkedFund(connection);
  const people = fourPeople(f);
  const tree = await treeOf(f, 101n, 1n, people);
  await open(f, "LTU", tree);
  return { ...f, people, tree, distributor: f.distributor.connect(f.stranger) };
}

type Opened = Awaited<ReturnType<typeof opened>>;

/** Expects that no claim of a tree that was made for elsewhere is paid in the campaign it is opened for. */
async function expectForeign(f: Opened, tree: Tree): Promise<void> {
  await open(f, "LTU", tree);
  for (const claim of tree.claims) await expectInvalid(f, claim);
}

async function expectInvalid(f: Opened, claim: Claim): Promise<void> {
  await expect(f.distributor.claim(claim))
    .to.be.revertedWithCustomError(f.distributor, "CompensationInvalidProof")
    .withArgs(claim.campaignId, claim.index);
}

/** The fields of a claim, hashed once. */
async function onceHashed(f: Opened, c: Claim): Promise<string> {
  const { chainId } = await f.ethers.provider.getNetwork();
  const fields = [chainId, await f.distributor.getAddress(), c.campaignId, c.index, c.account, c.amount, c.purpose];
  return ethersLib.keccak256(ethersLib.AbiCoder.defaultAbiCoder().encode(LEAF, fields));
}

describe("Claims that somebody forges", () => {
  it("cannot be those of somebody else: every field of the leaf is bound", async () => {
    const f = await loadFixture(opened);
    const [claim] = f.tree.claims as [Claim];
    const forgeries: Partial<Claim>[] = [
      { account: f.stranger.address },
      { amount: 2n * UNIT },
      { index: 7n },
      { purpose: 1n },
      { proof: f.tree.claims[1]!.proof },
      { proof: claim.proof.slice(1) },
      { proof: [...claim.proof, ethersLib.ZeroHash] },
      { proof: [] },
    ];
    for (const forgery of forgeries) await expectInvalid(f, { ...claim, ...forgery });
    await f.distributor.claim(claim);
  });

  it("cannot pass an inner node off as a leaf", async () => {
    const f = await loadFixture(opened);
    const [claim] = f.tree.claims as [Claim];
    const [sibling, ...above] = claim.proof as [string, ...string[]];
    const parent = ethersLib.keccak256(ethersLib.concat([await f.distributor.leafOf(claim), sibling].sort()));
    expect(rootOf(parent, above)).to.equal(f.tree.root);
    await expectInvalid(f, { ...claim, proof: above });
  });

  it("cannot come from a tree whose leaves are hashed once, as inner nodes are", async () => {
    const f = await loadFixture(opened);
    const here = await treeOf(f, 101n, 2n, f.people);
    const once = await Promise.all(here.claims.map((claim) => onceHashed(f, claim)));
    for (const [i, leaf] of once.entries()) {
      expect(ethersLib.keccak256(leaf)).to.equal(await f.distributor.leafOf(here.claims[i]!));
    }
    const tree = SimpleMerkleTree.of(once);
    const claims = here.claims.map((claim, i) => ({ ...claim, proof: tree.getProof(i) }));
    await expectForeign(f, { ...here, root: tree.root, claims });
  });

  it("cannot be replayed in another campaign, not even with the same root", async () => {
    const f = await loadFixture(opened);
    await f.distributor.claim(f.tree.claims[0]!);
    const again: Tree = { ...f.tree, campaignId: f.tree.campaignId + 1n };
    await open(f, "LTU", again);
    for (const claim of f.tree.claims) await expectInvalid(f, { ...claim, campaignId: again.campaignId });
  });

  it("cannot come from another chain", async () => {
    const f = await loadFixture(opened);
    await expectForeign(f, await treeOf(f, 101n, 2n, f.people, { chainId: 1n }));
  });

  it("cannot come from another distributor", async () => {
    const f = await loadFixture(opened);
    await expectForeign(f, await treeOf(f, 101n, 2n, f.people, { contract: f.stranger.address }));
  });

  it("cannot come from a tree for another attack", async () => {
    const f = await loadFixture(opened);
    const other = await treeOf(f, 102n, 2n, f.people);
    const here = { ...other, campaignId: f.tree.campaignId + 1n };
    await expectForeign(f, { ...here, claims: other.claims.map((c) => ({ ...c, campaignId: here.campaignId })) });
  });

  it("cannot be paid twice by a leaf that the tree holds twice", async () => {
    const f = await loadFixture(opened);
    const person = { account: f.relayer.address, amount: UNIT };
    const tree = await treeOf(f, 101n, 2n, [person, person, person], { indices: [5n, 5n, 6n] });
    await open(f, "LTU", tree);
    await f.distributor.claim(tree.claims[0]!);
    await expect(f.distributor.claim(tree.claims[1]!))
      .to.be.revertedWithCustomError(f.distributor, "CompensationAlreadyClaimed")
      .withArgs(tree.campaignId, 5n);
    await f.distributor.claim(tree.claims[2]!);
    expect(await f.token.balanceOf(f.relayer.address)).to.equal(2n * UNIT);
  });

  it("cannot have a proof deeper than any tree", async () => {
    const f = await loadFixture(opened);
    // A root computed from 33 steps would be found; the law is about the length.
    const claim = f.tree.claims[0]!;
    for (const [number, steps, paid] of [
      [2n, 32, true],
      [3n, 33, false],
    ] as const) {
      const campaignId = f.tree.campaignId - 1n + number;
      const deep = { ...claim, campaignId, proof: Array.from({ length: steps }, (_, i) => ethersLib.id(String(i))) };
      const root = rootOf(await f.distributor.leafOf(deep), deep.proof);
      await open(f, "LTU", { campaignId, root, total: UNIT, claims: [deep] });
      if (paid) await f.distributor.claim(deep);
      else await expectInvalid(f, deep);
    }
  });

  describe("given a token that calls its receivers", () => {
    /** The third beneficiary is a contract that claims again while it is paid. */
    async function hooked() {
      const odd = await connection.ethers.deployContract("HookToken");
      const f = await earmarkedWith(await odd.getAddress());
      const attacker = await f.ethers.deployContract("Reenterer");
      const address = await attacker.getAddress();
      await odd.setHook(address, address);
      const people = [address, address, f.stranger.address].map((account) => ({ account, amount: UNIT }));
      const tree = await treeOf(f, 101n, 1n, people);
      await open(f, "LTU", tree);
      return { ...f, odd, attacker, address, tree };
    }

    async function earmarkedWith(token: string) {
      const odd = await connection.ethers.getContractAt("HookToken", token);
      return await earmarkedFund(connection, { parameters: { token } }, async (f) => {
        await odd.mint(f.donor.address, 1_000n * UNIT);
        await odd.connect(f.donor).approve(await f.fund.getAddress(), 1_000n * UNIT);
      });
    }

    it("pays a claim once, however often it is handed in from within", async () => {
      const f = await loadFixture(hooked);
      const again = f.distributor.interface.encodeFunctionData("claim", [f.tree.claims[0]!]);
      await f.attacker.aim(await f.distributor.getAddress(), again);
      await f.distributor.claim(f.tree.claims[0]!);
      expect(await f.attacker.tried()).to.equal(true);
      expect(await f.attacker.answer()).to.equal(
        f.distributor.interface.encodeErrorResult("CompensationAlreadyClaimed", [f.tree.campaignId, 0n]),
      );
      expect(await f.odd.balanceOf(f.address)).to.equal(UNIT);
    });

    it("pays no other claim from within one, nor lets a batch in", async () => {
      const f = await loadFixture(hooked);
      const batch = f.distributor.interface.encodeFunctionData("claimMany", [f.tree.claims.slice(1)]);
      await f.attacker.aim(await f.distributor.getAddress(), batch);
      await f.distributor.claim(f.tree.claims[0]!);
      expect(BigInt(await f.attacker.answer())).to.equal(0n); // none was paid
      expect(await f.distributor.reserved(101n)).to.equal(2n * UNIT);
      for (const claim of f.tree.claims.slice(1)) await f.distributor.claim(claim);
      expect(await f.odd.balanceOf(f.address)).to.equal(2n * UNIT);
      await expectConserved(f.fund, f.odd);
    });

    it("delays nobody if a receiver refuses", async () => {
      const f = await loadFixture(hooked);
      await f.attacker.setRefuses(true);
      expect(await f.distributor.claimMany.staticCall(f.tree.claims)).to.equal(1n);
      await f.distributor.claimMany(f.tree.claims);
      expect(await f.odd.balanceOf(f.stranger.address)).to.equal(UNIT);
      expect(await f.distributor.isClaimed(f.tree.campaignId, 0n)).to.equal(false);
      await give(f, UNIT);
      await expectConserved(f.fund, f.odd);
    });
  });
});
