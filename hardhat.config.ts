import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { id } from "ethers/hash";
import { configVariable, defineConfig } from "hardhat/config";

import { tasks } from "./scripts/tasks.ts";

// Nothing is reported to anybody, and no question about it is asked.
process.env["HARDHAT_DISABLE_TELEMETRY"] = "true";

/** How many campaigns the invariants are tried in from each beginning, how many acts one has, and which acts. */
const runs = Number(process.env["INVARIANT_RUNS"] ?? 256);
const depth = Number(process.env["INVARIANT_DEPTH"] ?? 100);
const series = process.env["INVARIANT_SERIES"] ?? "";

/** Enough signers for 208 seats with a treasury and a delegate each, fifteen assessors, and bystanders. */
const SIGNERS = 460;
const ETHER = 10n ** 18n;

// Public test keys: anybody can derive them. Never send anything of value to their accounts.
// A list of keys opens a connection in a tenth of a second; deriving as many from a mnemonic takes seconds.
const testKeys = Array.from({ length: SIGNERS }, (_, index) => id(`Crisis Insurance Fund: public test key ${index}`));

const solc = {
  version: "0.8.34",
  // The compiler is a pinned package, so building needs no download.
  path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
  settings: {
    viaIR: true,
    optimizer: { enabled: true, runs: 200 },
    evmVersion: "cancun",
    // Else the bytecode would depend on which files happened to be compiled together, and could not be compared.
    metadata: { bytecodeHash: "none" },
  },
} as const;

/** The campaigns are large and run once: without viaIR they compile in a sixth of the time. */
const INVARIANTS = "test/invariant";
const campaigns = Object.fromEntries(
  readdirSync(fileURLToPath(new URL(INVARIANTS, import.meta.url))).map((file) => [
    `${INVARIANTS}/${file}`,
    { ...solc, settings: { ...solc.settings, viaIR: false } },
  ]),
);
const compilation = { compilers: [solc], overrides: campaigns };

/** There a test that is skipped, or that makes others be skipped, is a failure. */
const inCi = process.env["CI"] !== undefined;

/** Counting lines changes the contracts, so what is built for it is kept apart from what is deployed. */
const counting = process.argv.includes("--coverage");

/** The chain that runs inside the process, for tests and demonstrations, and behind `hardhat node`. */
const inProcess = {
  type: "edr-simulated",
  chainId: 31337,
  accounts: testKeys.map((privateKey) => ({ privateKey, balance: 100_000n * ETHER })),
  blockGasLimit: 30_000_000,
  // Contracts whose lines are counted are larger than a chain allows.
  allowUnlimitedContractSize: counting,
} as const;

/** Writes down what reaches the chains, for forge to replay: `npm run coverage`. */
const recorder = {
  id: "chain-recorder",
  hookHandlers: { network: () => import("./scripts/lib/coverage/recorder.ts") },
} as const;
const recording = process.env["RECORD_CHAINS"] !== undefined;

/** Has a test's chain go on as if the machine took no time, so that a slow one sees no other chain: `hardhat test`. */
const stillClock = {
  id: "still-clock",
  hookHandlers: { network: () => import("./test/support/still-clock.ts") },
} as const;
const testing = process.argv.includes("test");

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, ...(testing ? [stillClock] : []), ...(recording ? [recorder] : [])],
  tasks,
  paths: {
    // Below sources, Hardhat compiles `*.t.sol` as tests and everything else as contracts. The folder of Solidity tests
    // must not hold the mocks: as contracts and as tests they would displace each other from the cache at every run.
    sources: ["contracts", "test/mocks", INVARIANTS],
    tests: { mocha: "test", solidity: "test/property" },
    cache: counting ? "coverage/.cache" : ".cache",
    artifacts: counting ? "coverage/.artifacts" : ".artifacts",
    ignition: "deploy",
  },
  solidity: {
    // A changed test must not recompile the contracts.
    splitTestsCompilation: true,
    // The one is deployed as it is, of the other the bindings are used.
    npmFilesToBuild: [
      "@openzeppelin/contracts/governance/TimelockController.sol",
      "@openzeppelin/contracts/token/ERC20/IERC20.sol",
    ],
    // Tests and deployments run the same bytecode.
    profiles: { default: compilation, production: compilation },
  },
  coverage: { skipFiles: ["test/**"] },
  typechain: { outDir: "typechain-types", tsNocheck: true, dontOverrideCompile: counting },
  networks: {
    default: inProcess,
    node: inProcess,
    // `hardhat node` and anvil listen there, unless they are told another port.
    localhost: { type: "http", url: process.env["LOCALHOST_RPC_URL"] ?? "http://127.0.0.1:8545", accounts: testKeys },
    sepolia: {
      type: "http",
      chainType: "l1",
      url: configVariable("SEPOLIA_RPC_URL"),
      accounts: [configVariable("SEPOLIA_PRIVATE_KEY")],
    },
  },
  test: {
    mocha: { timeout: 120_000, forbidOnly: inCi, forbidPending: inCi },
    solidity: {
      // A fixed seed: a failure seen once is seen again.
      fuzz: { runs: 5000, seed: id(`Crisis Insurance Fund: fuzz seed${series}`) },
      invariant: { runs, depth, failOnRevert: true },
    },
  },
});
