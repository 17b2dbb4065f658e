import { AsyncLocalStorage } from "node:async_hooks";

import { ZeroAddress } from "ethers/constants";
import { keccak256, Signature } from "ethers/crypto";
import { verifyAuthorization } from "ethers/hash";
import { toBeHex } from "ethers/utils";
import type { JsonRpcRequest, JsonRpcResponse } from "hardhat/types/providers";

import { type Build, creationOf } from "./creations.ts";
import { hashesOfLogs, lineOf, type Log, type Step } from "./step.ts";

type Ask = (request: JsonRpcRequest) => Promise<JsonRpcResponse>;
type Fields = Record<string, unknown>;

interface Sent {
  hash: string;
  from: string;
  to: string | null;
  value: string;
  input: string;
  gas: string;
  nonce: string;
  /** By which accounts take on the code of contracts (EIP-7702). */
  authorizationList?: Authorization[];
}

interface Authorization {
  chainId: string;
  address: string;
  nonce: string;
  yParity: string;
  r: string;
  s: string;
}

interface Block {
  /** In hexadecimal, as all that follows. */
  number: string;
  timestamp: string;
  miner: string;
  transactions: Sent[];
}

interface Receipt {
  status: string;
  gasUsed: string;
  contractAddress: string | null;
  logs: Log[];
}

const SENDING = new Set(["eth_sendTransaction", "eth_sendRawTransaction"]);
const ASKING = new Set(["eth_call", "eth_estimateGas"]);
const CHANGING = /^(evm|hardhat|anvil)_/;
/** The present: what is asked of another block is not asked of the state that is replayed. */
const PRESENT = new Set([undefined, "latest", "pending"]);

/** What failed with less may have failed for want of it, which a replay gives without limit; it changed nothing. */
const AMPLE_GAS = 10_000_000n;
const isScarce = (gas: string | undefined) => gas !== undefined && BigInt(gas) < AMPLE_GAS;

/** Follows one chain: every request is passed on, and what it did to the chain becomes steps. */
export class Chronicle {
  #lines: string[];
  /** Requests are taken one by one, else a call could be written down in the wrong state. */
  #last: Promise<unknown> = Promise.resolve();
  /** Answering one, Hardhat may ask others, which belong to it and must not wait for it. */
  readonly #within = new AsyncLocalStorage<boolean>();
  #block: Block | undefined;
  #waiting = 0;
  #snapshots: string[] = [];
  readonly #builds: readonly Build[];

  /** `name` tells whose chain it is, should a replay of it go astray. */
  constructor(name: string, builds: readonly Build[]) {
    this.#lines = [lineOf({ kind: "chain", artifact: name })];
    this.#builds = builds;
  }

  /** How many lines wait to be taken. */
  get size(): number {
    return this.#lines.length;
  }

  /** The lines since the last time. */
  take(): string {
    const lines = this.#lines.map((line) => `${line}\n`).join("");
    this.#lines = [];
    return lines;
  }

  follow(request: JsonRpcRequest, ask: Ask): Promise<JsonRpcResponse> {
    const { method } = request;
    const plain = !SENDING.has(method) && !ASKING.has(method) && !CHANGING.test(method);
    if (plain || this.#within.getStore() === true) return ask(request);
    const result = this.#last.then(() => this.#within.run(true, () => this.#answer(request, ask)));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #answer(request: JsonRpcRequest, ask: Ask): Promise<JsonRpcResponse> {
    const { method } = request;
    const params = (request.params ?? []) as unknown[];
    if (SENDING.has(method)) this.#waiting++;
    let response: JsonRpcResponse | undefined;
    let failure: unknown;
    try {
      response = await ask(request);
    } catch (error) {
      failure = error;
    }
    const result = response !== undefined && "result" in response ? response.result : undefined;
    const error = failure ?? (response !== undefined && "error" in response ? response.error : undefined);
    const question = new Question(request, ask);
    if (ASKING.has(method)) await this.#asked(question, params, result, error);
    else {
      if (error === undefined) this.#changed(method, params, result);
      const mined = await this.#catchUp(question, method === "evm_revert");
      // Refused before it was sent: Hardhat has estimated its gas, which failed.
      if (method === "eth_sendTransaction" && error !== undefined && !mined) {
        this.#waiting--;
        await this.#asked(question, [params[0], "pending"], undefined, error);
      }
    }
    if (response === undefined) throw failure;
    return response;
  }

  async #asked(question: Question, [call, tag]: unknown[], result: unknown, error: unknown): Promise<void> {
    if (!PRESENT.has(tag as string | undefined)) return;
    // What is estimated is sent next.
    const estimate = question.method === "eth_estimateGas";
    if (estimate && error === undefined) return;
    const { from, to, value, data, input, gas } = call as Record<string, string | undefined>;
    if (error !== undefined && isScarce(gas)) return;
    this.#block ??= await question.block("latest");
    const pending = estimate || tag === "pending";
    // A block to come tells its time, and not yet its number.
    const { timestamp } = pending ? await question.block("pending") : this.#block;
    const code = input ?? data ?? "0x";
    const returned = error === undefined ? (result as string) : revertDataOf(error);
    const step: Partial<Step> = {
      dry: true,
      block: BigInt(this.#block.number) + (pending ? 1n : 0n),
      timestamp: BigInt(timestamp),
      coinbase: this.#block.miner,
      from: from ?? ZeroAddress,
      value: BigInt(value ?? 0),
      succeeded: error === undefined,
      outcomes: returned === undefined ? [] : [keccak256(returned)],
    };
    if (to === undefined) this.#write({ kind: "create", ...step, ...creationOf(code, this.#builds) });
    else this.#write({ kind: "call", ...step, to, data: code });
  }

  #changed(method: string, params: unknown[], result: unknown): void {
    const [account, first, second] = params as string[];
    if (method === "evm_snapshot") {
      this.#snapshots.push(result as string);
      this.#write({ kind: "snapshot", value: BigInt(this.#snapshots.length - 1) });
    } else if (method === "evm_revert") {
      this.#write({ kind: "revert", value: BigInt(this.#snapshots.lastIndexOf(account ?? "")) });
    } else if (method === "hardhat_setBalance") {
      this.#write({ kind: "balance", to: account ?? "", value: BigInt(first ?? 0) });
    } else if (method === "hardhat_setCode") {
      this.#write({ kind: "code", to: account ?? "", data: first ?? "" });
    } else if (method === "hardhat_setStorageAt") {
      this.#write({ kind: "storage", to: account ?? "", value: BigInt(first ?? 0), data: second ?? "" });
    }
  }

  /** Writes down what blocks have been made of what was sent, and tells whether there is a new one. */
  async #catchUp(question: Question, back: boolean): Promise<boolean> {
    const head = await question.block("latest");
    if (back) this.#waiting = 0;
    // The first block of a chain holds nothing.
    const seen = BigInt(this.#block?.number ?? 0);
    for (let n = seen + 1n; !back && this.#waiting > 0 && n <= BigInt(head.number); n++) {
      const block = n === BigInt(head.number) ? head : await question.block(`0x${n.toString(16)}`);
      for (const sent of block.transactions) {
        for (const account of (sent.authorizationList ?? []).map(authorityOf))
          this.#write({ kind: "code", to: account, data: await question.code(account, block.number) });
        this.#sent(block, sent, await question.receipt(sent.hash));
        this.#waiting--;
      }
    }
    this.#block = head;
    return BigInt(head.number) > seen;
  }

  #sent(block: Block, sent: Sent, receipt: Receipt): void {
    const succeeded = receipt.status === "0x1";
    // One that used up all it was given failed for want of more, however much that was.
    if (!succeeded && (isScarce(sent.gas) || BigInt(receipt.gasUsed) === BigInt(sent.gas))) return;
    const step: Partial<Step> = {
      block: BigInt(block.number),
      timestamp: BigInt(block.timestamp),
      coinbase: block.miner,
      from: sent.from,
      nonce: BigInt(sent.nonce),
      value: BigInt(sent.value),
      succeeded,
      outcomes: hashesOfLogs(receipt.logs),
    };
    if (sent.to === null) {
      const to = receipt.contractAddress ?? ZeroAddress;
      this.#write({ kind: "create", ...step, to, ...creationOf(sent.input, this.#builds) });
    } else this.#write({ kind: "call", ...step, to: sent.to, data: sent.input });
  }

  #write(step: Partial<Step> & Pick<Step, "kind">): void {
    this.#lines.push(lineOf(step));
  }
}

/** Questions of our own, in the name of a request. */
class Question {
  readonly #request: JsonRpcRequest;
  readonly #ask: Ask;

  constructor(request: JsonRpcRequest, ask: Ask) {
    this.#request = request;
    this.#ask = ask;
  }

  get method(): string {
    return this.#request.method;
  }

  async block(tag: string): Promise<Block> {
    return (await this.#put("eth_getBlockByNumber", [tag, true])) as Block;
  }

  async receipt(hash: string): Promise<Receipt> {
    return (await this.#put("eth_getTransactionReceipt", [hash])) as Receipt;
  }

  async code(account: string, tag: string): Promise<string> {
    return (await this.#put("eth_getCode", [account, tag])) as string;
  }

  async #put(method: string, params: unknown[]): Promise<unknown> {
    const response = await this.#ask({ jsonrpc: "2.0", id: this.#request.id, method, params });
    if ("error" in response) throw new Error(`${method}: ${response.error.message}`);
    return response.result;
  }
}

/** Whose authorization it is. */
function authorityOf({ chainId, address, nonce, yParity, r, s }: Authorization): string {
  const signature = Signature.from({ r: toBeHex(r, 32), s: toBeHex(s, 32), yParity: yParity === "0x1" ? 1 : 0 });
  return verifyAuthorization({ address, chainId: BigInt(chainId), nonce: BigInt(nonce) }, signature);
}

/** What a failed call returned, where the node tells it. */
function revertDataOf(error: unknown): string | undefined {
  const data = (error as Fields)["data"];
  if (typeof data === "string") return data;
  const inner = (data as Fields | undefined)?.["data"];
  return typeof inner === "string" ? inner : undefined;
}
