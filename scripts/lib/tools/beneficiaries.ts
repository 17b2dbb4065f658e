// Who is to be compensated, as a member writes it down.
import { ZeroAddress, getAddress } from "ethers";

import { InputError, byPlace, readTable } from "../csv.ts";
import type { Row } from "../csv.ts";
import { PURPOSES } from "../compensation/tree.ts";
import type { Leaf } from "../compensation/tree.ts";

const COLUMNS = ["account", "amount", "purpose"] as const;
const MOST = 2n ** 128n - 1n;

/**
 * The payments of a CSV file with the columns account, amount (in the token's units, with at most `decimals` decimals) and
 * purpose, numbered from 0 in the order of their rows.
 * @throws InputError that names every bad cell, by line and column
 */
export function readBeneficiaries(file: string, decimals: number): Leaf[] {
  const problems: string[] = [];
  const { rows } = readTable(file, COLUMNS, problems);
  const lines = new Map<string, number>();
  const leaves = rows.map((row, index): Leaf => {
    const account = accountOf(row);
    const amount = row.decimal("amount", decimals);
    // What is no number has been noted already.
    if (amount === 0n && /^[0.]+$/.test(row.optional("amount"))) row.fault("amount", "nothing would be paid");
    const purpose = row.choice("purpose", PURPOSES);
    const key = `${account} ${purpose}`;
    const before = lines.get(key);
    if (account === undefined || before === undefined) lines.set(key, row.line);
    else row.fault("account", `${account} is paid as ${purpose} on line ${before} already; one row would hold the sum`);
    return {
      index: BigInt(index),
      account: account ?? ZeroAddress,
      amount,
      purpose: BigInt(PURPOSES.indexOf(purpose)),
    };
  });
  const total = leaves.reduce((sum, { amount }) => sum + amount, 0n);
  if (total > MOST) {
    problems.push(`${file}, line 1, column amount: all amounts come to ${total} base units, beyond 2^128 − 1.`);
  }
  if (problems.length > 0) throw new InputError(...byPlace(problems));
  return leaves;
}

/** The account with its checksum; undefined, and noted, if it is none. All letters of one case carry no checksum. */
function accountOf(row: Row): string | undefined {
  const text = row.optional("account");
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) {
    row.fault("account", `"${text}" is no address, which would be 0x and 40 hexadecimal digits`);
    return undefined;
  }
  const account = getAddress(text.toLowerCase());
  const digits = text.slice(2);
  const unchecked = digits === digits.toLowerCase() || digits === digits.toUpperCase();
  if (!unchecked && text !== account) {
    row.fault("account", `${text} has a wrong checksum; if the digits are right, it would be ${account}`);
    return undefined;
  }
  if (account !== ZeroAddress) return account;
  row.fault("account", "nobody holds the zero address");
  return undefined;
}
