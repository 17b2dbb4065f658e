// Measures the audit on journals of ten thousand, a hundred thousand and a million entries: `npm run bench:audit`. It exits 1
// if speed or memory do not stay level as the journal grows, or if a million entries take more than two minutes.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { register } from "tsx/esm/api";

import type { Measured } from "./lib/audit-bench/measure.ts";
import { count } from "./lib/replay/format.ts";

const LENGTHS = [10_000, 100_000, 1_000_000];
/** How far speed may fall and memory grow from one length to another, and how long a million may take, in seconds. */
const LEAST_SPEED = 2 / 3;
const MOST_MEMORY = 2;
const MOST_TIME = 120;

/** Each length in a process of its own: the most memory that one has held never falls. */
function measured(entries: number): Measured {
  const output = execFileSync(process.execPath, [fileURLToPath(import.meta.url), String(entries)], {
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

const [asked] = process.argv.slice(2);
if (asked !== undefined) {
  // The generated bindings name their files as they would be once compiled, which Node itself does not find.
  register();
  const { measure } = await import("./lib/audit-bench/measure.ts");
  console.log(JSON.stringify(await measure(Number(asked))));
} else {
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
