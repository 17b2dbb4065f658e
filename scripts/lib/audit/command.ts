// The audit as a command.
import { join } from "node:path";

import { JsonRpcProvider, Network } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { readBuilds } from "../deployment/bytecode.ts";
import { CannotCheck, LOCAL_CHAIN, chainIdOf } from "../deployment/chain.ts";
import type { Connection } from "../deployment/chain.ts";
import { folderOf, isOfThisChain, readRecord } from "../deployment/deployments.ts";
import { EXIT_DIFFERENT } from "../deployment/program.ts";
import type { Exported } from "../export/export.ts";
import { auditChain } from "./audit.ts";
import type { AuditOptions, AuditResult } from "./audit.ts";
import { AuditExport } from "./export.ts";
import type { Provider } from "../node/node.ts";
import { formatsOption, givenText, hashOption, numberOf, urlOption } from "./options.ts";
import type { AuditChoices } from "./options.ts";
import { Progress } from "../progress.ts";
import { exitCodeOf, resultLines } from "./report.ts";
import type { Target } from "./target.ts";

/** Audits what the choices name and prints what it found; gives the exit code. */
export async function auditByChoices(
  hre: HardhatRuntimeEnvironment,
  connection: Connection,
  choices: AuditChoices,
): Promise<number> {
  const [block, from] = [numberOf("block", choices.block), numberOf("from", choices.from)];
  const blockHash = hashOption("block-hash", choices.blockHash);
  const secondUrl = urlOption("second-rpc", choices.secondRpc);
  const formats = formatsOption("export", choices.export);
  const chainId = await chainIdOf(connection);
  const target = await targetOf(hre, connection, chainId, choices, from);
  const cache =
    givenText(choices.cache) ??
    join(hre.config.paths.cache, "audit", `${chainId}-${target.council.toLowerCase()}.jsonl`);
  const exporting = formats && new AuditExport(connection, givenText(choices.out) ?? "out", formats);
  const progress = new Progress("audit");
  const options: AuditOptions = {
    block,
    blockHash,
    proof: choices.proof,
    receipts: choices.receipts,
    second: secondUrl === undefined ? undefined : rpcOf(secondUrl, chainId),
    cache,
    builds: await readBuilds(hre.artifacts),
    progress: progress.reached,
    ...exporting?.options,
  };
  try {
    const result = await auditChain(connection.provider, target, options);
    progress.stop();
    if (choices.json === true) console.log(asJson({ ...result, exported: exporting?.exported }));
    else console.log([...(exporting?.lines ?? []), ...resultLines(result, options)].join("\n"));
    return exporting?.differs === true ? EXIT_DIFFERENT : exitCodeOf(result);
  } finally {
    progress.stop();
    exporting?.close();
  }
}

/** What to audit: the council that is named, else the deployment's; what is named beside it goes before the deployment's. */
async function targetOf(
  hre: HardhatRuntimeEnvironment,
  connection: Connection,
  chainId: bigint,
  choices: AuditChoices,
  from: number | undefined,
): Promise<Target> {
  const named = {
    market: givenText(choices.market),
    measures: givenText(choices.measures),
    distributor: givenText(choices.distributor),
  };
  const council = givenText(choices.council);
  const deploymentId = givenText(choices.deploymentId);
  if (council !== undefined && deploymentId === undefined) return { council, ...named, firstBlock: from };

  const id = deploymentId ?? `chain-${chainId}`;
  const record = await readRecord(hre, folderOf(hre, id));
  if (record?.addresses.council === undefined) {
    throw new CannotCheck(
      `no deployment ${id} is recorded here; name the council by --council, or a deployment by --deployment-id`,
    );
  }
  if (!(await isOfThisChain(connection, record, chainId === LOCAL_CHAIN))) {
    throw new CannotCheck(`the deployment ${id} is of another chain than ${connection.networkName}`);
  }
  const { market, measures, distributor } = record.addresses;
  return {
    council: council ?? record.addresses.council,
    market: named.market ?? market,
    measures: named.measures ?? measures,
    distributor: named.distributor ?? distributor,
    firstBlock: from ?? (await creationBlock(connection, Object.values(record.creations))),
  };
}

/** The first block of the transactions that made the contracts; undefined if the node does not know all of them. */
async function creationBlock({ ethers }: Connection, hashes: readonly string[]): Promise<number | undefined> {
  const made = await Promise.all(hashes.map((hash) => ethers.provider.getTransaction(hash)));
  const blocks = made.map((transaction) => transaction?.blockNumber ?? -1);
  const first = Math.min(...blocks);
  return Number.isFinite(first) && first >= 0 ? first : undefined;
}

function rpcOf(url: string, chainId: bigint): Provider {
  const rpc = new JsonRpcProvider(url, chainId, { staticNetwork: Network.from(chainId), batchMaxCount: 1 });
  return { request: ({ method, params = [] }) => rpc.send(method, params) as Promise<unknown> };
}

function asJson(result: AuditResult & { exported: Exported | undefined }): string {
  return JSON.stringify(result, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value), 2);
}
