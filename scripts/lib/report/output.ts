import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { ReplayRecord } from "../replay/record.ts";
import { csvFiles } from "./csv.ts";
import { reportPage } from "./report.ts";

export function asJson(record: ReplayRecord): string {
  const plain = (_key: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);
  return JSON.stringify(record, plain, 2);
}

/** Writes all of the record into the folder: `replay.json`, `report.html` and `csv/*.csv`. */
export async function writeOutput(record: ReplayRecord, to: { out: string; charts: boolean }): Promise<void> {
  writeFileSync(join(to.out, "replay.json"), `${asJson(record)}\n`);
  // The chart library takes a while to load, so it is left alone where nothing is drawn.
  const draw = to.charts ? (await import("./draw.ts")).draw : undefined;
  writeFileSync(join(to.out, "report.html"), reportPage(record, draw));
  mkdirSync(join(to.out, "csv"), { recursive: true });
  for (const [name, text] of csvFiles(record)) writeFileSync(join(to.out, "csv", name), text);
}
