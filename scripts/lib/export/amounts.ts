/** Base units in the token's decimals, all of them: -1234.560000. */
export function decimalText(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
  const sign = units < 0n ? "-" : "";
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** The longest name of a commodity that beancount reads. */
const LONGEST = 24;

/** A token's symbol as hledger and beancount both read it: capitals and digits, a letter first, at least two. */
export function commodityOf(symbol: string): string {
  const plain = symbol
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, "")
    .slice(0, LONGEST - 1);
  if (plain.length < 2) return `TOKEN${plain}`;
  return /^[A-Z]/.test(plain) ? plain : `T${plain}`;
}

/** A date as 2021-12-01, UTC, so many days later. */
export function dayOf(time: number, later = 0): string {
  return new Date((time + later * 86_400) * 1000).toISOString().slice(0, 10);
}

/** A second as 2021-12-01T09:00:00Z. */
export function secondOf(time: number): string {
  return new Date(time * 1000).toISOString().replace(".000Z", "Z");
}
