// What an audit found, in lines.
import { EXIT_DIFFERENT, EXIT_UNCHECKED } from "../deployment/program.ts";
import type { Place } from "../events/events.ts";
import { count, minute, plural } from "../format.ts";
import { bold, heading, wrapped } from "../replay/text.ts";
import type { AuditOptions, AuditResult } from "./audit.ts";
import type { Finding } from "../rules/finding.ts";

/** So many findings of one rule are told; a broken history would fill the screen with what follows from it. */
const TOLD = 20;

export function resultLines(r: AuditResult, options: AuditOptions): string[] {
  return [
    bold(`Crisis Insurance Fund: audit of ${r.contracts.council}`),
    `chain ${r.chainId}, blocks ${count(r.firstBlock)} to ${count(r.block)} of ${minute(r.time)} UTC`,
    `hash of the last ${r.blockHash}`,
    ...heading("Contracts"),
    ...Object.entries(r.contracts).map(([name, address]) => `  ${name.padEnd(12)}  ${address}`),
    ...heading("Checked"),
    ...r.checked.map((one) => `  ${count(one.count).padStart(12)}  ${one.what}`),
    ...r.notes.map((note) => `  ${note}`),
    ...heading("Trusted"),
    ...wrapped(trusted(options)),
    ...(r.unchecked.length === 0 ? [] : [...heading("Not checked"), ...r.unchecked.map((what) => `  ${what}`)]),
    ...heading("What differs"),
    ...(r.findings.length === 0 ? ["  nothing"] : findingLines(r.findings)),
    "",
    conclusion(r),
  ];
}

/** The last line. */
export function conclusion({ findings, entries, head, followed }: AuditResult): string {
  if (findings.length > 0) return `${plural(findings.length, "finding")}: something differs`;
  const journal = `${count(entries)} journal entries, head ${head}`;
  return followed ? `all holds: ${journal}` : `not all could be checked; the journal holds: ${journal}`;
}

/** What a program that has audited exits with. */
export function exitCodeOf({ findings, followed }: AuditResult): number {
  if (findings.length > 0) return EXIT_DIFFERENT;
  return followed ? 0 : EXIT_UNCHECKED;
}

/** Findings by rule, and within a rule by transaction, in order. */
function findingLines(findings: readonly Finding[]): string[] {
  const lines: string[] = [];
  for (const rule of new Set(findings.map((one) => one.rule))) {
    const own = findings.filter((one) => one.rule === rule);
    lines.push(`  ${rule}`);
    let transaction: string | undefined;
    for (const { place, sentence, expected, found } of own.slice(0, TOLD)) {
      if (place !== undefined && place.transaction !== transaction) lines.push(`    ${placeLine(place)}`);
      transaction = place?.transaction;
      lines.push(`    ${place === undefined ? "" : `log ${place.index}: `}${sentence}`);
      if (expected !== undefined) lines.push(`      expected ${expected}`);
      if (found !== undefined) lines.push(`      found    ${found}`);
    }
    if (own.length > TOLD) lines.push(`    and ${count(own.length - TOLD)} more`);
  }
  return lines;
}

function placeLine({ transaction, block, time }: Place): string {
  return `transaction ${transaction}, block ${count(block)}, ${minute(time)} UTC`;
}

function trusted({ blockHash, proof, receipts }: AuditOptions): string {
  const hash =
    blockHash === undefined ? "the node's word for the block's hash" : "the block's hash, given from outside";
  const logs = receipts === true ? [] : ["that the node keeps back no event but such as the rules miss"];
  const books =
    proof === true
      ? "the node's answers on what the rules compare, but for the fund's books"
      : "the node's answers on the contracts' state";
  return [hash, ...logs, books].join("; ");
}
