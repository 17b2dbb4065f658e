import type { EventOf } from "../../events/events.ts";
import { capOf } from "../arithmetic/indemnity.ts";
import { DAY, PPM, least } from "../arithmetic/numbers.ts";
import type { Rulebook } from "../rulebook.ts";
import { CaseStatus, Decision, roundEnd } from "./cases.ts";
import type { Attack, CaseFile } from "./cases.ts";
import { Status } from "./member.ts";

const FILING_TIME = 180n * DAY;
const REFILING_DELAY = 30n * DAY;
/** A case that starts within this time of the last one's end is its successor. */
const SUCCESSION_TIME = 360n * DAY;
const MOST_SUCCESSORS = 2n;
const ZERO = "0x" + "00".repeat(32);

/** How attacks are filed, and what the law of filing knows of earlier ones. */
export class FilingClerk {
  readonly #pairs = new Map<string, { last: bigint; lastRecognised: bigint }>();
  readonly #evidence = new Set<string>();
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  casesOf(code: string, coercer: string): { last: bigint; lastRecognised: bigint } {
    return this.#pairs.get(`${code}/${coercer}`) ?? { last: 0n, lastRecognised: 0n };
  }

  /** Every pair that was ever filed. */
  get pairs(): { code: string; coercer: string }[] {
    return [...this.#pairs.keys()].map((key) => {
      const [code = "", coercer = ""] = key.split("/");
      return { code, coercer };
    });
  }

  recognised({ attackId, member, coercer }: Attack): void {
    this.#pairs.set(`${member}/${coercer}`, { ...this.casesOf(member, coercer), lastRecognised: attackId });
  }

  file(args: EventOf<"register", "Filed">["args"]): void {
    const { desk, register, registry, ledger, fund, coverage, council } = this.book;
    const rule = "register.Filed";
    const { attackId, code, coercer, evidence, proposalId } = args;
    const { startedAt, compensationShare } = args.attack_;
    desk.same(rule, { attackId: register.nextId }, { attackId });
    const now = desk.now;
    const covered = ledger.coverFrom(code);
    const { clearedAt } = ledger.account(code);
    desk.law(
      rule,
      registry.members.get(code)?.status === Status.Active,
      `${code} filed an attack though it is not active`,
    );
    desk.law(rule, ledger.inGoodStanding(code, now), `${code} filed an attack without good standing`);
    desk.law(rule, startedAt >= covered, `${code} filed an attack that began before it was covered`);
    desk.law(rule, startedAt > clearedAt, `${code} filed an attack that began before it cleared its arrears`);
    const inTime = startedAt <= now && startedAt + FILING_TIME >= now;
    desk.law(rule, inTime, `${code} filed an attack before it began or more than 180 days after`);
    const coerces = /^0x(4[1-9a-f]|5[0-9a]){3}$/.test(coercer) && !registry.isMember(coercer);
    desk.law(rule, coerces, `${code} filed an attack by ${coercer}, which is a member or no state`);
    desk.law(rule, compensationShare <= PPM, `${code} earmarked more than the whole`);
    const succession = this.#succession(code, coercer, startedAt);
    this.#takeEvidence(rule, code, evidence);
    const { terms, exposure } = coverage.coverAt(code, coercer, startedAt);
    const { ceding, attachment, exhaustion, yearlyLimit } = terms;
    const file: CaseFile = {
      member: code,
      coercer,
      decision: Decision.Open,
      succession,
      lastSettled: 0n,
      compensationShare,
      councilNumber: register.councils,
      filedAt: now,
      startedAt,
      cover: { baseline: exposure.baseline, ceding, attachment, exhaustion },
      cap: capOf(fund.reserve, ledger.room(now)),
      yearlyLimit,
      proposalId,
      committed: 0n,
      awarded: 0n,
      coverYear: 0n,
      recognisedAt: 0n,
      endedAt: 0n,
      loss: 0n,
    };
    desk.same(rule, { attack_: file }, args);
    register.attacks.set(attackId, { ...file, attackId, payableSoFar: 0n, closedAt: 0n, purchases: [] });
    this.#pairs.set(`${code}/${coercer}`, { ...this.casesOf(code, coercer), last: attackId });
    registry.openCase(code, 1n);
    council.callVote(attackId, proposalId, code);
  }

  addMeasure({ attackId, evidence }: EventOf<"register", "MeasureAdded">["args"]): void {
    const { desk, register, registry } = this.book;
    const rule = "register.MeasureAdded";
    const attack = register.attack(attackId);
    if (attack === undefined) return;
    const { member, coercer } = attack;
    const open = register.openAttack(member, coercer, desk.now) === attackId;
    desk.law(rule, open, `a measure was added to attack ${attackId}, which is not open`);
    const active = registry.members.get(member)?.status === Status.Active;
    desk.law(rule, active, `${member} added a measure though it is not active`);
    this.#takeEvidence(rule, member, evidence);
  }

  /** 0 for a first case; one more than the case before if it starts soon after that ended. */
  #succession(code: string, coercer: string, startedAt: bigint): bigint {
    const { desk, register, council } = this.book;
    const rule = "register.Filed";
    const { last, lastRecognised } = this.casesOf(code, coercer);
    const open = register.openAttack(code, coercer, desk.now);
    desk.law(rule, open === 0n, `${code} filed an attack though attack ${open} of the same pair is open`);
    const before = register.attacks.get(last);
    if (before !== undefined && register.status(before, desk.now) === CaseStatus.Rejected) {
      const from = council.failedAt(before.proposalId, desk.now) + REFILING_DELAY;
      desk.law(rule, desk.now >= from, `${code} filed an attack again within 30 days of its rejection`);
    }
    const predecessor = register.attacks.get(lastRecognised);
    if (predecessor === undefined) return 0n;
    const ended = roundEnd(predecessor, register.lastRound(predecessor));
    if (startedAt >= ended + SUCCESSION_TIME) return 0n;
    desk.law(rule, startedAt >= ended, `${code} filed an attack that began before its predecessor ended`);
    const most = predecessor.succession < MOST_SUCCESSORS;
    desk.law(rule, most, `${code} filed a third successor of an attack`);
    return least(predecessor.succession + 1n, MOST_SUCCESSORS);
  }

  #takeEvidence(rule: string, code: string, evidence: string): void {
    const { desk } = this.book;
    const used = this.#evidence.has(`${code}/${evidence}`);
    desk.law(rule, !used && evidence !== ZERO, `${code} filed evidence that is empty or that it has filed before`);
    this.#evidence.add(`${code}/${evidence}`);
  }
}
