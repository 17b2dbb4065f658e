/** Stands in a text for what was not in UTF-8. */
const DAMAGED = "\uFFFD";

/** By what the rows of a file are named by those of others, in one part or several; undefined for a part that is wrong. */
export type Name = readonly (string | undefined)[];

/** The names in a file, as far as it could be read: what could not be may hold any name of which it has the letters. */
export class Names {
  readonly file: string;
  readonly #known: readonly Name[];
  readonly #unread: readonly string[];

  constructor(file: string, known: readonly Name[], unread: readonly string[]) {
    this.file = file;
    this.#known = known;
    this.#unread = unread;
  }

  /** Those of which every part is known. */
  get list(): string[] {
    return [...new Set(this.#known.filter((name) => !name.includes(undefined)).map((name) => name.join(" ")))];
  }

  /** Whether the file cannot mean this, also once its faults are mended. A name with an empty part is not looked for. */
  lacks(...parts: readonly string[]): boolean {
    if (parts.includes("")) return false;
    const named = this.#known.some((name) => parts.every((part, i) => isSame(name[i], part)));
    return !named && !this.#unread.some((text) => parts.every((part) => mayHold(text, part)));
  }
}

function isSame(known: string | undefined, part: string): boolean {
  if (known === undefined || known === part) return true;
  return (known + part).includes(DAMAGED) && plain(known) === plain(part);
}

function mayHold(text: string, part: string): boolean {
  return (text + part).includes(DAMAGED) ? plain(text).includes(plain(part)) : text.includes(part);
}

/** What of a text is the same in every encoding. */
function plain(text: string): string {
  return text.replaceAll(/[^ -~]/g, "");
}
