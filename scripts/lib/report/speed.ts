import { dollars } from "../format.ts";
import type { AttackRecord, CaseRecord, ReplayRecord } from "../replay/record.ts";
import { anchorOf } from "./attacks.ts";
import { figure } from "./figure.ts";
import type { Draw, Figure } from "./figure.ts";
import { html } from "./html.ts";
import type { Fragment, Html } from "./html.ts";
import { bars } from "./option.ts";
import { amounts, dates, figures, table, words } from "./table.ts";
import { date, named } from "./words.ts";

interface Paid {
  attack: AttackRecord;
  /** What others did for the victim of its cases. */
  helped: (CaseRecord["comparisons"][number] & { case: string })[];
}

/** How soon the fund paid, and how soon others helped. */
export function speedSection(r: ReplayRecord, draw: Draw | undefined): Html {
  const paid = paidAttacks(r);
  if (paid.length === 0)
    return html`<p>The fund paid nothing for an attack.</p>
      ${helpTable(r)}`;
  return html`<p>
      The fund's days run from the filing of the attack to its first disbursement. What help came in reality is counted
      from the day the measure took effect, as in the data; a case is filed on that day, or when it was announced if
      that is later.
    </p>
    ${figure(speedFigure(r), draw)} ${helpTable(r)}`;
}

function paidAttacks({ attacks, cases }: ReplayRecord): Paid[] {
  return attacks
    .filter(({ daysToMoney }) => daysToMoney !== undefined)
    .map((attack) => ({
      attack,
      helped: cases
        .filter(({ row: { id }, attackIds }) => attack.cases.includes(id) && attackIds[0] === attack.attackId)
        .flatMap(({ row: { id }, comparisons }) => comparisons.map((one) => ({ ...one, case: id }))),
    }));
}

export function speedFigure(r: ReplayRecord): Figure {
  const paid = paidAttacks(r);
  const first = (days: readonly number[]) => (days.length === 0 ? undefined : Math.min(...days));
  const help = paid.map(({ helped }) => first(helped.map(({ days }) => days)));
  const names = paid.map(({ attack }) => `${attack.attackId}: ${named(r, attack.member)}, ${attack.cases.join(", ")}`);
  const fund = paid.map(({ attack }) => attack.daysToMoney);
  const series = [{ name: "the fund, from filing", values: fund }];
  if (help.some((days) => days !== undefined)) {
    series.push({ name: "help in reality, from the day the measure took effect", values: help });
  }
  return {
    name: "days-to-first-money",
    title: "Days to first money",
    about: "From filing to the fund's first disbursement, beside the first help that came in reality.",
    ...bars("attack", "days", names, series, 0),
    table: {
      caption: "Days to the fund's first money, and to the first help in reality",
      columns: [
        ...[figures("attack"), words("member"), dates("filed"), dates("first money"), amounts("first amount")],
        ...[figures("the fund", "days from filing"), figures("help in reality", "days from effect")],
      ],
      rows: paid.map(({ attack }, i): Fragment[] => {
        const [money] = attack.disbursements;
        return [
          html`<a href="#${anchorOf(attack)}">${attack.attackId}</a>`,
          ...[named(r, attack.member), date(attack.filed), money && date(money.time), dollars(money?.amount ?? 0n)],
          ...[fund[i], help[i] ?? "none in the data"],
        ];
      }),
    },
  };
}

function helpTable({ cases }: ReplayRecord): Html {
  const rows = cases.flatMap(({ row, comparisons }) =>
    comparisons.map(({ what, date: on, amount, days, source }) => [
      row.id,
      what,
      date(on),
      dollars(amount),
      days,
      source,
    ]),
  );
  if (rows.length === 0) return html`<p>The data name no help that came in reality.</p>`;
  return table({
    caption: "What help came in reality",
    columns: [
      ...[words("case"), words("what"), dates("when"), amounts("about")],
      ...[figures("after the measure took effect", "days"), words("source")],
    ],
    rows,
  });
}
