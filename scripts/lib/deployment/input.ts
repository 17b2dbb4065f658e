// Reading files that people write: every problem is collected, and all are told at once.
import { readFile } from "node:fs/promises";

import { ZeroAddress, getAddress } from "ethers";
import JSON5 from "json5";

import { CannotCheck } from "./chain.ts";

export type Fields = Record<string, unknown>;

/** What a person has to mend before anything is sent. */
export class InvalidInput extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      [`${problems.length} ${problems.length === 1 ? "problem" : "problems"}; nothing was sent:`, ...problems].join(
        "\n  ",
      ),
    );
    this.problems = problems;
  }
}

/** Reads values by name and notes what is wrong with them. A wrong value is replaced, so that reading goes on. */
export class Reader {
  readonly problems: string[];

  constructor(problems: string[]) {
    this.problems = problems;
  }

  /** An integer in base units, seconds or ppm: a JSON number, or text of digits with underscores and a final n allowed. */
  integer(name: string, value: unknown, least: bigint, most: bigint, unit: string): bigint {
    const range = `an integer from ${grouped(least)} to ${grouped(most)} ${unit}`;
    const number = toInteger(value);
    if (number === undefined) {
      this.problems.push(`${name}: ${isMissing(value) ? "missing" : shown(value)}; right would be ${range}`);
      return least;
    }
    if (number < least || number > most) {
      this.problems.push(`${name}: ${grouped(number)} is out of bounds; right would be ${range}`);
    }
    return number;
  }

  address(name: string, value: unknown, use: string): string {
    if (isMissing(value)) this.problems.push(`${name}: missing; right would be the address of ${use}`);
    else if (typeof value !== "string" || !/^0x[0-9a-fA-F]{40}$/.test(value)) {
      this.problems.push(`${name}: ${shown(value)} is no address; right would be 0x and 40 hexadecimal digits`);
    } else if (value === ZeroAddress) {
      this.problems.push(`${name}: the zero address; right would be the address of ${use}`);
    } else {
      try {
        return getAddress(value);
      } catch {
        this.problems.push(`${name}: ${value} has a wrong checksum; right would be ${getAddress(value.toLowerCase())}`);
      }
    }
    return ZeroAddress;
  }

  code(name: string, value: unknown): string {
    if (typeof value === "string" && /^[A-Z]{3}$/.test(value)) return value;
    this.problems.push(`${name}: ${shown(value)} is no code; right would be three capital letters, ISO 3166-1 alpha-3`);
    return "";
  }

  hash(name: string, value: unknown, of: string): string {
    if (typeof value === "string" && /^0x[0-9a-fA-F]{64}$/.test(value) && !/^0x0+$/.test(value))
      return value.toLowerCase();
    this.problems.push(
      `${name}: ${isMissing(value) ? "missing" : shown(value)}; right would be the hash of ${of}, 0x and 64 hexadecimal digits, not zero`,
    );
    return "0x" + "00".repeat(32);
  }

  list(name: string, value: unknown): Fields[] {
    if (Array.isArray(value) && value.every(isFields)) return value;
    this.problems.push(
      `${name}: ${isMissing(value) ? "missing" : shown(value)}; right would be a list of entries in braces`,
    );
    return [];
  }

  /** Names what nobody reads, which often is a misspelling. */
  known(where: string, fields: Fields, names: readonly string[]): void {
    for (const name of Object.keys(fields)) {
      if (!names.includes(name)) {
        this.problems.push(`${where}${name}: unknown; right would be one of ${names.join(", ")}`);
      }
    }
  }
}

export async function readJson5(path: string): Promise<Fields> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    throw new InvalidInput([`${path}: cannot be read; right would be the path of a JSON5 file`]);
  }
  try {
    const value: unknown = JSON5.parse(text);
    if (isFields(value)) return value;
  } catch (error) {
    throw new InvalidInput([`${path}: ${error instanceof Error ? error.message : String(error)}`]);
  }
  throw new InvalidInput([`${path}: right would be an object in braces`]);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** An address of the command line. */
export function addressGiven(option: string, given: string, use: string): string {
  const problems: string[] = [];
  const address = new Reader(problems).address(option, given, use);
  if (problems[0] !== undefined) throw new CannotCheck(problems[0]);
  return address;
}

export function shown(value: unknown): string {
  if (value === undefined) return "missing";
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? inner.toString() : inner));
}

/** A number with its digits in threes. */
export function grouped(value: bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

function toInteger(value: unknown): bigint | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== "string" || !/^\d+(_\d+)*n?$/.test(value)) return undefined;
  return BigInt(value.replace(/[_n]/g, ""));
}
