// What is given on the command line: each reader takes the option's name and its text, and says what would be right.
import { getAddress } from "ethers";

import { toBytes3 } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import { InputError } from "../replay/csv.ts";
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

/** The amount in base units. @throws InputError if it is none above zero */
export function amountOf(option: string, text: string | undefined, money: Money): bigint {
  const units = text === undefined ? undefined : money.units(text);
  if (units !== undefined) return units;
  throw wrong(option, text, `an amount of ${money.symbol} above zero with at most ${money.decimals} decimals`);
}

/** A whole number from `least` on. @throws InputError if it is none */
export function wholeNumber(option: string, text: string | undefined, least = 1n): bigint {
  if (text !== undefined && /^\d{1,78}$/.test(text) && BigInt(text) >= least) return BigInt(text);
  throw wrong(option, text, `a whole number from ${least} on`);
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

function wrong(option: string, text: string | undefined, right: string): InputError {
  return new InputError(`${option}: ${text === undefined ? "missing" : `"${text}"`}; ${right} would be right.`);
}
