// Proves that a deployment is what its parameters, its founding and the build say, and that nobody kept any power:
//   npx hardhat fund verify-wiring --network localhost [--parameters FILE] [--founding FILE] [--deployment-id ID]
// The same with the defaults: npx hardhat run scripts/verify-wiring.ts --network localhost
// It exits 1 on any difference, and 2 if it could not check. What the council has decided since shows as a difference.
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { Connection } from "./lib/deployment/chain.ts";
import { recordedDeployment } from "./lib/deployment/deploy.ts";
import type { Choices } from "./lib/deployment/deploy.ts";
import { prove, run, runScript } from "./lib/deployment/program.ts";

export default async function verifyWiring(
  choices: Choices & { network?: string },
  hre: HardhatRuntimeEnvironment,
): Promise<void> {
  const verify = async (connection: Connection) =>
    prove(hre, connection, await recordedDeployment(hre, connection, choices));
  await run(hre, choices.network, verify, { readsOnly: true });
}

await runScript(import.meta.url, verifyWiring);
