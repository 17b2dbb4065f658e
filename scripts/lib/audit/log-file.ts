// Logs that have been read, in a file, so that an audit needs little memory and goes on where one before it stopped.
//
// A line a log, and after the logs of a range of blocks a line about the range. Its digest covers all lines before it,
// so that a damaged file is noticed. A range that was not finished is read again.
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, open, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";

import { CannotCheck, messageOf } from "../deployment/chain.ts";
import { cannotWrite, folderFault } from "../folders.ts";
import { isFields, shown } from "../deployment/input.ts";
import { Lock } from "./lock.ts";
import { inOrder } from "../node/logs.ts";
import type { Log, TimedLog } from "../node/logs.ts";

/** What the logs in a file are of. */
export interface Subject {
  chainId: string;
  /** Address by name. */
  contracts: Record<string, string>;
  firstBlock: number;
}

/** A range of blocks whose logs have been read. */
export interface Range {
  from: number;
  to: number;
  /** Hash of its last block. */
  hash: string;
  /** How many logs it has. */
  count: number;
  /** How many the fullest single answer held. */
  largest: number;
  /** Number and block of the last journal entry up to its end. */
  entry: { seq: number; block: number };
  /** What was wrong with the node's answers, in sentences. */
  faults: string[];
}

interface Kept extends Range {
  digest: string;
  /** Where its lines end in the file. */
  end: number;
}

const FORMAT = "crisis-insurance-fund logs 1";
/** How many logs are handed on at once. */
const BATCH = 2_000;

export class LogFile {
  readonly path: string;
  readonly #subject: Subject;
  readonly #head: string;
  #ranges: Kept[] = [];
  #handle: FileHandle | undefined;
  #lock: Lock | undefined;

  private constructor(path: string, subject: Subject) {
    this.path = path;
    this.#subject = subject;
    this.#head = `${JSON.stringify({ format: FORMAT, ...subject })}\n`;
  }

  /**
   * Opens a file, or begins one. Until it is closed no other audit can.
   * @throws {CannotCheck} if it is damaged, is of other contracts, or is in use
   */
  static async open(path: string, subject: Subject): Promise<LogFile> {
    const file = new LogFile(path, subject);
    try {
      const fault = folderFault(dirname(path));
      if (fault !== undefined) throw new CannotCheck(cannotWrite("--cache", dirname(path), fault));
      await mkdir(dirname(path), { recursive: true });
      if (existsSync(path) && !(await stat(path)).isFile())
        throw new CannotCheck(`${path} is no file; name another by --cache`);
      file.#lock = await Lock.take(path);
      if (existsSync(path)) await file.#survey();
      else await file.#begin();
      file.#handle = await open(path, "a");
    } catch (error) {
      await file.close();
      if (error instanceof CannotCheck) throw error;
      throw new CannotCheck(`the resume file ${path} cannot be used: ${messageOf(error)}; name another by --cache`);
    }
    return file;
  }

  get ranges(): readonly Range[] {
    return this.#ranges;
  }

  /** The last block whose logs it has; the one before the first if it has none. */
  get lastBlock(): number {
    return this.#ranges.at(-1)?.to ?? this.#subject.firstBlock - 1;
  }

  async append(range: Range, logs: readonly TimedLog[]): Promise<void> {
    const lines = logs.map(lineOf).join("");
    const { digest, end } = this.#ranges.at(-1) ?? this.#start();
    const now = digestOf(digest, lines, JSON.stringify(range));
    const closing = `${JSON.stringify({ ...range, digest: now })}\n`;
    try {
      await this.#writing().appendFile(lines + closing);
    } catch (error) {
      throw new CannotCheck(`the resume file ${this.path} cannot be written: ${messageOf(error)}`);
    }
    this.#ranges.push({ ...range, digest: now, end: end + Buffer.byteLength(lines) + Buffer.byteLength(closing) });
  }

  /** Forgets all but the first ranges. */
  async keep(count: number): Promise<void> {
    if (count >= this.#ranges.length) return;
    this.#ranges = this.#ranges.slice(0, count);
    await truncate(this.path, (this.#ranges.at(-1) ?? this.#start()).end);
  }

  /** Every log up to a block, in order, some at a time; from the beginning of a range, if one begins at `from`. */
  async *logs(until: number, from = 0): AsyncGenerator<TimedLog[]> {
    let batch: TimedLog[] = [];
    const before = this.#ranges.findLast((range) => range.to < from) ?? this.#start();
    for await (const line of linesOf(this.path, before.end)) {
      if (line.startsWith("{")) continue;
      const log = logOf(line);
      if (log.block > until) break;
      batch.push(log);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
    await this.#lock?.release();
    this.#lock = undefined;
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
  }

  #start(): { digest: string; end: number } {
    return { digest: digestOf(this.#head), end: Buffer.byteLength(this.#head) };
  }

  #writing(): FileHandle {
    if (this.#handle === undefined) throw new Error(`${this.path} is closed`);
    return this.#handle;
  }

  /** A stop leaves the whole first line, or no file. */
  async #begin(): Promise<void> {
    const begun = `${this.path}.new`;
    await writeFile(begun, this.#head);
    await rename(begun, this.path);
  }

  /** Reads the whole file once: every digest must be right. A range without its end is cut off. */
  async #survey(): Promise<void> {
    let number = 0;
    let end = 0;
    let hash = createHash("sha256");
    let places: Place[] = [];
    let { digest } = this.#start();
    const damaged = (what: string) =>
      new CannotCheck(
        `the resume file ${this.path} is damaged in line ${number} (${what}); remove it to read all anew`,
      );
    const { size } = await stat(this.path);
    for await (const line of linesOf(this.path)) {
      number += 1;
      end += Buffer.byteLength(line) + 1;
      if (number === 1) {
        if (`${line}\n` !== this.#head) throw this.#foreign(line);
        hash.update(digest);
        continue;
      }
      // A line without its end was cut short by a stop, and belongs to a range that was not finished.
      if (end > size) break;
      if (!line.startsWith("{")) {
        hash.update(`${line}\n`);
        const place = placeOf(line);
        const before = places.at(-1);
        if (place === undefined) throw damaged("no log");
        if (before !== undefined && inOrder(before, place) >= 0) throw damaged("its place is not after the one before");
        places.push(place);
        continue;
      }
      const kept = rangeOf(line);
      if (kept === undefined) throw damaged("no JSON");
      const { digest: claimed, ...range } = parsed(line) ?? {};
      digest = hash.update(JSON.stringify(range)).digest("hex");
      if (claimed !== digest || kept.count !== places.length)
        throw damaged("its digest is not that of the lines before");
      if (kept.from !== this.lastBlock + 1 || kept.to < kept.from) throw damaged("its blocks do not follow");
      const [first = kept.from, last = kept.to] = [places[0]?.block, places.at(-1)?.block];
      if (first < kept.from || last > kept.to) throw damaged("a log before is of none of its blocks");
      this.#ranges.push({ ...kept, end });
      hash = createHash("sha256").update(digest);
      places = [];
    }
    if (number === 0) throw new CannotCheck(`the resume file ${this.path} is empty; remove it to read all anew`);
    await truncate(this.path, (this.#ranges.at(-1) ?? this.#start()).end);
  }

  #foreign(line: string): CannotCheck {
    const given = parsed(line);
    if (given?.["format"] !== FORMAT) {
      return new CannotCheck(`${this.path} is no resume file of this audit; name another by --cache, or remove it`);
    }
    return new CannotCheck(`the resume file ${this.path} ${this.#otherThan(given)}; name another by --cache`);
  }

  #otherThan({ chainId, contracts, firstBlock }: Record<string, unknown>): string {
    if (chainId !== this.#subject.chainId) return "is of another chain";
    const theirs = isFields(contracts) ? contracts : {};
    const other = Object.entries(this.#subject.contracts).find(([name, address]) => theirs[name] !== address);
    if (other === undefined) return `begins with block ${String(firstBlock)}, not ${this.#subject.firstBlock}`;
    const [name, address] = other;
    return `has ${shown(theirs[name])} as the ${name}, not ${address}`;
  }
}

function lineOf({ block, index, transaction, address, time, data, topics }: TimedLog): string {
  return `${JSON.stringify([block, index, transaction, address, time, data, ...topics])}\n`;
}

function logOf(line: string): TimedLog {
  const [block, index, transaction, address, time, data, ...topics] = JSON.parse(line) as [
    number,
    number,
    string,
    string,
    number,
    string,
    ...string[],
  ];
  return { block, index, transaction, address, time, data, topics };
}

type Place = Pick<Log, "block" | "index">;

/** How a line of a log must look: its place, transaction, contract, time, data and topics. */
const LOG_LINE = /^\[(\d+),(\d+),"[^"\\]*","[^"\\]*",\d+(?:,"[^"\\]*")+\]$/;

/** Where the log of a line stands; undefined if it is none. */
function placeOf(line: string): Place | undefined {
  const found = LOG_LINE.exec(line);
  return found === null ? undefined : { block: Number(found[1]), index: Number(found[2]) };
}

function digestOf(...texts: string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text);
  return hash.digest("hex");
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What a closing line tells; its shape is vouched for by its digest, which is checked next. */
function rangeOf(line: string): Kept | undefined {
  const fields = parsed(line);
  return typeof fields?.["digest"] === "string" ? ({ ...fields, end: 0 } as unknown as Kept) : undefined;
}

async function* linesOf(path: string, start = 0): AsyncGenerator<string> {
  const stream = createReadStream(path, { start, highWaterMark: 1 << 20 });
  try {
    yield* createInterface({ input: stream, crlfDelay: Infinity });
  } finally {
    stream.destroy();
  }
}
