// Asking a node, whose answers are claims until they are proved.
import { setTimeout as pause } from "node:timers/promises";

import { CannotCheck, messageOf } from "../deployment/chain.ts";

/** What every library and every network of Hardhat offers (EIP-1193). */
export interface Provider {
  request(question: { method: string; params?: unknown[] }): Promise<unknown>;
}

/** The node has answered, and declined. */
export class Refusal extends Error {}

/** Between attempts that got no answer or came too fast, in milliseconds. */
const PAUSES = [250, 1_000];

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
        if (answers && !/\b429\b|too many requests|rate.?limit/i.test(reason)) throw new Refusal(reason);
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

/** The first line says it; what follows is a library's own. */
function reasonOf(error: unknown): string {
  return messageOf(error).split("\n")[0] ?? "";
}
