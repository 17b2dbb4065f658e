import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";

import {
  CaseStatus,
  MILLION,
  ProposalState,
  Support,
  dossierOf,
  fileAttack,
  liveUntil,
  voteThrough,
} from "../support/alliance.ts";
import type { Action, Alliance } from "../support/alliance.ts";
import { asContract } from "../support/chain.ts";
import {
  TIMELOCK_DELAY,
  URGENT_GAS,
  cast,
  openVote,
  pass,
  rotate,
  setVote,
  settingPeriod,
  signed,
  sittingCouncil,
} from "../support/council.ts";
import { allianceWith } from "../support/tokens.ts";

const connection = await network.create();
const { loadFixture, takeSnapshot } = connection.networkHelpers;

const sitting = () => sittingCouncil(connection);

/** An attack on the State of seat 0, of whose six voters three have voted For: one ballot decides. */
async function onTheBrink() {
  const a = await sittingCouncil(connection);
  await liveUntil(a, 200n);
  const attack = await fileAttack(a, a.states[0]!, { share: 300_000 });
  await a.time.increase(1n);
  await cast(a, attack.proposalId, a.states.slice(1, 4), Support.For);
  return { a, ...attack };
}

/** Tells whether a transaction with this much gas went through; if not, that it ended for want of gas. */
async function goesThrough(send: () => Promise<ContractTransactionResponse>): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    expect(String(error)).to.match(/CouncilTooLittleGas|out of gas|ran out/i);
    return false;
  }
}

/** Carries a decision up to its execution, which is not sent. */
async function ready(a: Alliance, ...actions: Action[]): Promise<bigint> {
  const proposalId = await openVote(a, actions);
  await pass(a, proposalId);
  await a.council["queue(uint256)"](proposalId);
  await a.time.increase(TIMELOCK_DELAY);
  return proposalId;
}

describe("Adversary: the council", () => {
  describe("a deciding ballot with too little gas", () => {
    type Fixture = Awaited<ReturnType<typeof onTheBrink>>;

    /** Sends the deciding ballot with one amount of gas after another, and returns the least that went through. */
    async function scan(
      { a, proposalId, attackId }: Fixture,
      limits: number[],
      send: (gasLimit: number) => Promise<ContractTransactionResponse>,
    ): Promise<number | undefined> {
      const { treasury } = a.states[0]!;
      const before = await a.token.balanceOf(treasury.address);
      let least: number | undefined;
      for (const gasLimit of limits) {
        const brink = await takeSnapshot();
        const through = await goesThrough(() => send(gasLimit));
        const [, inFavour] = await a.council.proposalVotes(proposalId);
        const { awarded } = await a.register.attack(attackId);
        const paid = (await a.token.balanceOf(treasury.address)) - before;
        const { held } = await a.fund.earmarkOf(attackId);
        if (through) {
          expect(inFavour, `${gasLimit}`).to.equal(4n);
          expect(await a.register.statusOf(attackId), `${gasLimit}`).to.equal(CaseStatus.Recognised);
          expect(await a.council.state(proposalId), `${gasLimit}`).to.equal(ProposalState.Executed);
          expect(awarded, `${gasLimit}`).to.be.greaterThan(0n);
          expect(paid + held, `${gasLimit}`).to.equal(awarded);
          expect(held, `${gasLimit}`).to.equal((awarded * 3n) / 10n);
          least ??= gasLimit;
        } else {
          expect(least, `${gasLimit} is more than what went through before`).to.equal(undefined);
          expect(inFavour, `${gasLimit}`).to.equal(3n);
          expect(await a.council.state(proposalId), `${gasLimit}`).to.equal(ProposalState.Active);
          expect(await a.register.statusOf(attackId), `${gasLimit}`).to.equal(CaseStatus.Voting);
        }
        await brink.restore();
      }
      return least;
    }

    const from = (first: number, last: number, step: number) =>
      Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);

    it("is refused whole: it never counts with its recognition left out", async () => {
      const fixture = await loadFixture(onTheBrink);
      const { a, proposalId } = fixture;
      const council = a.council.connect(a.states[4]!.delegate);
      const least = await scan(fixture, from(60_000, 2_500_000, 40_000), (gasLimit) =>
        council.castVote(proposalId, Support.For, { gasLimit }),
      );
      const needed = await a.council.RECOGNITION_GAS();
      expect(least).to.be.greaterThan(Number(needed));
      // What the constant's comment promises clients.
      expect(least).to.be.at.most(Number(needed) + 100_000);
    });

    it("around the amount that is asked for, gas by gas", async () => {
      const fixture = await loadFixture(onTheBrink);
      const { a, proposalId } = fixture;
      const council = a.council.connect(a.states[4]!.delegate);
      const needed = Number(await a.council.RECOGNITION_GAS());
      const least = await scan(fixture, from(needed, needed + 100_000, 2_000), (gasLimit) =>
        council.castVote(proposalId, Support.For, { gasLimit }),
      );
      expect(least).not.to.equal(undefined);
    });

    it("is refused whole among many by signature too", async () => {
      const fixture = await loadFixture(onTheBrink);
      const { a, proposalId } = fixture;
      const ballots = await Promise.all(
        a.states.slice(3, 6).map(({ delegate }) => signed(a, delegate, proposalId, Support.For)),
      );
      const least = await scan(fixture, from(60_000, 2_500_000, 80_000), (gasLimit) =>
        a.council.connect(a.relayer).castVotesBySig(proposalId, ballots, { gasLimit }),
      );
      expect(least).to.be.greaterThan(Number(await a.council.RECOGNITION_GAS()));
    });

    it("is asked of nobody whose ballot does not decide, or decides against", async () => {
      const { a, proposalId } = await loadFixture(onTheBrink);
      const gasLimit = 150_000;
      await a.council.connect(a.states[4]!.delegate).castVote(proposalId, Support.Against, { gasLimit });
      await a.council.connect(a.states[5]!.delegate).castVote(proposalId, Support.Against, { gasLimit });
      await a.council.connect(a.states[6]!.delegate).castVote(proposalId, Support.Against, { gasLimit });
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Defeated);
    });
  });

  describe("the gas of a recognition", () => {
    /** The least gas with which the council's call to the register does all it should, and no less. */
    async function need(a: Alliance, attackId: bigint): Promise<bigint> {
      let [low, high] = [100_000n, 3_000_000n];
      const { member } = await a.register.attack(attackId);
      const treasury = a.states.find((m) => m.code === member)!.treasury.address;
      const outcome = async (gasLimit: bigint) => {
        const before = await takeSnapshot();
        const balance = await a.token.balanceOf(treasury);
        let answer: string;
        try {
          await asContract(a, a.council, (council) => a.register.connect(council).recognise(attackId, { gasLimit }));
          const { owedToIt, held } = await a.fund.earmarkOf(attackId);
          answer = [(await a.token.balanceOf(treasury)) - balance, owedToIt, held, await a.ledger.callCount()].join();
        } catch {
          answer = "failed";
        }
        await before.restore();
        return answer;
      };
      const whole = await outcome(high);
      expect(whole).not.to.equal("failed");
      while (high - low > 1_000n) {
        const middle = (low + high) / 2n;
        if ((await outcome(middle)) === whole) high = middle;
        else low = middle;
      }
      return high;
    }

    it("leaves RECOGNITION_GAS a margin of at least two, with payment, earmark, shortage and call", async () => {
      const a = await sittingCouncil(connection, { baseline: 900n * MILLION });
      await liveUntil(a, 200n);
      const share = 300_000;
      // Each may take a quarter of the capital: after the third, more is committed than there is.
      const filed = [];
      for (const m of a.states.slice(0, 5)) filed.push(await fileAttack(a, m, { share }));
      const needs: bigint[] = [];
      for (const [i, { attackId, proposalId }] of filed.entries()) {
        needs.push(await need(a, attackId));
        await voteThrough(a, proposalId);
        expect(await a.register.statusOf(attackId), `attack ${i}`).to.equal(CaseStatus.Recognised);
      }
      expect(await a.fund.owed()).to.be.greaterThan(0n);
      expect(await a.ledger.callCount()).to.be.greaterThan(0n);
      const most = needs.reduce((x, y) => (x > y ? x : y));
      const given = ((await a.council.RECOGNITION_GAS()) * 63n) / 64n;
      expect(given).to.be.at.least(2n * most);
    });
  });

  describe("a member whose account calls back when it is paid", () => {
    /** The settlement token calls hooks, and the attacked State's treasury is a hook that may call anything. */
    async function hooked() {
      const { ethers } = connection;
      const hookToken = await ethers.deployContract("HookToken");
      const a = await allianceWith(connection, hookToken, { parameters: { founderCoverDelay: 0 } });
      await liveUntil(a, 200n);
      const hook = await ethers.deployContract("Reenterer");
      await hookToken.setHook(a.states[0]!.treasury.address, await hook.getAddress());
      const attack = await fileAttack(a, a.states[0]!);
      await a.time.increase(1n);
      await cast(a, attack.proposalId, a.states.slice(1, 4), Support.For);
      return { a, hook, hookToken, ...attack };
    }

    it("cannot vote, execute, open or close anything from within the recognition", async () => {
      const { a, hook, proposalId, attackId } = await loadFixture(hooked);
      const late = await signed(a, a.states[5]!.delegate, proposalId, Support.For);
      const calls = [
        a.council.interface.encodeFunctionData("execute(uint256)", [proposalId]),
        a.council.interface.encodeFunctionData("castVotesBySig", [proposalId, [late]]),
        a.council.interface.encodeFunctionData("castVoteBySig", [proposalId, 1, late.voter, late.signature]),
        a.council.interface.encodeFunctionData("cancel(uint256)", [proposalId]),
        a.council.interface.encodeFunctionData("callVote", [attackId + 1n, a.states[0]!.code]),
      ];
      for (const call of calls) {
        const before = await takeSnapshot();
        await hook.aim(await a.council.getAddress(), call);
        await cast(a, proposalId, a.states.slice(4, 5), Support.For);
        expect(await hook.tried()).to.equal(true);
        expect(await hook.succeeded()).to.equal(false);
        expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 4n, 0n]);
        expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Recognised);
        await before.restore();
      }
    });
  });

  describe("a majority that wants to recognise by an ordinary decision", () => {
    it("fails through the timelock, even as its own proposer and executor", async () => {
      const { a, attackId } = await loadFixture(onTheBrink);
      const timelock = await a.timelock.getAddress();
      const register = await a.register.getAddress();
      const recognising = a.register.interface.encodeFunctionData("recognise", [attackId]);
      const roles = [await a.timelock.PROPOSER_ROLE(), await a.timelock.EXECUTOR_ROLE()];
      const toTimelock = (data: string): Action => ({ target: a.timelock, data });
      const encode = a.timelock.interface;
      const granting = await ready(
        a,
        ...roles.map((role) => toTimelock(encode.encodeFunctionData("grantRole", [role, timelock]))),
        toTimelock(
          encode.encodeFunctionData("schedule", [register, 0n, recognising, ZeroHash, ZeroHash, TIMELOCK_DELAY]),
        ),
      );
      await a.council["execute(uint256)"](granting);
      await a.time.increase(TIMELOCK_DELAY);
      const executing = await ready(
        a,
        toTimelock(encode.encodeFunctionData("execute", [register, 0n, recognising, ZeroHash, ZeroHash])),
      );
      await expect(a.council["execute(uint256)"](executing))
        .to.be.revertedWithCustomError(a.register, "AttackNotCouncil")
        .withArgs(timelock);
    });

    it("fails through the council's own functions", async () => {
      const { a, attackId, proposalId } = await loadFixture(onTheBrink);
      const encode = a.council.interface;
      const failing: [string, string][] = [
        [encode.encodeFunctionData("callVote", [attackId, a.states[0]!.code]), "CouncilNotRegister"],
        [encode.encodeFunctionData("castVote", [proposalId, Support.For]), "GovernorUnexpectedProposalState"],
        [encode.encodeFunctionData("execute(uint256)", [proposalId]), "GovernorUnexpectedProposalState"],
      ];
      for (const [data, error] of failing) {
        const acting = await ready(a, { target: a.council, data });
        await expect(a.council["execute(uint256)"](acting)).to.be.revertedWithCustomError(a.council, error);
      }
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Rejected);
    });
  });

  describe("a majority that shrinks the electorate", () => {
    it("gains nothing in what is open: purged seats keep their ballots, new seats have none", async () => {
      const a = await loadFixture(sitting);
      const proposalId = await openVote(a);
      await cast(a, proposalId, a.states.slice(0, 3), Support.For);
      for (const m of a.states.slice(4)) await setVote(a, m, true);
      expect(await a.registry.getPastTotalSupply((await a.council.clock()) - 1n)).to.be.lessThan(7n);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Active);
      await cast(a, proposalId, a.states.slice(3), Support.Against);
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Defeated);
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([4n, 3n, 0n]);
    });
  });

  describe("a State that passes its delegate's account around", () => {
    it("never casts two ballots, in whatever order keys and ballots come", async () => {
      const a = await loadFixture(sitting);
      const proposalId = await openVote(a);
      const m = a.states[2]!;
      const keys = [m.delegate, a.spare(0), a.spare(1)];
      const early = await Promise.all(keys.map((key) => signed(a, key, proposalId, Support.For)));
      await rotate(a, [m, keys[1]!.address]);
      await a.council.castVotesBySig(proposalId, early);
      await rotate(a, [m, keys[2]!.address]);
      await a.council.castVotesBySig(proposalId, early);
      await rotate(a, [m, keys[0]!.address]);
      await a.council.castVotesBySig(proposalId, early);
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 1n, 0n]);
      const nonces = await Promise.all(keys.map(({ address }) => a.council.nonces(address)));
      expect(nonces).to.deep.equal([0n, 1n, 0n]);
    });
  });

  describe("a Partner that was a State", () => {
    it("keeps its seat's ballot in what is open, and has none in what opens later", async () => {
      const a = await loadFixture(sitting);
      const m = a.states[6]!;
      const proposalId = await openVote(a);
      const timelock = await a.timelock.getAddress();
      await connection.networkHelpers.setBalance(timelock, 10n ** 20n);
      const dossier = dossierOf(m.name) as Parameters<typeof a.registry.applyFor>[3];
      await asContract(a, a.timelock, async (council) => {
        await a.registry.connect(council).expel(m.code);
        const args = [m.code, 1, m.delegate.address, dossier] as const;
        const application = await a.registry.connect(m.treasury).applyFor.staticCall(...args);
        await a.registry.connect(m.treasury).applyFor(...args);
        await a.registry.connect(council).admit(m.code, application);
      });
      await a.time.increase(1n);
      await cast(a, proposalId, [m], Support.For);
      expect(await a.council.proposalVotes(proposalId)).to.deep.equal([0n, 1n, 0n]);
      const next = await openVote(a);
      await expect(a.council.connect(m.delegate).castVote(next, Support.For))
        .to.be.revertedWithCustomError(a.council, "CouncilNoSeat")
        .withArgs(next, m.delegate.address);
    });
  });

  describe("a proposer who floods the council", () => {
    it("costs others nothing: hundreds of open proposals leave a ballot and a vote as they were", async () => {
      const a = await loadFixture(sitting);
      const first = await openVote(a);
      const before = await a.council.connect(a.states[1]!.delegate).castVote.estimateGas(first, Support.For);
      const council = a.council.connect(a.states[0]!.delegate);
      const target = await a.council.getAddress();
      for (let i = 0; i < 150; ++i) await council.propose([target], [0n], [settingPeriod(a).data], `Flood ${i}`);
      const after = await a.council.connect(a.states[1]!.delegate).castVote.estimateGas(first, Support.For);
      expect(after).to.equal(before);
      await pass(a, first);
      expect(await a.council.state(first)).to.equal(ProposalState.Succeeded);
    });
  });

  it("the zero address has no vote", async () => {
    const a = await loadFixture(sitting);
    expect(await a.council.getVotes(ZeroAddress, (await a.council.clock()) - 1n)).to.equal(0n);
    const { proposalId } = await fileAttack(a, a.partners[0]!);
    await a.time.increase(1n);
    const ballots = [{ voter: ZeroAddress, support: Support.For, signature: "0x" }];
    expect(await a.council.castVotesBySig.staticCall(proposalId, ballots, URGENT_GAS)).to.equal(0n);
  });
});
