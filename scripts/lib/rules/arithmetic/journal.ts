import { ZeroHash, keccak256 } from "ethers";

import type { EventOf } from "../../events/events.ts";

export type Entry = EventOf<"fund", "Entry">["args"];

/** The kinds of entries, in the order of the interface. */
export const EntryKind = {
  Contribution: 0n,
  Donation: 1n,
  Award: 2n,
  Disbursement: 3n,
  Earmark: 4n,
  Compensation: 5n,
  EarmarkReturn: 6n,
  Surplus: 7n,
  Void: 8n,
} as const;

const number = (value: bigint): string => value.toString(16).padStart(64, "0");

/** Hashing is most of the work on a long journal, and whoever checks an entry asks for the same. */
let last: { before: string; entry: Omit<Entry, "head">; head: string } | undefined;

/** keccak256(abi.encode(head, seq, kind, member, party, amount, ref, timestamp)): eight words. */
export function headAfter(before: string, entry: Omit<Entry, "head">): string {
  if (last?.before !== before || last.entry !== entry) last = { before, entry, head: hashed(before, entry) };
  return last.head;
}

function hashed(before: string, entry: Omit<Entry, "head">): string {
  const { seq, kind, member, party, amount, ref, timestamp } = entry;
  const words = [
    before.slice(2),
    number(seq),
    number(kind),
    member.slice(2).padEnd(64, "0"),
    party.slice(2).padStart(64, "0"),
    number(amount),
    ref.slice(2),
    number(timestamp),
  ];
  return keccak256(Buffer.from(words.join(""), "hex"));
}

/** The chain over every movement of money: where it stands, and how an entry continues it. */
export class Journal {
  sequence = 0n;
  head = ZeroHash;

  /**
   * Takes the next entry as it is told, and says what is wrong with it. What follows is measured against what was told,
   * so that one false entry is one difference.
   */
  take(entry: Entry, time: bigint): { what: string; expected: string; found: string }[] {
    const wrong = [
      { what: "its number", expected: String(this.sequence + 1n), found: String(entry.seq) },
      { what: "its time", expected: String(time), found: String(entry.timestamp) },
      { what: "the head", expected: headAfter(this.head, entry), found: entry.head },
    ].filter(({ expected, found }) => expected !== found);
    this.sequence = entry.seq;
    this.head = entry.head;
    return wrong;
  }
}
