// Weights as the ledger works them out, and the places on the scale that it tells in events.
import { INTERFACES } from "../events/bindings.ts";
import { decode } from "../events/decode.ts";
import { nodeBehind } from "../events/read.ts";
import type { Log } from "../node/logs.ts";
import { readLogs } from "../node/read-logs.ts";
import { CEILING, FLOOR, PPM } from "../replay/weights.ts";
import type { Desk } from "./desk.ts";

export { CEILING, FLOOR, PPM };

/** A member's place on the scale, in ppm. */
export interface ScalePlace {
  capacity: bigint;
  dependence: bigint;
  weight: bigint;
}

/** What capacity and dependence come to before floor and ceiling, all in ppm: the ledger's formula, rounded down twice. */
export function unboundedWeight(capacity: bigint, dependence: bigint, loading: bigint): bigint {
  return (capacity * (PPM + (loading * dependence) / PPM)) / PPM;
}

/** The weight that `setScale` sets. */
export function weightBy(capacity: bigint, dependence: bigint, loading: bigint): bigint {
  const weight = unboundedWeight(capacity, dependence, loading);
  return weight < FLOOR ? FLOOR : weight > CEILING ? CEILING : weight;
}

/** The last place on the scale that the council has set for each member, by its code as the contracts know it. */
export async function scaleEvents(desk: Desk, toBlock: number): Promise<Map<string, ScalePlace>> {
  const { ledger } = desk.contracts;
  const topic = INTERFACES.ledger.getEvent("ScaleSet")?.topicHash ?? "";
  const places = new Map<string, ScalePlace>();
  for (const log of await logsOf(desk, await ledger.getAddress(), topic, toBlock)) {
    const { block, index, transaction } = log;
    const event = decode("ledger", log, { block, index, transaction, time: 0 });
    if (event?.name !== "ScaleSet") continue;
    const { code, capacity, dependence, weight } = event.args;
    places.set(code, { capacity, dependence, weight });
  }
  return places;
}

/** All events of one kind of a contract up to a block, in order. */
export async function logsOf(desk: Desk, address: string, topic: string, toBlock: number): Promise<Log[]> {
  const query = { addresses: [address.toLowerCase()], topics: [topic] };
  const logs: Log[] = [];
  for await (const some of readLogs(nodeBehind(desk.provider), [query], desk.since, toBlock)) logs.push(...some);
  return logs;
}
