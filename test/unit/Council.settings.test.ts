import { expect } from "chai";
import type { Interface } from "ethers";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import { DAY, MILLION, asTimelock, decide } from "../support/alliance.ts";
import type { Action, Alliance } from "../support/alliance.ts";
import { VOTING_PERIOD, openVote, pass, sittingCouncil } from "../support/council.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const sitting = () => sittingCouncil(connection);

type Setting = "setVotingDelay" | "setVotingPeriod" | "setProposalThreshold";

function setting(a: Alliance, name: Setting, value: bigint): Action {
  const council = a.council.interface as Interface;
  return { target: a.council, data: council.encodeFunctionData(name, [value]) };
}

/** Carries a decision up to its execution, which is not sent. */
async function ready(a: Alliance, ...actions: Action[]): Promise<bigint> {
  const proposalId = await openVote(a, actions);
  await pass(a, proposalId);
  await a.council["queue(uint256)"](proposalId);
  await a.time.increaseTo(await a.council.proposalEta(proposalId));
  return proposalId;
}

describe("Council: settings", () => {
  it("begin with one seat to propose, no delay, and the period it was deployed with", async () => {
    const a = await loadFixture(sitting);
    expect(await a.council.proposalThreshold()).to.equal(1n);
    expect(await a.council.votingDelay()).to.equal(0n);
    expect(await a.council.votingPeriod()).to.equal(VOTING_PERIOD);
    expect(await a.council.URGENT_PERIOD()).to.equal(5n * DAY);
    expect(await a.council.QUEUE_WINDOW()).to.equal(14n * DAY);
    expect(await a.council.EXECUTION_WINDOW()).to.equal(30n * DAY);
    expect(await a.council.LEAST_URGENT_FOR()).to.equal(3n);
    // The longest vote and the longest delay end with the breaker, which stops transfers for 28 days.
    expect((await a.council.LONGEST_PERIOD()) + (await a.council.LONGEST_DELAY())).to.equal(28n * DAY);
  });

  describe("setVotingPeriod", () => {
    it("takes three days and fourteen, by a vote", async () => {
      const a = await loadFixture(sitting);
      const proposalId = await ready(a, setting(a, "setVotingPeriod", 3n * DAY));
      await expect(a.council["execute(uint256)"](proposalId))
        .to.emit(a.council, "VotingPeriodSet")
        .withArgs(VOTING_PERIOD, 3n * DAY);
      expect(await a.council.votingPeriod()).to.equal(3n * DAY);
      await decide(a, setting(a, "setVotingPeriod", VOTING_PERIOD));
      expect(await a.council.votingPeriod()).to.equal(VOTING_PERIOD);
    });

    it("refuses a second less and a second more, whatever the majority", async () => {
      const a = await loadFixture(sitting);
      const { selector } = a.council.interface.getFunction("setVotingPeriod");
      for (const period of [3n * DAY - 1n, 14n * DAY + 1n, 0n, 2n ** 32n - 1n]) {
        const proposalId = await ready(a, setting(a, "setVotingPeriod", period));
        await expect(a.council["execute(uint256)"](proposalId))
          .to.be.revertedWithCustomError(a.council, "CouncilSettingOutOfBounds")
          .withArgs(selector, period, 3n * DAY, 14n * DAY);
      }
      expect(await a.council.votingPeriod()).to.equal(VOTING_PERIOD);
    });

    it("is bounded in the deployment too", async () => {
      const a = await loadFixture(sitting);
      const { selector } = a.council.interface.getFunction("setVotingPeriod");
      const places = [await a.timelock.getAddress(), await a.registry.getAddress(), await a.register.getAddress()];
      for (const period of [3n * DAY - 1n, 14n * DAY + 1n]) {
        await expect(a.ethers.deployContract("Council", [...places, period]))
          .to.be.revertedWithCustomError(a.council, "CouncilSettingOutOfBounds")
          .withArgs(selector, period, 3n * DAY, 14n * DAY);
      }
    });
  });

  describe("the timelock's delay", () => {
    it("is bounded in the deployment too: two days and fourteen, not a second less or more", async () => {
      const a = await loadFixture(sitting);
      const { selector } = a.timelock.interface.getFunction("updateDelay");
      const deployed = async (delay: bigint) => {
        const timelock = await a.ethers.deployContract("TimelockController", [delay, [], [], a.deployer.address]);
        const places = [await timelock.getAddress(), await a.registry.getAddress(), await a.register.getAddress()];
        return a.ethers.deployContract("Council", [...places, VOTING_PERIOD]);
      };
      for (const delay of [2n * DAY, 14n * DAY]) expect(await (await deployed(delay)).votingPeriod()).to.be.above(0n);
      for (const delay of [2n * DAY - 1n, 14n * DAY + 1n]) {
        await expect(deployed(delay))
          .to.be.revertedWithCustomError(a.council, "CouncilSettingOutOfBounds")
          .withArgs(selector, delay, 2n * DAY, 14n * DAY);
      }
    });
  });

  describe("setVotingDelay and setProposalThreshold", () => {
    it("are for good: no vote changes them", async () => {
      const a = await loadFixture(sitting);
      const fixed: [Setting, bigint, bigint][] = [
        ["setVotingDelay", 1n, 0n],
        ["setVotingDelay", 2n ** 48n - 1n, 0n],
        ["setProposalThreshold", 0n, 1n],
        ["setProposalThreshold", 2n, 1n],
      ];
      for (const [name, value, forGood] of fixed) {
        const { selector } = a.council.interface.getFunction(name);
        const proposalId = await ready(a, setting(a, name, value));
        await expect(a.council["execute(uint256)"](proposalId))
          .to.be.revertedWithCustomError(a.council, "CouncilSettingOutOfBounds")
          .withArgs(selector, value, forGood, forGood);
      }
      expect(await a.council.votingDelay()).to.equal(0n);
      expect(await a.council.proposalThreshold()).to.equal(1n);
    });

    it("take the value they have", async () => {
      const a = await loadFixture(sitting);
      const proposalId = await ready(a, setting(a, "setVotingDelay", 0n), setting(a, "setProposalThreshold", 1n));
      const executing = a.council["execute(uint256)"](proposalId);
      await expect(executing).to.emit(a.council, "VotingDelaySet").withArgs(0n, 0n);
      await expect(executing).to.emit(a.council, "ProposalThresholdSet").withArgs(1n, 1n);
      expect(await a.council.votingDelay()).to.equal(0n);
      expect(await a.council.proposalThreshold()).to.equal(1n);
    });
  });

  describe("given no decision", () => {
    it("refuses everybody, and the timelock itself outside of an execution", async () => {
      const a = await loadFixture(sitting);
      const attempts = (account: typeof a.stranger) => [
        () => a.council.connect(account).setVotingPeriod(3n * DAY),
        () => a.council.connect(account).setVotingDelay(0n),
        () => a.council.connect(account).setProposalThreshold(1n),
      ];
      for (const account of [a.stranger, a.deployer, a.guardian, a.states[0]!.delegate]) {
        for (const attempt of attempts(account)) {
          await expect(attempt())
            .to.be.revertedWithCustomError(a.council, "GovernorOnlyExecutor")
            .withArgs(account.address);
        }
      }
      await asTimelock(a, async (timelock) => {
        for (const attempt of attempts(timelock)) await expect(attempt()).to.be.revertedWithPanic(0x31);
      });
    });
  });

  describe("given actions in one proposal that touch each other", () => {
    it("does them in order: the last setting stands", async () => {
      const a = await loadFixture(sitting);
      await decide(
        a,
        setting(a, "setVotingPeriod", 4n * DAY),
        { target: a.ledger, data: a.ledger.interface.encodeFunctionData("setBudget", [9n, 120n * MILLION]) },
        setting(a, "setVotingPeriod", 6n * DAY),
        setting(a, "setVotingPeriod", 6n * DAY),
        setting(a, "setVotingPeriod", 5n * DAY),
      );
      expect(await a.council.votingPeriod()).to.equal(5n * DAY);
      expect(await a.ledger.budgetOf(9n)).to.equal(120n * MILLION);
    });

    it("runs a queued proposal inside another, both whole", async () => {
      const a = await loadFixture(sitting);
      const inner = await openVote(a, [setting(a, "setVotingPeriod", 4n * DAY)]);
      await pass(a, inner);
      await a.council["queue(uint256)"](inner);
      const executing = a.council.interface.encodeFunctionData("execute(uint256)", [inner]);
      const outer = await openVote(a, [{ target: a.council, data: executing }]);
      await pass(a, outer);
      await a.council["queue(uint256)"](outer);
      await a.time.increaseTo(await a.council.proposalEta(outer));
      await a.council["execute(uint256)"](outer);
      expect(await a.council.votingPeriod()).to.equal(4n * DAY);
      expect([await a.council.state(inner), await a.council.state(outer)]).to.deep.equal([7n, 7n]);
    });

    it("does nothing of both when the outer one counts on a setting after the inner one", async () => {
      const a = await loadFixture(sitting);
      const inner = await openVote(a, [setting(a, "setVotingPeriod", 4n * DAY)]);
      await pass(a, inner);
      await a.council["queue(uint256)"](inner);
      const executing = a.council.interface.encodeFunctionData("execute(uint256)", [inner]);
      const outer = await openVote(a, [
        { target: a.council, data: executing },
        setting(a, "setVotingPeriod", 5n * DAY),
      ]);
      await pass(a, outer);
      await a.council["queue(uint256)"](outer);
      await a.time.increaseTo(await a.council.proposalEta(outer));
      await expect(a.council["execute(uint256)"](outer)).to.be.revertedWithPanic(0x31);
      expect(await a.council.votingPeriod()).to.equal(VOTING_PERIOD);
      await a.council["execute(uint256)"](inner);
      expect(await a.council.votingPeriod()).to.equal(4n * DAY);
    });
  });

  describe("given a decision on a closed function", () => {
    it("can be voted, but never carried out", async () => {
      const a = await loadFixture(sitting);
      const closed = a.council.interface;
      for (const [data, selector] of [
        [closed.encodeFunctionData("relay", [await a.token.getAddress(), 0n, "0x"]), "relay"],
        [closed.encodeFunctionData("updateTimelock", [a.stranger.address]), "updateTimelock"],
      ] as const) {
        const proposalId = await ready(a, { target: a.council, data });
        await expect(a.council["execute(uint256)"](proposalId))
          .to.be.revertedWithCustomError(a.council, "CouncilClosed")
          .withArgs(closed.getFunction(selector).selector);
      }
      expect(await a.timelock.hasRole(ZeroHash, await a.timelock.getAddress())).to.equal(true);
    });
  });
});
