// What is given on the command line: each reader takes the option's name and its text, and says what would be right.
import { getAddress } from "ethers";

import { toBytes3 } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import { InputError, dateOf, decimal } from "../csv.ts";
import type { Desk } from "./desk.ts";
import type { Money } from "./money.ts";

/** The options that must be given, which are then known to be. @throws InputError that names those that are not */
export function required<Name extends string>(
  given: Partial<Record<Name, string | undefined>>,
  ...names: Name[]
): Record<Name, string> {
  const missing = names.filter((name) => given[name] === undefined || given[name] === "");
  if (missing.length > 0) throw new InputError(...missing.map((name) => `--${name}: missing.`));
  return given as Record<Name, string>;
}

/** The member's code as the contracts know it. @throws InputError if it is none */
export function memberCode(option: string, text: string | undefined): string {
  if (text !== undefined && /^[A-Z]{3}$/.test(text)) return toBytes3(text);
  throw wrong(option, text, "a code of three capital letters, like LTU,");
}

/** An amount in base units, its digits in threes if one likes. @throws InputError if it is none from `least` on */
export function amountOf(option: string, text: string | undefined, { symbol, decimals }: Money, least = 1n): bigint {
  const units = text === undefined ? undefined : decimal(text.replaceAll(/[,_]/g, ""), decimals);
  if (units !== undefined && units >= least) return units;
  const from = least === 0n ? "from 0 up" : "above zero";
  throw wrong(option, text, `an amount of ${symbol} ${from} with at most ${decimals} decimals`);
}

/** A whole number from `least` on that a contract can hold. @throws InputError if it is none */
export function wholeNumber(option: string, text: string | undefined, least = 1n, most = 2n ** 256n - 1n): bigint {
  const number = text !== undefined && /^\d{1,78}$/.test(text) ? BigInt(text) : undefined;
  if (number === undefined || number < least) throw wrong(option, text, `a whole number from ${least} on`);
  if (number > most) throw wrong(option, text, `at most ${most}`);
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
  throw wrong(option, text, `one of the network's ${desk.accounts.length} accounts`);
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
export function timeOf(option: string, text: string): bigint {
  const date = dateOf(text);
  if (date !== undefined) return BigInt(date);
  const [day = "", clock] = text.split("T");
  const midnight = dateOf(day);
  if (midnight !== undefined && clock !== undefined && /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?Z$/.test(clock)) {
    return BigInt(Date.parse(text) / 1000);
  }
  throw wrong(option, text, "a date like 2026-11-03, or a time like 2026-11-03T09:00Z,");
}

function wrong(option: string, text: string | undefined, right: string): InputError {
  return new InputError(`${option}: ${text === undefined ? "missing" : `"${text}"`}; ${right} would be right.`);
}
