import { expect } from "chai";
import { network } from "hardhat";

import { grown } from "../../scripts/lib/bench/growth.ts";
import { Act } from "../bench/chamber.ts";
import type { Chamber } from "../bench/chamber.ts";
import { chamberOf, openZeppelinChamber } from "../bench/governors.ts";
import { peerCosts } from "../bench/money.ts";
import { SafeChamber, floorChamber } from "../bench/others.ts";
import { scaling } from "../bench/scaling.ts";
import { coveredPlainAlliance, payWhileClear, seatedCouncil } from "../support/operations.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const SEATS = 9;

describe("What the bench compares", () => {
  async function nine() {
    const act = await Act.on(connection);
    return {
      ours: await chamberOf(await seatedCouncil(connection, SEATS), act),
      full: await openZeppelinChamber(connection, SEATS, act, "full"),
      bare: await openZeppelinChamber(connection, SEATS, act, "bare"),
      safe: await SafeChamber.found(connection, SEATS, act),
      floor: await floorChamber(connection, SEATS, act),
    };
  }

  /** What the second decision costs: nothing is a chamber's first. */
  async function steady(chamber: Chamber) {
    await chamber.decide("transactions");
    return await chamber.decide("transactions");
  }

  describe("given nine seats", () => {
    it("no ballot of ours but the deciding one costs more than 0.63 of OpenZeppelin's bare steady one", async () => {
      const { ours, bare } = await loadFixture(nine);
      const limit = ((await steady(bare)).ballots[1]! * 63n) / 100n;
      const { ballots } = await steady(ours);
      expect(ballots).to.have.length(5);
      for (const gas of ballots.slice(0, -1)) expect(gas).to.be.at.most(limit);
    });

    it("the floor is below everybody, and near what was measured for it before", async () => {
      const { ours, full, bare, floor } = await loadFixture(nine);
      const { ballots } = await steady(floor);
      expect(Number(ballots[1])).to.be.closeTo(30_876, 309);
      for (const chamber of [ours, full, bare]) {
        expect((await steady(chamber)).ballots[1]! > ballots[1]!).to.equal(true);
      }
    });

    it("a Safe's four approvals and the fifth's execution do the act, and so do five signatures", async () => {
      const { safe } = await loadFixture(nine);
      expect((await safe.decide("transactions")).ballots).to.have.length(4);
      expect((await safe.decide("signatures")).ballots).to.deep.equal([]);
    });
  });
});

describe("What payments are compared with", () => {
  describe("given a token that does nothing but what OpenZeppelin's does", () => {
    const plain = () => coveredPlainAlliance(connection);

    it("the floor is below everybody but a plain transfer, and near what was measured for it before", async () => {
      const a = await loadFixture(plain);
      const { vault, transfer, floor } = await peerCosts(a, a.plain);
      expect(Number(floor.next)).to.be.closeTo(46_653, 933);
      expect(Number(floor.out)).to.be.closeTo(44_514, 890);
      for (const [dearer, cheaper] of [
        [await payWhileClear(a), floor.next],
        [vault.next, floor.next],
        [vault.out, floor.out],
        [floor.out, transfer],
      ] as const) {
        expect(Number(dearer)).to.be.greaterThan(Number(cheaper));
      }
    });
  });
});

describe("What operations cost while the alliance grows", () => {
  describe("given ten seats and 208", () => {
    it("is the same within two per cent", async () => {
      const growth = await scaling(connection, "seats", () => undefined, [10, 208]);
      expect(growth.rows).to.have.length(11);
      expect(grown(growth)).to.deep.equal([]);
    });
  });
});
