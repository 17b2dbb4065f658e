import { expect } from "chai";
import { ethers as ethersLib } from "ethers";

import type { CrisisFund } from "../../typechain-types/index.ts";
import { Entry } from "./fund.ts";

export interface JournalEntry {
  seq: bigint;
  kind: bigint;
  member: string;
  party: string;
  amount: bigint;
  ref: string;
  timestamp: bigint;
  head: string;
}

/** Every entry of the journal from `seq` on, in order. */
export async function journalOf(fund: CrisisFund, fromBlock = 0): Promise<JournalEntry[]> {
  const events = await fund.queryFilter(fund.filters.Entry(), fromBlock);
  return events.map(({ args }) => ({
    seq: args.seq,
    kind: args.kind,
    member: args.member,
    party: args.party,
    amount: args.amount,
    ref: args.ref,
    timestamp: args.timestamp,
    head: args.head,
  }));
}

/** The head that a journal leads to, by the formula of the design. */
export function headOf(entries: JournalEntry[]): string {
  const types = ["bytes32", "uint256", "uint8", "bytes3", "address", "uint256", "bytes32", "uint256"];
  return entries.reduce(
    (head, { seq, kind, member, party, amount, ref, timestamp }) =>
      ethersLib.keccak256(
        ethersLib.AbiCoder.defaultAbiCoder().encode(types, [head, seq, kind, member, party, amount, ref, timestamp]),
      ),
    ethersLib.ZeroHash,
  );
}

/** The sum of the amounts of some kinds of entry. */
export function sumOf(entries: JournalEntry[], ...kinds: bigint[]): bigint {
  return entries.filter(({ kind }) => kinds.includes(kind)).reduce((sum, { amount }) => sum + amount, 0n);
}

/** The token as far as the invariants look at it. */
interface Balances {
  balanceOf(account: string): Promise<bigint>;
}

/**
 * Asserts what always holds of the fund's money: invariants 1, 2 and 3, and the part of 11 that is the journal. The
 * assertion's message is the invariant's number.
 */
export async function expectConserved(fund: CrisisFund, token: Balances): Promise<void> {
  const [reserve, pot, earmarked, owed] = await Promise.all([
    fund.reserve(),
    fund.pot(),
    fund.earmarked(),
    fund.owed(),
  ]);
  const held = reserve + pot + earmarked;
  expect(await token.balanceOf(await fund.getAddress()), "1").to.be.at.least(held);

  const entries = await journalOf(fund);
  const received = sumOf(entries, Entry.Contribution, Entry.Donation, Entry.Surplus);
  const disbursed = sumOf(entries, Entry.Disbursement);
  const compensated = sumOf(entries, Entry.Compensation);
  expect(received - disbursed - compensated, "2").to.equal(held);

  const awarded = sumOf(entries, Entry.Award) - sumOf(entries, Entry.Void);
  expect(awarded, "3").to.equal(disbursed + compensated + pot + earmarked + owed);

  const last = BigInt(entries.length);
  expect(
    entries.map(({ seq }) => seq),
    "11",
  ).to.deep.equal(Array.from({ length: entries.length }, (_, i) => BigInt(i) + 1n));
  expect(await fund.sequence(), "11").to.equal(last);
  expect(await fund.head(), "11").to.equal(headOf(entries));
}
