// What is given on the command line: each reader takes the option's name and its text, and says what would be right.
import { readFileSync } from "node:fs";

import { getAddress, keccak256 } from "ethers";

import { toBytes3 } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import { InputError, dateOf, decimal } from "../csv.ts";
import { count } from "../format.ts";
import type { Desk } from "./desk.ts";
import type { Money } from "./money.ts";

/** What options are read by, each by a name of its own. */
type Readers = Record<string, () => unknown>;

/** Reads options, every one of them. @throws InputError that tells the faults of all at once */
export function readAll<Given extends Readers>(readers: Given): { [Name in keyof Given]: ReturnType<Given[Name]> } {
  const faults: string[] = [];
  const values = Object.entries(readers).map(([name, read]): [string, unknown] => {
    try {
      return [name, read()];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.push(...error.sentences);
      return [name, undefined];
    }
  });
  if (faults.length > 0) throw new InputError(...faults);
  return Object.fromEntries(values) as { [Name in keyof Given]: ReturnType<Given[Name]> };
}

/** An option that must be given, whatever it says. @throws InputError if it is not */
export function required(option: string, text: string | undefined): string {
  if (text !== undefined && text !== "") return text;
  throw new InputError(`${option}: missing.`);
}

/** Amounts are read up to here, in the token's units; what contracts hold of any token of 18 decimals goes further. */
const TOO_MUCH = 10n ** 15n;

/** The member's code as the contracts know it. @throws InputError if it is none */
export function memberCode(option: string, text: string | undefined): string {
  if (text !== undefined && /^[A-Z]{3}$/.test(text)) return toBytes3(text);
  throw wrong(option, text, "a code of three capital letters, like LTU,");
}

/** An amount in base units, its digits in threes if one likes. @throws InputError if it is none from `least` on */
export function amountOf(option: string, text: string | undefined, { symbol, decimals }: Money, least = 1n): bigint {
  const digits = text?.replaceAll(/[,_]/g, "") ?? "";
  const whole = /^(\d+)(\.\d+)?$/.exec(digits)?.[1];
  if (whole !== undefined && BigInt(whole) >= TOO_MUCH)
    throw wrong(option, text, `less than ${count(TOO_MUCH)} ${symbol}`);
  const units = decimal(digits.replace(/^0+(?=\d)/, ""), decimals);
  if (units !== undefined && units >= least) return units;
  const from = least === 0n ? "from 0 up" : "above zero";
  throw wrong(option, text, `an amount of ${symbol} ${from} with at most ${decimals} decimals`);
}

/** A whole number from `least` to `most`, which a contract can hold. @throws InputError if it is none */
export function wholeNumber(option: string, text: string | undefined, least = 1n, most = 2n ** 256n - 1n): bigint {
  const number = text !== undefined && /^\d{1,78}$/.test(text) ? BigInt(text) : undefined;
  if (number !== undefined && number > most) throw wrong(option, text, `at most ${count(most)}`);
  const range = most < 2n ** 64n ? `from ${count(least)} to ${count(most)}` : `from ${count(least)} on`;
  if (number === undefined || number < least) throw wrong(option, text, `a whole number ${range}`);
  return number;
}

/** An attack's number, which leaves room for that of a campaign. @throws InputError if it is none */
export function attackNumber(option: string, text: string | undefined): bigint {
  return wholeNumber(option, text, 1n, 2n ** 224n - 1n);
}

/** The account named by an option, or else the only one of the network. @throws InputError if it is open which */
export function senderOf(desk: Desk, option: string, text: string | undefined): string {
  if (text !== undefined) return addressOf(option, text);
  const [only, ...others] = desk.accounts;
  if (only !== undefined && others.length === 0) return only.address;
  if (only === undefined)
    throw wrong(option, text, "the account that sends; the network has none of its own, so that one");
  throw wrong(option, text, `one of the network's ${count(desk.accounts.length)} accounts`);
}

/** @throws InputError if the text is no address, or one with a wrong checksum */
export function addressOf(option: string, text: string | undefined): string {
  if (text === undefined || !/^0x[0-9a-fA-F]{40}$/.test(text)) {
    throw wrong(option, text, "an address, 0x and 40 hexadecimal digits,");
  }
  try {
    return getAddress(text);
  } catch {
    throw wrong(option, text, `${getAddress(text.toLowerCase())}, if it is the checksum that is wrong,`);
  }
}

/** Seconds since 1970 of a date or a time. @throws InputError if it is neither */
export function timeOf(option: string, text: string | undefined): bigint {
  const date = dateOf(text ?? "");
  if (date !== undefined) return BigInt(date);
  const [day = "", clock] = (text ?? "").split("T");
  const midnight = dateOf(day);
  if (midnight !== undefined && clock !== undefined && /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?Z$/.test(clock)) {
    return BigInt(Date.parse(`${day}T${clock}`) / 1000);
  }
  throw wrong(option, text, "a date like 2026-11-03, or a time like 2026-11-03T09:00Z,");
}

/** One of some words. @throws InputError if it is none of them */
export function choiceOf<Word extends string>(option: string, text: string | undefined, words: readonly Word[]): Word {
  const word = words.find((one) => one === text);
  if (word !== undefined) return word;
  throw wrong(option, text, `one of ${words.join(", ")}`);
}

/** The hash of a file's bytes, or the hash that is given. @throws InputError if it is neither */
export function evidenceHash(option: string, text: string | undefined): string {
  if (text !== undefined && /^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase();
  try {
    return keccak256(readFileSync(text ?? ""));
  } catch {
    throw wrong(option, text, "a file that can be read, or its hash,");
  }
}

function wrong(option: string, text: string | undefined, right: string): InputError {
  return new InputError(`${option}: ${text === undefined ? "missing" : `"${text}"`}; ${right} would be right.`);
}
