import { dayOf, secondOf } from "./amounts.ts";
import type { Dialect } from "./double-entry.ts";

/** What a balance may deviate from what is asserted: nothing. Else beancount would let a base unit pass. */
const EXACT = "~ 0";

/** Beancount asserts balances at the beginning of a day: those of a day stand at the next. */
export const BEANCOUNT: Dialect = {
  file: "fund.beancount",

  head({ chainId, contracts, token, fromBlock, toBlock }, commodity) {
    const title = `Crisis Insurance Fund ${contracts.fund ?? ""} on chain ${chainId}, blocks ${fromBlock} to ${toBlock}`;
    return [
      `option "title" "${title}"`,
      `option "operating_currency" "${commodity}"`,
      `1970-01-01 commodity ${commodity}`,
      `  address: "${token.address}"`,
      "",
      "",
    ].join("\n");
  },

  open: (account, day) => `${day} open ${account}\n`,

  movement({ place, title, entry, postings }, day, amountOf) {
    const lines = [
      `${day} * "${title}"`,
      ...(entry === undefined ? [] : [`  entry: ${entry}`]),
      `  tx: "${place.transaction}"`,
      `  block: ${place.block}`,
      `  at: "${secondOf(place.time)}"`,
      ...postings.map(({ account, amount }) => `  ${account}  ${amountOf(amount)}`),
    ];
    return `${lines.join("\n")}\n\n`;
  },

  endOfDay: (time, balances, amountOf) => assertions(dayOf(time, 1), balances, amountOf),

  closing({ time, block, sequence, head }, balances, amountOf) {
    const heading = `; Balances by the fund's own views at block ${block}, journal entry ${sequence}, head ${head}\n`;
    return heading + assertions(dayOf(time, 1), balances, amountOf);
  },
};

function assertions(day: string, balances: ReadonlyMap<string, bigint>, amountOf: (units: bigint) => string): string {
  const lines = [...balances].map(([account, balance]) => {
    const [number = "", commodity = ""] = amountOf(balance).split(" ");
    return `${day} balance ${account}  ${number} ${EXACT} ${commodity}`;
  });
  return `${lines.join("\n")}\n\n`;
}
