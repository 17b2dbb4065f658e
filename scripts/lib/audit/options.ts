// What the command line asks for.
import { CannotCheck } from "../deployment/chain.ts";
import { formatsOf } from "../export/formats.ts";
import type { Format } from "../export/formats.ts";

/** As the task hands them over: an option that is not given is empty. */
export interface AuditChoices {
  council?: string;
  market?: string;
  measures?: string;
  distributor?: string;
  deploymentId?: string;
  from?: string;
  block?: string;
  blockHash?: string;
  proof?: boolean;
  receipts?: boolean;
  secondRpc?: string;
  cache?: string;
  json?: boolean;
  export?: string;
  out?: string;
}

/** The options that are numbers, checked. */
export function numberOf(name: string, given: string | undefined): number | undefined {
  const text = givenText(given);
  if (text === undefined) return undefined;
  const number = /^(\d+|0x[0-9a-fA-F]+)$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new CannotCheck(`--${name}: "${text}" is no block number; right would be digits, as 21000000`);
}

export function hashOption(name: string, given: string | undefined): string | undefined {
  const text = givenText(given);
  if (text === undefined || /^0x[0-9a-fA-F]{64}$/.test(text)) return text?.toLowerCase();
  throw new CannotCheck(`--${name}: "${text}" is no hash; right would be 0x and 64 hexadecimal digits`);
}

export function urlOption(name: string, given: string | undefined): string | undefined {
  const text = givenText(given);
  if (text === undefined || (URL.canParse(text) && /^https?:/.test(text))) return text;
  throw new CannotCheck(`--${name}: "${text}" is no address of a node; right would be like https://node.example`);
}

/** The formats to export in; undefined if nothing is to be exported. */
export function formatsOption(name: string, given: string | undefined): Format[] | undefined {
  if (given === undefined) return undefined;
  const problems: string[] = [];
  const formats = formatsOf(given, `--${name}`, problems);
  if (problems.length > 0) throw new CannotCheck(problems.join("\n"));
  return formats;
}

/** An option that is not given reaches a task as empty text. */
export function givenText(given: string | undefined): string | undefined {
  return given === "" ? undefined : given;
}
