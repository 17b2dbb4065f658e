import type { EventOf, LedgerEvent } from "../events/events.ts";
import { ENTRY_KINDS } from "../replay/events.ts";
import { Sums } from "../replay/books.ts";
import { attachmentPoint, exhaustionPoint, mostPayable } from "../rules/arithmetic/indemnity.ts";
import type { Cover } from "../rules/arithmetic/indemnity.ts";
import { countSeats, least } from "../rules/arithmetic/numbers.ts";
import type { Laws, Views } from "./invariants.ts";

/** What a round of an attack came to: its cumulative net loss, and what is payable for it. */
interface Settled {
  loss: bigint;
  payable: bigint;
}

/** What the events tell that no view does: the sums of the journal, the ballots, and the rounds of each attack. */
export class Sheets {
  /** By kind of journal entry. */
  readonly totals = new Sums();
  /** Ballots that an account cast a second time. */
  readonly twice: string[] = [];
  /** By attack. */
  readonly settled = new Map<bigint, Settled[]>();
  readonly #ballots = new Set<string>();

  take(event: LedgerEvent): void {
    if (event.by === "fund" && event.name === "Entry") this.#enter(event);
    if (event.by === "council" && event.name === "VoteCast") this.#cast(event);
    if (event.by === "register" && event.name === "RoundSettled") this.#settle(event);
  }

  #settle({ args: { attackId, loss, payableSoFar } }: EventOf<"register", "RoundSettled">): void {
    this.settled.set(attackId, [...(this.settled.get(attackId) ?? []), { loss, payable: payableSoFar }]);
  }

  #enter({ args }: EventOf<"fund", "Entry">): void {
    this.totals.add(ENTRY_KINDS[Number(args.kind)] ?? "unknown", args.amount);
  }

  #cast({ args: { proposalId, voter } }: EventOf<"council", "VoteCast">): void {
    const ballot = `${voter} on proposal ${proposalId}`;
    if (this.#ballots.has(ballot)) this.twice.push(ballot);
    this.#ballots.add(ballot);
  }
}

/** The fund at a year's end, and sums since the beginning, in base units. */
export interface Money {
  contributed: bigint;
  awarded: bigint;
  disbursed: bigint;
  reserve: bigint;
  committed: bigint;
  owed: bigint;
}

/** Invariants 1, 2 and 3 over all money, from the fund's views and the journal's sums. */
export async function lawsOfMoney({ contracts, at }: Views, { totals }: Sheets, laws: Laws): Promise<Money> {
  const { fund, token } = contracts;
  const [balance, reserve, pot, earmarked, owed, committed] = await Promise.all([
    token.balanceOf(await fund.getAddress(), at),
    fund.reserve(at),
    fund.pot(at),
    fund.earmarked(at),
    fund.owed(at),
    fund.committed(at),
  ]);
  const held = reserve + pot + earmarked;
  laws.law(1, balance >= held, `the fund accounts for ${held} and holds ${balance}`);
  const received = totals.of("Contribution") + totals.of("Donation") + totals.of("Surplus");
  const paid = totals.of("Disbursement") + totals.of("Compensation");
  laws.law(2, received - paid === held, `${received} was received and ${paid} paid out, but ${held} is accounted for`);
  const awarded = totals.of("Award") - totals.of("Void");
  const fate = paid + pot + earmarked + owed;
  laws.law(3, awarded === fate, `${awarded} was awarded, but ${fate} is paid, kept for payment or owed`);
  const [contributed, disbursed] = [totals.of("Contribution"), totals.of("Disbursement")];
  return { contributed, awarded, disbursed, reserve, committed, owed };
}

/** As the register's enum Decision has it. */
const CLOSED = 2n;

/** Invariants 3 and 4 of each attack, and that it was recognised by a majority (6), by the vote on itself (7). */
export async function lawsOfAttacks(
  views: Views,
  attacks: readonly bigint[],
  { settled }: Sheets,
  laws: Laws,
): Promise<void> {
  await Promise.all(attacks.map((attackId) => lawsOfAttack(views, attackId, settled.get(attackId) ?? [], laws)));
}

async function lawsOfAttack(
  { contracts, at }: Views,
  attackId: bigint,
  rounds: readonly Settled[],
  laws: Laws,
): Promise<void> {
  const { council, fund, register } = contracts;
  const file = await register.attack(attackId, at);
  const { awarded, cap, committed, cover, coverYear, decision, member, proposalId, recognisedAt, yearlyLimit } = file;
  laws.law(7, (await council.attackOf(proposalId, at)) === attackId, `attack ${attackId} has the vote of another`);
  if (recognisedAt === 0n) return;
  const [{ commitment }, used, [, inFavour], { seats }] = await Promise.all([
    fund.attackAccount(attackId, at),
    register.usedOf(member, coverYear, at),
    council.proposalVotes(proposalId, at),
    council.ballotBox(proposalId, at),
  ]);
  const kept = decision === CLOSED ? commitment === 0n : awarded + commitment === committed;
  laws.law(3, kept, `attack ${attackId}: ${awarded} awarded and ${commitment} committed of ${committed}`);
  laws.law(3, awarded <= committed && committed <= cap, `attack ${attackId}: ${committed} committed above ${cap}`);
  laws.law(3, used <= yearlyLimit, `attack ${attackId}: its year of cover uses ${used} of ${yearlyLimit}`);
  lawsOfRounds({ attackId, cover, committed }, rounds, laws);
  laws.law(6, 2n * inFavour > seats, `attack ${attackId} was recognised with ${inFavour} of ${seats} seats`);
}

/** Invariant 4 of what the rounds of an attack were settled at, which is within its commitment. */
function lawsOfRounds(
  { attackId, committed, cover }: { attackId: bigint; committed: bigint; cover: Cover },
  rounds: readonly Settled[],
  laws: Laws,
): void {
  const [from, to] = [attachmentPoint(cover), exhaustionPoint(cover)];
  const most = least(mostPayable(cover), committed);
  let before: Settled | undefined;
  for (const round of [...rounds].sort((a, b) => (a.loss < b.loss ? -1 : 1))) {
    const { loss, payable } = round;
    const [smallest, limit] = [loss >= to ? most : (before?.payable ?? 0n), loss <= from ? 0n : most];
    const fits = payable >= smallest && payable <= limit && (before?.loss !== loss || before.payable === payable);
    laws.law(
      4,
      fits,
      `attack ${attackId} pays ${payable} for a loss of ${loss}, which is not from ${smallest} to ${limit}`,
    );
    before = round;
  }
}

/** Invariant 6: as many ballots are in the box as have left it, and nobody voted twice. */
export async function lawsOfVotes(
  views: Views,
  proposals: readonly bigint[],
  { twice }: Sheets,
  laws: Laws,
): Promise<void> {
  laws.law(6, twice.length === 0, `there are second ballots: ${twice.join(", ")}`);
  await Promise.all(proposals.map((proposalId) => lawsOfVote(views, proposalId, laws)));
}

async function lawsOfVote({ contracts: { council }, at }: Views, proposalId: bigint, laws: Laws): Promise<void> {
  const [[against, inFavour, abstain], { remaining, seats }] = await Promise.all([
    council.proposalVotes(proposalId, at),
    council.ballotBox(proposalId, at),
  ]);
  const sum = against + inFavour + abstain + countSeats(remaining);
  laws.law(6, sum === seats, `proposal ${proposalId}: ${sum} ballots and seats without one, of ${seats} seats`);
}
