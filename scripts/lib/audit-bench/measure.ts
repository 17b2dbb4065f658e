// Measures the audit's way from a node's answers to what the rules find, on a journal of some length.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { getAddress } from "ethers";

import { headerOf } from "../node/blocks.ts";
import { Checks } from "../audit/checks.ts";
import { gather } from "../audit/gather.ts";
import { LogFile } from "../audit/log-file.ts";
import { LogReader } from "../node/log-reader.ts";
import { queriesFor } from "../node/logs.ts";
import { Node } from "../node/node.ts";
import { retell } from "../audit/retell.ts";
import { askedThrough } from "../audit/target.ts";
import type { Speaker } from "../events/events.ts";
import { namingMembers } from "../replay/alliance.ts";
import { foundingExposures } from "../replay/docket.ts";
import { prepare } from "../replay/input.ts";
import { foundLedger } from "../replay/ledger.ts";
import { readOptions } from "../replay/options.ts";
import { initialDate } from "../replay/replay.ts";
import { readSetting } from "../rules/setting.ts";
import { SyntheticChain } from "./synthetic-chain.ts";
import type { Founded } from "./synthetic-chain.ts";

export interface Measured {
  entries: number;
  /** Entries a second of processor time, which does not depend on what else the machine does. */
  speed: number;
  /** In seconds, once over the journal. */
  took: number;
  /** The most memory that the process has held, in MiB. */
  memory: number;
}

type Ground = Founded & { addresses: Record<Speaker, string> };

/** So many entries are audited before the clock starts, for the engine to compile what runs often. */
const WARM_UP = 100_000;
/** A short journal is audited again until so many entries were, so that speeds of short and long ones compare. */
const LEAST_ENTRIES = 200_000;

/** Founds an alliance on a chain in this process and audits so many contributions after its founding. */
export async function measure(entries: number): Promise<Measured> {
  const input = prepare(readOptions([]));
  const { default: hre } = await import("hardhat");
  const override = { initialDate: initialDate(input).toISOString() };
  const connection = await hre.network.create({ network: "default", override });
  try {
    const [alliance] = input.alliances;
    const ledger = await foundLedger(connection, {
      alliance,
      everMembers: input.everMembers,
      genesis: input.genesis,
      parameters: input.parameters.CrisisInsuranceFund,
      exposures: foundingExposures(input),
      naming: namingMembers(alliance, input.parameters.Replay.assessors, new Set()),
    });
    const codes = new Set(alliance.members.map(({ code }) => code));
    const { token, registry, fund, coverage, register, panel, council, market, measures, distributor } = ledger;
    const contracts = {
      token,
      registry,
      fund,
      ledger: ledger.ledger,
      coverage,
      register,
      panel,
      council,
      market,
      measures,
      distributor,
    };
    const named = Object.entries(contracts).map(
      async ([name, one]) => [name, getAddress(await one.getAddress())] as const,
    );
    const timelock = getAddress(await council.timelock());
    const addresses = { ...Object.fromEntries(await Promise.all(named)), timelock } as Record<Speaker, string>;
    const ground: Ground = {
      provider: connection.provider,
      lastBlock: await connection.ethers.provider.getBlockNumber(),
      genesis: input.genesis,
      fund: addresses.fund,
      token: addresses.token,
      payers: ledger.actors
        .filter(({ code }) => codes.has(code))
        .map(({ bytes3, treasury }) => ({ code: bytes3, treasury: treasury.address })),
      addresses,
    };
    await audited(ground, WARM_UP);
    const passes = Math.ceil(LEAST_ENTRIES / entries);
    const sum = { took: 0, processor: 0 };
    for (let pass = 0; pass < passes; ++pass) {
      const { took, processor } = await audited(ground, entries);
      sum.took += took;
      sum.processor += processor;
    }
    const memory = process.resourceUsage().maxRSS / 1024;
    return { entries, took: sum.took / passes, speed: (passes * entries) / sum.processor, memory };
  } finally {
    await connection.close();
  }
}

/** Audits a made-up chain, as an audit does until it asks the contracts, and tells how long it took, in seconds. */
async function audited(ground: Ground, entries: number): Promise<{ took: number; processor: number }> {
  const chain = new SyntheticChain(ground, entries);
  const node = new Node(chain);
  const { addresses, lastBlock } = ground;
  const { token, ...ours } = addresses;
  const setting = await readSetting(askedThrough(new Node(ground.provider), 31337n, addresses), lastBlock);
  const folder = await mkdtemp(join(tmpdir(), "audit-bench-"));
  const subject = { chainId: "31337", contracts: addresses, firstBlock: 0 };
  const file = await LogFile.open(join(folder, "logs.jsonl"), subject);
  try {
    const [start, before] = [performance.now(), process.cpuUsage()];
    const { head, faults } = await gather({
      ...{ node, file, fund: addresses.fund.toLowerCase() },
      reader: new LogReader(node, queriesFor(Object.values(ours), token, addresses.fund)),
      head: () => headerOf(node, chain.lastBlock),
      sequenceAt: () => Promise.resolve(entries),
      reached: () => undefined,
    });
    const checks = new Checks(setting);
    const { unread } = await retell(file, head.number, addresses, [checks.follow.bind(checks)]);
    checks.rulebook.finish();
    const took = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(before);
    const found = [...faults, ...[...unread, ...checks.rulebook.findings].map(({ sentence }) => sentence)];
    if (checks.journal.head !== chain.head) found.push(`the head is ${checks.journal.head}, not ${chain.head}`);
    if (checks.transfers.findings.length > 0) found.push("transfers and journal differ");
    if (found.length > 0) throw new Error(`a made-up history of ${entries} entries has findings: ${found[0] ?? ""}`);
    return { took, processor: (user + system) / 1e6 };
  } finally {
    await file.close();
    await rm(folder, { recursive: true });
  }
}
