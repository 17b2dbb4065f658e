import { StandardMerkleTree } from "@openzeppelin/merkle-tree";

import type { ICompensationDistributor } from "../../typechain-types/contracts/interfaces/ICompensationDistributor.ts";
import { DAY, UNIT } from "./alliance.ts";
import type { Alliance, AllianceOptions } from "./alliance.ts";
import type { Connection } from "./chain.ts";
import { award, commit, foundFund, give } from "./fund.ts";
import type { FundAlliance } from "./fund.ts";

export const Purpose = { Industry: 0n, Worker: 1n } as const;
export const SHORTEST = 90n * DAY;
export const LONGEST = 730n * DAY;
export const RETURN_DELAY = 365n * DAY;

/** The types of a leaf, in order: what a member's own tool hands to the tree. */
export const LEAF = ["uint256", "address", "uint256", "uint256", "address", "uint256", "uint8"];

export type Claim = ICompensationDistributor.ClaimStruct;

export interface Beneficiary {
  account: string;
  amount: bigint;
  purpose?: bigint;
}

export interface Tree {
  campaignId: bigint;
  root: string;
  total: bigint;
  /** By index, what its beneficiary hands in. */
  claims: Claim[];
}

/** What a leaf binds besides the beneficiary, should it be another than where it is used. */
export interface Elsewhere {
  chainId?: bigint;
  contract?: string;
  /** The numbers of the leaves, else counted from 0. */
  indices?: bigint[];
}

/** The tree of an attack's campaign, made by OpenZeppelin's package as a member would. */
export async function treeOf(
  a: Alliance,
  attackId: bigint,
  number: bigint,
  people: Beneficiary[],
  elsewhere: Elsewhere = {},
): Promise<Tree> {
  const campaignId = await a.distributor.campaignIdOf(attackId, number);
  const chainId = elsewhere.chainId ?? (await a.ethers.provider.getNetwork()).chainId;
  const contract = elsewhere.contract ?? (await a.distributor.getAddress());
  const claims = people.map(({ account, amount, purpose }, i) => ({
    campaignId,
    index: elsewhere.indices?.[i] ?? BigInt(i),
    account,
    amount,
    purpose: purpose ?? Purpose.Worker,
  }));
  const tree = StandardMerkleTree.of(
    claims.map((c) => [chainId, contract, c.campaignId, c.index, c.account, c.amount, c.purpose]),
    LEAF,
  );
  return {
    campaignId,
    root: tree.root,
    total: people.reduce((sum, { amount }) => sum + amount, 0n),
    claims: claims.map((c, i) => ({ ...c, proof: tree.getProof(i) })),
  };
}

/** Opens a campaign with a tree, by the member's treasury, for 90 days unless told otherwise. */
export async function open(
  a: Alliance,
  name: string,
  tree: Tree,
  options: { total?: bigint; lasting?: bigint } = {},
): Promise<bigint> {
  const deadline = BigInt(await a.time.latest()) + 1n + (options.lasting ?? SHORTEST);
  await a.time.setNextBlockTimestamp(deadline - (options.lasting ?? SHORTEST));
  const { campaignId, root } = tree;
  await a.distributor
    .connect(a.member(name).treasury)
    .open(campaignId >> 32n, campaignId & 0xffffffffn, root, options.total ?? tree.total, deadline, "ipfs://proofs");
  return deadline;
}

/**
 * Attack 101 on LTU with an earmark of 30 units and a little; 30 units more may still be awarded. `endow` gives the donor
 * what it needs of another token.
 */
export async function earmarkedFund(
  connection: Connection,
  options: AllianceOptions = {},
  endow: (f: FundAlliance) => Promise<void> = () => Promise.resolve(),
) {
  const f = await foundFund(connection, options);
  await endow(f);
  await give(f, 120n * UNIT);
  await commit(f, 101n, "LTU", 120n * UNIT, 333_334n);
  return { ...f, ...(await award(f, 101n, 90n * UNIT)) };
}

/** Four beneficiaries of one to four units. */
export function fourPeople(a: Alliance): Beneficiary[] {
  return [1n, 2n, 3n, 4n].map((units, i) => ({
    account: a.spare(10 + i).address,
    amount: units * UNIT,
    purpose: i === 0 ? Purpose.Industry : Purpose.Worker,
  }));
}
