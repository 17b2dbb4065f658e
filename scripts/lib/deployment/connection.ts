// Connecting to the network that the command line names.
import type { ResolvedConfigurationVariable } from "hardhat/types/config";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { CannotCheck, reasonOf } from "./chain.ts";
import type { Connection } from "./chain.ts";

export interface Access {
  /** Nothing will be sent, so the keys of the network's accounts are not asked for. */
  readsOnly?: boolean;
}

/** @throws {CannotCheck} if there is no such network, or it lacks variables, all of which are named, or has wrong ones */
export async function connect(
  hre: HardhatRuntimeEnvironment,
  network?: string,
  { readsOnly = false }: Access = {},
): Promise<Connection> {
  const name = network ?? chosenIn(hre.globalOptions);
  const { networks } = hre.config;
  const config = networks[name];
  if (config === undefined) {
    const known = Object.keys(networks).join(", ");
    throw new CannotCheck(`--network: there is no network "${name}"; one of ${known} would be right`);
  }
  const keyless = readsOnly && config.type === "http";
  const lacking = await lackingOf(keyless ? { ...config, accounts: [] } : config);
  if (lacking.length > 0) {
    const [them, one] = lacking.length === 1 ? ["it", "it"] : ["them", "each"];
    throw new CannotCheck(
      `the network ${name} lacks ${lacking.join(" and ")}: set ${them} in the environment, or keep ${one} by ` +
        `\`npx hardhat keystore set ${lacking[0]}\``,
    );
  }
  try {
    return await hre.network.create(keyless ? { network: name, override: { accounts: [] } } : { network: name });
  } catch (error) {
    throw new CannotCheck(`the network ${name} cannot be used: ${reasonOf(error)}`);
  }
}

/** Where no network is named, the framework takes this one; its types leave that open. */
function chosenIn({ network = "default" }: { network?: string }): string {
  return network;
}

/** The variables of a network that are set nowhere. */
async function lackingOf(config: object): Promise<string[]> {
  const lacking: string[] = [];
  for (const value of Object.values(config).flat() as unknown[]) {
    if (!isVariable(value)) continue;
    try {
      await value.get();
    } catch {
      lacking.push(value.name);
    }
  }
  return lacking;
}

/** One that is read when it is needed; what is written in the configuration itself has no name. */
function isVariable(value: unknown): value is ResolvedConfigurationVariable & { name: string } {
  return typeof value === "object" && value !== null && "get" in value && "name" in value;
}
