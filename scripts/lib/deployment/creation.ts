// When and by whom a contract was made.
import { getAddress, getCreateAddress } from "ethers";

import type { Connection } from "./chain.ts";

export interface Creation {
  block: number;
  from: string;
  data: string;
}

/** The transaction that made a contract: the one named, else by search, for which the chain must know its past. */
export async function findCreation(
  { ethers }: Connection,
  address: string,
  hash: string | undefined,
): Promise<Creation | undefined> {
  const { provider } = ethers;
  const makes = (tx: { to: string | null; from: string; nonce: number }) =>
    tx.to === null && getCreateAddress(tx) === getAddress(address);
  if (hash !== undefined) {
    const tx = await provider.getTransaction(hash);
    if (tx?.blockNumber == null || !makes(tx)) return undefined;
    return { block: tx.blockNumber, from: tx.from, data: tx.data };
  }
  let [before, at] = [-1, await provider.getBlockNumber()];
  while (at - before > 1) {
    const middle = Math.floor((before + at) / 2);
    if ((await provider.getCode(address, middle)) === "0x") before = middle;
    else at = middle;
  }
  const block = await provider.getBlock(at, true);
  const tx = block?.prefetchedTransactions.find(makes);
  return tx === undefined ? undefined : { block: at, from: tx.from, data: tx.data };
}
