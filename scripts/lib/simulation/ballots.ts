import type { ContractTransaction } from "ethers";

import type { Provider } from "../node/node.ts";
import { MOST_GAS } from "../replay/chain.ts";
import { DAY } from "../replay/ledger.ts";
import type { Act } from "../replay/timeline.ts";
import { castVotesBySig } from "./ballot-call.ts";
import type { Operation } from "./gas.ts";
import type { Scene, State } from "./scene.ts";

const [AGAINST, FOR, ABSTAIN] = [0, 1, 2] as const;
/** As the council's BALLOT_TYPEHASH has them. */
const BALLOT = [
  ["uint256", "proposalId"],
  ["uint8", "support"],
  ["address", "voter"],
  ["uint256", "nonce"],
] as const;
const DOMAIN = [
  ["string", "name"],
  ["string", "version"],
  ["uint256", "chainId"],
  ["address", "verifyingContract"],
] as const;
/** Of which the council demands 1.5 million for carrying a recognition out. */
const GAS_BESIDES = 2_500_000;
/** Above a signed ballot, the voter's first included, which costs up to 46,000. */
const GAS_A_BALLOT = 60_000;
const MOST_OTHERS = 8;
/** From the signing of ballots until they are brought. It is the same for all, so that nonces are used in their order. */
const ON_THEIR_WAY = 2 * DAY;

export type Result = "passed" | "lost" | "undecided";

/** A ballot before it is signed. */
interface Ballot {
  support: number;
  voter: string;
  nonce: number;
}

/**
 * How the seats vote: delegates sign and a relayer brings all ballots of a vote in one transaction, which is what an
 * alliance would do, since a ballot then costs a third less. Another node of the same accounts signs, as wallets would, while
 * the chain goes on.
 */
export class Ballots {
  readonly #scene: Scene;
  readonly #wallets: Provider;
  readonly #typed: { types: object; domain: Record<string, string>; primaryType: string };
  readonly #bySeat: ReadonlyMap<bigint, State>;
  readonly #nonces = new Map<State, number>();

  private constructor(
    scene: Scene,
    wallets: Provider,
    domain: Record<string, string>,
    bySeat: ReadonlyMap<bigint, State>,
  ) {
    this.#scene = scene;
    this.#wallets = wallets;
    this.#bySeat = bySeat;
    const types = { EIP712Domain: DOMAIN.map(field), Ballot: BALLOT.map(field) };
    this.#typed = { types, domain, primaryType: "Ballot" };
  }

  static async of(scene: Scene, wallets: Provider): Promise<Ballots> {
    const { council, registry } = scene.ledger;
    const { name, version, chainId, verifyingContract } = await council.eip712Domain();
    const seats = await Promise.all(scene.states.map(({ actor }) => registry.seatOf(actor.bytes3)));
    const bySeat = new Map(scene.states.map((state, i) => [seats[i] ?? -1n, state]));
    return new Ballots(scene, wallets, { name, version, chainId: String(chainId), verifyingContract }, bySeat);
  }

  /** A random seat of a set. */
  someOf(seats: bigint): State | undefined {
    return this.#votersIn(seats)[0];
  }

  /**
   * Has ballots signed for the decision that is wanted, or too few for any. Two days later they are brought, and what follows is
   * done.
   */
  async sign(operation: Operation, proposalId: bigint, wanted: Result, brought: Act): Promise<void> {
    const { ledger, office, timeline } = this.#scene;
    const { chain, council, relayer } = ledger;
    const { remaining, seats } = await council.ballotBox(proposalId);
    const voters = this.#votersIn(remaining);
    const supports = this.#supports(Number(seats), voters.length, wanted).slice(0, voters.length);
    const ballots = supports.map((support, i) => this.#ballot(support, voters[i]));
    const call = this.#signed(proposalId, ballots);
    // What it throws is thrown to who brings them.
    call.catch(() => undefined);
    const limit = Math.min(MOST_GAS, GAS_BESIDES + GAS_A_BALLOT * ballots.length);
    timeline.at(chain.now + ON_THEIR_WAY, async () => {
      await office.send(operation, relayer, call, limit);
      await brought();
    });
  }

  /** The call that brings ballots, once all are signed. */
  async #signed(proposalId: bigint, ballots: readonly Ballot[]): Promise<ContractTransaction> {
    const signed = ballots.map(async (ballot) => {
      const data = { ...this.#typed, message: { proposalId: String(proposalId), ...ballot } };
      const signature = await this.#wallets.request({ method: "eth_signTypedData_v4", params: [ballot.voter, data] });
      return { ...ballot, signature: signature as string };
    });
    return await castVotesBySig(this.#scene.ledger.council, proposalId, await Promise.all(signed));
  }

  /** The ballots in their order: some others first, then as many as decide it. */
  #supports(seats: number, voters: number, wanted: Result): number[] {
    const { dice } = this.#scene;
    if (wanted === "undecided") return Array.from({ length: Math.floor(seats / 3) }, () => FOR);
    const [decisive, other, needed] =
      wanted === "passed" ? [FOR, AGAINST, Math.floor(seats / 2) + 1] : [AGAINST, FOR, Math.ceil(seats / 2)];
    const others = dice.below(Math.max(1, Math.min(MOST_OTHERS, voters - needed)));
    return [
      ...Array.from({ length: others }, () => dice.pick([other, ABSTAIN])),
      ...Array.from({ length: needed }, () => decisive),
    ];
  }

  #ballot(support: number, state: State | undefined): Ballot {
    if (state === undefined) throw new Error("There are more ballots than voters.");
    const nonce = this.#nonces.get(state) ?? 0;
    this.#nonces.set(state, nonce + 1);
    return { support, voter: state.actor.delegate.address, nonce };
  }

  /** Whose seats are in the set. */
  seatedIn(seats: bigint): State[] {
    return [...this.#bySeat].filter(([seat]) => ((seats >> seat) & 1n) === 1n).map(([, state]) => state);
  }

  /** The same, from a random one on; without who could have left before its ballot is brought. */
  #votersIn(seats: bigint): State[] {
    const brought = this.#scene.ledger.chain.now + ON_THEIR_WAY;
    const voters = this.seatedIn(seats).filter((state) => !state.away && (state.leavesFrom ?? Infinity) > brought);
    const first = this.#scene.dice.below(Math.max(1, voters.length));
    return [...voters.slice(first), ...voters.slice(0, first)];
  }
}

function field([type, name]: readonly [string, string]): { type: string; name: string } {
  return { type, name };
}
