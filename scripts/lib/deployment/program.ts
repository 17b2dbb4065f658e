// What the scripts have in common: they are Hardhat tasks, and run by `hardhat run` or `node` as well.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

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

/** Whether the file was named on the command line, and not only loaded by a task. */
export function isProgram(moduleUrl: string): boolean {
  return process.argv.slice(1).some((argument) => resolve(argument) === fileURLToPath(moduleUrl));
}

/** The choices of a command line that no task has read. */
export function choicesOf(argv: string[]): Choices & { network?: string } {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: argv,
    strict: false,
    options: { network: text, parameters: text, founding: text, "deployment-id": text },
  });
  const given = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  const entries = { network: "network", parameters: "parameters", founding: "founding", deploymentId: "deployment-id" };
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, name]) => (given(name) === undefined ? [] : [[key, given(name)]])),
  );
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
