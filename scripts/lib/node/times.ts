import { headerOf } from "./blocks.ts";
import type { Log, TimedLog } from "./logs.ts";
import type { Node } from "./node.ts";

/** How many headers are asked for at once. */
const AT_ONCE = 10;

/** Logs with the times of their blocks, which not every node tells with a log. */
export async function withTimes(node: Node, logs: readonly Log[]): Promise<TimedLog[]> {
  const untimed = [...new Set(logs.filter(({ time }) => time === undefined).map(({ block }) => block))];
  const times = new Map<number, number>();
  for (let first = 0; first < untimed.length; first += AT_ONCE) {
    const headers = await Promise.all(untimed.slice(first, first + AT_ONCE).map((block) => headerOf(node, block)));
    for (const { number, time } of headers) times.set(number, time);
  }
  return logs.map((log) => ({ ...log, time: log.time ?? times.get(log.block) ?? 0 }));
}
