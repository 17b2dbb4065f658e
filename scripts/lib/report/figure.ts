import type { ChartOption, Size } from "./option.ts";
import { escaped, Html, html } from "./html.ts";
import { table } from "./table.ts";
import type { Table } from "./table.ts";

/** A chart and the same data as a table. */
export interface Figure {
  /** Unique on the page. */
  name: string;
  title: string;
  /** What the chart shows, in a sentence, for who cannot see it. */
  about: string;
  option: ChartOption;
  size: Size;
  table: Table;
}

/** Draws a chart as SVG; its `name` keeps the ids in it apart from those of other charts. */
export type Draw = (name: string, option: ChartOption, size: Size) => string;

/** The chart with its table folded beneath, or, if nothing draws, the table alone. */
export function figure({ name, title, about, option, size, table: data }: Figure, draw: Draw | undefined): Html {
  if (draw === undefined) return table(data);
  const label = `role="img" aria-label="${escaped(`${title}. ${about}`)}"`;
  const svg = new Html(draw(name, option, size).replace("<svg ", `<svg ${label} `));
  return html`<figure id="${name}">
    <figcaption><strong>${title}.</strong> ${about}</figcaption>
    <section class="chart" aria-label="${title}, chart" tabindex="0">${svg}</section>
    <details>
      <summary>The figures of this chart</summary>
      ${table(data)}
    </details>
  </figure>`;
}
