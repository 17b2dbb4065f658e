import { InputError } from "./csv.ts";
import type { Case, Data, Members, Trade } from "./data.ts";
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
  /** The year under review whose rating decides who joins. */
  ratedIn: number;
  scaleFrom: number;
  scaleTo: number;
  /** States by code, then Partners by code: the order of seats. */
  members: AllianceMember[];
  /** Where the Partners' shares come from. */
  partnerTrade: Trade[];
}

/** Seats in the registry. */
const MOST_STATES = 208;
/** An urgent vote needs three seats For, and the attacked member's own does not vote. */
const LEAST_STATES = 4;

/**
 * The alliance founded on the first day of `year`: every country rated Free for the year before and on the UN scale of the
 * period as a State; one that is Free and outside the scale as a Partner, if its trade is known.
 */
export function allianceOf(data: Pick<Data, "members" | "trade">, year: number, file: string): AllianceOfYear {
  const { members } = data;
  const ratedIn = year - 1;
  const period = members.periods.find(({ first, last }) => first <= year && year <= last);
  const problems: string[] = [];
  if (!members.years.includes(ratedIn)) {
    problems.push(
      `${file}, line 1, column fh_${ratedIn}: the file has no such column, so the alliance of ${year} is unknown.`,
    );
  }
  if (period === undefined) {
    problems.push(`${file}, line 1, column un_scale: none covers ${year}, so the alliance of ${year} has no weights.`);
  }
  if (period === undefined || problems.length > 0) throw new InputError(...problems);

  const free = members.countries.filter((country) => country.free.has(ratedIn));
  const states = free.flatMap(({ code, name, scale }) => {
    const share = scale.get(period.column);
    return share === undefined ? [] : [{ code, name, kind: "State" as const, share }];
  });
  const partnerTrade = free
    .filter((country) => !country.scale.has(period.column))
    .flatMap((country) => tradeOf(data.trade, country.code, year) ?? []);
  const partners = partnerTrade.map(({ code, share }) => {
    const name = free.find((country) => country.code === code)?.name ?? code;
    return { code, name, kind: "Partner" as const, share };
  });
  if (states.length > MOST_STATES) {
    throw new InputError(
      `${file}: the alliance of ${year} would have ${states.length} States; there are ${MOST_STATES} seats.`,
    );
  }
  if (states.length < LEAST_STATES) {
    throw new InputError(
      `${file}: the alliance of ${year} would have ${states.length} States; to recognise an attack it takes ${LEAST_STATES}.`,
    );
  }
  const byCode = (a: { code: string }, b: { code: string }) => (a.code < b.code ? -1 : 1);
  const joined = [...states.sort(byCode), ...partners.sort(byCode)];
  const weights = rebase(new Map(joined.map(({ code, share }) => [code, share])));
  return {
    year,
    ratedIn,
    scaleFrom: period.first,
    scaleTo: period.last,
    members: joined.map((member) => ({ ...member, weight: weights.get(member.code) ?? 0n })),
    partnerTrade,
  };
}

/** The latest year before `year`, or, if there is none, the earliest. */
function tradeOf(trade: Trade[], code: string, year: number): Trade | undefined {
  const known = trade.filter((row) => row.code === code).sort((a, b) => a.year - b.year);
  return known.findLast((row) => row.year < year) ?? known[0];
}

/**
 * The year in which to found the alliance for a case if none is asked for: `latest`, or for an earlier case the year before
 * it began, so that its member is covered, as far as the file goes back.
 */
export function foundingYear(one: Case, members: Members, latest: number): number {
  const began = new Date(one.effective * 1000).getUTCFullYear();
  const earliest = (members.years[0] ?? latest - 1) + 1;
  return Math.max(Math.min(latest, began - 1), earliest);
}

/** Which members name the assessors: the States with the largest weights, without those that may not judge. */
export function namingMembers(alliance: AllianceOfYear, count: number, attacked: ReadonlySet<string>): string[] {
  return alliance.members
    .filter(({ kind, code }) => kind === "State" && !attacked.has(code))
    .sort((a, b) => (a.weight === b.weight ? (a.code < b.code ? -1 : 1) : a.weight > b.weight ? -1 : 1))
    .slice(0, count)
    .map(({ code }) => code);
}
