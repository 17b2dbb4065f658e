// Telling the history again, event by event, from what was read.
import { messageOf } from "../deployment/chain.ts";
import type { LedgerEvent, Speaker } from "../events/events.ts";
import { eventOf } from "../events/entries.ts";
import type { Finding } from "../rules/finding.ts";
import type { TimedLog } from "../node/logs.ts";
import type { LogFile } from "./log-file.ts";

export interface Told {
  events: number;
  /** What could not be read. */
  unread: Finding[];
}

/** Every event up to a block, in order, to all who listen. */
export async function retell(
  file: LogFile,
  until: number,
  addresses: Record<Speaker, string>,
  listeners: readonly ((event: LedgerEvent) => void)[],
  reached?: (events: number) => void,
): Promise<Told> {
  const speakers = new Map(
    Object.entries(addresses).map(([name, address]) => [address.toLowerCase(), name as Speaker]),
  );
  const told: Told = { events: 0, unread: [] };
  for await (const logs of file.logs(until)) {
    for (const log of logs) {
      const by = speakers.get(log.address);
      const event = by && readable(by, log, told.unread);
      if (event === undefined) continue;
      told.events += 1;
      for (const listener of listeners) listener(event);
    }
    reached?.(told.events);
  }
  return told;
}

/** The event of a log, or what is wrong with it. */
function readable(by: Speaker, log: TimedLog, findings: Finding[]): LedgerEvent | undefined {
  const { block, index, transaction, time } = log;
  const place = { block, index, transaction, time };
  try {
    const event = eventOf(by, log);
    if (event !== undefined) return event;
    findings.push({
      rule: "events",
      place,
      sentence: `the ${by} says something that it cannot: ${log.topics[0] ?? "a log without a name"}`,
    });
  } catch (error) {
    findings.push({ rule: "events", place, sentence: `an event of the ${by} cannot be read: ${messageOf(error)}` });
  }
  return undefined;
}
