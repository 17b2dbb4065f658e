import type { LedgerEvent } from "../events/events.ts";
import type { ExportInfo, Exporter, FundState } from "./exporter.ts";
import { Output } from "./output.ts";

/** Every event as it was read, and the fund's views at the end. `fund.schema.json` describes it. */
export class JsonDocument implements Exporter {
  readonly #output: Output;
  #first = true;

  constructor(path: string) {
    this.#output = new Output(path);
  }

  begin({ chainId, contracts, token, fromBlock, toBlock }: ExportInfo): void {
    const format = "crisis-insurance-fund/1";
    const head = { format, chainId: chainId.toString(), contracts, token, fromBlock, toBlock };
    this.#output.write(`${JSON.stringify(head).slice(0, -1)},\n"events":[\n`);
  }

  event({ block, index, transaction, time, by, name, args }: LedgerEvent): void {
    const event = { block, index, transaction, time, by, name, args };
    this.#output.write(`${this.#first ? "" : ",\n"}${text(event)}`);
    this.#first = false;
  }

  end(state: FundState): void {
    this.#output.write(`\n],\n"closing":${text(state)}}\n`);
    this.#output.close();
  }
}

/** JSON with every bigint as a string of its decimal digits. */
function text(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? inner.toString() : inner));
}
