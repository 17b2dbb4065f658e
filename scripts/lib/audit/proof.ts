// Proving what the fund stores against the hash of a block (EIP-1186), so that only the hash has to be trusted.
import { verifyMerkleProof } from "@ethereumjs/mpt";
import { decodeRlp, getBytes, hexlify, isHexString, keccak256, toBeHex } from "ethers";

import { CannotCheck } from "../deployment/chain.ts";
import { isFields } from "../deployment/input.ts";
import { hashOf } from "./blocks.ts";
import type { Header } from "./blocks.ts";
import type { Finding } from "../rules/finding.ts";
import { quantity } from "./node.ts";
import type { Node } from "./node.ts";

/** What of the fund one proof shows. Amounts in units. */
export interface FundState {
  head: string;
  reserve: bigint;
  pot: bigint;
  sequence: bigint;
  shortage: boolean;
  earmarked: bigint;
  committed: bigint;
}

export interface Proved {
  /** How many facts were proved. */
  checked: number;
  findings: Finding[];
  /** Undefined if the proof fails. */
  state: FundState | undefined;
}

/** Where CrisisFund keeps its books: slots 6 to 8, after those of its roles and its breaker. A test proves it. */
export const SLOTS = { book: 6n, head: 7n, totals: 8n } as const;

/** Root of a trie that holds nothing: keccak256(rlp("")). */
const EMPTY_TRIE = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

class Unproved extends Error {}

/** Proves the header by its hash, the fund's account and code by the header, and its books by the account. */
export async function prove(node: Node, fund: string, header: Header): Promise<Proved> {
  const keys = Object.values(SLOTS).map((slot) => toBeHex(slot, 32));
  const block = quantity(header.number);
  const [answer, code] = await Promise.all([
    node.need("eth_getProof", fund, keys, block),
    node.need("eth_getCode", fund, block),
  ]);
  let checked = 0;
  try {
    requireSame(
      "the header does not give the block's hash",
      header.hash,
      hashOf(header) ?? "nothing: it cannot be encoded",
    );
    checked += 1;
    if (!isFields(answer)) throw new CannotCheck(`${node.name} answers eth_getProof with what is no proof`);
    const account = await valueIn(header.stateRoot, fund, answer["accountProof"], "the fund's account");
    const [, , storageRoot = "", codeHash = ""] = account === undefined ? [] : listOf(account);
    checked += 1;
    if (!isHexString(code)) throw new Unproved("the fund's code is no data");
    requireSame("the fund's code is not the one that its account proves", codeHash, keccak256(code));
    checked += 1;
    const proofs = Array.isArray(answer["storageProof"]) ? answer["storageProof"].filter(isFields) : [];
    const slots: bigint[] = [];
    for (const [i, [name, slot]] of Object.entries(SLOTS).entries()) {
      const given = proofs[i] ?? {};
      const value = await valueIn(storageRoot, toBeHex(slot, 32), given["proof"], `slot ${slot} (${name})`);
      const proved = value === undefined ? 0n : BigInt(textOf(value));
      const told = quantityIn(given["value"]);
      if (told !== proved) {
        throw new Unproved(`slot ${slot} (${name}) is told as ${told ?? "nothing"}, and proved as ${proved}`);
      }
      slots.push(proved);
      checked += 1;
    }
    return { checked, findings: [], state: stateOf(slots) };
  } catch (error) {
    if (!(error instanceof Unproved)) throw error;
    return { checked, findings: [{ rule: "proof", sentence: error.message }], state: undefined };
  }
}

/** The fund's books as its slots pack them. */
function stateOf([book = 0n, head = 0n, totals = 0n]: bigint[]): FundState {
  const field = (word: bigint, from: bigint, bits: bigint) => (word >> from) & ((1n << bits) - 1n);
  return {
    head: toBeHex(head, 32),
    reserve: field(book, 0n, 104n),
    pot: field(book, 104n, 104n),
    sequence: field(book, 208n, 40n),
    shortage: field(book, 248n, 8n) === 1n,
    earmarked: field(totals, 0n, 128n),
    committed: field(totals, 128n, 128n),
  };
}

/** What a trie holds under a key, by a proof; undefined if it proves that there is nothing. */
async function valueIn(root: string, key: string, proof: unknown, what: string): Promise<Uint8Array | undefined> {
  if (!Array.isArray(proof) || !proof.every((one) => isHexString(one)))
    throw new Unproved(`no proof of ${what} is given`);
  if (root === EMPTY_TRIE && proof.length === 0) return undefined;
  if (proof.length === 0) throw new Unproved(`the proof of ${what} is empty`);
  try {
    const options = { root: getBytes(root), useKeyHashing: true };
    const value = await verifyMerkleProof(
      getBytes(key),
      proof.map((one) => getBytes(one)),
      options,
    );
    return value ?? undefined;
  } catch {
    throw new Unproved(`the proof of ${what} does not lead to its root`);
  }
}

function listOf(encoded: Uint8Array): string[] {
  const list = decodeRlp(encoded);
  return Array.isArray(list) ? list.map(String) : [];
}

function textOf(encoded: Uint8Array): string {
  const value = decodeRlp(encoded);
  return typeof value === "string" && value !== "0x" ? value : hexlify(Uint8Array.of(0));
}

function quantityIn(value: unknown): bigint | undefined {
  return typeof value === "string" && /^0x[0-9a-fA-F]+$/.test(value) ? BigInt(value) : undefined;
}

function requireSame(sentence: string, expected: string, found: string): void {
  if (expected !== found) throw new Unproved(`${sentence}: ${expected} against ${found}`);
}
