import type { ContractTransaction } from "ethers";

import { toBytes3 } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import { DAY, documentHash, documentUri } from "../replay/ledger.ts";
import type { Actor, Ledger } from "../replay/ledger.ts";
import { refusedBy } from "../replay/refusals.ts";
import { coercerCode } from "./alliance.ts";
import { AttackLife } from "./attack-life.ts";
import type { Ballots } from "./ballots.ts";
import type { Scene, State } from "./scene.ts";

const MEASURES = 11;
/** The longest that a member takes to file, of the 180 days that it has. */
const LONGEST_DELAY = 45;
/** Members that are tried for a filing before it waits: some are refused, which is what the rules are for. */
const TRIES = 60;
const WAIT = 10 * DAY;
/** A filing less than this before the end would not be lived through. */
const LAST = 30 * DAY;

/** Files the attacks, at random times by random members. */
export class Docket {
  readonly #scene: Scene;
  readonly #ballots: Ballots;
  readonly #coverFrom: number;
  filed = 0;

  constructor(scene: Scene, ballots: Ballots, coverFrom: number) {
    this.#scene = scene;
    this.#ballots = ballots;
    this.#coverFrom = coverFrom;
  }

  enter(attacks: number): void {
    const { dice, timeline } = this.#scene;
    const from = this.#coverFrom + DAY;
    for (let i = 0; i < attacks; ++i) {
      timeline.at(from + Math.floor(dice.next() * (timeline.until - LAST - from)), () => this.#file());
    }
  }

  async #file(): Promise<void> {
    const { behaviour, dice, ledger, states, timeline } = this.#scene;
    const { chain } = ledger;
    for (let tried = 0; tried < TRIES; ++tried) {
      const state = dice.pick(states);
      if (state.leavesFrom !== undefined || state.away) continue;
      const covered = !dice.chance(behaviour.uncovered);
      const coercer = covered ? dice.pick([...state.trade.keys()]) : coercerCode(dice.below(behaviour.coercers));
      const startedAt = Math.max(this.#coverFrom, chain.now - dice.between(0, LONGEST_DELAY) * DAY);
      if (await this.#tryToFile(state, coercer, startedAt)) return;
    }
    timeline.at(chain.now + WAIT, () => this.#file());
  }

  async #tryToFile(state: State, coercer: string, startedAt: number): Promise<boolean> {
    const { dice, happened, ledger, office } = this.#scene;
    const { council, ledger: contributions, register, registry } = ledger;
    const share = dice.pick([0, 0, 250_000, 500_000]);
    const call = filing(ledger, state.actor, { coercer, startedAt, share, measure: dice.below(MEASURES) });
    try {
      await office.send("filing", state.actor.delegate, call);
    } catch (thrown) {
      const refused = refusedBy(thrown, [register, registry, contributions, council]);
      if (refused === undefined) throw thrown;
      happened.note(`filings refused: ${refused.name}`);
      return false;
    }
    this.filed += 1;
    const attackId = await register.attackCount();
    const life = await AttackLife.of(this.#scene, this.#ballots, attackId, state);
    life.begin();
    return true;
  }
}

/** What a member states of an attack when it files it; the share is that kept for industries and workers, in ppm. */
interface Claim {
  coercer: string;
  startedAt: number;
  share: number;
  measure: number;
}

export function filing(
  { chain, register }: Ledger,
  { bytes3, code }: Actor,
  { coercer, startedAt, share, measure }: Claim,
): Promise<ContractTransaction> {
  const evidence = `${code} attacked by ${coercer}: ${chain.now}`;
  return register.file.populateTransaction(
    bytes3,
    toBytes3(coercer),
    measure,
    startedAt,
    documentHash(evidence),
    documentUri(evidence),
    documentHash(`acts of ${coercer}`),
    share,
  );
}
