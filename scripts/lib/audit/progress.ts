import { SingleBar } from "cli-progress";

import { count } from "../format.ts";
import type { Stage } from "./audit.ts";

const WORDS: Record<Stage, string> = {
  reading: "reading blocks",
  checking: "checking events",
  proving: "proving receipts",
};
/** Without a terminal, the least time between two lines of a stage, in milliseconds. */
const QUIET = 10_000;

/** Tells how far an audit is: a bar on a terminal, else a line now and then. */
export class AuditProgress {
  readonly #stream: NodeJS.WriteStream;
  #bar: SingleBar | undefined;
  #stage: Stage | undefined;
  #told = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  reached(stage: Stage, done: number, all: number): void {
    if (this.#stream.isTTY) {
      if (stage !== this.#stage) this.#begin(WORDS[stage], all);
      this.#bar?.setTotal(all);
      this.#bar?.update(done);
    } else if (stage !== this.#stage || Date.now() - this.#told >= QUIET) {
      this.#told = Date.now();
      this.#stream.write(`audit: ${WORDS[stage]}, ${count(done)} of ${count(all)}\n`);
    }
    this.#stage = stage;
  }

  stop(): void {
    this.#bar?.stop();
  }

  #begin(words: string, all: number): void {
    this.#bar?.stop();
    const format = `${words} {bar} {percentage}%  {value} of {total}`;
    this.#bar = new SingleBar({ format, stream: this.#stream, hideCursor: true, clearOnComplete: true });
    this.#bar.start(all, 0);
  }
}
