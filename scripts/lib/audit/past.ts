// Since when contracts are there, for which a node must know the past.
import { CannotCheck } from "../deployment/chain.ts";
import type { Header } from "../node/blocks.ts";
import { Refusal, quantity } from "../node/node.ts";
import type { Node } from "../node/node.ts";

/** Addresses by what sentences call them. */
type Named = Record<string, string>;

export class Past {
  readonly #node: Node;
  readonly #header: Header;

  constructor(node: Node, header: Header) {
    this.#node = node;
    this.#header = header;
  }

  /** The first block that has any of the contracts, all of which are there at `latest`. */
  async firstOf(contracts: Named, latest: number): Promise<number> {
    let first = latest;
    for (const address of Object.values(contracts)) {
      let before = -1;
      // Most are younger than the oldest before them, which one question shows.
      if (first > 0 && !(await this.#known(address, first - 1))) continue;
      while (first - before > 1) {
        const middle = Math.floor((before + first) / 2);
        if (await this.#known(address, middle)) first = middle;
        else before = middle;
      }
    }
    return first;
  }

  /**
   * What could not be looked at, in sentences.
   * @throws {CannotCheck} if a contract is older than the first block, or the first block is still to come
   */
  async requireNothing(contracts: Named, first: number): Promise<string[]> {
    const { number } = this.#header;
    if (first > number) {
      throw new CannotCheck(`--from: block ${first} is beyond block ${number}, which is audited; name an earlier one`);
    }
    if (first === 0) return [];
    for (const [name, address] of Object.entries(contracts)) {
      try {
        if (!(await this.#has(address, first - 1))) continue;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return [`whether a contract is older: ${this.#node.name} does not know block ${first - 1}`];
      }
      throw new CannotCheck(
        `--from: block ${first} is too late, since the ${name} ${address} was there before; name an earlier one`,
      );
    }
    return [];
  }

  async #has(address: string, block: number): Promise<boolean> {
    return (await this.#node.ask("eth_getCode", address, quantity(block))) !== "0x";
  }

  async #known(address: string, block: number): Promise<boolean> {
    try {
      return await this.#has(address, block);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new CannotCheck(
        `${this.#node.name} does not know the past (block ${block}: ${error.message}); name the first block by --from`,
      );
    }
  }
}
