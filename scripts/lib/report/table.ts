import { html } from "./html.ts";
import type { Fragment, Html } from "./html.ts";

export interface Column {
  title: string;
  /** Of all figures below, said once. */
  unit?: string;
  /** Figures are set to the right; dates and figures are not broken. */
  kind: "words" | "dates" | "figures";
}

/** The first cell of every row names it. */
export interface Table {
  caption: string;
  columns: readonly Column[];
  rows: readonly (readonly Fragment[])[];
  /** A last row apart, for totals. */
  foot?: readonly Fragment[];
  /** Needs a page turned sideways when printed. */
  wide?: boolean;
  /** Has more columns than fit in the usual size when printed. */
  dense?: boolean;
}

/** A text column. */
export const words = (title: string): Column => ({ title, kind: "words" });
/** A column of dates or times. */
export const dates = (title: string): Column => ({ title, kind: "dates" });
/** A column of numbers. */
export const figures = (title: string, unit?: string): Column => ({ title, kind: "figures", ...(unit && { unit }) });
/** A column of amounts. */
export const amounts = (title: string): Column => figures(title, "USD");

/** As many rows as stand together on one page when printed. */
const FEW = 20;

/** A table that scrolls within itself on a narrow screen, by keyboard too. */
export function table({ caption, columns, rows, foot, wide, dense }: Table): Html {
  const kind = (i: number) => columns[i]?.kind ?? "words";
  const line = (row: readonly Fragment[]) =>
    html`<tr>
      ${row.map((cell, i) => {
        return i === 0
          ? html`<th scope="row" class="${kind(i)}">${cell}</th>`
          : html`<td class="${kind(i)}">${cell}</td>`;
      })}
    </tr>`;
  const head = columns.map(({ title, unit }, i) => {
    const small = unit === undefined ? undefined : html` <small>${unit}</small>`;
    return html`<th scope="col" class="${kind(i)}">${title}${small}</th>`;
  });
  const last =
    foot === undefined
      ? undefined
      : html`<tfoot>
          ${line(foot)}
        </tfoot>`;
  const size = wide === true ? " wide" : dense === true ? " dense" : "";
  const frame = `scroll${size}${rows.length <= FEW ? " few" : ""}`;
  return html`<section class="${frame}" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${rows.map(line)}
      </tbody>
      ${last}
    </table>
  </section>`;
}
