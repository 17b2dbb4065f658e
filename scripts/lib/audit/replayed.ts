import type { Ledger } from "../replay/ledger.ts";
import { auditChain } from "./audit.ts";
import type { AuditOptions, AuditResult } from "./audit.ts";
import type { Provider } from "../node/node.ts";
import { Progress } from "../progress.ts";

/** A replay whose chain is still there. */
export type Replayed = Pick<Ledger, "council" | "market" | "measures" | "distributor"> & {
  connection: { provider: Provider };
};

/** Audits the chain of a finished replay by its contracts' addresses alone. */
export async function auditReplay(ledger: Replayed, options: AuditOptions): Promise<AuditResult> {
  const { council, market, measures, distributor } = ledger;
  const target = {
    council: await council.getAddress(),
    market: await market.getAddress(),
    measures: await measures.getAddress(),
    distributor: await distributor.getAddress(),
  };
  const progress = new Progress("audit");
  try {
    return await auditChain(ledger.connection.provider, target, {
      ...options,
      progress: progress.reached,
    });
  } finally {
    progress.stop();
  }
}
