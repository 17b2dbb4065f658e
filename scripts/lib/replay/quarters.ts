import type { Stop } from "./options.ts";
import { DAY, PERIOD, YEAR } from "./ledger.ts";
import type { Actor } from "./ledger.ts";
import type { World } from "./world.ts";

/** Calls are due 30 days after they are made: who looks that often pays them in time. */
const LOOK = 30 * DAY;
/** Reports are filed this long before they are due. */
const REPORT_EARLY = 30 * DAY;

/** How a member stood at the end of a year, as the chain tells it; sums since it joined. */
export interface YearEnd {
  year: number;
  code: string;
  status: bigint;
  voteSuspended: boolean;
  goodStanding: boolean;
  weight: bigint;
  assessed: bigint;
  asked: bigint;
  paid: bigint;
  debt: bigint;
}

/**
 * What happens whether or not anyone is attacked: all pay on the first day of every quarter, look for calls monthly and
 * report yearly; who is made to stop paying does not, and when it has missed enough anyone has its vote suspended.
 */
export class Quarters {
  readonly yearEnds: YearEnd[] = [];
  readonly #world: World;
  #calls = 0n;

  constructor(world: World) {
    this.#world = world;
  }

  enter(): void {
    const { input, ledger, timeline } = this.#world;
    const { genesis, deployedAt } = ledger;
    for (let start = genesis; start < input.until; start += PERIOD) {
      timeline.at(start, () => this.#payAll());
      for (let look = start + LOOK; look < start + PERIOD; look += LOOK) timeline.at(look, () => this.#look());
    }
    for (let due = deployedAt + YEAR - REPORT_EARLY; due < input.until; due += YEAR) {
      timeline.at(due, () => this.#report());
    }
    for (const { code, to } of input.stops) {
      timeline.at(Date.UTC(to + 1, 0, 1) / 1000, () => this.#payUp(code));
    }
    for (let year = input.from; year <= input.to; ++year) {
      timeline.at(Date.UTC(year + 1, 0, 1) / 1000 - 1, () => this.#writeDown(year));
    }
  }

  async #payAll(): Promise<void> {
    const { roster, treasuries } = this.#world;
    await this.#suspendVotes();
    await treasuries.pay(...roster.members.filter((actor) => !this.#stopped(actor)));
    await this.#collect();
  }

  /** Who stopped paying and starts again pays all at once. */
  async #payUp(code: string): Promise<void> {
    const { roster, treasuries } = this.#world;
    await treasuries.pay(...roster.members.filter((actor) => actor.code === code && !this.#stopped(actor)));
  }

  /** Anyone may call for what is owed beyond earlier calls, and have transferred what later money brought. */
  async #look(): Promise<void> {
    const { chain, fund, ledger, relayer } = this.#world.ledger;
    await this.#suspendVotes();
    if ((await fund.owed()) > 0n && (await ledger.issueCall.staticCall()) > 0n) {
      await chain.send(relayer, ledger.issueCall.populateTransaction());
    }
    const issued = await ledger.callCount();
    if (issued === this.#calls) return;
    this.#calls = issued;
    await this.#payAll();
  }

  async #collect(): Promise<void> {
    const { chain, fund, relayer } = this.#world.ledger;
    if ((await fund.pot()) === 0n) return;
    for (const { bytes3 } of this.#world.roster.members) {
      const [, collectable] = await fund.balanceOf(bytes3);
      if (collectable > 0n) await chain.send(relayer, fund.collect.populateTransaction(bytes3));
    }
  }

  async #suspendVotes(): Promise<void> {
    const { input, ledger: l } = this.#world;
    for (const actor of this.#world.roster.members) {
      if (actor.kind !== "State" || !input.stops.some(({ code }) => code === actor.code)) continue;
      const { voteSuspended } = await l.ledger.account(actor.bytes3);
      const threshold = await l.ledger.suspensionThreshold(actor.bytes3);
      if (voteSuspended || threshold === 0n || (await l.ledger.debtOf(actor.bytes3)) < threshold) continue;
      await l.chain.send(l.relayer, l.ledger.suspendVote.populateTransaction(actor.bytes3));
    }
  }

  async #report(): Promise<void> {
    const { roster, treasuries } = this.#world;
    await treasuries.report(this.#year(), roster.members);
  }

  async #writeDown(year: number): Promise<void> {
    const { ledger: contracts, roster } = this.#world;
    const { ledger, registry } = contracts;
    const period = await ledger.currentPeriod();
    for (const { code, bytes3 } of roster.members) {
      const { status, voteSuspended } = await registry.member(bytes3);
      const { paid } = await ledger.account(bytes3);
      this.yearEnds.push({
        year,
        code,
        status,
        voteSuspended,
        goodStanding: await ledger.inGoodStanding(bytes3),
        weight: await ledger.weightOf(bytes3, period),
        assessed: await ledger.through(bytes3, period),
        asked: await ledger.askedOf(bytes3),
        paid,
        debt: await ledger.debtOf(bytes3),
      });
    }
  }

  /** Whether the member is made to pay nothing this year. */
  #stopped({ code }: Actor): boolean {
    const year = this.#year();
    return this.#world.input.stops.some((stop: Stop) => stop.code === code && stop.from <= year && year <= stop.to);
  }

  #year(): number {
    return new Date(this.#world.ledger.chain.now * 1000).getUTCFullYear();
  }
}
