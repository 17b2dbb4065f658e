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
  /** Of the file whose test killed it, or of all tests that did not, with their files. */
  tests: string;
  result: Result;
}

/** Holds good for one state of the contracts: a kill while its test stays as it is, a survival while all that tried do. */
export class Results {
  readonly #file: string;
  readonly #texts: ReadonlyMap<string, string>;
  readonly #shared: string;
  readonly #entries = new Map<string, Entry>();

  /**
   * @param contracts A digest of the contracts
   * @param tests The text of every test file
   * @param shared The texts of what test files share
   */
  constructor(folder: string, contracts: string, tests: ReadonlyMap<string, string>, shared: readonly string[]) {
    this.#file = `${folder}/results-${contracts}.jsonl`;
    this.#texts = new Map([...tests].map(([file, text]) => [file, digestOf([text])]));
    this.#shared = digestOf(shared);
    mkdirSync(dirname(this.#file), { recursive: true });
    const lines = existsSync(this.#file) ? readFileSync(this.#file, "utf8").split("\n") : [];
    for (const line of lines.filter((text) => text.endsWith("}"))) {
      const entry = JSON.parse(line) as Entry;
      this.#entries.set(entry.key, entry);
    }
  }

  /** What became of a mutation, if it still holds; `tests` are those that would try it now. */
  of(mutation: Numbered, tests: readonly TestCase[]): Result | undefined {
    const entry = this.#entries.get(keyOf(mutation));
    if (entry === undefined) return undefined;
    return entry.tests === this.#digestFor(entry.result, tests) ? entry.result : undefined;
  }

  /** The test that killed a mutation, whether or not it has changed since. */
  killerOf(mutation: Numbered): TestCase | undefined {
    const result = this.#entries.get(keyOf(mutation))?.result;
    return result?.status === "killed" ? result.killer : undefined;
  }

  enter(mutation: Numbered, result: Result, tests: readonly TestCase[]): void {
    const entry = { key: keyOf(mutation), tests: this.#digestFor(result, tests), result };
    this.#entries.set(entry.key, entry);
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  #digestFor(result: Result, tests: readonly TestCase[]): string {
    const textOf = (file: string) => this.#texts.get(file) ?? "";
    if (result.status === "killed") return textOf(result.killer.file);
    const tried = tests.flatMap(({ file, title }) => [file, title]);
    const files = [...new Set(tests.map(({ file }) => file))];
    return digestOf([this.#shared, ...tried, ...files.map(textOf)]);
  }
}

function keyOf({ file, edits }: Numbered): string {
  return digestOf([file, JSON.stringify(edits)]);
}
