import { InputError } from "../csv.ts";
import { plural } from "../format.ts";
import type { Country, Data, Members, ScalePeriod, Trade } from "./data.ts";
import { rebase } from "./weights.ts";

export interface AllianceMember {
  code: string;
  name: string;
  kind: "State" | "Partner";
  /** Share of the world before rebasing, in millionths of a per cent. */
  share: bigint;
  /** In ppm. */
  weight: bigint;
}

export interface AllianceOfYear {
  year: number;
  /** The year under review whose rating decides who belongs; an earlier one if the file lacks that of the year before. */
  ratedIn: number;
  scaleFrom: number;
  scaleTo: number;
  /** Who belongs, States by code, then Partners by code. */
  members: AllianceMember[];
  /** Every country rated Free, on the scale or not: no member among them is suspended. */
  free: ReadonlySet<string>;
  /** Where the Partners' shares come from. */
  partnerTrade: Trade[];
  /** The share of every country of which one is known, members or not. */
  shares: ReadonlyMap<string, bigint>;
}

/** Seats in the registry. */
const MOST_STATES = 208;
/** An urgent vote needs three seats For, and the attacked member's own does not vote. */
const LEAST_STATES = 4;

/**
 * Who belongs to the alliance in every year from the founding on. A year for which the file has no rating goes on with the
 * one before.
 */
export function alliancesOf(data: Pick<Data, "members" | "trade">, from: number, to: number, file: string) {
  const alliances = [allianceOf(data, from, file)];
  for (let year = from + 1; year <= to; ++year) {
    const ratedIn = data.members.years.findLast((rated) => rated < year && rated >= from - 1) ?? from - 1;
    alliances.push(rated(data, year, ratedIn, file));
  }
  const states = everMembers(alliances).filter(({ kind }) => kind === "State").length;
  if (states > MOST_STATES) {
    throw new InputError(
      `${file}: ${plural(states, "State")} would join from ${from} to ${to}; a seat is given for good, and there are ${MOST_STATES}.`,
    );
  }
  return alliances;
}

/**
 * The alliance founded on the first day of `year`: every country rated Free for the year before and on the UN scale of the
 * period as a State; one that is Free and outside the scale as a Partner, if its trade is known.
 */
export function allianceOf(data: Pick<Data, "members" | "trade">, year: number, file: string): AllianceOfYear {
  const ratedIn = year - 1;
  if (data.members.years.includes(ratedIn)) return rated(data, year, ratedIn, file);
  throw new InputError(
    `${file}, line 1, column fh_${ratedIn}: the file has no such column, so the alliance of ${year} is unknown.`,
  );
}

/** All who belong in any of the years, as they first do: States by code, then Partners by code. */
export function everMembers(alliances: readonly AllianceOfYear[]): AllianceMember[] {
  const first = new Map<string, AllianceMember>();
  for (const { members } of alliances) {
    for (const member of members) if (!first.has(member.code)) first.set(member.code, member);
  }
  return [...first.values()].sort(inOrder);
}

/** Which members name the assessors: the States with the largest weights, those that are attacked last. */
export function namingMembers(alliance: AllianceOfYear, count: number, attacked: ReadonlySet<string>): string[] {
  const largest = (a: AllianceMember, b: AllianceMember) =>
    a.weight === b.weight ? (a.code < b.code ? -1 : 1) : a.weight > b.weight ? -1 : 1;
  const states = alliance.members.filter(({ kind }) => kind === "State").sort(largest);
  const [parties, judges] = [true, false].map((party) => states.filter(({ code }) => attacked.has(code) === party));
  return [...(judges ?? []), ...(parties ?? [])].slice(0, count).map(({ code }) => code);
}

function rated(data: Pick<Data, "members" | "trade">, year: number, ratedIn: number, file: string): AllianceOfYear {
  const { members, trade } = data;
  const period = scaleOf(members, year);
  const free = members.countries.filter((country) => country.free.has(ratedIn));
  const states = free.flatMap(({ code, name, scale }) => {
    const share = scale.get(period.column);
    return share === undefined ? [] : [{ code, name, kind: "State" as const, share }];
  });
  const partnerTrade = free
    .filter((country) => !country.scale.has(period.column))
    .flatMap((country) => tradeOf(trade, country.code, year) ?? []);
  const partners = partnerTrade.map(({ code, share }) => {
    const name = free.find((country) => country.code === code)?.name ?? code;
    return { code, name, kind: "Partner" as const, share };
  });
  requireStates(states.length, year, file);
  const joined = [...states, ...partners].sort(inOrder);
  const weights = rebase(new Map(joined.map(({ code, share }) => [code, share])));
  return {
    year,
    ratedIn,
    scaleFrom: period.first,
    scaleTo: period.last,
    members: joined.map((member) => ({ ...member, weight: weights.get(member.code) ?? 0n })),
    free: new Set(free.map(({ code }) => code)),
    partnerTrade,
    shares: new Map(
      members.countries.flatMap((country) => {
        const share = shareOf(country, members.periods, period) ?? tradeOf(trade, country.code, year)?.share;
        return share === undefined ? [] : [[country.code, share]];
      }),
    ),
  };
}

function requireStates(states: number, year: number, file: string): void {
  if (states > MOST_STATES) {
    throw new InputError(
      `${file}: the alliance of ${year} would have ${plural(states, "State")}; there are ${MOST_STATES} seats.`,
    );
  }
  if (states < LEAST_STATES) {
    throw new InputError(
      `${file}: the alliance of ${year} would have ${plural(states, "State")}; to recognise an attack it takes ${LEAST_STATES}.`,
    );
  }
}

/** The period that the year lies in; where the file has none, the last before, or else the first after. */
function scaleOf({ periods }: Members, year: number): ScalePeriod {
  const within = periods.find(({ first, last }) => first <= year && year <= last);
  const found = within ?? periods.findLast(({ last }) => last < year) ?? periods[0];
  if (found === undefined) throw new Error("The members' file has no scale.");
  return found;
}

/** On the scale of the period, or the last before it on which the country stands. */
function shareOf({ scale }: Country, periods: readonly ScalePeriod[], period: ScalePeriod): bigint | undefined {
  const upTo = periods.filter(({ first }) => first <= period.first);
  const column = upTo.findLast((one) => scale.has(one.column))?.column;
  return column === undefined ? undefined : scale.get(column);
}

/** The latest year before `year`, or, if there is none, the earliest. */
function tradeOf(trade: Trade[], code: string, year: number): Trade | undefined {
  const known = trade.filter((row) => row.code === code).sort((a, b) => a.year - b.year);
  return known.findLast((row) => row.year < year) ?? known[0];
}

function inOrder(a: Pick<AllianceMember, "code" | "kind">, b: Pick<AllianceMember, "code" | "kind">): number {
  return a.kind === b.kind ? (a.code < b.code ? -1 : 1) : a.kind === "State" ? -1 : 1;
}
