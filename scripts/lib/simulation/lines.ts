import { count, millions, plural, table } from "../format.ts";
import { bold, heading, indented, wrapped } from "../replay/text.ts";
import type { Audit } from "./audit.ts";
import { marketsOf } from "./prices.ts";
import type { Line, SimulationRecord } from "./record.ts";

/** Of what is broken, at most so many are printed: one cause shows in many places. */
const MOST_TOLD = 10;

/** The record as it is written into `simulation.json`: amounts as text, since they are larger than what JSON's readers keep. */
export function asJson(record: SimulationRecord): string {
  return JSON.stringify(record, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value), 2);
}

/** What the simulation prints: what happened, the gas of a year and what it costs, by operation and by who pays. */
export function recordLines(record: SimulationRecord): string[] {
  const { dearest, founding, happened, operations, prices, years } = record;
  const markets = marketsOf(prices);
  const head = [
    "in a year",
    "paid by",
    "times",
    "gas each",
    "million gas",
    ...markets.map(({ name }) => `${name}, USD`),
  ];
  const row = (words: string, lines: readonly Line[], payer: string, each: boolean): string[] => {
    const times = sum(lines, (line) => line.count);
    const gas = sum(lines, (line) => line.gas);
    const costs = markets.map(({ name }) => sum(lines, ({ cost }) => cost[name] ?? 0));
    return [
      words,
      payer,
      rounded(times / years),
      each ? rounded(gas / times) : "",
      (gas / years / 1e6).toFixed(2),
      ...costs.map((cost) => rounded(cost / years)),
    ];
  };
  const payers = [...new Set(operations.map(({ payer }) => payer))];
  const rows = [
    ...operations.map((line) => row(line.words, [line], line.payer, true)),
    ...payers.map((payer) =>
      row(
        `all by ${payer}`,
        operations.filter((line) => line.payer === payer),
        payer,
        false,
      ),
    ),
    row("all", operations, "", false),
  ];
  const whole = sum(operations, (line) => line.gas) / years;
  const assumed = `Assumed: ${prices.ether} dollars for an ether; ${markets.map((market) => market.assumed).join("; ")}.`;
  return [
    ...heading("What happened"),
    ...indented(Object.entries(happened).map(([what, times]) => `${count(times).padStart(9)} ${what}`)),
    ...heading("The fund at every year's end, in million dollars; the first three since the year before"),
    ...indented(table(MONEY, moneyRows(record))),
    ...heading("The invariants, how often checked, and what is checked of each at every year's end"),
    ...indented(invariantLines(record)),
    ...idleLines(record).flatMap(wrapped),
    ...heading("What a year costs, in the mean of all years"),
    ...indented(table(head, rows)),
    "",
    ...wrapped(assumed),
    ...wrapped(`Sources, where no option says otherwise: ${prices.sources.join("; ")}.`),
    ...wrapped(
      `A year comes to ${rounded(whole / record.members)} gas a member. Deploying and founding took ${count(founding.gas)} gas, once. ` +
        `The dearest transaction (${dearest?.operation ?? "none"}) took ${count(dearest?.gas ?? 0)}.`,
    ),
  ];
}

const MONEY = ["year", "contributed", "awarded", "disbursed", "reserve", "committed", "owed"];

function moneyRows({ invariants }: SimulationRecord): string[][] {
  return invariants.years.map(({ money, year }, i) => {
    const before = invariants.years[i - 1]?.money ?? { contributed: 0n, awarded: 0n, disbursed: 0n };
    const { awarded, committed, contributed, disbursed, owed, reserve } = money;
    const grown = [contributed - before.contributed, awarded - before.awarded, disbursed - before.disbursed];
    return [String(year), ...[...grown, reserve, committed, owed].map(millions)];
  });
}

/** The last line, or one for each invariant that does not hold. */
export function verdictLines({ attacks, invariants, members, seed, stateRoot, years }: SimulationRecord): string[] {
  const broken = invariants.years.flatMap(({ year, broken: some }) => some.map((one) => ({ year, ...one })));
  if (broken.length > 0) {
    const told = broken
      .slice(0, MOST_TOLD)
      .map(
        ({ invariant, sentence, year }) =>
          `simulated: invariant ${invariant} is broken at the end of year ${year}, seed ${seed}: ${sentence}`,
      );
    const more = broken.length - told.length;
    return more === 0 ? told : [...told, `simulated: and ${more} more, which simulation.json tells`];
  }
  const checks = checksIn(invariants.years);
  const never = Object.keys(invariants.checked).filter((number) => idleYears(invariants, number).length === years);
  const unchecked = never.length === 0 ? "" : `, with nothing to check of ${never.join(", ")}`;
  const size = `${plural(members, "member")}, ${plural(years, "year")}, ${count(attacks)} attacks, seed ${seed}`;
  return [
    `The chain ends with state root ${stateRoot}.`,
    bold(`simulated: ${size}, ${count(checks)} checks, all invariants hold${unchecked}`),
  ];
}

/** Each invariant, how often it was checked in all years, and what is checked of it. */
function invariantLines({ invariants: { checked, years } }: SimulationRecord): string[] {
  return Object.entries(checked).map(([number, what]) => {
    const times = years.reduce((total, year) => total + (year.checked[Number(number)] ?? 0), 0);
    return `${number.padStart(2)} ${count(times).padStart(9)}  ${what}`;
  });
}

/** Where nothing came about that an invariant speaks of. */
function idleLines({ invariants }: SimulationRecord): string[] {
  return Object.keys(invariants.checked).flatMap((number) => {
    const idle = idleYears(invariants, number);
    return idle.length === 0 ? [] : [`Nothing to check of invariant ${number} in year ${idle.join(", ")}.`];
  });
}

function idleYears({ years }: SimulationRecord["invariants"], number: string): string[] {
  return years.filter(({ checked }) => (checked[Number(number)] ?? 0) === 0).map(({ year }) => String(year));
}

/** How much was checked in some years. */
export function checksIn(years: readonly Pick<Audit, "checked">[]): number {
  return years.flatMap(({ checked }) => Object.values(checked)).reduce((total, one) => total + one, 0);
}

function sum(lines: readonly Line[], of: (line: Line) => number): number {
  return lines.reduce((total, line) => total + of(line), 0);
}

/** A number as people read it: whole, or with two decimals where it is small. */
function rounded(number: number): string {
  if (!Number.isFinite(number)) return "";
  return number < 100 ? number.toFixed(2) : count(BigInt(Math.round(number)));
}
