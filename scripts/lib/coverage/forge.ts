// Measures the branches of the contracts with forge, which replays what the other tests did.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { branchesOfLaws } from "./laws.ts";
import { chainIn } from "./step.ts";

const COMPILER = fileURLToPath(new URL("solc.ts", import.meta.url));
const TESTS = ["test/coverage/Replay.t.sol", "test/coverage/Kept.sol", "test/support/Vm.sol"];
/** One for each test of test/coverage/Replay.t.sol. */
const SHARES = 2;

/** Copied too: forge gives files outside its folder names that solc-js cannot resolve. */
const PACKAGE = "@openzeppelin/contracts";

const CONFIGURATION = `[profile.default]
src = "contracts"
test = "test/coverage"
libs = ["node_modules"]
remappings = ["${PACKAGE}/=node_modules/${PACKAGE}/"]
auto_detect_remappings = false
solc = "${COMPILER}"
offline = true
evm_version = "prague"
bytecode_hash = "none"
chain_id = 31337
gas_limit = "18446744073709551615"
memory_limit = 4294967296
code_size_limit = 1000000
fs_permissions = [{ access = "read-write", path = "." }]
`;

/** Replays what the recorder wrote into `records`; the report of the branches in lcov's form, or nothing if the replay failed. */
export function branchReport(folder: string, records: string): string | undefined {
  if (!existsSync(records)) return undefined;
  prepare(folder, records);
  const options = "--no-match-coverage test/ --report lcov --report-file lcov.info";
  const { status } = spawnSync(`forge coverage ${options}`, { cwd: folder, shell: true, stdio: "inherit" });
  for (const line of astray(folder)) console.error(line);
  const report = join(folder, "lcov.info");
  return status === 0 && existsSync(report) ? readFileSync(report, "utf8") : undefined;
}

/** Lays out what forge builds and reads, in a folder that is made anew. */
function prepare(folder: string, records: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "foundry.toml"), CONFIGURATION);
  for (const file of globSync("contracts/**/*.sol")) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    const kept = relative(dirname(file), "test/coverage/Kept.sol");
    writeFileSync(join(folder, file), branchesOfLaws(readFileSync(file, "utf8"), kept));
  }
  const packageFolder = join("node_modules", PACKAGE);
  cpSync(packageFolder, join(folder, packageFolder), { recursive: true, filter: (path) => !path.endsWith(".json") });
  for (const file of TESTS) cpSync(file, join(folder, file));
  const files = readdirSync(records).map((name) => readFileSync(join(records, name), "utf8"));
  // Each share gets about as much: the largest file left goes to the smallest share.
  const shares = Array.from({ length: SHARES }, () => ({ text: "" }));
  for (const file of files.sort((a, b) => b.length - a.length)) {
    const smallest = shares.reduce((least, share) => (share.text.length < least.text.length ? share : least));
    smallest.text += file;
  }
  shares.forEach(({ text }, i) => {
    writeFileSync(join(folder, `${i}.steps`), text);
  });
}

/** How many steps of which tests ended otherwise in the replay. */
function astray(folder: string): string[] {
  return Array.from({ length: SHARES }, (_, share) => {
    const numbers = join(folder, `${share}.astray`);
    if (!existsSync(numbers)) return [];
    const steps = readFileSync(join(folder, `${share}.steps`), "utf8").split("\n");
    const counts = new Map<string, number>();
    for (const number of readFileSync(numbers, "utf8").trim().split("\n")) {
      const chain = steps.slice(0, Number(number)).findLast((line) => chainIn(line) !== undefined) ?? "";
      const name = chainIn(chain) ?? "";
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return [...counts].map(([name, count]) => `${name}: ${count} steps ended otherwise in the replay`);
  }).flat();
}
