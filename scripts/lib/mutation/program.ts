// One program that holds every mutation of the contracts, and one that tells which statements run.
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { addStatementCoverageInstrumentation } from "@nomicfoundation/edr";
import { getCoverageLibrary } from "@nomicfoundation/edr/coverage";

import { plural } from "../format.ts";
import { nodesOf } from "./ast.ts";
import type { Source } from "./ast.ts";
import { bytecodeOf, bytesOf, problemsOf, treesOf } from "./compiler.ts";
import type { Bytecode, Message, Sources } from "./compiler.ts";
import { mutationsOf } from "./mutators.ts";
import { SWITCH, SWITCH_SOURCE, withSwitches } from "./switches.ts";
import type { Numbered, Written } from "./switches.ts";

const CONTRACTS = "contracts/**/*.sol";
/** Calls the libraries as no contract does. It is not changed itself. */
const HARNESS = "test/mocks/ExposedLibraries.sol";
const VERSION = "0.8.34";
/** What the compiler says of a variable whose assignment is left out. */
const UNASSIGNED = "without prior assignment";

/** A statement and the tag that running it tells. Places count bytes. */
export interface Statement {
  file: string;
  start: number;
  end: number;
  tag: string;
}

export interface Program {
  mutations: readonly Numbered[];
  /** Mutations that do not compile. */
  invalid: readonly Numbered[];
  /** By contract, as `contracts/Council.sol:Council`: with the switch, and with tags. */
  mutated: Record<string, Bytecode>;
  tagged: Record<string, Bytecode>;
  statements: Statement[];
  /** The contracts that hold code of each file. */
  contracts: Record<string, string[]>;
}

/** The program as it was last made, unless the contracts, their harness or their mutators have changed since. */
export function programOf(folder: string, notice: (text: string) => void): Program {
  const sources: Sources = new Map(
    [...globSync(CONTRACTS).sort(), HARNESS].map((file) => [file.replaceAll("\\", "/"), readFileSync(file, "utf8")]),
  );
  const own = globSync("scripts/lib/mutation/{ast,compiler,mutators,program,switches}.ts").sort();
  const made = `${folder}/${digestOf([...sources.values(), ...own.map((file) => readFileSync(file, "utf8"))])}.json`;
  if (existsSync(made)) return JSON.parse(readFileSync(made, "utf8")) as Program;
  const program = makeProgram(sources, notice);
  mkdirSync(dirname(made), { recursive: true });
  writeFileSync(`${made}.new`, JSON.stringify(program));
  renameSync(`${made}.new`, made);
  return program;
}

export function digestOf(texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text).update("\0");
  return hash.digest("hex").slice(0, 16);
}

function makeProgram(sources: Sources, notice: (text: string) => void): Program {
  const trees = treesOf(sources);
  const own = [...sources.keys()].map((file) => trees.get(file)).filter((source) => source !== undefined);
  const changed = own.filter(({ file }) => file !== HARNESS);
  const all = changed.flatMap((source) => mutationsOf(source)).map((mutation, i) => ({ ...mutation, number: i + 1 }));
  notice(`${plural(all.length, "mutation")} of ${plural(changed.length, "file")}`);
  const { switched, mutations } = compiling(own, all);
  const { tagged, statements } = withTags(sources);
  const deployed = own.flatMap(concreteIn);
  const compiled = (program: Sources) =>
    Object.fromEntries(
      deployed.map(({ file, name }) => {
        notice(`compiling ${name}`);
        return [`${file}:${name}`, bytecodeOf(program, file, name)];
      }),
    );
  return {
    mutations,
    invalid: all.filter((mutation) => !mutations.includes(mutation)),
    mutated: compiled(switched),
    tagged: compiled(tagged),
    statements,
    contracts: holdersOf(own, deployed),
  };
}

/** The sources with all mutations that compile. */
function compiling(own: readonly Source[], all: readonly Numbered[]) {
  let mutations: readonly Numbered[] = all;
  for (;;) {
    const texts = own.map(({ file, text }) => {
      return {
        file,
        ...withSwitches(
          text,
          mutations.filter((mutation) => mutation.file === file),
        ),
      };
    });
    const switched: Sources = new Map([
      [SWITCH.file, SWITCH_SOURCE],
      ...texts.map(({ file, text }): [string, string] => [file, Buffer.from(text, "latin1").toString()]),
    ]);
    const problems = problemsOf(switched);
    if (problems.length === 0) return { switched, mutations };
    const written = new Map(texts.map((text) => [text.file, text]));
    const wrong = new Set(problems.flatMap((problem) => causeOf(problem, written, mutations)));
    mutations = mutations.filter(({ number }) => !wrong.has(number));
  }
}

/**
 * The mutations of the smallest piece that holds what the compiler complains of; if it is a variable that is not always
 * assigned, those that leave its assignment out.
 */
function causeOf(
  { sourceLocation, message, formattedMessage }: Message,
  written: ReadonlyMap<string, { text: string; written: Written[] }>,
  mutations: readonly Numbered[],
): number[] {
  const { file, start, end } = sourceLocation ?? { file: "", start: 0, end: 0 };
  const program = written.get(file);
  const variable = program?.text.slice(start, end).split(" ").at(-1) ?? "";
  const unassigned = mutations.filter(
    (one) => one.file === file && one.kind === "deletion" && one.before.startsWith(`${variable} = `),
  );
  if (message.includes(UNASSIGNED) && unassigned.length > 0) return unassigned.map(({ number }) => number);
  const [smallest] = (program?.written ?? [])
    .filter((piece) => piece.start <= start && end <= piece.end)
    .sort((a, b) => a.end - a.start - (b.end - b.start));
  if (smallest === undefined) throw new Error(`No mutation explains what the compiler says:\n${formattedMessage}`);
  return smallest.numbers;
}

function withTags(sources: Sources): { tagged: Sources; statements: Statement[] } {
  const library = getCoverageLibrary();
  const tagged = new Map([[library.filename, library.content]]);
  const statements: Statement[] = [];
  for (const [file, text] of sources) {
    const { source, metadata } = addStatementCoverageInstrumentation(text, file, VERSION);
    tagged.set(file, source);
    for (const { kind, tag, startUtf16, endUtf16 } of metadata) {
      if (kind !== "statement") continue;
      const start = bytesOf(text.slice(0, startUtf16)).length;
      const end = start + bytesOf(text.slice(startUtf16, endUtf16)).length;
      statements.push({ file, start, end, tag: Buffer.from(tag).toString("hex") });
    }
  }
  return { tagged, statements };
}

function concreteIn({ file, tree }: Source): { file: string; name: string }[] {
  return nodesOf(tree["nodes"])
    .filter((node) => node["contractKind"] === "contract" && node["abstract"] === false)
    .map((node) => ({ file, name: String(node["name"]) }));
}

/** By file, the deployed contracts that import it, at whatever distance. */
function holdersOf(own: readonly Source[], deployed: readonly { file: string; name: string }[]) {
  const byFile = new Map(own.map((source) => [source.file, source]));
  const holders: Record<string, string[]> = {};
  for (const { file: root, name } of deployed) {
    const reached = new Set([root]);
    for (const file of reached) {
      (holders[file] ??= []).push(name);
      const imports = nodesOf(byFile.get(file)?.tree["nodes"]).filter(({ nodeType }) => nodeType === "ImportDirective");
      for (const node of imports) {
        const path = String(node["absolutePath"]);
        if (byFile.has(path)) reached.add(path);
      }
    }
  }
  return holders;
}
