import { SingleBar } from "cli-progress";

import { count } from "./format.ts";

/** Hears how much of a piece of work is done; `text` says it in other words than "5 of 1,200". */
export type Hearing = (stage: string, done: number, all: number, text?: string) => void;

/** Without a terminal, the least time between two lines about the same stage, in milliseconds. */
const QUIET = 10_000;

/** What a program is broken off by. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Tells on a stream how far some work is: by a bar on a terminal, else by lines, the first and the last of every stage and
 * one now and then.
 */
export class Progress {
  readonly #program: string;
  readonly #stream: NodeJS.WriteStream;
  #bar: SingleBar | undefined;
  #stage: string | undefined;
  /** What was reached last, and what of it was written last, and when. */
  #line = "";
  #written = "";
  #at = 0;

  constructor(program: string, stream: NodeJS.WriteStream = process.stderr) {
    this.#program = program;
    this.#stream = stream;
  }

  readonly reached: Hearing = (stage, done, all, text = `${count(done)} of ${count(all)}`) => {
    const begins = stage !== this.#stage;
    if (begins) this.stop();
    this.#stage = stage;
    this.#line = `${this.#program}: ${stage}, ${text}\n`;
    if (this.#stream.isTTY) this.#draw(stage, done, all, text);
    else if (begins || done >= all || Date.now() - this.#at >= QUIET) this.#write();
  };

  /** Tells something else on a line of its own. */
  notice(text: string): void {
    this.stop();
    this.#stream.write(`${this.#program}: ${text}\n`);
  }

  /** Ends the stage: what was reached last is written, and the bar taken away. */
  stop(): void {
    if (this.#stage !== undefined && !this.#stream.isTTY) this.#write();
    this.#stage = undefined;
    this.#bar?.stop();
    this.#bar = undefined;
    for (const signal of SIGNALS) process.off(signal, this.#breakOff);
  }

  /** Gives the terminal its cursor back; then the signal does what it would have done. */
  readonly #breakOff = (signal: NodeJS.Signals): void => {
    this.stop();
    process.kill(process.pid, signal);
  };

  #draw(stage: string, done: number, all: number, text: string): void {
    if (this.#bar === undefined) {
      const format = `${stage} {bar} {percentage}%  {text}`;
      this.#bar = new SingleBar({ format, stream: this.#stream, hideCursor: true, clearOnComplete: true });
      this.#bar.start(all, done, { text });
      for (const signal of SIGNALS) process.once(signal, this.#breakOff);
      return;
    }
    this.#bar.setTotal(all);
    this.#bar.update(done, { text });
  }

  #write(): void {
    if (this.#line === this.#written) return;
    this.#stream.write(this.#line);
    this.#written = this.#line;
    this.#at = Date.now();
  }
}
