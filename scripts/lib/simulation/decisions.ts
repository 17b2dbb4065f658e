import { toBytes3 } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import { MOST_GAS } from "../replay/chain.ts";
import { DAY, YEAR } from "../replay/ledger.ts";
import type { Act } from "../replay/timeline.ts";
import type { Action } from "../replay/votes.ts";
import { PPM } from "../replay/weights.ts";
import { exposuresOf } from "./alliance.ts";
import type { Ballots } from "./ballots.ts";
import type { Scene, State } from "./scene.ts";

const HOUR = 3_600;
/** Registered trade lapses three years after it became effective, which it is 90 days after it was set. */
const RENEWAL = 900 * DAY;
/** As many as a proposal can carry: it is kept in storage. */
const EXPOSURES_A_PROPOSAL = 80;

/** What the council decides by its ordinary procedure: the budget of every year, and the trade that is covered. */
export class Decisions {
  readonly #scene: Scene;
  readonly #ballots: Ballots;

  constructor(scene: Scene, ballots: Ballots) {
    this.#scene = scene;
    this.#ballots = ballots;
  }

  enter(): void {
    const { timeline, ledger } = this.#scene;
    for (let start = ledger.genesis + DAY; start < timeline.until; start += YEAR) {
      timeline.at(start, () => this.#moveBudget());
    }
    for (let start = ledger.genesis + RENEWAL; start < timeline.until; start += RENEWAL) {
      timeline.at(start, () => this.#renewTrade());
    }
  }

  /** Proposal, ballots signed five days later, timelock, execution. */
  async decide(description: string, actions: Action[], executed?: Act): Promise<void> {
    const { ledger, office, timeline } = this.#scene;
    const { chain, council, registry, relayer } = ledger;
    const proposer = this.#ballots.someOf(await registry.electorate());
    if (proposer === undefined) throw new Error("No seat may vote.");
    const targets = await Promise.all(actions.map(({ target }) => target.getAddress()));
    const values = actions.map(() => 0n);
    const calls = actions.map(({ data }) => data);
    const text = `${description}, ${chain.now}`;
    const proposal = council.propose.populateTransaction(targets, values, calls, text);
    await office.send("proposal", proposer.actor.delegate, proposal, MOST_GAS);
    const proposalId = await council.latestProposalId();
    const execute = async () => {
      const call = council["execute(uint256)"].populateTransaction(proposalId);
      await office.send("execution", relayer, call, MOST_GAS);
      await executed?.();
    };
    const queue = async () => {
      const call = council["queue(uint256)"].populateTransaction(proposalId);
      await office.send("queue", relayer, call, MOST_GAS);
      timeline.at(Number(await council.proposalEta(proposalId)) + HOUR, execute);
    };
    timeline.at(chain.now + 5 * DAY, () => this.#ballots.sign("ballots", proposalId, "passed", queue));
  }

  /** Registers the trade of some members, by a vote. */
  tradeOf(states: readonly State[]): Action[] {
    const { coverage } = this.#scene.ledger;
    const members = states.map(({ actor, trade }) => ({ code: actor.code, trade }));
    const entries = exposuresOf(members).map(({ code, coercer, ...exposure }) => {
      return { code: toBytes3(code), coercer: toBytes3(coercer), exposure };
    });
    if (entries.length === 0) return [];
    return [{ target: coverage, data: coverage.interface.encodeFunctionData("setExposures", [entries]) }];
  }

  async #moveBudget(): Promise<void> {
    const { behaviour, dice, ledger } = this.#scene;
    const contract = ledger.ledger;
    const period = await contract.currentPeriod();
    const step = BigInt(dice.between(-behaviour.budgetStep, behaviour.budgetStep));
    const budget = ((await contract.budgetOf(period)) * (PPM + step)) / PPM;
    const data = contract.interface.encodeFunctionData("setBudget", [period + 2n, budget]);
    await this.decide("Set the budget", [{ target: contract, data }]);
  }

  async #renewTrade(): Promise<void> {
    const { behaviour, states } = this.#scene;
    const staying = states.filter(({ away, leavesFrom }) => !away && leavesFrom === undefined);
    const size = Math.floor(EXPOSURES_A_PROPOSAL / behaviour.exposuresEach);
    for (let first = 0; first < staying.length; first += size) {
      const some = staying.slice(first, first + size);
      await this.decide(`Renew the trade of ${some.length} members from place ${first}`, this.tradeOf(some));
    }
  }
}
