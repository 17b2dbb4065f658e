// Writes README's table of who may call what from the data that the tests try.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { readHelp, runProgram } from "./lib/command-line.ts";
import { withPermissions } from "./lib/permissions/readme.ts";

const USAGE = `Writes README's table of who may call what, from the data that test/adversarial/permissions.test.ts tries.

  node scripts/permissions.ts`;

const README = fileURLToPath(new URL("../README.md", import.meta.url));

async function write(): Promise<void> {
  const before = await readFile(README, "utf8");
  const after = await withPermissions(before, README);
  if (after !== before) await writeFile(README, after);
  console.log(after === before ? "README.md has the table as it is." : "README.md: the table was written.");
}

await runProgram(USAGE, readHelp, write);
