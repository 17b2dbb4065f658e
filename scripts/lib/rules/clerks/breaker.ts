import { ZeroAddress } from "ethers";

import type { EventOf } from "../../events/events.ts";
import { DAY, least } from "../arithmetic/numbers.ts";
import type { Rulebook } from "../rulebook.ts";

const STOP = 28n * DAY;

type BreakerEvent = EventOf<"fund", "GuardianSet" | "BreakerArmed" | "TransfersStopped" | "TransfersResumed">;

/** The stop of outgoing transfers: bounded, and used once until it is armed again. */
export class BreakerClerk {
  guardian = ZeroAddress;
  armed = false;
  stoppedUntil = 0n;
  #stoppedAt = 0n;
  /** For how long earlier stops lasted. */
  #before = 0n;
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  apply(event: BreakerEvent): void {
    const { desk } = this.book;
    switch (event.name) {
      case "GuardianSet":
        this.book.decree("fund", "GuardianSet");
        this.guardian = event.args.guardian;
        return;
      case "BreakerArmed":
        this.book.decree("fund", "BreakerArmed");
        this.armed = true;
        return;
      case "TransfersStopped":
        desk.law("fund.TransfersStopped", this.armed, "transfers were stopped though the breaker was not armed");
        this.#before = this.stoppedTime(desk.now);
        this.armed = false;
        this.#stoppedAt = desk.now;
        this.stoppedUntil = desk.now + STOP;
        desk.same("fund.TransfersStopped", { guardian: this.guardian, until: this.stoppedUntil }, event.args);
        return;
      case "TransfersResumed": {
        const { by } = event.args;
        const allowed = by === this.guardian || by === this.book.setting.addresses.timelock;
        desk.law("fund.TransfersResumed", allowed, `${by} ended a stop of transfers`);
        desk.law("fund.TransfersResumed", this.isStopped(desk.now), "a stop of transfers was ended that was over");
        this.stoppedUntil = desk.now;
      }
    }
  }

  /** Whether outgoing transfers are stopped: the stop ends with its last second. */
  isStopped(now: bigint): boolean {
    return now < this.stoppedUntil;
  }

  /** For how long in all transfers have been stopped, in seconds. */
  stoppedTime(now: bigint): bigint {
    return this.#before + (this.stoppedUntil === 0n ? 0n : least(now, this.stoppedUntil) - this.#stoppedAt);
  }

  mustFlow(rule: string): void {
    const { desk } = this.book;
    desk.law(rule, !this.isStopped(desk.now), "money left the fund though transfers were stopped");
  }
}
