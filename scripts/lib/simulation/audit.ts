import { toBytes3 } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import type { Speaker, Speakers } from "../events/events.ts";
import { readEvents } from "../events/read.ts";
import { MOST_GAS } from "../replay/chain.ts";
import { compare } from "../rules/compare.ts";
import { Rulebook } from "../rules/rulebook.ts";
import { readSetting } from "../rules/setting.ts";
import { subjectsOf } from "../rules/views/question.ts";
import { Sheets, lawsOfAttacks, lawsOfMoney, lawsOfVotes } from "./book-laws.ts";
import type { Money } from "./book-laws.ts";
import { Laws, brokenBy } from "./invariants.ts";
import type { Broken } from "./invariants.ts";
import { MemberLaws } from "./member-laws.ts";
import type { Scene } from "./scene.ts";

export interface Audit {
  year: number;
  /** Told to the rulebook since the last audit. */
  events: number;
  /** Views that were compared, and laws that were checked. */
  checked: number;
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
  readonly #rules: Rulebook;
  readonly #sheets = new Sheets();
  readonly #members = new MemberLaws();
  #nextBlock = 0;
  #shown = 0;

  private constructor(scene: Scene, contracts: Speakers, rules: Rulebook) {
    this.#scene = scene;
    this.#contracts = contracts;
    this.#rules = rules;
  }

  static async of(scene: Scene, contracts: Speakers): Promise<Auditor> {
    return new Auditor(scene, contracts, new Rulebook(await readSetting(contracts, "latest")));
  }

  /** `all` compares every view, and not only what the year's events are about. */
  async audit(year: number, all: boolean): Promise<Audit> {
    const laws = new Laws();
    const block = await this.#scene.ledger.connection.ethers.provider.getBlockNumber();
    const { events, touched } = await this.#follow(block);
    const told = this.#rules.findings.slice(this.#shown);
    this.#shown = this.#rules.findings.length;
    const { checked, findings } = await compare(this.#rules, this.#contracts, block, all ? undefined : touched);
    for (const finding of [...told, ...findings]) laws.broken.push(brokenBy(finding));

    const money = await lawsOfMoney(this.#contracts, this.#sheets, laws);
    await lawsOfAttacks(this.#contracts, idsOf("attack", touched), laws);
    await lawsOfVotes(this.#contracts, idsOf("proposal", touched), this.#sheets, laws);
    const { office, states } = this.#scene;
    const codes = states.map(({ actor }) => toBytes3(actor.code));
    const blocked = new Set(states.filter((state) => state.blocked).map(({ actor }) => actor.bytes3));
    await this.#members.check(this.#contracts, codes, blocked, laws);
    const { operation, gas } = office.gas.dearest ?? { operation: "nothing", gas: 0 };
    laws.law(13, gas <= MOST_GAS, `${operation} took ${gas} gas, above the ${MOST_GAS} of a transaction`);
    return { year, events, checked: checked + laws.checked, broken: laws.broken, money };
  }

  async #follow(toBlock: number): Promise<{ events: number; touched: ReadonlySet<string> }> {
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
