// What proving a deployment needs to know of the chain.
import type { ArtifactManager } from "hardhat/types/artifacts";

import type { Founding } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import { readBuilds } from "./bytecode.ts";
import type { Builds } from "./bytecode.ts";
import { CannotCheck, Reading, chainIdOf, messageOf } from "./chain.ts";
import type { Connection } from "./chain.ts";
import { CONTRACTS, OWNED, roleId } from "./contracts.ts";
import type { Addresses, ContractKey } from "./contracts.ts";
import { findCreation } from "./creation.ts";
import type { Creation } from "./creation.ts";
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
export interface Evidence extends Deployment {
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

/** @throws {CannotCheck} if the chain cannot be asked */
export async function gather(
  connection: Connection,
  artifacts: ArtifactManager,
  deployment: Deployment,
): Promise<Evidence> {
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

export function compare(contract: ContractKey, what: string, expected: string, found: string): Check {
  return { contract, what, expected, found, holds: expected === found };
}
