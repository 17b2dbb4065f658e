import type { ContractTransaction } from "ethers";

import type { Council } from "../../../typechain-types/index.ts";

/** In hexadecimal digits. */
const WORD = 64;
/** What stands before a signature: voter, support, where the signature begins, how long it is. */
const BEFORE_SIGNATURE = 3 * 32;

export interface SignedBallot {
  voter: string;
  support: number;
  signature: string;
}

/**
 * A call of `castVotesBySig`, as its ABI has it. The encoder of ethers takes a hundred times as long for a hundred ballots, since
 * it goes over their bytes once for each level of nesting, and meanwhile the chain has nothing to do.
 */
export async function castVotesBySig(
  council: Council,
  proposalId: bigint,
  ballots: readonly SignedBallot[],
): Promise<ContractTransaction> {
  const { selector } = council.interface.getFunction("castVotesBySig");
  const bodies = ballots.map(bodyOf);
  let next = WORD * ballots.length;
  const places = bodies.map((body) => {
    const place = next;
    next += body.length;
    return word(place / 2);
  });
  const data = [selector, word(proposalId), word(2 * 32), word(ballots.length), ...places, ...bodies].join("");
  return { to: await council.getAddress(), data };
}

function bodyOf({ voter, support, signature }: SignedBallot): string {
  const bytes = signature.slice(2);
  const padded = bytes.padEnd(Math.ceil(bytes.length / WORD) * WORD, "0");
  const address = voter.slice(2).toLowerCase().padStart(WORD, "0");
  return [address, word(support), word(BEFORE_SIGNATURE), word(bytes.length / 2), padded].join("");
}

function word(value: bigint | number): string {
  return value.toString(16).padStart(WORD, "0");
}
