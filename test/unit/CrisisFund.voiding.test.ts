import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";

import { UNIT, asTimelock, code } from "../support/alliance.ts";
import { expectConserved } from "../support/books.ts";
import { award, commit, foundFund, give, receivedBy, revokeModule, standing, voidAward } from "../support/fund.ts";
import type { FundAlliance } from "../support/fund.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");
const fixture = () => foundFund(connection);

/** The council names a new treasury for LTU: until it works, transfers wait. */
const recoverTreasury = (f: FundAlliance) =>
  asTimelock(f, (timelock) => f.registry.connect(timelock).recoverKeys(LTU, f.spare(9).address, ZeroAddress));

const stopTransfers = (f: FundAlliance) => f.fund.connect(f.guardian).stopTransfers();

// An award that went out whole is not remembered: what makes it wait must be.
describe("CrisisFund", () => {
  describe("voidAward", () => {
    for (const [what, wait] of [
      ["the council recovers the member's keys", recoverTreasury],
      ["transfers are stopped", stopTransfers],
    ] as const) {
      it(`knows an award that was paid whole while ${what}, and takes all of it back`, async () => {
        const f = await loadFixture(fixture);
        await give(f, 100n * UNIT);
        await commit(f, 101n, "LTU", 10n * UNIT);
        await wait(f);
        const { record, treasuryPaid } = await award(f, 101n, 4n * UNIT);
        expect(treasuryPaid).to.equal(4n * UNIT);
        expect(await standing(f, "LTU")).to.deep.equal({ owed: 0n, collectable: 4n * UNIT });
        await revokeModule(f, f.module.address);
        await voidAward(f, record);
        expect(await standing(f, "LTU")).to.deep.equal({ owed: 0n, collectable: 0n });
        expect(await f.fund.reserve()).to.equal(100n * UNIT);
        await expectConserved(f.fund, f.token);
      });
    }

    it("has nothing to take back of an award that waited until a later one brought it along", async () => {
      const f = await loadFixture(fixture);
      await give(f, 100n * UNIT);
      await commit(f, 101n, "LTU", 10n * UNIT);
      await f.token.connect(f.issuer).blockAccount(f.member("LTU").treasury.address);
      const waited = await award(f, 101n, 4n * UNIT);
      await f.token.connect(f.issuer).unblockAccount(f.member("LTU").treasury.address);
      const later = await award(f, 101n, 5n * UNIT);
      expect(await receivedBy(f, f.member("LTU"))).to.equal(9n * UNIT);
      await revokeModule(f, f.module.address);
      for (const [record, error] of [
        [waited.record, "FundNothingToVoid"],
        [later.record, "FundUnknownAward"],
      ] as const) {
        await expect(voidAward(f, record)).to.be.revertedWithCustomError(f.fund, error).withArgs(record.sequence);
      }
    });

    it("does not know an award that went out whole, even while an earmark returned later waits", async () => {
      const f = await loadFixture(fixture);
      await give(f, 100n * UNIT);
      await commit(f, 101n, "LTU", 10n * UNIT, 500_000n);
      await commit(f, 102n, "LTU", 10n * UNIT);
      await award(f, 101n, 10n * UNIT);
      const whole = await award(f, 102n, 4n * UNIT);
      await f.token.connect(f.issuer).blockAccount(f.member("LTU").treasury.address);
      await f.fund.connect(f.compensator).returnEarmark(101n, 5n * UNIT);
      await revokeModule(f, f.module.address);
      expect(await f.fund.voidable(whole.record)).to.deep.equal([0n, 0n]);
      await expect(voidAward(f, whole.record)).to.be.revertedWithCustomError(f.fund, "FundUnknownAward");
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 0n, collectable: 5n * UNIT });
    });
  });
});
