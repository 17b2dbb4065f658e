import { styleText } from "node:util";

export const WIDTH = 100;

/** A heading after an empty line. Colour only where it is seen: styleText asks the stream. */
export function heading(text: string): string[] {
  return ["", bold(text)];
}

export function bold(text: string): string {
  return styleText("bold", text, { stream: process.stdout });
}

/** Words in indented lines of the report's width; all but the first indented by `hang` more. */
export function wrapped(text: string, hang = 0): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const indent = lines.length > 1 ? hang : 0;
    if (last === undefined || last.length + 1 + word.length + indent > WIDTH - 2) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line, i) => `  ${" ".repeat(i === 0 ? 0 : hang)}${line}`);
}

export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
