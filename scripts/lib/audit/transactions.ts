// Proving which transactions a block has: whole transactions give its transactions root, and their own hashes.
import { Signature, Transaction, keccak256, toBeHex } from "ethers";
import type { TransactionLike } from "ethers";

import { isFields } from "../deployment/input.ts";
import type { Fields } from "../deployment/input.ts";
import type { Header } from "../node/blocks.ts";
import { Refusal, quantity } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { rootOf } from "./ordered-trie.ts";

/** Those of Ethereum until EIP-7702. Other chains have more. */
const LAST_TYPE = 4;

/** What a node's answers about the transactions of a block show. */
export interface Transactions {
  /** How many it gives. */
  given: number;
  /** Their hashes in order, if they lead to the root in the header. */
  proved: readonly string[] | undefined;
  /** Else, if there is one, a type that is not known here, while the node does not give them as bytes. */
  unknown: number | undefined;
}

export async function provedTransactions(node: Node, header: Header): Promise<Transactions> {
  const block = await node.need("eth_getBlockByNumber", quantity(header.number), true);
  const all = isFields(block) && Array.isArray(block["transactions"]) ? block["transactions"].filter(isFields) : [];
  const given = all.length;
  const root = String(header.fields["transactionsRoot"]).toLowerCase();
  const leads = async (encoded: readonly string[]) => (await rootOf(encoded, (bytes) => bytes)) === root;
  const hashes = (encoded: readonly string[]) => encoded.map((bytes) => keccak256(bytes));
  const [encoded, type] = encodedAll(all);
  if (encoded !== undefined && (await leads(encoded))) return { given, proved: hashes(encoded), unknown: undefined };
  const bytes = await fromBytes(node, header);
  if (bytes === undefined) return { given, proved: undefined, unknown: type };
  return { given, proved: (await leads(bytes)) ? hashes(bytes) : undefined, unknown: undefined };
}

/** All of them, or the first type that is not known here. */
function encodedAll(transactions: readonly Fields[]): [encoded: string[] | undefined, type: number | undefined] {
  const type = transactions
    .map((fields) => Number(fields["type"] ?? 0))
    .find((one) => Number.isNaN(one) || one > LAST_TYPE);
  if (type !== undefined) return [undefined, type];
  try {
    return [transactions.map(encodedTransaction), undefined];
  } catch {
    return [undefined, undefined];
  }
}

/** One by one, of any type, where the node gives them as bytes. */
async function fromBytes(node: Node, { transactions }: Header): Promise<string[] | undefined> {
  try {
    const bytes = await Promise.all(transactions.map((hash) => node.ask("eth_getRawTransactionByHash", hash)));
    return bytes.every((one) => typeof one === "string") ? bytes : undefined;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** As it was signed (EIP-155, 2930, 1559, 4844 without its blobs, 7702). */
function encodedTransaction(fields: Fields): string {
  const text = (name: string) => {
    const value = fields[name];
    return typeof value === "string" ? value : undefined;
  };
  const type = Number(text("type") ?? 0);
  const signature = signatureIn(fields);
  const lists = Array.isArray(fields["authorizationList"]) ? fields["authorizationList"].filter(isFields) : [];
  const transaction: TransactionLike = {
    type,
    signature,
    to: text("to") ?? null,
    nonce: Number(text("nonce")),
    gasLimit: text("gas") ?? null,
    data: text("input") ?? null,
    value: text("value") ?? null,
    // Before EIP-155 a signature was good on every chain.
    chainId: type === 0 && signature.networkV === null ? 0n : BigInt(text("chainId") ?? 0),
    ...(type < 2
      ? { gasPrice: text("gasPrice") ?? null }
      : {
          maxFeePerGas: text("maxFeePerGas") ?? null,
          maxPriorityFeePerGas: text("maxPriorityFeePerGas") ?? null,
        }),
    ...(type > 0 ? { accessList: fields["accessList"] as TransactionLike["accessList"] & object } : {}),
    ...(type === 3
      ? {
          maxFeePerBlobGas: text("maxFeePerBlobGas") ?? null,
          blobVersionedHashes: fields["blobVersionedHashes"] as string[],
        }
      : {}),
    ...(type === 4
      ? {
          authorizationList: lists.map((one) => ({
            address: String(one["address"]),
            nonce: BigInt(String(one["nonce"])),
            chainId: BigInt(String(one["chainId"])),
            signature: signatureIn(one),
          })),
        }
      : {}),
  };
  return Transaction.from(transaction).serialized;
}

function signatureIn(fields: Fields): Signature {
  const word = (name: string) => toBeHex(BigInt(String(fields[name])), 32);
  return Signature.from({ r: word("r"), s: word("s"), v: BigInt(String(fields["v"] ?? fields["yParity"])) });
}
