// Headers of blocks. A header that gives its hash is as good as the hash.
import { encodeRlp, keccak256 } from "ethers";

import { CannotCheck } from "../deployment/chain.ts";
import { isFields } from "../deployment/input.ts";
import type { Fields } from "../deployment/input.ts";
import { quantity } from "./node.ts";
import type { Node } from "./node.ts";

export interface Header {
  number: number;
  hash: string;
  parentHash: string;
  stateRoot: string;
  receiptsRoot: string;
  logsBloom: string;
  /** In seconds since 1970. */
  time: number;
  transactions: string[];
  /** As the node gave it. */
  fields: Fields;
}

/** By number, hash or tag; undefined if the node knows none. */
export async function findHeader(node: Node, block: number | string): Promise<Header | undefined> {
  const isHash = typeof block === "string" && /^0x[0-9a-fA-F]{64}$/.test(block);
  const given = await node.need(
    isHash ? "eth_getBlockByHash" : "eth_getBlockByNumber",
    typeof block === "number" ? quantity(block) : block,
    false,
  );
  if (given === null) return undefined;
  const header = isFields(given) ? parsed(given) : undefined;
  if (header === undefined) throw new CannotCheck(`${node.name} answers for block ${block} with what is no block`);
  if (typeof block === "number" && header.number !== block) {
    throw new CannotCheck(`${node.name} answers for block ${block} with block ${header.number}`);
  }
  return header;
}

/** The same of a block that must be there. */
export async function headerOf(node: Node, block: number | string): Promise<Header> {
  const header = await findHeader(node, block);
  if (header === undefined) throw new CannotCheck(`${node.name} knows no block ${block}`);
  return header;
}

/** In the order in which they are hashed: yellow paper, 4.4.3, then EIP-1559, 4895, 4844 (two), 4788 and 7685. */
const HASHED: readonly (readonly [name: string, isNumber: boolean])[] = [
  ["parentHash", false],
  ["sha3Uncles", false],
  ["miner", false],
  ["stateRoot", false],
  ["transactionsRoot", false],
  ["receiptsRoot", false],
  ["logsBloom", false],
  ["difficulty", true],
  ["number", true],
  ["gasLimit", true],
  ["gasUsed", true],
  ["timestamp", true],
  ["extraData", false],
  ["mixHash", false],
  ["nonce", false],
  ["baseFeePerGas", true],
  ["withdrawalsRoot", false],
  ["blobGasUsed", true],
  ["excessBlobGas", true],
  ["parentBeaconBlockRoot", false],
  ["requestsHash", false],
];

/** The hash that a header's fields give; undefined if they cannot be encoded. */
export function hashOf({ fields }: Header): string | undefined {
  const present = HASHED.filter(([name]) => fields[name] !== undefined && fields[name] !== null);
  try {
    return keccak256(encodeRlp(present.map(([name, isNumber]) => encoded(fields[name], isNumber))));
  } catch {
    return undefined;
  }
}

function encoded(value: unknown, isNumber: boolean): string {
  const text = String(value);
  if (!isNumber) return text;
  const digits = BigInt(text).toString(16);
  return digits === "0" ? "0x" : `0x${digits.padStart(digits.length + (digits.length % 2), "0")}`;
}

function parsed(fields: Fields): Header | undefined {
  const hex = (name: string, bytes: number): string | undefined => {
    const value = fields[name];
    return typeof value === "string" && value.length === 2 + 2 * bytes ? value.toLowerCase() : undefined;
  };
  const [number, time] = [Number(fields["number"]), Number(fields["timestamp"])];
  const [hash, parentHash] = [hex("hash", 32), hex("parentHash", 32)];
  const [stateRoot, receiptsRoot, logsBloom] = [hex("stateRoot", 32), hex("receiptsRoot", 32), hex("logsBloom", 256)];
  if (!Number.isSafeInteger(number) || !Number.isSafeInteger(time) || hash === undefined || parentHash === undefined) {
    return undefined;
  }
  if (stateRoot === undefined || receiptsRoot === undefined || logsBloom === undefined) return undefined;
  const transactions = Array.isArray(fields["transactions"]) ? fields["transactions"].map(String) : [];
  return { number, hash, parentHash, stateRoot, receiptsRoot, logsBloom, time, transactions, fields };
}
