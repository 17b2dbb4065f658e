// Tries the invariants in many long campaigns: `npm run test:deep`. Exits 1 if one is broken.
import { spawnSync } from "node:child_process";

const CAMPAIGNS = 2_000;
const ACTS = 200;
/** The runner says nothing before it is done, so it is asked for so many at a time, each time for others. */
const AT_A_TIME = 50;
const BEGINNINGS = 2;
const COMMAND = "hardhat test solidity test/invariant/Ledger.t.sol";

const minutes = (ms: number) => (ms / 60_000).toFixed(1);

const started = Date.now();
console.log(`${CAMPAIGNS} campaigns of ${ACTS} acts from each beginning, every invariant after every act`);
for (let done = 0; done < CAMPAIGNS; done += AT_A_TIME) {
  const settings = {
    INVARIANT_RUNS: String(AT_A_TIME),
    INVARIANT_DEPTH: String(ACTS),
    INVARIANT_SERIES: String(done / AT_A_TIME + 1),
  };
  const env = { ...process.env, ...settings };
  const { status, stdout, stderr } = spawnSync(COMMAND, { shell: true, env, encoding: "utf8" });
  if (status !== 0 || stdout.split(`(runs: ${AT_A_TIME})`).length !== BEGINNINGS + 1) {
    const given = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    console.error(`${stdout}${stderr}\nagain by: ${given.join(" ")} npx ${COMMAND}`);
    process.exit(1);
  }
  const spent = Date.now() - started;
  const reached = done + AT_A_TIME;
  const left = (spent / reached) * (CAMPAIGNS - reached);
  console.log(`${reached} of ${CAMPAIGNS}: all hold after ${minutes(spent)} minutes, about ${minutes(left)} to go`);
}
