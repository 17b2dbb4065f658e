import type { Chain } from "./chain.ts";

export type Act = () => Promise<void>;

/**
 * Dated acts, carried out in order of time; of the same time, in order of entry. An act may enter later ones. What would lie
 * beyond the end is not carried out.
 */
export class Timeline {
  readonly until: number;
  readonly #chain: Chain;
  readonly #acts: { time: number; act: Act }[] = [];

  constructor(chain: Chain, until: number) {
    this.#chain = chain;
    this.until = until;
  }

  at(time: number, act: Act): void {
    if (time >= this.until) return;
    const place = this.#acts.findLastIndex((other) => other.time <= time);
    this.#acts.splice(place + 1, 0, { time, act });
  }

  /** Nothing that was entered happens any more. */
  stop(): void {
    this.#acts.length = 0;
  }

  /** Runs until nothing is entered any more. `onTime` hears how far it is. */
  async run(onTime: (time: number) => void): Promise<void> {
    for (let next = this.#acts.shift(); next !== undefined; next = this.#acts.shift()) {
      await this.#chain.moveTo(next.time);
      onTime(next.time);
      await next.act();
    }
  }
}
