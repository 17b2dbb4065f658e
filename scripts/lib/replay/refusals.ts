import type { BaseContract, Result } from "ethers";

import { codeOf } from "./chain.ts";
import type { Case } from "./data.ts";
import { day } from "../format.ts";
import type { ReplayInput } from "./input.ts";

/** A custom error with which a contract refused. */
export interface Refused {
  name: string;
  args: Result;
  /** The error with its values. */
  error: string;
}

export interface Refusal {
  time: number;
  case: string;
  error: string;
  sentence: string;
}

/** No time: what is never covered. */
const NEVER = 2n ** 48n - 1n;
const STATUSES = [
  "no member",
  "active",
  "suspended",
  "no longer a member: it left",
  "no longer a member: it was expelled",
];

/** The custom error with which one of the contracts refused; undefined if that is not what was thrown. */
export function refusedBy(thrown: unknown, contracts: readonly BaseContract[]): Refused | undefined {
  const data = (thrown as { data?: unknown } | null)?.data;
  if (typeof data !== "string") return undefined;
  for (const contract of contracts) {
    const parsed = contract.interface.parseError(data);
    if (parsed === null) continue;
    const values = parsed.fragment.inputs.map(({ type }, i) => shown(type, parsed.args[i]));
    return { name: parsed.name, args: parsed.args, error: `${parsed.name}(${values.join(", ")})` };
  }
  return undefined;
}

function shown(type: string, value: unknown): string {
  if (type === "bytes3") return codeOf(String(value));
  if (type === "uint48") return BigInt(String(value)) === NEVER ? "never" : day(BigInt(String(value)));
  return String(value);
}

/** Why the ledger refused, in the words of a citizen. */
export function sentenceOf(
  { name, args, error }: Refused,
  { member, coercer }: Case,
  input: ReplayInput,
  time: number,
) {
  const [first, second] = args as unknown as [unknown, unknown];
  const date = (value: unknown) => day(BigInt(String(value)));
  switch (name) {
    case "AttackUnauthorized":
      return `${member} is no member of the alliance: ${whyNoMember(member, input, time)}.`;
    case "MemberWrongStatus":
      return `${member} is ${STATUSES[Number(second)] ?? "in another status"}; only an active member files.`;
    case "AttackNotInGoodStanding":
      return `${member} is not in good standing: a debt is more than 90 days overdue, or its yearly report is.`;
    case "AttackNotCovered":
      return BigInt(String(second)) === NEVER
        ? `${member} is not covered: it has no weight yet.`
        : `The attack began on ${date(first)}; ${member} is covered for what begins from ${date(second)} on.`;
    case "AttackInvalidCoercer":
      return `${coercer} is itself a member; a case is against a country outside the alliance.`;
    case "AttackBadStart":
      return `The attack began on ${date(first)}, more than 180 days before it was filed.`;
    case "AttackBeforePredecessorEnded":
      return `The attack would begin on ${date(first)}, before the case that it succeeds ended on ${date(second)}.`;
    case "AttackTooManySuccessors":
      return `Two cases in a row have succeeded one; the next may begin 360 days after the last ended.`;
    case "AttackTooSoon":
      return `The vote on the last case of this pair failed; it can be filed again from ${date(second)} on.`;
    default:
      return `The ledger refuses: ${error}.`;
  }
}

function whyNoMember(member: string, input: ReplayInput, time: number): string {
  const year = new Date(time * 1000).getUTCFullYear();
  const alliance = input.alliances[year - input.from] ?? input.alliances[0];
  if (!input.names.has(member)) return `${input.files.members} does not list it`;
  if (!alliance.free.has(member)) return `it was not rated Free for ${alliance.ratedIn}`;
  if (!alliance.members.some(({ code }) => code === member)) return "it is Free, but not on the UN scale";
  return "it has applied, and the council has not admitted it yet";
}
