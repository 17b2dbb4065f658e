// What a deployment's contracts have recorded since they exist.
import { Interface } from "ethers";

import type { Builds } from "./bytecode.ts";
import { plain } from "./chain.ts";
import type { Connection } from "./chain.ts";
import { CONTRACTS } from "./contracts.ts";
import type { Addresses, ContractKey } from "./contracts.ts";

export interface Recorded {
  contract: ContractKey;
  block: number;
  name: string;
  args: string[];
}

/** Public nodes answer no wider range at once. */
const BLOCKS_A_QUESTION = 5_000;

/** Every event of the contracts from `fromBlock` on, in order. */
export async function readHistory(
  { ethers }: Connection,
  addresses: Addresses,
  builds: Builds,
  fromBlock: number,
): Promise<Recorded[]> {
  const latest = await ethers.provider.getBlockNumber();
  const keys = new Map(CONTRACTS.map((key) => [addresses[key].toLowerCase(), key]));
  const history: Recorded[] = [];
  for (let from = fromBlock; from <= latest; from += BLOCKS_A_QUESTION) {
    const toBlock = Math.min(latest, from + BLOCKS_A_QUESTION - 1);
    const logs = await ethers.provider.getLogs({ address: [...keys.keys()], fromBlock: from, toBlock });
    for (const { address, blockNumber, topics, data } of logs) {
      const contract = keys.get(address.toLowerCase());
      if (contract === undefined) continue;
      const event = new Interface(builds[contract].abi).parseLog({ topics, data });
      history.push({
        contract,
        block: blockNumber,
        name: event?.name ?? `unknown event ${topics[0] ?? ""}`,
        args: event === null ? [] : [...event.args].map(plain),
      });
    }
  }
  return history;
}
