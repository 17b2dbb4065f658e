import { CannotCheck } from "../deployment/chain.ts";
import { LogReader } from "./log-reader.ts";
import type { Log, Query } from "./logs.ts";
import type { Node } from "./node.ts";
import { Width } from "./width.ts";

/**
 * All logs that are asked for from one block to another, both included: some blocks at a time, as many as the node takes,
 * in the order of the chain.
 * @throws {CannotCheck} if the node does not answer, or its answers contradict themselves or are cut short
 */
export async function* readLogs(
  node: Node,
  queries: readonly Query[],
  from: number,
  to: number,
): AsyncGenerator<Log[], void> {
  const reader = new LogReader(node, queries);
  const width = new Width();
  for (let first = from; first <= to;) {
    const last = Math.min(to, first + width.blocks - 1);
    const { logs, refused, faults } = await reader.read(first, last);
    if (faults[0] !== undefined) throw new CannotCheck(faults[0]);
    width.learn(logs.length, refused);
    yield logs;
    first = last + 1;
  }
}
