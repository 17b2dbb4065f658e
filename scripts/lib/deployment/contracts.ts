// What the deployment consists of: every contract, what it is constructed with, and who holds which of its roles at the end.
import { ZeroHash, id } from "ethers";

import { ATTACKS_BEFORE } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import type { FundParameters } from "./parameters.ts";

/** In the order in which they are made. */
export const ARTIFACTS = {
  timelock: "TimelockController",
  registry: "MemberRegistry",
  fund: "CrisisFund",
  ledger: "ContributionLedger",
  coverage: "CoverageBook",
  register: "AttackRegister",
  panel: "LossPanel",
  council: "Council",
  market: "SolidarityMarket",
  measures: "MeasuresRegister",
  distributor: "CompensationDistributor",
} as const;

export type ContractKey = keyof typeof ARTIFACTS;
export type Addresses = Record<ContractKey, string>;

export const CONTRACTS = Object.keys(ARTIFACTS) as ContractKey[];

/** The contracts that the founder gives away. The council it never holds, and nobody the two that have no setting. */
export const OWNED = CONTRACTS.filter((key) => key !== "council" && key !== "market" && key !== "distributor");
/** Those of them with a founder of their own. */
export const GOVERNED = OWNED.filter((key) => key !== "timelock");

export const COUNCIL_NAME = "Crisis Insurance Council";

export function constructorArguments(
  a: Addresses,
  p: FundParameters,
  deployer: string,
): Record<ContractKey, unknown[]> {
  return {
    timelock: [p.timelockDelay, [], [], deployer],
    registry: [a.timelock, p.genesis],
    fund: [a.timelock, a.registry, p.token, p.guardian],
    ledger: [a.timelock, a.registry, a.fund, [p.loading, p.callCap], p.founderCoverDelay, p.firstBudget],
    coverage: [a.timelock, a.registry],
    register: [a.timelock, a.registry, a.fund, a.ledger, a.coverage, ATTACKS_BEFORE],
    panel: [a.timelock, a.registry, a.register],
    council: [a.timelock, a.registry, a.register, p.votingPeriod],
    market: [a.registry, a.fund, a.register],
    measures: [a.timelock, a.registry],
    distributor: [a.registry, a.fund, a.register],
  };
}

/** By immutable, what it must hold; those that only the council has are told by `bytecode.ts`. */
export function immutableValues(a: Addresses, p: FundParameters, deployer: string): Record<string, string | bigint> {
  const { timelock, registry, fund, ledger, coverage, register } = a;
  const { token, genesis, founderCoverDelay } = p;
  return { timelock, registry, fund, ledger, coverage, register, token, genesis, founderCoverDelay, founder: deployer };
}

const ADMIN: [string, readonly ContractKey[]] = ["DEFAULT_ADMIN_ROLE", ["timelock"]];

/** Role by role, who holds it once power is handed over. Any other role on a contract is a difference. */
export const ROLES: Record<(typeof OWNED)[number], [string, readonly ContractKey[]][]> = {
  timelock: [ADMIN, ["PROPOSER_ROLE", ["council"]], ["CANCELLER_ROLE", ["council"]], ["EXECUTOR_ROLE", ["council"]]],
  registry: [ADMIN, ["CASE_ROLE", ["register"]]],
  fund: [ADMIN, ["LEDGER_ROLE", ["ledger"]], ["REGISTER_ROLE", ["register"]], ["DISTRIBUTOR_ROLE", ["distributor"]]],
  ledger: [ADMIN, ["REGISTER_ROLE", ["register"]]],
  coverage: [ADMIN],
  register: [ADMIN, ["MARKET_ROLE", ["market"]]],
  panel: [ADMIN],
  measures: [ADMIN],
};

/** The name that hashes to a role; the role itself if it is none of those above. */
export function roleName(role: string): string {
  const names = Object.values(ROLES).flatMap((roles) => roles.map(([name]) => name));
  return names.find((name) => roleId(name) === role) ?? role;
}

export function roleId(name: string): string {
  return name === "DEFAULT_ADMIN_ROLE" ? ZeroHash : id(name);
}
