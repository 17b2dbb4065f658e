import { readFileSync } from "node:fs";

import type { ReplayRecord } from "../replay/record.ts";
import { assumptionSection, parameterSection, sourceSection } from "./annex.ts";
import { arrearsSection } from "./arrears.ts";
import { anchorOf, attackSection, titleOf } from "./attacks.ts";
import { caseSection } from "./cases.ts";
import { contributionSection } from "./contributions.ts";
import type { Draw } from "./figure.ts";
import { fundSection } from "./fund.ts";
import { Html, html } from "./html.ts";
import type { Fragment } from "./html.ts";
import { measureSection } from "./measures.ts";
import { membershipSection } from "./memberships.ts";
import { speedSection } from "./speed.ts";
import { summarySection } from "./summary.ts";

const STYLE = readFileSync(new URL("report.css", import.meta.url), "utf8");

/** Nothing is fetched and nothing runs, whatever the data say. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The whole replay as one page for screen and paper. Without `draw` it holds the tables alone. */
export function reportPage(r: ReplayRecord, draw?: Draw): string {
  const sections: [string, string, Fragment][] = [
    ["summary", "Summary", summarySection(r)],
    ["fund", "The fund's money", fundSection(r, draw)],
    ["contributions", "Contributions", contributionSection(r, draw)],
    ["memberships", "Members", membershipSection(r, draw)],
    ["attacks", "Attacks", attackSection(r, draw)],
    ["speed", "How soon help came", speedSection(r, draw)],
    ["measures", "Joint measures", measureSection(r)],
    ["arrears", "Arrears and votes", arrearsSection(r, draw)],
    ["cases", "Cases of the data, refused and left out", caseSection(r, draw)],
    ["parameters", "Parameters", parameterSection(r)],
    ["assumptions", "Assumptions", assumptionSection(r)],
    ["sources", "Sources", sourceSection(r)],
  ];
  const title = `Crisis Insurance Fund: replay of ${r.from} to ${r.to}`;
  const attacks = r.attacks.map((attack) => html`<li><a href="#${anchorOf(attack)}">${titleOf(r, attack)}</a></li>`);
  const contents = sections.map(([id, name]) => {
    const below =
      id === "attacks" && attacks.length > 0
        ? html`<ol>
            ${attacks}
          </ol>`
        : undefined;
    return html`<li><a href="#${id}">${name}</a>${below}</li>`;
  });
  const body = sections.map(([id, name, content], i) => {
    return html`<section id="${id}">
      <h2>${i + 1}. ${name}</h2>
      ${content}
    </section>`;
  });
  return `<!doctype html>\n${
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <p>Crisis Insurance Fund</p>
          <h1>Replay of ${r.from} to ${r.to}</h1>
        </header>
        <nav aria-label="Contents">
          <h2>Contents</h2>
          <ol>
            ${contents}
          </ol>
        </nav>
        <main>${body}</main>
      </body>
    </html>`.text
  }\n`;
}
