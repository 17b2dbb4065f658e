import { relative } from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { AttackRegister__factory, Council__factory, CrisisFund__factory } from "../../../typechain-types/index.ts";
import { CannotCheck, LOCAL_CHAIN, chainIdOf } from "../deployment/chain.ts";
import type { Connection } from "../deployment/chain.ts";
import { CONTRACTS } from "../deployment/contracts.ts";
import { folderOf, isOfThisChain, readRecord } from "../deployment/deployments.ts";
import { addressGiven } from "../deployment/input.ts";
import type { Speaker } from "../events/events.ts";

/** Where a fund lies, and from which block on it can have said anything. */
export interface Located {
  chainId: bigint;
  contracts: Partial<Record<Speaker, string>> & { fund: string };
  firstBlock: number;
}

/**
 * Finds a fund by the address of its council, or by the record of its deployment. The token is left out: its events are
 * of all its holders, and the fund's journal tells what concerns the fund.
 */
export async function locate(
  hre: HardhatRuntimeEnvironment,
  connection: Connection,
  { council, deploymentId }: { council?: string | undefined; deploymentId?: string | undefined },
): Promise<Located> {
  const chainId = await chainIdOf(connection);
  if (council === undefined) return await recorded(hre, connection, chainId, deploymentId ?? `chain-${chainId}`);
  if (deploymentId !== undefined) throw new CannotCheck("--council and --deployment-id: right would be one of them");
  const address = addressGiven("--council", council, "the Council");
  const contracts = await pointedToBy(connection, address);
  if (contracts !== undefined) return { chainId, contracts, firstBlock: 0 };
  throw new CannotCheck(
    `--council: ${council} is no council of a crisis insurance fund on chain ${chainId}; right would be the address that the deployment printed`,
  );
}

async function recorded(
  hre: HardhatRuntimeEnvironment,
  connection: Connection,
  chainId: bigint,
  deploymentId: string,
): Promise<Located> {
  const folder = folderOf(hre, deploymentId);
  const where = relative(process.cwd(), folder);
  const record = await readRecord(hre, folder);
  if (record === undefined) {
    throw new CannotCheck(`no deployment is recorded in ${where}; right would be --council with an address`);
  }
  if (!(await isOfThisChain(connection, record, chainId === LOCAL_CHAIN))) {
    throw new CannotCheck(`the deployment recorded in ${where} is of another chain`);
  }
  const { fund } = record.addresses;
  const missing = CONTRACTS.filter((key) => record.addresses[key] === undefined);
  if (missing.length > 0 || fund === undefined) {
    throw new CannotCheck(`the deployment in ${where} is not complete: no ${missing.join(", ")}`);
  }
  const { timelock } = record.creations;
  const created = timelock === undefined ? null : await connection.ethers.provider.getTransactionReceipt(timelock);
  return { chainId, contracts: { ...record.addresses, fund }, firstBlock: created?.blockNumber ?? 0 };
}

/** The contracts that a council leads to, undefined if it leads nowhere. Market, measures and distributor it does not know. */
async function pointedToBy(
  { ethers: { provider } }: Connection,
  council: string,
): Promise<Located["contracts"] | undefined> {
  try {
    const voting = Council__factory.connect(council, provider);
    const [timelock, register] = [await voting.timelock(), await voting.register()];
    const cases = AttackRegister__factory.connect(register, provider);
    const [registry, fund, ledger] = [await cases.registry(), await cases.fund(), await cases.ledger()];
    const [coverage, panel] = [await cases.coverage(), await cases.panel()];
    // The fund must be one, too.
    await CrisisFund__factory.connect(fund, provider).sequence();
    return { timelock, registry, fund, ledger, coverage, register, panel, council };
  } catch {
    return undefined;
  }
}
