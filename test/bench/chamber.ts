import { dataSlice, id } from "ethers";

import type { PlainToken } from "../../typechain-types/index.ts";
import type { Connection } from "../support/chain.ts";

/** What one decision cost, transaction by transaction, in gas. */
export interface DecisionCosts {
  propose: bigint;
  /** In the order in which they were cast; by signature in one batch, each its share. */
  ballots: bigint[];
  queueAndExecute: bigint;
}

/** How agreement reaches the chain; what takes no signatures takes transactions instead. */
export type Manner = "transactions" | "signatures";

/** A body of equal seats that can do the same act as any other: approve somebody on a token. */
export interface Chamber {
  seats: number;
  /** Carries a decision through by the least majority, and proves that the act was done. */
  decide(manner: Manner): Promise<DecisionCosts>;
  /** What a seat's ballot costs that somebody else brings, not the vote's first. */
  ballotBySignature?(seat: number): Promise<bigint>;
}

/** An act that costs the same whoever does it: it writes one empty slot. */
export class Act {
  readonly #token: PlainToken;
  readonly target: string;
  #count = 0;

  private constructor(token: PlainToken, target: string) {
    this.#token = token;
    this.target = target;
  }

  static async on({ ethers }: Pick<Connection, "ethers">): Promise<Act> {
    const token = await ethers.deployContract("PlainToken");
    return new Act(token, await token.getAddress());
  }

  /** The call that approves one more payee. */
  next(): { payee: string; data: string } {
    const payee = dataSlice(id(`payee ${++this.#count}`), 12);
    return { payee, data: this.#token.interface.encodeFunctionData("approve", [payee, 1n]) };
  }

  /** Fails unless the executor has done it. */
  async expectDone(executor: string, payee: string): Promise<void> {
    const allowance = await this.#token.allowance(executor, payee);
    if (allowance !== 1n) throw new Error(`the act was not done: ${executor} allows ${payee} ${allowance}`);
  }
}

/** The least majority of so many seats. */
export const majorityOf = (seats: number): number => Math.floor(seats / 2) + 1;
