import type { EventOf } from "../../events/events.ts";
import { weightFor } from "../arithmetic/assessment.ts";
import { DAY, PERIOD, PPM, sum } from "../arithmetic/numbers.ts";
import type { Rulebook } from "../rulebook.ts";

const COVER_DELAY = 180n * DAY;
const LONGEST_WAIVER = 730n * DAY;
const MOST_LOADING = PPM;
const MOST_CALL_CAP = 2n * PPM;

type ScheduleEvent = EventOf<"ledger", "TermsSet" | "BudgetSet" | "ScaleSet" | "Waived">;

/** What the council sets of contributions: terms, budgets, places on the scale, waivers. */
export class ScheduleClerk {
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  apply(event: ScheduleEvent): void {
    switch (event.name) {
      case "TermsSet": {
        this.#setTerms(event.args.terms);
        return;
      }
      case "BudgetSet": {
        this.#setBudget(event.args);
        return;
      }
      case "ScaleSet": {
        this.#setScale(event.args);
        return;
      }
      case "Waived": {
        this.#waive(event.args);
        return;
      }
    }
  }

  #setTerms(terms: { loading: bigint; callCap: bigint }): void {
    this.book.decree("ledger", "TermsSet");
    const { loading, callCap } = terms;
    const within = loading <= MOST_LOADING && callCap <= MOST_CALL_CAP;
    this.book.desk.law("ledger.TermsSet", within, "loading or call cap exceed their bounds");
    this.book.ledger.terms = { loading, callCap };
  }

  #setBudget({ fromPeriod, amount }: EventOf<"ledger", "BudgetSet">["args"]): void {
    const { desk, ledger } = this.book;
    const rule = "ledger.BudgetSet";
    this.book.decree("ledger", "BudgetSet");
    const current = ledger.period(desk.now);
    if (fromPeriod > 0n || ledger.budgets.at(0n) > 0n) {
      desk.law(rule, fromPeriod > current, "a budget was set for a period that has begun");
      const highest = [1n, 2n, 3n, 4n].map((back) => (fromPeriod < back ? 0n : this.#budgetBefore(fromPeriod - back)));
      const limit = highest.reduce((a, b) => (b > a ? b : a));
      const allowed = amount <= 2n * limit || amount <= ledger.budgets.at(0n);
      desk.law(rule, allowed, "a budget exceeds twice the highest of the four before it, and the first");
    } else desk.law(rule, amount > 0n, "the first budget is nothing");
    ledger.budgets.set(current, fromPeriod, amount);
  }

  /** A step that is still pending goes with the new one, so that it lends no height to it. */
  #budgetBefore(period: bigint): bigint {
    const { ledger } = this.book;
    const current = ledger.period(this.book.desk.now);
    return ledger.budgets.at(period > current ? current : period);
  }

  #setScale(args: EventOf<"ledger", "ScaleSet">["args"]): void {
    const { desk, ledger, registry, setting } = this.book;
    const rule = "ledger.ScaleSet";
    const { code, capacity, dependence } = args;
    this.book.decree("ledger", "ScaleSet");
    desk.law(rule, registry.isMember(code), `${code} was given a weight though it is no member`);
    const account = this.book.ledger.account(code);
    const fromPeriod = ledger.nextPeriod(desk.now);
    const weight = weightFor(capacity, dependence, ledger.terms.loading);
    desk.same(rule, { weight, fromPeriod }, args);
    if (!account.weighted) {
      account.weighted = true;
      account.firstPeriod = fromPeriod;
      const start = setting.genesis + fromPeriod * PERIOD;
      account.coverFrom = start + (registry.members.get(code)?.founder ? setting.founderCoverDelay : COVER_DELAY);
    }
    account.weights.set(fromPeriod, weight, ledger.budgets);
    desk.atEnd(() => {
      const whole = sum([...ledger.accounts.values()].map(({ weights }) => weights.last));
      desk.law(rule, whole <= PPM, "all weights together exceed the whole");
    });
  }

  #waive({ code, until }: EventOf<"ledger", "Waived">["args"]): void {
    const { desk } = this.book;
    this.book.decree("ledger", "Waived");
    const inBounds = until > desk.now && until <= desk.now + LONGEST_WAIVER;
    desk.law("ledger.Waived", inBounds, "a waiver ends in the past, or after more than 730 days");
    const account = this.book.ledger.account(code);
    account.waivedUntil = until;
    if (account.voteSuspended) this.book.ledger.restoreVote(code);
  }
}
