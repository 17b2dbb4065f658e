import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";

import { UNIT, asTimelock, code } from "../support/alliance.ts";
import { expectConserved } from "../support/books.ts";
import {
  Role,
  VOID_WINDOW,
  award,
  commit,
  earmark,
  foundFund,
  give,
  lastAward,
  receivedBy,
  revokeModule,
  standing,
  voidAward,
} from "../support/fund.ts";
import type { FundAlliance } from "../support/fund.ts";
import { allianceWith } from "../support/tokens.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");
const fixture = () => foundFund(connection);

const payments = async (f: FundAlliance, fromBlock: number) =>
  (await f.fund.queryFilter(f.fund.filters.ObligationsPaid(), fromBlock)).map(({ args }) => [...args]);

// Where an amount is nothing, a single unit, or exactly what there is.
describe("CrisisFund", () => {
  describe("award", () => {
    it("tells that nothing is owed where the reserve is exactly what is committed", async () => {
      const f = await loadFixture(fixture);
      await give(f, 10n * UNIT);
      await commit(f, 101n, "LTU", 10n * UNIT);
      expect(await f.fund.connect(f.module).award.staticCall(101n, 4n * UNIT)).to.equal(false);
      await expect(f.fund.connect(f.module).award(101n, 4n * UNIT)).not.to.emit(f.fund, "ObligationsPaid");
      expect(await receivedBy(f, f.member("LTU"))).to.equal(4n * UNIT);
    });

    it("tells that something is owed where the reserve is a unit less", async () => {
      const f = await loadFixture(fixture);
      await give(f, 10n * UNIT);
      await commit(f, 101n, "LTU", 10n * UNIT + 1n);
      expect(await f.fund.connect(f.module).award.staticCall(101n, 4n * UNIT)).to.equal(true);
      await award(f, 101n, 4n * UNIT);
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 1n, collectable: 0n });
    });

    it("earmarks a single unit, and remembers what went before it", async () => {
      const f = await loadFixture(fixture);
      await give(f, 100n * UNIT);
      await commit(f, 101n, "LTU", 10n, 300_000n);
      await award(f, 101n, 4n);
      expect(await earmark(f, 101n)).to.deep.equal({ owed: 0n, held: 1n });
      expect(await receivedBy(f, f.member("LTU"))).to.equal(3n);
      const { record } = await award(f, 101n, 6n);
      const { treasuryPart, treasuryBefore, earmarkPart, earmarkBefore } = record;
      expect([treasuryPart, treasuryBefore, earmarkPart, earmarkBefore]).to.deep.equal([5n, 3n, 1n, 1n]);
      expect(await earmark(f, 101n)).to.deep.equal({ owed: 0n, held: 2n });
      await expectConserved(f.fund, f.token);
      await f.fund.connect(f.compensator).compensate(101n, f.stranger.address, 1n, ZeroHash);
      await revokeModule(f, f.module.address);
      expect(await f.fund.voidable(record)).to.deep.equal([0n, 1n]);
    });

    it("sends nothing to nobody: a token that would let it burn keeps it for the member", async () => {
      const a = await allianceWith(connection, await connection.ethers.deployContract("NoReturnToken"));
      await a.odd.connect(a.member("EST").treasury).approve(await a.fund.getAddress(), 10n * UNIT);
      await a.fund.connect(a.member("EST").treasury).donate(10n * UNIT, ZeroHash);
      const module = a.spare(0);
      await asTimelock(a, async (timelock) => {
        await a.fund.connect(timelock).grantRole(Role.Register, module.address);
        await a.time.increase(await a.fund.ROLE_DELAY());
        await a.registry.connect(timelock).recoverKeys(LTU, a.spare(9).address, ZeroAddress);
      });
      await a.fund.connect(module).commit(101n, LTU, 0n, 5n * UNIT);
      await expect(a.fund.connect(module).award(101n, 5n * UNIT))
        .to.emit(a.fund, "TransferDeferred")
        .withArgs(LTU, ZeroAddress, 5n * UNIT);
      expect((await a.fund.balanceOf(LTU)).collectable).to.equal(5n * UNIT);
    });
  });

  describe("money that arrives", () => {
    it("pays no obligation once nothing is owed any more", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 10n * UNIT);
      await award(f, 101n, 10n * UNIT);
      await expect(f.fund.connect(f.donor).donate(10n * UNIT, ZeroHash))
        .to.emit(f.fund, "ObligationsPaid")
        .withArgs(10n * UNIT, 0n);
      await expect(f.fund.connect(f.donor).donate(5n * UNIT, ZeroHash)).not.to.emit(f.fund, "ObligationsPaid");
      expect(await f.fund.reserve()).to.equal(5n * UNIT);
    });

    it("pays obligations once, where the reserve is exactly what is committed", async () => {
      const f = await loadFixture(fixture);
      await give(f, 10n * UNIT);
      await commit(f, 101n, "LTU", 20n * UNIT);
      await commit(f, 102n, "EST", 20n * UNIT);
      await award(f, 101n, 20n * UNIT);
      await f.fund.connect(f.module).release(102n);
      expect([await f.fund.reserve(), await f.fund.committed(), await f.fund.owed()]).to.deep.equal([
        0n,
        0n,
        10n * UNIT,
      ]);
      const fromBlock = (await f.ethers.provider.getBlockNumber()) + 1;
      await give(f, 1n * UNIT);
      expect(await payments(f, fromBlock)).to.deep.equal([[1n * UNIT, 9n * UNIT]]);
    });

    it("is refused if less has arrived than was sent, whatever the fund held before", async () => {
      const a = await allianceWith(connection, await connection.ethers.deployContract("FeeToken"));
      await a.odd.mint(await a.fund.getAddress(), 1_000n * UNIT);
      await expect(a.fund.connect(a.member("LTU").treasury).donate(100n * UNIT, ZeroHash))
        .to.be.revertedWithCustomError(a.fund, "FundDepositShort")
        .withArgs(99n * UNIT, 100n * UNIT);
    });
  });

  describe("returnEarmark", () => {
    it("brings along what was assigned to the treasury meanwhile", async () => {
      const f = await loadFixture(fixture);
      await give(f, 20n * UNIT);
      await commit(f, 101n, "LTU", 40n * UNIT, 500_000n);
      await award(f, 101n, 20n * UNIT);
      await give(f, 4n * UNIT);
      const before = await receivedBy(f, f.member("LTU"));
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 3n * UNIT, collectable: 2n * UNIT });
      await f.fund.connect(f.compensator).returnEarmark(101n, 3n * UNIT);
      expect((await receivedBy(f, f.member("LTU"))) - before).to.equal(5n * UNIT);
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 3n * UNIT, collectable: 0n });
      await expectConserved(f.fund, f.token);
    });
  });

  describe("collectEarmark", () => {
    it("tells that nothing is moved where nothing arrived", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 10n * UNIT, 500_000n);
      await award(f, 101n, 10n * UNIT);
      expect(await f.fund.collectEarmark.staticCall(101n)).to.equal(0n);
    });
  });

  describe("voidAward", () => {
    it("takes back an award of the second in which the module's role was revoked", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 10n * UNIT);
      const { provider } = f.ethers;
      await provider.send("evm_setAutomine", [false]);
      await f.fund.connect(f.module).award(101n, 10n * UNIT);
      await revokeModule(f, f.module.address);
      await provider.send("evm_mine", []);
      await provider.send("evm_setAutomine", [true]);
      const { record } = await lastAward(f, 101n);
      expect(record.madeAt).to.equal(await f.time.latest());
      await voidAward(f, record);
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 0n, collectable: 0n });
    });

    it("counts from when the module lost its role, though the council revokes it once more later", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 10n * UNIT);
      const { record } = await award(f, 101n, 10n * UNIT);
      await revokeModule(f, f.module.address);
      await f.time.increase(VOID_WINDOW);
      await revokeModule(f, f.module.address);
      await voidAward(f, record);
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 0n, collectable: 0n });
    });
  });
});
