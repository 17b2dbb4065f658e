import { html } from "./html.ts";
import type { Fragment, Html } from "./html.ts";

/** A list of names and what is told of each, as key figures or as small facts; a pair that is undefined is left out. */
export function pairList(look: "key" | "facts", pairs: readonly (readonly [string, Fragment] | undefined)[]): Html {
  return html`<dl class="${look}">
    ${pairs
      .filter((pair) => pair !== undefined)
      .map(
        ([name, text]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${text}</dd>
          </div>`,
      )}
  </dl>`;
}
