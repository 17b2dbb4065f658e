import type { Place } from "../../events/events.ts";
import type { Rulebook } from "../rulebook.ts";

/** Another contract came to serve in the place of one. */
export interface Replacement {
  sentence: string;
  place: Place;
}

/**
 * Which contract serves where, by a role or an appointment. The rules know one in each place, from the beginning to the end:
 * once another comes, what follows is not worked out.
 */
export class Modules {
  readonly #serving = new Map<string, string>();
  #change: Replacement | undefined;
  #other: Replacement | undefined;
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  /** The first replacement; else a contract in whose place another is looked at; undefined if there is neither. */
  get replaced(): Replacement | undefined {
    return this.#change ?? this.#other;
  }

  /** A contract is put in a place, which is `meant` for the one that is looked at; for none, if this version has no such place. */
  serve(place: string, account: string, meant: string | undefined): void {
    const before = this.#serving.get(place);
    this.#serving.set(place, account);
    if (before !== undefined && before !== account) {
      this.#change ??= this.#here(`${before} was replaced as ${place} by ${account}`);
    } else if (account !== meant) {
      this.#other ??= this.#here(`${account} was made ${place}, and not ${meant ?? "nobody, as in this version"}`);
    }
  }

  #here(sentence: string): Replacement | undefined {
    const { place } = this.book.desk;
    return place === undefined ? undefined : { sentence, place };
  }
}
