import { StandardMerkleTree } from "@openzeppelin/merkle-tree";

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
  const tree = StandardMerkleTree.of(
    leaves.map((leaf) => [chainId, distributor, campaignId, leaf.index, leaf.account, leaf.amount, leaf.purpose]),
    LEAF,
  );
  return {
    campaignId,
    root: tree.root,
    total: recipients.reduce((sum, { amount }) => sum + amount, 0n),
    claims: leaves.map((leaf, i) => ({ ...leaf, proof: tree.getProof(i) })),
  };
}
