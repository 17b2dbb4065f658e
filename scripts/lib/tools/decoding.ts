// What a call does, in words that can be compared with what was meant.
import { INTERFACES } from "../events/bindings.ts";
import { codeOf } from "../replay/chain.ts";
import type { Desk } from "./desk.ts";

/** `ledger.setScales([(LTU, 25000, 0)])`; the bare data, if no contract of the fund knows such a call. */
export function callText(desk: Desk, target: string, data: string): string {
  const speaker = desk.speakers.get(target.toLowerCase());
  const parsed = speaker === undefined ? null : INTERFACES[speaker].parseTransaction({ data });
  if (speaker === undefined || parsed === null) return `${target}: ${data}`;
  const values = parsed.fragment.inputs.map((input, i) => valueText(input, parsed.args[i]));
  return `${speaker}.${parsed.name}(${values.join(", ")})`;
}

/** A text in which nothing can move, hide or turn around what a terminal shows. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}

/** What of a parameter's type tells how to write a value down. */
interface Type {
  type: string;
  arrayChildren: Type | null;
  components: readonly Type[] | null;
}

function valueText({ type, arrayChildren, components }: Type, value: unknown): string {
  if (arrayChildren !== null) return `[${(value as unknown[]).map((one) => valueText(arrayChildren, one)).join(", ")}]`;
  if (components !== null) {
    return `(${components.map((one, i) => valueText(one, (value as unknown[])[i])).join(", ")})`;
  }
  if (type === "bytes3") return codeOf(String(value));
  return type === "string" ? printable(JSON.stringify(value)) : String(value);
}
