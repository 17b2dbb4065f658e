// What council members do: cast the ballot of their seat.
import { toUtf8Bytes } from "ethers";

import { codeOf } from "../replay/chain.ts";
import { plural } from "../format.ts";
import type { Desk } from "./desk.ts";
import { PROPOSAL_STATES } from "./refusals.ts";
import { carryOut } from "./transactions.ts";

/** In the order of the contract's `Support`. */
export const SUPPORTS = ["against", "for", "abstain"] as const;

/** What an urgent ballot costs at most besides the recognition, and what a byte of its reason costs at most. */
const BALLOT_GAS = 200_000n;
const REASON_BYTE_GAS = 40n;

export interface Ballot {
  proposalId: bigint;
  support: (typeof SUPPORTS)[number];
  reason?: string | undefined;
  /** The delegate. */
  from: string;
  print?: boolean;
}

/** Casts a ballot, with the gas that an urgent one needs to carry a recognition out, and tells how the vote stands. */
export async function vote(desk: Desk, { proposalId, support, reason, from, print = false }: Ballot): Promise<void> {
  const { council, registry } = desk.contracts;
  const choice = SUPPORTS.indexOf(support);
  const call =
    reason === undefined
      ? council.castVote.populateTransaction(proposalId, choice)
      : council.castVoteWithReason.populateTransaction(proposalId, choice, reason);
  const urgent = (await council.attackOf(proposalId)) !== 0n;
  const bytes = BigInt(toUtf8Bytes(reason ?? "").length);
  const gas = urgent ? { gasLimit: (await council.RECOGNITION_GAS()) + BALLOT_GAS + bytes * REASON_BYTE_GAS } : {};
  const events = await carryOut(desk, { from, as: "the delegate that would vote", call, ...gas, print });
  if (print) return;
  const { code } = await registry.accountOf(from);
  desk.say(`${codeOf(code)} has voted ${support} on proposal ${proposalId}`);
  desk.say(await tallyText(desk, proposalId));
  for (const event of events) {
    if (event.name === "Decided")
      desk.say(event.args.passed ? "With this ballot it has passed." : "With this ballot it has failed.");
    if (event.name === "Recognised") {
      const { attackId, committed, advance } = event.args;
      desk.say(
        `attack ${attackId} is recognised: ${desk.money.show(committed)} committed, ${desk.money.show(advance)} advanced`,
      );
    }
    if (event.name === "RecognitionFailed")
      desk.say("The recognition failed; anyone may try again by the council's execute.");
  }
}

/** "4 for, 1 against, 0 abstain of 7 seats: active". */
export async function tallyText({ contracts: { council } }: Desk, proposalId: bigint): Promise<string> {
  const [against, inFavour, abstain] = await council.proposalVotes(proposalId);
  const { seats } = await council.ballotBox(proposalId);
  const state = PROPOSAL_STATES[Number(await council.state(proposalId))] ?? "";
  return `${inFavour} for, ${against} against, ${abstain} abstain of ${plural(seats, "seat")}: ${state}`;
}
