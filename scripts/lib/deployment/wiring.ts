// Proves that a deployment is what its parameters, its founding and the build say, and that nobody kept any power.
import type { ArtifactManager } from "hardhat/types/artifacts";

import type { Founding } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import {
  creationData,
  domainValues,
  endingValues,
  firstDifference,
  immutablesOf,
  readBuilds,
  word,
} from "./bytecode.ts";
import type { Builds } from "./bytecode.ts";
import { CannotCheck, Reading, chainIdOf, messageOf, plain } from "./chain.ts";
import type { Connection } from "./chain.ts";
import {
  ARTIFACTS,
  CONTRACTS,
  COUNCIL_NAME,
  GOVERNED,
  OWNED,
  ROLES,
  constructorArguments,
  immutableValues,
  roleId,
} from "./contracts.ts";
import type { Addresses, ContractKey } from "./contracts.ts";
import { findCreation } from "./creation.ts";
import type { Creation } from "./creation.ts";
import { actsOf, expectedActs } from "./founding-acts.ts";
import { readHistory } from "./history.ts";
import type { Recorded } from "./history.ts";
import type { FundParameters } from "./parameters.ts";

/** A deployment to be proved. */
export interface Deployment {
  addresses: Addresses;
  /** Hashes of the transactions that made the contracts; what is not known is searched for. */
  creations?: Partial<Record<ContractKey, string>>;
  parameters: FundParameters;
  founding: Founding;
}

/** One thing that was looked at. */
export interface Check {
  contract: ContractKey;
  what: string;
  expected: string;
  found: string;
  holds: boolean;
}

/** Everything the checks need to know of the chain. */
interface Evidence extends Deployment {
  connection: Connection;
  chainId: bigint;
  builds: Builds;
  made: Partial<Record<ContractKey, Creation>>;
  deployer: string;
  history: Recorded[];
  /** The block in which the deployer gave its last power away; the newest if it has not. */
  handOver: number;
  readings: Record<ContractKey, Reading>;
}

/** Looks at everything; throws `CannotCheck` if the chain cannot be asked. */
export async function verifyWiring(
  connection: Connection,
  artifacts: ArtifactManager,
  deployment: Deployment,
): Promise<Check[]> {
  const evidence = await gather(connection, artifacts, deployment);
  const { name } = naming(evidence);
  const parts = [checkCode, checkRoles, checkSettings, checkFounding];
  const checks: Check[] = [];
  for (const part of parts) {
    try {
      checks.push(...(await part(evidence)));
    } catch (error) {
      throw error instanceof CannotCheck ? error : new CannotCheck(messageOf(error));
    }
  }
  return checks.map((check) => ({ ...check, expected: name(check.expected), found: name(check.found) }));
}

/** Checks as lines: what holds briefly, what differs with both sides. */
export function linesOf(checks: Check[]): string[] {
  const width = Math.max(...CONTRACTS.map((key) => ARTIFACTS[key].length));
  const lines = checks.map(({ contract, what, expected, found, holds }) => {
    const start = `${holds ? "✓" : "✗"} ${ARTIFACTS[contract].padEnd(width)}  ${what}`;
    return holds ? `${start}: ${found}` : `${start}\n    expected ${expected}\n    found    ${found}`;
  });
  const differing = checks.filter(({ holds }) => !holds).length;
  const sum = differing === 0 ? `all ${checks.length} checks hold` : `${differing} of ${checks.length} checks differ`;
  return [...lines, "", sum];
}

async function gather(connection: Connection, artifacts: ArtifactManager, deployment: Deployment): Promise<Evidence> {
  const chainId = await chainIdOf(connection);
  const { addresses } = deployment;
  try {
    const builds = await readBuilds(artifacts);
    const made: Partial<Record<ContractKey, Creation>> = {};
    for (const key of CONTRACTS) {
      const creation = await findCreation(connection, addresses[key], deployment.creations?.[key]);
      if (creation !== undefined) made[key] = creation;
    }
    const first = Math.min(...Object.values(made).map(({ block }) => block));
    const history = await readHistory(connection, addresses, builds, Number.isFinite(first) ? first : 0);
    const readings = Object.fromEntries(
      CONTRACTS.map((key) => [key, new Reading(connection, addresses[key], builds[key].abi)]),
    ) as Record<ContractKey, Reading>;
    const deployer = made.registry?.from ?? (await readings.registry.ask("founder"));
    const newest = await connection.ethers.provider.getBlockNumber();
    const handOver = handOverBlock(history, deployer) ?? newest;
    return { ...deployment, connection, chainId, builds, made, deployer, history, handOver, readings };
  } catch (error) {
    throw new CannotCheck(messageOf(error));
  }
}

function handOverBlock(history: Recorded[], deployer: string): number | undefined {
  const given = OWNED.map(
    (key) =>
      history.find(
        (event) =>
          event.contract === key &&
          event.name === "RoleRevoked" &&
          event.args[0] === roleId("DEFAULT_ADMIN_ROLE") &&
          event.args[1] === deployer,
      )?.block,
  );
  return given.every((block) => block !== undefined) ? Math.max(...given) : undefined;
}

/** The code on chain is the build's, made by the deployer with the right arguments, and holds the right immutables. */
async function checkCode(e: Evidence): Promise<Check[]> {
  const args = constructorArguments(e.addresses, e.parameters, e.deployer);
  const immutables = immutableValues(e.addresses, e.parameters, e.deployer);
  const checks: Check[] = [];
  for (const key of CONTRACTS) {
    const build = e.builds[key];
    const code = await e.connection.ethers.provider.getCode(e.addresses[key]);
    checks.push(
      compare(key, "runtime code", "equal to the build", firstDifference(build, code) ?? "equal to the build"),
    );
    const made = e.made[key];
    const isAsBuilt = made?.from === e.deployer && made.data === creationData(build, args[key]);
    const making = `made by ${e.deployer} from the build and the parameters`;
    const otherwise =
      made === undefined ? "no transaction that made it" : `made by ${made.from} from other code or arguments`;
    checks.push(compare(key, "creation", making, isAsBuilt ? making : otherwise));
    const { council, register } = e.addresses;
    const own = key === "council" ? { ...domainValues(council, e.chainId), ...endingValues(register) } : {};
    for (const { name, value } of immutablesOf(build, code)) {
      const given = immutables[name];
      const what = `immutable ${name}`;
      if (given === undefined) checks.push(compare(key, what, own[name] ?? "nothing this script knows", value));
      else checks.push(compare(key, what, plain(given), value === word(given) ? plain(given) : value));
    }
  }
  return checks;
}

/** The events of every role leave exactly the holders that are meant, and the contracts agree. */
async function checkRoles(e: Evidence): Promise<Check[]> {
  const checks: Check[] = [];
  for (const key of OWNED) {
    const kept: string[] = [];
    const events = e.history.filter(({ contract }) => contract === key);
    const holders = holdersOf(events);
    const meant = new Map(ROLES[key].map(([role, keys]) => [roleId(role), { role, keys }]));
    const roles = new Set([...meant.keys(), ...holders.keys()]);
    for (const id of roles) {
      const { role, keys } = meant.get(id) ?? { role: id, keys: [] };
      const expected = keys.map((holder) => e.addresses[holder]);
      const replayed = holders.get(id) ?? new Set<string>();
      checks.push(compare(key, `holders of ${role}`, listed(expected), listed([...replayed])));
      // An account that ever held the role, or should, is asked about: the contract may not disagree with its events.
      const everNamed = new Set([...expected, ...everHeld(events, id), e.deployer]);
      const asked: string[] = [];
      for (const account of everNamed) {
        if ((await e.readings[key].ask("hasRole", id, account)) !== "false") asked.push(account);
      }
      checks.push(compare(key, `hasRole of ${role}`, listed(expected), listed(asked)));
      checks.push(
        compare(
          key,
          `admin of ${role}`,
          "DEFAULT_ADMIN_ROLE",
          nameOfRole(await e.readings[key].ask("getRoleAdmin", id)),
        ),
      );
      if (replayed.has(e.deployer) || asked.includes(e.deployer)) kept.push(role);
    }
    checks.push(compare(key, "roles left to the deployer", listed([]), listed(kept)));
  }
  for (const key of GOVERNED) {
    checks.push(compare(key, "isFounding", "false", await e.readings[key].ask("isFounding")));
  }
  for (const [role, holder] of [
    ["LEDGER_ROLE", "ledger"],
    ["REGISTER_ROLE", "register"],
    ["DISTRIBUTOR_ROLE", "distributor"],
  ] as const) {
    const from = await e.readings.fund.ask("worksFrom", roleId(role), e.addresses[holder]);
    const grantedAtOnce = /^[1-9]\d*$/.test(from) && BigInt(from) < e.parameters.genesis;
    checks.push({
      contract: "fund",
      what: `${role} of the ${holder} works`,
      expected: "before genesis",
      found: from,
      holds: grantedAtOnce,
    });
  }
  return checks;
}

/** Who is appointed, and every setting, as they are now. */
async function checkSettings(e: Evidence): Promise<Check[]> {
  const { addresses: a, parameters: p } = e;
  const settings: [ContractKey, string, unknown[], unknown][] = [
    ["timelock", "getMinDelay", [], p.timelockDelay],
    ["registry", "ledger", [], a.ledger],
    ["registry", "genesis", [], p.genesis],
    ["fund", "token", [], p.token],
    ["fund", "guardian", [], p.guardian],
    ["fund", "armed", [], true],
    ["fund", "stoppedUntil", [], 0n],
    ["ledger", "terms", [], [p.loading, p.callCap]],
    ["ledger", "budgetOf", [0n], p.firstBudget],
    ["ledger", "founderCoverDelay", [], p.founderCoverDelay],
    ["register", "council", [], a.council],
    ["register", "panel", [], a.panel],
    ["council", "name", [], COUNCIL_NAME],
    ["council", "timelock", [], a.timelock],
    ["council", "votingDelay", [], 0n],
    ["council", "votingPeriod", [], p.votingPeriod],
    ["council", "proposalThreshold", [], 1n],
  ];
  const checks: Check[] = [];
  for (const [key, question, args, expected] of settings) {
    const found = await e.readings[key].ask(question, ...args);
    checks.push(compare(key, `${question}(${args.map(plain).join(", ")})`, plain(expected), found));
  }
  return checks;
}

/** Until power was handed over, the founder did what was planned and nothing else. */
function checkFounding(e: Evidence): Check[] {
  const acts = actsOf(e.history.filter(({ block }) => block <= e.handOver));
  const expected = expectedActs(e);
  return CONTRACTS.map((key) => {
    const [planned, done] = [expected[key], acts[key]];
    const missing = without(planned, done);
    const extra = without(done, planned);
    const all = `${planned.length} as planned`;
    const differing = [...missing.map((act) => `not done: ${act}`), ...extra.map((act) => `not planned: ${act}`)];
    return compare(key, "acts of founding", all, differing.length === 0 ? all : differing.join("\n             "));
  });
}

function compare(contract: ContractKey, what: string, expected: string, found: string): Check {
  return { contract, what, expected, found, holds: expected === found };
}

/** Role by role, who holds it after all its events. */
function holdersOf(events: Recorded[]): Map<string, Set<string>> {
  const holders = new Map<string, Set<string>>();
  for (const { name, args } of events) {
    const [role = "", account = ""] = args;
    if (name !== "RoleGranted" && name !== "RoleRevoked") continue;
    const of = holders.get(role) ?? new Set<string>();
    holders.set(role, of);
    if (name === "RoleGranted") of.add(account);
    else of.delete(account);
  }
  return holders;
}

function everHeld(events: Recorded[], id: string): string[] {
  return events.filter(({ name, args }) => name === "RoleGranted" && args[0] === id).map(({ args }) => args[1] ?? "");
}

function nameOfRole(id: string): string {
  return id === roleId("DEFAULT_ADMIN_ROLE") ? "DEFAULT_ADMIN_ROLE" : id;
}

function listed(values: string[]): string {
  return values.length === 0 ? "nobody" : [...values].sort().join(", ");
}

function without(some: string[], others: string[]): string[] {
  const left = [...others];
  return some.filter((value) => {
    const place = left.indexOf(value);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}

/** Puts the contracts' names beside their addresses. */
function naming(e: Evidence): { name: (text: string) => string } {
  const names: [string, string][] = [
    ...CONTRACTS.map((key): [string, string] => [e.addresses[key], key]),
    [e.deployer, "the deployer"],
  ];
  return {
    name: (text) => names.reduce((named, [address, of]) => named.replaceAll(address, `${address} (${of})`), text),
  };
}
