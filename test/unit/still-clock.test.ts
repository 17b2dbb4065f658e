import { setTimeout } from "node:timers/promises";

import { expect } from "chai";
import { network } from "hardhat";

const { provider, networkHelpers } = await network.create();
const { mine, takeSnapshot, time } = networkHelpers;

/** By then a clock that runs has moved on by two seconds at least. */
const A_WHILE = 2_100;

describe("the clock of a test's chain", () => {
  it("stands still however long a test takes, from the first block on", async () => {
    for (let block = 0; block < 2; block++) {
      const before = await time.latest();
      await setTimeout(A_WHILE);
      await mine();
      expect((await time.latest()) - before).to.equal(1);
    }
  });

  it("stands still altogether where blocks may share a second", async () => {
    const { networkHelpers: shared } = await network.create({ override: { allowBlocksWithSameTimestamp: true } });
    const before = await shared.time.latest();
    await setTimeout(A_WHILE);
    await shared.mine(2);
    expect(await shared.time.latest()).to.equal(before + 1);
  });

  it("goes where a test sets it, and stands still there", async () => {
    const then = (await time.latest()) + 1_000;
    await time.setNextBlockTimestamp(then);
    await mine();
    expect(await time.latest()).to.equal(then);
    await setTimeout(A_WHILE);
    await mine();
    expect(await time.latest()).to.equal(then + 1);
  });

  it("comes back with the chain, with what was set for the next block", async () => {
    const then = (await time.latest()) + 1_000;
    await time.setNextBlockTimestamp(then);
    const before = await takeSnapshot();
    await mine();
    await before.restore();
    await mine();
    expect(await time.latest()).to.equal(then);
    await setTimeout(A_WHILE);
    await mine();
    expect(await time.latest()).to.equal(then + 1);
  });

  it("keeps what is set for a block that many transactions share", async () => {
    const from = ((await provider.request({ method: "eth_accounts" })) as string[])[0];
    const then = (await time.latest()) + 1_000;
    await provider.request({ method: "evm_setAutomine", params: [false] });
    await time.setNextBlockTimestamp(then);
    for (let sent = 0; sent < 2; sent++)
      await provider.request({ method: "eth_sendTransaction", params: [{ from, to: from, gas: "0x5208" }] });
    await provider.request({ method: "evm_setAutomine", params: [true] });
    await mine();
    expect(await time.latest()).to.equal(then);
  });

  it("refuses what it would not heed", async () => {
    const refused: unknown = await provider.request({ method: "evm_increaseTime", params: [60] }).catch(String);
    expect(refused).to.equal("Error: evm_increaseTime is ignored here; right is time.increase(seconds)");
  });
});
