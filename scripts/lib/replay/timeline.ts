import type { Chain } from "./chain.ts";

export type Act = () => Promise<void>;

/** Dated acts, carried out in order of time; of the same time, in order of entry. An act may enter later ones. */
export class Timeline {
  readonly #chain: Chain;
  readonly #acts: { time: number; act: Act }[] = [];

  constructor(chain: Chain) {
    this.#chain = chain;
  }

  at(time: number, act: Act): void {
    const place = this.#acts.findLastIndex((other) => other.time <= time);
    this.#acts.splice(place + 1, 0, { time, act });
  }

  /** Drops what is still to come. */
  end(): void {
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
