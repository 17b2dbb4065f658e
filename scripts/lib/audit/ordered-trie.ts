// The trie in which a block keeps its receipts and transactions, by their place.
import { createMPT } from "@ethereumjs/mpt";
import { encodeRlp, getBytes, hexlify, toBeHex } from "ethers";

/** The root that items give in their order; undefined if one cannot be encoded. */
export async function rootOf<T>(items: readonly T[], encoded: (item: T) => string): Promise<string | undefined> {
  try {
    const trie = await createMPT();
    for (const [i, item] of items.entries()) {
      await trie.put(getBytes(encodeRlp(minimal(BigInt(i)))), getBytes(encoded(item)));
    }
    return hexlify(trie.root());
  } catch {
    return undefined;
  }
}

/** A number without leading zeros, as RLP has it. */
export function minimal(value: bigint): string {
  return value === 0n ? "0x" : toBeHex(value);
}
