import { join } from "node:path";

import type { EventOf, LedgerEvent, Place } from "../events/events.ts";
import { codeOf } from "../replay/chain.ts";
import { ENTRY_KINDS } from "../replay/events.ts";
import { decimalText, secondOf } from "./amounts.ts";
import type { AwardMade, AwardVoided, Entry } from "./bookkeeper.ts";
import type { ExportInfo, Exporter } from "./exporter.ts";
import { Output } from "./output.ts";

const PLACE = ["at", "unix", "block", "log", "transaction"] as const;
const AWARD = ["amount", "treasury", "earmark", "assigned", "owed"] as const;

/** By file, its columns. An amount stands twice: in the token, and in base units. */
const COLUMNS = {
  entries: ["entry", "kind", ...PLACE, "member", "party", "attack", "ref", "amount", "amount_units", "head"],
  contributions: ["entry", ...PLACE, "member", "payer", "amount", "amount_units"],
  awards: ["entry", "kind", ...PLACE, "member", "attack", "award", ...AWARD.flatMap((name) => [name, `${name}_units`])],
  disbursements: ["entry", "kind", ...PLACE, "member", "paid_to", "attack", "amount", "amount_units"],
  ballots: [...PLACE, "proposal", "attack", "voter", "member", "support", "weight", "reason"],
} as const;

type File = keyof typeof COLUMNS;

export const CSV_FILES = (Object.keys(COLUMNS) as File[]).map((file) => `fund-${file}.csv`);

const SUPPORT = ["Against", "For", "Abstain"];

/** Entries that no attack causes. */
const WITHOUT_ATTACK: readonly (string | undefined)[] = ["Contribution", "Donation", "Surplus"];

type Vote = EventOf<"council", "VoteCast"> | EventOf<"council", "VoteCastWithParams">;

/** Tables for a spreadsheet, by RFC 4180: the journal, and what an auditor asks for first. */
export class CsvTables implements Exporter {
  readonly #outputs: Record<File, Output>;
  /** By delegate, the member for which it votes today. */
  readonly #delegates = new Map<string, string>();
  /** By urgent proposal, the attack that it is about. */
  readonly #attacks = new Map<bigint, bigint>();
  #decimals = 0;
  #entry: Entry | undefined;

  constructor(folder: string) {
    const output = (file: File) => new Output(join(folder, `fund-${file}.csv`));
    this.#outputs = {
      entries: output("entries"),
      contributions: output("contributions"),
      awards: output("awards"),
      disbursements: output("disbursements"),
      ballots: output("ballots"),
    };
  }

  begin({ token }: ExportInfo): void {
    this.#decimals = token.decimals;
    for (const file of Object.keys(COLUMNS) as File[]) this.#row(file, COLUMNS[file]);
  }

  event(event: LedgerEvent): void {
    if (event.by === "fund") this.#money(event);
    else if (event.by === "registry") this.#keys(event);
    else if (event.by === "council" && event.name === "VoteCalled") {
      this.#attacks.set(event.args.proposalId, event.args.attackId);
    } else if (event.by === "council" && (event.name === "VoteCast" || event.name === "VoteCastWithParams")) {
      this.#ballot(event);
    }
  }

  end(): void {
    for (const output of Object.values(this.#outputs)) output.close();
  }

  #money(event: LedgerEvent & { by: "fund" }): void {
    if (event.name === "Entry") this.#journal(event);
    else if (event.name === "AwardMade") this.#awarded(event);
    else if (event.name === "AwardVoided") this.#voided(event);
  }

  #journal(event: Entry): void {
    const { seq, kind: number, member, party, amount, ref, head } = event.args;
    this.#entry = event;
    const kind = ENTRY_KINDS[Number(number)] ?? String(number);
    const [place, code] = [placeOf(event), codeOf(member)];
    const attack = WITHOUT_ATTACK.includes(kind) || BigInt(ref) === 0n ? "" : BigInt(ref);
    const paid = this.#amount(amount);
    this.#row("entries", [seq, kind, ...place, code, partyOf(party), attack, ref, ...paid, head]);
    if (kind === "Contribution") this.#row("contributions", [seq, ...place, code, party, ...paid]);
    if (kind === "Disbursement" || kind === "Compensation") {
      this.#row("disbursements", [seq, kind, ...place, code, party, attack, ...paid]);
    }
  }

  #awarded(event: AwardMade): void {
    const { attackId, record, treasuryPaid, earmarkPaid } = event.args;
    const { treasuryPart, earmarkPart, sequence } = record;
    const paid = treasuryPaid + earmarkPaid;
    const amount = treasuryPart + earmarkPart;
    this.#award(event, "Award", attackId, sequence, [amount, treasuryPart, earmarkPart, paid, amount - paid]);
  }

  #voided(event: AwardVoided): void {
    const { attackId, sequence, owedOff, freed, earmarkOwedOff, earmarkFreed } = event.args;
    const [treasury, earmark] = [owedOff + freed, earmarkOwedOff + earmarkFreed];
    const [assigned, owed] = [freed + earmarkFreed, owedOff + earmarkOwedOff];
    this.#award(event, "Void", attackId, sequence, [treasury + earmark, treasury, earmark, assigned, owed]);
  }

  /** The entry itself stands just before, and knows the member. */
  #award(event: Place, kind: string, attackId: bigint, award: bigint, amounts: bigint[]): void {
    const { seq = "", member = "" } = this.#entry?.args ?? {};
    const cells = amounts.flatMap((amount) => this.#amount(amount));
    this.#row("awards", [seq, kind, ...placeOf(event), codeOf(member), attackId, award, ...cells]);
  }

  #ballot(event: Vote): void {
    const { proposalId, voter, support, weight, reason } = event.args;
    const attack = this.#attacks.get(proposalId) ?? "";
    const member = this.#delegates.get(voter) ?? "";
    const word = SUPPORT[Number(support)] ?? support;
    this.#row("ballots", [...placeOf(event), proposalId, attack, voter, member, word, weight, harmless(reason)]);
  }

  #keys(event: LedgerEvent & { by: "registry" }): void {
    if (event.name !== "Admitted" && event.name !== "KeysChanged") return;
    const code = codeOf(event.args.code);
    for (const [delegate, member] of this.#delegates) if (member === code) this.#delegates.delete(delegate);
    this.#delegates.set(event.args.delegate, code);
  }

  #amount(units: bigint): [string, bigint] {
    return [decimalText(units, this.#decimals), units];
  }

  #row(file: File, cells: readonly (string | number | bigint)[]): void {
    this.#outputs[file].write(`${cells.map((cell) => quoted(String(cell))).join(",")}\r\n`);
  }
}

function placeOf({ time, block, index, transaction }: Place): (string | number)[] {
  return [secondOf(time), time, block, index, transaction];
}

function partyOf(address: string): string {
  return BigInt(address) === 0n ? "" : address;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A delegate may write anything; a spreadsheet must not take it for a formula. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
