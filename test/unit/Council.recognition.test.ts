import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";

import {
  CaseStatus,
  DAY,
  ProposalState,
  Support,
  asTimelock,
  fileAttack,
  liveUntil,
  propose,
} from "../support/alliance.ts";
import { asContract } from "../support/chain.ts";
import { URGENT_GAS, cast, only, recognition, sittingCouncil, urgentCouncil } from "../support/council.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const sitting = () => sittingCouncil(connection);

const filed = () => urgentCouncil(connection);

/**
 * An attack on the State of seat 0, 200 days after genesis: everybody has paid, and the terms and the trade of the founding
 * count. Its number is not that of its vote.
 */
async function insured() {
  const a = await sittingCouncil(connection);
  await liveUntil(a, 200n);
  await propose(a, [{ target: a.registry, data: "0x" }]);
  const attack = await fileAttack(a, a.states[0]!);
  await a.time.increase(1n);
  return { a, ...attack };
}

describe("Council: recognition", () => {
  describe("the deciding ballot", () => {
    it("recognises the attack and pays the advance in the same transaction", async () => {
      const { a, proposalId, attackId } = await loadFixture(insured);
      await cast(a, proposalId, a.states.slice(1, 4), Support.For);
      const { treasury, delegate } = { treasury: a.states[0]!.treasury, delegate: a.states[4]!.delegate };
      const before = await a.token.balanceOf(treasury.address);
      const deciding = a.council.connect(delegate).castVote(proposalId, Support.For, URGENT_GAS);
      await expect(deciding).to.emit(a.council, "VoteCast").withArgs(delegate.address, proposalId, 1n, 1n, "");
      await expect(deciding).to.emit(a.council, "Decided").withArgs(proposalId, true);
      await expect(deciding).to.emit(a.council, "ProposalExecuted").withArgs(proposalId);
      await expect(deciding).to.emit(a.register, "Recognised");
      await expect(deciding).not.to.emit(a.council, "RecognitionFailed");
      const { committed, awarded, recognisedAt } = await a.register.attack(attackId);
      expect(recognisedAt).to.equal(await a.council.decidedAt(proposalId));
      expect(awarded).to.be.greaterThan(0n);
      expect(awarded).to.equal(committed / 10n);
      expect(await a.token.balanceOf(treasury.address)).to.equal(before + awarded);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Executed);
    });

    it("is the last: nobody votes after it, and nobody recognises again", async () => {
      const { a, proposalId } = await loadFixture(insured);
      await cast(a, proposalId, a.states.slice(1, 5), Support.For);
      await expect(a.council.connect(a.states[5]!.delegate).castVote(proposalId, Support.Against))
        .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
        .withArgs(proposalId, ProposalState.Executed, only(ProposalState.Active));
      await expect(a.council["execute(uint256)"](proposalId))
        .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
        .withArgs(proposalId, ProposalState.Executed, only(ProposalState.Succeeded));
    });

    it("is refused with less gas than a recognition may need, and told how much there is", async () => {
      const { a, proposalId } = await loadFixture(insured);
      await cast(a, proposalId, a.states.slice(1, 4), Support.For);
      const needed = await a.council.RECOGNITION_GAS();
      expect(needed).to.equal(1_500_000n);
      await expect(a.council.connect(a.states[4]!.delegate).castVote(proposalId, Support.For, { gasLimit: 1_000_000 }))
        .to.be.revertedWithCustomError(a.council, "CouncilTooLittleGas")
        .withArgs((left: bigint) => left < needed && left > 800_000n, needed);
    });

    it("cannot be forestalled: before it, nobody executes or queues", async () => {
      const { a, proposalId } = await loadFixture(filed);
      await cast(a, proposalId, a.states.slice(1, 4), Support.For);
      for (const account of [a.stranger, a.states[0]!.delegate]) {
        const council = a.council.connect(account);
        for (const act of [
          () => council["execute(uint256)"](proposalId),
          () => council["queue(uint256)"](proposalId),
        ]) {
          await expect(act())
            .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
            .withArgs(proposalId, ProposalState.Active, only(ProposalState.Succeeded));
        }
      }
    });
  });

  describe("given a recognition that fails", () => {
    /** The register has lost its role in the fund, and four of six seats have voted For. */
    async function failed() {
      const { a, proposalId, attackId } = await insured();
      const role = await a.fund.REGISTER_ROLE();
      const register = await a.register.getAddress();
      await asTimelock(a, (timelock) => a.fund.connect(timelock).revokeRole(role, register));
      await cast(a, proposalId, a.states.slice(1, 4), Support.For);
      const deciding = await a.council.connect(a.states[4]!.delegate).castVote(proposalId, Support.For, URGENT_GAS);
      return { a, proposalId, attackId, role, register, deciding };
    }

    it("leaves the ballot standing, and says why it failed", async () => {
      const { a, proposalId, attackId, role, register, deciding } = await loadFixture(failed);
      const reason = a.fund.interface.encodeErrorResult("AccessControlUnauthorizedAccount", [register, role]);
      await expect(deciding).to.emit(a.council, "RecognitionFailed").withArgs(proposalId, attackId, reason);
      await expect(deciding).to.emit(a.council, "Decided").withArgs(proposalId, true);
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 4n, 0n]);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Succeeded);
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Approved);
      const { committed, recognisedAt } = await a.register.attack(attackId);
      expect([committed, recognisedAt]).to.deep.equal([0n, 0n]);
    });

    it("can be tried again by anyone, any time later, until it works", async () => {
      const { a, proposalId, attackId, role, register } = await loadFixture(failed);
      const council = a.council.connect(a.stranger);
      await expect(council["execute(uint256)"](proposalId))
        .to.be.revertedWithCustomError(a.fund, "AccessControlUnauthorizedAccount")
        .withArgs(register, role);
      await asTimelock(a, (timelock) => a.fund.connect(timelock).grantRole(role, register));
      await a.time.increase(30n * DAY);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Succeeded);
      const { targets, values, calldatas, text } = await recognition(a, attackId);
      await expect(council["execute(address[],uint256[],bytes[],bytes32)"](targets, values, calldatas, id(text)))
        .to.emit(a.council, "ProposalExecuted")
        .withArgs(proposalId);
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Recognised);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Executed);
    });

    it("cannot be queued or taken back, and takes no more ballots", async () => {
      const { a, proposalId, attackId } = await loadFixture(failed);
      await expect(a.council["queue(uint256)"](proposalId))
        .to.be.revertedWithCustomError(a.council, "GovernorProposalQueueingNotRequired")
        .withArgs(proposalId);
      await expect(a.register.connect(a.states[0]!.delegate).revoke(attackId))
        .to.be.revertedWithCustomError(a.register, "AttackWrongStatus")
        .withArgs(attackId, CaseStatus.Approved);
      await expect(a.council.connect(a.states[5]!.delegate).castVote(proposalId, Support.Against))
        .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
        .withArgs(proposalId, ProposalState.Succeeded, only(ProposalState.Active));
    });

    it("takes no ether when it is tried again", async () => {
      const { a, proposalId } = await loadFixture(failed);
      await expect(a.council["execute(uint256)"](proposalId, { value: 1n }))
        .to.be.revertedWithCustomError(a.council, "CouncilValueNotAllowed")
        .withArgs(0n, 1n);
    });
  });

  describe("recognition", () => {
    it("is the council's alone, by a vote on that attack", async () => {
      const { a, attackId } = await loadFixture(filed);
      const refused = async (account: typeof a.stranger) => {
        await expect(a.register.connect(account).recognise(attackId))
          .to.be.revertedWithCustomError(a.register, "AttackNotCouncil")
          .withArgs(account.address);
      };
      for (const account of [a.stranger, a.deployer, a.states[0]!.delegate, a.states[1]!.delegate])
        await refused(account);
      await asTimelock(a, refused);
      await asContract(a, a.panel, refused);
    });

    it("is of that attack alone: another's vote does nothing for it", async () => {
      const { a, proposalId, attackId } = await loadFixture(filed);
      const other = await fileAttack(a, a.states[0]!, { coercer: "RUS" });
      await a.time.increase(1n);
      await cast(a, other.proposalId, a.states.slice(1, 5), Support.For);
      expect(await a.register.statusOf(other.attackId)).to.equal(CaseStatus.Recognised);
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Voting);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Active);
    });

    it("cannot be taken by a seat before the register proposes it", async () => {
      const a = await loadFixture(sitting);
      const { targets, values, calldatas, text } = await recognition(a, 1n);
      const { delegate } = a.states[1]!;
      await expect(a.council.connect(delegate).propose(targets, values, calldatas, text))
        .to.be.revertedWithCustomError(a.council, "GovernorRestrictedProposer")
        .withArgs(delegate.address);
      await expect(a.council.connect(delegate).propose(targets, values, calldatas, "Recognise attack 1"))
        .to.be.revertedWithCustomError(a.council, "CouncilRecognitionNotProposable")
        .withArgs(0n);
      // Nor can the text be taken with another action: the vote opens all the same.
      await propose(a, [{ target: a.register, data: "0x" }], "Recognise attack 1");
      const { proposalId } = await fileAttack(a, a.states[0]!);
      expect(await a.council.attackOf(proposalId)).to.equal(1n);
    });
  });
});
