import type { FoundingExposure } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import { namingMembers } from "./alliance.ts";
import type { AllianceOfYear } from "./alliance.ts";
import type { Connection } from "./chain.ts";
import type { Case, Loss } from "./data.ts";
import { DAY, PERIOD, foundLedger } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";
import type { ParameterFile } from "./parameters.ts";
import { CaseStory, exposureOf, exposureProposalTime, filingTime } from "./story.ts";
import { Timeline } from "./timeline.ts";
import { Treasuries } from "./treasuries.ts";

/** Calls are due 30 days after they are made: who looks that often pays them in time. */
const LOOK = 30 * DAY;
/** Reports are filed this long before they are due. */
const REPORT_EARLY = 30 * DAY;
const YEAR = 365 * DAY;
/** If the fund cannot pay, the replay lives on for at most this many quarters after the case is closed. */
const MOST_QUARTERS_AFTER = 8;

export interface ReplayInput {
  alliance: AllianceOfYear;
  case: Case;
  losses: Loss[];
  parameters: ParameterFile;
}

export interface Replay {
  input: ReplayInput;
  ledger: Ledger;
  story: CaseStory;
  /** How the trade came under cover. */
  covered: "by vote" | "at the founding" | "not at all";
}

export interface Watcher {
  founded: (ledger: Ledger, from: number, until: number) => void;
  reached: (time: number) => void;
}

/** First second of the founding year. */
export function genesisOf({ year }: AllianceOfYear): number {
  return Date.UTC(year, 0, 1) / 1000;
}

/** The date on which the chain of a replay begins. */
export function initialDate(input: ReplayInput): Date {
  return new Date((genesisOf(input.alliance) - input.parameters.Replay.deployedBefore) * 1000);
}

/** Founds the alliance on the connection's chain and lives through its quarters and the case. */
export async function replay(connection: Connection, input: ReplayInput, watcher: Watcher): Promise<Replay> {
  const { alliance, parameters } = input;
  const genesis = genesisOf(alliance);
  const covered = coverOf(input);
  const ledger = await foundLedger(connection, {
    alliance,
    genesis,
    parameters: parameters.CrisisInsuranceFund,
    exposures: covered === "at the founding" ? [foundingExposure(input.case)] : [],
    naming: namingMembers(alliance, parameters.Replay.assessors, new Set([input.case.member])),
  });
  const timeline = new Timeline(ledger.chain);
  const treasuries = await Treasuries.of(ledger);
  const story = new CaseStory(ledger, timeline, treasuries, parameters.Replay, input.case, input.losses);

  const rounds = Number(await ledger.register.ROUNDS()) * Number(await ledger.register.ROUND());
  watcher.founded(ledger, genesis, Math.max(filingTime(input.case, parameters.Replay), input.case.effective + rounds));
  enterQuarters(ledger, timeline, treasuries, story);
  story.begin(covered === "by vote");
  await timeline.run(watcher.reached);
  return { input, ledger, story, covered };
}

/** Trade is registered by the council in time for the attack, or with the founding if that is too soon after it. */
function coverOf({ alliance, case: one, parameters }: ReplayInput): Replay["covered"] {
  if (one.baseline === 0n || !alliance.members.some(({ code }) => code === one.member)) return "not at all";
  return exposureProposalTime(one, parameters.Replay) > genesisOf(alliance) ? "by vote" : "at the founding";
}

function foundingExposure(one: Case): FoundingExposure {
  return { code: one.member, coercer: one.coercer, ...exposureOf(one) };
}

/** All members pay on the first day of every quarter, look for calls monthly and report yearly, while the case lasts. */
function enterQuarters(ledger: Ledger, timeline: Timeline, treasuries: Treasuries, story: CaseStory): void {
  const { genesis, deployedAt, fund } = ledger;
  let calls = 0n;
  let quartersAfter = 0;

  const quarter = async (number: number): Promise<void> => {
    if (story.done && ((await fund.owed()) === 0n || quartersAfter++ >= MOST_QUARTERS_AFTER)) {
      timeline.end();
      return;
    }
    await treasuries.payAll();
    await collect(ledger, story);
    const start = genesis + number * PERIOD;
    for (let look = start + LOOK; look < start + PERIOD; look += LOOK) timeline.at(look, payCalls);
    timeline.at(start + PERIOD, () => quarter(number + 1));
  };
  const payCalls = async (): Promise<void> => {
    const issued = await ledger.ledger.callCount();
    if (issued === calls) return;
    calls = issued;
    await treasuries.payAll();
    await collect(ledger, story);
  };
  const report = async (year: number): Promise<void> => {
    await treasuries.reportAll(new Date(ledger.chain.now * 1000).getUTCFullYear());
    timeline.at(deployedAt + (year + 1) * YEAR - REPORT_EARLY, () => report(year + 1));
  };
  timeline.at(genesis, () => quarter(0));
  timeline.at(deployedAt + YEAR - REPORT_EARLY, () => report(1));
}

/** What later money brought the attacked member is transferred to it; anyone may ask for that. */
async function collect({ chain, fund, relayer, actors }: Ledger, story: CaseStory): Promise<void> {
  const member = actors.find(({ code }) => code === story.case.member);
  if (member === undefined) return;
  const [, collectable] = await fund.balanceOf(member.bytes3);
  if (collectable > 0n) await chain.send(relayer, fund.collect.populateTransaction(member.bytes3));
}
