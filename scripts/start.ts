// Replays the history of an alliance on a ledger founded for it in this process. `npm start -- --help` tells the options.
import { register } from "tsx/esm/api";

import { resultLines } from "./lib/audit/report.ts";
import { exportLines } from "./lib/export/export.ts";
import type { Exported } from "./lib/export/export.ts";
import { runProgram } from "./lib/command-line.ts";
import { Progress } from "./lib/progress.ts";
import { readEvents } from "./lib/replay/events.ts";
import { prepare } from "./lib/replay/input.ts";
import type { ReplayInput } from "./lib/replay/input.ts";
import { USAGE, readOptions } from "./lib/replay/options.ts";
import type { Options } from "./lib/replay/options.ts";
import { lifeUpTo } from "./lib/replay/progress.ts";
import { reconcile } from "./lib/replay/reconcile.ts";
import type { ReplayRecord } from "./lib/replay/record.ts";
import { recordOf } from "./lib/replay/recorder.ts";
import { initialDate, replay } from "./lib/replay/replay.ts";
import type { Replay } from "./lib/replay/replay.ts";
import { detailOf, differs, openingLines, recordLines, reconciliationLines } from "./lib/replay/report.ts";
import { asJson, writeOutput } from "./lib/report/output.ts";

function print(lines: string[]): void {
  for (const line of lines) console.log(line);
}

/** What every audit of the replay's chain proves. */
const PROOFS = { proof: true, receipts: true };

interface Run {
  record: ReplayRecord;
  exported: Exported | undefined;
}

async function run(input: ReplayInput, options: Options): Promise<Run> {
  // Hardhat starts slowly; what was asked for is checked before.
  const { default: hre } = await import("hardhat");
  const override = { initialDate: initialDate(input).toISOString() };
  const connection = await hre.network.create({ network: "default", override });
  const progress = new Progress("replay");
  const reached = (time: number) => {
    progress.reached(...lifeUpTo(time, input.genesis, input.until));
  };
  try {
    const lived = await replay(connection, input, {
      founded: () => {
        reached(input.genesis);
      },
      reached,
    });
    reached(input.until);
    progress.stop();
    const events = await readEvents(lived.ledger);
    const record = await recordOf(lived, events, await reconcile(lived.ledger, events));
    const exported = await exportOf(lived, options);
    if (!options.audit) return { record, exported };
    // It brings the bindings, which take a while to load.
    register();
    const { auditReplay } = await import("./lib/audit/replayed.ts");
    return { record: { ...record, audit: await auditReplay(lived.ledger, PROOFS) }, exported };
  } finally {
    progress.stop();
    await connection.close();
  }
}

async function exportOf({ ledger }: Replay, options: Options): Promise<Exported | undefined> {
  if (options.export.length === 0) return undefined;
  // The generated bindings name their files as they would be once compiled, which Node itself does not find.
  const unregister = register();
  try {
    const { exportReplay } = await import("./lib/replay/export.ts");
    return await exportReplay(ledger, options);
  } finally {
    await unregister();
  }
}

async function start(options: Options): Promise<void> {
  const input = prepare(options);
  if (!options.json) print(openingLines(input));
  const { record, exported } = await run(input, options);
  await writeOutput(record, options);
  if (options.json) console.log(asJson(record));
  else {
    const lines = exported === undefined ? [] : ["", ...exportLines(exported)];
    print([...recordLines(record, detailOf(record, options.case)), ...lines]);
    print(reconciliationLines(record.reconciliation));
    if (record.audit !== undefined) print(["", ...resultLines(record.audit, PROOFS)]);
  }
  if (differs(record, exported)) process.exitCode = 1;
}

await runProgram(USAGE, readOptions, start);
