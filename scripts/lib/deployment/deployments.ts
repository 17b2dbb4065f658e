// What Ignition has written down about a deployment, in its folder below `deploy/deployments`.
import { existsSync } from "node:fs";
import { join } from "node:path";

import { HardhatArtifactResolver } from "@nomicfoundation/hardhat-ignition/helpers";
import { TransactionStatus, listTransactions, status } from "@nomicfoundation/ignition-core";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { Connection } from "./chain.ts";
import { ARTIFACTS, CONTRACTS } from "./contracts.ts";
import type { Addresses, ContractKey } from "./contracts.ts";

export interface Transaction {
  hash: string;
  /** Whether Ignition has seen it in a block. */
  mined: boolean;
  /** The contract it made, if it made one. */
  contract: string | undefined;
  args: readonly unknown[];
}

export interface DeploymentRecord {
  folder: string;
  /** Ids of what is done. */
  done: ReadonlySet<string>;
  addresses: Partial<Addresses>;
  creations: Partial<Record<ContractKey, string>>;
  /** The test token that the deployment brought. */
  token: string | undefined;
  /** The genesis that the registry was given. */
  genesis: bigint | undefined;
  transactions: readonly Transaction[];
}

export function folderOf(hre: HardhatRuntimeEnvironment, deploymentId: string): string {
  return join(hre.config.paths.ignition, "deployments", deploymentId);
}

/** What is recorded in a folder; undefined if no deployment has begun there. */
export async function readRecord(
  hre: HardhatRuntimeEnvironment,
  folder: string,
): Promise<DeploymentRecord | undefined> {
  if (!existsSync(join(folder, "journal.jsonl"))) return undefined;
  const { successful, contracts } = await status(folder);
  const transactions = (await listTransactions(folder, new HardhatArtifactResolver(hre.artifacts))).map(
    (tx): Transaction => ({
      hash: tx.txHash,
      mined: tx.status === TransactionStatus.SUCCESS || tx.status === TransactionStatus.FAILURE,
      contract: tx.type === "DEPLOYMENT_EXECUTION_STATE" ? tx.name : undefined,
      args: tx.params ?? [],
    }),
  );
  const making = (artifact: string) => transactions.filter(({ contract }) => contract === artifact).at(-1);
  const addressOf = (key: ContractKey) => contracts[`CrisisInsuranceFund#${ARTIFACTS[key]}`]?.address;
  const genesis = making(ARTIFACTS.registry)?.args[1];
  return {
    folder,
    done: new Set(successful),
    addresses: byContract(addressOf),
    creations: byContract((key) => making(ARTIFACTS[key])?.hash),
    token: contracts["LocalToken#TestToken"]?.address,
    genesis: typeof genesis === "bigint" || typeof genesis === "number" ? BigInt(genesis) : undefined,
    transactions,
  };
}

/** Whether the record is of this very chain: a local chain that was started anew knows none of its transactions. */
export async function isOfThisChain(
  { ethers }: Connection,
  record: DeploymentRecord,
  isLocal: boolean,
): Promise<boolean> {
  const telling = isLocal ? record.transactions : record.transactions.filter(({ mined }) => mined);
  if (telling.length === 0) return true;
  for (const { hash } of telling) {
    if ((await ethers.provider.getTransaction(hash)) !== null) return true;
  }
  return false;
}

function byContract(valueOf: (key: ContractKey) => string | undefined): Partial<Record<ContractKey, string>> {
  const entries = CONTRACTS.map((key) => [key, valueOf(key)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
