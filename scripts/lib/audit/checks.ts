import { messageOf } from "../deployment/chain.ts";
import type { LedgerEvent } from "../events/events.ts";
import type { Finding } from "../rules/finding.ts";
import { Rulebook } from "../rules/rulebook.ts";
import type { Setting } from "../rules/setting.ts";
import type { Books } from "./books.ts";
import { Journal } from "./journal.ts";
import { Powers } from "./powers.ts";
import { Transfers } from "./transfers.ts";

/** All that is worked out from events alone: the journal, the token's transfers beside it, the rules, and who holds power. */
export class Checks {
  readonly journal = new Journal();
  readonly transfers: Transfers;
  readonly rulebook: Rulebook;
  readonly powers = new Powers();
  readonly #unfollowed: Finding[] = [];

  constructor(setting: Setting) {
    this.transfers = new Transfers(setting.addresses.fund);
    this.rulebook = new Rulebook(setting);
  }

  /** Takes the next event. */
  follow(event: LedgerEvent): void {
    this.journal.follow(event);
    this.transfers.follow(event);
    this.powers.follow(event);
    try {
      this.rulebook.apply(event);
    } catch (error) {
      const { block, index, transaction, time, by, name } = event;
      const sentence = `the rules cannot follow ${name}: ${messageOf(error)}`;
      this.#unfollowed.push({ rule: `${by}.${name}`, place: { block, index, transaction, time }, sentence });
    }
  }

  /** What does not hold, the fund having been asked for its books. Of the rules nothing, if they could not be followed. */
  finish(books: Books): Finding[] {
    this.rulebook.finish();
    const { journal, transfers, rulebook } = this;
    const broken = rulebook.modules.replaced === undefined ? [...this.#unfollowed, ...rulebook.findings] : [];
    return [...journal.finish(books), ...transfers.finish(books.balance), ...broken, ...this.powers.findings];
  }
}
