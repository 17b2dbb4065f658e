import type { EventOf } from "../../events/events.ts";
import { netLoss, payableFor } from "../arithmetic/indemnity.ts";
import { atLeastZero, least } from "../arithmetic/numbers.ts";
import type { Rulebook } from "../rulebook.ts";
import { Decision, boughtBy, roundEnd, windowEnd } from "./cases.ts";
import type { Attack } from "./cases.ts";

/** The rounds of an attack, and what each awards. */
export class RoundsClerk {
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  isOpen(attack: Attack, round: bigint): boolean {
    if (attack.decision !== Decision.Recognised) return false;
    const counts = windowEnd(attack, round) >= attack.recognisedAt;
    return round > attack.lastSettled && round <= this.book.register.lastRound(attack) && counts;
  }

  /** Settles a round with the loss reported for it. */
  settle(attack: Attack, round: bigint, reported: bigint): void {
    const { desk } = this.book;
    const open = this.isOpen(attack, round) && desk.now >= roundEnd(attack, round);
    const { attackId } = attack;
    desk.law("register.RoundSettled", open, `round ${round} of attack ${attackId} was settled though it is not open`);
    this.#settleWith(attack, round, reported);
  }

  /** L, payable(L), and what of it was not awarded yet. */
  #settleWith(attack: Attack, round: bigint, reported: bigint): void {
    const { desk } = this.book;
    const { attackId, cover } = attack;
    const endsAt = roundEnd(attack, round);
    const loss = netLoss(cover, reported, boughtBy(attack, endsAt), endsAt - attack.startedAt);
    const payableSoFar = least(payableFor(cover, loss), attack.committed);
    const award = atLeastZero(payableSoFar - attack.awarded);
    Object.assign(attack, { lastSettled: round, loss, payableSoFar });
    attack.awarded += award;
    desk.demand("register", "RoundSettled", { attackId, round, reported, loss, payableSoFar, award });
    this.book.register.award(attackId, award);
  }

  /** The council sets the loss of the latest round that is over. */
  revised({ attackId, round, reported }: EventOf<"register", "LossRevised">["args"]): void {
    const { desk } = this.book;
    this.book.decree("register", "LossRevised");
    const attack = this.book.register.attack(attackId);
    if (attack === undefined) return;
    const over = (desk.now - attack.startedAt) / (roundEnd(attack, 1n) - attack.startedAt);
    const latest = least(over, this.book.register.lastRound(attack));
    const rule = "register.LossRevised";
    desk.same(rule, { round: latest }, { round });
    // It may revise what is settled already, or what nobody could settle as its window shut before recognition.
    const stands = attack.decision === Decision.Recognised && latest > 0n && latest >= attack.lastSettled;
    desk.law(rule, stands, `the loss of attack ${attackId} was revised though no round of it can be`);
    this.#settleWith(attack, latest, reported);
  }

  /** Closing settles the last round if it can: then the panel has not said so. */
  settledAtClosing({ attackId, round }: EventOf<"register", "RoundSettled">["args"]): void {
    const { desk, panel } = this.book;
    const attack = this.book.register.attack(attackId);
    if (attack === undefined) return;
    const verdict = panel.verdict(attack, round, desk.now);
    const rule = "register.RoundSettled";
    const due = verdict.ready && round === this.book.register.lastRound(attack);
    desk.law(rule, due, `round ${round} of attack ${attackId} was settled though nothing was ready to settle it`);
    this.settle(attack, round, verdict.loss);
    desk.atEnd(() => {
      desk.law(rule, attack.decision === Decision.Closed, "a round was settled by nobody");
    });
  }
}
