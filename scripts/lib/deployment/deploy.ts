// Deploys the fund: everything is checked before anything is sent, and running it again resumes or does nothing.
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, relative, resolve } from "node:path";

import { ZeroAddress, parseEther, toQuantity } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { crisisInsuranceFund } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import type { Founding } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import { localToken } from "../../../deploy/modules/LocalToken.ts";
import { CannotCheck, LOCAL_CHAIN, chainIdOf } from "./chain.ts";
import type { Connection } from "./chain.ts";
import { CONTRACTS } from "./contracts.ts";
import type { Addresses } from "./contracts.ts";
import { folderOf, isOfThisChain, readRecord } from "./deployments.ts";
import type { DeploymentRecord } from "./deployments.ts";
import { accountsOf, readFounding } from "./founding.ts";
import { InvalidInput } from "./input.ts";
import { readParameters } from "./parameters.ts";
import type { ParameterFile } from "./parameters.ts";
import { mendRecord } from "./resume.ts";
import { checkToken } from "./token.ts";
import type { Deployment } from "./evidence.ts";

/** What a person may name; else the files of the network, and Ignition's usual id. */
export interface Choices {
  parameters?: string;
  founding?: string;
  deploymentId?: string;
}

interface Plan {
  chainId: bigint;
  isLocal: boolean;
  deploymentId: string;
  folder: string;
  file: ParameterFile;
  founding: Founding;
}

/** What an account of a chain of one's own is given if it has less, for gas. */
const POCKET_MONEY = parseEther("100");
const LEAST_MONEY = parseEther("1");

/** Deploys, resumes or finds everything done, and says what there is. */
export async function deployFund(
  hre: HardhatRuntimeEnvironment,
  connection: Connection,
  choices: Choices,
  say: (line: string) => void,
): Promise<Deployment> {
  const problems: string[] = [];
  const plan = await readPlan(hre, connection, choices, problems);
  const { file, founding, isLocal, deploymentId } = plan;
  const record = await ownRecord(hre, connection, plan, problems, say);
  const [signer] = await connection.ethers.getSigners();
  if (signer === undefined)
    throw new InvalidInput(["deployer: the network has no account; right would be a key for it"]);
  const deployer = signer.address;
  checkAccounts(plan, deployer, problems);

  const fund = (token: string, genesis: bigint) => ({ ...file.settled, token, genesis });
  const module_ = crisisInsuranceFund(founding);
  const isComplete = record !== undefined && isDone(record, module_);
  const latest = await connection.ethers.provider.getBlock("latest");
  const now = BigInt(latest?.timestamp ?? 0);
  const genesis = file.genesis ?? record?.genesis ?? now + (file.genesisIn ?? 0n);
  if (genesis <= now && !isComplete) {
    const begun =
      record === undefined
        ? ""
        : "; the deployment that has begun cannot be completed any more: choose another deployment id";
    problems.push(
      `genesis: ${genesis} has passed on this chain, where it is ${now}; right would be a second ahead${begun}`,
    );
  }
  if (file.token !== undefined && file.token !== ZeroAddress) {
    const facts = await checkToken(connection, file.token, deployer, file.settled.guardian, problems);
    say(`settlement token: ${file.token} (${facts.symbol}, ${facts.decimals} decimals)`);
    facts.warnings.forEach((warning) => {
      say(`warning: ${warning}`);
    });
  } else if (file.token === undefined && !isLocal) {
    problems.push("token: missing; right would be the address of an ERC-20 on this chain");
  } else if (file.token === undefined && file.treasuryBalance === undefined) {
    problems.push(
      "LocalToken.treasuryBalance: missing; right would be what each treasury gets of the test token, in units",
    );
  }
  if (problems.length > 0) throw new InvalidInput(problems);

  if (record !== undefined) await mendRecord(hre, connection, plan.folder, say);
  if (isLocal)
    await giveGas(connection, [deployer, ...accountsOf(founding).map(({ account }) => account), file.settled.guardian]);
  const options = { deploymentId, displayUi: process.stdout.isTTY && !isLocal, config: isLocal ? QUICK : {} };
  const token = file.token ?? (await deployToken(connection, plan, record, options));
  const parameters = fund(token, genesis);
  say(
    isComplete
      ? `deployment ${deploymentId} is complete`
      : `${record === undefined ? "deploying" : "resuming"} ${deploymentId}`,
  );
  const contracts = await connection.ignition.deploy(module_, {
    ...options,
    parameters: { CrisisInsuranceFund: { ...parameters } },
  });

  const entries = CONTRACTS.map(async (key) => [key, await contracts[key].getAddress()] as const);
  const addresses = Object.fromEntries(await Promise.all(entries)) as Addresses;
  for (const [name, address] of Object.entries({ token, ...addresses })) say(`  ${name.padEnd(11)}  ${address}`);
  const creations = isInProcess(connection) ? {} : ((await readRecord(hre, plan.folder))?.creations ?? {});
  return { addresses, creations, parameters, founding };
}

/** A deployment that is recorded, with what it should be. */
export async function recordedDeployment(
  hre: HardhatRuntimeEnvironment,
  connection: Connection,
  choices: Choices,
): Promise<Deployment> {
  const problems: string[] = [];
  const plan = await readPlan(hre, connection, choices, problems);
  if (problems.length > 0) throw new InvalidInput(problems);
  const record = await readRecord(hre, plan.folder);
  const where = relative(process.cwd(), plan.folder);
  if (record === undefined) throw new CannotCheck(`no deployment is recorded in ${where}`);
  if (!(await isOfThisChain(connection, record, plan.isLocal))) {
    throw new CannotCheck(`the deployment recorded in ${where} is of another chain`);
  }
  const missing = CONTRACTS.filter((key) => record.addresses[key] === undefined);
  if (missing.length > 0) throw new CannotCheck(`the deployment in ${where} is not complete: no ${missing.join(", ")}`);
  const token = plan.file.token ?? record.token;
  const genesis = plan.file.genesis ?? record.genesis;
  if (token === undefined || genesis === undefined) throw new CannotCheck(`${where} tells no token or no genesis`);
  const parameters = { ...plan.file.settled, token, genesis };
  const { creations } = record;
  return { addresses: record.addresses as Addresses, creations, parameters, founding: plan.founding };
}

/** Ignition looks at a chain of one's own more often than at others; one block is enough there. */
const QUICK = { blockPollingInterval: 50, requiredConfirmations: 1 };

async function readPlan(
  hre: HardhatRuntimeEnvironment,
  connection: Connection,
  choices: Choices,
  problems: string[],
): Promise<Plan> {
  const chainId = await chainIdOf(connection);
  const isLocal = chainId === LOCAL_CHAIN;
  const name = isLocal ? "local" : connection.networkName;
  const inParameters = (file: string) => join(hre.config.paths.ignition, "parameters", file);
  const file = await readParameters(
    choices.parameters ? resolve(choices.parameters) : inParameters(`${name}.json5`),
    problems,
  );
  const founding = await readFounding(
    choices.founding ? resolve(choices.founding) : inParameters(`founding.${name}.json5`),
    file.settled.loading,
    problems,
  );
  const deploymentId = named(choices.deploymentId) ?? `chain-${chainId}`;
  return { chainId, isLocal, deploymentId, folder: folderOf(hre, deploymentId), file, founding };
}

/** An option that is not given reaches a task as empty text. */
function named(choice: string | undefined): string | undefined {
  return choice === "" ? undefined : choice;
}

/** The record of the deployment. One of a local chain that is gone is thrown away; one of a live chain never. */
async function ownRecord(
  hre: HardhatRuntimeEnvironment,
  connection: Connection,
  { folder, isLocal, deploymentId }: Plan,
  problems: string[],
  say: (line: string) => void,
): Promise<DeploymentRecord | undefined> {
  if (isInProcess(connection) || !existsSync(folder)) return undefined;
  const record = await readRecord(hre, folder);
  if (record === undefined || (await isOfThisChain(connection, record, isLocal))) return record;
  if (isLocal) {
    say(`deployment ${deploymentId} was made on a local chain that is gone; its record is removed`);
    await rm(folder, { recursive: true });
  } else {
    problems.push(`deployment id: ${deploymentId} is recorded for another chain; right would be another id`);
  }
  return undefined;
}

/** Such a chain ends with the process, and Ignition records nothing about it. */
function isInProcess({ networkConfig }: Connection): boolean {
  return networkConfig.type === "edr-simulated";
}

/** The deployer holds nothing in the end, so it can be nobody of the alliance. */
function checkAccounts({ file, founding }: Plan, deployer: string, problems: string[]): void {
  const uses = [...accountsOf(founding), { account: file.settled.guardian, use: "guardian" }];
  for (const { use } of uses.filter(({ account }) => account === deployer)) {
    problems.push(`${use}: ${deployer} deploys and must hold nothing afterwards; right would be another account`);
  }
}

/** The test token. What is done is not run again: Ignition resumes one module of a deployment only while no other waits. */
async function deployToken(
  connection: Connection,
  { file, founding }: Plan,
  record: DeploymentRecord | undefined,
  options: { deploymentId: string; displayUi: boolean; config: object },
): Promise<string> {
  const module_ = localToken(founding.members.map(({ treasury }) => treasury));
  if (record?.token !== undefined && isDone(record, module_)) return record.token;
  const { token } = await connection.ignition.deploy(module_, {
    ...options,
    parameters: { LocalToken: { treasuryBalance: file.treasuryBalance ?? 0n } },
  });
  return await token.getAddress();
}

function isDone(record: DeploymentRecord, { futures }: { futures: ReadonlySet<{ id: string }> }): boolean {
  return [...futures].every(({ id }) => record.done.has(id));
}

/** On a chain of one's own nobody is poor: nodes endow other accounts than the ones used here. */
async function giveGas({ ethers }: Connection, accounts: string[]): Promise<void> {
  const issuer = (await ethers.getSigners())[4]?.address;
  for (const account of [...accounts, ...(issuer === undefined ? [] : [issuer])]) {
    if ((await ethers.provider.getBalance(account)) >= LEAST_MONEY) continue;
    await ethers.provider.send("hardhat_setBalance", [account, toQuantity(POCKET_MONEY)]);
  }
}
