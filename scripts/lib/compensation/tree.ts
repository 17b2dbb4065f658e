import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { keccak256 } from "ethers";

import type { ICompensationDistributor } from "../../../typechain-types/contracts/interfaces/ICompensationDistributor.ts";

export type Claim = ICompensationDistributor.ClaimStruct;

/** What a payment is for, by the number that the contracts have for it. */
export const Purpose = { Industry: 0n, Worker: 1n } as const;
export type Purpose = (typeof Purpose)[keyof typeof Purpose];

/**
 * The types of a leaf, in order: chain id, distributor, campaign, index, account, amount, purpose. As
 * ICompensationDistributor defines it.
 */
export const LEAF = ["uint256", "address", "uint256", "uint256", "address", "uint256", "uint8"];

/** How far the attack lies above the number in a campaign's id. */
const NUMBER_BITS = 32n;

/** The purposes by name, in the order of their numbers. */
export const PURPOSES = ["industry", "worker"] as const;

/** What a tree binds its leaves to: no proof made for one campaign serves another, elsewhere or on another chain. */
export interface Binding {
  chainId: bigint;
  /** Address of the CompensationDistributor. */
  distributor: string;
  campaignId: bigint;
}

/** Whom a campaign pays. */
export interface Recipient {
  account: string;
  /** In base units of the settlement token. */
  amount: bigint;
  purpose: Purpose;
}

export interface CampaignTree {
  campaignId: bigint;
  root: string;
  /** The sum over all leaves, in base units. */
  total: bigint;
  /** By index, what its recipient hands in. */
  claims: Claim[];
}

/** One payment of a campaign: `purpose` is a number of `Purpose`. */
export interface Leaf {
  index: bigint;
  account: string;
  amount: bigint;
  purpose: bigint;
}

/** A tree over the hashes of leaves. */
export interface HashedTree {
  root: string;
  /** The hashes beside the way from a leaf, told by its place among the leaves given, to the root. */
  proofOf(place: number): string[];
}

/** The id of an attack's campaign by its number among the attack's, counted from 1; as `campaignIdOf` has it. */
export function campaignIdOf(attackId: bigint, number: bigint): bigint {
  return (attackId << NUMBER_BITS) | number;
}

/**
 * The tree of a campaign, with a proof for every recipient.
 * @param indices The numbers of the leaves, if they are not counted from 0
 */
export function campaignTree(
  { chainId, distributor, campaignId }: Binding,
  recipients: readonly Recipient[],
  indices: readonly bigint[] = recipients.map((_, i) => BigInt(i)),
): CampaignTree {
  const leaves = recipients.map(({ account, amount, purpose }, i) => {
    return { campaignId, index: indices[i] ?? BigInt(i), account, amount, purpose };
  });
  const tree = hashedTree({ chainId, distributor, campaignId }, leaves);
  return {
    campaignId,
    root: tree.root,
    total: recipients.reduce((sum, { amount }) => sum + amount, 0n),
    claims: leaves.map((leaf, i) => ({ ...leaf, proof: tree.proofOf(i) })),
  };
}

type NodeHash = (one: string, other: string) => string;

/**
 * The leaf of a payment: the ABI encoding of `LEAF`, hashed twice. All of it are words, which are put together by hand,
 * since a general encoder takes most of a minute for a hundred thousand.
 */
export function leafHash({ chainId, distributor, campaignId }: Binding, leaf: Leaf): string {
  const fields = [chainId, distributor, campaignId, leaf.index, leaf.account, leaf.amount, leaf.purpose];
  const words = fields.map((field) => (typeof field === "bigint" ? field.toString(16) : field.slice(2)));
  return keccak256(keccak256(Buffer.from(words.map((word) => word.padStart(64, "0")).join(""), "hex")));
}

/** OpenZeppelin's tree over the leaves of a campaign. */
export function hashedTree(place: Binding, leaves: readonly Leaf[]): HashedTree {
  const hashes = leaves.map((leaf) => leafHash(place, leaf));
  const { tree, values } = SimpleMerkleTree.of(hashes, {
    nodeHash: (one, other) => hashPair(String(one), String(other)),
  }).dump();
  return {
    root: tree[0] ?? "",
    // Read off the tree: the library's `getProof` also checks each, which the files are put to once they are written.
    proofOf: (index) => siblings(tree, values[index]?.treeIndex ?? 0),
  };
}

/** The root that a leaf's hash and a proof lead to. */
export function rootFrom(hash: string, proof: readonly string[], nodeHash: NodeHash = hashPair): string {
  return proof.reduce(nodeHash, hash);
}

/** The hash of two nodes, whichever comes first. They are of equal length and lower case, so that text sorts as numbers do. */
export function hashPair(one: string, other: string): string {
  const [first, second] = one < other ? [one, other] : [other, one];
  return keccak256(Buffer.from(first.slice(2) + second.slice(2), "hex"));
}

/** Like `hashPair`, but every pair is hashed once: the proofs of a campaign share most of their way. */
export function rememberingPairs(): NodeHash {
  const known = new Map<string, string>();
  return (one, other) => {
    const key = one < other ? one + other : other + one;
    let hash = known.get(key);
    if (hash === undefined) {
      hash = hashPair(one, other);
      known.set(key, hash);
    }
    return hash;
  };
}

/** A tree lies in a list with the root first and the children of node i at 2i + 1 and 2i + 2. */
function siblings(tree: readonly string[], place: number): string[] {
  const proof: string[] = [];
  for (let node = place; node > 0; node = (node - 1) >> 1) proof.push(tree[node % 2 === 0 ? node - 1 : node + 1] ?? "");
  return proof;
}
