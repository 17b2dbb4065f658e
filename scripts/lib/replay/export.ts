import { addressesOf, readEvents } from "../events/read.ts";
import { Export } from "../export/export.ts";
import type { Exported } from "../export/export.ts";
import type { Format } from "../export/formats.ts";
import { readState } from "../export/state.ts";
import type { Ledger } from "./ledger.ts";

/** Writes down the journal of the fund that was lived through. */
export async function exportReplay(
  ledger: Ledger,
  { out, export: formats }: { out: string; export: readonly Format[] },
): Promise<Exported> {
  const { connection, token, fund } = ledger;
  const { provider } = connection.ethers;
  const contracts = await addressesOf(ledger);
  const block = await provider.getBlockNumber();
  const { chainId } = await provider.getNetwork();
  const facts = {
    address: await token.getAddress(),
    symbol: await token.symbol(),
    decimals: Number(await token.decimals()),
  };
  const writing = new Export(out, formats, { chainId, contracts, token: facts, fromBlock: 0, toBlock: block });
  try {
    for await (const event of readEvents(provider, contracts, 0, block)) writing.event(event);
    const at = { block, time: ledger.chain.now };
    return writing.end(await readState({ fund, token }, at, writing.members, writing.attacks));
  } catch (error) {
    writing.abandon();
    throw error;
  }
}
