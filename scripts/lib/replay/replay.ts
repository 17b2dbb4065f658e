import { namingMembers } from "./alliance.ts";
import { Arrears } from "./arrears.ts";
import type { Arrear } from "./arrears.ts";
import type { Campaign } from "./campaign.ts";
import type { Connection } from "./chain.ts";
import { Docket, foundingExposures } from "./docket.ts";
import type { ReplayInput } from "./input.ts";
import { JointMeasures } from "./joint-measures.ts";
import { foundLedger } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";
import type { Market } from "./market.ts";
import { Quarters } from "./quarters.ts";
import type { YearEnd } from "./quarters.ts";
import type { Refusal } from "./refusals.ts";
import { Review } from "./review.ts";
import { Roster } from "./roster.ts";
import { Timeline } from "./timeline.ts";
import { Treasuries } from "./treasuries.ts";

/** What was lived through, and what the chain does not keep of it. */
export interface Replay {
  input: ReplayInput;
  ledger: Ledger;
  refusals: Refusal[];
  /** The case that a piece of evidence, by its hash, is of. */
  evidence: ReadonlyMap<string, string>;
  yearEnds: YearEnd[];
  arrears: Arrear[];
  market: Market;
  campaigns: Campaign[];
  measures: JointMeasures;
}

export interface Watcher {
  founded: () => void;
  reached: (time: number) => void;
}

/** The date on which the chain of a replay begins. */
export function initialDate({ genesis, parameters }: ReplayInput): Date {
  return new Date((genesis - parameters.Replay.deployedBefore) * 1000);
}

/** Founds the alliance on the connection's chain and lives through its years. */
export async function replay(connection: Connection, input: ReplayInput, watcher: Watcher): Promise<Replay> {
  const [alliance] = input.alliances;
  const parameters = input.parameters.Replay;
  const attacked = new Set(input.plan.flatMap(({ rows }) => rows.map(({ member }) => member)));
  const ledger = await foundLedger(connection, {
    alliance,
    everMembers: input.everMembers,
    genesis: input.genesis,
    parameters: input.parameters.CrisisInsuranceFund,
    exposures: foundingExposures(input),
    naming: namingMembers(alliance, parameters.assessors, attacked),
  });
  watcher.founded();
  const timeline = new Timeline(ledger.chain, input.until);
  const roster = await Roster.of(ledger);
  const world = { input, parameters, ledger, timeline, roster, treasuries: await Treasuries.of(ledger) };
  const quarters = new Quarters(world);
  const docket = new Docket(world);
  const review = new Review(world, (member) => docket.suspended(member));
  const arrears = new Arrears(world);
  arrears.enter();
  quarters.enter();
  review.enter();
  docket.enter();
  const measures = new JointMeasures(world);
  measures.enter();
  await timeline.run(watcher.reached);
  const { refusals, evidence, market, campaigns } = docket;
  const { yearEnds } = quarters;
  return { input, ledger, refusals, evidence, yearEnds, arrears: arrears.list, market, campaigns, measures };
}
