import type { AllianceOfYear } from "./alliance.ts";
import { day, plural } from "../format.ts";
import { PERIOD, dossierOf } from "./ledger.ts";
import type { Actor } from "./ledger.ts";
import { decide } from "./votes.ts";
import type { Action } from "./votes.ts";
import { rebase } from "./weights.ts";
import type { World } from "./world.ts";

const STATE = 0;
const PARTNER = 1;
const ACTIVE = 1n;
const SUSPENDED = 2n;
/** What one proposal holds, so that carrying it out fits into a transaction. */
const MOST_CHANGES = 40;
const MOST_SCALES = 104;

type Change = "admit" | "reinstate" | "suspend";

/**
 * The council's yearly review: who has become Free is admitted, or reinstated if it was suspended; who no longer is, is put
 * to a vote and suspended; then the scale is rebased to all members. What exceeds the changes allowed in a period waits for
 * the next.
 */
export class Review {
  readonly #world: World;
  readonly #suspended: (actor: Actor) => Promise<void>;
  #running = false;

  /** `suspended` is told of everyone whose suspension was carried out. */
  constructor(world: World, suspended: (actor: Actor) => Promise<void>) {
    this.#world = world;
    this.#suspended = suspended;
  }

  /** Enters the first of January of every year after the founding. */
  enter(): void {
    const { input, timeline, parameters } = this.#world;
    for (let year = input.from + 1; year <= input.to; ++year) {
      timeline.at(Date.UTC(year, 0, 1) / 1000 + parameters.officeHour, () => this.#hold());
    }
  }

  async #hold(): Promise<void> {
    if (this.#running) return;
    const { ledger, timeline, parameters } = this.#world;
    const wanted = await this.#wantedChanges();
    const changes = await this.#allowed(wanted);
    const scales = changes.length > 0 ? [] : await this.#wantedScales();
    if (changes.length + scales.length === 0 && wanted.length === 0) return;

    const { chain, genesis } = ledger;
    const next = genesis + (Math.floor((chain.now - genesis) / PERIOD) + 1) * PERIOD;
    if (next - chain.now < parameters.reviewTime || changes.length + scales.length === 0) {
      timeline.at(next + parameters.officeHour, () => this.#hold());
      return;
    }
    this.#running = true;
    if (changes.length > 0) await this.#change(changes);
    else await this.#scale(scales);
  }

  /** Who does not stand as the alliance of the year says, admissions first: so the council never shrinks on the way. */
  async #wantedChanges(): Promise<[Change, Actor][]> {
    const { ledger, roster } = this.#world;
    const alliance = this.#alliance();
    const belongs = new Set(alliance.members.map(({ code }) => code));
    const changes: [Change, Actor][] = [];
    for (const actor of ledger.actors) {
      const status = roster.has(actor) ? await ledger.registry.statusOf(actor.bytes3) : 0n;
      if (!roster.has(actor) && belongs.has(actor.code)) changes.push(["admit", actor]);
      if (status === SUSPENDED && alliance.free.has(actor.code)) changes.push(["reinstate", actor]);
      if (status === ACTIVE && !alliance.free.has(actor.code)) changes.push(["suspend", actor]);
    }
    const order: Change[] = ["reinstate", "admit", "suspend"];
    return changes.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  }

  /** As many as the period still allows. Reinstatements and Partners are not counted. */
  async #allowed(wanted: [Change, Actor][]): Promise<[Change, Actor][]> {
    let left = wanted.length === 0 ? 0n : await this.#world.ledger.registry.changesLeft();
    return wanted
      .filter(([change, { kind }]) => change === "reinstate" || kind === "Partner" || left-- > 0n)
      .slice(0, MOST_CHANGES);
  }

  /** New weights where they differ from those that will hold, those that fall first: the whole is never exceeded. */
  async #wantedScales(): Promise<{ actor: Actor; weight: bigint }[]> {
    const { ledger, roster } = this.#world;
    const { shares } = this.#alliance();
    const weights = rebase(new Map(roster.members.map(({ code }) => [code, shares.get(code) ?? 0n])));
    const next = (await ledger.ledger.currentPeriod()) + 1n;
    const differing: { actor: Actor; weight: bigint; rise: bigint }[] = [];
    for (const actor of roster.members) {
      const weight = weights.get(actor.code) ?? 0n;
      const rise = weight - (await ledger.ledger.weightOf(actor.bytes3, next));
      if (rise !== 0n) differing.push({ actor, weight, rise });
    }
    return differing.sort((a, b) => (a.rise < b.rise ? -1 : 1)).slice(0, MOST_SCALES);
  }

  async #change(changes: [Change, Actor][]): Promise<void> {
    const { ledger, roster, input } = this.#world;
    const { registry, coverage } = ledger;
    const actions: Action[] = [];
    for (const [change, actor] of changes) {
      const data =
        change === "admit"
          ? registry.interface.encodeFunctionData("admit", [actor.bytes3, await this.#apply(actor)])
          : change === "suspend"
            ? registry.interface.encodeFunctionData("suspend", [actor.bytes3])
            : registry.interface.encodeFunctionData("reinstate", [actor.bytes3]);
      actions.push({ target: registry, data });
    }
    const admitted = changes.filter(([change]) => change === "admit").map(([, actor]) => actor);
    if (admitted.length > 0) {
      const { ceding, attachment, exhaustion, yearlyLimit } = input.parameters.CrisisInsuranceFund;
      const terms = [ceding, attachment, exhaustion, yearlyLimit].map((value) => BigInt(value ?? 0));
      const [c = 0n, a = 0n, x = 0n, limit = 0n] = terms;
      const codes = admitted.map(({ bytes3 }) => bytes3);
      const of = { ceding: c, attachment: a, exhaustion: x, yearlyLimit: limit };
      actions.push({ target: coverage, data: coverage.interface.encodeFunctionData("setTerms", [codes, of]) });
    }
    const names = (wanted: Change) => changes.filter(([change]) => change === wanted).map(([, { code }]) => code);
    const parts = (["admit", "reinstate", "suspend"] as const)
      .filter((change) => names(change).length > 0)
      .map((change) => `${change} ${names(change).join(", ")}`);
    await decide(this.#world, `Review of ${day(ledger.chain.now)}: ${parts.join("; ")}`, actions, async () => {
      for (const actor of admitted) await roster.note(actor);
      for (const [change, actor] of changes) if (change === "suspend") await this.#suspended(actor);
      await this.#goOn();
    });
  }

  async #scale(scales: { actor: Actor; weight: bigint }[]): Promise<void> {
    const { ledger } = this.#world;
    const { scaleFrom, scaleTo } = this.#alliance();
    const entries = scales.map(({ actor, weight }) => ({ code: actor.bytes3, capacity: weight, dependence: 0 }));
    const data = ledger.ledger.interface.encodeFunctionData("setScales", [entries]);
    const description =
      `Review of ${day(ledger.chain.now)}: ${plural(entries.length, "weight")} by the UN scale of ` +
      `${scaleFrom} to ${scaleTo}, rebased to the members`;
    await decide(this.#world, description, [{ target: ledger.ledger, data }], () => this.#goOn());
  }

  async #goOn(): Promise<void> {
    this.#running = false;
    await this.#hold();
  }

  /** The applicant's treasury applies; the hash is what the council admits by. */
  async #apply({ code, kind, bytes3, treasury, delegate }: Actor): Promise<string> {
    const { chain, registry } = this.#world.ledger;
    const as = kind === "State" ? STATE : PARTNER;
    const dossier = dossierOf(code);
    const hash = await registry.connect(treasury).applyFor.staticCall(bytes3, as, delegate.address, dossier);
    await chain.send(treasury, registry.applyFor.populateTransaction(bytes3, as, delegate.address, dossier));
    return hash;
  }

  /** That of the year now running. */
  #alliance(): AllianceOfYear {
    const { ledger, input } = this.#world;
    const year = new Date(ledger.chain.now * 1000).getUTCFullYear();
    return input.alliances[year - input.from] ?? input.alliances[0];
  }
}
