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
  result: Result;
  /** By file: a digest of it, and the titles of the test that killed it, or of all that did not. */
  tests: Record<string, { digest: string; titles: string[] }>;
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
    this.#file = `${folder}/outcomes-${contracts}.jsonl`;
    this.#texts = tests;
    this.#shared = digestOf(shared);
    mkdirSync(dirname(this.#file), { recursive: true });
    const text = existsSync(this.#file) ? readFileSync(this.#file, "utf8") : "";
    for (const entry of text.split("\n").flatMap(entriesIn)) this.#entries.set(entry.key, entry);
    // A line that was broken off must not take the next one with it.
    if (text !== "" && !text.endsWith("\n")) appendFileSync(this.#file, "\n");
  }

  /** What became of a mutation, if it still holds; `tests` are those that would try it now. */
  of(mutation: Numbered, tests: readonly TestCase[]): Result | undefined {
    const entry = this.#entries.get(keyOf(mutation));
    if (entry === undefined) return undefined;
    const holds =
      entry.result.status === "killed" ? this.#holding(entry).length > 0 : this.untried(mutation, tests).length === 0;
    return holds ? entry.result : undefined;
  }

  /** Those of the tests that have not tried a mutation as they are now, or not without killing it. */
  untried(mutation: Numbered, tests: readonly TestCase[]): TestCase[] {
    const entry = this.#entries.get(keyOf(mutation));
    if (entry?.result.status !== "survived") return [...tests];
    const tried = new Set(this.#holding(entry).map(nameOf));
    return tests.filter((test) => !tried.has(nameOf(test)));
  }

  /** The test that killed a mutation, whether or not it has changed since. */
  killerOf(mutation: Numbered): TestCase | undefined {
    const result = this.#entries.get(keyOf(mutation))?.result;
    return result?.status === "killed" ? result.killer : undefined;
  }

  enter(mutation: Numbered, result: Result, tests: readonly TestCase[]): void {
    const by = result.status === "killed" ? [result.killer] : tests;
    const entry: Entry = { key: keyOf(mutation), result, tests: {} };
    for (const { file, title } of by) {
      const ofFile = (entry.tests[file] ??= { digest: this.#digestOf(file, result), titles: [] });
      ofFile.titles.push(title);
    }
    this.#entries.set(entry.key, entry);
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  /** The tests of an entry whose files are as they were. */
  #holding({ tests, result }: Entry): TestCase[] {
    return Object.entries(tests).flatMap(([file, { digest, titles }]) =>
      digest === this.#digestOf(file, result) ? titles.map((title) => ({ file, title })) : [],
    );
  }

  /** What is shared may let a test see more; what it saw already, it sees. */
  #digestOf(file: string, { status }: Result): string {
    const text = this.#texts.get(file) ?? "";
    return digestOf(status === "killed" ? [text] : [text, this.#shared]);
  }
}

/** The entry of a line, or none if the line was broken off. */
function entriesIn(line: string): Entry[] {
  try {
    return [JSON.parse(line) as Entry];
  } catch {
    return [];
  }
}

function nameOf({ file, title }: TestCase): string {
  return `${file}: ${title}`;
}

function keyOf({ file, edits }: Numbered): string {
  return digestOf([file, JSON.stringify(edits)]);
}
