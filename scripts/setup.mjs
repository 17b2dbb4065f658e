// Installs what package-lock.json says and compiles the contracts, each only if it changed since the last time.
// Plain JavaScript for Node 18 or newer: it runs before anything is installed, and brings the Node that the rest needs.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST_NODE = 18;
const TOOL_NODE = 24;

const root = fileURLToPath(new URL("..", import.meta.url));
const modules = join(root, "node_modules");
const stampFile = join(modules, ".setup.json");
const built = [join(root, ".artifacts"), join(root, "typechain-types", "index.ts")];
const env = { ...process.env, PATH: join(modules, ".bin") + delimiter + (process.env.PATH ?? "") };

/** One hash over the named files and, below the named folders, every Solidity file. */
function hashOf(...names) {
  const hash = createHash("sha256");
  for (const name of names) {
    const path = join(root, name);
    const files = name.includes(".") ? [path] : solidityFilesIn(path);
    for (const file of files) hash.update(file.slice(root.length)).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function solidityFilesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return solidityFilesIn(path);
      return entry.name.endsWith(".sol") ? [path] : [];
    });
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch {
    return {};
  }
}

function writeStamp(stamp) {
  mkdirSync(modules, { recursive: true });
  writeFileSync(stampFile, `${JSON.stringify(stamp)}\n`);
}

function fail(...lines) {
  for (const line of lines) console.error(`setup: ${line}`);
  process.exit(1);
}

/** Runs a command line through the shell, which finds `npx.cmd` on Windows too. */
function run(command, options = {}) {
  return spawnSync(command, { cwd: root, env, shell: true, stdio: "inherit", ...options });
}

function outputOf(command) {
  return (run(command, { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" }).stdout ?? "").trim();
}

function install() {
  if (outputOf("npm config get ignore-scripts") === "true") {
    fail(
      "npm is told to run no install scripts (ignore-scripts=true), and without them Node " + TOOL_NODE,
      "and the compiler's native parts are not installed. Allow them for this project:",
      "  npm_config_ignore_scripts=false npm run setup",
    );
  }
  console.log("setup: installing the packages of package-lock.json (about a minute, once)");
  const { status } = run(`npx --yes --package=node@${TOOL_NODE} -- npm ci --no-fund --no-audit`);
  if (status !== 0) fail("the packages could not be installed; npm says why above.");
  const version = outputOf("node --version");
  if (!version.startsWith(`v${TOOL_NODE}.`)) {
    fail(
      `Node ${TOOL_NODE} should be in node_modules/.bin, but the shell finds ${version || "none"}.`,
      "Its install script did not run. Allow the install scripts that package.json allows (allowScripts), and try again.",
    );
  }
}

function build() {
  console.log("setup: compiling the contracts");
  if (run("hardhat build --no-tests").status !== 0) fail("the contracts do not compile; the compiler says why above.");
}

if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
  fail(`Node ${OLDEST_NODE} or newer is needed; this is ${process.version}.`);
}

const packages = hashOf("package-lock.json");
const sources = hashOf("hardhat.config.ts", "package-lock.json", "contracts", "test/mocks");
const stamp = readStamp();

if (stamp.packages !== packages) {
  install();
  writeStamp({ packages });
}
if (stamp.packages !== packages || stamp.sources !== sources || !built.every((path) => existsSync(path))) {
  build();
  writeStamp({ packages, sources });
}
