import { ethers as ethersLib } from "ethers";

import { Purpose, campaignIdOf, campaignTree } from "../../scripts/lib/compensation/tree.ts";
import type { CampaignTree, Recipient } from "../../scripts/lib/compensation/tree.ts";
import { DAY, UNIT } from "./alliance.ts";
import type { Alliance, AllianceOptions } from "./alliance.ts";
import type { Connection } from "./chain.ts";
import { award, commit, foundFund, give } from "./fund.ts";
import type { FundAlliance } from "./fund.ts";

export { LEAF, Purpose } from "../../scripts/lib/compensation/tree.ts";
export type { Claim } from "../../scripts/lib/compensation/tree.ts";

export const SHORTEST = 90n * DAY;
export const LONGEST = 730n * DAY;
export const RETURN_DELAY = 365n * DAY;

export type Tree = CampaignTree;
export type Beneficiary = Omit<Recipient, "purpose"> & { purpose?: Purpose };

/** What a leaf binds besides the beneficiary, should it be another than where it is used. */
export interface Elsewhere {
  chainId?: bigint;
  contract?: string;
  /** The numbers of the leaves, else counted from 0. */
  indices?: bigint[];
}

/** The tree of an attack's campaign, made as a member makes it; workers unless told otherwise. */
export async function treeOf(
  a: Alliance,
  attackId: bigint,
  number: bigint,
  people: Beneficiary[],
  elsewhere: Elsewhere = {},
): Promise<Tree> {
  const binding = {
    chainId: elsewhere.chainId ?? (await a.ethers.provider.getNetwork()).chainId,
    distributor: elsewhere.contract ?? (await a.distributor.getAddress()),
    campaignId: campaignIdOf(attackId, number),
  };
  const recipients = people.map((one) => ({ purpose: Purpose.Worker, ...one }));
  return campaignTree(binding, recipients, elsewhere.indices);
}

/** The root that a node and the hashes beside its way lead to. */
export function rootOf(node: string, proof: string[]): string {
  return proof.reduce((below, other) => ethersLib.keccak256(ethersLib.concat([below, other].sort())), node);
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
