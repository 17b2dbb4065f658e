import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";

import { CaseStatus, DAY, ProposalState, Support, asTimelock, fileAttack } from "../support/alliance.ts";
import { now } from "../support/chain.ts";
import {
  URGENT_GAS,
  URGENT_PERIOD,
  VOTING_PERIOD,
  cast,
  only,
  openVote,
  pass,
  recognition,
  rotate,
  setVote,
  shrinkTo,
  sittingCouncil,
  urgentCouncil,
} from "../support/council.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const sitting = () => sittingCouncil(connection);

const filed = () => urgentCouncil(connection);

const ALL = 0b111_1111n;

describe("Council: the urgent procedure", () => {
  describe("callVote", () => {
    it("opens a vote of five days when an attack is filed, with the action spelt out", async () => {
      const a = await loadFixture(sitting);
      const { delegate, code } = a.states[0]!;
      const { targets, values, calldatas, text } = await recognition(a, 1n);
      const opening = (await now(a)) + 60n;
      await a.time.setNextBlockTimestamp(opening);
      const china = a.ethers.hexlify(a.ethers.toUtf8Bytes("CHN"));
      const filing = a.register
        .connect(delegate)
        .file(code, china, 2, opening - 5n, id("evidence"), "ipfs://evidence", id("incident"), 0);
      await expect(filing).to.emit(a.council, "VoteCalled").withArgs(1n, 1n);
      await expect(filing)
        .to.emit(a.council, "ProposalCreated")
        .withArgs(1n, targets[0], targets, values, [""], calldatas, opening, opening + URGENT_PERIOD, text);

      expect(await a.council.attackOf(1n)).to.equal(1n);
      expect(await a.council.proposalSnapshot(1n)).to.equal(opening);
      expect(await a.council.proposalDeadline(1n)).to.equal(opening + URGENT_PERIOD);
      expect(await a.council.proposalProposer(1n)).to.equal(targets[0]);
      expect(await a.council.proposalNeedsQueuing(1n)).to.equal(false);
      expect(await a.council.proposalDetails(1n)).to.deep.equal([targets, values, calldatas, id(text)]);
      expect(await a.council.getProposalId(targets, values, calldatas, id(text))).to.equal(1n);
    });

    it("tells the number of the vote, and that of the attack", async () => {
      const a = await loadFixture(sitting);
      await openVote(a);
      const { attackId, proposalId } = await fileAttack(a, a.states[0]!);
      expect([attackId, proposalId]).to.deep.equal([1n, 2n]);
      const [called] = await a.council.queryFilter(a.council.filters.VoteCalled());
      expect(called?.args).to.deep.equal([proposalId, attackId]);
    });

    it("is for the register alone", async () => {
      const a = await loadFixture(sitting);
      const { code, delegate, treasury } = a.states[0]!;
      for (const account of [delegate, treasury, a.stranger, a.deployer, a.guardian]) {
        await expect(a.council.connect(account).callVote(1n, code))
          .to.be.revertedWithCustomError(a.council, "CouncilNotRegister")
          .withArgs(account.address);
      }
      await asTimelock(a, async (timelock) => {
        await expect(a.council.connect(timelock).callVote(1n, code))
          .to.be.revertedWithCustomError(a.council, "CouncilNotRegister")
          .withArgs(timelock.address);
      });
    });

    it("leaves the period of ordinary votes as it is", async () => {
      const { a } = await loadFixture(filed);
      expect(await a.council.votingPeriod()).to.equal(VOTING_PERIOD);
      const proposalId = await openVote(a);
      expect(await a.council.proposalDeadline(proposalId)).to.equal(
        (await a.council.proposalSnapshot(proposalId)) + VOTING_PERIOD,
      );
    });

    it("keeps five days whatever the period of ordinary votes is", async () => {
      const a = await loadFixture(sitting);
      const shorter = await openVote(a, [
        { target: a.council, data: a.council.interface.encodeFunctionData("setVotingPeriod", [3n * DAY]) },
      ]);
      await pass(a, shorter);
      await a.council["queue(uint256)"](shorter);
      await a.time.increaseTo(await a.council.proposalEta(shorter));
      await a.council["execute(uint256)"](shorter);
      const { proposalId } = await fileAttack(a, a.states[0]!);
      expect(await a.council.proposalDeadline(proposalId)).to.equal((await now(a)) + URGENT_PERIOD);
    });
  });

  describe("the electorate", () => {
    it("leaves out the State of seat 0", async () => {
      const { a, proposalId } = await loadFixture(filed);
      expect(await a.council.ballotBox(proposalId)).to.deep.equal([ALL ^ 1n, 6n]);
      const { delegate } = a.states[0]!;
      await expect(a.council.connect(delegate).castVote(proposalId, Support.For))
        .to.be.revertedWithCustomError(a.council, "CouncilNoSeat")
        .withArgs(proposalId, delegate.address);
    });

    it("leaves out the State of another seat, and only that", async () => {
      const a = await loadFixture(sitting);
      const { proposalId } = await fileAttack(a, a.states[4]!);
      expect(await a.council.ballotBox(proposalId)).to.deep.equal([ALL ^ (1n << 4n), 6n]);
      await a.time.increase(1n);
      await cast(a, proposalId, a.states.slice(0, 1), Support.For);
      const { delegate } = a.states[4]!;
      await expect(a.council.connect(delegate).castVote(proposalId, Support.For))
        .to.be.revertedWithCustomError(a.council, "CouncilNoSeat")
        .withArgs(proposalId, delegate.address);
    });

    it("leaves out nobody for a Partner, which has no seat", async () => {
      const a = await loadFixture(sitting);
      const { proposalId } = await fileAttack(a, a.partners[0]!);
      expect(await a.council.ballotBox(proposalId)).to.deep.equal([ALL, 7n]);
      await a.time.increase(1n);
      await cast(a, proposalId, a.states.slice(0, 1), Support.For);
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 1n, 0n]);
    });

    it("keeps the attacked member out when its officials change", async () => {
      const { a, proposalId } = await loadFixture(filed);
      await rotate(a, [a.states[0]!, a.spare(0).address]);
      for (const account of [a.states[0]!.delegate, a.spare(0)]) {
        await expect(a.council.connect(account).castVote(proposalId, Support.For))
          .to.be.revertedWithCustomError(a.council, "CouncilNoSeat")
          .withArgs(proposalId, account.address);
      }
    });

    it("leaves out an attacked State without a vote once, not twice", async () => {
      const a = await loadFixture(sitting);
      await setVote(a, a.states[0]!, true);
      await a.time.increase(1n);
      const { proposalId } = await fileAttack(a, a.states[0]!);
      expect(await a.council.ballotBox(proposalId)).to.deep.equal([ALL ^ 1n, 6n]);
    });
  });

  describe("the majority", () => {
    // Seats that vote, and the fewest For that pass: more than half, and three.
    for (const [seats, needed] of [
      [2, undefined],
      [3, 3],
      [4, 3],
      [5, 3],
      [6, 4],
    ] as const) {
      it(`of ${seats} seats is ${needed ?? "out of reach"}`, async () => {
        const a = await loadFixture(sitting);
        await shrinkTo(a, seats + 1);
        const { proposalId, attackId } = await fileAttack(a, a.states[0]!);
        await a.time.increase(1n);
        expect((await a.council.ballotBox(proposalId)).seats).to.equal(BigInt(seats));
        const voters = a.states.slice(1, seats + 1);
        const short = voters.slice(0, (needed ?? seats + 1) - 1);
        await cast(a, proposalId, short, Support.For);
        expect(await a.council.state(proposalId)).to.equal(ProposalState.Active);
        expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Voting);
        expect(await a.council.decidedAt(proposalId)).to.equal(0n);
        if (needed !== undefined) {
          await cast(a, proposalId, voters.slice(needed - 1, needed), Support.For);
          expect(await a.council.state(proposalId)).to.equal(ProposalState.Executed);
          expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Recognised);
          return;
        }
        await a.time.increaseTo((await a.council.proposalDeadline(proposalId)) + 1n);
        expect(await a.council.state(proposalId)).to.equal(ProposalState.Defeated);
      });

      it(`of ${seats} seats is barred by half of them against`, async () => {
        const a = await loadFixture(sitting);
        await shrinkTo(a, seats + 1);
        const { proposalId, attackId } = await fileAttack(a, a.states[0]!);
        await a.time.increase(1n);
        const half = Math.ceil(seats / 2);
        await cast(a, proposalId, a.states.slice(1, half), Support.Against);
        expect(await a.council.state(proposalId)).to.equal(ProposalState.Active);
        await cast(a, proposalId, a.states.slice(half, half + 1), Support.Against);
        expect(await a.council.state(proposalId)).to.equal(ProposalState.Defeated);
        expect(await a.council.failedAt(proposalId)).to.equal(await now(a));
        expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Rejected);
      });
    }

    it("is out of reach where only the attacked member votes: the case is rejected", async () => {
      const a = await loadFixture(sitting);
      await shrinkTo(a, 1);
      const { proposalId, attackId } = await fileAttack(a, a.states[0]!);
      await a.time.increase(1n);
      expect(await a.council.ballotBox(proposalId)).to.deep.equal([0n, 0n]);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Defeated);
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Rejected);
    });

    it("may be reached at the deadline, not a second later", async () => {
      const { a, proposalId, attackId } = await loadFixture(filed);
      await cast(a, proposalId, a.states.slice(1, 4), Support.For);
      const deadline = await a.council.proposalDeadline(proposalId);
      await a.time.increaseTo(deadline - 1n);
      const before = await connection.networkHelpers.takeSnapshot();
      await a.time.setNextBlockTimestamp(deadline + 1n);
      await expect(a.council.connect(a.states[4]!.delegate).castVote(proposalId, Support.For, URGENT_GAS))
        .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
        .withArgs(proposalId, ProposalState.Defeated, only(ProposalState.Active));
      await before.restore();
      await a.time.setNextBlockTimestamp(deadline);
      await cast(a, proposalId, a.states.slice(4, 5), Support.For);
      expect(await a.council.decidedAt(proposalId)).to.equal(deadline);
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Recognised);
    });

    it("fails at the deadline when silent", async () => {
      const { a, proposalId, attackId } = await loadFixture(filed);
      const deadline = await a.council.proposalDeadline(proposalId);
      await a.time.increaseTo(deadline);
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Voting);
      await a.time.increaseTo(deadline + 1n);
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Rejected);
      expect(await a.council.failedAt(proposalId)).to.equal(deadline);
    });
  });

  describe("cancel", () => {
    it("is for the register, when the member takes the case back", async () => {
      const { a, proposalId, attackId } = await loadFixture(filed);
      await cast(a, proposalId, a.states.slice(1, 4), Support.For);
      await expect(a.register.connect(a.states[0]!.delegate).revoke(attackId))
        .to.emit(a.council, "ProposalCanceled")
        .withArgs(proposalId);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Canceled);
      await expect(a.council.connect(a.states[4]!.delegate).castVote(proposalId, Support.For, URGENT_GAS))
        .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
        .withArgs(proposalId, ProposalState.Canceled, only(ProposalState.Active));
      await expect(a.council["execute(uint256)"](proposalId))
        .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
        .withArgs(proposalId, ProposalState.Canceled, only(ProposalState.Succeeded));
    });

    it("is refused to everybody else", async () => {
      const { a, proposalId, attackId } = await loadFixture(filed);
      const { targets, values, calldatas, text } = await recognition(a, attackId);
      const refused = async (account: typeof a.stranger) => {
        const council = a.council.connect(account);
        for (const cancelling of [
          () => council["cancel(uint256)"](proposalId),
          () => council["cancel(address[],uint256[],bytes[],bytes32)"](targets, values, calldatas, id(text)),
        ]) {
          await expect(cancelling())
            .to.be.revertedWithCustomError(a.council, "GovernorUnableToCancel")
            .withArgs(proposalId, account.address);
        }
      };
      for (const account of [a.states[0]!.delegate, a.states[0]!.treasury, a.states[1]!.delegate, a.stranger]) {
        await refused(account);
      }
      await asTimelock(a, refused);
    });
  });
});
