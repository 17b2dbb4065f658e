import { alliancesOf, everMembers } from "./alliance.ts";
import type { AllianceMember, AllianceOfYear } from "./alliance.ts";
import { InputError } from "../csv.ts";
import type { Data } from "./data.ts";
import type { Options, Stop } from "./options.ts";

/** The deployment lies before the founding, and a chain's time begins in 1970. */
const FIRST_YEAR = 1971;
/** Accounts of the chain that can serve members, two for each. */
const MOST_MEMBERS = 220;

export interface Alliances {
  from: number;
  to: number;
  founding: AllianceOfYear;
  later: AllianceOfYear[];
  /** Everyone who belongs in any year. */
  ever: AllianceMember[];
}

/** Who belongs in which year; undefined if that cannot be, for a reason that is among the problems. */
export function alliancesOfYears(options: Options, data: Data, problems: string[]): Alliances | undefined {
  const { members, stops } = options;
  const { from, to } = yearsOf(options, data);
  if (Number.isNaN(from) || Number.isNaN(to)) return undefined;
  if (to < from) {
    if (options.from === undefined) {
      problems.push(`--to: ${to} lies before ${from}, the first year that the ratings allow.`);
    }
    return undefined;
  }
  try {
    const [founding, ...later] = alliancesOf(data, from, to, members);
    if (founding === undefined) throw new Error("An alliance has a first year.");
    const ever = everMembers([founding, ...later]);
    problems.push(...stopFaults(stops, ever, from, to));
    if (ever.length <= MOST_MEMBERS) return { from, to, founding, later, ever };
    problems.push(
      `${members}: ${ever.length} members would join from ${from} to ${to}; a replay has accounts for ${MOST_MEMBERS}.`,
    );
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.sentences);
  }
  return undefined;
}

/** What was asked for, or as far as the data go: from the year after the first rating to the last of which anything is said. */
function yearsOf(options: Options, { members, cases, losses }: Data): { from: number; to: number } {
  const from = options.from ?? Math.max((members.years[0] ?? 0) + 1, FIRST_YEAR);
  const said = [...cases.map(({ effective }) => effective), ...losses.map(({ until }) => until - 1)];
  const years = said.map((time) => new Date(time * 1000).getUTCFullYear());
  return { from, to: options.to ?? Math.max(from, members.years.at(-1) ?? from, ...years) };
}

function stopFaults(stops: readonly Stop[], ever: readonly AllianceMember[], from: number, to: number): string[] {
  return stops.flatMap(({ code, from: first, to: last }) => {
    if (!ever.some((member) => member.code === code)) {
      return [`--arrears: ${code} is no member of the alliance from ${from} to ${to}.`];
    }
    return first < from || last > to
      ? [`--arrears: ${code}:${first}-${last} lies outside ${from} to ${to}, the years of the replay.`]
      : [];
  });
}
