import type { Sender } from "../events/read.ts";
import { readEvents } from "../events/read.ts";
import type { Speaker, Speakers } from "../events/events.ts";
import { compare } from "../rules/compare.ts";
import { Rulebook } from "../rules/rulebook.ts";
import { readSetting } from "../rules/setting.ts";
import { subjectsOf } from "../rules/views/question.ts";
import { Sheets, lawsOfAttacks, lawsOfMoney, lawsOfVotes } from "./book-laws.ts";
import type { Money } from "./book-laws.ts";
import { Laws, brokenBy, invariantOf } from "./invariants.ts";
import type { Broken } from "./invariants.ts";
import { MemberLaws } from "./member-laws.ts";

/** What the chain tells at a block. */
export interface Heard {
  /** Told to the rulebook since it was last asked. */
  events: number;
  /** By invariant: events that the rulebook judged, views that were compared, and laws that were checked. */
  checked: Record<number, number>;
  broken: Broken[];
  money: Money;
}

/**
 * Checks the invariants by what the chain says: a rulebook that knows the rules but not the contracts is told all events, every
 * view that they touched since the last audit is compared with it, and what can be said from views alone is checked besides.
 */
export class Auditor {
  readonly #node: Sender;
  readonly #contracts: Speakers;
  readonly #codes: readonly string[];
  readonly #rules: Rulebook;
  readonly #sheets = new Sheets();
  readonly #members = new MemberLaws();
  #nextBlock = 0;
  #shown = 0;

  private constructor(node: Sender, contracts: Speakers, codes: readonly string[], rules: Rulebook) {
    this.#node = node;
    this.#contracts = contracts;
    this.#codes = codes;
    this.#rules = rules;
  }

  /** `codes` are those of all members, as `bytes3`. */
  static async of(node: Sender, contracts: Speakers, codes: readonly string[]): Promise<Auditor> {
    return new Auditor(node, contracts, codes, new Rulebook(await readSetting(contracts, "latest")));
  }

  /** As it is at a block, whatever comes after it. `all` compares every view, and not only what the events are about. */
  async audit(block: number, all: boolean): Promise<Heard> {
    const laws = new Laws();
    const { events, touched } = await this.#follow(block, laws);
    const told = this.#rules.findings.slice(this.#shown);
    this.#shown = this.#rules.findings.length;
    const { checked, findings } = await compare(this.#rules, this.#contracts, block, all ? undefined : touched);
    laws.held(11, checked);
    for (const finding of [...told, ...findings]) laws.broken.push(brokenBy(finding));
    const views = { contracts: this.#contracts, at: { blockTag: block } };
    const money = await lawsOfMoney(views, this.#sheets, laws);
    await lawsOfAttacks(views, idsOf("attack", touched), this.#sheets, laws);
    await lawsOfVotes(views, idsOf("proposal", touched), this.#sheets, laws);
    await this.#members.check(views, this.#codes, laws);
    return { events, checked: laws.checked, broken: laws.broken, money };
  }

  async #follow(toBlock: number, laws: Laws): Promise<{ events: number; touched: ReadonlySet<string> }> {
    const { addresses } = this.#rules.setting;
    const heard: Partial<Record<Speaker, string>> = { ...addresses };
    delete heard.token;
    const touched = new Set<string>();
    let events = 0;
    for await (const event of readEvents(this.#node, heard, this.#nextBlock, toBlock)) {
      events += 1;
      this.#rules.apply(event);
      this.#sheets.take(event);
      laws.held(invariantOf(`${event.by}.${event.name}`));
      for (const subject of subjectsOf(event)) touched.add(subject);
    }
    this.#rules.finish();
    this.#nextBlock = toBlock + 1;
    return { events, touched };
  }
}

/** The numbers of those subjects of a kind that are among others, as `attack/12`. */
function idsOf(kind: "attack" | "proposal", subjects: ReadonlySet<string>): bigint[] {
  return [...subjects].flatMap((subject) => {
    const [of, id = ""] = subject.split("/");
    return of === kind ? [BigInt(id)] : [];
  });
}
