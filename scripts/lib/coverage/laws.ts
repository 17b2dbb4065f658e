/** What the copy calls where a law is kept; test/coverage/Kept.sol says why. */
const KEPT = "kept";

/**
 * Writes every law `require(condition, Reason(…));` as `if (!(condition)) revert Reason(…); else kept();`, each part in its line.
 * Built by viaIR, a `require` is a call of a helper that all share, in which forge does not see which way a law went.
 * A `require` without a reason, or with a text, stays as it is.
 */
export function branchesOfLaws(source: string, importPath: string): string {
  const code = withoutComments(source);
  let written = "";
  let done = 0;
  for (const { index } of code.matchAll(/\brequire\(/g)) {
    const start = index + "require(".length;
    const { comma, end } = partsFrom(code, start);
    if (comma === undefined || code[end + 1] !== ";") continue;
    const condition = source.slice(start, comma);
    const reason = source.slice(comma + 1, end);
    if (/^\s*["']/.test(reason)) continue;
    written += `${source.slice(done, index)}if (!(${condition})) revert${/^\s/.test(reason) ? "" : " "}${reason}; else ${KEPT}()`;
    done = end + 1;
  }
  if (done === 0) return source;
  const imports = `$1 import {${KEPT}} from "${importPath}";`;
  return (written + source.slice(done)).replace(/^(pragma solidity [^;]+;)/m, imports);
}

/** The same length, with blanks for comments and for what stands in texts. */
function withoutComments(source: string): string {
  const blank = (text: string) => text.replace(/[^\n]/g, " ");
  return source.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"/g, blank);
}

/** Where a call's first argument ends, and where the call does. */
function partsFrom(code: string, start: number): { comma: number | undefined; end: number } {
  let depth = 0;
  let comma: number | undefined;
  for (let i = start; i < code.length; i++) {
    const character = code[i] ?? "";
    if (character === ")" && depth === 0) return { comma, end: i };
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (character === "," && depth === 0) comma ??= i;
  }
  throw new Error("a `require` does not end; right would be a source that compiles");
}
