import { Interface } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { CrisisFund__factory, IERC20__factory } from "../../../typechain-types/index.ts";
import { CannotCheck, messageOf } from "../deployment/chain.ts";
import type { Connection } from "../deployment/chain.ts";
import { readEvents } from "../events/read.ts";
import { InputError } from "../csv.ts";
import { openFolder } from "../folders.ts";
import type { Hearing } from "../progress.ts";
import { BrokenHistory } from "./bookkeeper.ts";
import { Export } from "./export.ts";
import type { Exported } from "./export.ts";
import type { ExportInfo, FundState } from "./exporter.ts";
import { FORMATS, formatsOf } from "./formats.ts";
import { locate } from "./locate.ts";
import { readState } from "./state.ts";

/** What a person may ask for; else all formats into `out`, from the deployment to the latest block. */
export interface ExportChoices {
  format?: string | undefined;
  out?: string | undefined;
  council?: string | undefined;
  deploymentId?: string | undefined;
  from?: string | undefined;
  block?: string | undefined;
}

const TOKEN = new Interface(["function symbol() view returns (string)", "function decimals() view returns (uint8)"]);

/**
 * Reads a fund's events from a chain and writes them down. `hear` is told how far it is.
 * @throws CannotCheck in one sentence if what was asked for cannot be done; then nothing is written
 */
export async function exportFund(
  hre: HardhatRuntimeEnvironment,
  connection: Connection,
  choices: ExportChoices,
  hear: Hearing = () => undefined,
): Promise<Exported> {
  const problems: string[] = [];
  const formats = formatsOf(choices.format ?? FORMATS.join(","), "--format", problems);
  const from = blockOf(choices.from, "--from", problems);
  const block = blockOf(choices.block, "--block", problems);
  if (choices.out === "") problems.push("--out: nothing is given; a folder would be right.");
  if (problems.length > 0) throw new CannotCheck(problems.join("\n"));
  const folder = choices.out ?? "out";
  const { provider } = connection.ethers;

  try {
    const { chainId, contracts, firstBlock } = await locate(hre, connection, choices);
    const last = await blockAt(connection, block);
    const fund = CrisisFund__factory.connect(contracts.fund, provider);
    const address = await fund.token();
    const fromBlock = from ?? firstBlock;
    const range = { fromBlock, toBlock: last.block };
    if (fromBlock > last.block) throw new CannotCheck(`--from: block ${fromBlock} lies after block ${last.block}`);
    const token = { address, ...(await tokenFacts(connection, address)) };
    openFolder(folder);
    const info: ExportInfo = { chainId, contracts, token, ...range };
    const writing = new Export(folder, formats, info);
    try {
      const reached = (block: number) => {
        hear("reading blocks", block - fromBlock + 1, last.block - fromBlock + 1);
      };
      for await (const event of readEvents(provider, contracts, fromBlock, last.block)) {
        writing.event(event);
        reached(event.block);
      }
      reached(last.block);
      if (writing.said === 0) {
        throw new CannotCheck(
          `the fund ${contracts.fund} has said nothing in blocks ${fromBlock} to ${last.block}; right would be all blocks since its deployment`,
        );
      }
      const asked = { fund, token: IERC20__factory.connect(address, provider) };
      return writing.end(await stateAt(asked, last, writing));
    } catch (error) {
      writing.abandon();
      throw error;
    }
  } catch (error) {
    if (error instanceof InputError || error instanceof BrokenHistory) throw new CannotCheck(messageOf(error));
    throw error;
  }
}

/** @throws CannotCheck if the node does not know what the fund was then */
export async function stateAt(
  asked: Parameters<typeof readState>[0],
  at: { block: number; time: number },
  { members, attacks }: Export,
): Promise<FundState> {
  try {
    return await readState(asked, at, members, attacks);
  } catch (error) {
    throw new CannotCheck(
      `the node does not tell what the fund was at block ${at.block}; right would be the latest block, or a node with archive (${messageOf(error)})`,
    );
  }
}

function blockOf(given: string | undefined, option: string, problems: string[]): number | undefined {
  if (given === undefined) return undefined;
  if (!/^\d{1,15}$/.test(given)) problems.push(`${option}: "${given}" is no block; right would be its number`);
  return Number(given);
}

async function blockAt({ ethers: { provider } }: Connection, number?: number) {
  const latest = await provider.getBlockNumber();
  const found = await provider.getBlock(number ?? latest);
  if (found !== null) return { block: found.number, time: found.timestamp };
  throw new CannotCheck(`--block: the chain has no block ${number ?? latest}; its latest is ${latest}`);
}

/** @throws CannotCheck if the token does not say what it is */
export async function tokenFacts({ ethers: { provider } }: Connection, to: string) {
  const ask = async (name: string): Promise<unknown> => {
    const data = await provider.call({ to, data: TOKEN.encodeFunctionData(name) });
    return TOKEN.decodeFunctionResult(name, data)[0];
  };
  try {
    return { symbol: String(await ask("symbol")), decimals: Number(await ask("decimals")) };
  } catch {
    throw new CannotCheck(`the token ${to} tells no symbol or no decimals`);
  }
}
