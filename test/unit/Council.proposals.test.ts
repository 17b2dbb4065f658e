import { expect } from "chai";
import { MaxUint256, ZeroHash, id } from "ethers";
import { network } from "hardhat";

import { DAY, ProposalState, Support, asTimelock, propose } from "../support/alliance.ts";
import type { Action, Alliance } from "../support/alliance.ts";
import { asContract, now } from "../support/chain.ts";
import {
  VOTING_PERIOD,
  cast,
  inOneBlock,
  only,
  openCouncil,
  parts,
  settingPeriod,
  setVote,
  shrinkTo,
  sittingCouncil,
} from "../support/council.ts";

const connection = await network.create();
const { loadFixture, setCode } = connection.networkHelpers;

const sitting = () => sittingCouncil(connection);

const open = () => openCouncil(connection);

describe("Council: proposals", () => {
  describe("propose", () => {
    describe("given the delegate of a voting seat", () => {
      it("writes the proposal down and opens the ballot box", async () => {
        const a = await loadFixture(sitting);
        const { delegate } = a.states[3]!;
        const { targets, values, calldatas } = await parts([settingPeriod(a)]);
        const opening = (await now(a)) + 60n;
        const deadline = opening + VOTING_PERIOD;
        await a.time.setNextBlockTimestamp(opening);
        await expect(a.council.connect(delegate).propose(targets, values, calldatas, "Ten days"))
          .to.emit(a.council, "ProposalCreated")
          .withArgs(1n, delegate.address, targets, values, [""], calldatas, opening, deadline, "Ten days");

        expect(await a.council.proposalSnapshot(1n)).to.equal(opening);
        expect(await a.council.proposalDeadline(1n)).to.equal(deadline);
        expect(await a.council.proposalProposer(1n)).to.equal(delegate.address);
        expect(await a.council.proposalEta(1n)).to.equal(0n);
        expect(await a.council.attackOf(1n)).to.equal(0n);
        expect(await a.council.proposalNeedsQueuing(1n)).to.equal(true);
        expect(await a.council.proposalDetails(1n)).to.deep.equal([targets, values, calldatas, id("Ten days")]);
        expect(await a.council.getProposalId(targets, values, calldatas, id("Ten days"))).to.equal(1n);
        expect(await a.council.ballotBox(1n)).to.deep.equal([0b111_1111n, 7n]);
        expect(await a.council.proposalVotes(1n)).to.deep.equal([0n, 0n, 0n]);
        expect(await a.council.decidedAt(1n)).to.equal(0n);
      });

      it("is open to every voting seat", async () => {
        const a = await loadFixture(sitting);
        for (const [i, { delegate }] of a.states.entries()) {
          expect(await propose(a, [settingPeriod(a)], `By seat ${i}`, delegate)).to.equal(BigInt(i + 1));
        }
      });

      it("takes many actions and a long text", async () => {
        const a = await loadFixture(sitting);
        const actions = Array.from({ length: 60 }, (_, i) => settingPeriod(a, 3n * DAY + BigInt(i)));
        const text = "Whereas ".repeat(2_500);
        const proposalId = await propose(a, actions, text);
        const { targets, values, calldatas } = await parts(actions);
        expect(await a.council.proposalDetails(proposalId)).to.deep.equal([targets, values, calldatas, id(text)]);
      });

      it("takes an action with no data, and one with less than a selector", async () => {
        const a = await loadFixture(sitting);
        const proposalId = await propose(a, [
          { target: a.register, data: "0x" },
          { target: a.timelock, data: "0x64d623" },
        ]);
        expect((await a.council.proposalDetails(proposalId))[2]).to.deep.equal(["0x", "0x64d623"]);
      });
    });

    describe("given an account without a voting seat", () => {
      const refused = async (a: Alliance, account: typeof a.stranger) => {
        const { targets, values, calldatas } = await parts([settingPeriod(a)]);
        await expect(a.council.connect(account).propose(targets, values, calldatas, "Ten days"))
          .to.be.revertedWithCustomError(a.council, "GovernorInsufficientProposerVotes")
          .withArgs(account.address, 0n, 1n);
      };

      it("refuses a stranger, a treasury, and both accounts of a Partner", async () => {
        const a = await loadFixture(sitting);
        const { delegate, treasury } = a.partners[0]!;
        for (const account of [a.stranger, a.deployer, a.guardian, a.states[0]!.treasury, delegate, treasury]) {
          await refused(a, account);
        }
      });

      it("refuses the timelock and the attack register", async () => {
        const a = await loadFixture(sitting);
        await asTimelock(a, (timelock) => refused(a, timelock));
        await asContract(a, a.register, (register) => refused(a, register));
      });

      it("refuses the delegate of a suspended member, and lets it propose when reinstated", async () => {
        const a = await loadFixture(sitting);
        const { code, delegate } = a.states[1]!;
        await asTimelock(a, (timelock) => a.registry.connect(timelock).suspend(code));
        await refused(a, delegate);
        await asTimelock(a, (timelock) => a.registry.connect(timelock).reinstate(code));
        await a.time.increase(1n);
        expect(await propose(a, [settingPeriod(a)], "Back again", delegate)).to.equal(1n);
      });

      it("refuses the delegate of an expelled member, and of one whose vote rests for a debt", async () => {
        const a = await loadFixture(sitting);
        await asTimelock(a, (timelock) => a.registry.connect(timelock).expel(a.states[1]!.code));
        await setVote(a, a.states[2]!, true);
        await refused(a, a.states[1]!.delegate);
        await refused(a, a.states[2]!.delegate);
      });

      it("refuses a seat in the very second in which its vote is restored", async () => {
        const a = await loadFixture(sitting);
        const m = a.states[1]!;
        await setVote(a, m, true);
        const { targets, values, calldatas } = await parts([settingPeriod(a)]);
        const council = a.council.connect(m.delegate);
        await asContract(a, a.ledger, async (ledger) => {
          const [restored, proposed] = await inOneBlock(
            a,
            () => a.registry.connect(ledger).setVoteSuspended(m.code, false, { gasLimit: 500_000 }),
            () => council.propose(targets, values, calldatas, "Too early", { gasLimit: 1_000_000 }),
          );
          expect(restored!.status).to.equal(1);
          expect(proposed!.status).to.equal(0);
          expect(proposed!.blockNumber).to.equal(restored!.blockNumber);
        });
        expect(await propose(a, [settingPeriod(a)], "A second later", m.delegate)).to.equal(1n);
      });
    });

    describe("given actions that no majority may take", () => {
      const proposing = async (a: Alliance, actions: Action[], withValues?: bigint[]) => {
        const { targets, values, calldatas } = await parts(actions);
        const council = a.council.connect(a.states[0]!.delegate);
        return await council.propose(targets, withValues ?? values, calldatas, "Forbidden");
      };

      it("refuses a target without code, and says which", async () => {
        const a = await loadFixture(sitting);
        await expect(proposing(a, [settingPeriod(a), { target: a.stranger, data: "0x" }]))
          .to.be.revertedWithCustomError(a.council, "CouncilTargetWithoutCode")
          .withArgs(1n, a.stranger.address);
      });

      it("takes a target with a single byte of code", async () => {
        const a = await loadFixture(sitting);
        await setCode(a.stranger.address, "0x00");
        await expect(proposing(a, [{ target: a.stranger, data: "0x" }])).to.emit(a.council, "ProposalCreated");
      });

      it("refuses ether, and says in which action", async () => {
        const a = await loadFixture(sitting);
        await expect(proposing(a, [settingPeriod(a), settingPeriod(a)], [0n, 2n]))
          .to.be.revertedWithCustomError(a.council, "CouncilValueNotAllowed")
          .withArgs(1n, 2n);
      });

      it("refuses recognition, whole, in four bytes, or with more after it, and says in which action", async () => {
        const a = await loadFixture(sitting);
        const whole = a.register.interface.encodeFunctionData("recognise", [1n]);
        for (const data of [whole, whole.slice(0, 10), whole + "00".repeat(9)]) {
          await expect(proposing(a, [settingPeriod(a), { target: a.register, data }]))
            .to.be.revertedWithCustomError(a.council, "CouncilRecognitionNotProposable")
            .withArgs(1n);
        }
      });

      it("refuses lists of different lengths, and no action at all", async () => {
        const a = await loadFixture(sitting);
        const { targets, values, calldatas } = await parts([settingPeriod(a), settingPeriod(a)]);
        const council = a.council.connect(a.states[0]!.delegate);
        const cases: [string[], bigint[], string[]][] = [
          [[], [], []],
          [targets, values, calldatas.slice(1)],
          [targets, values.slice(1), calldatas],
          [targets.slice(1), values, calldatas],
        ];
        for (const [t, v, c] of cases) {
          await expect(council.propose(t, v, c, "Uneven"))
            .to.be.revertedWithCustomError(a.council, "GovernorInvalidProposalLength")
            .withArgs(t.length, c.length, v.length);
        }
      });
    });

    describe("given a delay of the timelock", () => {
      const delayOf = (a: Alliance, delay: bigint): Action => ({
        target: a.timelock,
        data: a.timelock.interface.encodeFunctionData("updateDelay", [delay]),
      });
      const refused = async (a: Alliance, action: Action, delay: bigint) => {
        const { targets, values, calldatas } = await parts([action]);
        await expect(a.council.connect(a.states[0]!.delegate).propose(targets, values, calldatas, "Delay"))
          .to.be.revertedWithCustomError(a.council, "CouncilSettingOutOfBounds")
          .withArgs(action.data.slice(0, 10), delay, 2n * DAY, 14n * DAY);
      };

      it("takes two days and fourteen", async () => {
        const a = await loadFixture(sitting);
        await propose(a, [delayOf(a, 2n * DAY)]);
        expect(await propose(a, [delayOf(a, 14n * DAY)])).to.equal(2n);
      });

      it("refuses a second less, a second more, none, and the highest number", async () => {
        const a = await loadFixture(sitting);
        for (const delay of [2n * DAY - 1n, 14n * DAY + 1n, 0n, MaxUint256]) {
          await refused(a, delayOf(a, delay), delay);
        }
      });

      it("refuses data that ends before the delay does, read as the delay its bytes and zeros make", async () => {
        const a = await loadFixture(sitting);
        const { data } = delayOf(a, 7n * DAY);
        await refused(a, { target: a.timelock, data: data.slice(0, 10) }, 0n);
        // The last three of its 32 bytes hold all of the delay.
        await refused(a, { target: a.timelock, data: data.slice(0, -6) }, 0n);
      });

      it("is no concern of another contract with the same function", async () => {
        const a = await loadFixture(sitting);
        expect(await propose(a, [{ target: a.registry, data: delayOf(a, 0n).data }])).to.equal(1n);
      });
    });

    describe("given a proposal that exists", () => {
      it("refuses the same again, open or decided", async () => {
        const a = await loadFixture(sitting);
        await shrinkTo(a, 1);
        const { targets, values, calldatas } = await parts([settingPeriod(a)]);
        const again = () => a.council.connect(a.states[0]!.delegate).propose(targets, values, calldatas, "Once");
        const refusedIn = async (state: bigint) => {
          await expect(again())
            .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
            .withArgs(1n, state, ZeroHash);
        };
        await again();
        await refusedIn(ProposalState.Active);
        await cast(a, 1n, a.states.slice(0, 1), Support.Against);
        await refusedIn(ProposalState.Defeated);
        expect(await a.council.proposalCount()).to.equal(1n);
      });

      it("takes the same actions with another text, and another action with the same text", async () => {
        const a = await loadFixture(sitting);
        expect(await propose(a, [settingPeriod(a)], "One")).to.equal(1n);
        expect(await propose(a, [settingPeriod(a)], "Two")).to.equal(2n);
        expect(await propose(a, [settingPeriod(a, 11n * DAY)], "One")).to.equal(3n);
      });
    });

    describe("given a text that ends in #proposer=", () => {
      it("is reserved for that account", async () => {
        const a = await loadFixture(sitting);
        const [one, other] = [a.states[0]!.delegate, a.states[1]!.delegate];
        const text = `Mine #proposer=${one.address}`;
        const { targets, values, calldatas } = await parts([settingPeriod(a)]);
        await expect(a.council.connect(other).propose(targets, values, calldatas, text))
          .to.be.revertedWithCustomError(a.council, "GovernorRestrictedProposer")
          .withArgs(other.address);
        expect(await propose(a, [settingPeriod(a)], text, one)).to.equal(1n);
      });
    });
  });

  describe("state", () => {
    it("is Active from the second after the proposal to the deadline, Defeated after it", async () => {
      const { a, proposalId } = await loadFixture(open);
      const opening = await a.council.proposalSnapshot(proposalId);
      for (const [time, state] of [
        [opening + 1n, ProposalState.Active],
        [opening + VOTING_PERIOD, ProposalState.Active],
        [opening + VOTING_PERIOD + 1n, ProposalState.Defeated],
      ] as const) {
        if ((await now(a)) < time) await a.time.increaseTo(time);
        expect(await a.council.state(proposalId)).to.equal(state);
      }
    });

    it("is Pending in the second of the proposal: no ballot counts", async () => {
      const a = await loadFixture(sitting);
      const { targets, values, calldatas } = await parts([settingPeriod(a)]);
      const council = a.council.connect(a.states[0]!.delegate);
      const [proposed, voted] = await inOneBlock(
        a,
        () => council.propose(targets, values, calldatas, "One second", { gasLimit: 1_000_000 }),
        () => council.castVote(1n, Support.For, { gasLimit: 200_000 }),
      );
      expect([proposed!.status, voted!.status]).to.deep.equal([1, 0]);
      await expect(council.castVote.staticCall(1n, Support.For, { blockTag: proposed!.blockNumber }))
        .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
        .withArgs(1n, ProposalState.Pending, only(ProposalState.Active));
      await a.time.setNextBlockTimestamp((await now(a)) + 1n);
      await council.castVote(1n, Support.For);
      expect(await a.council.proposalVotes(1n)).to.deep.equal([0n, 1n, 0n]);
    });

    it("refuses a proposal that does not exist", async () => {
      const a = await loadFixture(sitting);
      for (const unknown of [0n, 1n, MaxUint256]) {
        await expect(a.council.state(unknown))
          .to.be.revertedWithCustomError(a.council, "GovernorNonexistentProposal")
          .withArgs(unknown);
      }
    });
  });

  describe("cancel", () => {
    it("is for the proposer, in the second of the proposal", async () => {
      const a = await loadFixture(sitting);
      const { targets, values, calldatas } = await parts([settingPeriod(a)]);
      const council = a.council.connect(a.states[0]!.delegate);
      const [proposed, refused, cancelled] = await inOneBlock(
        a,
        () => council.propose(targets, values, calldatas, "Withdrawn", { gasLimit: 1_000_000 }),
        () => a.council.connect(a.states[1]!.delegate)["cancel(uint256)"](1n, { gasLimit: 200_000 }),
        () => council["cancel(uint256)"](1n, { gasLimit: 200_000 }),
      );
      expect([proposed!.status, refused!.status, cancelled!.status]).to.deep.equal([1, 0, 1]);
      expect(await a.council.state(1n)).to.equal(ProposalState.Canceled);
      expect(await a.council.failedAt(1n)).to.equal(0n);
      await a.time.increase(1n);
      await expect(council.castVote(1n, Support.For))
        .to.be.revertedWithCustomError(a.council, "GovernorUnexpectedProposalState")
        .withArgs(1n, ProposalState.Canceled, only(ProposalState.Active));
    });

    it("is refused once voting is open, to everybody and in both forms", async () => {
      const { a, proposalId } = await loadFixture(open);
      const [targets, values, calldatas, text] = await a.council.proposalDetails(proposalId);
      for (const account of [a.states[0]!.delegate, a.states[1]!.delegate, a.stranger, a.guardian]) {
        const council = a.council.connect(account);
        const forms = [
          () => council["cancel(uint256)"](proposalId),
          () => council["cancel(address[],uint256[],bytes[],bytes32)"]([...targets], [...values], [...calldatas], text),
        ];
        for (const cancelling of forms) {
          await expect(cancelling())
            .to.be.revertedWithCustomError(a.council, "GovernorUnableToCancel")
            .withArgs(proposalId, account.address);
        }
      }
    });

    it("is refused for a proposal that does not exist", async () => {
      const a = await loadFixture(sitting);
      await expect(a.council["cancel(uint256)"](9n))
        .to.be.revertedWithCustomError(a.council, "GovernorNonexistentProposal")
        .withArgs(9n);
    });
  });
});
