// Makes a deployment resumable wherever it was interrupted. Ignition writes down that it begins something, then what it will
// send and with which nonce, then the transaction; between two of these it cannot resume by itself.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { HardhatArtifactResolver } from "@nomicfoundation/hardhat-ignition/helpers";
import { trackTransaction, wipe } from "@nomicfoundation/ignition-core";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { Connection } from "./chain.ts";

/** Something that was begun and for which no transaction is recorded. */
interface Begun {
  futureId: string;
  from: string;
  nonce: number | undefined;
}

interface JournalLine {
  type: string;
  futureId?: string;
  from?: string;
  nonce?: number;
  receipt?: { blockNumber: number };
}

/** What Ignition writes when it begins something for which it will send a transaction. */
const BEGINNINGS = ["DEPLOYMENT_EXECUTION_STATE_INITIALIZE", "CALL_EXECUTION_STATE_INITIALIZE"];
/** A transaction that was sent and not recorded was sent soon after the last that was. */
const BLOCKS_TO_SEARCH = 300;

/** Completes or undoes what was left in between; says what it did. */
export async function mendRecord(
  hre: HardhatRuntimeEnvironment,
  connection: Connection,
  folder: string,
  say: (line: string) => void,
): Promise<void> {
  const lines = (await readFile(join(folder, "journal.jsonl"), "utf8")).split("\n").filter((line) => line !== "");
  const journal = lines.map((line) => JSON.parse(line) as JournalLine);
  const lastBlock = Math.max(0, ...journal.map(({ receipt }) => receipt?.blockNumber ?? 0));
  for (const { futureId, from, nonce } of begunOf(journal)) {
    const isSent =
      nonce !== undefined && (await connection.ethers.provider.getTransactionCount(from, "pending")) > nonce;
    const hash = isSent ? await findSent(connection, from, nonce, lastBlock) : undefined;
    if (hash !== undefined) {
      await trackTransaction(folder, hash, connection.provider);
      say(`${futureId} had been sent as ${hash}`);
    } else if (!isSent) {
      await wipe(folder, new HardhatArtifactResolver(hre.artifacts), futureId);
      say(`${futureId} had begun and nothing was sent for it: it begins again`);
    }
  }
}

function begunOf(journal: JournalLine[]): Begun[] {
  const begun = new Map<string, Begun>();
  for (const { type, futureId, from, nonce } of journal) {
    if (futureId === undefined) continue;
    if (BEGINNINGS.includes(type)) begun.set(futureId, { futureId, from: from ?? "", nonce: undefined });
    else if (type === "TRANSACTION_PREPARE_SEND") {
      const entry = begun.get(futureId);
      if (entry !== undefined) entry.nonce = nonce;
    } else if (type !== "NETWORK_INTERACTION_REQUEST") begun.delete(futureId);
  }
  return [...begun.values()];
}

async function findSent(
  { ethers }: Connection,
  from: string,
  nonce: number,
  after: number,
): Promise<string | undefined> {
  const latest = await ethers.provider.getBlockNumber();
  const numbers = Array.from({ length: Math.min(BLOCKS_TO_SEARCH, latest - after + 1) }, (_, i) => after + i);
  for (const number of [...numbers, "pending"]) {
    const block = await ethers.provider.getBlock(number, true);
    const tx = block?.prefetchedTransactions.find(
      (sent) => sent.from.toLowerCase() === from.toLowerCase() && sent.nonce === nonce,
    );
    if (tx !== undefined) return tx.hash;
  }
  return undefined;
}
