// Replays a case of economic coercion on a ledger founded for it in this process. `npm start -- --help` tells the options.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { InputError } from "./lib/replay/csv.ts";
import { readEvents } from "./lib/replay/events.ts";
import { prepare } from "./lib/replay/input.ts";
import type { Prepared } from "./lib/replay/input.ts";
import { USAGE, readOptions } from "./lib/replay/options.ts";
import { Progress } from "./lib/replay/progress.ts";
import { reconcile } from "./lib/replay/reconcile.ts";
import { recordOf } from "./lib/replay/record.ts";
import type { ReplayRecord } from "./lib/replay/record.ts";
import { initialDate, replay } from "./lib/replay/replay.ts";
import { allianceLines, recordLines, reconciliationLines, titleLines } from "./lib/replay/report.ts";

function print(lines: string[]): void {
  for (const line of lines) console.log(line);
}

async function run({ input, comparisons }: Prepared): Promise<ReplayRecord> {
  // Hardhat starts slowly; what was asked for is checked before.
  const { default: hre } = await import("hardhat");
  print([...titleLines(input), ...allianceLines(input.alliance)]);
  const override = { initialDate: initialDate(input).toISOString() };
  const connection = await hre.network.create({ network: "default", override });
  let progress: Progress | undefined;
  try {
    const lived = await replay(connection, input, {
      founded: (_, from, until) => (progress = new Progress(from, until, process.stderr)),
      reached: (time) => progress?.reached(time),
    });
    progress?.stop();
    const events = await readEvents(lived.ledger);
    return await recordOf(lived, events, comparisons, await reconcile(lived.ledger, events));
  } finally {
    progress?.stop();
    await connection.close();
  }
}

function write(record: ReplayRecord, folder: string): void {
  const plain = (_key: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);
  writeFileSync(join(folder, "replay.json"), `${JSON.stringify(record, plain, 2)}\n`);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(USAGE);
  else {
    const record = await run(prepare(options));
    write(record, options.out);
    print([...recordLines(record), ...reconciliationLines(record.reconciliation)]);
    if (record.reconciliation.mismatches.length > 0) process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  for (const sentence of error.sentences) console.error(sentence);
  process.exitCode = 2;
}
