import type { EventOf } from "../../events/events.ts";
import { most } from "../arithmetic/numbers.ts";
import type { Rulebook } from "../rulebook.ts";
import type { Told } from "../told.ts";

export interface JointMeasure {
  target: string;
  kind: bigint;
  start: bigint;
  end: bigint;
  endedAt: bigint;
  /** When each member first told how it carries the measure out. */
  implemented: Map<string, bigint>;
}

export const MeasureStatus = { None: 0n, Adopted: 1n, InForce: 2n, Ended: 3n, Expired: 4n } as const;

export const Compliance = { NotAsked: 0n, Awaited: 1n, Implemented: 2n, Missing: 3n } as const;

/** Joint measures, and who carries them out. */
export class MeasuresClerk {
  readonly measures = new Map<bigint, JointMeasure>();
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  apply(event: Told<"measures">): void {
    switch (event.name) {
      case "MeasureAdopted": {
        this.#adopt(event.args);
        return;
      }
      case "MeasureEnded": {
        this.#end(event.args);
        return;
      }
      case "ImplementationFiled": {
        this.#implement(event.args);
        return;
      }
    }
  }

  /** In force from its first second to its last, both included. */
  status({ start, end, endedAt }: JointMeasure, now: bigint): bigint {
    if (endedAt > 0n) return MeasureStatus.Ended;
    if (now < start) return MeasureStatus.Adopted;
    return now <= end ? MeasureStatus.InForce : MeasureStatus.Expired;
  }

  /** How a member stands with a measure: nothing is asked of who is none, or became one after its end. */
  compliance({ start, end, endedAt, implemented }: JointMeasure, code: string, now: bigint): bigint {
    const { registry } = this.book;
    if (!registry.isMember(code)) return Compliance.NotAsked;
    if (implemented.has(code)) return Compliance.Implemented;
    const until = endedAt === 0n ? end : endedAt;
    const admittedAt = registry.members.get(code)?.admittedAt ?? 0n;
    if (until < start || admittedAt > until) return Compliance.NotAsked;
    return now <= start ? Compliance.Awaited : Compliance.Missing;
  }

  #adopt(args: EventOf<"measures", "MeasureAdopted">["args"]): void {
    const { desk, registry } = this.book;
    const rule = "measures.MeasureAdopted";
    this.book.decree("measures", "MeasureAdopted");
    const { measureId, target, kind, start, end } = args;
    desk.same(rule, { measureId: BigInt(this.measures.size) + 1n }, { measureId });
    desk.law(rule, !registry.isMember(target), `a measure was adopted against ${target}, which is a member`);
    desk.law(rule, start >= desk.now && end > start, "a measure starts in the past, or ends before it starts");
    this.measures.set(measureId, {
      target,
      kind,
      start: most(start, desk.now),
      end,
      endedAt: 0n,
      implemented: new Map(),
    });
  }

  #end({ measureId, endedAt }: EventOf<"measures", "MeasureEnded">["args"]): void {
    const { desk } = this.book;
    this.book.decree("measures", "MeasureEnded");
    const measure = this.#alive("measures.MeasureEnded", measureId);
    if (measure === undefined) return;
    desk.same("measures.MeasureEnded", { endedAt: desk.now }, { endedAt });
    measure.endedAt = desk.now;
  }

  #implement({ measureId, code }: EventOf<"measures", "ImplementationFiled">["args"]): void {
    const { desk, registry } = this.book;
    const rule = "measures.ImplementationFiled";
    const measure = this.#alive(rule, measureId);
    desk.law(rule, registry.isMember(code), `${code} filed how it carries a measure out though it is no member`);
    if (measure?.implemented.has(code) === false) measure.implemented.set(code, desk.now);
  }

  #alive(rule: string, measureId: bigint): JointMeasure | undefined {
    const { desk } = this.book;
    const measure = this.measures.get(measureId);
    const alive: bigint[] = [MeasureStatus.Adopted, MeasureStatus.InForce];
    const stands = measure !== undefined && alive.includes(this.status(measure, desk.now));
    desk.law(rule, stands, `something was told of measure ${measureId}, which is over or was never adopted`);
    return measure;
  }
}
