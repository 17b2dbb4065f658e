import { lossBetween } from "./accrual.ts";
import { Campaign } from "./campaign.ts";
import type { Case } from "./data.ts";
import { documentHash } from "./ledger.ts";
import type { Actor, Assessor } from "./ledger.ts";
import type { Market } from "./market.ts";
import { decide, holdVote } from "./votes.ts";
import type { World } from "./world.ts";

const FALLEN = 5n;
const RECOGNISED = 6n;
const LEAST_REPORTS = 3;

/** The life of one attack on the ledger, from its filing to its closing. */
export class AttackStory {
  readonly attackId: bigint;
  readonly member: Actor;
  readonly campaign: Campaign;
  readonly #world: World;
  readonly #market: Market;
  readonly #startedAt: number;
  readonly #rows: Case[];
  #recognised = false;
  #revising = false;
  #done = false;

  constructor(world: World, market: Market, attackId: bigint, member: Actor, startedAt: number, row: Case) {
    this.#world = world;
    this.#market = market;
    this.attackId = attackId;
    this.member = member;
    this.campaign = new Campaign(world, attackId, member, row.id);
    this.#startedAt = startedAt;
    this.#rows = [row];
  }

  /** Holds the vote that its filing opened. */
  async begin(): Promise<void> {
    const { register, council } = this.#world.ledger;
    const { proposalId } = await register.attack(this.attackId);
    const lasts = await council.URGENT_PERIOD();
    const [decided, failed] = [() => this.#onDecision(), () => this.closeIfOver()];
    await holdVote(this.#world, { proposalId, lasts, decided, failed });
  }

  /** Further rows are measures of this attack from now on. */
  async join(row: Case): Promise<void> {
    this.#rows.push(row);
    if (!this.#recognised) return;
    this.#enterEnds([row]);
    await this.#market.offer(this.attackId, this.member, [row]);
  }

  /** Puts a case away that fell with its member's suspension, or whose vote failed. Anyone may. */
  async closeIfOver(): Promise<void> {
    if (this.#done || this.#revising) return;
    const { chain, register, relayer } = this.#world.ledger;
    await chain.send(relayer, register.close.populateTransaction(this.attackId));
    this.#done = true;
    await this.campaign.begin();
  }

  async #onDecision(): Promise<void> {
    const { timeline, parameters, ledger } = this.#world;
    const { chain, register } = ledger;
    const status = await register.statusOf(this.attackId);
    if (status === FALLEN) {
      await this.closeIfOver();
      return;
    }
    if (status !== RECOGNISED) throw new Error(`The recognition of attack ${this.attackId} failed (status ${status}).`);
    this.#recognised = true;
    for (let round = 1; round <= Number(await register.ROUNDS()); ++round) {
      const { endsAt } = await register.round(this.attackId, round);
      timeline.at(Math.max(Number(endsAt) + parameters.officeHour, chain.now + 1), () => this.#settle(round));
    }
    this.#enterEnds(this.#rows);
    await this.#market.offer(this.attackId, this.member, this.#rows);
  }

  #enterEnds(rows: readonly Case[]): void {
    const { timeline, parameters, ledger } = this.#world;
    for (const { ended } of rows) {
      if (ended === undefined) continue;
      timeline.at(Math.max(ended + parameters.officeHour, ledger.chain.now + 1), () => this.#endIfEnded());
    }
  }

  /** The member ends the attack once every measure of it has ended. */
  async #endIfEnded(): Promise<void> {
    const { chain, register } = this.#world.ledger;
    if (this.#done || this.#rows.some(({ ended }) => ended === undefined || ended > chain.now)) return;
    const { endedAt } = await register.attack(this.attackId);
    const { endsAt } = await register.round(this.attackId, await register.ROUNDS());
    if (endedAt !== 0n || BigInt(chain.now + 1) >= endsAt) return;
    await chain.send(this.member.delegate, register.end.populateTransaction(this.attackId));
  }

  /**
   * All who may judge report the figure of the data, which leaves out what was sold elsewhere, with what was bought on the
   * market added back, since the register takes that off; the last report settles and pays. After the last round it is
   * closed.
   */
  async #settle(round: number): Promise<void> {
    const { chain, register, panel } = this.#world.ledger;
    const { open, endsAt } = await register.round(this.attackId, round);
    if (this.#done || !open) return;
    const ids = new Set(this.#rows.map(({ id }) => id));
    const losses = this.#world.input.losses.filter((loss) => ids.has(loss.case));
    const bought = await register.boughtBy(this.attackId, endsAt);
    const loss = lossBetween(losses, this.#startedAt, Number(endsAt)) + bought;
    const judges = await this.#judges();
    const isLast = BigInt(round) === (await register.lastRound(this.attackId));
    if (judges.length < LEAST_REPORTS) {
      if (isLast) await this.#revise(loss);
      return;
    }
    for (const { account, member } of judges) {
      const evidence = documentHash(`attack ${this.attackId}: round ${round}, assessor named by ${member}`);
      await chain.send(account, panel.report.populateTransaction(this.attackId, round, loss, evidence));
    }
    if (isLast) await this.#close();
  }

  /** Who is named by a member that has no open attack by the same coercer. */
  async #judges(): Promise<Assessor[]> {
    const { register, assessors, actors } = this.#world.ledger;
    const { coercer } = await register.attack(this.attackId);
    const judges: Assessor[] = [];
    for (const assessor of assessors) {
      const naming = actors.find(({ code }) => code === assessor.member);
      const isParty = naming !== undefined && (await register.openAttack(naming.bytes3, coercer)) !== 0n;
      if (!isParty) judges.push(assessor);
    }
    return judges;
  }

  /** Where too few may judge, the council sets the loss of the last round by an ordinary vote. */
  async #revise(loss: bigint): Promise<void> {
    const { register } = this.#world.ledger;
    const data = register.interface.encodeFunctionData("reviseLoss", [this.attackId, loss]);
    this.#revising = true;
    const description = `Set the loss of attack ${this.attackId}: too few assessors may judge it`;
    await decide(this.#world, description, [{ target: register, data }], async () => {
      this.#revising = false;
      await this.#close();
    });
  }

  async #close(): Promise<void> {
    const { ledger, treasuries } = this.#world;
    const { chain, register } = ledger;
    await chain.send(this.member.delegate, register.close.populateTransaction(this.attackId));
    this.#done = true;
    // An award taken back is paid at once; nothing else falls due between two quarters.
    const { awarded } = await register.attack(this.attackId);
    if (awarded > (await register.payableSoFar(this.attackId))) await treasuries.pay(this.member);
    await this.campaign.begin();
  }
}
