// Lives through many years of a whole alliance and checks the invariants. `npm run simulate -- --help` tells the options.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { register } from "tsx/esm/api";

import { runProgram } from "./lib/command-line.ts";
import { InputError } from "./lib/csv.ts";
import { failureOf } from "./lib/failure.ts";
import { cannotWrite, openFolder } from "./lib/folders.ts";
import { count } from "./lib/format.ts";
import { Progress } from "./lib/progress.ts";
import { asJson, checksIn, recordLines, verdictLines } from "./lib/simulation/lines.ts";
import { networkFor, spareTheNode } from "./lib/simulation/node.ts";
import { USAGE, readOptions } from "./lib/simulation/options.ts";
import type { Options } from "./lib/simulation/options.ts";
import { readSimulation } from "./lib/simulation/parameters.ts";
import type { SimulationParameters } from "./lib/simulation/parameters.ts";
import { pricesOf } from "./lib/simulation/prices.ts";
import { recordOf } from "./lib/simulation/record.ts";
import type { Simulation } from "./lib/simulation/simulation.ts";

async function run(options: Options, parameters: SimulationParameters): Promise<Simulation> {
  // The generated bindings name their files as they would be once compiled, which Node itself does not find.
  const unregister = register();
  spareTheNode();
  // Hardhat starts slowly; what was asked for is checked before.
  const { default: hre } = await import("hardhat");
  const { simulate } = await import("./lib/simulation/simulation.ts");
  const progress = new Progress("simulate");
  const connection = await hre.network.create({ network: "default", override: networkFor(parameters) });
  try {
    return await simulate(connection, options, parameters, {
      founded: (gas) => {
        progress.notice(`${options.members} members founded with ${count(gas)} gas`);
      },
      audited: (audit) => {
        const { year, events, broken } = audit;
        const found = broken.length === 0 ? "all hold" : `${count(broken.length)} broken`;
        const text = `${year} of ${options.years}, ${count(events)} events, ${count(checksIn([audit]))} checks, ${found}`;
        progress.reached("living through the years", year, options.years, text);
      },
    });
  } finally {
    progress.stop();
    await connection.close();
    await unregister();
  }
}

async function start(options: Options): Promise<void> {
  const parameters = readSimulation(options.parameters);
  const prices = pricesOf(parameters.Prices, options);
  openFolder(options.out);
  const record = recordOf(await run(options, parameters), options, prices);
  for (const line of recordLines(record)) console.log(line);
  write(join(options.out, "simulation.json"), `${asJson(record)}\n`);
  const broken = record.invariants.years.some((year) => year.broken.length > 0);
  console.log();
  for (const line of verdictLines(record)) console.log(line);
  if (broken) process.exitCode = 1;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new InputError(cannotWrite("--out", file, failureOf(error)));
  }
}

await runProgram(USAGE, readOptions, start);
