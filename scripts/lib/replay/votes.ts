import { MOST_GAS } from "./chain.ts";
import type { Actor } from "./ledger.ts";
import type { Act } from "./timeline.ts";
import type { World } from "./world.ts";

const FOR = 1;
/** Between the moment at which a decision may be carried out and the act. */
const HOUR = 3_600;
/** Until it is looked again whether anybody may propose. */
const WAIT = 30 * 86_400;

export interface Vote {
  proposalId: bigint;
  /** For how long ballots are accepted, in seconds. */
  lasts: bigint;
  decided: Act;
  /** Too few could vote; when the time for it is over. */
  failed: Act;
}

/**
 * Lets one delegate after another vote For until the vote is decided, by code and at an even pace. The replay states no
 * country's real position.
 */
export async function holdVote(world: World, vote: Vote): Promise<void> {
  const { ledger, roster, timeline, parameters } = world;
  const { chain, council } = ledger;
  const { remaining } = await council.ballotBox(vote.proposalId);
  const voters = roster.votersIn(remaining);
  const interval = ballotInterval(vote.lasts, parameters.votingShare, voters.length);
  const over = chain.now + Number(vote.lasts) + HOUR;
  const ballot = async (place: number): Promise<void> => {
    const voter = voters[place];
    if (voter === undefined) {
      timeline.at(over, vote.failed);
      return;
    }
    await chain.send(voter.delegate, council.castVote.populateTransaction(vote.proposalId, FOR));
    if ((await council.decidedAt(vote.proposalId)) !== 0n) await vote.decided();
    else timeline.at(chain.now + interval, () => ballot(place + 1));
  };
  timeline.at(chain.now + interval, () => ballot(0));
}

/** Seconds between two ballots if `seats` are to vote evenly within a share of the voting time. */
export function ballotInterval(votingTime: bigint, votingShare: number, seats: number): number {
  return Math.max(1, Math.floor((Number(votingTime) * votingShare) / 1_000_000 / Math.max(1, seats)));
}

export interface Action {
  target: { getAddress(): Promise<string> };
  data: string;
}

/** Carries actions through the ordinary procedure: proposal, ballots, timelock, execution. */
export async function decide(world: World, description: string, actions: Action[], executed: Act): Promise<void> {
  const { ledger, roster, timeline } = world;
  const { chain, council, registry, relayer } = ledger;
  const proposer: Actor | undefined = roster.votersIn(await registry.electorate())[0];
  if (proposer === undefined) {
    // Every vote rests for a debt.
    timeline.at(chain.now + WAIT, () => decide(world, description, actions, executed));
    return;
  }
  const targets = await Promise.all(actions.map(({ target }) => target.getAddress()));
  const values = actions.map(() => 0n);
  const calls = actions.map(({ data }) => data);
  const call = council.propose.populateTransaction(targets, values, calls, description);
  await chain.send(proposer.delegate, call, MOST_GAS);
  const proposalId = await council.latestProposalId();
  const execute = async () => {
    await chain.send(relayer, council["execute(uint256)"].populateTransaction(proposalId), MOST_GAS);
    await executed();
  };
  const decided = async () => {
    await chain.send(relayer, council["queue(uint256)"].populateTransaction(proposalId), MOST_GAS);
    timeline.at(Number(await council.proposalEta(proposalId)) + HOUR, execute);
  };
  const failed = () => Promise.reject(new Error(`Vote ${proposalId} is undecided, though all seats are For.`));
  await holdVote(world, { proposalId, lasts: await council.votingPeriod(), decided, failed });
}
