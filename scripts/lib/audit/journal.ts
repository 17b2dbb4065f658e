// The fund's journal, recomputed from its first entry.
import { ZeroHash } from "ethers";

import type { EventOf, LedgerEvent, Place } from "../events/events.ts";
import { headAfter } from "../rules/arithmetic/journal.ts";
import type { Finding } from "../rules/finding.ts";

type Entry = EventOf<"fund", "Entry">;

interface Doubt {
  entry: Entry;
  /** The head that the entry's values give. */
  computed: string;
}

const RULE = "journal";
const KINDS = 9n;

/**
 * Follows the hash chain: entry by entry the numbers must be 1, 2, 3 and so on, and each head
 * keccak256(abi.encode(head before, seq, kind, member, party, amount, ref, timestamp)), as ICrisisFund states it.
 */
export class Journal {
  readonly #findings: Finding[] = [];
  /** Numbers that were passed over, as ranges, with the entry that came instead. */
  #gaps: { first: bigint; last: bigint; before: Entry }[] = [];
  /** An entry that does not give its head; which of the two is wrong, what follows it tells. */
  #doubt: Doubt | undefined;
  #head: string = ZeroHash;
  #seq = 0n;
  #count = 0;

  /** How many entries there were. */
  get count(): number {
    return this.#count;
  }

  /** The last number in order. */
  get sequence(): bigint {
    return this.#seq;
  }

  get head(): string {
    return this.#doubt?.computed ?? this.#head;
  }

  /** Takes the entries out of all that is told. */
  follow(event: LedgerEvent): void {
    if (event.by === "fund" && event.name === "Entry") this.apply(event);
  }

  apply(entry: Entry): void {
    this.#count += 1;
    const { seq, kind, timestamp, head } = entry.args;
    if (seq <= this.#seq) {
      this.#repeated(entry);
      return;
    }
    if (kind >= KINDS) this.#note(entry, `entry ${seq} is of kind ${kind}, which there is not`);
    if (timestamp !== BigInt(entry.time)) {
      this.#note(entry, `entry ${seq} bears another time than its block`, String(entry.time), String(timestamp));
    }
    if (seq === this.#seq + 1n) this.#follow(entry);
    else {
      this.#settle(undefined);
      this.#gaps.push({ first: this.#seq + 1n, last: seq - 1n, before: entry });
    }
    this.#seq = seq;
    this.#head = head;
  }

  /** What does not hold, the journal being compared with what the contract says of itself. */
  finish(chain: { head: string; sequence: bigint }): Finding[] {
    this.#settle(chain.head);
    for (const { first, last, before } of this.#gaps) {
      const what = first === last ? `entry ${first} is missing` : `entries ${first} to ${last} are missing`;
      this.#note(before, `${what} before entry ${before.args.seq}`);
    }
    if (this.#seq < chain.sequence) {
      const what =
        this.#seq + 1n === chain.sequence
          ? `entry ${chain.sequence} is`
          : `entries ${this.#seq + 1n} to ${chain.sequence} are`;
      this.#findings.push({ rule: RULE, sentence: `${what} missing at the end` });
    } else if (this.#seq > chain.sequence) {
      this.#findings.push({
        rule: RULE,
        sentence: "the journal has more entries than the fund counts",
        expected: String(chain.sequence),
        found: String(this.#seq),
      });
    } else if (this.#head !== chain.head) {
      const sentence = "the head of the journal is not the fund's";
      this.#findings.push({ rule: RULE, sentence, expected: chain.head, found: this.#head });
    }
    return this.#findings;
  }

  /** An entry in its place. */
  #follow(entry: Entry): void {
    const computed = headAfter(this.#head, entry.args);
    if (computed === entry.args.head) {
      this.#settle(this.#head);
      return;
    }
    if (this.#doubt !== undefined && headAfter(this.#doubt.computed, entry.args) === entry.args.head) {
      this.#settle(this.#doubt.computed);
      return;
    }
    this.#settle(undefined);
    this.#doubt = { entry, computed };
  }

  /** Says what was wrong with the entry in doubt, `base` being the head on which the next one stands, if one does. */
  #settle(base: string | undefined): void {
    if (this.#doubt === undefined) return;
    const { entry, computed } = this.#doubt;
    this.#doubt = undefined;
    const { seq, head } = entry.args;
    const sentence =
      base === computed
        ? `the head of entry ${seq} is altered`
        : base === head
          ? `entry ${seq} is altered: its values do not give its head`
          : `entry ${seq} is altered, or one before it: its values do not give its head`;
    this.#note(entry, sentence, computed, head);
    if (base === computed && this.#seq === seq) this.#head = computed;
  }

  /** An entry whose number is not beyond the last: one that was missing stands in the wrong place, else it comes again. */
  #repeated(entry: Entry): void {
    const { seq } = entry.args;
    const gap = this.#gaps.find(({ first, last }) => first <= seq && seq <= last);
    if (gap === undefined) {
      this.#note(entry, `entry ${seq} is repeated`);
      return;
    }
    this.#note(entry, `entry ${seq} stands out of order, after entry ${gap.before.args.seq}`);
    const rests = [
      { ...gap, last: seq - 1n },
      { ...gap, first: seq + 1n },
    ].filter(({ first, last }) => first <= last);
    this.#gaps = [...this.#gaps.filter((other) => other !== gap), ...rests];
  }

  #note({ block, index, transaction, time }: Place, sentence: string, expected?: string, found?: string): void {
    this.#findings.push({
      rule: RULE,
      place: { block, index, transaction, time },
      sentence,
      ...(expected === undefined ? {} : { expected }),
      ...(found === undefined ? {} : { found }),
    });
  }
}
