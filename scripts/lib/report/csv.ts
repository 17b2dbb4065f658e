import { stringify } from "csv-stringify/sync";

import type { ReplayRecord } from "../replay/record.ts";
import { column, money, time, yesNo } from "./csv-columns.ts";
import type { Add, Cell, Column } from "./csv-columns.ts";
import { addSolidarity } from "./csv-solidarity.ts";
import { daysBetween } from "./words.ts";

/** The files by name, each a header and its rows by RFC 4180; `columns.csv` says what every column of the others means. */
export function csvFiles(r: ReplayRecord): Map<string, string> {
  const files = new Map<string, string>();
  const meanings: string[][] = [];
  const add = <Row>(name: string, rows: readonly Row[], columns: readonly Column<Row>[]): void => {
    files.set(
      name,
      written(
        columns.map(({ name: header }) => header),
        rows.map((row) => columns.map(({ of }) => of(row))),
      ),
    );
    meanings.push(...columns.map(({ name: header, meaning }) => [name, header, meaning]));
  };
  addMoney(r, add);
  addAttacks(r, add);
  addSolidarity(r, add);
  addVotes(r, add);
  files.set("columns.csv", written(["file", "column", "meaning"], meanings));
  return files;
}

/** What a spreadsheet would take for a formula is quoted as text, since the words come from files. */
function written(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return stringify([header, ...rows] as Cell[][], { record_delimiter: "windows", escape_formulas: true });
}

function addMoney(r: ReplayRecord, add: Add): void {
  const years = r.members.flatMap((member) => member.years.map((year) => ({ member, ...year })));
  add("members-by-year.csv", years, [
    column("member", "ISO 3166-1 alpha-3 code", ({ member }) => member.code),
    column("name", "name in the members' file", ({ member }) => member.name),
    column("kind", "State or Partner", ({ member }) => member.kind),
    column("seat", "number of its seat; empty for a Partner", ({ member }) => member.seat),
    time("joined", "when it was admitted", ({ member }) => member.joined),
    column("year", "calendar year; what follows is of it, or at its end", ({ year }) => year),
    column("status", "status at the year's end", ({ status }) => status),
    column("vote_suspended", "whether its vote rested for a debt at the year's end", (y) => yesNo(y.voteSuspended)),
    column("good_standing", "whether it was in good standing at the year's end", (y) => yesNo(y.goodStanding)),
    column("weight_ppm", "weight at the year's end, parts per million", ({ weight }) => weight),
    money("assessed", "assessed in the year", ({ assessed }) => assessed),
    money("called", "asked by supplementary calls in the year", ({ called }) => called),
    money("charged", "charged in the year: awards taken back, exit", ({ charged }) => charged),
    money("paid", "paid in the year", ({ paid }) => paid),
    money("overdue", "due and unpaid at the year's end", ({ debt }) => debt),
  ]);
  add("arrears.csv", r.arrears, [
    column("member", "ISO 3166-1 alpha-3 code", ({ code }) => code),
    time("due", "when what it missed first was due", ({ dueAt }) => dueAt),
    money("most", "the most that was overdue", ({ most }) => most),
    time("no_filing", "from when on it could file no attack", ({ claimsRestedAt }) => claimsRestedAt),
    time("vote_rests", "when its vote was suspended for the debt", ({ voteRestedAt }) => voteRestedAt),
    time("paid_up", "when it paid all that it was asked", ({ paid }) => paid?.time),
    money("paid", "paid then", ({ paid }) => paid?.amount),
  ]);
  add("contributions.csv", r.contributions, [
    column("member", "ISO 3166-1 alpha-3 code", ({ code }) => code),
    column("period", "number of the period of 90 days since the founding, from 0", ({ period }) => period),
    time("period_from", "first second of the period", ({ period }) => r.quarters[period]?.from),
    money("paid", "paid in the period", ({ paid }) => paid),
  ]);
  add("periods.csv", r.quarters, [
    column("period", "number of the period of 90 days since the founding, from 0", ({ period }) => period),
    time("from", "first second of the period", ({ from }) => from),
    time("until", "first second after it", ({ until }) => until),
    money("budget", "asked of all members for the period", ({ budget }) => budget),
    money("paid", "paid by all in the period", ({ paid }) => paid),
    column("payers", "how many members paid", ({ payers }) => payers),
    money("paid_since_founding", "paid by all since the founding", ({ total }) => total),
  ]);
  add("fund.csv", r.series, [
    time("time", "when the fund's money changed; contributions of one day in a row are one line", (s) => s.time),
    money("reserve", "not assigned to anybody yet", ({ reserve }) => reserve),
    money("committed", "most that recognised attacks may still be awarded", ({ committed }) => committed),
    money("owed", "awarded and not paid yet", ({ owed }) => owed),
    money("pot", "assigned to obligations, not collected yet", ({ pot }) => pot),
    money("earmarked", "kept for industries and workers", ({ earmarked }) => earmarked),
  ]);
  add("calls.csv", r.calls, [
    column("call", "number of the supplementary call", ({ number }) => number),
    time("issued", "when it was issued", (call) => call.time),
    time("due", "when it is due", ({ dueAt }) => dueAt),
    money("amount", "asked of all members", ({ amount }) => amount),
  ]);
}

function addAttacks(r: ReplayRecord, add: Add): void {
  add("attacks.csv", r.attacks, [
    column("attack", "number of the attack", ({ attackId }) => attackId),
    column("member", "who was attacked, ISO 3166-1 alpha-3 code", ({ member }) => member),
    column("coercer", "who attacked, ISO 3166-1 alpha-3 code", ({ coercer }) => coercer),
    column("cases", "rows of the cases' file in it, by id", ({ cases }) => cases.join(" ")),
    time("started", "when it began", ({ startedAt }) => startedAt),
    time("filed", "when it was filed", ({ filed }) => filed),
    column("succession", "0 for a first case, 1 or 2 for a successor", ({ succession }) => succession),
    money("cap", "a quarter of capital when the vote opened", ({ cap }) => cap),
    money("baseline", "registered yearly trade when it began", ({ cover }) => cover.baseline),
    column("ceding_ppm", "part of the covered loss that the fund bears", ({ cover }) => cover.ceding),
    column("attachment_ppm", "cover begins at this part of the trade", ({ cover }) => cover.attachment),
    column("exhaustion_ppm", "cover ends at this part of the trade", ({ cover }) => cover.exhaustion),
    time("recognised", "when the council recognised it", ({ recognised }) => recognised?.time),
    money("committed", "committed at recognition", ({ recognised }) => recognised?.committed),
    money("advance", "awarded in advance at recognition", ({ recognised }) => recognised?.advance),
    money("disbursed", "paid out for it", ({ disbursed }) => disbursed),
    column("first_money_days", "whole days from filing to the first disbursement", (a) => a.daysToMoney),
    time("ended", "when the member ended it early", ({ ended }) => ended),
    time("closed", "when it was closed", ({ closed }) => closed?.time),
    money("awarded", "awarded by its closing", ({ closed }) => closed?.awarded),
    money("released", "of the commitment, released at its closing", ({ closed }) => closed?.released),
    money("charged_back", "awarded beyond what was payable, charged at its closing", ({ closed }) => closed?.charged),
    column("status", "status when the replay ends", ({ status }) => status),
  ]);
  const rounds = r.attacks.flatMap(({ attackId, rounds: own }) => own.map((round) => ({ attackId, ...round })));
  add("rounds.csv", rounds, [
    column("attack", "number of the attack", ({ attackId }) => attackId),
    column("round", "number of the round of thirty days", ({ round }) => round),
    time("ended", "end of the round", ({ endsAt }) => endsAt),
    time("settled", "when it was settled", ({ settled }) => settled),
    money("reported", "net loss reported with what was bought added back, since the start", ({ reported }) => reported),
    money("bought", "bought on the market by the end of the round", ({ bought }) => bought),
    money("counted", "what of it counts, since the start", ({ loss }) => loss),
    money("payable", "what the formula makes payable, since the start", ({ payable }) => payable),
    money("award", "awarded by this round", ({ award }) => award),
  ]);
  const paid = r.attacks.flatMap((attack) => attack.disbursements.map((one) => ({ attack, ...one })));
  add("disbursements.csv", paid, [
    column("attack", "number of the attack", ({ attack }) => attack.attackId),
    column("member", "who was paid, ISO 3166-1 alpha-3 code", ({ attack }) => attack.member),
    time("time", "when it was paid", (one) => one.time),
    column("occasion", "advance, the round, or what was owed", ({ occasion }) => occasion),
    column("since_filing_days", "whole days since the filing", (one) => daysBetween(one.attack.filed, one.time)),
    column("journal_entry", "its number in the journal", ({ seq }) => seq),
    column("account", "the treasury that was paid", (one) => one.to),
    money("amount", "paid", ({ amount }) => amount),
  ]);
  add("cases.csv", r.cases, [
    column("case", "id in the cases' file", ({ row }) => row.id),
    column("title", "title in the cases' file", ({ row }) => row.title),
    column("member", "who was attacked, ISO 3166-1 alpha-3 code", ({ row }) => row.member),
    column("coercer", "who attacked, ISO 3166-1 alpha-3 code", ({ row }) => row.coercer),
    column("measure", "kind of measure", ({ row }) => row.measure),
    time("announced", "when it was announced", ({ row }) => row.announced),
    time("effective", "when it took effect", ({ row }) => row.effective),
    time("ended", "when it ended; empty if it lasts", ({ row }) => row.ended),
    money("baseline", "trade struck, a year", ({ row }) => row.baseline),
    column("outcome", "filed, joined, refused or skipped", ({ outcome }) => outcome),
    column("attacks", "numbers of the attacks it is part of", ({ attackIds }) => attackIds.join(" ")),
    column(
      "reason",
      "why it was refused or skipped",
      (c) => c.reason ?? c.refusals.map((one) => one.sentence).join(" "),
    ),
    money("not_claimed", "net loss outside the rounds of its attacks", ({ notClaimed }) => notClaimed),
  ]);
  const helped = r.cases.flatMap(({ row, comparisons }) => comparisons.map((one) => ({ row, ...one })));
  add("comparisons.csv", helped, [
    column("case", "id in the cases' file", ({ row }) => row.id),
    column("what", "what help came in reality", ({ what }) => what),
    time("date", "when it came", ({ date }) => date),
    column("since_effect_days", "days since the measure took effect", ({ days }) => days),
    money("amount", "about how much", ({ amount }) => amount),
    column("source", "where this is from", ({ source }) => source),
  ]);
}

function addVotes(r: ReplayRecord, add: Add): void {
  add("memberships.csv", r.memberships, [
    time("time", "when it happened", (change) => change.time),
    column("member", "ISO 3166-1 alpha-3 code", ({ code }) => code),
    column("change", "what happened", ({ change }) => change),
    column("vote", "number of the vote that decided it", ({ proposalId }) => proposalId),
  ]);
  const urgent = r.attacks.map((attack) => ({
    ...{ ...attack.vote, procedure: "urgent", proposed: attack.filed, proposer: attack.member },
    description: `Recognise attack ${attack.attackId}`,
    ballots: attack.vote.ballots.length,
    passed: attack.recognised !== undefined,
    decided: attack.recognised?.time,
    executed: attack.recognised?.time,
  }));
  const ordinary = r.votes.map((vote) => ({ ...vote, procedure: "ordinary" }));
  add(
    "votes.csv",
    [...ordinary, ...urgent].sort((a, b) => Number(a.proposalId - b.proposalId)),
    [
      column("vote", "number of the vote", ({ proposalId }) => proposalId),
      column("procedure", "ordinary, or urgent for an attack", ({ procedure }) => procedure),
      column("what", "what was put to the vote", ({ description }) => description),
      column("proposer", "member that proposed it, or whose attack it is about", ({ proposer }) => proposer),
      time("proposed", "when it was proposed", ({ proposed }) => proposed),
      column("seats", "seats that could vote", ({ seats }) => seats),
      column("majority", "how many For decide", ({ majority }) => majority),
      column("for", "ballots cast, all of them For", ({ ballots }) => ballots),
      time("decided", "when it was decided", ({ decided }) => decided),
      column("passed", "whether it passed", ({ passed }) => yesNo(passed)),
      time("executed", "when it was carried out", ({ executed }) => executed),
    ],
  );
  const ballots = r.attacks.flatMap(({ attackId, vote }) => {
    return vote.ballots.map((ballot) => ({ attackId, vote: vote.proposalId, ...ballot }));
  });
  add("ballots.csv", ballots, [
    column("attack", "number of the attack", ({ attackId }) => attackId),
    column("vote", "number of the vote", ({ vote }) => vote),
    column("place", "place in the order of the ballots, from 1", ({ place }) => place),
    time("time", "when it was cast", (ballot) => ballot.time),
    column("member", "whose seat, ISO 3166-1 alpha-3 code", ({ code }) => code),
    column("decides", "whether it made the majority", ({ decides }) => yesNo(decides)),
  ]);
}
