import type { EventOf } from "../../events/events.ts";
import { DAY, PERIOD, YEAR, countSeats, most } from "../arithmetic/numbers.ts";
import type { Rulebook } from "../rulebook.ts";
import type { Told } from "../told.ts";
import { ApplicationsClerk } from "./applications.ts";
import { KeysClerk } from "./keys.ts";
import { Kind, Status } from "./member.ts";
import type { Member } from "./member.ts";

const NOTICE = YEAR;
const LEAVE_WINDOW = 30n * DAY;
const REPORT_DUE = YEAR;
const REPORT_GRACE = 90n * DAY;
/** At least so many changes of the electorate a period. */
const FEWEST_CHANGES = 3n;
const SEATS = 208n;

/** Who is a member, with which seat and status, and which seats may vote. */
export class RegistryClerk {
  readonly members = new Map<string, Member>();
  readonly keys: KeysClerk;
  readonly applications: ApplicationsClerk;
  seatsGiven = 0n;
  electorate = 0n;
  /** The electorate after its last change in each second with one. */
  readonly #checkpoints: { at: bigint; seats: bigint }[] = [];
  #changes = { period: -1n, count: 0n };
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
    this.keys = new KeysClerk(book);
    this.applications = new ApplicationsClerk(book);
  }

  apply(event: Told<"registry">): void {
    const { desk } = this.book;
    switch (event.name) {
      case "Applied": {
        this.applications.applied(event.args);
        return;
      }
      case "Admitted": {
        this.#admit(event.args);
        return;
      }
      case "Suspended":
      case "Expelled": {
        this.#bar(event.args.code, event.name);
        return;
      }
      case "Reinstated": {
        this.#reinstate(event.args.code);
        return;
      }
      case "NoticeGiven":
      case "NoticeWithdrawn": {
        this.#notice(event);
        return;
      }
      case "Left": {
        this.#leave(event.args.code);
        return;
      }
      case "ReportFiled":
        this.member(event.args.code).reportedAt = desk.now;
        return;
      case "VoteSuspended": {
        this.book.ledger.suspendVote(event.args.code);
        return;
      }
      case "VoteRestored":
      case "CaseOpened":
      case "CaseClosed":
      case "ElectorateChanged": {
        desk.tell(event);
        return;
      }
      case "LedgerAppointed": {
        this.#appointLedger(event.args.ledger);
        return;
      }
      case "KeysProposed":
      case "KeysAccepted":
      case "KeysStopped":
      case "KeysChanged":
      case "RecoveryDecided": {
        this.keys.apply(event);
        return;
      }
    }
  }

  /** A member; one that never was is reported, and made up empty. */
  member(code: string): Member {
    const known = this.members.get(code);
    if (known !== undefined) return known;
    this.book.desk.find("registry", `something was told of ${code}, which was never admitted`);
    return this.#remember(code);
  }

  isMember(code: string): boolean {
    const status = this.members.get(code)?.status;
    return status === Status.Active || status === Status.Suspended;
  }

  /** When it was first suspended or expelled at or after a time; 0 if it was not. */
  barredSince(code: string, time: bigint): bigint {
    return this.members.get(code)?.barred.find((at) => at >= time) ?? 0n;
  }

  reportDeadline(code: string): bigint {
    return (this.members.get(code)?.reportedAt ?? 0n) + REPORT_DUE + REPORT_GRACE;
  }

  electorateAt(time: bigint): bigint {
    return this.#checkpoints.findLast(({ at }) => at <= time)?.seats ?? 0n;
  }

  /** How many more admissions, suspensions and expulsions of States the period allows; before genesis is one of its own. */
  changesLeft(now: bigint): bigint {
    const period = this.#period(now);
    const made = this.#changes.period === period ? this.#changes.count : 0n;
    const start = this.book.setting.genesis + period * PERIOD;
    const seats = start <= now ? countSeats(this.electorateAt(start)) : 0n;
    const limit = most(FEWEST_CHANGES, seats / 10n);
    return limit > made ? limit - made : 0n;
  }

  openCase(code: string, by: 1n | -1n): void {
    const member = this.member(code);
    member.openCases += by;
    const name = by === 1n ? "CaseOpened" : "CaseClosed";
    this.book.desk.demand("registry", name, { code, openCases: member.openCases });
  }

  /** Rests or restores a vote for a debt. */
  setVoteSuspended(code: string, suspended: boolean): void {
    const member = this.member(code);
    member.voteSuspended = suspended;
    if (!suspended) this.book.desk.demand("registry", "VoteRestored", { code });
    this.#updateVote(member);
  }

  /** The seat that an account casts ballots for today. */
  seatCastBy(account: string): bigint | undefined {
    const member = this.keys.delegateOf(account);
    return member?.kind === Kind.State ? member.seat : undefined;
  }

  #admit(args: EventOf<"registry", "Admitted">["args"]): void {
    const { desk, roles } = this.book;
    const rule = "registry.Admitted";
    const { code, applicationHash, kind, treasury, delegate } = args;
    const application = this.applications.take(applicationHash);
    desk.law(rule, application !== undefined, `${code} was admitted though it has not applied`);
    if (application !== undefined) {
      const { kind: asked, treasury: from, delegate: named } = application;
      desk.same(rule, { code: application.code, kind: asked, treasury: from, delegate: named }, args);
    }
    this.book.decree("registry", "Admitted");
    desk.law(rule, !this.isMember(code), `${code} was admitted though it is a member`);
    const member = this.members.get(code) ?? this.#remember(code);
    if (!roles.founding("registry") && kind === Kind.State) this.#countChange(rule);
    if (kind === Kind.State && member.seat === undefined) {
      member.seat = this.seatsGiven++;
      desk.law(rule, member.seat < SEATS, `${code} was given a seat beyond the 208`);
    }
    Object.assign(member, { status: Status.Active, kind, noticeAt: 0n });
    Object.assign(member, { admittedAt: desk.now, reportedAt: desk.now, founder: roles.founding("registry") });
    this.keys.assign(member, treasury, delegate);
    desk.same(
      rule,
      { seated: member.seat !== undefined, ...(member.seat === undefined ? {} : { seat: member.seat }) },
      args,
    );
    this.#updateVote(member);
  }

  #bar(code: string, name: "Suspended" | "Expelled"): void {
    const { desk } = this.book;
    const member = this.member(code);
    this.book.decree("registry", name);
    const allowed = name === "Suspended" ? member.status === Status.Active : this.isMember(code);
    desk.law(`registry.${name}`, allowed, `${code} was barred though its status does not allow it`);
    if (member.kind === Kind.State) this.#countChange(`registry.${name}`);
    member.status = Status[name];
    member.barred.push(desk.now);
    if (name === "Expelled") {
      member.noticeAt = 0n;
      this.book.ledger.exit(code);
    }
    this.#updateVote(member);
  }

  #reinstate(code: string): void {
    const member = this.member(code);
    this.book.decree("registry", "Reinstated");
    const suspended = member.status === Status.Suspended;
    this.book.desk.law("registry.Reinstated", suspended, `${code} was reinstated though it was not suspended`);
    member.status = Status.Active;
    this.#updateVote(member);
  }

  #notice(event: EventOf<"registry", "NoticeGiven" | "NoticeWithdrawn">): void {
    const { desk } = this.book;
    const member = this.member(event.args.code);
    if (event.name === "NoticeWithdrawn") {
      desk.law("registry.NoticeWithdrawn", member.noticeAt > 0n, "a notice was withdrawn that was never given");
      member.noticeAt = 0n;
      return;
    }
    const lapsed = member.noticeAt === 0n || desk.now > member.noticeAt + NOTICE + LEAVE_WINDOW;
    desk.law("registry.NoticeGiven", lapsed, `${member.code} gave notice though its last one stands`);
    member.noticeAt = desk.now;
    const leaveFrom = desk.now + NOTICE;
    desk.same("registry.NoticeGiven", { leaveFrom, leaveUntil: leaveFrom + LEAVE_WINDOW }, event.args);
  }

  #leave(code: string): void {
    const { desk } = this.book;
    const member = this.member(code);
    const from = member.noticeAt + NOTICE;
    const inTime = member.noticeAt > 0n && desk.now >= from && desk.now <= from + LEAVE_WINDOW;
    desk.law("registry.Left", this.isMember(code), `${code} left though it is no member`);
    desk.law("registry.Left", inTime, `${code} left outside the 30 days that begin 365 days after its notice`);
    desk.law("registry.Left", member.openCases === 0n, `${code} left though it has an open attack`);
    member.status = Status.Withdrawn;
    member.noticeAt = 0n;
    this.book.ledger.exit(code);
    this.#updateVote(member);
  }

  #appointLedger(ledger: string): void {
    this.book.decree("registry", "LedgerAppointed");
    this.book.modules.serve("the registry's ledger", ledger, this.book.setting.addresses.ledger);
  }

  /** A seat votes if its State is active and owes nothing that rests its vote. */
  #updateVote({ kind, seat, status, voteSuspended }: Member): void {
    if (seat === undefined) return;
    const votes = kind === Kind.State && status === Status.Active && !voteSuspended;
    const seats = votes ? this.electorate | (1n << seat) : this.electorate & ~(1n << seat);
    if (seats === this.electorate) return;
    this.electorate = seats;
    const { desk } = this.book;
    if (this.#checkpoints.at(-1)?.at === desk.now) this.#checkpoints.pop();
    this.#checkpoints.push({ at: desk.now, seats });
    desk.demand("registry", "ElectorateChanged", { seats });
  }

  #countChange(rule: string): void {
    const { desk } = this.book;
    const left = this.changesLeft(desk.now);
    desk.law(rule, left > 0n, "more States were admitted, suspended and expelled in the period than may be");
    const period = this.#period(desk.now);
    this.#changes = { period, count: (this.#changes.period === period ? this.#changes.count : 0n) + 1n };
  }

  #period(now: bigint): bigint {
    const { genesis } = this.book.setting;
    return now < genesis ? -1n : (now - genesis) / PERIOD;
  }

  #remember(code: string): Member {
    const member: Member = {
      code,
      status: Status.None,
      kind: Kind.State,
      treasury: "",
      delegate: "",
      seat: undefined,
      voteSuspended: false,
      openCases: 0n,
      admittedAt: 0n,
      reportedAt: 0n,
      barred: [],
      noticeAt: 0n,
      founder: false,
    };
    this.members.set(code, member);
    return member;
  }
}
