import type { Scene, State } from "./scene.ts";
import { DAY } from "../replay/ledger.ts";
import { refusedBy } from "../replay/refusals.ts";
import type { Ballots } from "./ballots.ts";
import { filing } from "./docket.ts";

const FOR = 1;
/** A round lasts 30 days: this one is over a day later. */
const SINCE = 29 * DAY;

/** An attack that was filed for a drill. */
export interface DrillCase {
  state: State;
  attackId: bigint;
  proposalId: bigint;
  coercer: string;
  startedAt: number;
  baseline: bigint;
}

/** Files an attack for the first State, from a place on, that may file one by a coercer of its trade; undefined if none may. */
export async function fileFirst({ happened, ledger, states }: Scene, place: number): Promise<DrillCase | undefined> {
  const { chain, council, ledger: contributions, register, registry } = ledger;
  const from = place % states.length;
  for (const state of [...states.slice(from), ...states.slice(0, from)]) {
    if (state.away || state.leavesFrom !== undefined || state.blocked) continue;
    for (const [coercer, baseline] of state.trade) {
      const startedAt = chain.now - SINCE;
      const claim = { coercer, startedAt, share: 0, measure: 0 };
      try {
        await chain.send(state.actor.delegate, filing(ledger, state.actor, claim));
      } catch (thrown) {
        if (refusedBy(thrown, [register, registry, contributions, council]) === undefined) throw thrown;
        continue;
      }
      const attackId = await register.attackCount();
      const { proposalId, coercer: attacker } = await register.attack(attackId);
      return { state, attackId, proposalId, coercer: attacker, startedAt, baseline };
    }
  }
  happened.note("drills for which no State could file an attack");
  return undefined;
}

/** Every seat votes for the attack until it is recognised. */
export async function recogniseBy(ballots: Ballots, { ledger }: Scene, { proposalId }: DrillCase): Promise<void> {
  const { chain, council } = ledger;
  const { remaining, seats } = await council.ballotBox(proposalId);
  const voters = ballots.seatedIn(remaining).slice(0, Math.floor(Number(seats) / 2) + 1);
  const castVote = () => council.castVote.populateTransaction(proposalId, FOR);
  await chain.sendAll(voters.map(({ actor }) => ({ from: actor.delegate, call: castVote })));
}
