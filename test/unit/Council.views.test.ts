import { expect } from "chai";
import { ZeroAddress, ZeroHash, id } from "ethers";
import { network } from "hardhat";

import { DAY, PERIOD, ProposalState, Support, asTimelock, fileAttack } from "../support/alliance.ts";
import { now } from "../support/chain.ts";
import { cast, openVote, parts, rotate, setVote, settingPeriod, sittingCouncil } from "../support/council.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const sitting = () => sittingCouncil(connection);

/** An ordinary proposal, and an urgent one on an attack on the State of seat 0. */
async function both() {
  const a = await sittingCouncil(connection);
  const ordinary = await openVote(a);
  const { proposalId: urgent, attackId } = await fileAttack(a, a.states[0]!);
  await a.time.increase(1n);
  return { a, ordinary, urgent, attackId };
}

describe("Council: views", () => {
  describe("hasVoted", () => {
    it("is true of a seat once its ballot is cast", async () => {
      const { a, ordinary } = await loadFixture(both);
      const { delegate } = a.states[1]!;
      expect(await a.council.hasVoted(ordinary, delegate.address)).to.equal(false);
      await cast(a, ordinary, [a.states[1]!], Support.Abstain);
      expect(await a.council.hasVoted(ordinary, delegate.address)).to.equal(true);
      expect(await a.council.hasVoted(ordinary, a.states[2]!.delegate.address)).to.equal(false);
    });

    it("is true of the seat's delegate of the day, whoever cast the ballot", async () => {
      const { a, ordinary } = await loadFixture(both);
      const m = a.states[1]!;
      await cast(a, ordinary, [m], Support.For);
      await rotate(a, [m, a.spare(0).address]);
      expect(await a.council.hasVoted(ordinary, a.spare(0).address)).to.equal(true);
      expect(await a.council.hasVoted(ordinary, m.delegate.address)).to.equal(false);
    });

    it("is false of who has no seat, and of a seat that is not in the electorate", async () => {
      const { a, ordinary } = await loadFixture(both);
      await setVote(a, a.states[4]!, true);
      await a.time.increase(1n);
      const later = await openVote(a);
      expect(await a.council.hasVoted(later, a.states[4]!.delegate.address)).to.equal(false);
      for (const account of [a.stranger, a.states[1]!.treasury, a.partners[0]!.delegate]) {
        expect(await a.council.hasVoted(ordinary, account.address)).to.equal(false);
      }
      expect(await a.council.hasVoted(ordinary, ZeroAddress)).to.equal(false);
    });

    it("is false of the attacked member, whose seat has no ballot to cast", async () => {
      const { a, urgent } = await loadFixture(both);
      const { delegate } = a.states[0]!;
      expect(await a.council.hasVoted(urgent, delegate.address)).to.equal(false);
      await cast(a, urgent, [a.states[1]!], Support.For);
      expect(await a.council.hasVoted(urgent, delegate.address)).to.equal(false);
      expect(await a.council.hasVoted(urgent, a.states[1]!.delegate.address)).to.equal(true);
    });

    it("is false of a proposal that does not exist", async () => {
      const { a } = await loadFixture(both);
      for (const unknown of [0n, 9n]) {
        expect(await a.council.hasVoted(unknown, a.states[1]!.delegate.address)).to.equal(false);
      }
    });
  });

  describe("quorum", () => {
    it("is more than half of the seats that could vote then", async () => {
      const a = await loadFixture(sitting);
      const seven = await now(a);
      expect(await a.council.quorum(seven)).to.equal(4n);
      const times: [bigint, bigint][] = [[seven, 4n]];
      for (const [i, quorum] of [4n, 3n, 3n, 2n, 2n, 1n, 1n].entries()) {
        await setVote(a, a.states[i]!, true);
        times.push([await now(a), quorum]);
      }
      await a.time.increase(1n);
      for (const [time, quorum] of times) expect(await a.council.quorum(time)).to.equal(quorum);
    });

    it("refuses the future", async () => {
      const a = await loadFixture(sitting);
      const time = await now(a);
      await expect(a.council.quorum(time + 1_000n))
        .to.be.revertedWithCustomError(a.registry, "MemberFutureLookup")
        .withArgs(time + 1_000n, time);
    });
  });

  describe("getVotes", () => {
    it("is one for the delegate of a seat that could vote then, else none", async () => {
      const a = await loadFixture(sitting);
      const before = await now(a);
      await setVote(a, a.states[0]!, true);
      const after = await now(a);
      await a.time.increase(1n);
      const first = a.states[0]!.delegate.address;
      expect(await a.council.getVotes(first, before)).to.equal(1n);
      expect(await a.council.getVotes(first, after)).to.equal(0n);
      expect(await a.council.getVotesWithParams(a.states[1]!.delegate.address, after, "0x12")).to.equal(1n);
      expect(await a.council.getVotes(a.stranger.address, before)).to.equal(0n);
      expect(await a.council.getVotes(a.partners[0]!.delegate.address, before)).to.equal(0n);
    });
  });

  describe("the registry's seatCastBy", () => {
    it("is the seat of a delegate, also while its vote rests, and 255 for everybody else", async () => {
      const a = await loadFixture(sitting);
      await setVote(a, a.states[4]!, true);
      await asTimelock(a, (timelock) => a.registry.connect(timelock).suspend(a.states[5]!.code));
      for (const [seat, { delegate, treasury }] of a.states.entries()) {
        expect(await a.registry.seatCastBy(delegate.address)).to.equal(BigInt(seat));
        expect(await a.registry.seatCastBy(treasury.address)).to.equal(255n);
      }
      for (const address of [a.stranger.address, a.partners[0]!.delegate.address, ZeroAddress]) {
        expect(await a.registry.seatCastBy(address)).to.equal(255n);
      }
    });
  });

  describe("proposalCount, proposalDetailsAt", () => {
    it("run over ordinary and urgent proposals alike", async () => {
      const { a, ordinary, urgent, attackId } = await loadFixture(both);
      expect(await a.council.proposalCount()).to.equal(2n);
      expect(await a.council.latestProposalId()).to.equal(2n);
      const { targets, values, calldatas } = await parts([settingPeriod(a)]);
      const [first, t, v, c] = await a.council.proposalDetailsAt(0n);
      expect([first, t, v, c]).to.deep.equal([ordinary, targets, values, calldatas]);
      const register = await a.register.getAddress();
      expect(await a.council.proposalDetailsAt(1n)).to.deep.equal([
        urgent,
        [register],
        [0n],
        [a.register.interface.encodeFunctionData("recognise", [attackId])],
        id(`Recognise attack ${attackId} #proposer=${register.toLowerCase()}`),
      ]);
    });

    it("refuse what does not exist", async () => {
      const { a } = await loadFixture(both);
      await expect(a.council.proposalDetailsAt(2n))
        .to.be.revertedWithCustomError(a.council, "GovernorNonexistentProposal")
        .withArgs(3n);
      await expect(a.council.proposalDetails(0n))
        .to.be.revertedWithCustomError(a.council, "GovernorNonexistentProposal")
        .withArgs(0n);
      const { targets, values, calldatas } = await parts([settingPeriod(a)]);
      await expect(a.council.getProposalId(targets, values, calldatas, ZeroHash))
        .to.be.revertedWithCustomError(a.council, "GovernorNonexistentProposal")
        .withArgs(0n);
    });
  });

  describe("failedAt, decidedAt", () => {
    it("are zero while a vote is open, and the time of the ballot that decided it against", async () => {
      const { a, ordinary, urgent } = await loadFixture(both);
      // Half of seven seats, and of the six that vote on the attack, rounded up.
      for (const [proposalId, half] of [
        [ordinary, 4],
        [urgent, 3],
      ] as const) {
        expect(await a.council.failedAt(proposalId)).to.equal(0n);
        expect(await a.council.decidedAt(proposalId)).to.equal(0n);
        await cast(a, proposalId, a.states.slice(1, 1 + half), Support.Against);
        expect(await a.council.failedAt(proposalId)).to.equal(await now(a));
        expect(await a.council.decidedAt(proposalId)).to.equal(await now(a));
        expect(await a.council.state(proposalId)).to.equal(ProposalState.Defeated);
      }
      const failed = await a.council.failedAt(ordinary);
      await a.time.increaseTo((await a.council.proposalDeadline(ordinary)) + 1n);
      expect(await a.council.failedAt(ordinary)).to.equal(failed);
    });

    it("fails at its opening where nobody may vote", async () => {
      const a = await sittingCouncil(connection);
      const [attacked, ...others] = a.states;
      await asTimelock(a, async (timelock) => {
        for (const [i, { code }] of others.entries()) {
          // Three changes of membership a period.
          if (i > 0 && i % 3 === 0) await a.time.increase(PERIOD);
          await a.registry.connect(timelock).suspend(code);
        }
        await a.ledger.connect(timelock).waive(attacked!.code, BigInt(await a.time.latest()) + 365n * DAY);
      });
      const { proposalId } = await fileAttack(a, attacked!);
      await a.time.increase(1n);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Defeated);
      expect(await a.council.decidedAt(proposalId)).to.equal(0n);
      expect(await a.council.failedAt(proposalId)).to.equal(await a.council.proposalSnapshot(proposalId));
    });

    it("refuse or know nothing of a proposal that does not exist", async () => {
      const { a } = await loadFixture(both);
      expect(await a.council.decidedAt(9n)).to.equal(0n);
      await expect(a.council.failedAt(9n))
        .to.be.revertedWithCustomError(a.council, "GovernorNonexistentProposal")
        .withArgs(9n);
    });
  });

  describe("standards", () => {
    it("names itself, its clock and its way of counting", async () => {
      const a = await loadFixture(sitting);
      expect(await a.council.name()).to.equal("Crisis Insurance Council");
      expect(await a.council.version()).to.equal("1");
      expect(await a.council.CLOCK_MODE()).to.equal("mode=timestamp");
      expect(await a.council.COUNTING_MODE()).to.equal("support=bravo&quorum=bravo");
      expect(await a.council.clock()).to.equal(await now(a));
      expect(await a.registry.CLOCK_MODE()).to.equal(await a.council.CLOCK_MODE());
    });

    it("knows its timelock, registry and register", async () => {
      const a = await loadFixture(sitting);
      expect(await a.council.timelock()).to.equal(await a.timelock.getAddress());
      expect(await a.council.registry()).to.equal(await a.registry.getAddress());
      expect(await a.council.register()).to.equal(await a.register.getAddress());
    });

    it("has the EIP-712 domain that ballots are signed for", async () => {
      const a = await loadFixture(sitting);
      expect(await a.council.eip712Domain()).to.deep.equal([
        "0x0f",
        "Crisis Insurance Council",
        "1",
        31337n,
        await a.council.getAddress(),
        ZeroHash,
        [],
      ]);
      expect(await a.council.BALLOT_TYPEHASH()).to.equal(
        id("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)"),
      );
    });

    it("is an ERC-165 Governor", async () => {
      const a = await loadFixture(sitting);
      const interfaceOf = (...functions: string[]) =>
        a.ethers.toBeHex(
          functions.reduce((all, one) => all ^ BigInt(id(one).slice(0, 10)), 0n),
          4,
        );
      const erc165 = interfaceOf("supportsInterface(bytes4)");
      const receiver = interfaceOf(
        "onERC1155Received(address,address,uint256,uint256,bytes)",
        "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)",
      );
      for (const known of [erc165, receiver]) expect(await a.council.supportsInterface(known)).to.equal(true);
      for (const unknown of ["0xffffffff", "0x01ffc9a8", interfaceOf("clock()")]) {
        expect(await a.council.supportsInterface(unknown)).to.equal(false);
      }
    });

    it("takes no ether and no tokens that ask", async () => {
      const a = await loadFixture(sitting);
      const to = await a.council.getAddress();
      await expect(a.stranger.sendTransaction({ to, value: 1n })).to.be.revertedWithCustomError(
        a.council,
        "GovernorDisabledDeposit",
      );
      const [from, no] = [a.stranger.address, "0x"];
      for (const receiving of [
        () => a.council.onERC721Received(from, from, 1n, no),
        () => a.council.onERC1155Received(from, from, 1n, 1n, no),
        () => a.council.onERC1155BatchReceived(from, from, [1n], [1n], no),
      ]) {
        await expect(receiving()).to.be.revertedWithCustomError(a.council, "GovernorDisabledDeposit");
      }
    });
  });

  describe("closed functions", () => {
    it("relay and updateTimelock are closed to everybody, the timelock included", async () => {
      const a = await loadFixture(sitting);
      const closed = async (account: typeof a.stranger) => {
        const council = a.council.connect(account);
        await expect(council.relay(await a.token.getAddress(), 0n, "0x"))
          .to.be.revertedWithCustomError(a.council, "CouncilClosed")
          .withArgs(a.council.interface.getFunction("relay").selector);
        await expect(council.updateTimelock(a.stranger.address))
          .to.be.revertedWithCustomError(a.council, "CouncilClosed")
          .withArgs(a.council.interface.getFunction("updateTimelock").selector);
      };
      await closed(a.stranger);
      await closed(a.states[0]!.delegate);
      await asTimelock(a, closed);
    });
  });
});
