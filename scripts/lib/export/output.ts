import { closeSync, openSync, writeSync } from "node:fs";
import { basename } from "node:path";

import { CannotCheck } from "../deployment/chain.ts";
import { failureOf } from "../failure.ts";

const BUFFERED = 1 << 16;

/** A text file that is written from its beginning to its end, without holding more than a little of it. */
export class Output {
  readonly #file: number;
  readonly #name: string;
  #waiting: string[] = [];
  #size = 0;

  constructor(path: string) {
    this.#file = openSync(path, "w");
    this.#name = basename(path);
  }

  write(text: string): void {
    this.#waiting.push(text);
    this.#size += text.length;
    if (this.#size >= BUFFERED) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#waiting.join(""));
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
    } catch (error) {
      throw new CannotCheck(`--out: cannot write ${this.#name}: ${failureOf(error)}`);
    }
    this.#waiting = [];
    this.#size = 0;
  }
}
