// Writes a fund's journal down for auditors, as tables, JSON and double-entry journals:
//   npx hardhat fund export --network localhost [--format csv,json,hledger,beancount] [--out DIR]
//     [--council ADDRESS | --deployment-id ID] [--from BLOCK] [--block BLOCK]
// It exits 1 if what the events add up to is not what the fund says, and 2 if nothing could be written.
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { Connection } from "./lib/deployment/chain.ts";
import { EXIT_DIFFERENT, run } from "./lib/deployment/program.ts";
import { exportFund } from "./lib/export/command.ts";
import type { ExportChoices } from "./lib/export/command.ts";
import { exportLines } from "./lib/export/export.ts";
import { Progress } from "./lib/progress.ts";

export default async function exportJournal(
  choices: ExportChoices & { network?: string },
  hre: HardhatRuntimeEnvironment,
): Promise<void> {
  const write = async (connection: Connection) => {
    const progress = new Progress("export");
    try {
      const exported = await exportFund(hre, connection, choices, progress.reached);
      progress.stop();
      console.log(exportLines(exported).join("\n"));
      return exported.differences.length === 0 ? 0 : EXIT_DIFFERENT;
    } finally {
      progress.stop();
    }
  };
  await run(hre, choices.network, write, { readsOnly: true });
}
