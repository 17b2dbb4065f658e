#!/usr/bin/env node
// The compiler of the package `solc` behind the two options of the native one that forge uses, so that forge downloads none.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { compileWithin } from "./stack.ts";

const solc = createRequire(import.meta.url)("solc") as { version(): string; compile(input: string): string };
const options = process.argv.slice(2);

if (options.includes("--version")) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else if (options.includes("--standard-json")) {
  process.stdout.write(compileWithin(readFileSync(0, "utf8"), (input) => solc.compile(input)));
} else {
  console.error("Only --version and --standard-json are answered here; compile with `hardhat build` instead.");
  process.exitCode = 2;
}
