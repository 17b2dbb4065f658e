// Runs the tests with the lines of the contracts counted, has forge replay them with the branches counted, and ends with both
// coverages of contracts/: `npm run coverage`. It exits 1 if a test fails, if a replay does not end as the test did, if there is
// a line that no test reaches, if too many branches are missed, or if a branch is explained as missed that is not.
import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync, rmSync } from "node:fs";

import { readHelp, runProgram } from "./lib/command-line.ts";
import { branchReport } from "./lib/coverage/forge.ts";
import {
  BRANCHES,
  coverageOf,
  explained,
  type Explanation,
  LINES,
  percentOf,
  statement,
} from "./lib/coverage/report.ts";

const CONTRACTS = "contracts/";
const REPORT = "coverage/lcov.info";
const RECORDS = "coverage/records";
const REPLAY = "coverage/forge";
/** Why branches are missed that are. */
const EXPLANATIONS = "test/coverage/missed.json";
/** The tests of single contracts and of attacks on them; at random, much is done that takes no other branches. */
const RECORDED = "^test/(unit|adversarial)/(?!.*random)";
const LEAST_PERCENT_OF_BRANCHES = 98;
const TESTS = ["test/{unit,adversarial,scenario,property}/*.test.ts", "test/property/*.t.sol"];
/** A command of its own takes the build that counts nothing, and on anvil the contracts that count are too large. */
const BUILD_TESTS = ["test/scenario/audit-{command,reorganised}.test.ts"];
/** Counting costs gas, so what bounds the gas of calls says nothing here. */
const GAS_TESTS = ["test/unit/Council.gas.test.ts", "test/scenario/{gas,bounds,bench}.test.ts"];

const USAGE = `Runs the tests with the lines of the contracts counted, has forge replay them with the branches counted, and prints both
coverages of contracts/. It takes about fifty minutes.

  npm run coverage

Exits 1 if a test fails, a replay does not end as the test did, a line is not reached, fewer than ${LEAST_PERCENT_OF_BRANCHES}% of the branches are, or
${EXPLANATIONS} explains a branch as missed that is not.`;

function measure(): void {
  // What an earlier run left must not be taken for this one's.
  rmSync(REPORT, { force: true });
  rmSync(RECORDS, { force: true, recursive: true });
  const tests = globSync(TESTS, { exclude: [...GAS_TESTS, ...BUILD_TESTS] }).sort();
  const env = { ...process.env, RECORD_CHAINS: RECORDS, RECORD_TESTS: RECORDED };
  const { status } = spawnSync(`hardhat test --coverage ${tests.join(" ")}`, { env, shell: true, stdio: "inherit" });
  const lines = coverageOf(existsSync(REPORT) ? readFileSync(REPORT, "utf8") : "", CONTRACTS, LINES);
  const replayed = branchReport(REPLAY, RECORDS);
  const explanations = JSON.parse(readFileSync(EXPLANATIONS, "utf8")) as Explanation[];
  const { coverage: branches, idle } = explained(
    coverageOf(replayed ?? "", CONTRACTS, BRANCHES),
    explanations,
    (file) => readFileSync(file, "utf8"),
  );
  for (const line of statement(lines, CONTRACTS, LINES)) console.log(line);
  for (const line of statement(branches, CONTRACTS, BRANCHES)) console.log(line);
  if (branches.total > 0) {
    for (const place of idle) console.log(`${EXPLANATIONS} explains what is not missed: ${place}`);
  }
  const enough = percentOf(lines) === 100 && percentOf(branches) >= LEAST_PERCENT_OF_BRANCHES;
  if (status !== 0 || replayed === undefined || !enough || idle.length > 0) process.exitCode = 1;
}

await runProgram(USAGE, readHelp, measure);
