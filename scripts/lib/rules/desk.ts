import type { LedgerEvent, Place, Speaker } from "../events/events.ts";
import { agrees, shown } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** An event that the rules demand in this transaction, with the values that they give it. */
interface Demand {
  by: Speaker;
  name: string;
  values: Record<string, unknown>;
}

/** An act that nobody but the council, or the founder before it has handed over, can bring about. */
export interface Decree {
  by: Speaker;
  name: string;
  place: Place;
  /** What its event states. */
  values: object;
  /** The founder may have brought it about. */
  founding: boolean;
}

/**
 * What the clerks share: the moment, the findings, and the bookkeeping of one transaction. In a transaction the event of
 * a cause may come after those of its consequences, so that both sides are gathered and matched when it is over.
 */
export class Desk {
  readonly findings: Finding[] = [];
  place: Place | undefined;
  now = 0n;
  /** What the event states that is told now. */
  #values: object = {};
  #demands: Demand[] = [];
  #told: LedgerEvent[] = [];
  #decrees: Decree[] = [];
  #atEnd: (() => void)[] = [];

  /** Moves on to an event. */
  begin(event: LedgerEvent): void {
    if (this.place?.time !== event.time) this.now = BigInt(event.time);
    this.place = event;
    this.#values = event.args;
  }

  find(rule: string, sentence: string, expected?: unknown, found?: unknown, place = this.place): void {
    this.findings.push({
      rule,
      ...(place === undefined ? {} : { place: placeOf(place) }),
      sentence,
      ...(expected === undefined ? {} : { expected: shown(expected) }),
      ...(found === undefined ? {} : { found: shown(found) }),
    });
  }

  /** A law of an event that has been told. */
  law(rule: string, holds: boolean, sentence: string): void {
    if (!holds) this.find(rule, sentence);
  }

  /** Compares the values that an event states with those that the rules give. */
  same(rule: string, expected: Record<string, unknown>, found: object): void {
    const stated = found as Record<string, unknown>;
    for (const [name, value] of Object.entries(expected)) {
      if (!agrees(value, stated[name]))
        this.find(rule, `states another ${name} than the rules give`, value, stated[name]);
    }
  }

  /** The rules demand this event in this transaction. */
  demand(by: Speaker, name: string, values: Record<string, unknown>): void {
    this.#demands.push({ by, name, values });
  }

  /** Whether such an event is demanded and has not been told yet. */
  demands(by: Speaker, name: string): boolean {
    const demanded = this.#demands.filter((one) => one.by === by && one.name === name).length;
    return demanded > this.#told.filter((one) => one.by === by && one.name === name).length;
  }

  /** An event that only follows from others. */
  tell(event: LedgerEvent): void {
    this.#told.push(event);
  }

  decree(by: Speaker, name: string, founding: boolean): void {
    if (this.place === undefined) return;
    this.#decrees.push({ by, name, place: this.place, values: this.#values, founding });
  }

  takeDecrees(): Decree[] {
    const decrees = this.#decrees;
    this.#decrees = [];
    return decrees;
  }

  /** Does something once all events of the transaction have been told. */
  atEnd(act: () => void): void {
    this.#atEnd.push(act);
  }

  /** The transaction is over: what was demanded has been told, and nothing else. */
  close(): void {
    if (this.#atEnd.length > 0) {
      const acts = this.#atEnd;
      this.#atEnd = [];
      for (const act of acts) act();
    }
    if (this.#demands.length === 0 && this.#told.length === 0) return;
    const demands = this.#demands;
    for (const event of this.#told) {
      const rule = `${event.by}.${event.name}`;
      const index = best(demands, event);
      if (index < 0) this.find(rule, `${event.name} was told though nothing led to it`, undefined, event.args, event);
      else {
        const [{ values }] = demands.splice(index, 1) as [Demand];
        if (!agrees(values, event.args)) {
          this.find(rule, `${event.name} states other values than the rules give`, values, event.args, event);
        }
      }
    }
    for (const { by, name, values } of demands) {
      this.find(`${by}.${name}`, `${name} ought to have been told in this transaction, and was not`, values);
    }
    this.#demands = [];
    this.#told = [];
  }
}

/** The demand an event meets: one that it agrees with, else the first of its name, else none. */
function best(demands: readonly Demand[], event: LedgerEvent): number {
  const ofName = ({ by, name }: Demand) => by === event.by && name === event.name;
  const exact = demands.findIndex((one) => ofName(one) && agrees(one.values, event.args));
  return exact >= 0 ? exact : demands.findIndex(ofName);
}

/** The place alone: an event carries more than that. */
function placeOf({ block, index, transaction, time }: Place): Place {
  return { block, index, transaction, time };
}
