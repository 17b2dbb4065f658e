import { expect } from "chai";
import { ZeroHash, id } from "ethers";
import { network } from "hardhat";

import { ProposalState, Support, decide, propose } from "../support/alliance.ts";
import type { Alliance } from "../support/alliance.ts";
import { now } from "../support/chain.ts";
import {
  EXECUTION_WINDOW,
  QUEUE_WINDOW,
  TIMELOCK_DELAY,
  VOTING_PERIOD,
  cast,
  only,
  openCouncil,
  openVote,
  parts,
  pass,
  settingPeriod,
} from "../support/council.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const open = () => openCouncil(connection);

async function passed() {
  const { a, proposalId } = await open();
  return { a, proposalId, decidedAt: await pass(a, proposalId) };
}

async function queued() {
  const { a, proposalId } = await passed();
  await a.council["queue(uint256)"](proposalId);
  return { a, proposalId, eta: await a.council.proposalEta(proposalId) };
}

/** The proposal's parts as the long forms of queue and execute take them. */
async function long(a: Alliance, proposalId: bigint): Promise<[string[], bigint[], string[], string]> {
  const [targets, values, calldatas, text] = await a.council.proposalDetails(proposalId);
  return [[...targets], [...values], [...calldatas], text];
}

describe("Council: from the decision to the deed", () => {
  describe("queue", () => {
    it("puts the decided actions into the timelock, by anyone", async () => {
      const { a, proposalId } = await loadFixture(passed);
      const at = (await now(a)) + 60n;
      await a.time.setNextBlockTimestamp(at);
      const queueing = a.council.connect(a.stranger)["queue(uint256)"](proposalId);
      await expect(queueing)
        .to.emit(a.council, "ProposalQueued")
        .withArgs(proposalId, at + TIMELOCK_DELAY);
      await expect(queueing).to.emit(a.timelock, "CallScheduled");
      expect(await a.council.proposalEta(proposalId)).to.equal(at + TIMELOCK_DELAY);
    });

    it("shows Queued at once, though the decision was early, and after the deadline too", async () => {
      const { a, proposalId, eta } = await loadFixture(queued);
      expect(await now(a)).to.be.lessThan(await a.council.proposalDeadline(proposalId));
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Queued);
      await a.time.increaseTo((await a.council.proposalDeadline(proposalId)) + 1n);
      expect(await now(a)).to.be.lessThan(eta + EXECUTION_WINDOW);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Queued);
    });

    it("takes the long form too", async () => {
      const { a, proposalId } = await loadFixture(passed);
      await a.council["queue(address[],uint256[],bytes[],bytes32)"](...(await long(a, proposalId)));
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Queued);
    });

    it("is open for fourteen days after the decision, and not a second longer", async () => {
      const { a, proposalId, decidedAt } = await loadFixture(passed);
      const last = decidedAt + QUEUE_WINDOW;
      await a.time.increaseTo(last);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Succeeded);
      await a.time.setNextBlockTimestamp(last + 1n);
      await expect(a.council["queue(uint256)"](proposalId))
        .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
        .withArgs(proposalId, ProposalState.Expired, only(ProposalState.Succeeded));
      await a.time.increase(1n);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Expired);
    });

    it("counts the fourteen days from the decision, not from the deadline", async () => {
      const { a, proposalId } = await loadFixture(open);
      await cast(a, proposalId, a.states.slice(0, 3), Support.For);
      await a.time.increaseTo((await a.council.proposalDeadline(proposalId)) - 10n);
      await cast(a, proposalId, a.states.slice(3, 4), Support.For);
      const last = (await a.council.decidedAt(proposalId)) + QUEUE_WINDOW;
      await a.time.setNextBlockTimestamp(last);
      await a.council["queue(uint256)"](proposalId);
      expect(await now(a)).to.equal(last);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Queued);
    });

    it("is refused before the decision, when it failed, and twice", async () => {
      const { a, proposalId } = await loadFixture(open);
      const refusedIn = async (some: bigint, state: bigint) => {
        await expect(a.council["queue(uint256)"](some))
          .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
          .withArgs(some, state, only(ProposalState.Succeeded));
      };
      await refusedIn(proposalId, ProposalState.Active);
      await pass(a, proposalId);
      await a.council["queue(uint256)"](proposalId);
      await refusedIn(proposalId, ProposalState.Queued);
      const failing = await openVote(a);
      await cast(a, failing, a.states.slice(0, 4), Support.Against);
      await refusedIn(failing, ProposalState.Defeated);
    });

    it("is refused for a proposal that does not exist", async () => {
      const { a } = await loadFixture(open);
      await expect(a.council["queue(uint256)"](9n))
        .to.be.revertedWithCustomError(a.council, "GovernorNonexistentProposal")
        .withArgs(9n);
      const { targets, values, calldatas } = await parts([settingPeriod(a)]);
      await expect(a.council["queue(address[],uint256[],bytes[],bytes32)"](targets, values, calldatas, id("Other")))
        .to.be.revertedWithCustomError(a.council, "GovernorNonexistentProposal")
        .withArgs(0n);
    });
  });

  describe("execute", () => {
    it("carries the decision out once it is ready, by anyone", async () => {
      const { a, proposalId, eta } = await loadFixture(queued);
      const period = await a.council.votingPeriod();
      await a.time.setNextBlockTimestamp(eta);
      const executing = a.council.connect(a.stranger)["execute(uint256)"](proposalId);
      await expect(executing).to.emit(a.council, "ProposalExecuted").withArgs(proposalId);
      await expect(executing).to.emit(a.council, "VotingPeriodSet").withArgs(period, 864_000n);
      expect(await now(a)).to.equal(eta);
      expect(await a.council.votingPeriod()).to.equal(864_000n);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Executed);
    });

    it("is refused a second before it is ready", async () => {
      const { a, proposalId, eta } = await loadFixture(queued);
      await a.time.setNextBlockTimestamp(eta - 1n);
      await expect(a.council["execute(uint256)"](proposalId)).to.be.revertedWithCustomError(
        a.timelock,
        "TimelockUnexpectedOperationState",
      );
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Queued);
    });

    it("is taken thirty days after it is ready, in the long form too", async () => {
      const { a, proposalId, eta } = await loadFixture(queued);
      await a.time.setNextBlockTimestamp(eta + EXECUTION_WINDOW);
      await a.council["execute(address[],uint256[],bytes[],bytes32)"](...(await long(a, proposalId)));
      expect(await now(a)).to.equal(eta + EXECUTION_WINDOW);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Executed);
    });

    it("is refused a second later: the proposal is Expired, and stays so", async () => {
      const { a, proposalId, eta } = await loadFixture(queued);
      await a.time.setNextBlockTimestamp(eta + EXECUTION_WINDOW + 1n);
      await expect(a.council["execute(uint256)"](proposalId))
        .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
        .withArgs(proposalId, ProposalState.Expired, only(ProposalState.Queued));
      await a.time.increaseTo(eta + EXECUTION_WINDOW + 1_000n);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Expired);
      await expect(a.council["queue(uint256)"](proposalId))
        .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
        .withArgs(proposalId, ProposalState.Expired, only(ProposalState.Succeeded));
    });

    it("is refused before the decision, before it is queued, and twice", async () => {
      const { a, proposalId } = await loadFixture(open);
      const refusedIn = async (state: bigint) => {
        await expect(a.council["execute(uint256)"](proposalId))
          .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
          .withArgs(proposalId, state, only(ProposalState.Queued));
      };
      await refusedIn(ProposalState.Active);
      await pass(a, proposalId);
      await refusedIn(ProposalState.Succeeded);
      await a.council["queue(uint256)"](proposalId);
      await a.time.increase(TIMELOCK_DELAY);
      await a.council["execute(uint256)"](proposalId);
      await refusedIn(ProposalState.Executed);
    });

    it("takes no ether, in either form", async () => {
      const { a, proposalId, eta } = await loadFixture(queued);
      await a.time.increaseTo(eta);
      const parts_ = await long(a, proposalId);
      for (const executing of [
        () => a.council["execute(uint256)"](proposalId, { value: 7n }),
        () => a.council["execute(address[],uint256[],bytes[],bytes32)"](...parts_, { value: 7n }),
      ]) {
        await expect(executing()).to.be.revertedWithCustomError(a.council, "CouncilValueNotAllowed").withArgs(0n, 7n);
      }
    });

    it("does all actions in order, or none: what fails can be tried again", async () => {
      const { a } = await loadFixture(open);
      const suspending = {
        target: a.registry,
        data: a.registry.interface.encodeFunctionData("suspend", [a.states[6]!.code]),
      };
      const reinstating = {
        target: a.registry,
        data: a.registry.interface.encodeFunctionData("reinstate", [a.states[6]!.code]),
      };
      const proposalId = await openVote(a, [settingPeriod(a), reinstating, suspending]);
      await pass(a, proposalId);
      await a.council["queue(uint256)"](proposalId);
      await a.time.increaseTo(await a.council.proposalEta(proposalId));
      await expect(a.council["execute(uint256)"](proposalId))
        .to.be.revertedWithCustomError(a.registry, "MemberWrongStatus")
        .withArgs(a.states[6]!.code, 1n);
      expect(await a.council.votingPeriod()).to.equal(VOTING_PERIOD);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Queued);

      await decide(a, suspending);
      await a.council["execute(uint256)"](proposalId);
      expect(await a.council.votingPeriod()).to.equal(864_000n);
      expect(await a.registry.statusOf(a.states[6]!.code)).to.equal(2n);
    });

    it("carries two proposals with the same actions out, each once", async () => {
      const { a } = await loadFixture(open);
      const [one, other] = [await openVote(a), await openVote(a)];
      for (const proposalId of [one, other]) await pass(a, proposalId);
      for (const proposalId of [one, other]) await a.council["queue(uint256)"](proposalId);
      await a.time.increaseTo(await a.council.proposalEta(other));
      for (const proposalId of [other, one]) {
        await expect(a.council["execute(uint256)"](proposalId))
          .to.emit(a.council, "ProposalExecuted")
          .withArgs(proposalId);
      }
    });
  });

  describe("the timelock", () => {
    it("lets nobody but the council propose, cancel or execute", async () => {
      const { a, proposalId, eta } = await loadFixture(queued);
      const [targets, values, calldatas, text] = await long(a, proposalId);
      const salt = a.ethers.toBeHex(BigInt(text) ^ (BigInt(await a.council.getAddress()) << 96n), 32);
      const operation = await a.timelock.hashOperationBatch(targets, values, calldatas, ZeroHash, salt);
      expect(await a.timelock.isOperationPending(operation)).to.equal(true);
      const [proposer, canceller, executor] = [
        await a.timelock.PROPOSER_ROLE(),
        await a.timelock.CANCELLER_ROLE(),
        await a.timelock.EXECUTOR_ROLE(),
      ];
      await a.time.increaseTo(eta);
      const [target, data] = [targets[0]!, calldatas[0]!];
      for (const account of [a.deployer, a.guardian, a.stranger, a.states[0]!.delegate, a.states[0]!.treasury]) {
        const timelock = a.timelock.connect(account);
        const attempts = [
          [() => timelock.schedule(target, 0n, data, ZeroHash, ZeroHash, TIMELOCK_DELAY), proposer],
          [() => timelock.scheduleBatch(targets, values, calldatas, ZeroHash, ZeroHash, TIMELOCK_DELAY), proposer],
          [() => timelock.cancel(operation), canceller],
          [() => timelock.execute(target, 0n, data, ZeroHash, salt), executor],
          [() => timelock.executeBatch(targets, values, calldatas, ZeroHash, salt), executor],
        ] as const;
        for (const [attempt, role] of attempts) {
          await expect(attempt())
            .to.be.revertedWithCustomError(a.timelock, "AccessControlUnauthorizedAccount")
            .withArgs(account.address, role);
        }
        await expect(timelock.updateDelay(0n))
          .to.be.revertedWithCustomError(a.timelock, "TimelockUnauthorizedCaller")
          .withArgs(account.address);
        for (const role of [proposer, canceller, executor, ZeroHash]) {
          await expect(timelock.grantRole(role, account.address))
            .to.be.revertedWithCustomError(a.timelock, "AccessControlUnauthorizedAccount")
            .withArgs(account.address, ZeroHash);
        }
      }
      await a.council["execute(uint256)"](proposalId);
      expect(await a.timelock.isOperationDone(operation)).to.equal(true);
    });

    it("has the delay that a vote gave it, for what is queued from then on", async () => {
      const { a, proposalId } = await loadFixture(open);
      await decide(a, {
        target: a.timelock,
        data: a.timelock.interface.encodeFunctionData("updateDelay", [172_800n]),
      });
      expect(await a.timelock.getMinDelay()).to.equal(172_800n);
      await pass(a, proposalId);
      await a.council["queue(uint256)"](proposalId);
      expect(await a.council.proposalEta(proposalId)).to.equal((await now(a)) + 172_800n);
    });

    it("leaves what is queued its time when the delay changes", async () => {
      const { a, proposalId, eta } = await loadFixture(queued);
      const longer = await propose(a, [
        { target: a.timelock, data: a.timelock.interface.encodeFunctionData("updateDelay", [1_209_600n]) },
      ]);
      await a.time.increase(1n);
      await pass(a, longer);
      await a.council["queue(uint256)"](longer);
      await a.time.increase(TIMELOCK_DELAY);
      await a.council["execute(uint256)"](longer);
      expect(await a.timelock.getMinDelay()).to.equal(1_209_600n);
      expect(await a.council.proposalEta(proposalId)).to.equal(eta);
      await a.council["execute(uint256)"](proposalId);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Executed);
    });
  });
});
