// The fund's books as the contract tells them.
import { CannotCheck } from "../deployment/chain.ts";
import type { Speakers } from "../events/events.ts";
import type { Header } from "../node/blocks.ts";
import { whyUnasked } from "../node/node.ts";
import type { Finding } from "../rules/finding.ts";
import type { FundState } from "./proof.ts";

export interface Books extends Omit<FundState, "shortage"> {
  /** What the token says the fund holds, in units. */
  balance: bigint;
}

/** All that a proof would show, on the node's word. */
export async function booksOf({ fund, token }: Speakers, of: string, { number }: Header): Promise<Books> {
  const at = { blockTag: number };
  const [head, sequence, reserve, pot, earmarked, committed, balance] = await answering(
    Promise.all([
      fund.head(at),
      fund.sequence(at),
      fund.reserve(at),
      fund.pot(at),
      fund.earmarked(at),
      fund.committed(at),
      token.balanceOf(of, at),
    ]),
  );
  return { head, sequence, reserve, pot, earmarked, committed, balance };
}

/** What the node tells other than it is proved. */
export function compareBooks(proved: FundState, told: Books): Finding[] {
  const names = ["head", "sequence", "reserve", "pot", "earmarked", "committed"] as const;
  return names
    .filter((name) => proved[name] !== told[name])
    .map((name) => ({
      rule: "proof",
      sentence: `the fund's ${name} is proved to be another than the node tells`,
      expected: String(proved[name]),
      found: String(told[name]),
    }));
}

/** An answer of a contract; without one nothing can be checked. */
export async function answering<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new CannotCheck(`the node does not tell the contracts' state: ${whyUnasked(error)}`);
  }
}
