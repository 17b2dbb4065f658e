import { styleText } from "node:util";

import type { AllianceOfYear } from "./alliance.ts";
import { count, day, dollars, exact, inColumns, millions, minute, percent, plural, table } from "./format.ts";
import type { ReplayRecord } from "./record.ts";
import type { Reconciliation } from "./reconcile.ts";

const WIDTH = 100;

function heading(text: string): string[] {
  // Colour only where it is seen: styleText asks the stream.
  return ["", styleText("bold", text, { stream: process.stdout })];
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > WIDTH - 2) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line) => `  ${line}`);
}

/** The members and where their weights come from. */
export function allianceLines(alliance: AllianceOfYear): string[] {
  const { members, year, ratedIn, scaleFrom, scaleTo, partnerTrade } = alliance;
  const states = members.filter(({ kind }) => kind === "State");
  const partners = members.filter(({ kind }) => kind === "Partner");
  const whole = members.reduce((sum, { weight }) => sum + weight, 0n);
  const lines = [
    ...heading(`The alliance of ${year}`),
    ...wrapped(
      `${plural(states.length, "State")}: every country rated Free for ${ratedIn} (Freedom in the World) and on the UN ` +
        `scale of ${scaleFrom} to ${scaleTo}, which is rebased to the members between floor (0.001%) and ceiling (22%).`,
    ),
  ];
  for (const { code, year: of, share, source } of partnerTrade) {
    const weight = partners.find((partner) => partner.code === code)?.weight ?? 0n;
    lines.push(
      ...wrapped(
        `Partner ${code}: outside the scale; its share of world merchandise trade in ${of}, ${percent(share / 100n)}, is ` +
          `read as its share of the scale: rebased, ${percent(weight)}. Source: ${source}.`,
      ),
    );
  }
  const byWeight = [...members].sort((a, b) => (a.weight === b.weight ? 0 : a.weight > b.weight ? -1 : 1));
  const cells = byWeight.map(({ code, weight }) => `${code} ${percent(weight).padStart(8)}`);
  return [...lines, ...inColumns(cells, WIDTH - 2).map((line) => `  ${line}`), `  Together ${percent(whole)}.`];
}

export function titleLines({ case: one }: Pick<ReplayRecord, "case">): string[] {
  const ended = one.ended === undefined ? "" : `, ended ${day(one.ended)}`;
  return [
    styleText("bold", `Crisis Insurance Fund: replay of ${one.id}`, { stream: process.stdout }),
    one.title,
    `${one.coercer} against ${one.member}; announced ${day(one.announced)}, in effect from ${day(one.effective)}${ended}`,
    `trade struck: USD ${millions(one.baseline)}m a year`,
  ];
}

/** All that follows the members. */
export function recordLines(r: ReplayRecord): string[] {
  return [...contributionLines(r), ...coverLines(r), ...caseLines(r), ...roundLines(r), ...disbursementLines(r), ""];
}

function contributionLines(r: ReplayRecord): string[] {
  const rows = r.quarters.map((q) => [
    `${q.period}`,
    day(q.from),
    dollars(q.budget),
    dollars(q.paid),
    `${q.payers}`,
    dollars(q.total),
  ]);
  const { allowance, permit, authorization } = r.ways;
  const lines = [
    ...heading("Contributions"),
    ...table(["quarter", "from", "budget, USD", "paid, USD", "payers", "in all, USD"], rows).map((line) => `  ${line}`),
    ...wrapped(
      `${allowance} treasuries pay from an allowance, ${permit} with a permit (ERC-2612), ${authorization} by an ` +
        `authorization (EIP-3009) that a relayer brings. Quarters are periods of 90 days.`,
    ),
  ];
  for (const call of r.calls) lines.push(`  ${day(call.time)}  call for USD ${dollars(call.amount)}`);
  return lines;
}

function coverLines(r: ReplayRecord): string[] {
  const { how, ballots, decided, executed, effectiveAt, until } = r.cover;
  const pair = `the trade of ${r.case.member} with ${r.case.coercer}`;
  if (how === "not at all" || effectiveAt === undefined || until === undefined) {
    return [...heading("Cover"), ...wrapped(`None: ${pair} is not registered, so nothing would be payable.`)];
  }
  const made =
    how === "by vote"
      ? `registered by an ordinary vote of the council: decided on ${day(decided ?? 0)} with ${ballots} ballots, executed ` +
        `on ${day(executed ?? 0)}`
      : "registered at the founding";
  return [
    ...heading("Cover"),
    ...wrapped(
      `With hindsight: ${pair}, USD ${millions(r.case.baseline)}m a year, was ${made}, effective from ${day(effectiveAt)} ` +
        `to ${day(until)}. At that time nobody could know that just this trade would be struck.`,
    ),
  ];
}

function caseLines(r: ReplayRecord): string[] {
  const lines = heading(`The case of ${r.case.member}`);
  if (r.threat !== undefined) lines.push(`  ${minute(r.threat)}  threat notified`);
  if (r.refusal !== undefined) {
    const { year, ratedIn, members } = r.alliance;
    lines.push(`  ${minute(r.refusal.time)}  filing refused by the ledger:`, `  ${r.refusal.reason}`);
    if (!members.some(({ code }) => code === r.case.member)) {
      lines.push(
        ...wrapped(
          `${r.case.member} is no member of the alliance of ${year}: not rated Free for ${ratedIn}, or outside the scale.`,
        ),
      );
    }
    return lines;
  }
  if (r.filed === undefined) return lines;
  lines.push(
    `  ${minute(r.filed.time)}  attack ${r.filed.attackId} filed; at most USD ${dollars(r.filed.cap)} (a quarter of capital)`,
  );
  const cells = r.ballots.map((b) => {
    return `${String(b.place).padStart(3)} ${b.code} ${minute(b.time).slice(5)}`;
  });
  const deciding = r.ballots.find(({ decides }) => decides);
  lines.push(
    ...wrapped(
      `Vote of ${plural(r.seats, "seat")} without ${r.case.member}'s, in alphabetical order and at an even pace, all For (an ` +
        `assumption: no country's real position is stated); the majority is ${r.majority}.`,
    ),
    ...inColumns(cells, WIDTH - 2).map((line) => `  ${line}`),
  );
  if (deciding !== undefined) {
    lines.push(
      `  ${minute(deciding.time)}  ${deciding.code} makes it ${deciding.place} of ${r.seats}: the majority is crossed`,
    );
  }
  if (r.recognised !== undefined) {
    const { time, committed, advance } = r.recognised;
    lines.push(
      `  ${minute(time)}  recognised by that ballot: USD ${dollars(committed)} committed,`,
      `                    advance USD ${dollars(advance)}`,
    );
  }
  return lines;
}

function roundLines(r: ReplayRecord): string[] {
  if (r.rounds.length === 0) return [];
  const rows = r.rounds.map((round) => [
    `${round.round}`,
    day(round.time),
    dollars(round.reported),
    dollars(round.loss),
    dollars(round.payable),
    dollars(round.award),
  ]);
  const head = ["round", "settled", "loss reported, USD", "counted, USD", "payable so far, USD", "award, USD"];
  const naming = r.assessors.map(({ member }) => member).join(", ");
  const whole = r.losses.reduce((sum, { net }) => sum + net, 0n);
  const last = r.rounds.at(-1)?.reported ?? 0n;
  const rest = whole > last ? ` USD ${millions(whole - last)}m of the loss lies outside and is not claimed.` : "";
  return [
    ...heading("Losses, cumulative and net"),
    ...table(head, rows).map((line) => `  ${line}`),
    ...wrapped(
      `${plural(r.assessors.length, "assessor")}, named by ${naming}, report the same figure, that of the data, accrued ` +
        `evenly by day: the replay has one source.${rest}`,
    ),
  ];
}

function disbursementLines(r: ReplayRecord): string[] {
  if (r.filed === undefined) return [];
  const rows = r.disbursements.map((d) => [minute(d.time), d.occasion, dollars(d.amount), `${d.seq}`]);
  const lines = heading(`Disbursements to ${r.case.member}`);
  if (rows.length === 0) lines.push("  None: nothing was payable.");
  else {
    lines.push(...table(["date", "for", "amount, USD", "journal entry"], rows).map((line) => `  ${line}`));
    lines.push(`  In all USD ${dollars(r.disbursed)}.`);
  }
  if (r.daysToMoney !== undefined) {
    lines.push(`  From filing to first money: ${plural(r.daysToMoney, "day")}.`);
  }
  for (const { what, date, amount, days } of r.comparisons) {
    lines.push(
      ...wrapped(
        `For comparison: ${what}, about USD ${millions(amount)}m, on ${day(date)}: ${plural(days, "day")} after the measure ` +
          `took effect.`,
      ),
    );
  }
  if (r.closed !== undefined) {
    const { time, awarded, released, charged } = r.closed;
    const back = charged > 0n ? `, USD ${dollars(charged)} taken back` : "";
    lines.push(
      ...wrapped(
        `Closed by the member on ${day(time)}: USD ${dollars(awarded)} awarded${back}, USD ${dollars(released)} of the commitment released.`,
      ),
    );
  }
  return lines;
}

/** The last line, or what does not agree. */
export function reconciliationLines(r: Reconciliation): string[] {
  if (r.mismatches.length === 0) {
    return [`reconciled: ${count(r.entries)} journal entries, head ${r.head}, balance ${exact(r.balance)} USD`];
  }
  return [
    `not reconciled, ${r.mismatches.length} ${r.mismatches.length === 1 ? "mismatch" : "mismatches"}:`,
    ...r.mismatches.map((text) => `  ${text}`),
  ];
}
