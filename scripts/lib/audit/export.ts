// Writing the journal down from the very events that were audited.
import { CrisisFund__factory, IERC20__factory } from "../../../typechain-types/index.ts";
import { messageOf } from "../deployment/chain.ts";
import type { Connection } from "../deployment/chain.ts";
import { CONTRACTS } from "../deployment/contracts.ts";
import type { LedgerEvent } from "../events/events.ts";
import { BrokenHistory } from "../export/bookkeeper.ts";
import { stateAt, tokenFacts } from "../export/command.ts";
import { Export, exportLines } from "../export/export.ts";
import type { Exported } from "../export/export.ts";
import type { Format } from "../export/formats.ts";
import { openFolder } from "../folders.ts";
import type { AuditOptions, AuditResult } from "./audit.ts";

/** Writes the same files as an export without an audit. A history that makes no sense is not written, which is told. */
export class AuditExport {
  readonly #connection: Connection;
  readonly #folder: string;
  readonly #formats: readonly Format[];
  #writing: Export | undefined;
  #exported: Exported | undefined;
  #broken: string | undefined;

  /** @throws InputError if the folder cannot be written into */
  constructor(connection: Connection, folder: string, formats: readonly Format[]) {
    this.#connection = connection;
    this.#folder = folder;
    this.#formats = formats;
    openFolder(folder);
  }

  /** What was written; undefined if nothing was. */
  get exported(): Exported | undefined {
    return this.#exported;
  }

  /** Whether nothing was written, or what does not add up to what the fund says. */
  get differs(): boolean {
    return this.#exported === undefined || this.#exported.differences.length > 0;
  }

  get lines(): string[] {
    if (this.#exported !== undefined) return exportLines(this.#exported);
    return [`nothing was written: ${this.#broken ?? "the audit was not finished"}`];
  }

  /** What makes an audit hand its events on to this. */
  get options(): Pick<AuditOptions, "begin" | "listeners" | "finish"> {
    return {
      begin: this.#begin.bind(this),
      listeners: [this.#event.bind(this)],
      finish: this.#finish.bind(this),
    };
  }

  /** Leaves nothing half done behind. */
  close(): void {
    this.#writing?.abandon();
    this.#writing = undefined;
  }

  async #begin({ chainId, contracts: addresses, firstBlock, block }: AuditResult): Promise<void> {
    const contracts = Object.fromEntries(CONTRACTS.map((name) => [name, addresses[name]]));
    const token = { address: addresses.token, ...(await tokenFacts(this.#connection, addresses.token)) };
    const info = { chainId, contracts, token, fromBlock: firstBlock, toBlock: block };
    this.#writing = new Export(this.#folder, this.#formats, info);
  }

  #event(event: LedgerEvent): void {
    // The journal tells of what concerns the fund.
    if (event.by === "token") return;
    this.#sensibly(() => this.#writing?.event(event));
  }

  async #finish({ contracts, block, time }: AuditResult): Promise<void> {
    const writing = this.#writing;
    if (writing === undefined) return;
    const { provider } = this.#connection.ethers;
    const fund = CrisisFund__factory.connect(contracts.fund, provider);
    const token = IERC20__factory.connect(contracts.token, provider);
    const state = await stateAt({ fund, token }, { block, time }, writing);
    this.#sensibly(() => {
      this.#exported = writing.end(state);
      this.#writing = undefined;
    });
  }

  #sensibly(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof BrokenHistory)) throw error;
      this.#broken = messageOf(error);
      this.close();
    }
  }
}
