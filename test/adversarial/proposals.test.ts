import { expect } from "chai";
import { ZeroHash, id } from "ethers";
import { network } from "hardhat";

import { CaseStatus, ProposalState, Support, fileAttack, propose } from "../support/alliance.ts";
import type { Action, Alliance } from "../support/alliance.ts";
import {
  EXECUTION_WINDOW,
  TIMELOCK_DELAY,
  cast,
  openVote,
  parts,
  pass,
  recognition,
  setVote,
  settingPeriod,
  sittingCouncil,
} from "../support/council.ts";
import { Role } from "../support/fund.ts";

const connection = await network.create();
const { loadFixture, takeSnapshot } = connection.networkHelpers;

const sitting = () => sittingCouncil(connection);

/** What a transaction may use since EIP-7825. */
const MOST_GAS = 16_777_216;

/** Decides and queues proposals of one action each; all are ready. */
async function queued(a: Alliance, ...actions: Action[]): Promise<bigint[]> {
  const ids: bigint[] = [];
  for (const action of actions) {
    const proposalId = await openVote(a, [action]);
    await pass(a, proposalId);
    await a.council["queue(uint256)"](proposalId);
    ids.push(proposalId);
  }
  await a.time.increase(TIMELOCK_DELAY);
  return ids;
}

/** An attack on the State of seat 0 that three have voted for: one ballot decides. */
async function onTheBrink() {
  const a = await sittingCouncil(connection);
  const attack = await fileAttack(a, a.states[0]!);
  await a.time.increase(1n);
  await cast(a, attack.proposalId, a.states.slice(1, 4), Support.For);
  return { a, ...attack };
}

describe("Proposals made to harm", () => {
  describe("by their size", () => {
    it("none without an action, and a thousand need more gas than a transaction may have", async () => {
      const a = await loadFixture(sitting);
      const council = a.council.connect(a.states[0]!.delegate);
      await expect(council.propose([], [], [], "Nothing"))
        .to.be.revertedWithCustomError(a.council, "GovernorInvalidProposalLength")
        .withArgs(0n, 0n, 0n);
      const { targets, values, calldatas } = await parts(Array.from({ length: 1_000 }, () => settingPeriod(a)));
      const sent = council.propose(targets, values, calldatas, "Too much", { gasLimit: MOST_GAS });
      expect(await sent.then(() => "went through", String)).to.match(/out of gas/);
      expect(await a.council.proposalCount()).to.equal(0n);
    });

    it("one of many actions is decided by ballots that cost no more, and carried out within a transaction", async () => {
      const a = await loadFixture(sitting);
      const small = await openVote(a);
      const ballot = a.council.connect(a.states[1]!.delegate).castVote;
      const cost = await ballot.estimateGas(small, Support.For);
      const large = await openVote(
        a,
        Array.from({ length: 120 }, () => settingPeriod(a)),
      );
      expect(await ballot.estimateGas(large, Support.For)).to.equal(cost);
      await pass(a, large);
      await a.council["queue(uint256)"](large);
      await a.time.increase(TIMELOCK_DELAY);
      await a.council["execute(uint256)"](large, { gasLimit: MOST_GAS });
      expect(await a.council.state(large)).to.equal(ProposalState.Executed);
    });

    it("one with a text of 100,000 bytes costs its proposer, and nobody else", async () => {
      const a = await loadFixture(sitting);
      const small = await openVote(a);
      const text = "x".repeat(100_000);
      const large = await propose(a, [settingPeriod(a)], text);
      await a.time.increase(1n);
      const ballot = a.council.connect(a.states[1]!.delegate).castVote;
      expect(await ballot.estimateGas(large, Support.For)).to.equal(await ballot.estimateGas(small, Support.For));
      await pass(a, large);
      const details = await a.council.proposalDetails(large);
      expect(details[3]).to.equal(id(text));
      await a.council["queue(uint256)"](large, { gasLimit: 500_000 });
      await a.time.increase(TIMELOCK_DELAY);
      await a.council["execute(uint256)"](large, { gasLimit: 500_000 });
      expect(await a.council.state(large)).to.equal(ProposalState.Executed);
    });
  });

  describe("by the order in which somebody carries them out", () => {
    /** Granting a role to a module, and taking it away again. */
    const grantAndRevoke = (a: Alliance): [Action, Action] => {
      const args: [string, string] = [Role.Register, a.stranger.address];
      return [
        { target: a.fund, data: a.fund.interface.encodeFunctionData("grantRole", args) },
        { target: a.fund, data: a.fund.interface.encodeFunctionData("revokeRole", args) },
      ];
    };

    it("two decisions that are ready are carried out in either order: the last one stands", async () => {
      const a = await loadFixture(sitting);
      const ids = await queued(a, ...grantAndRevoke(a));
      for (const [order, held] of [
        [ids, false],
        [ids.toReversed(), true],
      ] as const) {
        const before = await takeSnapshot();
        for (const proposalId of order) await a.council.connect(a.stranger)["execute(uint256)"](proposalId);
        expect(await a.fund.hasRole(Role.Register, a.stranger.address)).to.equal(held);
        await before.restore();
      }
    });

    it("one decision keeps the order of its actions, whoever carries it out", async () => {
      const a = await loadFixture(sitting);
      const proposalId = await openVote(a, grantAndRevoke(a));
      await pass(a, proposalId);
      await a.council["queue(uint256)"](proposalId);
      await a.time.increase(TIMELOCK_DELAY);
      const { targets, values, calldatas } = await parts(grantAndRevoke(a).toReversed());
      const [, , , description] = await a.council.proposalDetails(proposalId);
      await expect(
        a.council["execute(address[],uint256[],bytes[],bytes32)"](targets, values, calldatas, description),
      ).to.be.revertedWithCustomError(a.council, "GovernorNonexistentProposal");
      await a.council.connect(a.stranger)["execute(uint256)"](proposalId);
      expect(await a.fund.hasRole(Role.Register, a.stranger.address)).to.equal(false);
    });

    it("one that waits for a better moment is over after thirty days", async () => {
      const a = await loadFixture(sitting);
      const [proposalId] = await queued(a, settingPeriod(a));
      await a.time.increase(EXECUTION_WINDOW);
      await expect(a.council.connect(a.stranger)["execute(uint256)"](proposalId!)).to.be.revertedWithCustomError(
        a.council,
        "GovernorUnexpectedProposalState",
      );
    });
  });

  describe("as an urgent vote that does something else", () => {
    it("carries out nothing but its own recognition, whatever actions are handed in", async () => {
      const { a, attackId, proposalId } = await loadFixture(onTheBrink);
      const other = await fileAttack(a, a.states[1]!);
      await cast(a, proposalId, a.states.slice(4, 5), Support.For);
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Recognised);
      const { targets, values, text } = await recognition(a, attackId);
      const own = await recognition(a, other.attackId);
      const setting = await parts([settingPeriod(a)]);
      const tries = [
        [targets, values, own.calldatas, id(text)],
        [setting.targets, setting.values, setting.calldatas, id(text)],
        [[...targets, ...setting.targets], [0n, 0n], [...own.calldatas, ...setting.calldatas], id(own.text)],
        [targets, [1n], own.calldatas, id(own.text)],
      ] as const;
      for (const [t, v, c, description] of tries) {
        await expect(
          a.council["execute(address[],uint256[],bytes[],bytes32)"]([...t], [...v], [...c], description),
        ).to.be.revertedWithCustomError(a.council, "GovernorNonexistentProposal");
      }
      await expect(
        a.council["execute(address[],uint256[],bytes[],bytes32)"](own.targets, own.values, own.calldatas, id(own.text)),
      ).to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState");
      expect(await a.register.statusOf(other.attackId)).to.equal(CaseStatus.Voting);
    });

    it("cannot be queued, so that no timelock holds it and no delay is waited for", async () => {
      const { a, attackId, proposalId } = await loadFixture(onTheBrink);
      await cast(a, proposalId, a.states.slice(4, 5), Support.For);
      const { targets, values, calldatas, text } = await recognition(a, attackId);
      await expect(
        a.council["queue(address[],uint256[],bytes[],bytes32)"](targets, values, calldatas, id(text)),
      ).to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState");
      expect(await a.timelock.isOperation(await operationOf(a, targets, calldatas, id(text)))).to.equal(false);
    });
  });

  describe("to a council in which no seat votes", () => {
    it("nothing can be proposed, an attack is rejected as it is filed, and one vote that is restored decides", async () => {
      const a = await loadFixture(sitting);
      for (const m of a.states) await setVote(a, m, true);
      await a.time.increase(1n);
      await expect(propose(a, [settingPeriod(a)])).to.be.revertedWithCustomError(
        a.council,
        "GovernorInsufficientProposerVotes",
      );
      const { attackId } = await fileAttack(a, a.partners[0]!);
      await a.time.increase(1n);
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Rejected);
      await setVote(a, a.states[0]!, false);
      await a.time.increase(1n);
      const proposalId = await openVote(a);
      await cast(a, proposalId, a.states.slice(0, 1), Support.For);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Succeeded);
    });
  });
});

/** The timelock's id of a proposal's operation, salted as OpenZeppelin's Governor does. */
async function operationOf(a: Alliance, targets: string[], calldatas: string[], description: string): Promise<string> {
  const council = BigInt(await a.council.getAddress()) << 96n;
  const salt = "0x" + (council ^ BigInt(description)).toString(16).padStart(64, "0");
  return await a.timelock.hashOperationBatch(targets, [0n], calldatas, ZeroHash, salt);
}
