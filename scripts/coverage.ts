// Runs the tests with the lines of the contracts counted, and ends with the line coverage of contracts/: `npm run coverage`.
// It exits 1 if a test fails, or if there is a line that no test reaches.
import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync, rmSync } from "node:fs";

import { lineCoverageOf, statement } from "./lib/line-coverage.ts";

const CONTRACTS = "contracts/";
const REPORT = "coverage/lcov.info";
const TESTS = ["test/{unit,adversarial,scenario,property}/*.test.ts", "test/property/*.t.sol"];
/** A command of its own takes the build that counts nothing, and on anvil the contracts that count are too large. */
const BUILD_TESTS = ["test/scenario/audit-{command,reorganised}.test.ts"];
/** Counting costs gas, so what bounds the gas of calls says nothing here. */
const GAS_TESTS = ["test/unit/Council.gas.test.ts", "test/scenario/{gas,bounds,bench}.test.ts"];

// A report of an earlier run must not be taken for one of this.
rmSync(REPORT, { force: true });
const tests = globSync(TESTS, { exclude: [...GAS_TESTS, ...BUILD_TESTS] }).sort();
const { status } = spawnSync(`hardhat test --coverage ${tests.join(" ")}`, { shell: true, stdio: "inherit" });
const coverage = lineCoverageOf(existsSync(REPORT) ? readFileSync(REPORT, "utf8") : "", CONTRACTS);
for (const line of statement(coverage, CONTRACTS)) console.log(line);
if (status !== 0 || coverage.lines === 0 || coverage.missed.length > 0) process.exitCode = 1;
