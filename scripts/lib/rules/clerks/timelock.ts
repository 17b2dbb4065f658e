import type { Rulebook } from "../rulebook.ts";
import type { Told } from "../told.ts";

interface Execution {
  target: string;
  data: string;
}

/** What the timelock carries out: nothing but what the council has decided, and all power but the founder's is its. */
export class TimelockClerk {
  delay = 0n;
  /** Calls of the transaction now told that no decision has accounted for. */
  #executed: Execution[] = [];
  #targets = new Set<string>();
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  apply(event: Told<"timelock">): void {
    switch (event.name) {
      case "MinDelayChange":
        if (this.delay > 0n) this.book.decree("timelock", "MinDelayChange");
        this.book.desk.same("timelock.MinDelayChange", { oldDuration: this.delay }, event.args);
        this.delay = event.args.newDuration;
        return;
      case "CallExecuted":
        this.#executed.push({ target: event.args.target, data: event.args.data });
        this.#targets.add(event.args.target);
        return;
    }
  }

  /** Whether the timelock made this call in the transaction, and for no other decision. */
  take(target: string, data: string): boolean {
    const index = this.#executed.findIndex((call) => call.target === target && call.data === data);
    if (index < 0) return false;
    this.#executed.splice(index, 1);
    return true;
  }

  /** The transaction is over: every call was decided, and every act of the council was such a call. */
  close(): void {
    const { desk, setting } = this.book;
    for (const { by, name, place } of desk.takeDecrees()) {
      if (this.#targets.has(setting.addresses[by])) continue;
      desk.find("authority", `${by}.${name} came about without the council's decision`, undefined, undefined, place);
    }
    if (this.#targets.size === 0) return;
    for (const { target } of this.#executed) {
      desk.find("authority", `the timelock called ${target}, which the council has not decided`);
    }
    this.#executed = [];
    this.#targets.clear();
  }
}
