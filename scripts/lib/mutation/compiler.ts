// Compiles the contracts for mutation.
import { existsSync, readFileSync } from "node:fs";

import solc from "solc";

import type { Node, Source } from "./ast.ts";
import { SWITCH } from "./switches.ts";

/** The compiler stops where it cannot go on. */
export class CompilerError extends Error {}

export interface Message {
  severity: string;
  message: string;
  formattedMessage: string;
  sourceLocation?: { file: string; start: number; end: number };
}

interface Code {
  object: string;
}

interface Output {
  errors?: Message[];
  sources?: Record<string, { ast: Node }>;
  contracts?: Record<string, Record<string, { evm: { bytecode: Code; deployedBytecode: Code } }>>;
}

/** Hexadecimal, without a prefix; the switch stands in it as `UNSET`. */
export interface Bytecode {
  creation: string;
  deployed: string;
}

/** Sources by the names that the compiler gives them. Others are read as the repository and its packages hold them. */
export type Sources = ReadonlyMap<string, string>;

/** Twenty bytes that stand for nothing else: no mutation is in force. */
export const UNSET = "6d75746174696f6e5377697463683a756e736574";

/**
 * What is measured is what contracts do, not what they cost, so the quick way from source to bytecode serves, which
 * compiles in a fraction of the time. It cannot hold enough variables for every contract; the other is told to leave
 * the costly steps out.
 */
const QUICK = { optimizer: { enabled: true, runs: 200 } };
const ROOMY = {
  viaIR: true,
  optimizer: { enabled: true, runs: 200, details: { yulDetails: { optimizerSteps: "dhfoDgvulfnTUtnIf:fDnTOcmu" } } },
};
const TOO_DEEP = /stack too deep/i;

const compile = solc.compile as (input: string, callbacks: object) => string;

/** The text of a source as the compiler names it. */
export function sourceOf(name: string): string {
  return readFileSync(existsSync(name) ? name : `node_modules/${name}`, "utf8");
}

/** The trees of sources and of all that they import. */
export function treesOf(sources: Sources): Map<string, Source> {
  const output = run(sources, {}, { "*": { "": ["ast"] } });
  const errors = errorsIn(output);
  if (errors.length > 0) throw new CompilerError(errors.map(({ formattedMessage }) => formattedMessage).join("\n"));
  return new Map(
    Object.entries(output.sources ?? {}).map(([file, { ast }]) => [
      file,
      { file, text: bytesOf(sources.get(file) ?? sourceOf(file)), tree: ast },
    ]),
  );
}

/** A text as one character for each of its bytes, which is what the compiler counts. */
export function bytesOf(text: string): string {
  return Buffer.from(text).toString("latin1");
}

/** What is wrong with sources, if anything is. */
export function problemsOf(sources: Sources): Message[] {
  return errorsIn(run(sources, {}, { "*": { "": ["ast"] } }));
}

/** The bytecode of one contract. */
export function bytecodeOf(sources: Sources, file: string, name: string): Bytecode {
  const wanted = { [file]: { [name]: ["evm.bytecode.object", "evm.deployedBytecode.object"] } };
  const only = new Map([[file, sources.get(file) ?? sourceOf(file)]]);
  let output = run(only, QUICK, wanted, sources);
  if (errorsIn(output).some(({ message }) => TOO_DEEP.test(message))) output = run(only, ROOMY, wanted, sources);
  const evm = output.contracts?.[file]?.[name]?.evm;
  if (evm === undefined) {
    throw new CompilerError(
      errorsIn(output)
        .map(({ formattedMessage }) => formattedMessage)
        .join("\n"),
    );
  }
  return { creation: linked(evm.bytecode), deployed: linked(evm.deployedBytecode) };
}

/** The linker's place holders, of which there is but one kind. */
function linked({ object }: Code): string {
  return object.replaceAll(/__\$[0-9a-f]{34}\$__/g, UNSET);
}

function errorsIn({ errors = [] }: Output): Message[] {
  return errors.filter(({ severity }) => severity === "error");
}

function run(sources: Sources, settings: object, outputSelection: object, imported: Sources = sources): Output {
  const input = {
    language: "Solidity",
    sources: Object.fromEntries([...sources].map(([file, content]) => [file, { content }])),
    settings: {
      ...settings,
      evmVersion: "cancun",
      metadata: { bytecodeHash: "none" },
      // Only the switch is a library that stands by itself.
      libraries: { [SWITCH.file]: {} },
      outputSelection,
    },
  };
  const callbacks = { import: (name: string) => ({ contents: imported.get(name) ?? sourceOf(name) }) };
  return JSON.parse(compile(JSON.stringify(input), callbacks)) as Output;
}
