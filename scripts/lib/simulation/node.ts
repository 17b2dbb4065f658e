import { toQuantity } from "ethers";
import type { BaseContract, ContractRunner, Provider as EthersProvider, TransactionRequest } from "ethers";

import type { Provider } from "../node/node.ts";
import type { SimulationParameters } from "./parameters.ts";

/**
 * The chain in this process keeps the state after each of its last 100,000 blocks, which is a third of a gigabyte for every
 * year of a whole alliance. A drill goes back by fewer than this; else nothing asks about the past.
 */
const STATES_KEPT = "1500";

/** To be called before any connection is made. It holds for the whole process. */
export function keepFewStates(): void {
  process.env["__EDR_MAX_CACHED_STATES"] = STATES_KEPT;
}

/** Above what the blocks of the founding can make of the base fee: with a price of its own no transaction asks for one. */
const GAS_PRICE = 10n ** 10n;

/** How the network's connection differs for a simulation. */
export function networkFor({ Simulation: { genesis, deployedBefore } }: SimulationParameters) {
  return { initialDate: new Date((genesis - deployedBefore) * 1000).toISOString(), gasPrice: GAS_PRICE };
}

/** The same contracts, whose views ask the chain at once: a signer looks up nonces and fees that no view needs. */
export function askedDirectly<All extends object>(contracts: All, provider: Provider, ethers: EthersProvider): All {
  const runner: ContractRunner = {
    provider: ethers,
    call: async ({ to, data, from, blockTag }: TransactionRequest) => {
      const at = typeof blockTag === "number" ? toQuantity(blockTag) : "latest";
      return (await provider.request({ method: "eth_call", params: [{ from, to, data }, at] })) as string;
    },
  };
  const connected = Object.entries(contracts).map(([name, contract]: [string, BaseContract]) => [
    name,
    contract.connect(runner),
  ]);
  return Object.fromEntries(connected) as All;
}
