// Tries the invariants in many long campaigns, on all cores: `npm run test:deep`. Exits 1 if one is broken.
import { exec, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

const CAMPAIGNS = 2_000;
const ACTS = 200;
/** The runner says nothing before it is done, so it is asked for so many at a time, each time for others. */
const AT_A_TIME = 50;
const PORTIONS = CAMPAIGNS / AT_A_TIME;
const BEGINNINGS = 2;
const FILE = "test/invariant/Ledger.t.sol";
const COMMAND = `hardhat test solidity ${FILE}`;

const minutes = (ms: number) => (ms / 60_000).toFixed(1);

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

// Once for all, since the runner uses one core and so several run at once.
const built = spawnSync(`hardhat build --no-contracts ${FILE}`, {
  shell: true,
  stdio: ["ignore", "ignore", "inherit"],
});
if (built.status !== 0) process.exit(1);

const started = Date.now();
const cores = Math.min(availableParallelism(), PORTIONS);
console.log(
  `${CAMPAIGNS} campaigns of ${ACTS} acts from each beginning, every invariant after every act, ${cores} at once`,
);
let taken = 0;
let reached = 0;

/** Takes one portion after another; none any more once an invariant is broken. */
async function work(): Promise<void> {
  while (taken < PORTIONS && process.exitCode === undefined) {
    if (!(await holds(++taken))) {
      process.exitCode = 1;
      return;
    }
    reached += AT_A_TIME;
    const spent = Date.now() - started;
    const left = (spent / reached) * (CAMPAIGNS - reached);
    console.log(`${reached} of ${CAMPAIGNS}: all hold after ${minutes(spent)} minutes, about ${minutes(left)} to go`);
  }
}

await Promise.all(Array.from({ length: cores }, work));
