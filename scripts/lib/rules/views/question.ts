import type { LedgerEvent, Speakers } from "../../events/events.ts";
import type { Rulebook } from "../rulebook.ts";

/** A view of the chain, and what the rules expect it to answer. */
export interface Question {
  /** As `ledger.debtOf`. */
  view: string;
  /** What it is asked about; empty if nothing in particular. */
  of: string;
  ask: () => Promise<unknown>;
  /** A structure is compared field by field, as far as it is expected. */
  expected: unknown;
  /** More than expected is right too. */
  atLeast?: boolean;
}

/** What is asked, about which state, at which block and second. */
export interface Scope {
  rulebook: Rulebook;
  contracts: Speakers;
  at: { blockTag: number };
  now: bigint;
  /** Whether this member, attack, proposal, lot, campaign or measure is asked about. */
  concerns: (subject: Subject, which: string | bigint) => boolean;
}

export type Subject = "member" | "attack" | "proposal" | "lot" | "campaign" | "measure";

/** How the arguments of events name what they are about. */
const NAMES: Record<string, Subject> = {
  code: "member",
  member: "member",
  seller: "member",
  buyer: "member",
  attackId: "attack",
  proposalId: "proposal",
  lotId: "lot",
  campaignId: "campaign",
  measureId: "measure",
};

/** What an event is about, as `compare` takes it to ask of nothing else. */
export function subjectsOf({ args }: LedgerEvent): string[] {
  return Object.entries(args).flatMap(([name, value]) => {
    const subject = NAMES[name];
    return subject === undefined ? [] : [subjectKey(subject, value as string | bigint)];
  });
}

export const subjectKey = (subject: Subject, which: string | bigint): string => `${subject}/${which}`;

/** Gathers questions in the order in which they are written. */
export class Questions {
  readonly all: Question[] = [];

  ask(view: string, of: unknown, ask: () => Promise<unknown>, expected: unknown): void {
    this.all.push({ view, of: String(of), ask, expected });
  }

  atLeast(view: string, ask: () => Promise<unknown>, expected: bigint): void {
    this.all.push({ view, of: "", ask, expected, atLeast: true });
  }
}
