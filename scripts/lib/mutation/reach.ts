// Which tests reach which statements.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

import type { Mutation } from "./mutators.ts";
import { shared } from "./pool.ts";
import { digestOf } from "./program.ts";
import type { Program, Statement } from "./program.ts";
import type { TestCase } from "./test-bed.ts";
import type { Reached } from "./worker.ts";

/** Tests by number. */
export interface Reach {
  tests: TestCase[];
  /** How long each took, in milliseconds. */
  took: number[];
  /** By tag: the tests whose own acts run the statement. */
  direct: Record<string, number[]>;
  /** By tag: the tests that begin where it has run. */
  beginning: Record<string, number[]>;
}

/** The tests that reach a mutation, those that act on it apart from those that only begin after it. */
export interface Reaching {
  direct: number[];
  beginning: number[];
}

/** What is kept of a test file. */
export interface Part {
  tests: TestCase[];
  /** By the test's place in the file. */
  reached: Reached[];
}

export interface Search {
  folder: string;
  jobs: number;
  progress: (done: number, all: number) => void;
  notice: (text: string) => void;
}

/** What was found before of files that are as they were; every test of the others is run once. */
export async function reachOf(
  program: Program,
  files: readonly string[],
  { folder, jobs, progress, notice }: Search,
): Promise<Reach> {
  const tagged = digestOf([JSON.stringify(program.tagged)]);
  const pathOf = (file: string) => `${folder}/reach/${digestOf([tagged, file, readFileSync(file, "utf8")])}.json`;
  const parts = new Map(
    files.flatMap((file) =>
      existsSync(pathOf(file)) ? [[file, JSON.parse(readFileSync(pathOf(file), "utf8")) as Part]] : [],
    ),
  );
  const missing = files.filter((file) => !parts.has(file));
  mkdirSync(`${folder}/reach`, { recursive: true });
  let done = 0;
  // Tests of one file share their beginnings, so one worker runs them all.
  await shared(missing, jobs, { files: missing, contracts: program.tagged, tagging: true }, async (worker, file) => {
    const part: Part = { tests: [], reached: [] };
    for (const [test, one] of worker.tests.entries()) {
      if (one.file !== file) continue;
      const reached = await worker.ask<Reached>({ order: "reach", test });
      if (reached.error !== undefined) notice(`${file}: "${one.title}" fails without a mutation: ${reached.error}`);
      part.tests.push(one);
      part.reached.push(reached);
    }
    parts.set(file, part);
    // What a test that fails would reach is not known, and may be by the next time.
    if (part.reached.every(({ error }) => error === undefined)) writeFileSync(pathOf(file), JSON.stringify(part));
    progress(++done, missing.length);
    return { renew: false };
  });
  return joined(files.map((file) => parts.get(file) ?? { tests: [], reached: [] }));
}

/** Tests are numbered through all files. */
export function joined(parts: readonly Part[]): Reach {
  const reach: Reach = { tests: [], took: [], direct: {}, beginning: {} };
  for (const { tests, reached } of parts) {
    const built = Object.assign({}, ...reached.map((one) => one.built)) as Record<string, string[]>;
    const first = reach.tests.length;
    reach.tests.push(...tests);
    reach.took.push(...reached.map(({ took }) => took));
    for (const [i, { tags, fixtures }] of reached.entries()) {
      for (const tag of tags) (reach.direct[tag] ??= []).push(first + i);
      const begun = new Set(fixtures.flatMap((fixture) => built[fixture] ?? []));
      for (const tag of begun) (reach.beginning[tag] ??= []).push(first + i);
    }
  }
  return reach;
}

/** The smallest statement that holds the mutation tells; a constant has none. */
export function reaching(
  { edits, file }: Mutation,
  statements: readonly Statement[],
  { direct, beginning }: Reach,
): Reaching | undefined {
  const [{ start, end } = { start: 0, end: 0 }] = edits;
  const [smallest] = statements
    .filter((one) => one.file === file && one.start <= start && end <= one.end)
    .sort((a, b) => a.end - a.start - (b.end - b.start));
  if (smallest === undefined) return undefined;
  return { direct: direct[smallest.tag] ?? [], beginning: beginning[smallest.tag] ?? [] };
}
