// Measures what our operations cost beside what a treasury would use instead, and whether that stays as it is while the
// alliance grows. `npm run bench -- --help` tells the options.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { NOTES, asRecord, boundLines, holds, tableLines } from "./lib/bench/figures.ts";
import { growthLines, growthRecord, grown } from "./lib/bench/growth.ts";
import type { Growth } from "./lib/bench/growth.ts";
import { USAGE, readOptions } from "./lib/bench/options.ts";
import type { Options } from "./lib/bench/options.ts";
import { runProgram } from "./lib/command-line.ts";
import { openFolder } from "./lib/folders.ts";

function print(lines: string[]): void {
  for (const line of lines) console.log(line);
}

function notice(text: string): void {
  console.error(`bench: ${text}`);
}

async function bench({ scaling: dimensions, out }: Options): Promise<void> {
  openFolder(out);
  // Hardhat starts slowly; what was asked for is checked before.
  const { default: hre } = await import("hardhat");
  const { alone, decisions, money } = await import("../test/bench/compare.ts");
  const { scaling } = await import("../test/bench/scaling.ts");
  const connection = await hre.network.create();
  try {
    const { table, bounds } = await decisions(connection, notice);
    const tables = [table, await money(connection, notice), await alone(connection, notice)];
    print([...tables.flatMap(tableLines), "", ...NOTES, "", ...boundLines(bounds)]);
    const growths: Growth[] = [];
    for (const dimension of dimensions) {
      const growth = await scaling(connection, dimension, notice);
      growths.push(growth);
      print(growthLines(growth));
    }
    const record = { ...asRecord(tables, bounds), scaling: growths.map(growthRecord) };
    writeFileSync(join(out, "bench.json"), `${JSON.stringify(record, null, 2)}\n`);
    if (!bounds.every(holds) || growths.some((growth) => grown(growth).length > 0)) process.exitCode = 1;
  } finally {
    await connection.close();
  }
}

await runProgram(USAGE, readOptions, bench);
