import type { TypedContractEvent } from "../../../typechain-types/common.ts";
import type { Speaker, Speakers } from "./bindings.ts";

export type { Speaker, Speakers };

/** Where and when an event was written. `time` is that of its block, in seconds since 1970. */
export interface Place {
  block: number;
  /** Place of the log in its block. */
  index: number;
  transaction: string;
  time: number;
}

type Values<Event> = Event extends TypedContractEvent<never, never, infer Named> ? Readonly<Named> : never;

/** By name, without the filters that are known by their whole signature. */
type Events<Contract extends { filters: object }> = {
  [Name in keyof Contract["filters"] as Name extends `${string}(${string}` ? never : Name]: Values<
    Contract["filters"][Name]
  >;
};

type Said<By extends Speaker> = {
  [Name in keyof Events<Speakers[By]>]: Place & { by: By; name: Name; args: Events<Speakers[By]>[Name] };
}[keyof Events<Speakers[By]>];

/** An event of one of the contracts, with its values by name as the typed bindings have them. */
export type LedgerEvent = { [By in Speaker]: Said<By> }[Speaker];

/** The events of one name of one contract. */
export type EventOf<By extends Speaker, Name extends Said<By>["name"]> = Extract<LedgerEvent, { by: By; name: Name }>;
