// Asking a node, whose answers are claims until they are proved.
import { setTimeout as pause } from "node:timers/promises";

import { BrowserProvider, isError } from "ethers";

import { CannotCheck, reasonOf } from "../deployment/chain.ts";

/** What every library and every network of Hardhat offers (EIP-1193). */
export interface Provider {
  request(question: { method: string; params?: unknown[] }): Promise<unknown>;
}

/** The node has answered, and declined. */
export class Refusal extends Error {
  /** What it gave with its reason: of a call that reverts, the error. */
  readonly data: unknown;

  constructor(reason: string, data?: unknown) {
    super(reason);
    this.data = data;
  }
}

/** Between attempts that got no answer or came too fast, in milliseconds. */
const PAUSES = [250, 1_000, 4_000];

export class Node {
  readonly provider: Provider;
  /** How sentences speak of it. */
  readonly name: string;

  constructor(provider: Provider, name = "the node") {
    this.provider = provider;
    this.name = name;
  }

  /**
   * What the node answers, unchecked.
   * @throws {Refusal} if it declines
   * @throws {CannotCheck} if it does not answer
   */
  async ask(method: string, ...params: unknown[]): Promise<unknown> {
    for (let attempt = 0; ; ++attempt) {
      try {
        return await this.provider.request({ method, params });
      } catch (error) {
        const reason = reasonOf(error);
        const answers = await this.#answers();
        if (answers && !/\b429\b|too many requests|rate.?limit/i.test(reason)) {
          throw new Refusal(reason, (error as { data?: unknown }).data);
        }
        const wait = PAUSES[attempt];
        if (wait === undefined) throw new CannotCheck(`${this.name} does not answer: ${reason}`);
        await pause(wait);
      }
    }
  }

  /** The same where a refusal leaves nothing to do. */
  async need(method: string, ...params: unknown[]): Promise<unknown> {
    try {
      return await this.ask(method, ...params);
    } catch (error) {
      if (error instanceof Refusal) throw new CannotCheck(`${this.name} declines ${method}: ${error.message}`);
      throw error;
    }
  }

  async #answers(): Promise<boolean> {
    try {
      await this.provider.request({ method: "eth_chainId", params: [] });
      return true;
    } catch {
      return false;
    }
  }
}

/** A number as JSON-RPC writes it. */
export function quantity(value: number): string {
  return `0x${value.toString(16)}`;
}

/** For contracts to be asked through the node, with its patience. */
export function askingThrough(node: Node, chainId: bigint): BrowserProvider {
  const request = ({ method, params = [] }: { method: string; params?: unknown[] | Record<string, unknown> }) =>
    node.ask(method, ...(Array.isArray(params) ? params : [params]));
  return new BrowserProvider({ request }, chainId, { staticNetwork: true, cacheTimeout: -1 });
}

/** Whether a contract has answered a call, and be it with its error: a node that declines has not. */
export function isRevert(error: unknown): boolean {
  if (!isError(error, "CALL_EXCEPTION")) return false;
  return error.data !== null || /revert/i.test(toldBy(error) ?? "");
}

/** Why a contract could not be asked, in the node's words where it has given any. */
export function whyUnasked(error: unknown): string {
  const { shortMessage } = error as { shortMessage?: string };
  return toldBy(error) ?? shortMessage ?? reasonOf(error);
}

/** The node's own message, around which the library builds others. */
function toldBy(error: unknown): string | undefined {
  return (error as { info?: { error?: { message?: string } } }).info?.error?.message;
}
