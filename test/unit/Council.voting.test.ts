import { expect } from "chai";
import { network } from "hardhat";

import { ProposalState, Support, propose } from "../support/alliance.ts";
import type { Alliance } from "../support/alliance.ts";
import { now } from "../support/chain.ts";
import {
  VOTING_PERIOD,
  cast,
  only,
  openCouncil,
  openVote,
  settingPeriod,
  setVote,
  shrinkTo,
  sittingCouncil,
} from "../support/council.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const open = () => openCouncil(connection);

const sitting = () => sittingCouncil(connection);

describe("Council: votes", () => {
  describe("castVote", () => {
    describe("given the delegate of a seat that has not voted", () => {
      it("counts the ballot under its seat", async () => {
        const { a, proposalId } = await loadFixture(open);
        const [against, inFavour, abstaining] = [a.states[0]!.delegate, a.states[2]!.delegate, a.states[6]!.delegate];
        const ballots = [
          [against, Support.Against, 0b111_1110n, [1n, 0n, 0n]],
          [inFavour, Support.For, 0b111_1010n, [1n, 1n, 0n]],
          [abstaining, Support.Abstain, 0b011_1010n, [1n, 1n, 1n]],
        ] as const;
        for (const [delegate, support, remaining, votes] of ballots) {
          expect(await a.council.hasVoted(proposalId, delegate.address)).to.equal(false);
          await expect(a.council.connect(delegate).castVote(proposalId, support))
            .to.emit(a.council, "VoteCast")
            .withArgs(delegate.address, proposalId, support, 1n, "");
          expect(await a.council.hasVoted(proposalId, delegate.address)).to.equal(true);
          expect(await a.council.ballotBox(proposalId)).to.deep.equal([remaining, 7n]);
          expect(await a.council.proposalVotes(proposalId)).to.deep.equal(votes);
        }
        expect(await a.council.state(proposalId)).to.equal(ProposalState.Active);
      });

      it("returns the weight: one", async () => {
        const { a, proposalId } = await loadFixture(open);
        const council = a.council.connect(a.states[0]!.delegate);
        expect(await council.castVote.staticCall(proposalId, Support.For)).to.equal(1n);
        expect(await council.castVoteWithReason.staticCall(proposalId, Support.For, "why")).to.equal(1n);
      });

      it("counts a ballot with a reason, and one with a reason and parameters, the same", async () => {
        const { a, proposalId } = await loadFixture(open);
        const [one, other, third] = a.states.map(({ delegate }) => delegate);
        await expect(a.council.connect(one).castVoteWithReason(proposalId, Support.For, "in solidarity"))
          .to.emit(a.council, "VoteCast")
          .withArgs(one!.address, proposalId, Support.For, 1n, "in solidarity");
        await expect(
          a.council.connect(other).castVoteWithReasonAndParams(proposalId, Support.Against, "too dear", "0x1234"),
        )
          .to.emit(a.council, "VoteCastWithParams")
          .withArgs(other!.address, proposalId, Support.Against, 1n, "too dear", "0x1234");
        await expect(a.council.connect(third).castVoteWithReasonAndParams(proposalId, Support.For, "no more", "0x"))
          .to.emit(a.council, "VoteCast")
          .withArgs(third!.address, proposalId, Support.For, 1n, "no more");
        expect(await a.council.proposalVotes(proposalId)).to.deep.equal([1n, 2n, 0n]);
        expect(await a.council.ballotBox(proposalId)).to.deep.equal([0b111_1000n, 7n]);
      });

      it("refuses a support that is neither against, for nor abstain", async () => {
        const { a, proposalId } = await loadFixture(open);
        const council = a.council.connect(a.states[0]!.delegate);
        for (const support of [3, 255]) {
          await expect(council.castVote(proposalId, support)).to.be.revertedWithCustomError(
            a.council,
            "GovernorInvalidVoteType",
          );
        }
        expect(await a.council.ballotBox(proposalId)).to.deep.equal([0b111_1111n, 7n]);
      });
    });

    describe("given a seat that has voted", () => {
      it("refuses another ballot, the same or not, in every form", async () => {
        const { a, proposalId } = await loadFixture(open);
        const { delegate } = a.states[0]!;
        const council = a.council.connect(delegate);
        await council.castVote(proposalId, Support.Against);
        const again = [
          () => council.castVote(proposalId, Support.Against),
          () => council.castVote(proposalId, Support.For),
          () => council.castVote(proposalId, 3),
          () => council.castVoteWithReason(proposalId, Support.For, "second thoughts"),
          () => council.castVoteWithReasonAndParams(proposalId, Support.Abstain, "", "0x01"),
        ];
        for (const ballot of again) {
          await expect(ballot())
            .to.be.revertedWithCustomError(a.council, "GovernorAlreadyCastVote")
            .withArgs(delegate.address);
        }
        expect(await a.council.proposalVotes(proposalId)).to.deep.equal([1n, 0n, 0n]);
      });
    });

    describe("given an account without a seat of the electorate", () => {
      it("refuses it", async () => {
        const { a, proposalId } = await loadFixture(open);
        const accounts = [a.stranger, a.deployer, a.states[0]!.treasury, a.partners[0]!.delegate];
        for (const account of accounts) {
          await expect(a.council.connect(account).castVote(proposalId, Support.For))
            .to.be.revertedWithCustomError(a.council, "CouncilNoSeat")
            .withArgs(proposalId, account.address);
          expect(await a.council.hasVoted(proposalId, account.address)).to.equal(false);
        }
      });
    });

    describe("given the deadline", () => {
      it("counts a ballot at it and refuses one a second later", async () => {
        const { a, proposalId } = await loadFixture(open);
        const deadline = await a.council.proposalDeadline(proposalId);
        await a.time.setNextBlockTimestamp(deadline);
        await a.council.connect(a.states[0]!.delegate).castVote(proposalId, Support.For);
        expect(await now(a)).to.equal(deadline);
        expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 1n, 0n]);
        await a.time.setNextBlockTimestamp(deadline + 1n);
        await expect(a.council.connect(a.states[1]!.delegate).castVote(proposalId, Support.For))
          .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
          .withArgs(proposalId, ProposalState.Defeated, only(ProposalState.Active));
      });

      it("decides at it, by the last ballot", async () => {
        const { a, proposalId } = await loadFixture(open);
        await cast(a, proposalId, a.states.slice(0, 3), Support.For);
        const deadline = await a.council.proposalDeadline(proposalId);
        await a.time.setNextBlockTimestamp(deadline);
        await expect(a.council.connect(a.states[3]!.delegate).castVote(proposalId, Support.For))
          .to.emit(a.council, "Decided")
          .withArgs(proposalId, true);
        expect(await a.council.decidedAt(proposalId)).to.equal(deadline);
        await a.time.increase(1n);
        expect(await a.council.state(proposalId)).to.equal(ProposalState.Succeeded);
      });
    });

    it("refuses a proposal that does not exist", async () => {
      const { a } = await loadFixture(open);
      await expect(a.council.connect(a.states[0]!.delegate).castVote(9n, Support.For))
        .to.be.revertedWithCustomError(a.council, "GovernorNonexistentProposal")
        .withArgs(9n);
    });
  });

  describe("the majority", () => {
    /** What the design says of a proposal on which so many of `seats` have voted, before its deadline. */
    const verdict = (seats: number, against: number, inFavour: number): bigint => {
      if (inFavour * 2 > seats) return ProposalState.Succeeded;
      return against * 2 >= seats ? ProposalState.Defeated : ProposalState.Active;
    };

    /** Casts ballots of these kinds in turn until the proposal is decided, checking it after each. */
    async function follow(a: Alliance, seats: number, ballots: number[]): Promise<void> {
      const proposalId = await openVote(a);
      const votes: [number, number, number] = [0, 0, 0];
      for (const [i, support] of ballots.entries()) {
        const ballot = await a.council.connect(a.states[i]!.delegate).castVote(proposalId, support);
        ++votes[support]!;
        const state = verdict(seats, votes[Support.Against], votes[Support.For]);
        const told = `${seats} seats, against, for, abstaining: ${votes.join()}`;
        expect(await a.council.state(proposalId), told).to.equal(state);
        expect(await a.council.proposalVotes(proposalId), told).to.deep.equal(votes.map(BigInt));
        const decided = state !== ProposalState.Active;
        expect(await a.council.decidedAt(proposalId), told).to.equal(decided ? await now(a) : 0n);
        if (!decided) {
          await expect(ballot).not.to.emit(a.council, "Decided");
          continue;
        }
        const passed = state === ProposalState.Succeeded;
        await expect(ballot).to.emit(a.council, "Decided").withArgs(proposalId, passed);
        // What an ordinary vote has decided is not carried out by its ballots, nor tried to be.
        await expect(ballot).not.to.emit(a.council, "RecognitionFailed");
        expect(await a.council.failedAt(proposalId), told).to.equal(passed ? 0n : await now(a));
        const next = a.states[i + 1];
        if (next === undefined) return;
        await expect(a.council.connect(next.delegate).castVote(proposalId, Support.For), told)
          .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
          .withArgs(proposalId, state, only(ProposalState.Active));
        return;
      }
    }

    const { Against: no, For: yes, Abstain: abstain } = Support;

    for (const seats of [1, 2, 3, 4, 5, 6, 7]) {
      it(`is more than half of ${seats}: decided the moment it is reached or barred, whoever comes first`, async () => {
        const a = await loadFixture(sitting);
        await shrinkTo(a, seats);
        const half = Math.floor(seats / 2);
        const of = (count: number, support: number) => Array.from({ length: count }, () => support);
        for (const ballots of [
          of(seats, yes),
          of(seats, no),
          of(seats, abstain),
          // One short of either, then the seat that turns it.
          [...of(half, yes), ...of(seats - half, no)],
          [...of(half, no), ...of(seats - half, yes)],
          [...of(Math.ceil(seats / 2) - 1, no), ...of(seats, yes)].slice(0, seats),
          // A seat that abstains is half a seat against: the rest may or may not be enough.
          [abstain, ...of(seats - 1, yes)],
          [abstain, abstain, ...of(seats, yes)].slice(0, seats),
          [abstain, ...of(seats - 1, no)],
          Array.from({ length: seats }, (_, i) => (i % 2 === 0 ? yes : no)),
          Array.from({ length: seats }, (_, i) => (i % 2 === 0 ? no : yes)),
        ]) {
          await follow(a, seats, ballots);
        }
      });
    }

    it("is never reached by a tie: half For and the others silent fails at the deadline", async () => {
      const a = await loadFixture(sitting);
      await shrinkTo(a, 6);
      const proposalId = await openVote(a);
      await cast(a, proposalId, a.states.slice(0, 3), Support.For);
      const deadline = await a.council.proposalDeadline(proposalId);
      await a.time.increaseTo(deadline);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Active);
      expect(await a.council.failedAt(proposalId)).to.equal(0n);
      await a.time.increaseTo(deadline + 1n);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Defeated);
      expect(await a.council.failedAt(proposalId)).to.equal(deadline);
      expect(await a.council.decidedAt(proposalId)).to.equal(0n);
    });

    it("is never reached by silence: a single ballot For, and a boycott, fail at the deadline", async () => {
      const { a, proposalId } = await loadFixture(open);
      await cast(a, proposalId, a.states.slice(0, 1), Support.For);
      const nobody = await openVote(a);
      for (const some of [proposalId, nobody]) {
        const deadline = await a.council.proposalDeadline(some);
        if ((await now(a)) <= deadline) await a.time.increaseTo(deadline + 1n);
        expect(await a.council.state(some)).to.equal(ProposalState.Defeated);
        expect(await a.council.failedAt(some)).to.equal(deadline);
        await expect(a.council["queue(uint256)"](some))
          .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
          .withArgs(some, ProposalState.Defeated, only(ProposalState.Succeeded));
      }
    });

    it("is never reached by abstaining, even of all", async () => {
      const { a, proposalId } = await loadFixture(open);
      await cast(a, proposalId, a.states, Support.Abstain);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Active);
      await a.time.increaseTo((await a.council.proposalSnapshot(proposalId)) + VOTING_PERIOD + 1n);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Defeated);
    });

    it("is out of reach where no seat votes: nobody can propose", async () => {
      const a = await loadFixture(sitting);
      await shrinkTo(a, 0);
      expect(await a.registry.electorate()).to.equal(0n);
      await a.time.increase(1n);
      await expect(openVote(a))
        .to.be.revertedWithCustomError(a.council, "GovernorInsufficientProposerVotes")
        .withArgs(a.states[0]!.delegate.address, 0n, 1n);
    });

    it("is of the seats that vote, wherever they lie", async () => {
      const a = await loadFixture(sitting);
      for (const i of [0, 2, 4, 5]) await setVote(a, a.states[i]!, true);
      const voters = [1, 3, 6].map((i) => a.states[i]!);
      await a.time.increase(1n);
      await propose(a, [settingPeriod(a)], "Three seats", voters[0]!.delegate);
      await a.time.increase(1n);
      expect(await a.council.ballotBox(1n)).to.deep.equal([0b100_1010n, 3n]);
      await cast(a, 1n, voters.slice(0, 2), Support.For);
      expect(await a.council.state(1n)).to.equal(ProposalState.Succeeded);
    });
  });
});
