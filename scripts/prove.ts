// Proves what can be proved of the contracts, with solc's model checker and z3: `npm run prove -- --help` tells the options.
import { globSync, readFileSync, writeFileSync } from "node:fs";

import { HELP, readArguments, runProgram } from "./lib/command-line.ts";
import { InputError } from "./lib/csv.ts";
import { check } from "./lib/prove/checker.ts";
import { holds, statement, verdictOf } from "./lib/prove/verdict.ts";
import type { Expectations } from "./lib/prove/verdict.ts";
import { ask, z3Version } from "./lib/prove/z3.ts";

const PROOFS = "test/proofs/*.sol";
const LIST = "test/proofs/proofs.json";

const USAGE = `Proves what ${PROOFS} claims of the libraries, with solc's model checker and z3.

  npm run prove -- [--update]

  --update  writes the proofs that hold into ${LIST}

Exits 1 if a claim is wrong or a proof is lost; progress goes to standard error.`;

interface Options {
  help: boolean;
  update: boolean;
}

function readOptions(args: string[]): Options {
  const problems: string[] = [];
  const options = readArguments(args, { ...HELP, update: { type: "boolean", default: false } }, problems);
  if (problems.length > 0) throw new InputError(...problems);
  return options;
}

function prove({ update }: Options): void {
  const version = z3Version();
  if (version === undefined) {
    throw new InputError("npm run prove: z3 is not installed; on Debian and Ubuntu `apt-get install z3` installs it.");
  }
  console.error(`prove: solc's model checker with ${version}`);

  const expected = JSON.parse(readFileSync(LIST, "utf8")) as Expectations;
  const findings = globSync(PROOFS)
    .sort()
    .flatMap((file) => {
      const begun = Date.now();
      const found = check(file, ask);
      const proved = found.filter(({ verdict }) => verdict === "proved").length;
      const seconds = Math.round((Date.now() - begun) / 1000);
      console.error(`prove: ${file}: ${proved} of ${found.length} claims proved in ${seconds} s`);
      return found;
    });
  const verdict = verdictOf(findings, expected);
  for (const line of statement(verdict, expected)) console.log(line);

  if (update && verdict.refuted.size === 0) {
    const list: Expectations = { proved: [...verdict.proved.keys()], open: expected.open };
    writeFileSync(LIST, `${JSON.stringify(list, null, 2)}\n`);
  } else if (!holds(verdict)) {
    process.exitCode = 1;
  }
}

await runProgram(USAGE, readOptions, prove);
