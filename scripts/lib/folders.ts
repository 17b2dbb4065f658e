// The folders into which people have something written.
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { InputError } from "./csv.ts";
import { failureOf } from "./failure.ts";

/**
 * Why nothing can be written into the folder, or into the one in which it would have to be made; undefined if it can. Tried
 * and not asked: below /proc nothing can be made whatever the rights say, and Node, told to make a folder and those above
 * it, tries for ever there.
 */
export function folderFault(folder: string): string | undefined {
  const wanted = resolve(folder);
  let nearest = wanted;
  while (!existsSync(nearest)) nearest = dirname(nearest);
  try {
    if (!statSync(nearest).isDirectory()) return `${nearest === wanted ? "it" : nearest} is not a folder`;
    rmdirSync(mkdtempSync(join(nearest, ".trial-")));
    return undefined;
  } catch (error) {
    return makingFailure(error);
  }
}

/** Makes the folder that an option names, and those above it. @throws InputError if it cannot be written into */
export function openFolder(folder: string, option = "--out"): void {
  let fault = folderFault(folder);
  try {
    if (fault === undefined) mkdirSync(folder, { recursive: true });
  } catch (error) {
    fault = makingFailure(error);
  }
  if (fault !== undefined) throw new InputError(cannotWrite(option, folder, fault));
}

export function cannotWrite(option: string, path: string, why: string): string {
  return `${option}: cannot write into ${path}: ${why}`;
}

function makingFailure(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "EEXIST" ? "no folder can be made there" : failureOf(error);
}
