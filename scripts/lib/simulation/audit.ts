import { toBytes3 } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import type { Speaker, Speakers } from "../events/events.ts";
import { readEvents } from "../events/read.ts";
import { MOST_GAS } from "../replay/chain.ts";
import { compare } from "../rules/compare.ts";
import { Rulebook } from "../rules/rulebook.ts";
import { readSetting } from "../rules/setting.ts";
import { subjectsOf } from "../rules/views/question.ts";
import type { Ballots } from "./ballots.ts";
import { Sheets, lawsOfAttacks, lawsOfMoney, lawsOfVotes } from "./book-laws.ts";
import type { Money } from "./book-laws.ts";
import { Drills } from "./drills.ts";
import { Laws, brokenBy, invariantOf } from "./invariants.ts";
import type { Broken } from "./invariants.ts";
import { MemberLaws } from "./member-laws.ts";
import type { Scene } from "./scene.ts";

export interface Audit {
  year: number;
  /** Told to the rulebook since the last audit. */
  events: number;
  /** By invariant: events that the rulebook judged, views that were compared, and laws that were checked. */
  checked: Record<number, number>;
  broken: Broken[];
  money: Money;
}

/**
 * Checks the invariants at every year's end: a rulebook that knows the rules but not the contracts is told all events, every
 * view that they touched in the year is compared with it, and what can be said from views alone is checked besides.
 */
export class Auditor {
  readonly #scene: Scene;
  readonly #contracts: Speakers;
  readonly #drills: Drills;
  readonly #rules: Rulebook;
  readonly #sheets = new Sheets();
  readonly #members = new MemberLaws();
  #nextBlock = 0;
  #shown = 0;

  private constructor(scene: Scene, contracts: Speakers, drills: Drills, rules: Rulebook) {
    this.#scene = scene;
    this.#drills = drills;
    this.#contracts = contracts;
    this.#rules = rules;
  }

  static async of(scene: Scene, contracts: Speakers, ballots: Ballots): Promise<Auditor> {
    return new Auditor(
      scene,
      contracts,
      new Drills(scene, ballots),
      new Rulebook(await readSetting(contracts, "latest")),
    );
  }

  /** `all` compares every view, and not only what the year's events are about. */
  async audit(year: number, all: boolean): Promise<Audit> {
    const laws = new Laws();
    const block = await this.#scene.ledger.connection.ethers.provider.getBlockNumber();
    const { events, touched } = await this.#follow(block, laws);
    const told = this.#rules.findings.slice(this.#shown);
    this.#shown = this.#rules.findings.length;
    const { checked, findings } = await compare(this.#rules, this.#contracts, block, all ? undefined : touched);
    laws.held(11, checked);
    for (const finding of [...told, ...findings]) laws.broken.push(brokenBy(finding));

    const money = await lawsOfMoney(this.#contracts, this.#sheets, laws);
    await lawsOfAttacks(this.#contracts, idsOf("attack", touched), this.#sheets, laws);
    await lawsOfVotes(this.#contracts, idsOf("proposal", touched), this.#sheets, laws);
    const { office, states } = this.#scene;
    const codes = states.map(({ actor }) => toBytes3(actor.code));
    await this.#members.check(this.#contracts, codes, laws);
    for (const [operation, { most }] of office.gas.years.get(year) ?? []) {
      laws.law(13, most <= MOST_GAS, `${operation} took ${most} gas, above the ${MOST_GAS} of a transaction`);
    }
    await this.#drills.run(year, idsOf("proposal", touched), laws);
    return { year, events, checked: laws.checked, broken: laws.broken, money };
  }

  async #follow(toBlock: number, laws: Laws): Promise<{ events: number; touched: ReadonlySet<string> }> {
    const { addresses } = this.#rules.setting;
    const { provider } = this.#scene.ledger.connection;
    const node = { send: (method: string, params: unknown[]) => provider.request({ method, params }) };
    const heard: Partial<Record<Speaker, string>> = { ...addresses };
    delete heard.token;
    const touched = new Set<string>();
    let events = 0;
    for await (const event of readEvents(node, heard, this.#nextBlock, toBlock)) {
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
