import { expect } from "chai";
import { network } from "hardhat";

import { CaseStatus, DAY, MILLION, Support, asTimelock, code, fileAttack, hash, payAll } from "../support/alliance.ts";
import type { Alliance, TestMember } from "../support/alliance.ts";
import {
  ROUND,
  WINDOW,
  coverOf,
  coveredAlliance,
  eligibleAssessors,
  expose,
  grantMarket,
  reportLosses,
  voteAll,
} from "../support/attacks.ts";
import { moveTo, now } from "../support/chain.ts";
import { seeded } from "../support/random.ts";
import { ReferenceCase, capOf } from "../support/reference-indemnity.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const STEPS = 150;
const LIMIT = 120n * MILLION;
const VICTIMS = ["LTU", "EST", "LVA", "TWN"];
/** Yearly trade with each; with the last there is none. */
const COERCERS: Record<string, bigint> = { CHN: 200n * MILLION, RUS: 90n * MILLION, BLR: 31n * MILLION, PRK: 0n };

async function exposed() {
  const a = await coveredAlliance(connection, { parameters: { yearlyLimit: LIMIT }, assessors: 12 }, 90n);
  for (const name of VICTIMS) {
    for (const coercer of ["RUS", "BLR"]) await expose(a, a.member(name), coercer, COERCERS[coercer]!);
  }
  await grantMarket(a, a.stranger.address);
  await moveTo(a, a.genesis + 181n * DAY);
  await payAll(a);
  return a;
}

interface Told {
  attackId: bigint;
  member: TestMember;
  coercer: string;
  startedAt: bigint;
  proposalId: bigint;
  share: number;
  coverYear: bigint;
  cap: bigint;
  succession: number;
  books?: ReferenceCase;
  bought: { at: bigint; amount: bigint }[];
  lastTried: number;
  status: "undecided" | "recognised" | "closed" | "gone";
}

/** Tells a story step by step and keeps books of its own. */
class Story {
  readonly a: Alliance;
  readonly random = seeded(20_260_101);
  readonly cases: Told[] = [];
  readonly happened = new Map<string, number>();

  constructor(a: Alliance) {
    this.a = a;
  }

  note(what: string): void {
    this.happened.set(what, (this.happened.get(what) ?? 0) + 1);
  }

  pick(status: Told["status"]): Told | undefined {
    const some = this.cases.filter((c) => c.status === status);
    return some.length === 0 ? undefined : this.random.pick(some);
  }

  /** What of a year's limit is in use: commitments of open cases, awards of closed ones. */
  used(member: TestMember, coverYear: bigint): bigint {
    return this.cases
      .filter((c) => c.member === member && c.coverYear === coverYear && c.books !== undefined)
      .reduce((sum, { status, books }) => sum + (status === "closed" ? books!.awarded : books!.committed), 0n);
  }

  async step(): Promise<void> {
    const { a, random } = this;
    await a.time.increase(random.below(3) * 86_400 + 1);
    await payAll(a);
    for (const name of VICTIMS) {
      const m = a.member(name);
      await a.registry.connect(m.delegate).fileReport(m.code, hash("report"), "ipfs://report");
    }
    const chance = random.next();
    if (chance < 0.25) return this.file();
    if (chance < 0.3) return this.decide();
    if (chance < 0.65) return this.report();
    if (chance < 0.73) return this.end();
    if (chance < 0.85) return this.close();
    if (chance < 0.88) return this.suspend();
    if (chance < 0.93) return this.revise();
    return this.buy();
  }

  private async file(): Promise<void> {
    const { a, random } = this;
    const member = a.member(random.pick(VICTIMS));
    const coercer = random.pick(Object.keys(COERCERS));
    if ((await a.register.openAttack(member.code, code(coercer))) !== 0n) return;
    const share = random.pick([0, 333_333, 1_000_000]);
    const startedAt = await now(a);
    try {
      const filed = await fileAttack(a, member, { coercer, share, startedAt });
      // Filing puts a case of the pair away whose vote had failed meanwhile.
      for (const c of this.cases) {
        if (c.member === member && c.coercer === coercer && c.status === "undecided") c.status = "gone";
      }
      const c = await a.register.attack(filed.attackId);
      expect(c.cap).to.equal(capOf(await a.fund.reserve(), await a.ledger.room()));
      const coverFrom = a.genesis + 180n * DAY;
      const coverYear = startedAt - ((startedAt - coverFrom) % (365n * DAY));
      const succession = Number(c.succession);
      const { cap } = c;
      const told = { ...filed, member, coercer, share, coverYear, cap, succession, bought: [], lastTried: 0 };
      this.cases.push({ ...told, status: "undecided" });
      this.note(`filed, succession ${succession}`);
      if (random.next() < 0.7) await this.decide(this.cases.at(-1));
    } catch (error) {
      const laws = ["AttackTooSoon", "AttackBeforePredecessorEnded", "AttackTooManySuccessors"];
      if (!laws.some((law) => String(error).includes(law))) throw error;
      this.note("refused");
    }
  }

  private async decide(c = this.pick("undecided")): Promise<void> {
    const { a, random } = this;
    if (c === undefined) return;
    if ((await a.register.statusOf(c.attackId)) !== CaseStatus.Voting || random.next() < 0.1) {
      await moveTo(a, (await a.council.proposalDeadline(c.proposalId)) + 1n);
      await a.register.close(c.attackId);
      c.status = "gone";
      this.note("rejected");
      return;
    }
    await voteAll(a, c.proposalId, Support.For);
    const left = LIMIT - this.used(c.member, c.coverYear);
    c.books = new ReferenceCase(coverOf(COERCERS[c.coercer]!), c.cap, left, c.succession);
    c.status = "recognised";
    this.note(c.books.committed === left ? "recognised at the limit" : "recognised");
  }

  private async report(): Promise<void> {
    const { a, random } = this;
    const c = this.pick("recognised");
    if (c === undefined) return;
    const overdue = (await now(a)) - c.startedAt - WINDOW;
    const earliest = overdue <= 0n ? 1 : Number((overdue + ROUND - 1n) / ROUND) + (overdue % ROUND === 0n ? 1 : 0);
    const number = Math.max(c.books!.lastSettled + 1, c.lastTried + 1, earliest);
    const { open, endsAt } = await a.register.round(c.attackId, number);
    if (!open) return;
    // Who may report can change until then, as votes fail.
    await moveTo(a, endsAt);
    c.lastTried = number;
    const eligible = await eligibleAssessors(a, c.attackId, number);
    const silent = random.next() < 0.35 ? random.below(eligible.length + 1) : 0;
    const top = Number((COERCERS[c.coercer]! * BigInt(number)) / 6n / 1_000n) + 1;
    const losses = eligible.slice(silent).map(() => BigInt(random.below(top)) * 1_000n + BigInt(random.below(1_000)));
    if (losses.length > 0) await reportLosses(a, c.attackId, number, losses);
    const sorted = [...losses].sort((x, y) => (x < y ? -1 : 1));
    const median = sorted[Math.floor((sorted.length - 1) / 2)];
    if (silent > 0 || losses.length < 3) {
      const { windowEnd } = await a.register.round(c.attackId, number);
      await moveTo(a, windowEnd + 1n);
      const needed = Math.max(3, Math.ceil(eligible.length / 2));
      if (losses.length < needed) {
        await expect(a.panel.settle(c.attackId, number))
          .to.be.revertedWithCustomError(a.panel, "PanelNotReady")
          .withArgs(c.attackId, BigInt(number), BigInt(losses.length), BigInt(needed));
        this.note("too few reports");
        return;
      }
      await a.panel.connect(a.relayer).settle(c.attackId, number);
    }
    this.settle(c, number, median!);
  }

  /** Settles in these books: what was bought by the round's end counts. */
  private settle(c: Told, number: number, reported: bigint): void {
    const endsAt = c.startedAt + BigInt(number) * ROUND;
    const bought = c.bought.filter(({ at }) => at <= endsAt).reduce((sum, { amount }) => sum + amount, 0n);
    const award = c.books!.settle(number, reported, bought);
    this.note(award > 0n ? "settled with an award" : "settled without");
  }

  private async end(): Promise<void> {
    const c = this.pick("recognised");
    if (c === undefined) return;
    const { endedAt } = await this.a.register.attack(c.attackId);
    if (endedAt !== 0n || (await now(this.a)) >= c.startedAt + 12n * ROUND) return;
    await this.a.register.connect(c.member.delegate).end(c.attackId);
    this.note("ended");
  }

  private async close(): Promise<void> {
    const { a } = this;
    const c = this.pick("recognised");
    if (c === undefined) return;
    const last = await a.register.lastRound(c.attackId);
    const { windowEnd } = await a.register.round(c.attackId, last);
    if (BigInt(c.books!.lastSettled) !== last && this.random.next() < 0.6) await moveTo(a, windowEnd + 30n * DAY);
    await this.tryToClose(c, windowEnd + 30n * DAY);
  }

  private async tryToClose(c: Told, from: bigint): Promise<void> {
    const { a } = this;
    const last = Number(await a.register.lastRound(c.attackId));
    if (last > c.books!.lastSettled) {
      const { ready, loss } = await a.panel.verdict(c.attackId, last);
      if (ready) this.settle(c, last, loss);
    }
    const barred = (await a.registry.barredSince(c.member.code, (await a.register.attack(c.attackId)).filedAt)) !== 0n;
    const sent = a.register.connect(c.member.treasury).close(c.attackId);
    if (!barred && c.books!.lastSettled !== last && (await now(a)) < from) {
      await expect(sent)
        .to.be.revertedWithCustomError(a.register, "AttackNotClosable")
        .withArgs(c.attackId, BigInt(last), from);
      this.note("not closable yet");
      return;
    }
    const { awarded, payable, unused, charge } = c.books!;
    await expect(sent).to.emit(a.register, "Closed").withArgs(c.attackId, awarded, payable, unused, charge);
    c.status = "closed";
    this.note(charge > 0n ? "closed with a charge" : "closed");
  }

  private async suspend(): Promise<void> {
    const { a, random } = this;
    if ((await a.registry.changesLeft()) === 0n) return;
    const member = a.member(random.pick(VICTIMS));
    await asTimelock(a, (t) => a.registry.connect(t).suspend(member.code));
    for (const c of this.cases.filter((one) => one.member === member)) {
      if (c.status === "undecided") {
        await a.register.connect(a.stranger).close(c.attackId);
        c.status = "gone";
        this.note("fell");
      } else if (c.status === "recognised" && random.next() < 0.5) await this.tryToClose(c, 0n);
    }
    await asTimelock(a, (t) => a.registry.connect(t).reinstate(member.code));
    this.note("suspended");
  }

  private async revise(): Promise<void> {
    const { a, random } = this;
    const c = this.pick("recognised");
    if (c === undefined) return;
    const ended = ((await now(a)) - c.startedAt) / ROUND;
    const last = await a.register.lastRound(c.attackId);
    const number = Number(ended < last ? ended : last);
    if (number === 0) return;
    const reported = BigInt(random.below(200)) * MILLION;
    await asTimelock(a, (t) => a.register.connect(t).reviseLoss(c.attackId, reported));
    this.settle(c, number, reported);
    this.note("revised");
  }

  private async buy(): Promise<void> {
    const c = this.pick("recognised");
    if (c === undefined) return;
    const amount = BigInt(this.random.below(5_000_000)) * 1_000_000n + 7n;
    await this.a.register.connect(this.a.stranger).recordPurchase(c.attackId, amount);
    c.bought.push({ at: await now(this.a), amount });
    this.note("bought");
  }

  /** Invariant 3, and that register, fund and these books agree. */
  async check(): Promise<void> {
    const { a } = this;
    let committed = 0n;
    for (const c of this.cases) {
      if (c.books === undefined) continue;
      const { committed: total, awarded, cap } = await a.register.attack(c.attackId);
      const payableSoFar = await a.register.payableSoFar(c.attackId);
      const { member, compensationShare, commitment } = await a.fund.attackAccount(c.attackId);
      expect([total, awarded, payableSoFar], "3").to.deep.equal([c.books.committed, c.books.awarded, c.books.payable]);
      expect(commitment, "3").to.equal(c.status === "closed" ? 0n : total - awarded);
      expect(total <= cap && awarded <= total, "3").to.equal(true);
      if (total > 0n) expect([member, compensationShare]).to.deep.equal([c.member.code, BigInt(c.share)]);
      const used = await a.register.usedOf(c.member.code, c.coverYear);
      expect(used, "3").to.equal(this.used(c.member, c.coverYear));
      expect(used <= LIMIT, "3").to.equal(true);
      committed += commitment;
    }
    expect(await a.fund.committed(), "3").to.equal(committed);
    const held = (await a.fund.reserve()) + (await a.fund.pot()) + (await a.fund.earmarked());
    expect(await a.token.balanceOf(await a.fund.getAddress()), "1").to.equal(held);
  }
}

describe("Attacks at random", () => {
  it(`keeps its books through ${STEPS} steps`, async () => {
    const story = new Story(await loadFixture(exposed));
    for (let i = 0; i < STEPS; ++i) {
      await story.step();
      await story.check();
    }
    // The story is worth telling only if all of this happened.
    expect([...story.happened.keys()]).to.include.members([
      "filed, succession 0",
      "filed, succession 1",
      "refused",
      "rejected",
      "fell",
      "recognised",
      "recognised at the limit",
      "settled with an award",
      "settled without",
      "too few reports",
      "ended",
      "revised",
      "bought",
      "suspended",
      "not closable yet",
      "closed",
      "closed with a charge",
    ]);
  });
});
