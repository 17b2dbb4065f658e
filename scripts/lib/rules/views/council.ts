import { id as hashOf } from "ethers";

import { Questions } from "./question.ts";
import type { Question, Scope } from "./question.ts";

/** Every proposal with its ballots and where it stands. */
export function councilQuestions({ rulebook, contracts, at, now, concerns }: Scope): Question[] {
  const { council } = rulebook;
  const chain = contracts.council;
  const q = new Questions();
  q.ask("council.votingPeriod", "", () => chain.votingPeriod(at), council.votingPeriod);
  q.ask("timelock.getMinDelay", "", () => contracts.timelock.getMinDelay(at), council.timelock.delay);
  q.ask("council.proposalCount", "", () => chain.proposalCount(at), BigInt(council.proposals.size));
  for (const proposal of council.proposals.values()) {
    if (!concerns("proposal", proposal.id)) continue;
    const { id, votes, remaining, seats, attackId, decidedAt, opensAfter, deadline, eta } = proposal;
    const [against, inFavour, abstain] = votes;
    const { proposer, actions, description } = proposal;
    const [targets, calls] = [actions.map(({ target }) => target), actions.map(({ data }) => data)];
    const details = [targets, actions.map(() => 0n), calls, hashOf(description)];
    q.ask("council.proposalDetails", id, () => chain.proposalDetails(id, at), details);
    q.ask("council.proposalProposer", id, () => chain.proposalProposer(id, at), proposer);
    q.ask("council.proposalVotes", id, () => chain.proposalVotes(id, at), { against, inFavour, abstain });
    q.ask("council.ballotBox", id, () => chain.ballotBox(id, at), { remaining, seats });
    q.ask("council.state", id, () => chain.state(id, at), council.state(proposal, now));
    q.ask("council.attackOf", id, () => chain.attackOf(id, at), attackId ?? 0n);
    q.ask("council.decidedAt", id, () => chain.decidedAt(id, at), decidedAt);
    q.ask("council.failedAt", id, () => chain.failedAt(id, at), council.failedAt(id, now));
    q.ask("council.proposalSnapshot", id, () => chain.proposalSnapshot(id, at), opensAfter);
    q.ask("council.proposalDeadline", id, () => chain.proposalDeadline(id, at), deadline);
    q.ask("council.proposalEta", id, () => chain.proposalEta(id, at), eta);
  }
  return q.all;
}
