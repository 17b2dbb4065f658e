// Which block an audit is about.
import { CannotCheck, LOCAL_CHAIN } from "../deployment/chain.ts";
import { findHeader, hashOf } from "../node/blocks.ts";
import type { Header } from "../node/blocks.ts";
import type { Node } from "../node/node.ts";

/**
 * The block to audit: the one with this hash, else this number, else the last that is final. A chain of one's own has no
 * finality, and there it is the last.
 */
export async function pinnedHeader(
  node: Node,
  chainId: bigint,
  { block, blockHash }: { block?: number | undefined; blockHash?: string | undefined },
): Promise<Header> {
  if (blockHash !== undefined) {
    const header = await findHeader(node, blockHash);
    if (header === undefined) throw new CannotCheck(`${node.name} knows no block with the hash ${blockHash}`);
    if (block !== undefined && block !== header.number) {
      throw new CannotCheck(`--block-hash is that of block ${header.number}, not of --block ${block}`);
    }
    if (hashOf(header) !== blockHash.toLowerCase()) {
      throw new CannotCheck(`${node.name} gives a header for ${blockHash} that does not give this hash`);
    }
    if ((await findHeader(node, header.number))?.hash !== header.hash) {
      throw new CannotCheck(`block ${header.number} with the hash ${blockHash} is not on ${node.name}'s chain`);
    }
    return header;
  }
  if (block !== undefined) {
    const header = await findHeader(node, block);
    if (header !== undefined) return header;
    const latest = Number(await node.need("eth_blockNumber"));
    throw new CannotCheck(`${node.name} knows no block ${block}; its last is ${latest}`);
  }
  const final = chainId === LOCAL_CHAIN ? undefined : await finalHeader(node);
  const header = final ?? (await findHeader(node, "latest"));
  if (header === undefined) throw new CannotCheck(`${node.name} knows no latest block`);
  return header;
}

/** The last block that is final; undefined if the node does not tell. */
async function finalHeader(node: Node): Promise<Header | undefined> {
  try {
    return await findHeader(node, "finalized");
  } catch {
    return undefined;
  }
}
