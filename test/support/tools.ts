import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { deskOver } from "../../scripts/lib/tools/desk.ts";
import type { Desk } from "../../scripts/lib/tools/desk.ts";
import type { Alliance } from "./alliance.ts";
import { speakersOf } from "./events.ts";
import { emptyFolder } from "./folders.ts";

/** Writes a CSV of these lines and tells its path. */
export function csvOf(...lines: string[]): string {
  const path = join(emptyFolder(), "given.csv");
  writeFileSync(path, lines.join("\n"));
  return path;
}

/** A desk over an alliance, and all that was said at it. */
export async function deskOf(a: Alliance): Promise<Desk & { said: string[] }> {
  const token = await a.ethers.getContractAt("IERC20", await a.token.getAddress());
  const said: string[] = [];
  const contracts = { ...speakersOf(a), token };
  return { ...(await deskOver(contracts, a.connection, (line) => said.push(line))), said };
}

/** What an act throws; undefined if it throws nothing. */
export async function thrownBy(act: Promise<unknown>): Promise<unknown> {
  try {
    await act;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The sentence with which an act fails, after the kind of its error. */
export const failureOf = async (act: Promise<unknown>): Promise<string> => String(await thrownBy(act));
