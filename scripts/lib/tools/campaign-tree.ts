// The Merkle tree of a compensation campaign, as CompensationDistributor verifies it.
import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { keccak256 } from "ethers";

/** In the order of the contract's `Purpose`. */
export const PURPOSES = ["industry", "worker"] as const;

/** The types of a leaf, in order, as OpenZeppelin's standard tree takes them. */
export const LEAF = ["uint256", "address", "uint256", "uint256", "address", "uint256", "uint8"];

/** What every leaf of a campaign binds. */
export interface CampaignPlace {
  chainId: bigint;
  /** Address of the CompensationDistributor. */
  distributor: string;
  campaignId: bigint;
}

/** One payment: `amount` in base units of the token, `purpose` as a place in `PURPOSES`. */
export interface Leaf {
  index: bigint;
  account: string;
  amount: bigint;
  purpose: bigint;
}

export interface CampaignTree {
  root: string;
  /** The hashes beside the way from a leaf, told by its place among the leaves given, to the root. */
  proofOf(place: number): string[];
}

type NodeHash = (one: string, other: string) => string;

const NUMBER_BITS = 32n;

/** The id of an attack's campaign: its number in the low 32 bits, the attack above. */
export function campaignIdOf(attackId: bigint, number: bigint): bigint {
  return (attackId << NUMBER_BITS) | number;
}

/**
 * The leaf of a payment: the ABI encoding of `LEAF`, hashed twice. All of it are words, which are put together by hand,
 * since a general encoder takes most of a minute for a hundred thousand.
 */
export function leafHash({ chainId, distributor, campaignId }: CampaignPlace, leaf: Leaf): string {
  const fields = [chainId, distributor, campaignId, leaf.index, leaf.account, leaf.amount, leaf.purpose];
  const words = fields.map((field) => (typeof field === "bigint" ? field.toString(16) : field.slice(2)));
  return keccak256(keccak256(Buffer.from(words.map((word) => word.padStart(64, "0")).join(""), "hex")));
}

/** OpenZeppelin's tree over the leaves of a campaign. */
export function treeOf(place: CampaignPlace, leaves: readonly Leaf[]): CampaignTree {
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
