import type { Actor, Ledger } from "./ledger.ts";

/** Who has joined so far, and who votes for which seat. */
export class Roster {
  readonly #ledger: Ledger;
  readonly #seats = new Map<Actor, bigint>();
  readonly #partners = new Set<Actor>();

  private constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  static async of(ledger: Ledger): Promise<Roster> {
    const roster = new Roster(ledger);
    for (const actor of ledger.actors) await roster.note(actor);
    return roster;
  }

  /** Takes in who has become a member. */
  async note(actor: Actor): Promise<void> {
    const { registry } = this.#ledger;
    if (this.has(actor) || !(await registry.isMember(actor.bytes3))) return;
    const { seated, seat } = await registry.member(actor.bytes3);
    if (seated) this.#seats.set(actor, seat);
    else this.#partners.add(actor);
  }

  has(actor: Actor): boolean {
    return this.#seats.has(actor) || this.#partners.has(actor);
  }

  /** Members, suspended ones too, in the order of all actors. */
  get members(): Actor[] {
    return this.#ledger.actors.filter((actor) => this.has(actor));
  }

  /** Whose seats are in the set, by code. */
  votersIn(seats: bigint): Actor[] {
    return [...this.#seats]
      .filter(([, seat]) => ((seats >> seat) & 1n) === 1n)
      .map(([actor]) => actor)
      .sort((a, b) => (a.code < b.code ? -1 : 1));
  }
}
