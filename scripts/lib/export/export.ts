import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import type { LedgerEvent } from "../events/events.ts";
import { count, plural } from "../format.ts";
import { balancesOnChain } from "./accounts.ts";
import { Bookkeeper } from "./bookkeeper.ts";
import type { ExportInfo, FundState } from "./exporter.ts";
import { EXPORTERS, FILES } from "./formats.ts";
import type { Format } from "./formats.ts";

/** What was written. `differences` tells where the books kept from the events are not what the fund says. */
export interface Exported {
  files: string[];
  events: number;
  entries: bigint;
  differences: string[];
}

/** Takes events one by one, in the order of the chain, and writes them in all formats; keeps none of them. */
export class Export {
  readonly #folder: string;
  readonly #unfinished: string;
  readonly #formats: readonly Format[];
  readonly #exporters;
  readonly #books = new Bookkeeper();
  #events = 0;
  #said = 0;

  /** @throws if the folder cannot be written into */
  constructor(folder: string, formats: readonly Format[], info: ExportInfo) {
    this.#folder = folder;
    this.#formats = formats;
    // Nothing half done is left where somebody might take it for whole.
    this.#unfinished = mkdtempSync(join(folder, ".export-"));
    this.#exporters = formats.map((format) => EXPORTERS[format](this.#unfinished));
    for (const exporter of this.#exporters) exporter.begin(info);
  }

  /** The members and attacks that the events so far have named: those whose views `end` needs. */
  get members(): ReadonlySet<string> {
    return this.#books.members;
  }

  get attacks(): ReadonlySet<bigint> {
    return this.#books.attacks;
  }

  /** How many of the events so far are the fund's own. */
  get said(): number {
    return this.#said;
  }

  readonly event = (event: LedgerEvent): void => {
    this.#events += 1;
    if (event.by === "fund") this.#said += 1;
    this.#books.take(event);
    for (const exporter of this.#exporters) exporter.event(event);
  };

  end(state: FundState): Exported {
    this.#books.finish();
    for (const exporter of this.#exporters) exporter.end(state);
    const files = this.#formats.flatMap((format) => FILES[format]);
    for (const file of files) renameSync(join(this.#unfinished, file), join(this.#folder, file));
    rmSync(this.#unfinished, { recursive: true });
    const differences = differencesOf(this.#books, state);
    return {
      files: files.map((file) => join(this.#folder, file)),
      events: this.#events,
      entries: this.#books.entries,
      differences,
    };
  }

  /** Leaves nothing behind. */
  abandon(): void {
    rmSync(this.#unfinished, { recursive: true, force: true });
  }
}

/** What was written, and whether the fund bears it out. */
export function exportLines({ files, events, entries, differences }: Exported): string[] {
  const written = files.map((file) => `wrote ${file}`);
  const sum = `${plural(events, "event")}, ${count(entries)} journal entries`;
  if (differences.length === 0) return [...written, `${sum}: every balance is what the fund says`];
  const many = differences.length === 1 ? "1 balance is" : `${count(differences.length)} balances are`;
  return [...written, `${sum}: ${many} not what the fund says`, ...differences];
}

function differencesOf(books: Bookkeeper, state: FundState): string[] {
  const differences: string[] = [];
  const compare = (what: string, ours: bigint | string, theirs: bigint | string) => {
    if (ours !== theirs) differences.push(`${what}: ${ours} by the events, ${theirs} by the fund`);
  };
  for (const [account, balance] of balancesOnChain(state)) compare(account, books.balances.get(account) ?? 0n, balance);
  compare("journal entries", books.entries, state.sequence);
  compare("head of the journal", books.head, state.head);
  const known = state.reserve + state.pot + state.earmarked;
  if (state.balance < known) differences.push(`token balance: ${state.balance}, less than ${known}, as the fund says`);
  return differences;
}
