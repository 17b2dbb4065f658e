// Proving what an account stores against the state root of a block (EIP-1186).
import { verifyMerkleProof } from "@ethereumjs/mpt";
import { decodeRlp, getBytes, hexlify, isHexString, keccak256, toBeHex } from "ethers";

import { CannotCheck } from "../deployment/chain.ts";
import { isFields } from "../deployment/input.ts";
import { hashOf } from "../node/blocks.ts";
import type { Header } from "../node/blocks.ts";
import { quantity } from "../node/node.ts";
import type { Node } from "../node/node.ts";

/** What a node's proof does not show. */
export class Unproved extends Error {}

/** What an account is proved to be. */
export interface Account {
  codeHash: string;
  /** In the order in which they were asked for. */
  slots: bigint[];
}

/** A slot and what sentences call it. */
export type Slot = readonly [name: string, slot: bigint];

/** The hash of no code. */
const NO_CODE = keccak256("0x");

/** Root of a trie that holds nothing: keccak256(rlp("")). */
const EMPTY_TRIE = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

/** @throws {Unproved} if the header does not give the hash */
export function requireHash(header: Header): void {
  const sentence = "the header does not give the block's hash";
  requireSame(sentence, header.hash, hashOf(header) ?? "nothing: it cannot be encoded");
}

/**
 * An account and some of its slots; `what` is what sentences call it.
 * @throws {Unproved} if the node's proof does not lead to the header's state root
 */
export async function provedAccount(
  node: Node,
  [what, address]: readonly [string, string],
  slots: readonly Slot[],
  header: Header,
): Promise<Account> {
  const keys = slots.map(([, slot]) => toBeHex(slot, 32));
  const answer = await node.need("eth_getProof", address, keys, quantity(header.number));
  if (!isFields(answer)) throw new CannotCheck(`${node.name} answers eth_getProof with what is no proof`);
  const account = await valueIn(header.stateRoot, address, answer["accountProof"], `the ${what}'s account`);
  const [, , storageRoot = EMPTY_TRIE, codeHash = NO_CODE] = account === undefined ? [] : listOf(account);
  const proofs = Array.isArray(answer["storageProof"]) ? answer["storageProof"].filter(isFields) : [];
  const values: bigint[] = [];
  for (const [i, [name, slot]] of slots.entries()) {
    const given = proofs[i] ?? {};
    const place = `slot ${slot} (${name})`;
    const value = await valueIn(storageRoot, toBeHex(slot, 32), given["proof"], place);
    const proved = value === undefined ? 0n : BigInt(textOf(value));
    const told = quantityIn(given["value"]);
    if (told !== proved) throw new Unproved(`${place} is told as ${told ?? "nothing"}, and proved as ${proved}`);
    values.push(proved);
  }
  return { codeHash, slots: values };
}

/** @throws {Unproved} if the account has other code */
export function requireCode(what: string, { codeHash }: Account, code: string): void {
  requireSame(`the ${what}'s code is not the one that its account proves`, codeHash, keccak256(code));
}

/** @throws {Unproved} if the account has code */
export function requireNoCode(what: string, { codeHash }: Account, block: number): void {
  if (codeHash !== NO_CODE) throw new Unproved(`the ${what} is proved to have been there in block ${block} already`);
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
