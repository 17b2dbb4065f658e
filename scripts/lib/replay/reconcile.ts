import { Sums, rebuild } from "./books.ts";
import type { Books } from "./books.ts";
import { codeOf } from "./chain.ts";
import { eventsNamed } from "./events.ts";
import type { LedgerEvent } from "./events.ts";
import type { Contracts } from "./ledger.ts";

export interface Reconciliation {
  entries: bigint;
  head: string;
  /** What the token says the fund holds. */
  balance: bigint;
  /** How many figures were compared. */
  compared: number;
  mismatches: string[];
}

/** Rebuilds every balance from the events alone and compares each with the chain's own. */
export async function reconcile(c: Contracts, events: readonly LedgerEvent[]): Promise<Reconciliation> {
  const fund = await c.fund.getAddress();
  const books = rebuild(events, fund);
  const found = new Comparison(books.faults);
  const balance = await c.token.balanceOf(fund);

  found.same("head of the journal", books.head, await c.fund.head());
  found.same("journal entries", books.entries, await c.fund.sequence());
  found.same("reserve", books.reserve, await c.fund.reserve());
  found.same("pot", books.pot, await c.fund.pot());
  found.same("earmarked", books.earmarked, await c.fund.earmarked());
  found.same("committed", books.committed, await c.fund.committed());
  found.same("owed", books.owed, await c.fund.owed());
  found.same("token balance", books.reserve + books.pot + books.earmarked, balance);
  const { totals } = books;
  const received = totals.of("Contribution") + totals.of("Donation") + totals.of("Surplus");
  found.same("received less paid out", received - totals.of("Disbursement") - totals.of("Compensation"), balance);

  await compareMembers(c, books, found);
  await compareAttacks(c, books, events, found);
  await compareCampaigns(c, books, events, found);
  compareTokens(books, found);
  await compareVotes(c, books, events, found);
  return { entries: books.entries, head: books.head, balance, compared: found.compared, mismatches: found.mismatches };
}

class Comparison {
  compared = 0;
  readonly mismatches: string[];

  constructor(faults: readonly string[]) {
    this.mismatches = [...faults];
  }

  same(what: string, fromEvents: bigint | string, onChain: bigint | string): void {
    this.compared += 1;
    if (fromEvents !== onChain) this.mismatches.push(`${what}: ${fromEvents} by the events, ${onChain} on the chain`);
  }
}

async function compareMembers(c: Contracts, books: Books, found: Comparison): Promise<void> {
  const period = await c.ledger.currentPeriod();
  for (const code of new Set([...books.members(), ...books.contributed.keys(), ...books.due.keys()])) {
    const name = codeOf(code);
    const { paid } = await c.ledger.account(code);
    found.same(`${name} has paid`, books.contributed.of(code) - books.forfeited.of(code), paid);
    found.same(`${name} was assessed`, books.through(code, period), await c.ledger.through(code, period));
    const [owed, collectable] = await c.fund.balanceOf(code);
    const earmarks = await owedToEarmarks(c, books, code);
    found.same(`${name} has to receive`, books.due.of(code), owed + collectable + earmarks);
  }
}

/** What is owed to the earmarks of a member's attacks: awarded, but not in the earmark yet. */
async function owedToEarmarks(c: Contracts, books: Books, code: string): Promise<bigint> {
  let sum = 0n;
  for (const attackId of books.awarded.keys()) {
    const { member, earmark } = await c.fund.attackAccount(attackId);
    if (member !== code) continue;
    const [owed, held] = await c.fund.earmarkOf(attackId);
    sum += owed + held - earmark;
  }
  return sum;
}

async function compareAttacks(
  c: Contracts,
  books: Books,
  events: readonly LedgerEvent[],
  found: Comparison,
): Promise<void> {
  for (const { attackId, committed } of eventsNamed(events, "Recognised")) {
    const key = String(attackId);
    const attack = await c.register.attack(attackId);
    const account = await c.fund.attackAccount(attackId);
    found.same(`attack ${key}, committed at recognition`, committed, attack.committed);
    found.same(`attack ${key}, awarded`, books.awarded.of(key), attack.awarded);
    found.same(`attack ${key}, commitment left`, books.commitment.of(key), account.commitment);
    found.same(`attack ${key}, earmark`, books.earmark.of(key), account.earmark);
    const bought = await c.register.boughtBy(attackId, 2n ** 48n - 1n);
    found.same(`attack ${key}, bought on the market`, books.bought.of(key), bought);
  }
}

/** What campaigns say they paid is what the journal says, and what the distributor remembers of each. */
async function compareCampaigns(
  c: Contracts,
  books: Books,
  events: readonly LedgerEvent[],
  found: Comparison,
): Promise<void> {
  const claimed = new Sums();
  for (const { campaignId, attackId } of eventsNamed(events, "CampaignOpened")) {
    const key = String(campaignId);
    const campaign = await c.distributor.campaign(campaignId);
    found.same(`campaign ${key}, total`, books.campaigns.of(key), campaign.total);
    found.same(`campaign ${key}, claimed`, books.claimed.of(key), campaign.claimed);
    claimed.add(String(attackId), books.claimed.of(key));
  }
  const returned = new Sums();
  for (const { attackId, amount } of [
    ...eventsNamed(events, "UnclaimedReturned"),
    ...eventsNamed(events, "UnassignedReturned"),
  ]) {
    returned.add(String(attackId), amount);
  }
  for (const key of new Set([...books.compensated.keys(), ...claimed.keys()])) {
    found.same(`attack ${key}, compensated`, books.compensated.of(key), claimed.of(key));
  }
  for (const key of new Set([...books.returned.keys(), ...returned.keys()])) {
    found.same(`attack ${key}, returned from the earmark`, books.returned.of(key), returned.of(key));
  }
}

/** The token's transfers and the journal are two accounts of the same money. Who sent a surplus the journal does not know. */
function compareTokens(books: Books, found: Comparison): void {
  let unnamed = 0n;
  for (const account of new Set([...books.tokensIn.keys(), ...books.paidBy.keys()])) {
    const beyond = books.tokensIn.of(account) - books.paidBy.of(account);
    if (beyond < 0n) found.same(`${account} paid in`, books.paidBy.of(account), books.tokensIn.of(account));
    else found.compared += 1;
    unnamed += beyond;
  }
  found.same("surplus", books.totals.of("Surplus"), unnamed);
  for (const account of new Set([...books.tokensOut.keys(), ...books.paidTo.keys()])) {
    found.same(`${account} was paid`, books.paidTo.of(account), books.tokensOut.of(account));
  }
  for (const account of new Set([...books.tokensBetween.keys(), ...books.sold.keys()])) {
    found.same(`${account} was paid on the market`, books.sold.of(account), books.tokensBetween.of(account));
  }
}

async function compareVotes(
  c: Contracts,
  books: Books,
  events: readonly LedgerEvent[],
  found: Comparison,
): Promise<void> {
  found.same("electorate", books.seats, await c.registry.electorate());
  for (const proposalId of new Set(eventsNamed(events, "VoteCast").map((event) => event.proposalId))) {
    const votes = await c.council.proposalVotes(proposalId);
    for (const [support, onChain] of [votes.against, votes.inFavour, votes.abstain].entries()) {
      found.same(`proposal ${proposalId}, ballots ${support}`, books.ballots.of(`${proposalId}/${support}`), onChain);
    }
  }
}
