// Asking a second node the same: two that lie alike must have agreed to.
import { toBeHex } from "ethers";

import { CannotCheck } from "../deployment/chain.ts";
import { findHeader } from "../node/blocks.ts";
import type { Header } from "../node/blocks.ts";
import type { Finding } from "../rules/finding.ts";
import type { LogFile } from "./log-file.ts";
import { LogReader } from "../node/log-reader.ts";
import { keyOf, textOf } from "../node/logs.ts";
import type { Log, Query, TimedLog } from "../node/logs.ts";
import { quantity } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { SLOTS } from "./proof.ts";

export interface Agreement {
  /** How many facts were compared: the block's hash, the slot of the journal's head, and ranges of logs. */
  compared: number;
  findings: Finding[];
}

const RULE = "second node";
/** How many differing logs of a range are named. */
const NAMED = 5;

/** @throws {CannotCheck} if the second node does not answer, or is of another chain: said before anything is read */
export async function requireSameChain(second: Node, chainId: bigint): Promise<void> {
  const other = BigInt(String(await second.need("eth_chainId")));
  if (other === chainId) return;
  throw new CannotCheck(`${second.name} is of chain ${other}, not ${chainId}: no comparison is possible`);
}

/** Compares the block, the head of the journal and all logs, range by range. */
export async function compareNodes(
  first: Node,
  second: Node,
  subject: { fund: string; queries: readonly Query[] },
  file: LogFile,
  head: Header,
): Promise<Agreement> {
  const result: Agreement = { compared: 0, findings: [] };
  const same = (sentence: string, expected: string, found: string) => {
    result.compared += 1;
    if (expected !== found) result.findings.push({ rule: RULE, sentence, expected, found });
  };
  const twin = await findHeader(second, head.number);
  if (twin === undefined) {
    throw new CannotCheck(
      `${second.name} knows no block ${head.number}; audit an older one by --block, or wait for it`,
    );
  }
  same(`the second node has another block ${head.number}`, head.hash, twin.hash);
  const slot = [subject.fund, toBeHex(SLOTS.head, 32), quantity(head.number)];
  const [ours, theirs] = await Promise.all([
    first.need("eth_getStorageAt", ...slot),
    second.need("eth_getStorageAt", ...slot),
  ]);
  same("the second node has another head of the journal", String(ours), String(theirs));
  const reader = new LogReader(second, subject.queries);
  for (const { from, to } of file.ranges.filter((range) => range.from <= head.number)) {
    const last = Math.min(to, head.number);
    const there = await reader.read(from, last);
    const here: TimedLog[] = [];
    for await (const batch of file.logs(last, from)) here.push(...batch);
    result.compared += 1;
    result.findings.push(...differences(here, there.logs));
  }
  return result;
}

function differences(here: readonly TimedLog[], there: readonly Log[]): Finding[] {
  const theirs = new Map(there.map((log) => [keyOf(log), log]));
  const findings: Finding[] = [];
  const note = (log: Omit<Log, "time" | "blockHash"> & { time: number | undefined }, what: string) => {
    const { block, index, transaction, time = 0 } = log;
    const sentence = `the log at place ${index} of block ${block} ${what}`;
    findings.push({ rule: RULE, place: { block, index, transaction, time }, sentence });
  };
  for (const log of here) {
    const twin = theirs.get(keyOf(log));
    theirs.delete(keyOf(log));
    if (twin === undefined) note(log, "is not there for the second node");
    else if (textOf(twin) !== textOf(log)) note(log, "is another for the second node");
  }
  for (const log of theirs.values()) note(log, "is there for the second node only");
  if (findings.length <= NAMED) return findings;
  const rest = `and ${findings.length - NAMED} more logs differ between blocks ${here[0]?.block ?? there[0]?.block ?? 0} and ${here.at(-1)?.block ?? there.at(-1)?.block ?? 0}`;
  return [...findings.slice(0, NAMED), { rule: RULE, sentence: rest }];
}
