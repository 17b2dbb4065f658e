import type { EventFragment, Interface, ParamType } from "ethers";

import type { LedgerEvent, Place, Speaker } from "./events.ts";

export interface Log {
  topics: readonly string[];
  data: string;
}

/** @throws if a log's data are not those of the event that its first topic names */
export type Decode<By extends Speaker = Speaker> = (by: By, log: Log, place: Place) => LedgerEvent | undefined;

/** Decodes what contracts of these interfaces say; a log of no event that they know is undefined. */
export function decoderOf<By extends Speaker>(interfaces: Readonly<Record<By, Interface>>): Decode<By> {
  // ethers would compare a topic with those of all events, for every log.
  const fragments = new Map<string, EventFragment>();
  for (const [by, known] of Object.entries<Interface>(interfaces)) {
    known.forEachEvent((fragment) => fragments.set(`${by} ${fragment.topicHash}`, fragment));
  }
  return (by, { topics, data }, place) => {
    const fragment = fragments.get(`${by} ${topics[0] ?? ""}`);
    if (fragment === undefined) return undefined;
    const values = interfaces[by].decodeEventLog(fragment, data, topics);
    // The bindings describe the very interface that decoded the log.
    return { ...place, by, name: fragment.name, args: named(fragment.inputs, values) } as unknown as LedgerEvent;
  };
}

/** The values of parameters, by their names. */
export function named(types: readonly ParamType[], values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(types.map((type, i) => [type.name, plain(type, values[i])]));
}

/** Structs by the names of their parts, arrays as lists. What stands behind a hash in a topic is left as it is. */
function plain(type: ParamType, value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const { arrayChildren, components } = type;
  if (arrayChildren !== null) return value.map((part: unknown) => plain(arrayChildren, part));
  return named(components ?? [], value);
}
