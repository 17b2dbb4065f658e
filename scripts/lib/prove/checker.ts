// Runs solc's model checker over one file of proofs.
import { existsSync, readFileSync } from "node:fs";

import solc from "solc";

import { errorsOf, findingsOf } from "./messages.ts";
import type { Finding, Message } from "./messages.ts";

/** Assembly says nothing to the checker: what OpenZeppelin writes with it is assumed to do what it documents. */
const ASSUMED = new Map([["@openzeppelin/contracts/utils/math/Math.sol", "test/proofs/assumed/Math.sol"]]);

const TARGETS = ["assert", "overflow", "underflow", "divByZero", "outOfBounds", "popEmptyArray"];
/** Loops are unrolled so often: three letters of a code, and a search among three steps. */
const ROUNDS = 4;

/** The compiler stops where it cannot go on. */
export class CompilerError extends Error {}

interface Output {
  errors?: Message[];
}

/**
 * What becomes of everything that could go wrong in the contract of a file, and in the libraries that it calls.
 * @param path As in the repository; the contract has the file's name
 * @param ask Answers a query in SMT-LIB 2
 */
export function check(path: string, ask: (query: string) => string): Finding[] {
  const contract = path.replace(/^.*\/|\.sol$/g, "");
  const input = {
    language: "Solidity",
    sources: { [path]: { content: sourceOf(path) } },
    settings: {
      viaIR: true,
      evmVersion: "cancun",
      modelChecker: {
        contracts: { [path]: [contract] },
        engine: "bmc",
        bmcLoopIterations: ROUNDS,
        solvers: ["smtlib2"],
        targets: TARGETS,
        showProvedSafe: true,
        showUnproved: true,
      },
    },
  };
  const callbacks = {
    import: (name: string) => ({ contents: sourceOf(name) }),
    smtSolver: (query: string) => ({ contents: ask(query) }),
  };
  const { errors: messages = [] } = JSON.parse(compile(JSON.stringify(input), callbacks)) as Output;
  const errors = errorsOf(messages);
  if (errors.length > 0) throw new CompilerError([`${path} does not compile:`, ...errors].join("\n  "));
  return findingsOf(messages.map(underItsOwnName), sourceOf);
}

const compile = solc.compile as (input: string, callbacks: object) => string;

/** What is proved of an assumption is not proved of OpenZeppelin. */
function underItsOwnName(message: Message): Message {
  const { sourceLocation } = message;
  if (sourceLocation === undefined) return message;
  return {
    ...message,
    sourceLocation: { ...sourceLocation, file: ASSUMED.get(sourceLocation.file) ?? sourceLocation.file },
  };
}

/** The text of a source as the compiler names it. */
function sourceOf(name: string): string {
  const path = ASSUMED.get(name) ?? name;
  return readFileSync(existsSync(path) ? path : `node_modules/${path}`, "utf8");
}
