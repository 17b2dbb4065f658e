import { expect } from "chai";
import { network } from "hardhat";

import limits from "../gas.json" with { type: "json" };
import { Support } from "../support/alliance.ts";
import { coveredAlliance } from "../support/attacks.ts";
import { openVote } from "../support/council.ts";
import {
  admitSecondPartner,
  admitSecondState,
  applyAsState,
  ballot,
  collectDeferred,
  collectLater,
  coveredPlainAlliance,
  decidingBallot,
  fileAgain,
  lastReport,
  payByPermit,
  payWhileClear,
  payWorkedOut,
  seatedCouncil,
  signedBallots,
  urgentDecision,
} from "../support/operations.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

type Operation = keyof typeof limits;

/** By how much what an operation costs may differ from its limit, in percent: where it got cheaper, the limit is to follow. */
const TOLERANCE = 1;

function expectWithin(operation: Operation, measured: bigint): void {
  const limit = limits[operation];
  const beyond = (100 * (Number(measured) - limit)) / limit;
  const verdict = `${operation}: measured ${measured} gas, limit ${limit}, ${beyond.toFixed(2)}% above it`;
  expect(beyond, verdict).to.be.within(-TOLERANCE, TOLERANCE);
}

describe("What each operation costs in gas", () => {
  describe("given 208 seats", () => {
    async function full() {
      const a = await seatedCouncil(connection, 208);
      return { a, proposalId: await openVote(a) };
    }

    it("a ballot, the first no more than any other", async () => {
      const { a, proposalId } = await loadFixture(full);
      const costs: bigint[] = [];
      for (const seat of [0, 100, 207]) costs.push(await ballot(a, proposalId, seat));
      expectWithin("ballot", costs[0]!);
      expect(costs).to.deep.equal([costs[0], costs[0], costs[0]]);
    });

    it("a ballot among 101 that a relayer brings, once its voter has signed before", async () => {
      const { a, proposalId } = await loadFixture(full);
      await signedBallots(a, proposalId, 101, Support.Abstain);
      const all = await signedBallots(a, await openVote(a), 101, Support.For);
      expectWithin("ballot among 101 by signature", all / 101n);
    });
  });

  describe("given 200 seats", () => {
    const twoHundred = () => seatedCouncil(connection, 200);

    it("the whole decision on an attack, its filing included, before what recognition itself costs", async () => {
      expectWithin("decision of 200 seats", await urgentDecision(await loadFixture(twoHundred)));
    });
  });

  describe("given an alliance that has paid for 200 days", () => {
    const covered = () => coveredAlliance(connection);

    it("to pay while the member is clear", async () => {
      expectWithin("contribute while clear", await payWhileClear(await loadFixture(covered)));
    });

    it("to file an attack and open the vote, the member's second", async () => {
      expectWithin("file and open the vote", await fileAgain(await loadFixture(covered)));
    });

    it("to recognise an attack by the deciding ballot", async () => {
      expectWithin("recognise by the deciding ballot", await decidingBallot(await loadFixture(covered)));
    });

    it("to report last, which awards and pays", async () => {
      expectWithin("last report, award and payment", await lastReport(await loadFixture(covered)));
    });

    it("to collect a payment that could not be transferred", async () => {
      expectWithin("collect a deferred payment", await collectDeferred(await loadFixture(covered)));
    });

    it("to collect what later money paid of an obligation", async () => {
      expectWithin("collect what later money paid", await collectLater(await loadFixture(covered)));
    });

    it("to apply as a State", async () => {
      expectWithin("apply as a State", await applyAsState(await loadFixture(covered)));
    });

    it("to admit a State, the period's second", async () => {
      expectWithin("admit a State", await admitSecondState(await loadFixture(covered)));
    });

    it("to admit a Partner, the period's second", async () => {
      expectWithin("admit a Partner", await admitSecondPartner(await loadFixture(covered)));
    });
  });

  describe("given a token that does nothing but what OpenZeppelin's does", () => {
    const plain = () => coveredPlainAlliance(connection);

    it("to pay while the member is clear", async () => {
      expectWithin("contribute while clear, plain token", await payWhileClear(await loadFixture(plain)));
    });

    it("to pay when the debt has to be worked out", async () => {
      expectWithin("contribute with the debt worked out, plain token", await payWorkedOut(await loadFixture(plain)));
    });

    it("to pay with a permit of the very amount, the payer's second", async () => {
      expectWithin("contribute with a permit, plain token", await payByPermit(await loadFixture(plain)));
    });
  });
});
