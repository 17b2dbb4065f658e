import type { EventOf } from "../../events/events.ts";
import { mostPayable } from "../arithmetic/indemnity.ts";
import { DAY, YEAR, atLeastZero, least } from "../arithmetic/numbers.ts";
import { INTERFACES } from "../../events/bindings.ts";
import type { Rulebook } from "../rulebook.ts";
import type { Told } from "../told.ts";
import { CaseStatus, Decision, lastRound, windowEnd } from "./cases.ts";
import type { Attack } from "./cases.ts";
import { FilingClerk } from "./filing.ts";
import { attackRef } from "./fund.ts";
import { RoundsClerk } from "./rounds.ts";

/** An advance is so much of what is committed: a tenth. */
const ADVANCE = 10n;
const CLOSING_GRACE = 30n * DAY;

/** The case files: filing, recognition, rounds, awards, closing. */
export class RegisterClerk {
  readonly attacks = new Map<bigint, Attack>();
  readonly filing: FilingClerk;
  readonly rounds: RoundsClerk;
  councils = 0n;
  /** What is committed or awarded of the limit of a member's year of cover. */
  readonly used = new Map<string, bigint>();
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
    this.filing = new FilingClerk(book);
    this.rounds = new RoundsClerk(book);
  }

  apply(event: Told<"register">): void {
    const { desk } = this.book;
    switch (event.name) {
      case "Filed": {
        this.filing.file(event.args);
        return;
      }
      case "MeasureAdded": {
        this.filing.addMeasure(event.args);
        return;
      }
      case "Revoked": {
        this.#revoke(event.args.attackId);
        return;
      }
      case "Dropped": {
        this.#drop(event.args);
        return;
      }
      case "Recognised": {
        this.#recognise(event.args);
        return;
      }
      case "RoundSettled":
        if (!desk.demands("register", "RoundSettled")) this.rounds.settledAtClosing(event.args);
        {
          desk.tell(event);
          return;
        }
      case "LossRevised": {
        this.rounds.revised(event.args);
        return;
      }
      case "Ended": {
        this.#end(event.args);
        return;
      }
      case "Closed": {
        this.#close(event.args);
        return;
      }
      case "PurchaseRecorded": {
        desk.tell(event);
        return;
      }
      case "CouncilAppointed": {
        this.#appoint(event);
        return;
      }
      case "PanelAppointed": {
        this.#appoint(event);
        return;
      }
    }
  }

  /** The number that the next attack gets. */
  get nextId(): bigint {
    return this.book.setting.attacksBefore + BigInt(this.attacks.size) + 1n;
  }

  /** Which attack a proposal of these actions recognises. */
  recognitionOf(actions: readonly { target: string; data: string }[]): bigint | undefined {
    for (const { target, data } of actions) {
      if (target !== this.book.setting.addresses.register) continue;
      const call = INTERFACES.register.parseTransaction({ data });
      if (call?.name === "recognise") return call.args[0] as bigint;
    }
    return undefined;
  }

  attack(attackId: bigint): Attack | undefined {
    const attack = this.attacks.get(attackId);
    const known = attack !== undefined;
    this.book.desk.law("register", known, `something was told of attack ${attackId}, which was never filed`);
    return attack;
  }

  status(attack: Attack, now: bigint): bigint {
    switch (attack.decision) {
      case Decision.Recognised:
        return CaseStatus.Recognised;
      case Decision.Closed:
        return CaseStatus.Closed;
      case Decision.Revoked:
        return CaseStatus.Revoked;
    }
    const { council } = this.book;
    const failedAt = council.failedAt(attack.proposalId, now);
    const barredAt = this.barredAt(attack);
    if (failedAt > 0n && (barredAt === 0n || failedAt < barredAt)) return CaseStatus.Rejected;
    if (barredAt > 0n) return CaseStatus.Fallen;
    return council.proposals.get(attack.proposalId)?.passed ? CaseStatus.Approved : CaseStatus.Voting;
  }

  /** When the member was suspended or expelled after filing; 0 if it was not. */
  barredAt({ member, filedAt }: Attack): bigint {
    return this.book.registry.barredSince(member, filedAt);
  }

  lastRound(attack: Attack): bigint {
    return lastRound(attack, this.barredAt(attack));
  }

  /** The undecided or recognised case of a pair. */
  openAttack(code: string, coercer: string, now: bigint): bigint {
    const last = this.filing.casesOf(code, coercer).last;
    const attack = this.attacks.get(last);
    if (attack === undefined) return 0n;
    const open: bigint[] = [CaseStatus.Voting, CaseStatus.Approved, CaseStatus.Recognised];
    return open.includes(this.status(attack, now)) ? last : 0n;
  }

  usedOf(code: string, coverYear: bigint): bigint {
    return this.used.get(`${code}/${coverYear}`) ?? 0n;
  }

  recordPurchase(attackId: bigint, amount: bigint): void {
    const attack = this.attack(attackId);
    if (attack === undefined) return;
    const bought = (attack.purchases.at(-1)?.total ?? 0n) + amount;
    attack.purchases.push({ at: this.book.desk.now, total: bought });
    this.book.desk.demand("register", "PurchaseRecorded", { attackId, amount, bought });
  }

  #recognise(args: EventOf<"register", "Recognised">["args"]): void {
    const { desk, fund, ledger, council } = this.book;
    const rule = "register.Recognised";
    const attack = this.attack(args.attackId);
    if (attack === undefined) return;
    const { attackId, member, startedAt } = attack;
    const approved = this.status(attack, desk.now) === CaseStatus.Approved;
    desk.law(rule, approved, `attack ${attackId} was recognised though the council has not approved it, or it fell`);
    council.recognised(attack.proposalId);
    const coverFrom = ledger.coverFrom(member);
    const coverYear = coverFrom + ((startedAt - coverFrom) / YEAR) * YEAR;
    const left = atLeastZero(attack.yearlyLimit - this.usedOf(member, coverYear));
    const committed = least(attack.cap, mostPayable(attack.cover), left);
    const advance = attack.succession === 0n ? committed / ADVANCE : 0n;
    desk.same(rule, { committed, advance, coverYear }, args);
    Object.assign(attack, { decision: Decision.Recognised, recognisedAt: desk.now, committed, coverYear });
    attack.awarded = advance;
    this.#use(attack, committed);
    this.filing.recognised(attack);
    // Nothing is payable without an exposure: then nothing is committed either.
    if (committed > 0n) {
      ledger.setExempt(member, 1n);
      fund.commit(attackId, member, attack.compensationShare, committed);
    }
    this.award(attackId, advance);
  }

  #revoke(attackId: bigint): void {
    const { desk, registry, council } = this.book;
    const attack = this.attack(attackId);
    if (attack === undefined) return;
    const undecided = this.status(attack, desk.now) === CaseStatus.Voting;
    desk.law("register.Revoked", undecided, `attack ${attackId} was revoked though it was decided`);
    attack.decision = Decision.Revoked;
    registry.openCase(attack.member, -1n);
    council.cancelVote(attack.proposalId);
  }

  #drop({ attackId, status }: EventOf<"register", "Dropped">["args"]): void {
    const { desk, registry } = this.book;
    const attack = this.attack(attackId);
    if (attack === undefined) return;
    const rule = "register.Dropped";
    const derived = this.status(attack, desk.now);
    desk.same(rule, { status: derived }, { status });
    const failed = derived === CaseStatus.Rejected || derived === CaseStatus.Fallen;
    desk.law(rule, failed && attack.decision === Decision.Open, `attack ${attackId} was put away though it stands`);
    attack.decision = Decision.Dropped;
    registry.openCase(attack.member, -1n);
  }

  #end({ attackId, endedAt, lastRound: last }: EventOf<"register", "Ended">["args"]): void {
    const { desk } = this.book;
    const attack = this.attack(attackId);
    if (attack === undefined) return;
    const recognised = attack.decision === Decision.Recognised && attack.endedAt === 0n;
    desk.law(
      "register.Ended",
      recognised,
      `attack ${attackId} was ended though it is not recognised, or was ended before`,
    );
    attack.endedAt = desk.now;
    desk.same("register.Ended", { endedAt: desk.now, lastRound: this.lastRound(attack) }, { endedAt, lastRound: last });
  }

  #close(args: EventOf<"register", "Closed">["args"]): void {
    const { desk, fund, ledger, registry, panel } = this.book;
    const rule = "register.Closed";
    const attack = this.attack(args.attackId);
    if (attack === undefined) return;
    const { attackId, member, committed, awarded, payableSoFar } = attack;
    desk.law(
      rule,
      attack.decision === Decision.Recognised,
      `attack ${attackId} was closed though it is not recognised`,
    );
    const last = this.lastRound(attack);
    const settled = attack.lastSettled >= last;
    const late = desk.now >= windowEnd(attack, last) + CLOSING_GRACE;
    desk.law(rule, settled || late || this.barredAt(attack) > 0n, `attack ${attackId} was closed before it could be`);
    const unsettled = this.rounds.isOpen(attack, last) && last > 0n && panel.verdict(attack, last, desk.now).ready;
    desk.law(rule, !unsettled, `attack ${attackId} was closed without the last round, which was ready to settle`);
    const released = committed - awarded;
    const charged = atLeastZero(awarded - payableSoFar);
    desk.same(rule, { awarded, payableSoFar, released, charged }, args);
    attack.decision = Decision.Closed;
    attack.closedAt = desk.now;
    this.#use(attack, -released);
    registry.openCase(member, -1n);
    if (charged > 0n) ledger.charge(member, charged, attackRef(attackId));
    if (committed === 0n) return;
    ledger.setExempt(member, -1n);
    fund.release(attackId);
  }

  /** Awards, and calls for what is owed then. Where there is nothing to award, others left what is owed, and nobody is asked. */
  award(attackId: bigint, amount: bigint): void {
    const { fund, ledger } = this.book;
    if (amount === 0n) return;
    fund.award(attackId, amount);
    if (fund.owed > 0n) ledger.issueCall();
  }

  #use({ member, coverYear }: Attack, amount: bigint): void {
    this.used.set(`${member}/${coverYear}`, this.usedOf(member, coverYear) + amount);
  }

  #appoint(event: EventOf<"register", "CouncilAppointed" | "PanelAppointed">): void {
    const { desk, modules, setting } = this.book;
    this.book.decree("register", event.name);
    if (event.name === "PanelAppointed") {
      modules.serve("the register's panel", event.args.panel, setting.addresses.panel);
      return;
    }
    ++this.councils;
    desk.same("register.CouncilAppointed", { number: this.councils }, event.args);
    modules.serve("the register's council", event.args.council, setting.addresses.council);
  }
}
