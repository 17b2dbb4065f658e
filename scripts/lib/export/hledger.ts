import { COMMITTED, EARMARKED } from "./accounts.ts";
import { dayOf, decimalText, secondOf } from "./amounts.ts";
import type { Dialect } from "./double-entry.ts";

/** Every posting asserts the balance after it: hledger then refuses the file at the first one that is altered. */
export const HLEDGER: Dialect = {
  file: "fund.hledger",

  head({ chainId, contracts, token, fromBlock, toBlock }, commodity) {
    const lines = [
      `; Journal of the Crisis Insurance Fund ${contracts.fund ?? ""} on chain ${chainId}, blocks ${fromBlock} to ${toBlock}`,
      `; ${commodity} is the token ${token.address}; times are UTC`,
      "decimal-mark .",
      `commodity ${quoted(commodity)}`,
      `  format ${decimalText(1000n * 10n ** BigInt(token.decimals), token.decimals)}${token.decimals === 0 ? "." : ""} ${quoted(commodity)}`,
    ];
    return `${lines.join("\n")}\n\n`;
  },

  open: (account) => `account ${account}\n`,

  movement({ place, title, entry, postings }, day, amountOf) {
    const amount = (units: bigint) => quotedAmount(amountOf(units));
    const lines = [
      `${day} * ${title}`,
      `    ; ${entry === undefined ? "" : `entry:${entry}, `}tx:${place.transaction}, block:${place.block}, at:${secondOf(place.time)}`,
      ...postings.map((posting) => `    ${posting.account}  ${amount(posting.amount)} = ${amount(posting.balance)}`),
    ];
    return `${lines.join("\n")}\n\n`;
  },

  // Said posting by posting.
  endOfDay: () => "",

  closing(state, balances, amountOf) {
    const amount = (units: bigint) => quotedAmount(amountOf(units));
    const nothing = amount(0n);
    const assertions = [
      ...[...balances].map(([account, balance]) => `    ${account}  ${nothing} = ${amount(balance)}`),
      `    ${EARMARKED}  ${nothing} =* ${amount(state.earmarked)}`,
      `    ${COMMITTED}  ${nothing} =* ${amount(state.committed)}`,
      `    Assets:Fund  ${nothing} =* ${amount(state.reserve + state.pot + state.earmarked)}`,
    ];
    const accounts = [EARMARKED, COMMITTED, "Assets:Fund"].map((account) => `account ${account}`);
    const day = dayOf(state.time);
    const title = `${day} * Balances by the fund's own views at block ${state.block}`;
    return [...accounts, title, `    ; entries:${state.sequence}, head:${state.head}`, ...assertions, ""].join("\n");
  },
};

function quotedAmount(amount: string): string {
  const [number = "", commodity = ""] = amount.split(" ");
  return `${number} ${quoted(commodity)}`;
}

/** A name with digits would be read as a number. */
function quoted(commodity: string): string {
  return /\d/.test(commodity) ? `"${commodity}"` : commodity;
}
