// Changes the contracts one piece at a time and tells what no test notices: `npm run mutate -- --help` tells the options.
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { runProgram } from "./lib/command-line.ts";
import { openFolder } from "./lib/folders.ts";
import { count } from "./lib/format.ts";
import { campaign } from "./lib/mutation/campaign.ts";
import type { Explanation } from "./lib/mutation/explained.ts";
import { USAGE, readOptions } from "./lib/mutation/options.ts";
import type { Options } from "./lib/mutation/options.ts";
import { digestOf, programOf } from "./lib/mutation/program.ts";
import { reachOf } from "./lib/mutation/reach.ts";
import { holds, statement, verdictOn } from "./lib/mutation/report.ts";
import { Results } from "./lib/mutation/results.ts";
import type { Numbered } from "./lib/mutation/switches.ts";
import { Progress } from "./lib/progress.ts";
import { seeded } from "./lib/random.ts";

const FOLDER = ".cache/mutation";
const EXPLAINED = "test/mutation/explained.json";
/** What acts on the contracts in this process and holds no state between its tests. */
const TESTS = [
  "test/unit/[A-Z]*.test.ts",
  "test/adversarial/*.test.ts",
  "test/scenario/{attack-after-suspension,life-*,liveness,shortage}.test.ts",
  "test/property/*.test.ts",
];
/** Gas is not what is measured, audits compare with the build, and a test of minutes is too long to try all with. */
const UNFIT = [
  "test/unit/Council.gas.test.ts",
  "test/adversarial/{audit-subjects,permissions}.test.ts",
  "test/property/differential.test.ts",
];
const SHARED = ["test/support/**/*.ts", "deploy/modules/*.ts"];

function textsOf(patterns: readonly string[], exclude: readonly string[] = []): Map<string, string> {
  const files = globSync(patterns, { exclude }).map((file) => file.replaceAll("\\", "/"));
  return new Map(files.sort().map((file) => [file, readFileSync(file, "utf8")]));
}

function chosenFrom(all: readonly Numbered[], { contracts, sample, seed }: Options): readonly Numbered[] {
  const of = (name: string) => all.filter(({ file }) => basename(file, ".sol") === name);
  const meant = contracts.length === 0 ? all : contracts.flatMap(of);
  if (sample === undefined) return meant;
  const dice = seeded(seed);
  const drawn = meant.map((mutation) => ({ mutation, at: dice.next() })).sort((a, b) => a.at - b.at);
  return drawn
    .slice(0, sample)
    .map(({ mutation }) => mutation)
    .sort((a, b) => a.number - b.number);
}

async function mutate(options: Options): Promise<void> {
  if (!options.list) openFolder(options.out);
  const progress = new Progress("mutate");
  const notice = (text: string) => {
    progress.notice(text);
  };
  const program = programOf(FOLDER, notice);
  const chosen = chosenFrom(program.mutations, options);
  if (options.list) {
    for (const { kind, file, line, place, before, after } of chosen)
      console.log(`${kind} ${file}:${line} ${place}: ${before} → ${after}`);
    return;
  }
  const tests = textsOf(TESTS, UNFIT);
  const files = [...tests.keys()];
  const { jobs } = options;
  try {
    const reach = await reachOf(program, files, {
      ...{ folder: FOLDER, jobs, notice },
      progress: (done, all) => {
        progress.reached("finding what the tests reach", done, all);
      },
    });
    const results = new Results(FOLDER, digestOf([JSON.stringify(program.mutated)]), tests, [
      ...textsOf(SHARED).values(),
    ]);
    const found = await campaign(chosen, {
      ...{ program, reach, results, files, jobs, notice },
      progress: (done, all, alive) => {
        progress.reached("mutating", done, all, `${count(done)} of ${count(all)}, ${count(alive)} alive`);
      },
    });
    progress.stop();
    const explanations = JSON.parse(readFileSync(EXPLAINED, "utf8")) as Explanation[];
    const verdict = verdictOn(chosen, program.mutations, found, explanations);
    for (const line of statement(verdict)) console.log(line);
    const record = { ...verdict, doesNotCompile: program.invalid };
    writeFileSync(join(options.out, "mutation.json"), `${JSON.stringify(record, null, 2)}\n`);
    if (!holds(verdict)) process.exitCode = 1;
  } finally {
    progress.stop();
  }
}

const known = globSync("contracts/{,libraries/}*.sol").map((file) => basename(file, ".sol"));
known.sort();
await runProgram(USAGE, (args) => readOptions(args, known), mutate);
