// Measures the audit on journals of ten thousand, a hundred thousand and a million entries: `npm run bench:audit`. It exits 1
// if speed or memory do not stay level as the journal grows, or if a million entries take more than two minutes.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { register } from "tsx/esm/api";

import type { Measured } from "./lib/audit-bench/measure.ts";
import { HELP, readArguments, runProgram } from "./lib/command-line.ts";
import { InputError } from "./lib/csv.ts";
import { count } from "./lib/format.ts";

const LENGTHS = [10_000, 100_000, 1_000_000];
/** How far speed may fall and memory grow from one length to another, and how long a million may take, in seconds. */
const LEAST_SPEED = 2 / 3;
const MOST_MEMORY = 2;
const MOST_TIME = 120;

const USAGE = `Measures the audit on journals of ${LENGTHS.map(count).join(", ")} entries, each in a process of its own.

  npm run bench:audit -- [--entries N]

  --entries  measures one journal of that length in this process, and prints what it measured as JSON

Exits 1 if speed or memory do not stay level, or if the longest takes more than ${MOST_TIME} seconds.`;

/** What is much shorter is over before it can be measured. */
const LENGTH = "whole number from 10,000 to 99,999,999";

const OPTIONS = { ...HELP, entries: { type: "string", right: `a ${LENGTH}` } } as const;

interface Options {
  help: boolean;
  /** How long the one journal is; undefined for all lengths. */
  entries: number | undefined;
}

/** Each length in a process of its own: the most memory that one has held never falls. */
function measured(entries: number): Measured {
  const output = execFileSync(process.execPath, [fileURLToPath(import.meta.url), "--entries", String(entries)], {
    encoding: "utf8",
  });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Measured;
}

function compared(all: readonly Measured[]): string[] {
  const problems: string[] = [];
  const [speeds, memories] = [all.map(({ speed }) => speed), all.map(({ memory }) => memory)];
  if (Math.min(...speeds) < LEAST_SPEED * Math.max(...speeds)) problems.push("speed is not level within a third");
  if (Math.max(...memories) > MOST_MEMORY * Math.min(...memories)) problems.push("memory is not level within twice");
  const took = all.at(-1)?.took ?? Infinity;
  if (took > MOST_TIME) problems.push(`a million entries took ${took.toFixed(0)} seconds, more than ${MOST_TIME}`);
  return problems;
}

function readOptions(args: string[]): Options {
  const problems: string[] = [];
  const { help, entries } = readArguments(args, OPTIONS, problems);
  if (entries !== undefined && !/^[1-9]\d{4,7}$/.test(entries)) {
    problems.push(`--entries: "${entries}" is no ${LENGTH}.`);
  }
  if (problems.length > 0) throw new InputError(...problems);
  return { help, entries: entries === undefined ? undefined : Number(entries) };
}

async function benchAudit({ entries: asked }: Options): Promise<void> {
  if (asked !== undefined) {
    // The generated bindings name their files as they would be once compiled, which Node itself does not find.
    register();
    const { measure } = await import("./lib/audit-bench/measure.ts");
    console.log(JSON.stringify(await measure(asked)));
    return;
  }
  const all = LENGTHS.map((length) => {
    const one = measured(length);
    const { entries, took, speed, memory } = one;
    console.log(
      `${count(entries).padStart(9)} entries: ${took.toFixed(1)} s, ${count(Math.round(speed))} a second of processor time, ${memory.toFixed(0)} MiB at most`,
    );
    return one;
  });
  const problems = compared(all);
  console.log(problems.length === 0 ? "level" : problems.join("; "));
  process.exitCode = problems.length === 0 ? 0 : 1;
}

await runProgram(USAGE, readOptions, benchAudit);
