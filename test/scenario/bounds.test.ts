import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";

import { campaignIdOf } from "../../scripts/lib/compensation/tree.ts";
import {
  DAY,
  Kind,
  MILLION,
  ProposalState,
  Support,
  UNIT,
  asTimelock,
  code,
  dossierOf,
  fileAttack,
  foundAlliance,
  hash,
  propose,
} from "../support/alliance.ts";
import type { Alliance, TestMember } from "../support/alliance.ts";
import { now } from "../support/chain.ts";
import { Purpose, open, rootOf } from "../support/compensation.ts";
import type { Claim } from "../support/compensation.ts";
import { goods } from "../support/market.ts";
import type { IMemberRegistry } from "../../typechain-types/contracts/MemberRegistry.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const SEATS = 208;
/** What a transaction may use since EIP-7825, less a margin. */
const MOST_GAS = 16_700_000n;

/** Codes of 208 States: AAA, AAB and so on. None is that of a coercer. */
const CODES = Array.from({ length: SEATS }, (_, i) =>
  String.fromCharCode(65 + Math.floor(i / 676), 65 + (Math.floor(i / 26) % 26), 65 + (i % 26)),
);

async function full() {
  const a = await foundAlliance(connection, { states: CODES, partners: [], assessors: 15 });
  await a.time.increaseTo(a.genesis + 200n * DAY);
  for (const m of a.states.slice(0, 4)) {
    await a.ledger.connect(m.treasury).contribute(m.code, 100n * MILLION);
  }
  return a;
}

type Dossier = IMemberRegistry.FounderStruct["dossier"];

/** Fails unless a call stays below the bound. */
async function expectBounded(name: string, sent: Promise<ContractTransactionResponse>): Promise<void> {
  const receipt = await (await sent).wait();
  expect(receipt!.gasUsed, `13: ${name}`).to.be.below(MOST_GAS);
}

async function signedBallots(a: Alliance, proposalId: bigint, support: number) {
  const domain = {
    name: "Crisis Insurance Council",
    version: "1",
    chainId: 31337,
    verifyingContract: await a.council.getAddress(),
  };
  const types = {
    Ballot: [
      { name: "proposalId", type: "uint256" },
      { name: "support", type: "uint8" },
      { name: "voter", type: "address" },
      { name: "nonce", type: "uint256" },
    ],
  };
  return await Promise.all(
    a.states.map(async ({ delegate }) => ({
      voter: delegate.address,
      support,
      signature: await delegate.signTypedData(domain, types, {
        proposalId,
        support,
        voter: delegate.address,
        nonce: 0,
      }),
    })),
  );
}

/** An attack on the first State with a majority of 104 others. A third of the awards is for industries and workers. */
async function recognised() {
  const a = await full();
  const attacked = a.states[0]!;
  const { attackId, proposalId, startedAt } = await fileAttack(a, attacked, { share: 333_333 });
  await a.time.increase(2n);
  for (const { delegate } of a.states.slice(1, 104))
    await a.council.connect(delegate).castVote(proposalId, Support.For);
  return { a, attacked, attackId, proposalId, startedAt, decider: a.states[104]!.delegate };
}

/** The same, decided. */
async function solidary() {
  const story = await recognised();
  await story.a.council.connect(story.decider).castVote(story.proposalId, Support.For, { gasLimit: MOST_GAS });
  return story;
}

/** A claim for one unit under the deepest proof that a tree may have, in a campaign of its own. */
async function deepestClaim(a: Alliance, attackId: bigint, attacked: string, number: bigint): Promise<Claim> {
  const campaignId = campaignIdOf(attackId, number);
  const proof = Array.from({ length: 32 }, (_, i) => hash(`beside ${number} ${i}`));
  const person = { account: a.spare(Number(number)).address, amount: 1n, purpose: Purpose.Worker };
  const claim = { campaignId, index: 10n ** 9n + number, ...person, proof };
  const root = rootOf(await a.distributor.leafOf(claim), proof);
  await open(a, attacked, { campaignId, root, total: 2n, claims: [claim] });
  return claim;
}

describe("Invariant 13: every call is bounded, with 208 seats", function () {
  this.timeout(600_000);

  it("gives all 208 seats, and not one more", async () => {
    const a = await loadFixture(full);
    expect(await a.registry.seatsGiven()).to.equal(208n);
    const dossier = dossierOf("ZZZ") as Dossier;
    const [treasury, delegate] = [a.spare(0), a.spare(1)];
    await a.registry.connect(treasury).applyFor(code("ZZZ"), Kind.State, delegate.address, dossier);
    const [applied] = await a.registry.queryFilter(a.registry.filters.Applied(code("ZZZ")));
    await asTimelock(a, (timelock) =>
      expect(
        a.registry.connect(timelock).admit(code("ZZZ"), applied!.args.applicationHash),
      ).to.be.revertedWithCustomError(a.registry, "MemberNoSeatLeft"),
    );
  });

  describe("founding", () => {
    it("admits 32 founders in a call", async () => {
      const a = await loadFixture(full);
      const registry = await a.ethers.deployContract("MemberRegistry", [
        a.deployer.address,
        BigInt(await a.time.latest()) + DAY,
      ]);
      const founders = a.states.slice(0, 32).map((m) => ({
        code: m.code,
        kind: Kind.State,
        treasury: m.treasury.address,
        delegate: m.delegate.address,
        dossier: dossierOf(m.name) as Dossier,
      }));
      await expectBounded("admitFounders of 32", registry.admitFounders(founders));
    });

    it("sets the first scales of half the members in a call", async () => {
      const a = await loadFixture(full);
      const ledger = await a.ethers.deployContract("ContributionLedger", [
        a.deployer.address,
        await a.registry.getAddress(),
        await a.fund.getAddress(),
        { loading: 0, callCap: 1_000_000 },
        0,
        MILLION,
      ]);
      const scales = a.states.map((m) => ({ code: m.code, capacity: 4_000, dependence: 0 }));
      await expectBounded("setScales of 104, the first", ledger.setScales(scales.slice(0, 104)));
      await expectBounded("setScales of 104, the other", ledger.setScales(scales.slice(104)));
    });

    it("sets 208 terms in a call, and as many exposures as one may hold", async () => {
      const a = await loadFixture(full);
      const coverage = await a.ethers.deployContract("CoverageBook", [
        a.deployer.address,
        await a.registry.getAddress(),
      ]);
      const terms = { ceding: 800_000, attachment: 50_000, exhaustion: 600_000, yearlyLimit: MILLION };
      const codes = a.states.map((m) => m.code);
      await expectBounded("setTerms of 208", coverage.setTerms(codes, terms));
      const exposure = { baseline: MILLION, dependence: 1, source: hash("trade") };
      const entries = codes.map((member) => ({ code: member, coercer: code("CHN"), exposure }));
      const most = Number(await coverage.EXPOSURES_A_CALL());
      await expectBounded("setExposures of the most", coverage.setExposures(entries.slice(0, most)));
      await expect(coverage.setExposures(entries.slice(0, most + 1)))
        .to.be.revertedWithCustomError(coverage, "CoverageTooManyEntries")
        .withArgs(most + 1, most);
    });
  });

  describe("the council's acts", () => {
    it("sets as many scales again as a call may hold, after genesis", async () => {
      const a = await loadFixture(full);
      const most = Number(await a.ledger.SCALES_A_CALL());
      const scales = a.states.slice(0, most).map((m) => ({ code: m.code, capacity: 4_500, dependence: 10 }));
      await asTimelock(a, (timelock) =>
        expectBounded("setScales of the most, again", a.ledger.connect(timelock).setScales(scales)),
      );
    });

    it("suspends, reinstates, waives, expels, and sets budget and assessors", async () => {
      const a = await loadFixture(full);
      const m = a.states[9]!;
      await asTimelock(a, async (timelock) => {
        const [registry, ledger] = [a.registry.connect(timelock), a.ledger.connect(timelock)];
        await expectBounded("suspend", registry.suspend(m.code));
        await expectBounded("reinstate", registry.reinstate(m.code));
        await expectBounded("waive", ledger.waive(m.code, BigInt(await a.time.latest()) + 100n * DAY));
        await expectBounded("expel", registry.expel(m.code));
        await expectBounded("setBudget", ledger.setBudget(await ledger.currentPeriod().then((p) => p + 1n), MILLION));
        const assessors = a.assessors.map(({ address }, i) => ({ account: address, member: a.states[20 + i]!.code }));
        await expectBounded("setAssessors of 15", a.panel.connect(timelock).setAssessors(assessors));
      });
    });
  });

  describe("votes", () => {
    it("casts 208 signed ballots in a call", async () => {
      const a = await loadFixture(full);
      const arm = a.fund.interface.encodeFunctionData("arm");
      const proposalId = await propose(a, [{ target: a.fund, data: arm }]);
      await a.time.increase(2n);
      // Abstaining decides nothing, so all are cast.
      const ballots = await signedBallots(a, proposalId, Support.Abstain);
      await expectBounded("castVotesBySig of 208", a.council.connect(a.relayer).castVotesBySig(proposalId, ballots));
      expect((await a.council.proposalVotes(proposalId)).abstain).to.equal(208n);
    });

    it("proposes, votes, queues and executes", async () => {
      const a = await loadFixture(full);
      const arm = a.fund.interface.encodeFunctionData("arm");
      const proposal = a.council
        .connect(a.states[0]!.delegate)
        .propose([await a.fund.getAddress()], [0n], [arm], "Arm the breaker");
      await expectBounded("propose", proposal);
      const proposalId = await a.council.latestProposalId();
      await a.time.increase(2n);
      for (const { delegate } of a.states.slice(0, 105)) {
        await expectBounded("castVote", a.council.connect(delegate).castVote(proposalId, Support.For));
      }
      expect(await a.council.state(proposalId)).to.equal(ProposalState.Succeeded);
      await expectBounded("queue", a.council["queue(uint256)"](proposalId));
      await a.time.increaseTo(await a.council.proposalEta(proposalId));
      await expectBounded("execute", a.council["execute(uint256)"](proposalId));
    });
  });

  describe("an attack", () => {
    it("is recognised by the deciding ballot, reported by 15 assessors, ended and closed", async () => {
      const { a, attacked, attackId, proposalId, startedAt, decider } = await loadFixture(recognised);
      const deciding = a.council.connect(decider).castVote(proposalId, Support.For, { gasLimit: MOST_GAS });
      await expectBounded("castVote that recognises", deciding);
      expect((await a.register.attack(attackId)).recognisedAt).to.not.equal(0n);
      await a.time.increaseTo(startedAt + 30n * DAY);
      for (const assessor of a.assessors.slice(1)) {
        const report = a.panel.connect(assessor).report(attackId, 1, 16n * MILLION, hash("report"));
        await expectBounded("report, the last of which settles", report);
      }
      expect((await a.register.attack(attackId)).lastSettled).to.equal(1n);
      await expectBounded("end", a.register.connect(attacked.delegate).end(attackId));
      await a.time.increase(120n * DAY);
      await expectBounded("close", a.register.connect(a.stranger).close(attackId));
    });

    it("is filed in bounded gas, and contributions and calls are too", async () => {
      const a = await loadFixture(full);
      const m = a.states[1]!;
      const startedAt = BigInt(await a.time.latest());
      const filing = a.register
        .connect(m.delegate)
        .file(m.code, code("CHN"), 0, startedAt, hash("evidence"), "ipfs://evidence", hash("incident"), 500_000);
      await expectBounded("file", filing);
      await expectBounded("contribute", a.ledger.connect(m.treasury).contribute(m.code, MILLION));
      await expectBounded("issueCall", a.ledger.connect(a.stranger).issueCall());
      await expectBounded("sync", a.fund.connect(a.stranger).sync());
    });
  });

  describe("solidarity", () => {
    it("pays fifty claims of fifty campaigns in a call, each under the deepest proof", async () => {
      const { a, attacked, attackId } = await loadFixture(solidary);
      const claims: Claim[] = [];
      for (let number = 1n; number <= 50n; ++number) {
        claims.push(await deepestClaim(a, attackId, attacked.name, number));
      }
      await expectBounded("claimMany of 50", a.distributor.connect(a.stranger).claimMany(claims));
      for (const { campaignId } of claims) expect((await a.distributor.campaign(campaignId)).claimed).to.equal(1n);
    });

    it("opens a campaign, pays a claim, and returns what is left of it and what no campaign holds", async () => {
      const { a, attacked, attackId } = await loadFixture(solidary);
      const claim = await deepestClaim(a, attackId, attacked.name, 1n);
      const number = 2n;
      const deadline = (await now(a)) + 100n * DAY;
      const opening = a.distributor
        .connect(attacked.treasury)
        .open(attackId, number, hash("root"), 7n, deadline, "ipfs://proofs");
      await expectBounded("open", opening);
      const distributor = a.distributor.connect(a.stranger);
      await expectBounded("claim", distributor.claim(claim));
      await a.time.increaseTo(deadline + 1n);
      await expectBounded("returnUnclaimed", distributor.returnUnclaimed(campaignIdOf(attackId, number)));
      await a.time.increase(600n * DAY);
      await a.register.connect(a.stranger).close(attackId);
      await a.time.increase(366n * DAY);
      await expectBounded("returnUnassigned", distributor.returnUnassigned(attackId));
      expect((await a.fund.earmarkOf(attackId)).held).to.equal(1n);
    });

    it("offers, lowers, pledges, pays and withdraws, and asks all 208 of their share without a loop", async () => {
      const { a, attacked, attackId } = await loadFixture(solidary);
      const [, buyer] = a.states as [TestMember, TestMember];
      const [seller, market] = [a.market.connect(attacked.delegate), a.market.connect(buyer.treasury)];
      await expectBounded("offer", seller.offer(attackId, await goods(a)));
      await expectBounded("reprice", seller.reprice(1n, 19n * UNIT));
      await a.token.connect(buyer.treasury).approve(await a.market.getAddress(), 38n * UNIT);
      await expectBounded("pledge", market.pledge(1n, 3n));
      await expectBounded("settle", market.settle(1n, 2n, 19n * UNIT));
      const { target, bought } = await a.market.fulfilmentOf(attackId, buyer.code);
      expect([target, bought]).to.deep.equal([(19_000n * UNIT + 206n) / 207n, 38n * UNIT]);
      expect(await a.market.fulfilmentOf.estimateGas(attackId, buyer.code), "13: fulfilmentOf").to.be.below(200_000n);
      await expectBounded("withdraw", seller.withdraw(1n));
    });

    it("adopts a joint measure, has all 208 carry it out, and ends it", async () => {
      const { a } = await loadFixture(recognised);
      const [start, end] = [(await now(a)) + DAY, (await now(a)) + 900n * DAY];
      await asTimelock(a, async (timelock) => {
        const measures = a.measures.connect(timelock);
        await expectBounded("adopt", measures.adopt(code("CHN"), 0n, hash("act"), "ipfs://act", start, end));
        for (const { delegate, code: member } of a.states) {
          const filing = a.measures.connect(delegate).fileImplementation(1n, hash("national act"), "ipfs://national");
          await expectBounded("fileImplementation", filing);
          expect(await a.measures.complianceOf(1n, member)).to.equal(2n);
        }
        await expectBounded("endEarly", measures.endEarly(1n));
      });
    });
  });
});
