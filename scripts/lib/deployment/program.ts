// What the scripts have in common: they are Hardhat tasks, and run by `hardhat run` or `node` as well.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { HELP, readArguments, runProgram } from "../command-line.ts";
import { InputError } from "../csv.ts";
import type { Choices } from "./deploy.ts";
import { CannotCheck, messageOf } from "./chain.ts";
import type { Connection } from "./chain.ts";
import { connect } from "./connection.ts";
import type { Access } from "./connection.ts";
import { InvalidInput } from "./input.ts";
import { linesOf, verifyWiring } from "./wiring.ts";
import type { Deployment } from "./evidence.ts";

export const EXIT_DIFFERENT = 1;
export const EXIT_UNCHECKED = 2;

const USAGE = `  --network NAME        the network (default: default)
  --parameters FILE     JSON5 file of parameters (default: deploy/parameters/<network>.json5)
  --founding FILE       JSON5 file of the founding (default: deploy/parameters/founding.<network>.json5)
  --deployment-id NAME  name of the deployment's folder (default: chain-<chain id>)`;

const OPTIONS = {
  ...HELP,
  network: { type: "string", right: "a network of hardhat.config.ts" },
  parameters: { type: "string", right: "a JSON5 file" },
  founding: { type: "string", right: "a JSON5 file" },
  "deployment-id": { type: "string", right: "the name of a folder" },
} as const;

type ProgramChoices = Choices & { network?: string };

/** Acts if the script was named on the command line, and not only loaded by a task; `hardhat run` has read its own options. */
export async function runScript(
  moduleUrl: string,
  act: (choices: ProgramChoices, hre: HardhatRuntimeEnvironment) => Promise<void>,
): Promise<void> {
  const [program, ...others] = process.argv.slice(1).map((argument) => resolve(argument));
  const script = fileURLToPath(moduleUrl);
  const start = async (choices: ProgramChoices) => act(choices, (await import("hardhat")).default);
  if (program === script) await runProgram(USAGE, readChoices, start);
  else if (others.includes(script)) await start({});
}

/** @throws InputError that tells all that cannot be used */
export function readChoices(args: string[]): ProgramChoices & { help: boolean } {
  const problems: string[] = [];
  const { "deployment-id": deploymentId, ...read } = readArguments(args, OPTIONS, problems);
  if (problems.length > 0) throw new InputError(...problems);
  return { ...read, ...(deploymentId === undefined ? {} : { deploymentId }) };
}

/** Connects, acts and closes; what a person can mend is told in words, and decides the exit code, else `otherwise`. */
export async function run(
  hre: HardhatRuntimeEnvironment,
  network: string | undefined,
  act: (connection: Connection) => Promise<number>,
  { otherwise = EXIT_DIFFERENT, ...access }: Access & { otherwise?: number } = {},
): Promise<void> {
  try {
    const connection = await connect(hre, network, access);
    try {
      process.exitCode = await act(connection);
    } finally {
      await connection.close();
    }
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = error instanceof CannotCheck ? EXIT_UNCHECKED : otherwise;
    if (!(error instanceof CannotCheck) && !(error instanceof InvalidInput) && process.env["DEBUG"])
      console.error(error);
  }
}

/** Proves the wiring of a deployment, check by check. */
export async function prove(
  hre: HardhatRuntimeEnvironment,
  connection: Connection,
  deployment: Deployment,
): Promise<number> {
  const checks = await verifyWiring(connection, hre.artifacts, deployment);
  console.log(linesOf(checks).join("\n"));
  return checks.every(({ holds }) => holds) ? 0 : EXIT_DIFFERENT;
}
