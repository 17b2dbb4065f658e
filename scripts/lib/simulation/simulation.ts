import { artifacts, network } from "hardhat";

import { SPEAKERS } from "../events/bindings.ts";
import type { Speaker } from "../events/bindings.ts";
import { seeded } from "../random.ts";
import type { Connection } from "../replay/chain.ts";
import { YEAR, foundLedger } from "../replay/ledger.ts";
import type { Contracts, Ledger } from "../replay/ledger.ts";
import { Timeline } from "../replay/timeline.ts";
import { allianceOf, exposuresOf } from "./alliance.ts";
import { Audits } from "./audit.ts";
import type { Audit } from "./audit.ts";
import { AuditorDesk } from "./auditor-desk.ts";
import { Ballots } from "./ballots.ts";
import { BundledViews } from "./bundled-views.ts";
import { Decisions } from "./decisions.ts";
import { Departures } from "./departures.ts";
import { Docket } from "./docket.ts";
import { Drills } from "./drills.ts";
import { takeUnsigned } from "./node.ts";
import type { Options } from "./options.ts";
import type { SimulationParameters } from "./parameters.ts";
import { Payments } from "./payments.ts";
import { Counter, Office } from "./scene.ts";
import type { Scene } from "./scene.ts";

export type Size = Pick<Options, "attacks" | "members" | "seed" | "years">;

export interface Simulation {
  scene: Scene;
  audits: readonly Audit[];
  /** Attacks filed. */
  filed: number;
  /** Gas of deploying all contracts and founding the alliance. */
  founding: number;
  /** Of the last block: two lives that end in the same state have the same. */
  stateRoot: string;
}

export interface Watcher {
  founded: (founding: number) => void;
  audited: (audit: Audit, ledger: Ledger) => Promise<void> | void;
}

/**
 * Founds an alliance on the connection's chain and lives through its years. The views as they are at a year's end are asked
 * while the next year is lived, with whose end it ends if an invariant was found broken.
 */
export async function simulate(
  connection: Connection,
  size: Size,
  parameters: SimulationParameters,
  watcher: Watcher,
): Promise<Simulation> {
  const { CrisisInsuranceFund: contracts, Simulation: behaviour } = parameters;
  const { genesis } = behaviour;
  const dice = seeded(size.seed);
  const founders = allianceOf(size.members, parameters, dice);
  const founded = await foundLedger(connection, {
    alliance: { members: founders },
    everMembers: founders,
    genesis,
    parameters: contracts,
    exposures: exposuresOf(founders),
    naming: founders.slice(0, behaviour.assessors).map(({ code }) => code),
  });
  const { deployedBytecode: asking } = await artifacts.readArtifact("ManyViews");
  const views = new BundledViews(connection.provider, connection.ethers.provider, asking);
  const ledger = { ...founded, ...views.connected(speakersOf(founded)) };
  const founding = await gasSoFar(connection);
  watcher.founded(founding);
  await takeUnsigned(connection.provider);

  const timeline = new Timeline(ledger.chain, genesis + size.years * YEAR + 1);
  const states = ledger.actors.map((actor, i) => {
    const { weight = 0n, trade = new Map<string, bigint>() } = founders[i] ?? {};
    return { actor, weight, trade, paysFrom: 0, blocked: false, leavesFrom: undefined, away: false };
  });
  const office = new Office(ledger);
  const scene: Scene = { behaviour, ledger, timeline, dice, office, states, happened: new Counter() };
  const wallets = await network.create("default");
  const ballots = await Ballots.of(scene, wallets.provider);
  const desk = await AuditorDesk.open(connection.provider, {
    addresses: await addressesOf(speakersOf(ledger)),
    codes: states.map(({ actor }) => actor.bytes3),
    asking,
  });
  try {
    const drills = new Drills(scene, ballots);
    const audits = new Audits(scene, drills, desk.audit.bind(desk), (audit) => watcher.audited(audit, ledger));
    for (let year = 1; year <= size.years; ++year) {
      timeline.at(genesis + year * YEAR, async () => {
        if (!(await audits.next(year, year === size.years))) timeline.stop();
      });
    }
    const filed = await live(scene, ballots, size.attacks, genesis + Number(contracts["founderCoverDelay"]));
    return { scene, audits: await audits.finish(), filed, founding, stateRoot: await stateRootOf(connection) };
  } finally {
    await Promise.all([desk.close(), wallets.close()]);
  }
}

/** Lives through all that is on the timeline and what comes of it, and tells how many attacks were filed. */
async function live(scene: Scene, ballots: Ballots, attacks: number, coverFrom: number): Promise<number> {
  const payments = new Payments(scene);
  const decisions = new Decisions(scene, ballots);
  const docket = new Docket(scene, ballots, coverFrom);
  await payments.begin();
  payments.enter();
  decisions.enter();
  new Departures(scene, decisions).enter();
  docket.enter(attacks);
  await scene.timeline.run(() => undefined);
  return docket.filed;
}

async function stateRootOf({ provider }: Connection): Promise<string> {
  const block: unknown = await provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] });
  return (block as { stateRoot: string }).stateRoot;
}

/** The contracts alone. */
export function speakersOf(ledger: Ledger): Contracts {
  const { token, timelock, registry, fund, ledger: contributions, coverage, register, panel, council } = ledger;
  const { market, measures, distributor } = ledger;
  const core = { token, timelock, registry, fund, ledger: contributions, coverage, register, panel, council };
  return { ...core, market, measures, distributor };
}

/** Where each of them is. */
export async function addressesOf(contracts: Contracts): Promise<Record<Speaker, string>> {
  const pairs = SPEAKERS.map(async (speaker) => [speaker, await contracts[speaker].getAddress()] as const);
  return Object.fromEntries(await Promise.all(pairs)) as Record<Speaker, string>;
}

/** The gas of all blocks so far. */
async function gasSoFar({ ethers: { provider } }: Connection): Promise<number> {
  let gas = 0n;
  for (let block = await provider.getBlockNumber(); block > 0; --block) {
    gas += (await provider.getBlock(block))?.gasUsed ?? 0n;
  }
  return Number(gas);
}
