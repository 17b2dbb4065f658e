// Puts every mutation of a source into one program, each behind a switch.
import type { Edit, Mutation } from "./mutators.ts";

/**
 * The switch is the address of a library. The compiler leaves it open for the linker, so it optimises no branch away,
 * and in compiled code it can be set by writing twenty bytes. Its value is the number of the mutation in force.
 */
export const SWITCH = { file: "mutation/MutationSwitch.sol", name: "MutationSwitch" };
export const SWITCH_SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

library ${SWITCH.name} {}
`;

export interface Numbered extends Mutation {
  /** From 1. */
  number: number;
}

/** Part of the written program that is there for the sake of some mutations. */
export interface Written {
  start: number;
  end: number;
  numbers: number[];
}

interface Site {
  start: number;
  end: number;
  form: Edit["form"];
  choices: { number: number; text: string }[];
  inner: Site[];
}

/** A source with all its mutations, and where each one stands in it. */
export function withSwitches(text: string, mutations: readonly Numbered[]): { text: string; written: Written[] } {
  const writer = new Writer(text);
  writer.write(nested(sitesOf(text, mutations)), 0, text.length);
  writer.add(`\nimport {${SWITCH.name}} from "${SWITCH.file}";\n`);
  return { text: writer.text, written: writer.written };
}

/** Mutations of one piece of source share a site. */
function sitesOf(text: string, mutations: readonly Numbered[]): Site[] {
  const sites = new Map<string, Site>();
  for (const { number, edits } of mutations) {
    for (const edit of edits) {
      const { start, form } = edit;
      const end = form === "statement" ? text.indexOf(";", edit.end) + 1 : edit.end;
      const key = `${start}:${end}`;
      const site = sites.get(key) ?? { start, end, form, choices: [], inner: [] };
      site.choices.push({ number, text: edit.text });
      sites.set(key, site);
    }
  }
  return [...sites.values()];
}

function nested(sites: readonly Site[]): Site[] {
  const roots: Site[] = [];
  const open: Site[] = [];
  for (const site of [...sites].sort((a, b) => a.start - b.start || b.end - a.end)) {
    while ((open.at(-1)?.end ?? Infinity) <= site.start) open.pop();
    (open.at(-1)?.inner ?? roots).push(site);
    open.push(site);
  }
  return roots;
}

class Writer {
  text = "";
  readonly written: Written[] = [];
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  add(text: string): void {
    this.text += text;
  }

  /** Writes a part of the source with what is chosen between at its sites. */
  write(sites: readonly Site[], from: number, to: number): void {
    let at = from;
    for (const site of sites) {
      this.add(this.#source.slice(at, site.start));
      const start = this.text.length;
      if (site.form === "statement") this.#statement(site);
      else this.#expression(site);
      this.written.push({ start, end: this.text.length, numbers: site.choices.map(({ number }) => number) });
      at = site.end;
    }
    this.add(this.#source.slice(at, to));
  }

  #expression(site: Site): void {
    this.add("(");
    for (const choice of site.choices) {
      this.#choice(choice, (text) => `${isOn(choice.number)} ? (${text}) : `);
    }
    this.add("(");
    this.write(site.inner, site.start, site.end);
    this.add("))");
  }

  #statement(site: Site): void {
    this.add("{ ");
    for (const choice of site.choices) {
      this.#choice(choice, (text) => `if (${isOn(choice.number)}) { ${text === "" ? "" : `${text};`} } else `);
    }
    this.add("{ ");
    this.write(site.inner, site.start, site.end);
    this.add(" } }");
  }

  #choice({ number, text }: Site["choices"][number], written: (text: string) => string): void {
    const start = this.text.length;
    this.add(written(text));
    this.written.push({ start, end: this.text.length, numbers: [number] });
  }
}

function isOn(number: number): string {
  return `address(${SWITCH.name}) == address(${number})`;
}
