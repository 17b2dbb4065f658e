import { expect } from "chai";

import { compileWithin } from "../../scripts/lib/coverage/stack.ts";

interface Input {
  sources: Record<string, unknown>;
  settings: { viaIR?: boolean; outputSelection: Record<string, unknown> };
}

/** A compiler that finds these files too deep unless it goes by viaIR, and tells how it built each, perhaps without trees. */
function compilerOf(tooDeep: readonly string[], log: string[][] = [], tree: object = { ast: {} }) {
  return (text: string): string => {
    const { sources, settings } = JSON.parse(text) as Input;
    const asked = Object.keys(settings.outputSelection);
    log.push(asked);
    if (settings.viaIR !== true && asked.some((file) => tooDeep.includes(file)))
      return JSON.stringify({ errors: [{ severity: "error", message: "Stack too deep." }] });
    const way = settings.viaIR === true ? "viaIR" : "plain";
    const numbered = Object.keys(sources).map((file, id): [string, object] => [
      file,
      asked.includes(file) ? { id, ...tree } : { id },
    ]);
    return JSON.stringify({
      contracts: Object.fromEntries(asked.map((file) => [file, { way }])),
      sources: Object.fromEntries(numbered) as Record<string, object>,
    });
  };
}

const FILES = ["A.sol", "B.sol", "C.sol", "D.sol", "E.sol"];
const input = JSON.stringify({
  sources: Object.fromEntries(FILES.map((file) => [file, {}])),
  settings: { outputSelection: { "*": {} } },
});
const waysOf = (output: string) => {
  const { contracts } = JSON.parse(output) as { contracts: Record<string, { way: string }> };
  return FILES.map((file) => contracts[file]?.way).join(" ");
};

describe("compileWithin", () => {
  describe("given contracts that fit", () => {
    it("compiles them at once, and not by viaIR", () => {
      const log: string[][] = [];
      expect(waysOf(compileWithin(input, compilerOf([], log)))).to.equal("plain plain plain plain plain");
      expect(log).to.deep.equal([FILES]);
    });
  });

  describe("given some that are too deep for the stack", () => {
    it("builds those alone by viaIR, and gives every file's syntax tree", () => {
      const output = compileWithin(input, compilerOf(["B.sol", "E.sol"]));
      expect(waysOf(output)).to.equal("plain viaIR plain plain viaIR");
      const { sources } = JSON.parse(output) as { sources: Record<string, object> };
      expect(sources).to.deep.equal(Object.fromEntries(FILES.map((file, id) => [file, { id, ast: {} }])));
    });
  });

  describe("given a caller that asks for no syntax trees", () => {
    it("numbers every file all the same", () => {
      const { sources } = JSON.parse(compileWithin(input, compilerOf(["B.sol"], [], {}))) as { sources: object };
      expect(sources).to.deep.equal(Object.fromEntries(FILES.map((file, id) => [file, { id }])));
    });
  });

  describe("given an error of another kind", () => {
    it("passes it on", () => {
      const error = { severity: "error", message: "Undeclared identifier." };
      const output = compileWithin(input, () => JSON.stringify({ errors: [error] }));
      expect((JSON.parse(output) as { errors: unknown }).errors).to.deep.equal([error]);
    });
  });
});
