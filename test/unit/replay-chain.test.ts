import { expect } from "chai";
import { network } from "hardhat";

import { Chain } from "../../scripts/lib/replay/chain.ts";
import type { Connection } from "../../scripts/lib/replay/chain.ts";
import type { TestToken } from "../../typechain-types/index.ts";

describe("Chain", () => {
  let connection: Connection;
  let chain: Chain;
  let token: TestToken;
  let issuer: string;
  let holders: string[];

  before(async () => {
    connection = await network.create();
    const signers = await connection.ethers.getSigners();
    [issuer = "", ...holders] = signers.slice(0, 46).map(({ address }) => address);
    token = await connection.ethers.deployContract("TestToken", [issuer]);
    chain = await Chain.of(connection);
  });

  after(() => connection.close());

  function transfer(from: string, to: string, amount: bigint) {
    return { from: { address: from }, call: () => token.transfer.populateTransaction(to, amount) };
  }

  function mint(to: string, amount: bigint) {
    return { from: { address: issuer }, call: () => token.mint.populateTransaction(to, amount) };
  }

  describe("given many calls to send together", () => {
    it("sends them in their order, with at most twenty in a block and a second between blocks, and tells their gas", async () => {
      const { provider } = connection.ethers;
      const [before, begun] = [await provider.getBlockNumber(), chain.now];
      const charges = await chain.sendAll(holders.map((to, i) => mint(to, BigInt(i + 1))));
      const after = await provider.getBlockNumber();
      const blocks = await Promise.all([1, 2, 3].map((i) => provider.getBlock(before + i)));
      expect(after - before).to.equal(3);
      expect(blocks.map((block) => block?.transactions.length)).to.deep.equal([20, 20, 5]);
      expect(blocks.map((block) => block?.timestamp)).to.deep.equal([begun + 1, begun + 2, begun + 3]);
      expect(chain.now).to.equal(begun + 3);
      const used = blocks.map((block) => Number(block?.gasUsed));
      const inBlock = (i: number) => charges.slice(20 * i, 20 * i + 20).reduce((sum, { gas }) => sum + gas, 0);
      expect([0, 1, 2].map(inBlock)).to.deep.equal(used);
      const call = await token.mint.populateTransaction(issuer, 1n);
      expect(new Set(charges.map(({ bytes }) => bytes))).to.deep.equal(new Set([(call.data.length - 2) / 2]));
      const minted = await token.queryFilter(token.filters.Transfer(), before + 1, after);
      expect(minted.map(({ args: { to, value } }) => [to, value])).to.deep.equal(
        holders.map((to, i) => [to, BigInt(i + 1)]),
      );
    });

    it("lets a later one spend what an earlier one in the same block brings", async () => {
      const [poor = "", rich = ""] = holders;
      const before = await token.balanceOf(rich);
      const all = await token.balanceOf(poor);
      await chain.sendAll([mint(poor, 7n), transfer(poor, rich, all + 7n)]);
      expect(await token.balanceOf(rich)).to.equal(before + all + 7n);
    });

    it("throws where one is reverted, and afterwards takes each transaction in a block of its own again", async () => {
      const [poor = "", rich = ""] = holders;
      const all = await token.balanceOf(poor);
      const thrown = await chain.sendAll([transfer(poor, rich, all + 1n)]).catch((error: unknown) => error);
      expect(thrown).to.be.instanceOf(Error);
      expect((thrown as Error).message).to.match(
        new RegExp(`^Transaction 0x[0-9a-f]{64} was reverted in the block of ${chain.now}\\.$`),
      );
      const { gas } = await chain.charged({ address: issuer }, await token.mint.populateTransaction(poor, 1n));
      expect(gas).to.be.greaterThan(21_000);
      expect(await token.balanceOf(poor)).to.equal(all + 1n);
    });

    it("throws where one finds no place in its block", async () => {
      const [to = ""] = holders;
      const limit = (await connection.ethers.provider.getBlock("latest"))?.gasLimit;
      await connection.networkHelpers.setBlockGasLimit(4_000_000);
      const thrown = await chain.sendAll([mint(to, 1n), mint(to, 2n)]).catch((error: unknown) => error);
      await connection.networkHelpers.setBlockGasLimit(limit ?? 0n);
      expect(thrown).to.be.instanceOf(Error);
      expect((thrown as Error).message).to.match(
        new RegExp(`^Transaction 0x[0-9a-f]{64} found no place in the block of ${chain.now}\\.$`),
      );
    });

    it("makes no block of nothing", async () => {
      const before = await connection.ethers.provider.getBlockNumber();
      expect(await chain.sendAll([])).to.deep.equal([]);
      expect(await connection.ethers.provider.getBlockNumber()).to.equal(before);
    });
  });
});
