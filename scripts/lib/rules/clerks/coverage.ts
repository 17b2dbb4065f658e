import type { EventOf } from "../../events/events.ts";
import { DAY, PPM, YEAR } from "../arithmetic/numbers.ts";
import type { Rulebook } from "../rulebook.ts";
import type { Told } from "../told.ts";

const TERMS_DELAY = 180n * DAY;
const EXPOSURE_DELAY = 90n * DAY;
const EXPOSURE_LIFE = 3n * YEAR;

export interface Terms {
  ceding: bigint;
  attachment: bigint;
  exhaustion: bigint;
  yearlyLimit: bigint;
}

export interface Exposure {
  baseline: bigint;
  dependence: bigint;
  source: string;
}

/** A value that counts from a time on, until the next one does. */
interface Dated<Value> {
  setAt: bigint;
  from: bigint;
  value: Value;
}

const NO_TERMS: Terms = { ceding: 0n, attachment: 0n, exhaustion: 0n, yearlyLimit: 0n };
const NO_EXPOSURE: Exposure = { baseline: 0n, dependence: 0n, source: "0x" + "00".repeat(32) };

/** What is covered, by member and by pair, at any time. */
export class CoverageClerk {
  readonly #terms = new Map<string, Dated<Terms>[]>();
  readonly #exposures = new Map<string, Dated<Exposure>[]>();
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  apply(event: Told<"coverage">): void {
    switch (event.name) {
      case "TermsSet": {
        this.#setTerms(event.args);
        return;
      }
      case "ExposureSet": {
        this.#setExposure(event.args);
        return;
      }
    }
  }

  /** Every pair with an exposure. */
  get pairs(): { code: string; coercer: string }[] {
    return [...this.#exposures.keys()].map((key) => {
      const [code = "", coercer = ""] = key.split("/");
      return { code, coercer };
    });
  }

  /** Every member with terms. */
  get covered(): readonly string[] {
    return [...this.#terms.keys()];
  }

  /** From when on each of a member's terms count. */
  termsFrom(code: string): readonly bigint[] {
    return (this.#terms.get(code) ?? []).map(({ from }) => from);
  }

  /** From when on each exposure of a pair counts. */
  exposuresFrom(code: string, coercer: string): readonly bigint[] {
    return (this.#exposures.get(`${code}/${coercer}`) ?? []).map(({ from }) => from);
  }

  /** Terms and exposure effective at a time. What was set before the member last joined, or has left, counts no more. */
  coverAt(code: string, coercer: string, time: bigint): { terms: Terms; exposure: Exposure } {
    const terms = this.#at(code, this.#terms.get(code), time);
    const exposure = this.#at(code, this.#exposures.get(`${code}/${coercer}`), time);
    const lapsed = exposure === undefined || time >= exposure.from + EXPOSURE_LIFE;
    return { terms: terms?.value ?? NO_TERMS, exposure: lapsed ? NO_EXPOSURE : exposure.value };
  }

  #at<Value>(code: string, all: Dated<Value>[] | undefined, time: bigint): Dated<Value> | undefined {
    const effective = all?.findLast(({ from }) => from <= time);
    const { registry } = this.book;
    const joined = registry.members.get(code)?.admittedAt ?? 0n;
    const counts = effective !== undefined && effective.setAt >= joined && registry.isMember(code);
    return counts ? effective : undefined;
  }

  #setTerms(args: EventOf<"coverage", "TermsSet">["args"]): void {
    const { desk, registry } = this.book;
    const rule = "coverage.TermsSet";
    this.book.decree("coverage", "TermsSet");
    const { code } = args;
    const { ceding, attachment, exhaustion, yearlyLimit } = args.terms;
    const valid = ceding > 0n && ceding <= PPM && attachment < exhaustion && exhaustion <= PPM;
    desk.law(rule, valid, `the terms of ${code} are none`);
    desk.law(rule, registry.isMember(code), `terms were set for ${code}, which is no member`);
    const from = desk.now + TERMS_DELAY;
    desk.same(rule, { effectiveAt: from }, args);
    append(this.#terms, code, { setAt: desk.now, from, value: { ceding, attachment, exhaustion, yearlyLimit } });
  }

  #setExposure(args: EventOf<"coverage", "ExposureSet">["args"]): void {
    const { desk, registry } = this.book;
    const rule = "coverage.ExposureSet";
    this.book.decree("coverage", "ExposureSet");
    const { code, coercer } = args;
    const { baseline, dependence, source } = args.exposure;
    const valid = dependence <= PPM && (baseline === 0n || source !== NO_EXPOSURE.source) && code !== coercer;
    desk.law(rule, valid, `the exposure of ${code} to ${coercer} is none`);
    desk.law(rule, registry.isMember(code), `an exposure was set for ${code}, which is no member`);
    const from = desk.now + EXPOSURE_DELAY;
    desk.same(rule, { effectiveAt: from, effectiveUntil: from + EXPOSURE_LIFE }, args);
    append(this.#exposures, `${code}/${coercer}`, { setAt: desk.now, from, value: { baseline, dependence, source } });
  }
}

/** One set in the same second takes the place of the last. */
function append<Value>(all: Map<string, Dated<Value>[]>, key: string, value: Dated<Value>): void {
  const list = all.get(key) ?? [];
  if (list.at(-1)?.from === value.from) list.pop();
  list.push(value);
  all.set(key, list);
}
