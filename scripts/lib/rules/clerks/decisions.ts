// What a call that the council has decided leads to, by the interfaces in contracts/interfaces.
import { INTERFACES } from "../../events/bindings.ts";
import type { Speaker } from "../../events/bindings.ts";
import { named } from "../../events/decoder.ts";

/** An event that a call leads to. */
export interface Effect {
  by: Speaker;
  name: string;
  /** What of its values the call gives. */
  values: Record<string, unknown>;
  /** A role that is held already is not granted again: then nothing is told. */
  certain: boolean;
}

/** The event of a function; with a third part, one of each element of that argument, which the event calls by the fourth. */
type Leading = readonly [call: string, event: string, list?: string, element?: string];

const LEADING: Record<Exclude<Speaker, "token" | "market" | "distributor">, readonly Leading[]> = {
  timelock: [["updateDelay", "MinDelayChange"]],
  registry: [
    ["admit", "Admitted"],
    ["suspend", "Suspended"],
    ["reinstate", "Reinstated"],
    ["expel", "Expelled"],
    ["recoverKeys", "RecoveryDecided"],
    ["appointLedger", "LedgerAppointed"],
  ],
  fund: [
    ["voidAward", "AwardVoided"],
    ["releaseOrphan", "Released"],
    ["setGuardian", "GuardianSet"],
    ["arm", "BreakerArmed"],
  ],
  ledger: [
    ["setBudget", "BudgetSet"],
    ["setScale", "ScaleSet"],
    ["setScales", "ScaleSet", "scales"],
    ["setTerms", "TermsSet"],
    ["waive", "Waived"],
  ],
  coverage: [
    ["setTerms", "TermsSet", "codes", "code"],
    ["setExposures", "ExposureSet", "entries"],
  ],
  register: [
    ["reviseLoss", "LossRevised"],
    ["appointCouncil", "CouncilAppointed"],
    ["appointPanel", "PanelAppointed"],
  ],
  panel: [["setAssessors", "AssessorsSet"]],
  council: [["setVotingPeriod", "VotingPeriodSet"]],
  measures: [
    ["adopt", "MeasureAdopted"],
    ["endEarly", "MeasureEnded"],
  ],
};

const OF_ROLES: readonly Leading[] = [
  ["grantRole", "RoleGranted"],
  ["revokeRole", "RoleRevoked"],
];

/** A measure whose start has passed by the time it is adopted starts then. */
const MOVED = "start";

/** Those that only the council can bring about. */
export function effectsOf(by: Speaker, data: string): Effect[] {
  const call = INTERFACES[by].parseTransaction({ data });
  if (call === null) return [];
  const ofRoles = OF_ROLES.find(([name]) => name === call.name);
  const known: Partial<Record<Speaker, readonly Leading[]>> = LEADING;
  const leading = ofRoles ?? known[by]?.find(([name]) => name === call.name);
  if (leading === undefined) return [];
  const [, name, list, element] = leading;
  const values = named(call.fragment.inputs, call.args);
  const told = INTERFACES[by].getEvent(name)?.inputs.map((input) => input.name) ?? [];
  const effect = (given: Record<string, unknown>): Effect => {
    const pairs = Object.entries(given).map(([key, value]) => [asEventsSay(key), value] as const);
    return {
      by,
      name,
      values: Object.fromEntries(pairs.filter(([key]) => told.includes(key) && key !== MOVED)),
      certain: !ofRoles,
    };
  };
  if (list === undefined) return [effect(values)];
  return (values[list] as unknown[]).map((one) =>
    effect({ ...values, ...(element === undefined ? (one as Record<string, unknown>) : { [element]: one }) }),
  );
}

/** A parameter is `newGuardian` or `terms_` where its contract has a view of the event's word. */
function asEventsSay(parameter: string): string {
  return parameter.replace(/^new([A-Z])/, (_, first: string) => first.toLowerCase()).replace(/_$/, "");
}
