import { dollars, dollarsOrDust, plural, share } from "../format.ts";
import type { AttackRecord, ReplayRecord, Round } from "../replay/record.ts";
import { whyUndisbursed } from "../replay/undisbursed.ts";
import { earmarkPart } from "./earmarks.ts";
import { figure } from "./figure.ts";
import type { Draw, Figure } from "./figure.ts";
import { html } from "./html.ts";
import type { Fragment, Html } from "./html.ts";
import { marketPart } from "./market.ts";
import { inMillions, linesOverTime } from "./option.ts";
import type { Line } from "./option.ts";
import { pairList } from "./pairs.ts";
import { amounts, dates, figures, table, words } from "./table.ts";
import { date, daysBetween, listed, moment, named, spaced, usd, withoutYear } from "./words.ts";

const openVote = "the vote is still open when the replay ends";

/** Where an attack stands on the page. */
export function anchorOf({ attackId }: AttackRecord): string {
  return `attack-${attackId}`;
}

/** "Attack 8: Customs delisting (LTU-2021)". */
export function titleOf({ cases }: ReplayRecord, attack: AttackRecord): string {
  const row = cases.find(({ row: { id } }) => id === attack.cases[0])?.row;
  return `Attack ${attack.attackId}: ${row?.title ?? "without a case"} (${attack.cases.join(", ")})`;
}

/** Every attack: how it was decided, what was lost and what was paid. */
export function attackSection(r: ReplayRecord, draw: Draw | undefined): Html {
  if (r.attacks.length === 0) return html`<p>No attack was filed in these years.</p>`;
  return html`<p>
      An attack is the case of one coercer against one member. Once the council has recognised it, the fund pays by
      formula: an advance at once, then by rounds of thirty days what the reported loss makes payable.
    </p>
    ${overview(r)} ${r.attacks.map((attack) => attackPart(r, attack, draw))}`;
}

function overview(r: ReplayRecord): Html {
  const row = (attack: AttackRecord): Fragment[] => [
    html`<a href="#${anchorOf(attack)}">${attack.attackId}</a>`,
    ...[named(r, attack.member), named(r, attack.coercer), date(attack.filed)],
    attack.recognised === undefined ? (attack.status === "Voting" ? "not yet" : "no") : date(attack.recognised.time),
    ...[dollars(attack.recognised?.committed ?? 0n), dollars(attack.disbursed), attack.daysToMoney ?? "none"],
    attack.status.toLowerCase(),
  ];
  return table({
    caption: "All attacks",
    columns: [
      ...[figures("attack"), words("member"), words("coercer"), dates("filed"), dates("recognised")],
      ...[amounts("committed"), amounts("disbursed"), figures("first money", "days from filing"), words("at the end")],
    ],
    rows: r.attacks.map(row),
    dense: true,
  });
}

function attackPart(r: ReplayRecord, attack: AttackRecord, draw: Draw | undefined): Html {
  return html`<section id="${anchorOf(attack)}" class="attack">
    <h3>${titleOf(r, attack)}</h3>
    ${facts(r, attack)} ${lossPart(attack, draw)} ${disbursementTable(attack)} ${marketPart(r, attack, draw)}
    ${earmarkPart(r, attack, draw)} ${ballotList(r, attack)}
  </section>`;
}

function facts(r: ReplayRecord, attack: AttackRecord): Html {
  const { cover, exposure, recognised, closed, ended, vote, succession } = attack;
  const deciding = vote.ballots.find(({ decides }) => decides);
  const measures = attack.measures.map(({ time, case: id, measure }) => `${spaced(measure)} (${id}, ${date(time)})`);
  const list: (readonly [string, string] | undefined)[] = [
    ["Parties", `${named(r, attack.coercer)} against ${named(r, attack.member)}`],
    ["Measures", listed(measures)],
    ["Begun and filed", `${date(attack.startedAt)}; filed on ${moment(attack.filed)}`],
    succession === 0
      ? undefined
      : ["Successor", `number ${succession} of an earlier case, therefore without an advance`],
    ["Trade under cover", coverText(r, attack)],
    exposure === undefined || cover.baseline === 0n
      ? undefined
      : [
          "Terms",
          `the fund bears ${share(cover.ceding)} of a loss between ${share(cover.attachment)} and ${share(cover.exhaustion)} ` +
            `of that trade, at most ${usd(cover.yearlyLimit)} in a year of cover and ${usd(attack.cap)}, a quarter of capital`,
        ],
    [
      "Vote",
      deciding === undefined
        ? `${plural(vote.ballots.length, "ballot")} of ${plural(vote.seats, "seat")}, ${vote.majority} needed: no majority`
        : `${named(r, deciding.code)} made it ${deciding.place} of ${plural(vote.seats, "seat")}, the majority, on ` +
          moment(deciding.time),
    ],
    recognised === undefined
      ? ["Decision", attack.status === "Voting" ? openVote : `not recognised (${attack.status.toLowerCase()})`]
      : [
          "Recognised",
          `${moment(recognised.time)}; ${usd(recognised.committed)} committed, ${usd(recognised.advance)} paid in advance`,
        ],
    ended === undefined ? undefined : ["Ended by the member", `${moment(ended)}: the round then running was the last`],
    closed === undefined
      ? ["Closed", "not when the replay ends"]
      : [
          "Closed",
          `${moment(closed.time)}; ${usd(closed.awarded)} awarded, ${usd(closed.charged)} of it charged back, ` +
            `${usd(closed.released)} of the commitment released`,
        ],
  ];
  return pairList("facts", list);
}

function coverText(r: ReplayRecord, { cover, exposure, member, coercer }: AttackRecord): string {
  if (exposure === undefined || cover.baseline === 0n) {
    return `no trade of ${named(r, member)} with ${named(r, coercer)} was registered for that day, so nothing was payable`;
  }
  const { proposalId, effectiveAt, until } = exposure;
  const how = proposalId === undefined ? "at the founding" : `by vote ${proposalId}`;
  return (
    `${usd(cover.baseline)} a year, registered ${how} with hindsight, effective from ${date(effectiveAt)} to ` +
    date(until - 1)
  );
}

function lossPart(attack: AttackRecord, draw: Draw | undefined): Html {
  const { rounds } = attack;
  if (rounds.length === 0) return html`<p>No round was settled.</p>`;
  if (rounds.some(({ reported, award }) => reported > 0n || award > 0n)) return figure(lossFigure(attack), draw);
  return html`<p>${plural(rounds.length, "round")} settled: no loss was reported.</p>`;
}

/** What was reported, counted and payable after each round, and what had been awarded by then. */
export function lossFigure(attack: AttackRecord): Figure {
  const { rounds, recognised, startedAt } = attack;
  const awarded: bigint[] = [];
  for (const { award } of rounds) awarded.push((awarded.at(-1) ?? recognised?.advance ?? 0n) + award);
  const from = (start: bigint, value: (round: Round, i: number) => bigint) => [
    [startedAt, inMillions(start)] as const,
    ...rounds.map((round, i) => [round.endsAt, inMillions(value(round, i))] as const),
  ];
  const lines: Line[] = [
    { name: "reported net loss", points: from(0n, ({ reported }) => reported) },
    { name: "counted", points: from(0n, ({ loss }) => loss) },
    { name: "payable", points: from(0n, ({ payable }) => payable) },
    { name: "awarded", holds: true, points: from(recognised?.advance ?? 0n, (_, i) => awarded[i] ?? 0n) },
  ];
  const helped = rounds.some(({ bought }) => bought > 0n);
  if (helped) lines.push({ name: "bought on the market", points: from(0n, ({ bought }) => bought) });
  const market = " Reported is the loss before the market, counted the loss after it.";
  return {
    name: `loss-of-attack-${attack.attackId}`,
    title: `Loss and awards of attack ${attack.attackId}`,
    about:
      "Cumulative at the end of each round, in millions of US dollars; awarded includes the advance." +
      (helped ? market : ""),
    ...linesOverTime(["million USD"], lines),
    table: {
      caption: `The rounds of attack ${attack.attackId}; all but the award are cumulative`,
      columns: [
        ...[figures("round"), dates("ended"), dates("settled")],
        ...["reported", "bought", "counted", "payable", "award", "awarded"].map(amounts),
      ],
      rows: rounds.map(({ round, endsAt, settled, reported, bought, loss, payable, award }, i) => [
        ...[round, date(endsAt), date(settled)],
        ...[reported, bought, loss, payable, award, awarded[i] ?? 0n].map(dollars),
      ]),
    },
  };
}

function disbursementTable(attack: AttackRecord): Html {
  const { attackId, disbursements, disbursed, filed } = attack;
  if (disbursements.length === 0) return html`<p>Nothing was disbursed to the treasury: ${whyUndisbursed(attack)}.</p>`;
  return table({
    caption: `Disbursements of attack ${attackId}`,
    columns: [
      dates("date"),
      words("for"),
      figures("since filing", "days"),
      figures("journal entry"),
      amounts("amount"),
    ],
    rows: disbursements.map(({ time, occasion, seq, amount }) => [
      ...[date(time), occasion, daysBetween(filed, time), seq, dollarsOrDust(amount)],
    ]),
    foot: ["all", "", "", "", dollars(disbursed)],
  });
}

function ballotList(r: ReplayRecord, { vote }: AttackRecord): Html {
  if (vote.ballots.length === 0) return html`<p>No ballot was cast.</p>`;
  const items = vote.ballots.map(({ place, code, time, decides }) => {
    const who = html`<span>${place}</span> <b title="${r.names[code] ?? code}">${code}</b> ${withoutYear(time)}`;
    return decides ? html`<li class="decides">${who} <strong>majority</strong></li>` : html`<li>${who}</li>`;
  });
  return html`<details>
    <summary>The vote seat by seat: ${vote.majority} of ${vote.seats} decide</summary>
    <p>Each ballot is For, with its time (UTC).</p>
    <ol class="ballots">
      ${items}
    </ol>
  </details>`;
}
