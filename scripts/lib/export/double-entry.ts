import type { LedgerEvent } from "../events/events.ts";
import { balancesOnChain } from "./accounts.ts";
import { commodityOf, dayOf, decimalText } from "./amounts.ts";
import { Bookkeeper } from "./bookkeeper.ts";
import type { Movement } from "./bookkeeper.ts";
import type { ExportInfo, Exporter, FundState } from "./exporter.ts";
import { Output } from "./output.ts";

/** How a program writes what all double-entry journals say. */
export interface Dialect {
  file: string;
  head(info: ExportInfo, commodity: string): string;
  /** An account is used from this day on. */
  open(account: string, day: string): string;
  movement(movement: Movement, day: string, amountOf: (units: bigint) => string): string;
  /** The balances at the end of a day of all accounts that it changed. */
  endOfDay(time: number, balances: ReadonlyMap<string, bigint>, amountOf: (units: bigint) => string): string;
  /** The balances at the last block: the fund's own views where it has one, else those of the journal. */
  closing(state: FundState, balances: ReadonlyMap<string, bigint>, amountOf: (units: bigint) => string): string;
}

/** Writes a journal in double entry, with assertions that hold only if not a base unit of it is altered. */
export class DoubleEntry implements Exporter {
  readonly #output: Output;
  readonly #dialect: Dialect;
  readonly #books = new Bookkeeper();
  readonly #open = new Set<string>();
  /** What the last day has changed. */
  readonly #changed = new Map<string, bigint>();
  #time = 0;
  #amountOf: (units: bigint) => string = String;

  constructor(path: string, dialect: Dialect) {
    this.#dialect = dialect;
    this.#output = new Output(path);
  }

  begin(info: ExportInfo): void {
    const { symbol, decimals } = info.token;
    const commodity = commodityOf(symbol);
    this.#amountOf = (units) => `${decimalText(units, decimals)} ${commodity}`;
    this.#output.write(this.#dialect.head(info, commodity));
  }

  event(event: LedgerEvent): void {
    const movement = this.#books.take(event);
    if (movement === undefined || movement.postings.length === 0) return;
    const { time } = movement.place;
    const day = dayOf(time);
    if (day !== dayOf(this.#time)) this.#endDay();
    this.#time = time;
    for (const { account, balance } of movement.postings) {
      this.#use(account, day);
      this.#changed.set(account, balance);
    }
    this.#output.write(this.#dialect.movement(movement, day, this.#amountOf));
  }

  end(state: FundState): void {
    this.#books.finish();
    this.#endDay();
    const onChain = balancesOnChain(state);
    const balances = new Map(
      [...new Set([...this.#books.balances.keys(), ...onChain.keys()])]
        .sort()
        .map((account) => [account, onChain.get(account) ?? this.#books.balances.get(account) ?? 0n]),
    );
    for (const account of balances.keys()) this.#use(account, dayOf(state.time));
    this.#output.write(this.#dialect.closing(state, balances, this.#amountOf));
    this.#output.close();
  }

  #use(account: string, day: string): void {
    if (this.#open.has(account)) return;
    this.#open.add(account);
    this.#output.write(this.#dialect.open(account, day));
  }

  #endDay(): void {
    if (this.#changed.size > 0) this.#output.write(this.#dialect.endOfDay(this.#time, this.#changed, this.#amountOf));
    this.#changed.clear();
  }
}
