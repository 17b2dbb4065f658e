import { MOST_GAS } from "../replay/chain.ts";
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

export type Result = "passed" | "lost" | "undecided";

/**
 * How the seats vote: delegates sign and a relayer brings all ballots of a vote in one transaction, which is what an
 * alliance would do, since a ballot then costs a third less. The node signs, as a wallet would.
 */
export class Ballots {
  readonly #scene: Scene;
  readonly #types: Record<string, { type: string; name: string }[]>;
  readonly #domain: Record<string, string>;
  readonly #bySeat: ReadonlyMap<bigint, State>;
  readonly #nonces = new Map<State, number>();

  private constructor(scene: Scene, domain: Record<string, string>, bySeat: ReadonlyMap<bigint, State>) {
    this.#scene = scene;
    this.#domain = domain;
    this.#bySeat = bySeat;
    this.#types = { EIP712Domain: DOMAIN.map(field), Ballot: BALLOT.map(field) };
  }

  static async of(scene: Scene): Promise<Ballots> {
    const { council, registry } = scene.ledger;
    const { name, version, chainId, verifyingContract } = await council.eip712Domain();
    const seats = await Promise.all(scene.states.map(({ actor }) => registry.seatOf(actor.bytes3)));
    const bySeat = new Map(scene.states.map((state, i) => [seats[i] ?? -1n, state]));
    return new Ballots(scene, { name, version, chainId: String(chainId), verifyingContract }, bySeat);
  }

  /** A random seat of a set. */
  someOf(seats: bigint): State | undefined {
    return this.#votersIn(seats)[0];
  }

  /** Brings ballots to the decision that is wanted, or too few for any. */
  async bring(operation: Operation, proposalId: bigint, wanted: Result): Promise<void> {
    const { ledger, office } = this.#scene;
    const { council, relayer } = ledger;
    const { remaining, seats } = await council.ballotBox(proposalId);
    const voters = this.#votersIn(remaining);
    const supports = this.#supports(Number(seats), wanted).slice(0, voters.length);
    const ballots = await Promise.all(supports.map((support, i) => this.#signed(proposalId, support, voters[i])));
    const limit = Math.min(MOST_GAS, GAS_BESIDES + GAS_A_BALLOT * ballots.length);
    await office.send(operation, relayer, council.castVotesBySig.populateTransaction(proposalId, ballots), limit);
  }

  /** The ballots in their order: some others first, then as many as decide it. */
  #supports(seats: number, wanted: Result): number[] {
    const { dice } = this.#scene;
    if (wanted === "undecided") return Array.from({ length: Math.floor(seats / 3) }, () => FOR);
    const [decisive, other, needed] =
      wanted === "passed" ? [FOR, AGAINST, Math.floor(seats / 2) + 1] : [AGAINST, FOR, Math.ceil(seats / 2)];
    const others = dice.below(Math.max(1, Math.min(MOST_OTHERS, seats - needed)));
    return [
      ...Array.from({ length: others }, () => dice.pick([other, ABSTAIN])),
      ...Array.from({ length: needed }, () => decisive),
    ];
  }

  async #signed(proposalId: bigint, support: number, state: State | undefined) {
    if (state === undefined) throw new Error("There are more ballots than voters.");
    const voter = state.actor.delegate.address;
    const nonce = this.#nonces.get(state) ?? 0;
    this.#nonces.set(state, nonce + 1);
    const message = { proposalId: String(proposalId), support, voter, nonce };
    const data = { types: this.#types, domain: this.#domain, primaryType: "Ballot", message };
    const { provider } = this.#scene.ledger.connection;
    const signature = (await provider.request({ method: "eth_signTypedData_v4", params: [voter, data] })) as string;
    return { support, voter, signature };
  }

  /** Whose seats are in the set. */
  seatedIn(seats: bigint): State[] {
    return [...this.#bySeat].filter(([seat]) => ((seats >> seat) & 1n) === 1n).map(([, state]) => state);
  }

  /** The same, from a random one on. */
  #votersIn(seats: bigint): State[] {
    const voters = this.seatedIn(seats);
    const first = this.#scene.dice.below(Math.max(1, voters.length));
    return [...voters.slice(first), ...voters.slice(0, first)];
  }
}

function field([type, name]: readonly [string, string]): { type: string; name: string } {
  return { type, name };
}
