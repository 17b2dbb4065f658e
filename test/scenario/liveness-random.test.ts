import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";

import {
  CaseStatus,
  DAY,
  MILLION,
  PPM,
  ProposalState,
  Support,
  UNIT,
  YEAR,
  asTimelock,
  code,
  fileAttack,
  foundAlliance,
  hash,
  liveUntil,
  payDebt,
} from "../support/alliance.ts";
import type { Alliance, TestMember } from "../support/alliance.ts";
import { ROUND, eligibleAssessors } from "../support/attacks.ts";
import { expectConserved } from "../support/books.ts";
import { moveTo, now } from "../support/chain.ts";
import { RETURN_DELAY, SHORTEST, open, treeOf } from "../support/compensation.ts";
import { EXECUTION_WINDOW, QUEUE_WINDOW, TIMELOCK_DELAY, URGENT_GAS, openVote } from "../support/council.ts";
import { seeded } from "../support/random.ts";
import { collectAll, endowStranger, payOff } from "../support/wind-down.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const STORIES = 5;
const ACTS = 40;
const ENDED: bigint[] = [ProposalState.Canceled, ProposalState.Defeated, ProposalState.Expired, ProposalState.Executed];

async function covered() {
  const a = await foundAlliance(connection, { baseline: 2_000n * MILLION, assessors: 10 });
  await liveUntil(a, 200n);
  await endowStranger(a);
  return a;
}

/** Lives on at random while everybody still has a key. Nothing that is refused is tried. */
class Story {
  readonly a: Alliance;
  readonly random: ReturnType<typeof seeded>;
  readonly campaigns: bigint[] = [];
  spares = 0;

  constructor(a: Alliance, seed: number) {
    this.a = a;
    this.random = seeded(seed);
  }

  async act(): Promise<void> {
    const { a, random } = this;
    await a.time.increase(random.below(9) * Number(DAY) + 1);
    const acts = [this.attack, this.attack, this.report, this.report, this.report, this.end, this.propose];
    await random.pick([...acts, this.campaign, this.campaign, this.recover, this.stop, this.pay]).call(this);
  }

  private ids(count: bigint): bigint[] {
    return Array.from({ length: Number(count) }, (_, i) => BigInt(i) + 1n);
  }

  attacks = async () => this.ids(await this.a.register.attackCount());
  proposals = async () => this.ids(await this.a.council.proposalCount());

  /** Some seats vote, mostly For. */
  private async vote(proposalId: bigint): Promise<void> {
    const { a, random } = this;
    for (const { delegate } of a.states) {
      const seat = await a.registry.seatCastBy(delegate.address);
      const { remaining } = await a.council.ballotBox(proposalId);
      const open = (await a.council.state(proposalId)) === ProposalState.Active;
      if (!open || ((remaining >> seat) & 1n) === 0n || random.next() < 0.15) continue;
      const support = random.next() < 0.9 ? Support.For : Support.Against;
      await a.council.connect(delegate).castVote(proposalId, support, URGENT_GAS);
    }
  }

  private async attack(): Promise<void> {
    const { a, random } = this;
    const m = a.member(random.pick(["LTU", "EST", "LVA", "TWN"]));
    const [last] = await a.register.casesOf(m.code, code("CHN"));
    if (last !== 0n) return;
    await payDebt(a, m);
    const { proposalId } = await fileAttack(a, m, { share: random.pick([0, 300_000, Number(PPM)]) });
    await a.time.increase(1n);
    await this.vote(proposalId);
  }

  private async report(): Promise<void> {
    const { a, random } = this;
    const attackId = random.pick([0n, ...(await this.attacks())]);
    if ((await a.register.statusOf(attackId)) !== CaseStatus.Recognised) return;
    const { startedAt } = await a.register.attack(attackId);
    const number = ((await now(a)) - startedAt) / ROUND + 1n;
    const { open: isOpen, endsAt } = await a.register.round(attackId, number);
    if (!isOpen) return;
    await moveTo(a, endsAt);
    const loss = random.upTo((2_000n * MILLION * number) / 12n);
    for (const assessor of await eligibleAssessors(a, attackId, Number(number))) {
      if (random.next() < 0.1) continue;
      await a.panel.connect(assessor).report(attackId, number, loss, hash("report"));
    }
  }

  private async end(): Promise<void> {
    const { a, random } = this;
    const attackId = random.pick([0n, ...(await this.attacks())]);
    const { endedAt, startedAt } = await a.register.attack(attackId);
    const recognised = (await a.register.statusOf(attackId)) === CaseStatus.Recognised;
    if (!recognised || endedAt !== 0n || (await now(a)) >= startedAt + 12n * ROUND) return;
    await asTimelock(a, (timelock) => a.register.connect(timelock).end(attackId));
  }

  private async propose(): Promise<void> {
    const proposalId = await openVote(this.a);
    await this.vote(proposalId);
    const decided = (await this.a.council.state(proposalId)) === ProposalState.Succeeded;
    if (decided && this.random.next() < 0.5) await this.a.council["queue(uint256)"](proposalId);
  }

  /** The treasury of the day directs half of what an earmark holds to somebody. */
  private async campaign(): Promise<void> {
    const { a, random } = this;
    const attackId = random.pick([0n, ...(await this.attacks())]);
    const [, held] = await a.fund.earmarkOf(attackId);
    const free = held - (await a.distributor.reserved(attackId));
    const { member } = await a.register.attack(attackId);
    const m = a.members.find(({ code }) => code === member);
    if (m === undefined || free < 2n || (await a.registry.treasuryToPay(member)) !== m.treasury.address) return;
    const number = (await a.distributor.campaignCount(attackId)) + 1n;
    const people = [a.relayer, a.guardian].map(({ address }) => ({ account: address, amount: free / 4n }));
    const tree = await treeOf(a, attackId, number, people);
    await open(a, m.name, tree, { lasting: SHORTEST + BigInt(random.below(300)) * DAY });
    this.campaigns.push(tree.campaignId);
    if ((await a.fund.stoppedUntil()) < (await now(a))) await a.distributor.claim(tree.claims[0]!);
  }

  private async recover(): Promise<void> {
    const { a, random } = this;
    const m: TestMember = a.member(random.pick(["LTU", "EST", "LVA"]));
    if ((await a.registry.keyChange(m.code)).readyAt !== 0n || this.spares > 4) return;
    const fresh = a.spare(20 + this.spares++).address;
    await asTimelock(a, (t) => a.registry.connect(t).recoverKeys(m.code, fresh, ZeroAddress));
  }

  private async stop(): Promise<void> {
    if (await this.a.fund.armed()) await this.a.fund.connect(this.a.guardian).stopTransfers();
  }

  private async pay(): Promise<void> {
    const { a, random } = this;
    const m = random.pick(a.members);
    await a.ledger.connect(a.stranger).contribute(m.code, random.upTo(20n * MILLION) + UNIT);
  }
}

/** From here on a stranger acts alone: every vote ends, every case is closed, all money is where it belongs. */
async function windDown(story: Story): Promise<void> {
  const { a } = story;
  for (const m of a.members) {
    const { readyAt } = await a.registry.keyChange(m.code);
    if (readyAt === 0n) continue;
    await moveTo(a, readyAt);
    await a.registry.connect(a.stranger).applyKeys(m.code);
  }
  await a.time.increase(14n * DAY + QUEUE_WINDOW + TIMELOCK_DELAY + EXECUTION_WINDOW);
  await a.time.increase(12n * ROUND + 40n * DAY);
  for (const proposalId of await story.proposals()) {
    expect(ENDED, `a vote goes on: ${proposalId}`).to.include(await a.council.state(proposalId));
  }
  const attacks = await story.attacks();
  for (const attackId of attacks) await a.register.connect(a.stranger).close(attackId);
  expect(await a.fund.committed(), "12: committed").to.equal(0n);
  await payOff(a);
  const committed: bigint[] = [];
  for (const attackId of attacks) if ((await a.register.attack(attackId)).committed > 0n) committed.push(attackId);
  await collectAll(a, committed);
  expect(await a.fund.pot(), "12: in the pot").to.equal(0n);

  await a.time.increase(RETURN_DELAY + 2n * YEAR);
  for (const campaignId of story.campaigns) {
    const { total, claimed } = await a.distributor.campaign(campaignId);
    if (claimed < total) await a.distributor.connect(a.stranger).returnUnclaimed(campaignId);
  }
  for (const attackId of attacks) {
    const [, held] = await a.fund.earmarkOf(attackId);
    if (held > 0n) await a.distributor.connect(a.stranger).returnUnassigned(attackId);
  }
  expect(await a.fund.earmarked(), "12: in an earmark").to.equal(0n);
  expect(await a.fund.pot(), "12: in the pot").to.equal(0n);
  for (const m of a.members) expect((await a.registry.member(m.code)).openCases).to.equal(0n);
}

/** What of a state makes it worth the trial, by name. */
async function worth(story: Story): Promise<Record<string, boolean>> {
  const { a } = story;
  const states = await Promise.all((await story.proposals()).map((one) => a.council.state(one)));
  const changes = await Promise.all(a.members.map(({ code }) => a.registry.keyChange(code)));
  const cases = await Promise.all((await story.attacks()).map((one) => a.register.statusOf(one)));
  return {
    "money is owed": (await a.fund.owed()) > 0n,
    "campaigns are open": story.campaigns.length > 0,
    "votes have not ended": states.some((one) => !ENDED.includes(one)),
    "a recovery is under way": changes.some(({ recovery }) => recovery),
    "transfers were stopped": !(await a.fund.armed()),
    "cases are open": cases.includes(CaseStatus.Recognised),
  };
}

describe("Invariant 12, from random states, with every privileged key gone", () => {
  it("a stranger alone brings all money to whom it belongs, and every vote and case to its end", async () => {
    const met = new Set<string>();
    for (let seed = 1; seed <= STORIES; ++seed) {
      const story = new Story(await loadFixture(covered), seed);
      for (let i = 0; i < ACTS; ++i) await story.act();
      const found = await worth(story);
      for (const [what, here] of Object.entries(found)) if (here) met.add(what);
      await windDown(story);
      await expectConserved(story.a.fund, story.a.token);
      if (seed === STORIES) expect([...met]).to.have.members(Object.keys(found));
    }
  });
});
