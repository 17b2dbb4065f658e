import type { EventOf } from "../../events/events.ts";
import { DAY, countSeats, hasSeat } from "../arithmetic/numbers.ts";
import type { Rulebook } from "../rulebook.ts";
import type { Told } from "../told.ts";
import { BallotsClerk } from "./ballots.ts";
import { TimelockClerk } from "./timelock.ts";
import type { Operation } from "./timelock.ts";

const URGENT_PERIOD = 5n * DAY;
const QUEUE_WINDOW = 14n * DAY;
const EXECUTION_WINDOW = 30n * DAY;

export const ProposalState = {
  Pending: 0n,
  Active: 1n,
  Canceled: 2n,
  Defeated: 3n,
  Succeeded: 4n,
  Queued: 5n,
  Expired: 6n,
  Executed: 7n,
} as const;

export interface Proposal extends Operation {
  id: bigint;
  proposer: string;
  /** The attack of an urgent proposal. */
  attackId: bigint | undefined;
  /** Seats of the electorate that have not voted. */
  remaining: bigint;
  seats: bigint;
  votes: [against: bigint, inFavour: bigint, abstain: bigint];
  opensAfter: bigint;
  deadline: bigint;
  decidedAt: bigint;
  passed: boolean;
  eta: bigint;
  executed: boolean;
  canceled: boolean;
}

/** What the council decides, ballot by ballot. */
export class CouncilClerk {
  readonly proposals = new Map<bigint, Proposal>();
  readonly timelock: TimelockClerk;
  votingPeriod = 0n;
  readonly #ballots: BallotsClerk;
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
    this.timelock = new TimelockClerk(book);
    this.#ballots = new BallotsClerk(book);
  }

  apply(event: Told<"council">): void {
    const { desk } = this.book;
    switch (event.name) {
      case "ProposalCreated": {
        this.#open(event.args);
        return;
      }
      case "VoteCast":
      case "VoteCastWithParams": {
        this.#ballots.cast(event.args);
        return;
      }
      case "ProposalQueued": {
        this.#queue(event.args);
        return;
      }
      case "ProposalExecuted":
        if (desk.demands("council", "ProposalExecuted")) {
          desk.tell(event);
          return;
        }
        {
          this.#execute(event.args.proposalId);
          return;
        }
      case "ProposalCanceled":
        if (desk.demands("council", "ProposalCanceled")) {
          desk.tell(event);
          return;
        }
        {
          this.#cancel(event.args.proposalId);
          return;
        }
      case "RecognitionFailed": {
        this.#ballots.recognitionFailed(event.args);
        return;
      }
      case "VotingPeriodSet":
        if (this.votingPeriod > 0n) this.book.decree("council", "VotingPeriodSet");
        desk.same("council.VotingPeriodSet", { oldVotingPeriod: this.votingPeriod }, event.args);
        this.votingPeriod = event.args.newVotingPeriod;
        return;
      case "Decided":
      case "VoteCalled": {
        desk.tell(event);
        return;
      }
    }
  }

  proposal(proposalId: bigint): Proposal | undefined {
    const proposal = this.proposals.get(proposalId);
    const known = proposal !== undefined;
    this.book.desk.law("council", known, `something was told of proposal ${proposalId}, which was never made`);
    return proposal;
  }

  state(proposal: Proposal, now: bigint): bigint {
    const { executed, canceled, opensAfter, deadline, decidedAt, passed, eta, attackId } = proposal;
    if (executed) return ProposalState.Executed;
    if (canceled) return ProposalState.Canceled;
    if (decidedAt === 0n) {
      if (now <= opensAfter) return ProposalState.Pending;
      return now <= deadline ? ProposalState.Active : ProposalState.Defeated;
    }
    if (!passed) return ProposalState.Defeated;
    if (attackId !== undefined) return ProposalState.Succeeded;
    if (eta === 0n) return now <= decidedAt + QUEUE_WINDOW ? ProposalState.Succeeded : ProposalState.Expired;
    return now <= eta + EXECUTION_WINDOW ? ProposalState.Queued : ProposalState.Expired;
  }

  /** When it failed: when it was decided, or at its deadline once that is over; 0 if it has not. */
  failedAt(proposalId: bigint, now: bigint): bigint {
    const proposal = this.proposals.get(proposalId);
    if (proposal === undefined || proposal.canceled) return 0n;
    if (proposal.decidedAt > 0n) return proposal.passed ? 0n : proposal.decidedAt;
    return now > proposal.deadline ? proposal.deadline : 0n;
  }

  /** The register has filed an attack: the vote that was just opened is on it, and without the attacked member's seat. */
  callVote(attackId: bigint, proposalId: bigint, code: string): void {
    const { desk, registry } = this.book;
    desk.demand("council", "VoteCalled", { proposalId, attackId });
    const proposal = this.proposal(proposalId);
    if (proposal === undefined) return;
    desk.law(
      "council.ProposalCreated",
      proposal.attackId === attackId,
      "the vote on an attack is about another matter",
    );
    const seat = registry.member(code).seat;
    if (seat !== undefined) proposal.remaining &= ~(1n << seat);
    proposal.seats = countSeats(proposal.remaining);
  }

  /** The register takes a case back, and with it the vote. */
  cancelVote(proposalId: bigint): void {
    this.book.desk.demand("council", "ProposalCanceled", { proposalId });
    const proposal = this.proposal(proposalId);
    if (proposal !== undefined) proposal.canceled = true;
  }

  /** A recognition is carried out: only one that was decided, and once. */
  recognised(proposalId: bigint): void {
    const { desk } = this.book;
    const proposal = this.proposal(proposalId);
    if (proposal === undefined) return;
    const succeeded = this.state(proposal, desk.now) === ProposalState.Succeeded;
    desk.law("register.Recognised", succeeded, `an attack was recognised though proposal ${proposalId} has not passed`);
    proposal.executed = true;
    desk.demand("council", "ProposalExecuted", { proposalId });
  }

  #open(args: EventOf<"council", "ProposalCreated">["args"]): void {
    const { desk, registry, register, setting } = this.book;
    const rule = "council.ProposalCreated";
    const { proposalId, proposer, targets, values, signatures, calldatas, voteStart, voteEnd, description } = args;
    const bare = values.every((value) => value === 0n) && signatures.every((signature) => signature === "");
    desk.law(rule, bare, "a proposal carries ether, or names a function beside its call");
    desk.law(
      rule,
      proposalId === BigInt(this.proposals.size) + 1n,
      "the numbers of proposals do not follow each other",
    );
    const urgent = proposer === setting.addresses.register;
    const length = urgent ? URGENT_PERIOD : this.votingPeriod;
    desk.same(rule, { voteStart: desk.now, voteEnd: desk.now + length }, args);
    const actions = targets.map((target, i) => ({ target, data: calldatas[i] ?? "" }));
    // The seats of the second before: in the one that still runs the electorate may change again.
    const remaining = registry.electorateAt(desk.now - 1n);
    const attackId = urgent ? register.nextId : undefined;
    if (attackId !== undefined) {
      const attacked = register.recognitionOf(actions);
      desk.law(
        rule,
        attacked === attackId,
        "an urgent proposal does something else than recognise the attack just filed",
      );
      desk.atEnd(() => {
        const filed = register.attacks.get(attackId)?.proposalId === proposalId;
        desk.law(rule, filed, `urgent proposal ${proposalId} was opened though no attack was filed`);
      });
    } else {
      const seat = registry.seatCastBy(proposer);
      const votes = seat !== undefined && hasSeat(remaining, seat);
      desk.law(rule, votes, `${proposer} made a proposal though it has no seat that votes`);
      desk.law(rule, register.recognitionOf(actions) === undefined, "an ordinary proposal recognises an attack");
    }
    const proposal: Proposal = {
      id: proposalId,
      proposer,
      attackId,
      remaining,
      seats: countSeats(remaining),
      votes: [0n, 0n, 0n],
      opensAfter: voteStart,
      deadline: voteEnd,
      decidedAt: 0n,
      passed: false,
      eta: 0n,
      executed: false,
      canceled: false,
      actions,
      description,
    };
    this.proposals.set(proposalId, proposal);
  }

  #queue({ proposalId, etaSeconds }: EventOf<"council", "ProposalQueued">["args"]): void {
    const { desk } = this.book;
    const rule = "council.ProposalQueued";
    const proposal = this.proposal(proposalId);
    if (proposal === undefined) return;
    const succeeded = proposal.attackId === undefined && this.state(proposal, desk.now) === ProposalState.Succeeded;
    desk.law(rule, succeeded, `proposal ${proposalId} was queued though it has not passed, or too late`);
    const eta = desk.now + this.timelock.delay;
    desk.same(rule, { etaSeconds: eta }, { etaSeconds });
    proposal.eta = eta;
    this.timelock.schedule(proposal);
  }

  #execute(proposalId: bigint): void {
    const { desk } = this.book;
    const rule = "council.ProposalExecuted";
    const proposal = this.proposal(proposalId);
    if (proposal === undefined) return;
    const queued = this.state(proposal, desk.now) === ProposalState.Queued;
    desk.law(rule, queued, `proposal ${proposalId} was executed though it is not queued`);
    desk.law(rule, queued && desk.now >= proposal.eta, `proposal ${proposalId} was executed before its time`);
    proposal.executed = true;
    this.timelock.execute(proposal);
  }

  #cancel(proposalId: bigint): void {
    const { desk } = this.book;
    const proposal = this.proposal(proposalId);
    if (proposal === undefined) return;
    const pending = proposal.attackId === undefined && this.state(proposal, desk.now) === ProposalState.Pending;
    desk.law("council.ProposalCanceled", pending, `proposal ${proposalId} was cancelled after voting opened`);
    proposal.canceled = true;
  }
}
