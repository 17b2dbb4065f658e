import { closeSync, openSync, writeSync } from "node:fs";

const BUFFERED = 1 << 16;

/** A text file that is written from its beginning to its end, without holding more than a little of it. */
export class Output {
  readonly #file: number;
  #waiting: string[] = [];
  #size = 0;

  constructor(path: string) {
    this.#file = openSync(path, "w");
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
    for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
    this.#waiting = [];
    this.#size = 0;
  }
}
