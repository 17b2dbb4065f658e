import { AbiCoder, ZeroAddress, ZeroHash, getAddress, keccak256, toBeHex, zeroPadValue } from "ethers";

import type { EventOf } from "../../scripts/lib/events/events.ts";

export type Entry = EventOf<"fund", "Entry">;

const TYPES = ["bytes32", "uint256", "uint8", "bytes3", "address", "uint256", "bytes32", "uint256"];
const LTU = "0x4c5455";

/** The first entries of a journal, one a block, each with the head that the ABI's own encoder gives. */
export function journalOf(length: number): Entry[] {
  let head: string = ZeroHash;
  return Array.from({ length }, (_, i) => {
    const [seq, time] = [BigInt(i + 1), 1_700_000_000 + 12 * i];
    const values = {
      seq,
      kind: BigInt(i % 9),
      member: i % 2 === 0 ? LTU : "0x000000",
      party: i % 3 === 0 ? ZeroAddress : getAddress(zeroPadValue(toBeHex(i + 1), 20)),
      amount: 10n ** BigInt(i % 30) + BigInt(i),
      ref: zeroPadValue(toBeHex(i), 32),
      timestamp: BigInt(time),
    };
    head = keccak256(AbiCoder.defaultAbiCoder().encode(TYPES, [head, ...Object.values(values)]));
    const place = { block: 100 + i, index: 0, transaction: zeroPadValue(toBeHex(i + 1), 32), time };
    return { ...place, by: "fund", name: "Entry", args: { ...values, head } };
  });
}

/** The same entry with other values. */
export function altered(entry: Entry, values: Partial<Entry["args"]>): Entry {
  return { ...entry, args: { ...entry.args, ...values } };
}
