import { toBytes3 } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import type { FoundingExposure } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import { AttackStory } from "./attack-story.ts";
import type { Campaign } from "./campaign.ts";
import { MEASURES } from "./data.ts";
import type { Case } from "./data.ts";
import { day } from "../format.ts";
import type { ReplayInput } from "./input.ts";
import { documentHash, documentUri } from "./ledger.ts";
import type { Actor } from "./ledger.ts";
import { Market } from "./market.ts";
import { filingTime } from "./plan.ts";
import type { PlannedFiling } from "./plan.ts";
import { shareOf } from "./solidarity-data.ts";
import { refusedBy, sentenceOf } from "./refusals.ts";
import type { Refusal } from "./refusals.ts";
import { decide } from "./votes.ts";
import type { World } from "./world.ts";

/** Every row of the cases' file as it comes: its trade registered, the threat notified, an attack filed or joined. */
export class Docket {
  readonly refusals: Refusal[] = [];
  /** The case that a piece of evidence, by its hash, is of. */
  readonly evidence = new Map<string, string>();
  readonly market: Market;
  readonly #world: World;
  readonly #stories = new Map<bigint, AttackStory>();

  constructor(world: World) {
    this.#world = world;
    this.market = new Market(world);
  }

  /** What was shared out among those whom the attacks have hit. */
  get campaigns(): Campaign[] {
    return [...this.#stories.values()].map(({ campaign }) => campaign);
  }

  /** Enters all that is known beforehand. */
  enter(): void {
    const { input, timeline, parameters } = this.#world;
    const { officeHour } = parameters;
    for (const filing of input.plan) {
      if (!isFoundingExposure(filing, input)) {
        timeline.at(Math.max(coverTime(filing, input), input.genesis + officeHour), () => this.#cover(filing));
      }
      if (filing.again) timeline.at(filing.filing, () => this.#takeUp(filing.rows.slice(0, filing.opening), filing));
    }
    for (const row of input.cases) {
      if (input.skipped.has(row.id)) continue;
      const warned = row.announced < row.effective && row.announced >= input.genesis;
      if (warned) timeline.at(row.announced + officeHour, () => this.#warn(row));
      const filing = filingTime(row, officeHour);
      timeline.at(filing, () => this.#takeUp([row], { startedAt: row.effective, again: false }));
    }
  }

  /** The member's cases end with its suspension. */
  async suspended(member: Actor): Promise<void> {
    for (const story of this.#stories.values()) if (story.member === member) await story.closeIfOver();
  }

  /** Has the council register the trade of a case to come, unless it stands already. */
  async #cover(filing: PlannedFiling): Promise<void> {
    const { ledger, roster } = this.#world;
    const { coverage } = ledger;
    const entry = exposureOf(filing);
    const actor = this.#actor(entry.code);
    if (actor === undefined || !roster.has(actor)) return;
    const [code, coercer] = [actor.bytes3, toBytes3(entry.coercer)];
    const { baseline } = await coverage.exposureAt(code, coercer, filing.startedAt);
    if (baseline === entry.baseline) return;
    const { dependence, source } = entry;
    const exposure = { baseline: entry.baseline, dependence, source };
    const data = coverage.interface.encodeFunctionData("setExposures", [[{ code, coercer, exposure }]]);
    const description = `Register the trade of ${entry.code} with ${entry.coercer} before ${day(filing.startedAt)}`;
    await decide(this.#world, description, [{ target: coverage, data }], () => Promise.resolve());
  }

  async #warn(row: Case): Promise<void> {
    const { chain, register } = this.#world.ledger;
    const actor = this.#actor(row.member);
    if (actor === undefined) return;
    const { hash, uri } = this.#document(row, "threat");
    const call = register.notifyThreat.populateTransaction(actor.bytes3, toBytes3(row.coercer), hash, uri);
    // What keeps the member from warning will keep it from filing, and is told then.
    await this.#refusal(() => chain.send(actor.delegate, call));
  }

  /** The rows join the open attack of their pair, or open one. */
  async #takeUp(rows: Case[], { startedAt, again }: Pick<PlannedFiling, "startedAt" | "again">): Promise<void> {
    const [row, ...others] = rows;
    if (row === undefined) return;
    const { register } = this.#world.ledger;
    const [code, coercer] = [toBytes3(row.member), toBytes3(row.coercer)];
    const open = await register.openAttack(code, coercer);
    if (open !== 0n) {
      for (const each of rows) await this.#join(open, each);
      return;
    }
    if (again) {
      const { last, lastRecognised } = await register.casesOf(code, coercer);
      if (last === 0n || last !== lastRecognised) return;
    }
    const attackId = await this.#file(row, startedAt);
    if (attackId !== undefined) for (const other of others) await this.#join(attackId, other);
  }

  async #file(row: Case, startedAt: number): Promise<bigint | undefined> {
    const { ledger, input } = this.#world;
    const { chain, register, relayer } = ledger;
    const { hash, uri } = this.#document(row, `evidence of ${day(chain.now)}`);
    const call = register.file.populateTransaction(
      toBytes3(row.member),
      toBytes3(row.coercer),
      MEASURES.indexOf(row.measure),
      startedAt,
      hash,
      uri,
      documentHash(row.id),
      shareOf(input.compensation, row.id),
    );
    // A country that never joins has no account here; whoever files for it is a stranger to the ledger.
    const actor = this.#actor(row.member);
    const refusal = await this.#refusal(() => chain.send(actor?.delegate ?? relayer, call), row);
    if (refusal || actor === undefined) return undefined;
    const attackId = await register.attackCount();
    const story = new AttackStory(this.#world, this.market, attackId, actor, startedAt, row);
    this.#stories.set(attackId, story);
    await story.begin();
    return attackId;
  }

  async #join(attackId: bigint, row: Case): Promise<void> {
    const { chain, register } = this.#world.ledger;
    const story = this.#stories.get(attackId);
    if (story === undefined) throw new Error(`Attack ${attackId} was not filed here.`);
    const { hash, uri } = this.#document(row, `evidence of ${day(chain.now)}`);
    const call = register.addMeasure.populateTransaction(attackId, MEASURES.indexOf(row.measure), hash, uri);
    if (!(await this.#refusal(() => chain.send(story.member.delegate, call), row))) await story.join(row);
  }

  /** Whether a contract refused; why is kept if it is about a row. */
  async #refusal(send: () => Promise<void>, row?: Case): Promise<boolean> {
    const { ledger: c, input } = this.#world;
    try {
      await send();
      return false;
    } catch (thrown) {
      const refused = refusedBy(thrown, [c.register, c.registry, c.ledger, c.council]);
      if (refused === undefined) throw thrown;
      const time = c.chain.now;
      const sentence = row === undefined ? "" : sentenceOf(refused, row, input, time);
      if (row !== undefined) this.refusals.push({ time, case: row.id, error: refused.error, sentence });
      return true;
    }
  }

  #actor(code: string): Actor | undefined {
    return this.#world.ledger.actors.find((actor) => actor.code === code);
  }

  #document({ id }: Case, kind: string): { hash: string; uri: string } {
    const hash = documentHash(`${id}: ${kind}`);
    this.evidence.set(hash, id);
    return { hash, uri: documentUri(id, kind) };
  }
}

/** The trades registered with the founding: those that a vote could not cover in time. One of a pair. */
export function foundingExposures(input: ReplayInput): FoundingExposure[] {
  return input.plan.filter((filing) => isFoundingExposure(filing, input)).map(exposureOf);
}

/** When the council is asked to register the trade, so that it is covered when the attack begins. */
function coverTime({ startedAt }: PlannedFiling, { parameters }: ReplayInput): number {
  return startedAt - parameters.Replay.exposureLead + parameters.Replay.officeHour;
}

function isFoundingExposure(filing: PlannedFiling, input: ReplayInput): boolean {
  const { code, coercer, baseline } = exposureOf(filing);
  const isOfPair = (other: PlannedFiling) => exposureOf(other).code === code && exposureOf(other).coercer === coercer;
  return (
    baseline > 0n &&
    coverTime(filing, input) <= input.genesis &&
    input.alliances[0].members.some((member) => member.code === code) &&
    input.plan.find(isOfPair) === filing
  );
}

/** The trade of a filing as the book of cover keeps it: the sum over its rows. The data hold no share of all trade. */
function exposureOf({ rows }: PlannedFiling): FoundingExposure {
  const [first] = rows;
  if (first === undefined) throw new Error("A filing is about a case at least.");
  const { member: code, coercer } = first;
  const baseline = rows.reduce((sum, row) => sum + row.baseline, 0n);
  const source = documentHash(rows.map(({ id, note }) => `${id}: ${note}`).join("; "));
  return { code, coercer, baseline, dependence: 0, source };
}
