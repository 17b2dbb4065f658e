// What became of mutations, kept so that a run that was broken off goes on.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

import type { Numbered } from "./switches.ts";
import type { TestCase } from "./test-bed.ts";
import { digestOf } from "./program.ts";

export type Result =
  { status: "killed"; killer: TestCase; error: string; ran: number } | { status: "survived"; ran: number };

interface Entry {
  key: string;
  /** Of the file whose test killed it, or of all tests that did not. */
  tests: string;
  result: Result;
}

/** Holds good for one state of the contracts: a kill while its test stays as it is, a survival while all tests do. */
export class Results {
  readonly #file: string;
  readonly #tests: ReadonlyMap<string, string>;
  readonly #all: string;
  readonly #entries = new Map<string, Entry>();

  /**
   * @param contracts A digest of the contracts
   * @param tests The text of every test file, and of what they share
   */
  constructor(folder: string, contracts: string, tests: ReadonlyMap<string, string>) {
    this.#file = `${folder}/results-${contracts}.jsonl`;
    this.#tests = new Map([...tests].map(([file, text]) => [file, digestOf([text])]));
    this.#all = digestOf([...this.#tests.values()]);
    mkdirSync(dirname(this.#file), { recursive: true });
    const lines = existsSync(this.#file) ? readFileSync(this.#file, "utf8").split("\n") : [];
    for (const line of lines.filter((text) => text.endsWith("}"))) {
      const entry = JSON.parse(line) as Entry;
      this.#entries.set(entry.key, entry);
    }
  }

  of(mutation: Numbered): Result | undefined {
    const entry = this.#entries.get(keyOf(mutation));
    if (entry === undefined) return undefined;
    return entry.tests === this.#digestFor(entry.result) ? entry.result : undefined;
  }

  enter(mutation: Numbered, result: Result): void {
    const entry = { key: keyOf(mutation), tests: this.#digestFor(result), result };
    this.#entries.set(entry.key, entry);
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  #digestFor(result: Result): string {
    return result.status === "killed" ? (this.#tests.get(result.killer.file) ?? "") : this.#all;
  }
}

function keyOf({ file, edits }: Numbered): string {
  return digestOf([file, JSON.stringify(edits)]);
}
