import type { EventOf } from "../../events/events.ts";
import { most } from "../arithmetic/numbers.ts";
import type { Rulebook } from "../rulebook.ts";
import type { Told } from "../told.ts";
import { roundEnd, windowEnd } from "./cases.ts";
import type { Attack } from "./cases.ts";

const MOST_ASSESSORS = 15;
const FEWEST_REPORTS = 3n;

export interface Assessor {
  account: string;
  member: string;
}

export interface Verdict {
  ready: boolean;
  loss: bigint;
  reports: bigint;
  eligible: bigint;
}

/** Who assesses losses, what they report, and the median. */
export class PanelClerk {
  readonly #versions: { at: bigint; assessors: Assessor[] }[] = [];
  /** By attack and round, what each account reported. */
  readonly reports = new Map<string, Map<string, bigint>>();
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  apply(event: Told<"panel">): void {
    const { desk } = this.book;
    switch (event.name) {
      case "AssessorsSet": {
        this.#setAssessors(event.args);
        return;
      }
      case "Reported": {
        this.#report(event.args);
        return;
      }
      case "Settled":
        if (!desk.demands("panel", "Settled")) this.#settle(event.args);
        {
          desk.tell(event);
          return;
        }
    }
  }

  /** The assessors of rounds that end at a time: those named before it. */
  assessorsAt(time: bigint): Assessor[] {
    return this.#versions.findLast(({ at }) => at < time)?.assessors ?? [];
  }

  /** The lower median of the reports, and whether they settle the round. */
  verdict(attack: Attack, round: bigint, now: bigint): Verdict {
    const reported = this.reportsOf(attack.attackId, round);
    const may = this.assessorsAt(roundEnd(attack, round)).filter(
      ({ account, member }) =>
        reported.has(account) || this.book.register.openAttack(member, attack.coercer, now) === 0n,
    );
    const reports = BigInt(reported.size);
    const eligible = BigInt(may.length);
    const complete = reports >= FEWEST_REPORTS && reports === eligible;
    const enough = now > windowEnd(attack, round) && reports >= most(FEWEST_REPORTS, (eligible + 1n) / 2n);
    const losses = [...reported.values()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    // Fewer than three have no median.
    const loss = reports < FEWEST_REPORTS ? 0n : (losses[Math.floor((losses.length - 1) / 2)] ?? 0n);
    const ready = (complete || enough) && this.book.register.rounds.isOpen(attack, round);
    return { ready, loss, reports, eligible };
  }

  reportsOf(attackId: bigint, round: bigint): ReadonlyMap<string, bigint> {
    return this.reports.get(`${attackId}/${round}`) ?? new Map<string, bigint>();
  }

  #setAssessors({ version, assessors }: EventOf<"panel", "AssessorsSet">["args"]): void {
    const { desk } = this.book;
    this.book.decree("panel", "AssessorsSet");
    const rule = "panel.AssessorsSet";
    desk.same(rule, { version: BigInt(this.#versions.length) + 1n }, { version });
    desk.law(rule, assessors.length <= MOST_ASSESSORS, "more than fifteen assessors were named");
    const accounts = new Set(assessors.map(({ account }) => account));
    desk.law(rule, accounts.size === assessors.length, "an assessor was named twice");
    this.#versions.push({ at: desk.now, assessors: assessors.map(({ account, member }) => ({ account, member })) });
  }

  #report(args: EventOf<"panel", "Reported">["args"]): void {
    const { desk, register } = this.book;
    const rule = "panel.Reported";
    const { attackId, round, assessor, loss } = args;
    const attack = register.attack(attackId);
    if (attack === undefined) return;
    const { now } = desk;
    desk.law(rule, register.rounds.isOpen(attack, round), `a round was reported on that is not open`);
    const inWindow = now >= roundEnd(attack, round) && now <= windowEnd(attack, round);
    desk.law(rule, inWindow, "a report was made outside the ten days from the round's end");
    const named = this.assessorsAt(roundEnd(attack, round)).find(({ account }) => account === assessor);
    desk.law(rule, named !== undefined, `${assessor} reported though it is no assessor of the round`);
    const conflicted = named !== undefined && register.openAttack(named.member, attack.coercer, now) > 0n;
    desk.law(rule, !conflicted, `${assessor} reported though the member that named it is attacked by the same coercer`);
    const key = `${attackId}/${round}`;
    const reports = this.reports.get(key) ?? new Map<string, bigint>();
    this.reports.set(key, reports);
    desk.law(rule, !reports.has(assessor), `${assessor} reported twice`);
    reports.set(assessor, loss);
    const verdict = this.verdict(attack, round, now);
    if (verdict.ready) this.#conclude(attack, round, verdict);
  }

  #settle({ attackId, round }: EventOf<"panel", "Settled">["args"]): void {
    const { desk, register } = this.book;
    const attack = register.attack(attackId);
    if (attack === undefined) return;
    const verdict = this.verdict(attack, round, desk.now);
    desk.law("panel.Settled", verdict.ready, `round ${round} of attack ${attackId} was settled with too few reports`);
    this.#conclude(attack, round, verdict);
  }

  #conclude(attack: Attack, round: bigint, { loss, reports, eligible }: Verdict): void {
    const { desk, register } = this.book;
    desk.demand("panel", "Settled", { attackId: attack.attackId, round, loss, reports, eligible });
    register.rounds.settle(attack, round, loss);
  }
}
