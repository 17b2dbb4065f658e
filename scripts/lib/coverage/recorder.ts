// Writes down what tests do to the chains in this process, one file of steps for each connection: Hardhat loads it as the handlers
// of a plugin. RECORD_CHAINS names the folder, RECORD_TESTS by a pattern the files of tests whose connections count.
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import type { HookContext, NetworkHooks } from "hardhat/types/hooks";

import { Chronicle } from "./chronicle.ts";
import type { Build } from "./creations.ts";

const FOLDER = process.env["RECORD_CHAINS"] ?? "";
const TESTS = new RegExp(process.env["RECORD_TESTS"] ?? "");
const OURS = "contracts/";
/** So many lines are kept before they are written. */
const LINES_KEPT = 1_000;

async function buildsOf({ artifacts }: HookContext): Promise<Build[]> {
  const names = [...(await artifacts.getAllFullyQualifiedNames())].filter((name) => name.startsWith(OURS));
  const all = await Promise.all(names.map((name) => artifacts.readArtifact(name)));
  return all
    .map(({ sourceName, contractName, bytecode }) => ({ artifact: `${sourceName}:${contractName}`, bytecode }))
    .filter(({ bytecode }) => bytecode !== "0x");
}

/** The file of tests that is opening a connection just now. */
function openingTest(): string {
  return /\btest\/\S+?\.test\.ts/.exec(new Error().stack ?? "")?.[0] ?? "";
}

export default async function handlers(): Promise<Partial<NetworkHooks>> {
  mkdirSync(FOLDER, { recursive: true });
  const chronicles = new Map<number, Chronicle>();
  let builds: Promise<Build[]> | undefined;
  const write = (connection: number, chronicle: Chronicle) => {
    appendFileSync(join(FOLDER, `${connection}.steps`), chronicle.take());
  };
  process.on("exit", () => {
    for (const [connection, chronicle] of chronicles) write(connection, chronicle);
  });

  return Promise.resolve({
    async newConnection(context, next) {
      const test = openingTest();
      const connection = await next(context);
      if (connection.networkConfig.type === "edr-simulated" && TESTS.test(test)) {
        builds ??= buildsOf(context);
        chronicles.set(connection.id, new Chronicle(test, await builds));
      }
      return connection;
    },

    async onRequest(context, connection, request, next) {
      const chronicle = chronicles.get(connection.id);
      if (chronicle === undefined) return next(context, connection, request);
      const response = await chronicle.follow(request, (asked) => next(context, connection, asked));
      if (chronicle.size > LINES_KEPT) write(connection.id, chronicle);
      return response;
    },
  });
}
