import { WIDTH, day, dollars, dollarsOrDust, inColumns, millions, minute, plural, share, table } from "../format.ts";
import type { AttackRecord, CaseRecord, ReplayRecord } from "./record.ts";
import { earmarkLines, goodsLines, marketLines } from "./report-solidarity.ts";
import { heading, indented, wrapped } from "./text.ts";
import { whyUndisbursed } from "./undisbursed.ts";

/** Every row of the cases' file, with the attacks that it opened. */
export function caseLines(r: ReplayRecord, detail: string | undefined): string[] {
  return r.cases.flatMap((one) => [
    ...heading(`${one.row.id}: ${one.row.title}`),
    ...factLines(one),
    ...outcomeLines(one, r),
    ...r.attacks
      .filter(({ cases }) => cases[0] === one.row.id)
      .flatMap((attack) => attackLines(attack, r, one.row.id === detail)),
    ...goodsLines(one),
    ...afterLines(one),
  ]);
}

function factLines({ row }: CaseRecord): string[] {
  const ended = row.ended === undefined ? "" : `, ended ${day(row.ended)}`;
  const announced = `announced ${row.announced > row.effective ? "only " : ""}on ${day(row.announced)}`;
  return [
    ...wrapped(
      `${row.coercer} against ${row.member}; ${announced}, in effect from ${day(row.effective)}${ended}; trade ` +
        `struck: USD ${dollars(row.baseline)} a year`,
    ),
  ];
}

function outcomeLines(one: CaseRecord, { attacks }: ReplayRecord): string[] {
  const lines = one.refusals.flatMap(({ time, error, sentence }) => [
    ...wrapped(`${minute(time)}  refused by the ledger: ${sentence}`, 18),
    `                    ${error}`,
  ]);
  if (one.reason !== undefined) lines.push(...wrapped(`Left out: ${one.reason}.`));
  if (one.threat !== undefined) lines.unshift(`  ${minute(one.threat)}  threat notified`);
  for (const attack of attacks) {
    const [opener, ...joined] = attack.cases;
    const measure = attack.measures.find((own) => own.case === one.row.id);
    if (measure === undefined || opener === one.row.id || !joined.includes(one.row.id)) continue;
    lines.push(
      `  ${minute(measure.time)}  joins attack ${attack.attackId}, of ${opener ?? ""}, as a further measure of the same coercer`,
    );
  }
  return lines;
}

function attackLines(attack: AttackRecord, r: ReplayRecord, inFull: boolean): string[] {
  return [
    ...coverLines(attack, r),
    ...voteLines(attack, inFull),
    ...(inFull ? roundLines(attack, r) : lossLines(attack)),
    ...marketLines(attack),
    ...disbursementLines(attack),
    ...endLines(attack),
    ...earmarkLines(attack),
  ];
}

function coverLines({ cover, exposure, member, coercer, attackId }: AttackRecord, { votes }: ReplayRecord): string[] {
  if (cover.baseline === 0n || exposure === undefined) {
    return wrapped(
      `Cover of attack ${attackId}: no trade of ${member} with ${coercer} is registered for that day, so nothing is payable.`,
    );
  }
  const vote = votes.find(({ proposalId }) => proposalId === exposure.proposalId);
  const made =
    vote === undefined
      ? "at the founding"
      : `by vote ${vote.proposalId}, decided on ${day(vote.decided ?? 0)} with ${plural(vote.ballots, "ballot")}`;
  return wrapped(
    `Cover of attack ${attackId}: USD ${dollars(cover.baseline)} a year, registered ${made}, effective from ` +
      `${day(exposure.effectiveAt)} to ${day(exposure.until)}. With hindsight: at that time nobody could know that just this ` +
      `trade would be struck. Terms: the fund bears ${share(cover.ceding)} of a loss between ${share(cover.attachment)} and ` +
      `${share(cover.exhaustion)} of that trade, at most USD ${dollars(cover.yearlyLimit)} in a year of cover.`,
  );
}

function voteLines(
  { attackId, startedAt, filed, succession, cap, vote, recognised, status, member }: AttackRecord,
  inFull: boolean,
) {
  const successor = succession === 0 ? "" : `, as successor ${succession} of an earlier case, without an advance`;
  const lines = wrapped(
    `${minute(filed)}  attack ${attackId} filed, begun on ${day(startedAt)}${successor}; at most USD ${dollars(cap)} (a quarter of ` +
      `capital)`,
    18,
  );
  if (inFull) {
    lines.push(
      ...wrapped(
        `Vote of ${plural(vote.seats, "seat")} without ${member}'s, in alphabetical order and at an even pace, all For (an ` +
          `assumption: no country's real position is stated); the majority is ${vote.majority}.`,
      ),
      ...indented(
        inColumns(
          vote.ballots.map(({ place, code, time }) => `${String(place).padStart(3)} ${code} ${minute(time).slice(5)}`),
          WIDTH - 2,
        ),
      ),
    );
  }
  const deciding = vote.ballots.find(({ decides }) => decides);
  if (deciding !== undefined) {
    lines.push(
      `  ${minute(deciding.time)}  ${deciding.code} makes it ${deciding.place} of ${vote.seats}: the majority is crossed`,
    );
  }
  if (recognised !== undefined) {
    const { time, committed, advance } = recognised;
    lines.push(
      ...wrapped(
        `${minute(time)}  recognised by that ballot: USD ${dollars(committed)} committed, advance USD ${dollars(advance)}`,
        18,
      ),
    );
  } else if (status === "Voting") lines.push("  The vote is still open when the replay ends.");
  else lines.push(`  The case was not recognised (${status}).`);
  return lines;
}

function roundLines({ rounds }: AttackRecord, { assessors }: ReplayRecord): string[] {
  if (rounds.length === 0) return [];
  const rows = rounds.map(({ round, settled, reported, bought, loss, payable, award }) => [
    `${round}`,
    day(settled),
    dollars(reported),
    dollars(bought),
    dollars(loss),
    dollars(payable),
    dollars(award),
  ]);
  const head = ["round", "settled", "reported so far", "bought", "counted", "payable so far", "award"];
  const naming = assessors.map(({ member }) => member).join(", ");
  return [
    ...indented(table(head, rows)),
    ...wrapped(
      `${plural(assessors.length, "assessor")}, named by ${naming}, report the same figure, that of the data, accrued evenly by ` +
        `day: the replay has one source.`,
    ),
  ];
}

function lossLines({ rounds }: AttackRecord): string[] {
  const last = rounds.at(-1);
  if (last === undefined) return [];
  return wrapped(
    `${plural(rounds.length, "round")} settled, the last on ${day(last.settled)}: net loss USD ${dollars(last.reported)}` +
      `${last.bought === 0n ? "" : " with what was bought on the market added back"}, of which ` +
      `USD ${dollars(last.loss)} counts and USD ${dollars(last.payable)} is payable.`,
  );
}

function disbursementLines(attack: AttackRecord): string[] {
  const { disbursements, disbursed, daysToMoney, recognised, member } = attack;
  if (recognised === undefined) return [];
  if (disbursements.length === 0) return [`  No disbursement to the treasury: ${whyUndisbursed(attack)}.`];
  const rows = disbursements.map(({ time, occasion, amount, seq }) => [
    minute(time),
    occasion,
    dollarsOrDust(amount),
    `${seq}`,
  ]);
  return [
    ...indented(table([`disbursed to ${member}`, "for", "amount", "journal entry"], rows)),
    `  In all USD ${dollars(disbursed)}; from filing to first money: ${plural(daysToMoney ?? 0, "day")}.`,
  ];
}

function endLines({ ended, closed, recognised }: AttackRecord): string[] {
  const lines =
    ended === undefined ? [] : [`  ${minute(ended)}  ended by the member: the round then running is the last`];
  if (closed === undefined) return recognised === undefined ? lines : [...lines, "  Still open when the replay ends."];
  const { time, awarded, released, charged } = closed;
  const back = charged > 0n ? `, USD ${dollars(charged)} of it charged back` : "";
  return [
    ...lines,
    ...wrapped(
      `${minute(time)}  closed: USD ${dollars(awarded)} awarded${back}, USD ${dollars(released)} of the commitment released`,
      18,
    ),
  ];
}

function afterLines({ notClaimed, attackIds, comparisons }: CaseRecord): string[] {
  const lines: string[] = [];
  if (attackIds.length > 0 && notClaimed > 0n) {
    lines.push(...wrapped(`USD ${dollars(notClaimed)} of its net loss lies outside the rounds and is not claimed.`));
  }
  for (const { what, date, amount, days } of comparisons) {
    lines.push(
      ...wrapped(
        `For comparison: ${what}, about USD ${millions(amount)}m, on ${day(date)}: ${plural(days, "day")} after the measure took ` +
          `effect.`,
      ),
    );
  }
  return lines;
}
