import { count, dollars, plural } from "../format.ts";
import type { ReplayRecord } from "../replay/record.ts";

const DAY = 86_400;

const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

/** A date as 1 December 2021, UTC. */
export function date(time: number): string {
  return DATE.format(time * 1000);
}

/** A time as 1 December 2021, 09:00, UTC. */
export function moment(time: number): string {
  return `${date(time)}, ${new Date(time * 1000).toISOString().slice(11, 16)}`;
}

/** A time as 1 December, 09:00, UTC, where the year is clear. */
export function withoutYear(time: number): string {
  return moment(time).replace(/ \d+,/, ",");
}

/** Whole days from one time to another. */
export function daysBetween(from: number, to: number): number {
  return Math.floor((to - from) / DAY);
}

/** "USD 1,234.56", for sentences; in tables the unit stands in the head. */
export function usd(units: bigint): string {
  return `USD ${dollars(units)}`;
}

/** "Norway (NOR)"; the code alone where the record has no name for it. */
export function named(r: ReplayRecord, code: string): string {
  const name = r.names[code];
  return name === undefined ? code : `${name} (${code})`;
}

/** "import_ban" as "import ban". */
export function spaced(word: string): string {
  return word.replaceAll("_", " ");
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}

/** "no case", "1 case", "2 cases". */
export function counted(number: number, word: string): string {
  return number === 0 ? `no ${word}s` : plural(number, word);
}

export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

/** "34,042 t"; the number alone where no unit is known. */
export function quantityText(quantity: bigint, unit: string): string {
  return unit === "" ? count(quantity) : `${count(quantity)} ${unit}`;
}

/** "pineapples (HS 080430)", by the Harmonized System. */
export function withCode(goods: string, hsCode: string): string {
  return hsCode === "" ? goods : `${goods} (HS ${hsCode})`;
}
