import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { MaxUint256 } from "ethers";
import { network } from "hardhat";

import limits from "../gas.json" with { type: "json" };
import {
  DAY,
  Kind,
  MILLION,
  PERIOD,
  Support,
  UNIT,
  code,
  fileAttack,
  foundAlliance,
  liveUntil,
  payAll,
  recognisedAttack,
} from "../support/alliance.ts";
import type { Alliance, TestMember } from "../support/alliance.ts";
import { coveredAlliance, eligibleAssessors, filing, reportLosses } from "../support/attacks.ts";
import { asContract, moveTo } from "../support/chain.ts";
import { admitState, codesOf, openVote, signed, sittingCouncil } from "../support/council.ts";
import { owe, signPermit } from "../support/ledger.ts";
import { applicationHashOf, decreed, partnerDossierOf, sendApplication } from "../support/registry.ts";
import type { Applicant } from "../support/registry.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

type Operation = keyof typeof limits;

/** What every transaction costs before it does anything. */
const TRANSACTION = 21_000n;
/** What an operation may cost beyond its limit, in percent. */
const TOLERANCE = 1;
const URGENT_GAS = { gasLimit: 3_000_000 };

/** What a transaction was charged, all included. */
async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<bigint> {
  return (await (await sending).wait())!.gasUsed;
}

function expectWithin(operation: Operation, measured: bigint): void {
  const limit = limits[operation];
  const beyond = (100 * (Number(measured) - limit)) / limit;
  const verdict = `${operation}: measured ${measured} gas, limit ${limit}, ${beyond.toFixed(2)}% above it`;
  expect(beyond, verdict).to.be.at.most(TOLERANCE);
}

describe("What each operation costs in gas", () => {
  describe("given 208 seats", () => {
    async function full() {
      const a = await sittingCouncil(connection, { states: codesOf(208), partners: [] });
      return { a, proposalId: await openVote(a) };
    }

    it("a ballot, the first no more than any other", async () => {
      const { a, proposalId } = await loadFixture(full);
      const costs: bigint[] = [];
      for (const i of [0, 100, 207]) {
        costs.push(await gasOf(a.council.connect(a.states[i]!.delegate).castVote(proposalId, Support.For)));
      }
      expectWithin("ballot", costs[0]!);
      expect(costs).to.deep.equal([costs[0], costs[0], costs[0]]);
    });

    it("a ballot among 101 that a relayer brings, once its voter has signed before", async () => {
      const { a, proposalId } = await loadFixture(full);
      const bring = async (some: bigint, support: number) => {
        const voters = a.states.slice(0, 101);
        const ballots = await Promise.all(voters.map(({ delegate }) => signed(a, delegate, some, support)));
        return await gasOf(a.council.connect(a.relayer).castVotesBySig(some, ballots));
      };
      await bring(proposalId, Support.Abstain);
      expectWithin("ballot among 101 by signature", (await bring(await openVote(a), Support.For)) / 101n);
    });
  });

  describe("given 200 seats", () => {
    async function twoHundred() {
      const a = await sittingCouncil(connection, { states: codesOf(200), partners: [] });
      await fileAttack(a, a.states[0]!, { coercer: "RUS" });
      return a;
    }

    it("the whole decision on an attack, its filing included, before what recognition itself costs", async () => {
      const a = await loadFixture(twoHundred);
      let cost = await gasOf(a.register.connect(a.states[0]!.delegate).file(...(await filing(a, a.states[0]!))));
      const attackId = await a.register.attackCount();
      const { proposalId } = await a.register.attack(attackId);
      await a.time.increase(2n);
      const before = await connection.networkHelpers.takeSnapshot();
      const recognition = await asContract(a, a.council, (council) =>
        gasOf(a.register.connect(council).recognise(attackId)),
      );
      await before.restore();
      // The electorate is 199 seats, but the last ballot of 200 would cost no more than any other.
      for (const { delegate } of a.states.slice(1, 101)) {
        cost += await gasOf(a.council.connect(delegate).castVote(proposalId, Support.For, URGENT_GAS));
      }
      expect((await a.register.attack(attackId)).recognisedAt).to.not.equal(0n);
      expectWithin("decision of 200 seats", cost - (recognition - TRANSACTION));
    });
  });

  describe("given an alliance that has paid for 200 days", () => {
    const covered = () => coveredAlliance(connection);

    it("to pay while the member is clear", async () => {
      const a = await loadFixture(covered);
      expectWithin("contribute while clear", await gasOf(contribute(a, a.member("LTU"), UNIT)));
    });

    it("to file an attack and open the vote, the member's second", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      await fileAttack(a, ltu, { coercer: "RUS" });
      const args = await filing(a, ltu);
      expectWithin("file and open the vote", await gasOf(a.register.connect(ltu.delegate).file(...args)));
    });

    it("to recognise an attack by the deciding ballot", async () => {
      const a = await loadFixture(covered);
      await fileAttack(a, a.member("LTU"), { coercer: "RUS" });
      const { proposalId } = await fileAttack(a, a.member("LTU"));
      await a.time.increase(2);
      for (const name of ["EST", "LVA", "POL"]) {
        await a.council.connect(a.member(name).delegate).castVote(proposalId, Support.For);
      }
      const deciding = a.council.connect(a.member("CZE").delegate).castVote(proposalId, Support.For, URGENT_GAS);
      expectWithin("recognise by the deciding ballot", await gasOf(deciding));
    });

    it("to report last, which awards and pays", async () => {
      const a = await loadFixture(covered);
      const { attackId } = await recognisedAttack(a, a.member("LTU"));
      await reportLosses(a, attackId, 3, 45n * MILLION);
      expect(await eligibleAssessors(a, attackId, 4)).to.have.length(4);
      const last = reportLosses(a, attackId, 4, 60n * MILLION);
      expectWithin("last report, award and payment", await gasOf(last));
      const { lastSettled } = await a.register.attack(attackId);
      expect(lastSettled).to.equal(4n);
    });

    it("to collect a payment that could not be transferred", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      await a.token.connect(a.issuer).blockAccount(ltu.treasury.address);
      await recognisedAttack(a, ltu);
      await a.token.connect(a.issuer).unblockAccount(ltu.treasury.address);
      expectWithin("collect a deferred payment", await gasOf(a.fund.connect(a.relayer).collect(ltu.code)));
    });

    it("to collect what later money paid of an obligation", async () => {
      const a = await loadFixture(covered);
      const ltu = a.member("LTU");
      await owe(a, ltu, 10n * MILLION);
      await contribute(a, a.member("EST"), 2n * MILLION);
      await a.fund.collect(ltu.code);
      await contribute(a, a.member("EST"), 2n * MILLION);
      expectWithin("collect what later money paid", await gasOf(a.fund.connect(a.relayer).collect(ltu.code)));
    });

    it("to admit a State or a Partner, the period's second", async () => {
      const a = await loadFixture(covered);
      await admitState(a, "CAN", a.spare(0), a.spare(1));
      expectWithin("admit a State", await gasOf(admit(a, { name: "JPN", treasury: a.spare(2), delegate: a.spare(3) })));
      const partner = { name: "XKX", kind: Kind.Partner, treasury: a.spare(4), delegate: a.spare(5) };
      expectWithin("admit a Partner", await gasOf(admit(a, { ...partner, dossier: partnerDossierOf("XKX") })));
    });
  });

  describe("given a token that does nothing but what OpenZeppelin's does", () => {
    async function plain() {
      const token = await connection.ethers.deployContract("PlainToken");
      const a = {
        ...(await foundAlliance(connection, { parameters: { token: await token.getAddress() } })),
        plain: token,
      };
      for (const { treasury } of a.members) {
        await token.mint(treasury.address, 10_000n * MILLION);
        await token.connect(treasury).approve(await a.fund.getAddress(), MaxUint256);
      }
      await liveUntil(a, 200n);
      await payAll(a);
      return a;
    }

    it("to pay while the member is clear", async () => {
      const a = await loadFixture(plain);
      expectWithin("contribute while clear, plain token", await gasOf(contribute(a, a.member("LTU"), UNIT)));
    });

    it("to pay when the debt has to be worked out", async () => {
      const a = await loadFixture(plain);
      const ltu = a.member("LTU");
      await moveTo(a, a.genesis + 3n * PERIOD + 31n * DAY);
      const { paid, clearUntil } = await a.ledger.account(ltu.code);
      await moveTo(a, clearUntil + 1n);
      const debt = (await a.ledger.askedOf(ltu.code)) - paid;
      expectWithin("contribute with the debt worked out, plain token", await gasOf(contribute(a, ltu, debt)));
      expect((await a.ledger.account(ltu.code)).clearUntil).to.be.greaterThan(clearUntil);
    });

    it("to pay with a permit of the very amount, the payer's second", async () => {
      const a = await loadFixture(plain);
      const { code: ltu, treasury } = a.member("LTU");
      await a.plain.connect(treasury).approve(await a.fund.getAddress(), 0n);
      const pay = async () => {
        const deadline = MaxUint256;
        const { v, r, s } = await signPermit({ ...a, token: a.plain }, treasury, UNIT, deadline);
        return await a.ledger.connect(treasury).contributeWithPermit(ltu, UNIT, deadline, v, r, s);
      };
      await pay();
      expectWithin("contribute with a permit, plain token", await gasOf(pay()));
    });
  });
});

/** Applies, and is admitted as the council does, without the vote. */
async function admit(a: Alliance, applicant: Applicant) {
  await sendApplication(a.registry, applicant);
  return await decreed(a, (registry) => registry.admit(code(applicant.name), applicationHashOf(applicant)));
}

/** Pays from a member's treasury for itself. */
async function contribute(a: Alliance, m: TestMember, amount: bigint) {
  return await a.ledger.connect(m.treasury).contribute(m.code, amount);
}
