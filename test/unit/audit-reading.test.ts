import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { headerOf } from "../../scripts/lib/node/blocks.ts";
import { gather } from "../../scripts/lib/audit/gather.ts";
import { LogFile } from "../../scripts/lib/audit/log-file.ts";
import { LogReader } from "../../scripts/lib/node/log-reader.ts";
import { Node } from "../../scripts/lib/node/node.ts";
import { CannotCheck } from "../../scripts/lib/deployment/chain.ts";
import { emptyFolder } from "../support/folders.ts";
import { FUND, OTHER, StubNode, entryLog, otherLog, timeOf } from "../support/node.ts";
import type { NodeLog, NodeOptions } from "../support/node.ts";

const SUBJECT = { chainId: "1", contracts: { fund: FUND, other: OTHER }, firstBlock: 1 };
const pathOf = () => join(emptyFolder(), "logs.jsonl");

/** Every block from 1 on has an entry and so many other logs after it. */
function busy(blocks: number, others: number): NodeLog[] {
  return Array.from({ length: blocks }, (_, i) => [
    entryLog(i + 1, i + 1),
    ...Array.from({ length: others }, (__, j) => otherLog(i + 1, j + 1)),
  ]).flat();
}

interface Given {
  node: StubNode;
  path?: string;
  sequence?: number;
  /** Called after every range that was read. */
  reached?: (block: number) => void;
}

/** Gathers all logs of a node, up to its last block. */
async function gathered({ node: stub, path = pathOf(), sequence, reached = () => undefined }: Given) {
  const node = new Node(stub);
  const reader = new LogReader(node, [{ addresses: [FUND, OTHER] }]);
  const file = await LogFile.open(path, SUBJECT);
  const entries = stub.options.logs.filter(({ address }) => address === FUND).length;
  try {
    const result = await gather({
      ...{ node, reader, file, fund: FUND, reached },
      head: () => headerOf(node, "latest"),
      sequenceAt: () => Promise.resolve(sequence ?? entries),
    });
    const logs = [];
    for await (const batch of file.logs(Infinity)) logs.push(...batch);
    const { ranges } = file;
    return { ...result, ranges, logs, path, places: logs.map(({ block, index }) => [block, index]) };
  } finally {
    await file.close();
  }
}

const placesOf = (logs: NodeLog[]) => logs.map(({ block, index }) => [block, index]);
const asNode = (options: NodeOptions) => new StubNode(options);

async function thrown(act: Promise<unknown>): Promise<string> {
  const error: unknown = await act.catch((reason: unknown) => reason);
  expect(error).to.be.instanceOf(CannotCheck);
  return (error as Error).message;
}

describe("gather", () => {
  const logs = busy(60, 4);

  describe("given a node without limits", () => {
    it("reads every log once, in order, with its time", async () => {
      const found = await gathered({ node: asNode({ logs }) });
      expect(found.places).to.deep.equal(placesOf(logs));
      expect(found.logs.every(({ block, time }) => time === timeOf(block))).to.be.true;
      expect(found.notes).to.deep.equal([]);
      expect(found.faults).to.deep.equal([]);
    });

    it("asks for few wide ranges if they hold little", async () => {
      const node = asNode({ logs: busy(3, 0), last: 1_000_000, times: true });
      await gathered({ node });
      expect(node.ranges.length).to.be.lessThan(20);
    });
  });

  describe("given a node that refuses too much", () => {
    for (const limit of [{ mostLogs: 12 }, { mostLogs: 5 }, { mostBlocks: 7 }, { mostBlocks: 1 }]) {
      it(`asks for less at a time: ${JSON.stringify(limit)}`, async () => {
        const node = asNode({ logs, ...limit });
        expect((await gathered({ node })).places).to.deep.equal(placesOf(logs));
      });
    }

    it("learns how much it may ask for", async () => {
      const node = asNode({ logs: busy(900, 0), mostBlocks: 50 });
      await gathered({ node });
      // Nine hundred by fifty are eighteen, and a wider range is tried now and then.
      expect(node.ranges.length).to.be.lessThan(120);
    });

    it("divides a single block by contract", async () => {
      const crowd = [entryLog(1, 1), ...Array.from({ length: 6 }, (_, i) => otherLog(1, i + 1))];
      const node = asNode({ logs: crowd, mostLogs: 6 });
      expect((await gathered({ node })).places).to.deep.equal(placesOf(crowd));
    });

    it("says so if nothing is left to divide", async () => {
      const node = asNode({
        logs: [entryLog(1, 1), ...Array.from({ length: 9 }, (_, i) => otherLog(1, i + 1))],
        mostLogs: 6,
      });
      expect(await thrown(gathered({ node }))).to.equal(
        "the node declines eth_getLogs even for block 1 alone: query returned more than 6 results",
      );
    });
  });

  describe("given a node that leaves logs out without a word", () => {
    for (const silentLimit of [11, 10, 7]) {
      it(`notices by the journal, and reads all of it: ${silentLimit} an answer`, async () => {
        const { places, notes, faults } = await gathered({ node: asNode({ logs, silentLimit }) });
        expect(places).to.deep.equal(placesOf(logs));
        expect(notes).to.have.lengthOf(1);
        expect(notes[0]).to.include(`leaves out logs beyond ${silentLimit} an answer without a word`);
        expect(faults).to.deep.equal([]);
      });
    }

    it("notices by a round number where the journal tells nothing", async () => {
      const quiet = [entryLog(1, 1), ...Array.from({ length: 1_500 }, (_, i) => otherLog(2 + (i % 9), i + 1))].sort(
        (a, b) => a.block - b.block || a.index - b.index,
      );
      const { places, notes } = await gathered({ node: asNode({ logs: quiet, silentLimit: 1_000 }) });
      expect(places).to.deep.equal(placesOf(quiet));
      expect(notes[0]).to.include("beyond 1,000 an answer");
    });

    it("reports what it cannot get by any question", async () => {
      const crowded = [...busy(5, 0), ...Array.from({ length: 9 }, (_, i) => entryLog(6 + i, 6, i))];
      const { places, faults } = await gathered({ node: asNode({ logs: crowded, silentLimit: 4 }) });
      expect(places).to.deep.equal(placesOf(crowded).slice(0, 9));
      expect(faults).to.deep.equal([
        `truncated: the node leaves out logs beyond 4 an answer, and block 6 alone has as many of ${FUND}`,
      ]);
    });

    it("leaves it to the journal to name an entry that never comes", async () => {
      const without = logs.filter(({ topics, block }) => !(block === 30 && topics.length === 4));
      const { places, notes } = await gathered({ node: asNode({ logs: without }), sequence: 60 });
      expect(places).to.deep.equal(placesOf(without));
      expect(notes).to.deep.equal([]);
    });
  });

  describe("given answers that are not in order", () => {
    it("names what is repeated, and keeps it once", async () => {
      const tamper = (given: Record<string, unknown>[]) => [...given.slice(0, 8), ...given.slice(7)];
      const { places, faults } = await gathered({ node: asNode({ logs, tamper }) });
      expect(places).to.deep.equal(placesOf(logs));
      expect(faults).to.deep.equal(["the node, asked for blocks 1 to 60: log 2 of block 2 is repeated"]);
    });

    it("names what is swapped, and puts it in order", async () => {
      const tamper = ([first, second, ...rest]: Record<string, unknown>[]) => [second!, first!, ...rest];
      const { places, faults } = await gathered({ node: asNode({ logs, tamper }) });
      expect(places).to.deep.equal(placesOf(logs));
      expect(faults).to.deep.equal([
        "the node, asked for blocks 1 to 60: log 0 of block 1 stands after log 1 of block 1",
      ]);
    });

    it("names what was not asked for, and what is given twice and differently", async () => {
      const tamper = (given: Record<string, unknown>[]) => [
        { ...given[0]!, address: SUBJECT.contracts.fund.replace("f0", "f1") },
        given[0]!,
        { ...given[0]!, data: "0x01" },
        ...given.slice(1),
      ];
      const { faults } = await gathered({ node: asNode({ logs, tamper }) });
      expect(faults).to.deep.equal([
        "the node, asked for blocks 1 to 60: 1 logs of its answer were not asked for",
        "the node, asked for blocks 1 to 60: log 0 of block 1 is given twice, and differently",
      ]);
    });

    it("leaves out what the node itself tells as removed, and names it", async () => {
      const tamper = ([first, ...rest]: Record<string, unknown>[]) => [{ ...first, removed: true }, ...rest];
      const { faults, places } = await gathered({ node: asNode({ logs: busy(2, 2), tamper }) });
      expect(faults).to.deep.equal(["the node, asked for blocks 1 to 2: 1 logs of its answer are told as removed"]);
      expect(places).to.deep.equal(placesOf(busy(2, 2).slice(1)));
    });

    it("refuses what is no log", async () => {
      const tamper = () => [{ blockNumber: "0x1" }];
      expect(await thrown(gathered({ node: asNode({ logs, tamper }) }))).to.equal(
        "the node answers with a log that lacks its block, place, contract or data",
      );
    });
  });

  describe("given a file of an audit before", () => {
    it("goes on where that one stopped", async () => {
      const { path } = await gathered({ node: asNode({ logs: logs.filter(({ block }) => block <= 40) }) });
      const node = asNode({ logs });
      expect((await gathered({ node, path })).places).to.deep.equal(placesOf(logs));
      expect(node.ranges).to.deep.equal([[41, 60]]);
    });

    it("goes back to where the chain is still the same", async () => {
      const long = busy(200, 1);
      const { path } = await gathered({ node: asNode({ logs: long }) });
      const node = asNode({ logs: long });
      node.branchedAt = 170;
      const { places, notes, ranges } = await gathered({ node, path });
      expect(places).to.deep.equal(placesOf(long));
      expect(notes).to.deep.equal(["the chain was reorganised: blocks 137 to 200 were read again"]);
      expect(node.ranges).to.deep.equal([[137, 200]]);
      expect(ranges.at(-1)!.hash).to.equal(node.hash(200));
    });

    it("follows a chain that is reorganised while it reads", async () => {
      const node = asNode({ logs, mostBlocks: 10 });
      const reached = (block: number) => {
        if (block > 40) node.branchedAt = 15;
      };
      const { places, notes, ranges } = await gathered({ node, reached });
      expect(places).to.deep.equal(placesOf(logs));
      expect(notes).to.have.lengthOf(1);
      expect(ranges.every(({ to, hash }) => hash === node.hash(to))).to.be.true;
    });

    it("reads a range anew that was not finished, wherever it stopped", async () => {
      const { path } = await gathered({ node: asNode({ logs: busy(3, 1) }) });
      const finished = readFileSync(path, "utf8").length;
      await gathered({ node: asNode({ logs: busy(6, 1) }), path });
      const text = readFileSync(path, "utf8");
      // From its last byte back to its first, some bytes at a time.
      for (let length = text.length - 1; length >= finished; length -= 83) {
        writeFileSync(path, text.slice(0, length));
        const node = asNode({ logs: busy(6, 1) });
        expect((await gathered({ node, path })).places, `stopped at ${length}`).to.deep.equal(placesOf(busy(6, 1)));
        expect(node.ranges, `stopped at ${length}`).to.deep.equal([[4, 6]]);
        expect(readFileSync(path, "utf8").startsWith(text.slice(0, finished))).to.be.true;
        await (await LogFile.open(path, SUBJECT)).close();
      }
    });
  });
});

describe("LogFile.open", () => {
  const logs = busy(20, 2);

  async function written() {
    const { path } = await gathered({ node: asNode({ logs, mostBlocks: 5 }) });
    return { path, lines: readFileSync(path, "utf8").split("\n") };
  }

  it("refuses a file in which anything was changed", async () => {
    const { path, lines } = await written();
    // Not the first line, which says what the file is of, nor the empty one after the last.
    for (let changed = 1; changed < lines.length - 1; ++changed) {
      const other = [...lines];
      other[changed] = lines[changed]!.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));
      writeFileSync(path, other.join("\n"));
      expect(await thrown(LogFile.open(path, SUBJECT)), `line ${changed + 1}`).to.match(
        new RegExp(`^the resume file ${path} is damaged in line \\d+ \\(.*\\); remove it to read all anew$`),
      );
    }
  });

  it("refuses a file that lacks a line", async () => {
    const { path, lines } = await written();
    writeFileSync(path, [...lines.slice(0, 3), ...lines.slice(4)].join("\n"));
    expect(await thrown(LogFile.open(path, SUBJECT))).to.include("is damaged in line");
  });

  it("refuses a file of something else", async () => {
    const { path } = await written();
    expect(await thrown(LogFile.open(path, { ...SUBJECT, chainId: "5" }))).to.equal(
      `the resume file ${path} is of another chain; name another by --cache`,
    );
    expect(await thrown(LogFile.open(path, { ...SUBJECT, contracts: { fund: OTHER } }))).to.equal(
      `the resume file ${path} has "${FUND}" as the fund, not ${OTHER}; name another by --cache`,
    );
    expect(await thrown(LogFile.open(path, { ...SUBJECT, firstBlock: 0 }))).to.equal(
      `the resume file ${path} begins with block ${SUBJECT.firstBlock}, not 0; name another by --cache`,
    );
    writeFileSync(path, "a,b\n1,2\n");
    expect(await thrown(LogFile.open(path, SUBJECT))).to.equal(
      `${path} is no resume file of this audit; name another by --cache, or remove it`,
    );
    writeFileSync(path, "");
    expect(await thrown(LogFile.open(path, SUBJECT))).to.equal(
      `the resume file ${path} is empty; remove it to read all anew`,
    );
    expect(await thrown(LogFile.open(tmpdir(), SUBJECT))).to.equal(`${tmpdir()} is no file; name another by --cache`);
  });
});
