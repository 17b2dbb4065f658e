import { expect } from "chai";
import type { HTMLElement } from "node-html-parser";

/** The words of an element, however its text is broken into lines. */
export function textOf(element: { textContent: string } | null | undefined): string {
  return (element?.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** The cells of the body, and foot, of the one table whose caption begins so. */
export function rowsOf(page: HTMLElement, caption: string): string[][] {
  const tables = [...page.querySelectorAll("table")].filter((table) => {
    return textOf(table.querySelector("caption")).startsWith(caption);
  });
  expect(tables, caption).to.have.lengthOf(1);
  const rows = [...tables[0]!.querySelectorAll("tbody tr, tfoot tr")];
  return rows.map((row) => [...row.querySelectorAll("th, td")].map(textOf));
}

/** What the summary says of this name. */
export function keyFigureOf(page: HTMLElement, name: string): string {
  const term = [...page.querySelectorAll(".key dt")].find((one) => textOf(one) === name);
  return textOf(term?.nextElementSibling);
}

/** What the lists of facts in the part with this id say, by name. */
export function factsOf(page: HTMLElement, id: string): Record<string, string> {
  const terms = [...page.querySelectorAll(`#${id} .facts dt`)];
  return Object.fromEntries(terms.map((term) => [textOf(term), textOf(term.nextElementSibling)]));
}
