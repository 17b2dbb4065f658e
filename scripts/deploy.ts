// Deploys the fund to a network, or resumes a deployment, and proves its wiring:
//   npx hardhat fund deploy --network localhost [--parameters FILE] [--founding FILE] [--deployment-id ID]
// The same with the defaults: npx hardhat run scripts/deploy.ts --network localhost
// It exits 1 if something is wrong with the files, the token or the wiring, and 2 if the chain cannot be asked.
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { deployFund } from "./lib/deployment/deploy.ts";
import type { Choices } from "./lib/deployment/deploy.ts";
import { prove, run, runScript } from "./lib/deployment/program.ts";

export default async function deploy(
  choices: Choices & { network?: string },
  hre: HardhatRuntimeEnvironment,
): Promise<void> {
  await run(hre, choices.network, async (connection) => {
    const deployment = await deployFund(hre, connection, choices, (line) => {
      console.log(line);
    });
    console.log();
    return await prove(hre, connection, deployment);
  });
}

await runScript(import.meta.url, deploy);
