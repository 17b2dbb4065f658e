import { count, plural } from "../format.ts";
import type { ReplayRecord } from "../replay/record.ts";
import { yearFigures } from "../replay/years.ts";
import { debtLine } from "./arrears.ts";
import { paidBy } from "./contributions.ts";
import { earmarkLine } from "./earmarks.ts";
import { balanceLine } from "./fund.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { marketLine } from "./market.ts";
import { measureLine } from "./measures.ts";
import { strengthsOf } from "./memberships.ts";
import { pairList } from "./pairs.ts";
import { counted, date, listed, named, sum, usd } from "./words.ts";

/** Who, when and how much, on the first page. */
export function summarySection(r: ReplayRecord): Html {
  return html`<p>
      This report shows what the Crisis Insurance Fund would have done from ${date(r.genesis)} to ${date(r.until - 1)}:
      who would have belonged to it, what its members would have paid, how its council would have decided on each case
      of economic coercion in the data, and what those struck would have received and when. The years were lived through
      on a ledger of smart contracts; every figure is read from what that ledger recorded. Amounts are in US dollars,
      rounded down to the cent. Times are UTC.
    </p>
    ${pairList("key", keyFigures(r))} ${reconciled(r)}`;
}

function keyFigures(r: ReplayRecord): [string, string][] {
  const last = strengthsOf(r).at(-1);
  const founders = r.memberships.filter(({ change }) => change === "founded").length;
  const recognised = r.attacks.filter((attack) => attack.recognised !== undefined);
  const struck = [...new Set(r.attacks.filter(({ disbursed }) => disbursed > 0n).map(({ member }) => member))].sort();
  const refused = r.cases.filter(({ outcome }) => outcome === "refused").length;
  return [
    ["Founders", `${plural(founders, "member")}, on ${date(r.genesis)}`],
    [
      "Members at the end",
      `${counted(last?.voting ?? 0, "State")} with a vote, ${counted(last?.partners ?? 0, "Partner")}, ` +
        `${(last?.suspended ?? 0) + (last?.debtors ?? 0)} whose vote or rights rest`,
    ],
    ["Paid in by members", usd(sum(r.members.map(paidBy)))],
    [
      "Paid out",
      `${usd(sum(yearFigures(r).map(({ paidOut }) => paidOut)))}${to(struck.map((code) => named(r, code)))}`,
    ],
    [
      "Cases",
      `${count(r.cases.length)} in the data: ${counted(r.attacks.length, "attack")} filed, ${recognised.length} of them ` +
        `recognised; ${counted(refused, "case")} refused`,
    ],
    ["From filing to first money", speedText(r)],
    ["Bought on the market", marketLine(r)],
    ["Paid to industries and workers", earmarkLine(r)],
    ["Joint measures", measureLine(r)],
    ["The fund at the end", balanceLine(r)],
    ["Overdue contributions at the end", debtLine(r)],
  ];
}

function to(struck: readonly string[]): string {
  return struck.length === 0 ? "" : `, to ${listed(struck)}`;
}

function speedText({ attacks }: ReplayRecord): string {
  const days = attacks.flatMap(({ daysToMoney }) => daysToMoney ?? []).sort((a, b) => a - b);
  const [least, most] = [days[0], days.at(-1)];
  if (least === undefined || most === undefined) return "no money was paid";
  if (least === most)
    return `${plural(least, "day")} in ${days.length === 1 ? "the one attack paid for" : "every attack"}`;
  const middle = days[Math.floor((days.length - 1) / 2)] ?? least;
  return `${least} to ${plural(most, "day")}, half of them within ${plural(middle, "day")}`;
}

function reconciled({ reconciliation: { entries, head, balance, compared, mismatches } }: ReplayRecord): Html {
  if (mismatches.length > 0) {
    return html`<p class="seal broken">
        <strong>Not reconciled.</strong> ${count(compared)} figures were rebuilt from the events and compared with the
        ledger; ${plural(mismatches.length, "mismatch", "mismatches")}:
      </p>
      <ul>
        ${mismatches.map((text) => html`<li>${text}</li>`)}
      </ul>`;
  }
  return html`<p class="seal">
    <strong>Reconciled.</strong> ${plural(entries, "journal entry", "journal entries")}, balance ${usd(balance)}:
    ${count(compared)} figures were rebuilt from the events alone and agree with the ledger. Head of the journal:
    <code>${head}</code>
  </p>`;
}
