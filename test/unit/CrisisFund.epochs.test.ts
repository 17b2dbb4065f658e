import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import { PPM, code } from "../support/alliance.ts";
import { expectConserved } from "../support/books.ts";
import {
  award,
  commit,
  earmark,
  foundFund,
  give,
  receivedBy,
  revokeModule,
  standing,
  voidAward,
} from "../support/fund.ts";
import type { FundAlliance } from "../support/fund.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");
const fixture = () => foundFund(connection);

async function owe(f: FundAlliance, attackId: bigint, name: string, amount: bigint): Promise<void> {
  await commit(f, attackId, name, amount);
  await award(f, attackId, amount);
}

/** Of 2,000 base units LTU is owed one, in an epoch that takes no new obligation; 1,999 it can collect. */
async function lastUnit() {
  const f = await fixture();
  await owe(f, 101n, "LTU", 2_000n);
  await give(f, 1_999n);
  return f;
}

describe("CrisisFund", () => {
  describe("a debt in the epoch after one that is almost paid", () => {
    it("leaves the last unit owed in the epoch before, which is paid first", async () => {
      const f = await loadFixture(lastUnit);
      await owe(f, 102n, "LTU", 3n);
      expect(await standing(f, "LTU"), "5").to.deep.equal({ owed: 4n, collectable: 0n });
      await give(f, 1n);
      expect(await standing(f, "LTU"), "5").to.deep.equal({ owed: 3n, collectable: 1n });
      expect(await f.fund.owed()).to.equal(3n);
    });

    it("begins with its own shares, of which nothing was received", async () => {
      const f = await loadFixture(lastUnit);
      await owe(f, 102n, "LTU", 3n);
      await give(f, 1n);
      // The first of three units is a third of each share, rounded down: less than a unit by 1e-27.
      await give(f, 1n);
      expect(await standing(f, "LTU"), "5").to.deep.equal({ owed: 3n, collectable: 1n });
      await give(f, 2n);
      expect(await standing(f, "LTU"), "5").to.deep.equal({ owed: 0n, collectable: 4n });
      await f.fund.collect(LTU);
      expect(await receivedBy(f, f.member("LTU"))).to.equal(2_003n);
      await expectConserved(f.fund, f.token);
    });

    it("is paid by what the epoch before leaves over, before any commitment", async () => {
      const f = await loadFixture(lastUnit);
      await owe(f, 102n, "LTU", 4n);
      await commit(f, 103n, "EST", 1_000n);
      await expect(f.fund.connect(f.donor).donate(3n, ZeroHash)).to.emit(f.fund, "ObligationsPaid").withArgs(3n, 2n);
      expect(await standing(f, "LTU"), "5").to.deep.equal({ owed: 2n, collectable: 3n });
      expect(await f.fund.reserve()).to.equal(0n);
      await expectConserved(f.fund, f.token);
    });
  });

  describe("what divisions leave over", () => {
    it("adds up to a unit, however often the obligation was settled meanwhile", async () => {
      const f = await loadFixture(fixture);
      await owe(f, 101n, "LTU", 10n);
      await owe(f, 102n, "EST", 10n);
      // Half a unit each; LTU's is kept when its next award settles it, with 30 of then 40 shares.
      await give(f, 1n);
      await owe(f, 103n, "LTU", 19n);
      expect(await standing(f, "LTU"), "5").to.deep.equal({ owed: 29n, collectable: 0n });
      // One and a half more make two.
      await give(f, 2n);
      expect(await standing(f, "LTU"), "5").to.deep.equal({ owed: 27n, collectable: 2n });
      await expectConserved(f.fund, f.token);
    });

    it("comes free with an earmark's debt that is gone", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 3n, PPM);
      const { record } = await award(f, 101n, 3n);
      await give(f, 1n);
      await give(f, 1n);
      // Of two thirds of each of three shares one unit is held; the other lies in the pot for a debt that counts as open.
      expect(await earmark(f, 101n), "5").to.deep.equal({ owed: 2n, held: 1n });
      await revokeModule(f, f.module.address);
      await voidAward(f, record);
      expect(await earmark(f, 101n), "3").to.deep.equal({ owed: 0n, held: 0n });
      expect(await f.fund.pot(), "3").to.equal(0n);
      expect(await f.fund.reserve(), "3").to.equal(2n);
      await expectConserved(f.fund, f.token);
    });
  });

  describe("voidAward", () => {
    it("leaves a debt that shrinks the shares of what is left", async () => {
      const f = await loadFixture(fixture);
      await owe(f, 101n, "LTU", 6n);
      await commit(f, 102n, "LTU", 4n);
      const { record } = await award(f, 102n, 4n);
      await owe(f, 103n, "EST", 10n);
      await revokeModule(f, f.module.address);
      await voidAward(f, record);
      await give(f, 8n);
      expect(await standing(f, "LTU"), "5").to.deep.equal({ owed: 3n, collectable: 3n });
      expect(await standing(f, "EST"), "5").to.deep.equal({ owed: 5n, collectable: 5n });
      await expectConserved(f.fund, f.token);
    });

    it("pays the last unit that is owed with what comes free", async () => {
      const f = await loadFixture(fixture);
      await f.token.connect(f.issuer).blockAccount(f.member("LTU").treasury.address);
      await give(f, 4n);
      await commit(f, 101n, "LTU", 4n);
      const { record } = await award(f, 101n, 4n);
      await owe(f, 102n, "EST", 1n);
      await revokeModule(f, f.module.address);
      await voidAward(f, record);
      expect(await standing(f, "EST"), "5").to.deep.equal({ owed: 0n, collectable: 1n });
      expect(await f.fund.reserve()).to.equal(3n);
    });

    it("pays no obligation where none is left", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 2n);
      const { record } = await award(f, 101n, 2n);
      await revokeModule(f, f.module.address);
      await expect(voidAward(f, record)).not.to.emit(f.fund, "ObligationsPaid");
    });

    it("counts what compensation has taken from an earmark for the award made first", async () => {
      const f = await loadFixture(fixture);
      await give(f, 20n);
      await commit(f, 101n, "LTU", 20n, PPM);
      const first = await award(f, 101n, 10n);
      await f.fund.connect(f.compensator).compensate(101n, f.stranger.address, 10n, ZeroHash);
      const second = await award(f, 101n, 10n);
      expect(await f.fund.voidable(first.record)).to.deep.equal([0n, 0n]);
      expect(await f.fund.voidable(second.record)).to.deep.equal([0n, 10n]);
    });

    it("takes back a debt of a single unit", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 1n);
      const { record } = await award(f, 101n, 1n);
      await revokeModule(f, f.module.address);
      await voidAward(f, record);
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 0n, collectable: 0n });
      expect(await f.fund.owed(), "3").to.equal(0n);
    });
  });
});
