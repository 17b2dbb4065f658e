// A file that only one process at a time may write.
import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";

import { CannotCheck } from "../deployment/chain.ts";

/** Held by the file beside it that names its holder: the machine and the process on it. */
export class Lock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws {CannotCheck} if another holds it, and lives */
  static async take(path: string): Promise<Lock> {
    const lock = new Lock(`${path}.lock`);
    if (await lock.#create()) return lock;
    const holder = await lock.#holder();
    if (holder !== undefined && isGone(holder)) {
      await lock.release();
      if (await lock.#create()) return lock;
    }
    throw new CannotCheck(
      `the resume file ${path} is in use by another audit (${holder ?? "just ended"}); wait for it, or name another by ` +
        `--cache; if there is none, remove ${lock.#path}`,
    );
  }

  async release(): Promise<void> {
    await rm(this.#path, { force: true });
  }

  async #create(): Promise<boolean> {
    try {
      await writeFile(this.#path, `${HERE}${process.pid}`, { flag: "wx" });
      return true;
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    }
  }

  async #holder(): Promise<string | undefined> {
    try {
      return await readFile(this.#path, "utf8");
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }
}

const HERE = `${hostname()}, process `;

/** Whether it was a process of this machine that has ended. */
function isGone(holder: string): boolean {
  const pid = holder.startsWith(HERE) ? Number(holder.slice(HERE.length)) : NaN;
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
