// What the programs are given on the command line, and how they end.
import { parseArgs } from "node:util";
import type { ParseArgsOptionDescriptor } from "node:util";

import { InputError } from "./csv.ts";

/** An option as `parseArgs` takes it; with `right`, what is told where its value is missing: "a folder". */
export interface Option extends ParseArgsOptionDescriptor {
  right?: string;
}

interface Parsing<Known extends Record<string, Option>> {
  args: string[];
  options: Known;
  tokens: true;
}

type Parsed<Known extends Record<string, Option>> = ReturnType<typeof parseArgs<Parsing<Known>>>["values"];

/** What every program takes beside its own options. */
export const HELP = { help: { type: "boolean", short: "h", default: false } } as const;

/**
 * The values of options. One that is given twice, or with nothing as its value, is added to `problems`, and reading goes on
 * with the first, or with its default.
 * @throws InputError if there is something else than these options, or one without its value
 */
export function readArguments<const Known extends Record<string, Option>>(
  args: readonly string[],
  options: Known,
  problems: string[],
): Parsed<Known> {
  const { values, tokens } = parsed({ args: withNumbers(args), options, tokens: true });
  const read: Record<string, unknown> = { ...values };
  const given = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { name, value } = token;
    const option = options[name];
    if (option === undefined || option.multiple === true) continue;
    if (given.has(name)) {
      if (!problems.includes(twice(name))) problems.push(twice(name));
      continue;
    }
    given.add(name);
    read[name] = value ?? true;
    if (value !== "") continue;
    problems.push(nothingGiven(name, option));
    read[name] = option.default;
  }
  return read as Parsed<Known>;
}

/** The options of a program that takes none but `HELP`. @throws InputError if it is given something else */
export function readHelp(args: readonly string[]): { help: boolean } {
  const problems: string[] = [];
  const { help } = readArguments(args, HELP, problems);
  if (problems.length > 0) throw new InputError(...problems);
  return { help };
}

function parsed<Known extends Record<string, Option>>(parsing: Parsing<Known>) {
  try {
    return parseArgs(parsing);
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    const [, name] = /^Option '(?:-\w, )?--([\w-]+)(?: <value>)?' argument (?:missing|is ambiguous)/.exec(reason) ?? [];
    if (name !== undefined) throw new InputError(nothingGiven(name, parsing.options[name]));
    throw new InputError(`${reason.replace(/\.$/, "")}; --help lists the options.`);
  }
}

const twice = (name: string) => `--${name}: given more than once; once would be right.`;

function nothingGiven(name: string, { right }: Partial<Option> = {}): string {
  return `--${name}: nothing is given${right === undefined ? "" : `; ${right} would be right`}.`;
}

/** A number below zero is the value of the option before it, though it looks like an option. */
function withNumbers(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1);
    if (/^-\d/.test(arg) && before !== undefined && /^--[^=]+$/.test(before)) joined.push(`${joined.pop()}=${arg}`);
    else joined.push(arg);
  }
  return joined;
}

/**
 * Runs a program with the arguments it was given: tells its usage, or does what was asked for. What is wrong with the input
 * goes to standard error, with exit code 2. Whoever stops reading what is printed, as `head` does, stops nothing else.
 */
export async function runProgram<Options extends { help: boolean }>(
  usage: string,
  readOptions: (args: string[]) => Options,
  run: (options: Options) => Promise<void> | void,
): Promise<void> {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    const options = readOptions(process.argv.slice(2));
    if (options.help) console.log(usage);
    else await run(options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    for (const sentence of error.sentences) console.error(sentence);
    process.exitCode = 2;
  }
}
