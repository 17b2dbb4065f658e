// Which tests reach which statements.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import type { Mutation } from "./mutators.ts";
import { shared } from "./pool.ts";
import { digestOf } from "./program.ts";
import type { Program, Statement } from "./program.ts";
import type { TestCase } from "./test-bed.ts";
import type { Reached } from "./worker.ts";

/** Tests by number. */
export interface Reach {
  tests: TestCase[];
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

/** What was found before for the same contracts and tests, else by running every test once. */
export async function reachOf(
  program: Program,
  files: readonly string[],
  { folder, jobs, progress }: { folder: string; jobs: number; progress: (done: number, all: number) => void },
): Promise<Reach> {
  const texts = files.map((file) => readFileSync(file, "utf8"));
  const made = `${folder}/reach-${digestOf([JSON.stringify(program.tagged), ...texts])}.json`;
  if (existsSync(made)) return JSON.parse(readFileSync(made, "utf8")) as Reach;
  const reached = new Map<number, Reached>();
  let tests: TestCase[] = [];
  let done = 0;
  const opening = { files: [...files], contracts: program.tagged, tagging: true };
  // Tests of one file share their beginnings, so one worker runs them all.
  await shared(files, jobs, opening, async (worker, file) => {
    tests = worker.tests;
    for (const [test, { file: of }] of tests.entries()) {
      if (of === file) reached.set(test, await worker.ask<Reached>({ order: "reach", test }));
    }
    progress(++done, files.length);
    return { renew: false };
  });
  const reach = mapOf(tests, reached);
  mkdirSync(dirname(made), { recursive: true });
  writeFileSync(made, JSON.stringify(reach));
  return reach;
}

function mapOf(tests: TestCase[], reached: ReadonlyMap<number, Reached>): Reach {
  const built = Object.assign({}, ...[...reached.values()].map((one) => one.built)) as Record<string, string[]>;
  const reach: Reach = { tests, direct: {}, beginning: {} };
  for (const [test, { tags, fixtures }] of reached) {
    for (const tag of tags) (reach.direct[tag] ??= []).push(test);
    const begun = new Set(fixtures.flatMap((fixture) => built[fixture] ?? []));
    for (const tag of begun) (reach.beginning[tag] ??= []).push(test);
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
