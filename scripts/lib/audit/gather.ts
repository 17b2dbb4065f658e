// Collecting all logs up to a block into a file, along the chain as it is when they are all there.
import { CannotCheck } from "../deployment/chain.ts";
import { count } from "../format.ts";
import { findHeader } from "../node/blocks.ts";
import type { Header } from "../node/blocks.ts";
import type { LogFile, Range } from "./log-file.ts";
import type { LogReader } from "../node/log-reader.ts";
import { ENTRY } from "../node/logs.ts";
import type { Log, TimedLog } from "../node/logs.ts";
import { withTimes } from "../node/times.ts";
import { Width } from "../node/width.ts";
import type { Node } from "../node/node.ts";

export interface Gathering {
  node: Node;
  reader: LogReader;
  file: LogFile;
  /** In lower case: its journal tells whether logs are missing. */
  fund: string;
  /** The block to audit, looked up anew after a reorganisation. */
  head: () => Promise<Header>;
  /** The number of the last journal entry at a block, as the node has it. */
  sequenceAt: (header: Header) => Promise<number>;
  reached: (block: number, head: number) => void;
}

export interface Gathered {
  head: Header;
  /** What happened on the way, in sentences. */
  notes: string[];
  /** What was wrong with the node's answers, in sentences. */
  faults: string[];
}

const MOST_REORGANISATIONS = 20;
/** Two epochs of Ethereum, after which a block is final. */
const UNSETTLED = 64;

class Reorganised extends Error {}

/** Reads what the file lacks. A chain that is reorganised meanwhile is followed. */
export async function gather(g: Gathering): Promise<Gathered> {
  const notes: string[] = [];
  /** First numbers of what is missing for good. */
  const missing = new Set<number>();
  for (let times = 0; times < MOST_REORGANISATIONS; ++times) {
    const before = g.file.lastBlock;
    if (await backToTheChain(g)) {
      notes.push(`the chain was reorganised: blocks ${g.file.lastBlock + 1} to ${before} were read again`);
    }
    const head = await g.head();
    try {
      await readUpTo(g, head, notes, missing);
      if ((await findHeader(g.node, head.number))?.hash === head.hash) {
        const faults = g.file.ranges.filter(({ from }) => from <= head.number).flatMap((range) => range.faults);
        return { head, notes, faults };
      }
    } catch (error) {
      if (!(error instanceof Reorganised)) throw error;
    }
  }
  throw new CannotCheck(
    `the chain was reorganised ${MOST_REORGANISATIONS} times during the audit; try an older --block`,
  );
}

/** Forgets the ranges that the chain no longer has. */
async function backToTheChain({ node, file }: Gathering): Promise<boolean> {
  let kept = file.ranges.length;
  for (; kept > 0; --kept) {
    const range = file.ranges[kept - 1];
    if (range === undefined || (await findHeader(node, range.to))?.hash === range.hash) break;
  }
  if (kept === file.ranges.length) return false;
  await file.keep(kept);
  return true;
}

async function readUpTo(g: Gathering, head: Header, notes: string[], missing: Set<number>): Promise<void> {
  const { file, reader } = g;
  const width = new Width();
  for (;;) {
    const limit = reader.silentLimit;
    while (file.lastBlock < head.number) {
      const from = file.lastBlock + 1;
      // What may still be reorganised is kept apart, so that little has to be read again.
      const end = head.number - UNSETTLED > from ? head.number - UNSETTLED : head.number;
      const to = Math.min(from + width.blocks - 1, end);
      const { range, logs, refused } = await readRange(g, from, to);
      const hole = holeIn(g, logs, missing);
      if (hole !== undefined && (await isFilled(g, hole, to, range.largest, missing))) break;
      await file.append(range, logs);
      width.learn(logs.length, refused);
      g.reached(to, head.number);
    }
    if (file.lastBlock >= head.number && !(await lacksTheEnd(g, head, missing))) break;
    if (reader.silentLimit === limit) continue;
    // What was read before the limit was known may lack logs without any hole.
    const first = file.ranges.findIndex(({ largest }) => largest >= reader.silentLimit);
    if (first >= 0) await file.keep(first);
  }
  if (reader.silentLimit < Infinity) {
    notes.push(
      `${g.node.name} leaves out logs beyond ${count(reader.silentLimit)} an answer without a word; it was asked for less at a time`,
    );
  }
}

async function readRange(g: Gathering, from: number, to: number) {
  const { node, reader, file } = g;
  const last = file.ranges.at(-1);
  const [first, end] = await Promise.all([headerOrGone(node, from), headerOrGone(node, to)]);
  if (last !== undefined && first.parentHash !== last.hash) throw new Reorganised();
  const { logs, largest, refused, faults } = await reader.read(from, to);
  if ((await findHeader(node, to))?.hash !== end.hash) throw new Reorganised();
  for (const log of logs) {
    if (log.block === to && log.blockHash !== end.hash) throw new Reorganised();
  }
  const timed = await withTimes(node, logs);
  const entry = lastEntry(g, timed) ?? last?.entry ?? { seq: 0, block: from };
  const range: Range = { from, to, hash: end.hash, count: logs.length, largest, entry, faults };
  return { range, logs: timed, refused };
}

async function headerOrGone(node: Node, block: number): Promise<Header> {
  const header = await findHeader(node, block);
  if (header === undefined) throw new Reorganised();
  return header;
}

interface Hole {
  /** The entries that are missing, and the blocks in which they must be. */
  first: number;
  last: number;
  from: number;
  to: number;
}

/** The first place where the journal's numbers do not follow one another. */
function holeIn({ file, fund }: Gathering, logs: readonly TimedLog[], missing: Set<number>): Hole | undefined {
  let { seq, block } = file.ranges.at(-1)?.entry ?? { seq: 0, block: logs[0]?.block ?? 0 };
  for (const log of logs) {
    const number = entryNumber(fund, log);
    if (number === undefined) continue;
    if (number > seq + 1 && !missing.has(seq + 1))
      return { first: seq + 1, last: number - 1, from: block, to: log.block };
    [seq, block] = [number, log.block];
  }
  return undefined;
}

/** Whether asking again for less at a time brings what is missing; if so, the answers before were cut short. */
async function isFilled(g: Gathering, hole: Hole, to: number, largest: number, missing: Set<number>): Promise<boolean> {
  const { reader, file, fund } = g;
  const found = await reader.find(hole.from, Math.min(hole.to, to), (log) => {
    const number = entryNumber(fund, log);
    return number !== undefined && number >= hole.first && number <= hole.last;
  });
  const range = found && file.ranges.find(({ from, to: last }) => from <= found.block && found.block <= last);
  const limit = Math.max(1, range?.largest ?? largest);
  if (found === undefined || limit >= reader.silentLimit) {
    // The journal will tell that it is missing.
    missing.add(hole.first);
    return false;
  }
  reader.silentLimit = limit;
  return true;
}

/** The same for entries after the last one that was given. */
async function lacksTheEnd(g: Gathering, head: Header, missing: Set<number>): Promise<boolean> {
  const upTo = g.file.ranges.findLast(({ from }) => from <= head.number);
  if (upTo === undefined || upTo.to > head.number) return false;
  const sequence = await g.sequenceAt(head);
  const { seq, block } = upTo.entry;
  if (seq >= sequence || missing.has(seq + 1)) return false;
  const hole = { first: seq + 1, last: sequence, from: block, to: head.number };
  return await isFilled(g, hole, head.number, upTo.largest, missing);
}

function lastEntry({ fund }: Gathering, logs: readonly TimedLog[]): Range["entry"] | undefined {
  const log = logs.findLast((one) => entryNumber(fund, one) !== undefined);
  return log === undefined ? undefined : { seq: entryNumber(fund, log) ?? 0, block: log.block };
}

function entryNumber(fund: string, { address, topics }: Pick<Log, "address" | "topics">): number | undefined {
  return address === fund && topics[0] === ENTRY && topics[1] !== undefined ? Number(topics[1]) : undefined;
}
