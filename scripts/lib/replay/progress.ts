import { SingleBar } from "cli-progress";

import { day, plural } from "../format.ts";

/** Tells how far the replay is: a bar on a terminal, else a line a year. On standard error, beside the report. */
export class Progress {
  readonly #from: number;
  readonly #until: number;
  readonly #stream: NodeJS.WriteStream;
  readonly #bar: SingleBar | undefined;
  #year = 0;

  constructor(from: number, until: number, stream: NodeJS.WriteStream) {
    this.#from = from;
    this.#until = until;
    this.#stream = stream;
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
    const year = yearOf(time);
    if (year === this.#year) return;
    this.#year = year;
    this.#tell(time, year - yearOf(this.#from));
  }

  /** All years are over. */
  done(): void {
    if (this.#bar === undefined) this.#tell(this.#until - 1, this.#years);
    this.stop();
  }

  #tell(time: number, over: number): void {
    this.#stream.write(`replay: ${day(time)}, ${over} of ${plural(this.#years, "year")}\n`);
  }

  get #years(): number {
    return yearOf(this.#until - 1) - yearOf(this.#from) + 1;
  }

  stop(): void {
    this.#bar?.stop();
  }
}

function yearOf(time: number): number {
  return new Date(time * 1000).getUTCFullYear();
}
