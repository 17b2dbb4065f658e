import { SingleBar } from "cli-progress";

import { day } from "../format.ts";

/** Tells how far the replay is: a bar on a terminal, else a line a year. On standard error, beside the report. */
export class Progress {
  readonly #from: number;
  readonly #until: number;
  readonly #bar: SingleBar | undefined;
  #year = 0;

  constructor(from: number, until: number, stream: NodeJS.WriteStream) {
    this.#from = from;
    this.#until = until;
    if (!stream.isTTY) return;
    this.#bar = new SingleBar({
      format: "{bar} {percentage}%  {date}",
      stream,
      hideCursor: true,
      clearOnComplete: true,
    });
    this.#bar.start(until - from, 0, { date: day(from) });
  }

  reached(time: number): void {
    if (this.#bar !== undefined) {
      this.#bar.update(Math.min(Math.max(time, this.#from), this.#until) - this.#from, { date: day(time) });
      return;
    }
    const year = new Date(time * 1000).getUTCFullYear();
    if (year === this.#year) return;
    this.#year = year;
    console.error(`replay: ${day(time)}`);
  }

  stop(): void {
    this.#bar?.stop();
  }
}
