import type { Actor, Ledger } from "./ledger.ts";
import type { Timeline } from "./timeline.ts";

const FOR = 1;
/** Of the ordinary procedure's steps after the decision. */
const HOUR = 3_600;

export interface Vote {
  proposalId: bigint;
  /** In the order in which they vote. */
  voters: Actor[];
  /** Seconds between two ballots. */
  interval: number;
  decided: () => Promise<void>;
}

/** Lets one delegate after another vote For until the vote is decided. The replay states no country's real position. */
export function holdVote({ chain, council }: Ledger, timeline: Timeline, vote: Vote): void {
  const ballot = async (place: number): Promise<void> => {
    const voter = vote.voters[place];
    if (voter === undefined) throw new Error(`The vote ${vote.proposalId} is undecided after the last ballot.`);
    await chain.send(voter.delegate, council.castVote.populateTransaction(vote.proposalId, FOR));
    if ((await council.decidedAt(vote.proposalId)) !== 0n) await vote.decided();
    else timeline.at(chain.now + vote.interval, () => ballot(place + 1));
  };
  timeline.at(chain.now + vote.interval, () => ballot(0));
}

/** Seconds between two ballots if `seats` are to vote evenly within a share of the voting time. */
export function ballotInterval(votingTime: bigint, votingShare: number, seats: number): number {
  return Math.max(1, Math.floor((Number(votingTime) * votingShare) / 1_000_000 / Math.max(1, seats)));
}

export interface Proposal {
  target: { getAddress(): Promise<string> };
  data: string;
  description: string;
}

/** Carries one call through the ordinary procedure: proposal, ballots, timelock, execution. */
export async function decide(
  ledger: Ledger,
  timeline: Timeline,
  votingShare: number,
  proposal: Proposal,
  executed: (proposalId: bigint) => void,
): Promise<void> {
  const { chain, council, relayer } = ledger;
  const voters = ledger.actors.filter(({ kind }) => kind === "State");
  const [proposer] = voters;
  if (proposer === undefined) throw new Error("The council has no seat.");
  const target = await proposal.target.getAddress();
  const { description } = proposal;
  await chain.send(
    proposer.delegate,
    council.propose.populateTransaction([target], [0n], [proposal.data], description),
  );
  const proposalId = await council.latestProposalId();
  const interval = ballotInterval(await council.votingPeriod(), votingShare, voters.length);
  const execute = async () => {
    await chain.send(relayer, council["execute(uint256)"].populateTransaction(proposalId));
    executed(proposalId);
  };
  const decided = async () => {
    await chain.send(relayer, council["queue(uint256)"].populateTransaction(proposalId));
    timeline.at(Number(await council.proposalEta(proposalId)) + HOUR, execute);
  };
  holdVote(ledger, timeline, { proposalId, voters, interval, decided });
}
