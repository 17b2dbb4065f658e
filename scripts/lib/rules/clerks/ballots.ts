import type { EventOf } from "../../events/events.ts";
import { hasSeat } from "../arithmetic/numbers.ts";
import type { Rulebook } from "../rulebook.ts";
import { ProposalState } from "./council.ts";
import type { Proposal } from "./council.ts";

/** At least so many must be in favour of a recognition. */
const FEWEST_FOR = 3n;

export const Support = { Against: 0n, For: 1n, Abstain: 2n } as const;

/** Ballots, and what they decide. */
export class BallotsClerk {
  /** Recognitions that the deciding ballot has tried in vain. */
  readonly #failed = new Set<bigint>();
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  cast(args: EventOf<"council", "VoteCast">["args"]): void {
    const { council, desk, registry } = this.book;
    const rule = "council.VoteCast";
    const { proposalId, voter, support } = args;
    const proposal = council.proposal(proposalId);
    if (proposal === undefined) return;
    const open = council.state(proposal, desk.now) === ProposalState.Active;
    desk.law(rule, open, `a ballot was cast on proposal ${proposalId}, which is not open`);
    desk.same(rule, { weight: 1n }, args);
    const seat = registry.seatCastBy(voter);
    if (seat === undefined || !hasSeat(proposal.remaining, seat)) {
      desk.find(
        rule,
        `${voter} has no ballot left in proposal ${proposalId}: no seat of its electorate, or one that has voted`,
      );
      return;
    }
    if (support > Support.Abstain) {
      desk.find(rule, "a ballot is neither for, against nor abstaining", "0 to 2", support);
      return;
    }
    proposal.remaining &= ~(1n << seat);
    ++proposal.votes[Number(support) as 0 | 1 | 2];
    this.#decide(proposal);
  }

  /** Passed the moment more than half are in favour, failed the moment half are against. */
  #decide(proposal: Proposal): void {
    const { desk } = this.book;
    const [against, inFavour] = proposal.votes;
    const enough = proposal.attackId === undefined || inFavour >= FEWEST_FOR;
    const passed = 2n * inFavour > proposal.seats && enough;
    if (proposal.decidedAt > 0n || (!passed && 2n * against < proposal.seats)) return;
    proposal.decidedAt = desk.now;
    proposal.passed = passed;
    const { id: proposalId, attackId } = proposal;
    desk.demand("council", "Decided", { proposalId, passed });
    if (attackId === undefined || !passed) return;
    desk.atEnd(() => {
      const tried = proposal.executed || this.#failed.delete(proposalId);
      desk.law("register.Recognised", tried, `the ballot that decided proposal ${proposalId} carried nothing out`);
    });
  }

  /** The deciding ballot has tried in vain. */
  recognitionFailed({ proposalId, attackId }: EventOf<"council", "RecognitionFailed">["args"]): void {
    const { council, desk } = this.book;
    const proposal = council.proposal(proposalId);
    desk.same("council.RecognitionFailed", { attackId: proposal?.attackId }, { attackId });
    this.#failed.add(proposalId);
  }
}
