import { SingleBar } from "cli-progress";

import { count } from "../format.ts";

/** Without a terminal, the least time between two lines, in milliseconds. */
const QUIET = 10_000;

/** Tells how far the run is: a bar on a terminal, else a line now and then. */
export class MutationProgress {
  readonly #stream: NodeJS.WriteStream;
  #bar: SingleBar | undefined;
  #words = "";
  #told = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  notice(text: string): void {
    this.stop();
    this.#stream.write(`mutate: ${text}\n`);
  }

  reached(words: string, done: number, all: number, remark = ""): void {
    if (this.#stream.isTTY) {
      if (this.#bar === undefined || words !== this.#words) this.#begin(words, all);
      this.#bar?.update(done, { remark });
    } else if (words !== this.#words || done === all || Date.now() - this.#told >= QUIET) {
      this.#told = Date.now();
      this.#stream.write(`mutate: ${words}, ${count(done)} of ${count(all)}${remark}\n`);
    }
    this.#words = words;
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #begin(words: string, all: number): void {
    this.stop();
    const format = `${words} {bar} {percentage}%  {value} of {total}{remark}`;
    this.#bar = new SingleBar({ format, stream: this.#stream, hideCursor: true, clearOnComplete: true });
    this.#bar.start(all, 0, { remark: "" });
  }
}
