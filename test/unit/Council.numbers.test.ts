import { expect } from "chai";
import { concat, dataSlice, id } from "ethers";
import { network } from "hardhat";

import { CaseStatus, ProposalState, Support, asTimelock, fileAttack, liveUntil, propose } from "../support/alliance.ts";
import type { Alliance } from "../support/alliance.ts";
import {
  URGENT_GAS,
  VOTING_PERIOD,
  cast,
  only,
  openVote,
  parts,
  recognition,
  sittingCouncil,
} from "../support/council.ts";
import { ROLE_DELAY, Role } from "../support/fund.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

/** The votes of a council: on an attack, on an act of its own, on a second attack, on a second act. */
async function mixed() {
  const a = await sittingCouncil(connection);
  const first = await fileAttack(a, a.states[0]!);
  const ordinary = await openVote(a);
  const second = await fileAttack(a, a.states[1]!);
  const acts = [{ target: a.register, data: "0x" }];
  const last = await propose(a, acts, "Last");
  return { a, first, ordinary, second, acts, last };
}

/** Four of six seats have voted For, but the register cannot commit; votes on another attack and an act were opened since. */
async function failed() {
  const a = await sittingCouncil(connection);
  await liveUntil(a, 200n);
  const { proposalId, attackId } = await fileAttack(a, a.states[0]!);
  await a.time.increase(1n);
  const register = await a.register.getAddress();
  await asTimelock(a, (timelock) => a.fund.connect(timelock).revokeRole(Role.Register, register));
  await cast(a, proposalId, a.states.slice(1, 5), Support.For);
  const newer = await fileAttack(a, a.states[1]!);
  await openVote(a);
  return { a, proposalId, attackId, newer, register };
}

/** The parts of the vote on an attack as the long forms take them. */
async function long(a: Alliance, attackId: bigint) {
  const { targets, values, calldatas, text } = await recognition(a, attackId);
  return [targets, values, calldatas, id(text)] as const;
}

/** A second council takes the place of the first. */
async function succeeded() {
  const { a, first, second } = await mixed();
  const next = await a.ethers.deployContract("Council", [
    await a.timelock.getAddress(),
    await a.registry.getAddress(),
    await a.register.getAddress(),
    VOTING_PERIOD,
  ]);
  await asTimelock(a, async (timelock) => a.register.connect(timelock).appointCouncil(await next.getAddress()));
  const filed = await fileAttack(a, a.states[2]!);
  return { a, first, second, next, filed };
}

describe("Council: numbers of proposals", () => {
  describe("getProposalId", () => {
    it("finds each by its parts, ordinary and urgent, whatever was proposed after it", async () => {
      const { a, first, ordinary, second, acts, last } = await loadFixture(mixed);
      expect([first.proposalId, ordinary, second.proposalId, last]).to.deep.equal([1n, 2n, 3n, 4n]);
      for (const proposalId of [1n, 2n, 3n, 4n]) {
        const [targets, values, calldatas, text] = await a.council.proposalDetails(proposalId);
        expect(await a.council.getProposalId([...targets], [...values], [...calldatas], text)).to.equal(proposalId);
      }
      for (const { attackId, proposalId } of [first, second]) {
        expect(await a.council.getProposalId(...(await long(a, attackId)))).to.equal(proposalId);
      }
      const { targets, values, calldatas } = await parts(acts);
      expect(await a.council.getProposalId(targets, values, calldatas, id("Last"))).to.equal(4n);
    });

    it("knows nothing that is only like the vote on an attack", async () => {
      const { a, first } = await loadFixture(mixed);
      const [targets, values, calldatas, text] = await long(a, first.attackId);
      const [data] = calldatas as [string];
      const stranger = a.stranger.address;
      for (const like of [
        [targets, values, calldatas, id("Recognise attack 1")],
        [targets, [1n], calldatas, text],
        [targets, values, [concat([data, "0x00"])], text],
        [targets, values, [dataSlice(data, 0, 35)], text],
        [targets, values, [dataSlice(data, 0, 4)], text],
        [targets, values, [], text],
        [[], values, calldatas, text],
        [[stranger], values, calldatas, text],
        [[...targets, stranger], [0n, 0n], [data, "0x"], text],
        [[...targets, ...targets], [0n, 0n], [data, data], text],
        // An attack that nobody filed, none, and a number that no attack has room for.
        ...(await Promise.all([3n, 0n, 2n ** 208n + first.attackId].map((attackId) => long(a, attackId)))),
      ] as const) {
        const [t, v, c, d] = like;
        await expect(a.council.getProposalId([...t], [...v], [...c], d))
          .to.be.revertedWithCustomError(a.council, "GovernorNonexistentProposal")
          .withArgs(0n);
      }
    });

    it("counts no proposal that was refused", async () => {
      const { a, first, last, acts } = await loadFixture(mixed);
      const { delegate } = a.states[2]!;
      const [targets, values, calldatas] = await long(a, first.attackId);
      await expect(a.council.connect(delegate).propose(targets, values, calldatas, "Mine"))
        .to.be.revertedWithCustomError(a.council, "CouncilRecognitionNotProposable")
        .withArgs(0n);
      await expect(propose(a, acts, "Last", delegate))
        .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
        .withArgs(last, ProposalState.Active, "0x" + "00".repeat(32));
      expect(await a.council.latestProposalId()).to.equal(last);
      expect(await openVote(a)).to.equal(last + 1n);
    });
  });

  describe("given a recognition that fails, and newer proposals", () => {
    it("finds the vote by its parts to try again, carries it out once, and leaves the newer one open", async () => {
      const { a, proposalId, attackId, newer, register } = await loadFixture(failed);
      const council = a.council.connect(a.stranger);
      const retry = async () =>
        council["execute(address[],uint256[],bytes[],bytes32)"](...(await long(a, attackId)), URGENT_GAS);
      await expect(retry()).to.be.revertedWithCustomError(a.fund, "AccessControlUnauthorizedAccount");
      await asTimelock(a, (timelock) => a.fund.connect(timelock).grantRole(Role.Register, register));
      await a.time.increase(ROLE_DELAY);
      await expect(retry()).to.emit(a.council, "ProposalExecuted").withArgs(proposalId);
      const { committed, awarded } = await a.register.attack(attackId);
      expect(await a.fund.committed()).to.equal(committed - awarded);
      for (const again of [retry, () => council["execute(uint256)"](proposalId)]) {
        await expect(again())
          .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
          .withArgs(proposalId, ProposalState.Executed, only(ProposalState.Succeeded));
      }
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Recognised);
      expect(await a.register.statusOf(newer.attackId)).not.to.equal(CaseStatus.Recognised);
    });

    it("lets nobody queue, cancel or relay it by its parts", async () => {
      const { a, proposalId, attackId } = await loadFixture(failed);
      const call = await long(a, attackId);
      for (const { delegate } of [a.states[0]!, a.states[1]!, { delegate: a.stranger }]) {
        const council = a.council.connect(delegate);
        await expect(council["queue(address[],uint256[],bytes[],bytes32)"](...call))
          .to.be.revertedWithCustomError(council, "GovernorProposalQueueingNotRequired")
          .withArgs(proposalId);
        await expect(council["cancel(address[],uint256[],bytes[],bytes32)"](...call))
          .to.be.revertedWithCustomError(council, "GovernorUnableToCancel")
          .withArgs(proposalId, delegate.address);
        await expect(council.relay(call[0][0]!, 0n, call[2][0]!))
          .to.be.revertedWithCustomError(council, "CouncilClosed")
          .withArgs(council.interface.getFunction("relay").selector);
      }
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Succeeded);
    });
  });

  describe("given a case that was taken back and filed anew", () => {
    it("keeps the cancelled vote apart from the new one", async () => {
      const { a, first, last } = await loadFixture(mixed);
      const m = a.states[0]!;
      await a.register.connect(m.delegate).revoke(first.attackId);
      const anew = await fileAttack(a, m);
      expect(anew.proposalId).to.equal(last + 1n);
      await a.time.increase(1n);
      await cast(a, anew.proposalId, a.states.slice(1, 5), Support.For);
      expect(await a.register.statusOf(anew.attackId)).to.equal(CaseStatus.Recognised);
      expect(await a.council.getProposalId(...(await long(a, first.attackId)))).to.equal(first.proposalId);
      await expect(a.council["execute(address[],uint256[],bytes[],bytes32)"](...(await long(a, first.attackId))))
        .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
        .withArgs(first.proposalId, ProposalState.Canceled, only(ProposalState.Succeeded));
      expect(await a.register.statusOf(first.attackId)).to.equal(CaseStatus.Revoked);
    });
  });

  describe("given a council that took the place of another", () => {
    it("takes no vote of the other's for its own that has the same number, nor the other way round", async () => {
      const { a, first, second, next, filed } = await loadFixture(succeeded);
      expect(filed.proposalId).to.equal(first.proposalId);
      expect(await next.getProposalId(...(await long(a, filed.attackId)))).to.equal(filed.proposalId);
      for (const { attackId } of [first, second]) {
        await expect(next.getProposalId(...(await long(a, attackId))))
          .to.be.revertedWithCustomError(next, "GovernorNonexistentProposal")
          .withArgs(0n);
      }
      await expect(a.council.getProposalId(...(await long(a, filed.attackId))))
        .to.be.revertedWithCustomError(a.council, "GovernorNonexistentProposal")
        .withArgs(0n);
      expect(await a.council.getProposalId(...(await long(a, second.attackId)))).to.equal(second.proposalId);
    });
  });
});
