import type { LedgerEvent, Speaker } from "../events/events.ts";

/**
 * Events from which nothing follows: warnings, claims that were skipped, and settings that are closed for good. Of
 * the token nothing is heard at all: the journal tells of every movement.
 */
const UNHEARD = [
  "ClaimSkipped",
  "EIP712DomainChanged",
  "ProposalThresholdSet",
  "RoleAdminChanged",
  "ThreatNotified",
  "TimelockChange",
  "VotingDelaySet",
] as const;

type Unheard = { by: "token" } | { name: (typeof UNHEARD)[number] };
interface RoleChange {
  name: "RoleGranted" | "RoleRevoked";
}

/** Who holds a role of a contract, and who no longer does. */
export type RoleEvent = Extract<LedgerEvent, RoleChange>;

/** The events of a contract that its clerk is told. */
export type Told<By extends Speaker> = Exclude<Extract<LedgerEvent, { by: By }>, Unheard | RoleChange>;

const unheard: ReadonlySet<string> = new Set(UNHEARD);

/** Whether something follows from an event. */
export function isHeard(event: LedgerEvent): event is RoleEvent | Told<Exclude<Speaker, "token">> {
  return event.by !== "token" && !unheard.has(event.name);
}

export function isRoleEvent(event: { name: string }): event is RoleEvent {
  return event.name === "RoleGranted" || event.name === "RoleRevoked";
}
