import { styleText } from "node:util";

import { INDENT, WIDTH, wordLines } from "../format.ts";

/** A heading after an empty line. Colour only where it is seen: styleText asks the stream. */
export function heading(text: string): string[] {
  return ["", ...wordLines(text, WIDTH).map(bold)];
}

export function bold(text: string): string {
  return styleText("bold", text, { stream: process.stdout });
}

/** Words in indented lines of the report's width; all but the first indented by `hang` more. */
export function wrapped(text: string, hang = 0): string[] {
  const lines = wordLines(text, WIDTH - INDENT - hang, WIDTH - INDENT);
  return lines.map((line, i) => `${" ".repeat(i === 0 ? INDENT : INDENT + hang)}${line}`);
}

export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `${" ".repeat(INDENT)}${line}`);
}
