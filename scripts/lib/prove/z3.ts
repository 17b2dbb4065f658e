// Asks z3, the solver that Debian packages.
import { spawnSync } from "node:child_process";

/** How much z3 may do for one query: counted in its own steps, so that a busy machine proves as much as an idle one. */
const STEPS = 5_000_000;
/** A bound for what steps do not count, in seconds. */
const SECONDS = 60;
const LARGEST_ANSWER = 1 << 30;

/**
 * First products count as unknown values, which decides most queries at once; what is false for all of those is false.
 * Then z3 reasons about products too.
 */
const ATTEMPTS = [["smt.arith.nl=false"], []];

/** The program's version, or undefined if it is not installed. */
export function z3Version(): string | undefined {
  const { status, stdout } = spawnSync("z3", ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** The answer to a query in SMT-LIB 2, with the values asked for: it starts with `sat`, `unsat` or `unknown`. */
export function ask(query: string): string {
  let answer = "";
  for (const options of ATTEMPTS) {
    answer = answerOf(query, options);
    if (answer.startsWith("unsat")) return answer;
  }
  return /^(sat|unsat)\b/.test(answer) ? answer : "unknown\n";
}

function answerOf(query: string, options: readonly string[]): string {
  // The limit that the compiler writes into its queries is replaced by these.
  const input = query.replace(/^\(set-option :timeout \d+\)$/m, "");
  const { stdout } = spawnSync("z3", ["-in", "-smt2", `-T:${SECONDS}`, `rlimit=${STEPS}`, ...options], {
    input,
    encoding: "utf8",
    maxBuffer: LARGEST_ANSWER,
  });
  return stdout;
}
