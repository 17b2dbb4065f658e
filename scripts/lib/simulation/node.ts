import type { Provider } from "../node/node.ts";
import type { SimulationParameters } from "./parameters.ts";

/**
 * The chain in this process keeps the state after each of its last 100,000 blocks, which is a third of a gigabyte for every
 * year of a whole alliance. A drill goes back by fewer than this; else nothing asks about the past.
 */
const STATES_KEPT = "1500";

/**
 * To be called before Hardhat is loaded. It holds for the whole process: few states are kept, and memory that is free for a moment
 * is not given back to the system, from which the next transaction would ask for it again.
 */
export function spareTheNode(): void {
  process.env["__EDR_MAX_CACHED_STATES"] = STATES_KEPT;
  process.env["MIMALLOC_PURGE_DELAY"] = "-1";
}

/** Above what the blocks of the founding can make of the base fee: with a price of its own no transaction asks for one. */
const GAS_PRICE = 10n ** 10n;

/** How the network's connection differs for a simulation. */
export function networkFor({ Simulation: { genesis, deployedBefore } }: SimulationParameters) {
  return { initialDate: new Date((genesis - deployedBefore) * 1000).toISOString(), gasPrice: GAS_PRICE };
}

/** Has the chain take what its accounts send without a signature, which is a quarter of its work for a simple transaction. */
export async function takeUnsigned(provider: Provider): Promise<void> {
  const accounts = (await provider.request({ method: "eth_accounts" })) as string[];
  for (const account of accounts) await provider.request({ method: "hardhat_impersonateAccount", params: [account] });
}
