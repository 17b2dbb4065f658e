// Tries the invariants in many long campaigns, on all cores: `npm run test:deep -- --help` tells the options.
import { exec, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

import { ACTS, AT_A_TIME, CAMPAIGNS, PORTIONS, USAGE, readOptions } from "./lib/campaigns/options.ts";
import type { Options } from "./lib/campaigns/options.ts";
import { reached } from "./lib/campaigns/reached.ts";
import { runProgram } from "./lib/command-line.ts";
import { count } from "./lib/format.ts";

const BEGINNINGS = 2;
const FILE = "test/invariant/Ledger.t.sol";
const COMMAND = `hardhat test solidity ${FILE}`;

/** Whether all campaigns of a portion hold. If not, it says what the runner found, and how to see it again. */
function holds(portion: number): Promise<boolean> {
  const settings = {
    INVARIANT_RUNS: String(AT_A_TIME),
    INVARIANT_DEPTH: String(ACTS),
    INVARIANT_SERIES: String(portion),
  };
  const env = { ...process.env, ...settings };
  return new Promise((resolve) => {
    exec(`${COMMAND} --no-compile`, { env, maxBuffer: Infinity }, (error, stdout, stderr) => {
      const held = error === null && stdout.split(`(runs: ${AT_A_TIME})`).length === BEGINNINGS + 1;
      if (!held) {
        const given = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
        console.error(`${stdout}${stderr}\nagain by: ${given.join(" ")} npx ${COMMAND}`);
      }
      resolve(held);
    });
  });
}

/** Takes one portion after another on all cores; none any more once an invariant is broken. */
async function campaign({ after }: Options): Promise<void> {
  // Once for all, since the runner uses one core and so several run at once.
  const built = spawnSync(`hardhat build --no-contracts ${FILE}`, {
    shell: true,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (built.status !== 0) {
    process.exitCode = 1;
    return;
  }
  const started = Date.now();
  const first = after / AT_A_TIME;
  const cores = Math.min(availableParallelism(), PORTIONS - first);
  console.log(
    `${count(CAMPAIGNS)} campaigns of ${ACTS} acts from each beginning, every invariant after every act, ${cores} at once`,
  );
  let taken = first;
  const held = new Set<number>();
  const work = async () => {
    while (taken < PORTIONS && process.exitCode === undefined) {
      const portion = ++taken;
      if (!(await holds(portion))) {
        process.exitCode = 1;
        return;
      }
      held.add(portion);
      console.log(reached(first, held, Date.now() - started));
    }
  };
  await Promise.all(Array.from({ length: cores }, work));
}

await runProgram(USAGE, readOptions, campaign);
