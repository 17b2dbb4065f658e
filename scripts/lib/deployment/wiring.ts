// Proves that a deployment is what its parameters, its founding and the build say, and that nobody kept any power.
import type { ArtifactManager } from "hardhat/types/artifacts";

import { creationData, domainValues, endingValues, firstDifference, immutablesOf, word } from "./bytecode.ts";
import { CannotCheck, messageOf, plain } from "./chain.ts";
import type { Connection } from "./chain.ts";
import { ARTIFACTS, CONTRACTS, COUNCIL_NAME, constructorArguments, immutableValues } from "./contracts.ts";
import type { ContractKey } from "./contracts.ts";
import { compare, gather } from "./evidence.ts";
import type { Check, Deployment, Evidence } from "./evidence.ts";
import { actsOf, expectedActs } from "./founding-acts.ts";
import { checkRoles } from "./wiring-roles.ts";

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
