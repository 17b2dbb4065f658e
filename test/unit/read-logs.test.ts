import { expect } from "chai";

import { CannotCheck } from "../../scripts/lib/deployment/chain.ts";
import type { Log } from "../../scripts/lib/node/logs.ts";
import { Node } from "../../scripts/lib/node/node.ts";
import { readLogs } from "../../scripts/lib/node/read-logs.ts";
import { FUND, OTHER, StubNode, entryLog, otherLog } from "../support/node.ts";
import type { NodeLog, NodeOptions } from "../support/node.ts";
import { thrownBy } from "../support/tools.ts";

const logs = Array.from({ length: 600 }, (_, i) => [entryLog(i + 1, i + 1), otherLog(i + 1, 1)]).flat();
const placesOf = (some: readonly (NodeLog | Log)[]) => some.map(({ block, index }) => [block, index]);

async function read(options: Partial<NodeOptions>, from = 1, to = 600) {
  const stub = new StubNode({ logs, ...options });
  const found: Log[] = [];
  for await (const some of readLogs(new Node(stub), [{ addresses: [FUND, OTHER] }], from, to)) found.push(...some);
  return { places: placesOf(found), ranges: stub.ranges };
}

describe("readLogs", () => {
  it("reads every log of the blocks once, in order", async () => {
    expect((await read({})).places).to.deep.equal(placesOf(logs));
    const some = logs.filter(({ block }) => block >= 17 && block <= 40);
    expect((await read({}, 17, 40)).places).to.deep.equal(placesOf(some));
  });

  it("asks for few wide ranges if they hold little", async () => {
    expect((await read({ logs: logs.slice(0, 4), last: 1_000_000 }, 1, 1_000_000)).ranges.length).to.be.lessThan(20);
  });

  for (const limit of [{ mostLogs: 12 }, { mostBlocks: 7 }]) {
    it(`learns how much a node answers at once: ${JSON.stringify(limit)}`, async () => {
      const { places, ranges } = await read(limit);
      expect(places).to.deep.equal(placesOf(logs));
      expect(ranges.length).to.be.lessThan(400);
    });
  }

  it("reads around a round limit beyond which a node leaves logs out", async () => {
    expect((await read({ silentLimit: 1_000 })).places).to.deep.equal(placesOf(logs));
  });

  it("says so of an answer that repeats a log", async () => {
    const error = await thrownBy(read({ tamper: (some) => [...some.slice(0, 1), ...some] }));
    expect(error).to.be.instanceOf(CannotCheck);
    expect(String(error)).to.include("log 0 of block 1 is repeated");
  });
});
