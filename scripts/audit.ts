// Audits a fund on any chain, trusting neither the node nor the contracts:
//   npx hardhat fund audit --network sepolia [--council ADDRESS | --deployment-id ID] [--proof] [--receipts] …
// It exits 0 if all holds, 1 if something differs, and 2 if it could not check.
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { auditByChoices } from "./lib/audit/command.ts";
import type { AuditChoices } from "./lib/audit/options.ts";
import { EXIT_UNCHECKED, run } from "./lib/deployment/program.ts";

export default async function audit(choices: AuditChoices, hre: HardhatRuntimeEnvironment): Promise<void> {
  await run(hre, undefined, (connection) => auditByChoices(hre, connection, choices), {
    readsOnly: true,
    otherwise: EXIT_UNCHECKED,
  });
}
