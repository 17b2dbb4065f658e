import { InputError } from "./csv.ts";

/**
 * Runs a program with the arguments it was given: tells its usage, or does what was asked for. What is wrong with the input
 * goes to standard error, with exit code 2.
 */
export async function runProgram<Options extends { help: boolean }>(
  usage: string,
  readOptions: (args: string[]) => Options,
  run: (options: Options) => Promise<void>,
): Promise<void> {
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
