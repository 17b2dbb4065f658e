import { DAY, YEAR, documentHash } from "../replay/ledger.ts";
import type { Assessor } from "../replay/ledger.ts";
import type { Ballots, Result } from "./ballots.ts";
import type { Scene, State } from "./scene.ts";

const ROUND = 30 * DAY;
const ROUNDS = 12;
const URGENT_PERIOD = 5 * DAY;
const HOUR = 3_600;
const LEAST_REPORTS = 3;
const WHOLE = 1_000_000;
/** The most of the registered trade that an attack can cost, in ppm: the trade may have grown since. */
const WORST = 1_100_000;
/** By how much two assessors may differ, in ppm. */
const DISAGREEMENT = 100_000;

/** The life of one attack: its vote, its rounds, its closing, and what becomes of its earmark. */
export class AttackLife {
  readonly #scene: Scene;
  readonly #ballots: Ballots;
  readonly #attackId: bigint;
  readonly #state: State;
  readonly #proposalId: bigint;
  readonly #coercer: string;
  readonly #startedAt: number;
  /** Registered yearly trade. */
  readonly #baseline: bigint;
  /** How many rounds it lasts. */
  readonly #rounds: number;
  /** Which part of the registered trade is lost, in ppm. */
  readonly #severity: number;
  readonly #reversed: boolean;

  private constructor(
    scene: Scene,
    ballots: Ballots,
    attackId: bigint,
    state: State,
    file: { proposalId: bigint; coercer: string; startedAt: bigint; cover: { baseline: bigint } },
  ) {
    const { behaviour, dice } = scene;
    this.#scene = scene;
    this.#ballots = ballots;
    this.#attackId = attackId;
    this.#state = state;
    this.#proposalId = file.proposalId;
    this.#coercer = file.coercer;
    this.#startedAt = Number(file.startedAt);
    this.#baseline = file.cover.baseline;
    let rounds = 1;
    while (rounds < ROUNDS && !dice.chance(behaviour.ending)) ++rounds;
    this.#rounds = rounds;
    this.#severity = dice.between(0, WORST);
    this.#reversed = dice.chance(behaviour.reversal);
  }

  static async of(scene: Scene, ballots: Ballots, attackId: bigint, state: State): Promise<AttackLife> {
    return new AttackLife(scene, ballots, attackId, state, await scene.ledger.register.attack(attackId));
  }

  /** Ballots are signed within two days after filing. */
  begin(): void {
    const { behaviour, dice, ledger, timeline } = this.#scene;
    const [lost, undecided] = [dice.chance(behaviour.lost), dice.chance(behaviour.undecided)];
    const wanted = lost ? "lost" : undecided ? "undecided" : "passed";
    const filedAt = ledger.chain.now;
    timeline.at(filedAt + dice.between(0, 2) * DAY + HOUR, async () => {
      await this.#ballots.sign("recognition", this.#proposalId, wanted, () => this.#voted(wanted, filedAt));
    });
  }

  async #voted(wanted: Result, filedAt: number): Promise<void> {
    const { happened, ledger, timeline } = this.#scene;
    happened.note(`votes on attacks ${wanted}`);
    if (wanted !== "passed") {
      const over = wanted === "lost" ? ledger.chain.now + HOUR : filedAt + URGENT_PERIOD + HOUR;
      timeline.at(over, () => this.#close("closing"));
      return;
    }
    await this.#enterRounds();
  }

  async #enterRounds(): Promise<void> {
    const { dice, ledger, timeline } = this.#scene;
    const { chain, register } = ledger;
    const { recognisedAt } = await register.attack(this.#attackId);
    if (recognisedAt === 0n) throw new Error(`Attack ${this.#attackId} was not recognised by its deciding ballot.`);
    let last = this.#rounds;
    if (last < ROUNDS) {
      // It ends within its last round, or at once if that is over.
      const end = Math.max(this.#startedAt + last * ROUND - dice.between(1, 29) * DAY, chain.now + HOUR);
      last = Math.floor((end - this.#startedAt) / ROUND) + 1;
      timeline.at(end, () => this.#end());
    }
    for (let round = 1; round <= last; ++round) {
      const endsAt = this.#startedAt + round * ROUND;
      const reports = endsAt + dice.between(0, 9) * DAY + HOUR;
      if (reports > chain.now) timeline.at(reports, () => this.#report(round, round === last));
      else if (round === last) timeline.at(chain.now + HOUR, () => this.#report(round, true));
    }
  }

  async #end(): Promise<void> {
    const { ledger, office } = this.#scene;
    const { register } = ledger;
    await office.send("end", this.#state.actor.delegate, register.end.populateTransaction(this.#attackId));
  }

  /** All who may judge report; the last report settles. Where some are silent, anyone settles once the window is over. */
  async #report(round: number, isLast: boolean): Promise<void> {
    const { behaviour, dice, happened, ledger, office, timeline } = this.#scene;
    const { panel, register } = ledger;
    const [{ open, windowEnd }, judges] = await Promise.all([
      register.round(this.#attackId, round),
      judgesOf(this.#scene, this.#coercer),
    ]);
    if (!open) return;
    const speaking = judges.filter(() => !dice.chance(behaviour.silent));
    const loss = this.#lossAt(round, isLast);
    const reports = speaking.map(({ account, member }) => {
      const spread = BigInt(dice.between(WHOLE - DISAGREEMENT, WHOLE + DISAGREEMENT));
      const evidence = documentHash(`attack ${this.#attackId}: round ${round}, assessor named by ${member}`);
      const own = (loss * spread) / BigInt(WHOLE);
      const report = () => panel.report.populateTransaction(this.#attackId, round, own, evidence);
      return { from: account, call: report };
    });
    await office.sendAll("report", reports);
    const after = Number(windowEnd) + HOUR;
    if (speaking.length === judges.length && judges.length >= LEAST_REPORTS) {
      if (isLast) await this.#close("close");
      return;
    }
    happened.note("rounds with silent assessors");
    timeline.at(after, () => this.#settle(round, isLast));
    // Too few have reported: the case waits until anyone may close it.
    if (isLast) timeline.at(after + ROUND, () => this.#close("closing"));
  }

  async #settle(round: number, isLast: boolean): Promise<void> {
    const { ledger, office } = this.#scene;
    const { panel, register, relayer } = ledger;
    const { open } = await register.round(this.#attackId, round);
    const { ready } = await panel.verdict(this.#attackId, round);
    if (!open || !ready) return;
    await office.send("settlement", relayer, panel.settle.populateTransaction(this.#attackId, round));
    if (isLast) await this.#close("close");
  }

  /** Closes the case, unless that has happened; its earmark goes back a year later, since nobody opens a campaign here. */
  async #close(by: "close" | "closing"): Promise<void> {
    const { happened, ledger, office, timeline } = this.#scene;
    const { chain, register, relayer } = ledger;
    if ((await register.closedAt(this.#attackId)) !== 0n) return;
    const from = by === "close" ? this.#state.actor.delegate : relayer;
    await office.send(by, from, register.close.populateTransaction(this.#attackId));
    const { awarded, recognisedAt } = await register.attack(this.#attackId);
    if (recognisedAt === 0n) return;
    happened.note("attacks closed after recognition");
    if (awarded > (await register.payableSoFar(this.#attackId))) happened.note("attacks with awards taken back");
    timeline.at(chain.now + YEAR + HOUR, () => this.#returnEarmark());
  }

  async #returnEarmark(): Promise<void> {
    const { ledger, office } = this.#scene;
    const { distributor, fund, relayer } = ledger;
    const { held } = await fund.earmarkOf(this.#attackId);
    if (held === 0n) return;
    await office.send("earmark", relayer, distributor.returnUnassigned.populateTransaction(this.#attackId));
  }

  /** The cumulative loss by the end of a round. */
  #lossAt(round: number, isLast: boolean): bigint {
    const severity = this.#reversed && isLast ? Math.floor(this.#severity / 2) : this.#severity;
    return (this.#baseline * BigInt(severity) * BigInt(round * ROUND)) / BigInt(WHOLE) / BigInt(YEAR);
  }
}

/** The assessors that are named by a member without an open attack by this coercer. */
export async function judgesOf({ ledger, states }: Scene, coercer: string): Promise<Assessor[]> {
  const named = (code: string) => states.find(({ actor }) => actor.code === code)?.actor.bytes3 ?? "0x000000";
  const open = await Promise.all(
    ledger.assessors.map(({ member }) => ledger.register.openAttack(named(member), coercer)),
  );
  return ledger.assessors.filter((_, i) => open[i] === 0n);
}
