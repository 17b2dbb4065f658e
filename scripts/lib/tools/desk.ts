// What every task works with: the contracts of a deployment, the settlement token, and the accounts of the network.
import { relative } from "node:path";

import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { CrisisFund__factory } from "../../../typechain-types/index.ts";
import { CannotCheck, LOCAL_CHAIN, chainIdOf } from "../deployment/chain.ts";
import type { Connection } from "../deployment/chain.ts";
import { CONTRACTS } from "../deployment/contracts.ts";
import type { Addresses } from "../deployment/contracts.ts";
import { folderOf, isOfThisChain, readRecord } from "../deployment/deployments.ts";
import { connected } from "../events/bindings.ts";
import type { Speaker, Speakers } from "../events/bindings.ts";
import { Money } from "./money.ts";

export interface Desk {
  provider: Connection["ethers"]["provider"];
  /** Runs calls without an account; the accounts below send. */
  contracts: Speakers;
  /** By address in lower case, whose contract it is. */
  speakers: ReadonlyMap<string, Speaker>;
  money: Money;
  /** The block of the deployment's first transaction: no event of the fund is older. */
  since: number;
  /** The accounts whose keys the network has. */
  accounts: readonly HardhatEthersSigner[];
  say: (line: string) => void;
}

/** Sets a desk up over contracts that exist `since` a block. */
export async function deskOver(
  contracts: Speakers,
  { ethers }: Connection,
  say: (line: string) => void,
  since = 0,
): Promise<Desk> {
  const entries = Object.entries(contracts) as [Speaker, Speakers[Speaker]][];
  const speakers = await Promise.all(
    entries.map(async ([key, contract]) => [(await contract.getAddress()).toLowerCase(), key] as const),
  );
  const money = await Money.of(await contracts.token.getAddress(), ethers.provider);
  const accounts = await ethers.getSigners();
  return { provider: ethers.provider, contracts, speakers: new Map(speakers), money, since, accounts, say };
}

/**
 * Sets a desk up over the deployment that is recorded for a network.
 * @throws CannotCheck if none is, or the chain does not answer
 */
export async function openDesk(
  hre: HardhatRuntimeEnvironment,
  connection: Connection,
  deploymentId: string | undefined,
  say: (line: string) => void,
): Promise<Desk> {
  const chainId = await chainIdOf(connection);
  const folder = folderOf(hre, deploymentId ?? `chain-${chainId}`);
  const where = relative(process.cwd(), folder);
  const record = await readRecord(hre, folder);
  const inProcess = hre.config.networks[connection.networkName]?.type === "edr-simulated";
  const hint = inProcess
    ? `; the network ${connection.networkName} is a chain inside this process, which begins empty: --network localhost or sepolia would be right`
    : "";
  if (record === undefined) throw new CannotCheck(`no deployment is recorded in ${where}${hint}`);
  if (!(await isOfThisChain(connection, record, chainId === LOCAL_CHAIN))) {
    throw new CannotCheck(`the deployment recorded in ${where} is of another chain${hint}`);
  }
  const missing = CONTRACTS.filter((key) => record.addresses[key] === undefined);
  if (missing.length > 0) throw new CannotCheck(`the deployment in ${where} is not complete: no ${missing.join(", ")}`);
  const { provider } = connection.ethers;
  const recorded = record.addresses as Addresses;
  const token = await CrisisFund__factory.connect(recorded.fund, provider).token();
  const contracts = connected({ ...recorded, token }, provider);
  const created = record.creations.timelock;
  const receipt = created === undefined ? null : await provider.getTransactionReceipt(created);
  return await deskOver(contracts, connection, say, receipt?.blockNumber);
}
