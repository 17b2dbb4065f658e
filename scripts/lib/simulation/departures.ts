import type { CoverageBook } from "../../../typechain-types/index.ts";
import { DAY, YEAR, dossierOf } from "../replay/ledger.ts";
import type { Decisions } from "./decisions.ts";
import type { Scene, State } from "./scene.ts";

const HOUR = 3_600;
const STATE = 0;
/** It is tried weekly whether a member can leave, while its notice holds: 30 days. */
const AGAIN = 7 * DAY;
const TRIES = 4;

type Terms = Awaited<ReturnType<CoverageBook["termsAt"]>>;

/** Members that leave by a year's notice, and return to their old seats some years later. */
export class Departures {
  readonly #scene: Scene;
  readonly #decisions: Decisions;

  constructor(scene: Scene, decisions: Decisions) {
    this.#scene = scene;
    this.#decisions = decisions;
  }

  enter(): void {
    const { ledger, timeline } = this.#scene;
    for (let start = ledger.genesis + HOUR; start < timeline.until; start += YEAR) {
      timeline.at(start, () => this.#giveNotices());
    }
  }

  async #giveNotices(): Promise<void> {
    const { behaviour, dice, happened, ledger, office, states, timeline } = this.#scene;
    const { chain, registry } = ledger;
    for (const state of states) {
      if (state.leavesFrom !== undefined || state.away || !dice.chance(behaviour.notice)) continue;
      const { treasury, bytes3 } = state.actor;
      await office.send("notice", treasury, registry.giveNotice.populateTransaction(bytes3));
      state.leavesFrom = chain.now + YEAR;
      happened.note("notices given");
      timeline.at(chain.now + YEAR + HOUR, () => this.#leave(state, TRIES));
    }
  }

  /** Anyone may let a member go whose notice is over, unless it has an open case. */
  async #leave(state: State, tries: number): Promise<void> {
    const { behaviour, happened, ledger, office, timeline } = this.#scene;
    const { chain, coverage, registry, relayer } = ledger;
    const { bytes3 } = state.actor;
    const { openCases } = await registry.member(bytes3);
    if (openCases > 0n) {
      if (tries > 0) timeline.at(chain.now + AGAIN, () => this.#leave(state, tries - 1));
      else {
        state.leavesFrom = undefined;
        happened.note("notices lapsed");
      }
      return;
    }
    const terms = await coverage.termsAt(bytes3, chain.now);
    await office.send("leaving", relayer, registry.leave.populateTransaction(bytes3));
    state.leavesFrom = undefined;
    state.away = true;
    happened.note("members left");
    timeline.at(chain.now + behaviour.awayFor, () => this.#return(state, terms));
  }

  /** Applies again, for the terms that it had. */
  async #return(state: State, terms: Terms): Promise<void> {
    const { happened, ledger, office } = this.#scene;
    const { registry, coverage } = ledger;
    const { bytes3, code, delegate, treasury } = state.actor;
    const application = [bytes3, STATE, delegate.address, dossierOf(code)] as const;
    const hash = await registry.connect(treasury).applyFor.staticCall(...application);
    await office.send("application", treasury, registry.applyFor.populateTransaction(...application));
    const admit = registry.interface.encodeFunctionData("admit", [bytes3, hash]);
    const scale = ledger.ledger.interface.encodeFunctionData("setScale", [bytes3, state.weight, 0]);
    const cover = coverage.interface.encodeFunctionData("setTerms", [[bytes3], terms]);
    const actions = [
      { target: registry, data: admit },
      { target: ledger.ledger, data: scale },
      { target: coverage, data: cover },
      ...this.#decisions.tradeOf([state]),
    ];
    await this.#decisions.decide(`Admit ${code} again`, actions, () => {
      state.away = false;
      happened.note("members returned");
      return Promise.resolve();
    });
  }
}
